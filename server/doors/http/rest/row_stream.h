// A stream of requests in one body: JSON objects, one a line, each with one answer, in order, one a
// line, too. StreamRegister and StreamResolve.
//
// Lines are handed to the rules in order, as long as fewer than kMessagesMax of them, fewer than
// kRowsMax of their rows, and less than kAnswerBytesMax of answers are in work or wait to be taken;
// answers go out in parts as the peer takes them. A line that fails as a whole ends the stream:
// before the first answer with its status, later with {"error": google.rpc.Status} as the last
// line.
//
// One thread at a time takes the next step, whichever it is; the others leave it word. Shares of
// the stream are held by what is in work and by the response's `more`.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/doors/http/core.h"
#include "server/doors/http/rest/methods.h"
#include "server/doors/stream_set.h"

namespace gusu::server {

class RowStream : public OpenStream, public std::enable_shared_from_this<RowStream> {
 public:
  static constexpr size_t kMessagesMax = 64;
  static constexpr size_t kRowsMax = 2'000;
  static constexpr size_t kAnswerBytesMax = 4 << 20;
  // Where a part of the response ends; at least one line.
  static constexpr size_t kPartBytesMax = 256 * 1024;

  // Answers the call: at once with an error, or line by line. `method` is one of the two.
  static void Open(const HttpCore& core, Method method, const HttpCall& call,
                   std::shared_ptr<StreamSet> streams);

  // For those below; others call Open.
  RowStream(const HttpCore& core, Method method, const HttpCall& call,
            std::shared_ptr<StreamSet> streams);

  // Reads no more lines, answers what is in work, and ends.
  void Drain() override;

 protected:
  const DoorRules& rules() const { return core_.rules(); }

  // What a line is read into.
  virtual RestMessage MakeRequest() const = 0;
  virtual size_t RowsOf(const google::protobuf::Message& request) const = 0;
  virtual size_t CostOfRequest(const google::protobuf::Message& request) const = 0;
  // One line, in the stream's order and never two at once. `done` is called exactly once, on any
  // thread; the request lives until then.
  virtual void Process(google::protobuf::Message* request, const Caller& caller, RestDone done) = 0;

 private:
  struct Line {
    std::string_view text;
    size_t number = 0;  // in the body, from 1
  };
  struct Slot {
    Line line;
    RestMessage request;
    size_t rows = 0;
    std::optional<absl::StatusOr<std::string>> answer;  // a line
  };
  // What goes out next.
  struct Part {
    std::string answers;  // lines
    bool is_first = false;
    bool is_last = false;
    absl::Status error;  // of the last one
  };

  void Advance();
  // The next thing to do, done by whoever gets it; empty: nothing. Needs the mutex.
  std::function<void()> NextStep();
  // The next line that is not blank; nullopt: there is none. Needs the mutex.
  std::optional<Line> NextLine();
  Part TakePart();
  bool HasRoom() const;
  bool HasPart() const;

  void Work(const std::shared_ptr<Slot>& slot);
  absl::Status Begin(const std::shared_ptr<Slot>& slot);
  void TakeAnswer(Slot* slot, const absl::StatusOr<RestMessage>& answer);
  void Worked();
  void Send(Part part);
  // By the response's `more`: called, or dropped.
  void Taken();
  void Cancel();

  const HttpCore core_;
  const Method method_;
  const HttpCall call_;
  const std::shared_ptr<StreamSet> streams_;

  std::mutex mutex_;                         // guards what follows
  size_t position_ = 0;                      // in the body
  size_t line_number_ = 0;                   // of the line before it
  std::deque<std::shared_ptr<Slot>> slots_;  // lines in work, oldest first
  size_t rows_ = 0;                          // of the slots
  size_t answer_bytes_ = 0;                  // likewise
  bool advancing_ = false;
  bool working_ = false;   // a line is being handed to the rules
  bool wanted_ = true;     // the peer has taken all parts so far
  bool started_ = false;   // a part is out
  bool read_all_ = false;  // there are no more lines
  bool draining_ = false;
  bool failed_ = false;
  bool finished_ = false;
};

// {"error": google.rpc.Status} and a line's end: how a stream ends that began with OK.
std::string ErrorLine(std::string_view where, const absl::Status& status);

// The `more` of a response: calls `taken`, or `dropped` when it is destroyed uncalled.
std::function<void()> MakeMore(std::function<void()> taken, std::function<void()> dropped);

}  // namespace gusu::server
