// Carries messages over a bidirectional stream, one answer to each message in order, and makes a
// new stream when one breaks.
//
// Pump runs on the calling thread, which alone touches the source. Memory: one message being
// written, one answer being read; what is in flight is kept by the source.
#pragma once

#include <functional>
#include <memory>

#include "client/connection/retry.h"
#include "client/connection/wire.h"

namespace gusu {

// Where messages come from and answers go to.
template <typename Request, typename Response>
class MessageSource {
 public:
  using Clock = std::chrono::steady_clock;
  virtual ~MessageSource() = default;
  // Whether there is a message to send at this moment.
  virtual bool HasMessage() = 0;
  // Fills the next message, which is then in flight. Called after HasMessage.
  virtual void TakeMessage(Request* message) = 0;
  // The answer of the message that is the longest in flight. False when it cannot be one.
  virtual bool Answered(const Response& response) = 0;
  // The stream is broken: what is in flight has to be sent again on the next one, and may or may
  // not have been carried out.
  virtual void Broken(bool may_have_happened) = 0;
  // Nothing is left to send, and nothing will follow.
  virtual bool Done() = 0;
  // To be given up, without waiting for answers.
  virtual bool Abandoned() { return false; }
  // When HasMessage may change without a Notify.
  virtual Clock::time_point NextLook() { return Clock::time_point::max(); }
};

template <typename Request, typename Response>
class Pump {
 public:
  using Clock = std::chrono::steady_clock;
  using Source = MessageSource<Request, Response>;
  using Stream = Wire<Request, Response>;
  using Open = std::function<std::unique_ptr<Stream>(Signal*)>;

  struct Limits {
    size_t messages_in_flight_max = 4;
    // Without an answer while something is in flight or to be sent.
    std::chrono::milliseconds silence_max{30000};
  };

  Pump(Open open, Source* source, Signal* signal, const RetryOptions& retry, Limits limits)
      : open_(std::move(open)),
        source_(source),
        signal_(signal),
        policy_(retry),
        backoff_(retry),
        limits_(limits) {}

  // OK when the source is done or abandoned; otherwise why the pump gave up.
  Status Run() {
    while (WaitForMessage()) {
      Ended ended = RunStream();
      if (in_flight_ == 0 && (sent_on_stream_ || source_->Done())) {
        last_answer_ = Clock::now();  // an idle stream ended, which costs nothing
        continue;
      }
      if (ended.tried.status.ok()) ended.tried = EndedEarly();
      source_->Broken(ended.tried.may_have_happened || answered_on_stream_);
      in_flight_ = 0;
      if (source_->Abandoned()) return {};
      const auto pause = backoff_.Next();
      if (ended.timed_out || !policy_.ShouldRetry(ended.tried.status) ||
          Clock::now() + pause >= last_answer_ + limits_.silence_max) {
        return ended.tried.status;
      }
      Pause(pause);
    }
    return {};
  }

 private:
  struct Ended {
    Tried tried;
    bool timed_out = false;
  };

  // False when there is nothing more to do. Silence counts from the end of the wait.
  bool WaitForMessage() {
    while (!source_->HasMessage()) {
      if (source_->Done() || source_->Abandoned()) return false;
      signal_->WaitUntil(source_->NextLook());
      last_answer_ = Clock::now();
    }
    return !source_->Abandoned();
  }

  void Pause(std::chrono::milliseconds pause) {
    const auto until = Clock::now() + pause;
    while (Clock::now() < until && !source_->Abandoned()) signal_->WaitUntil(until);
  }

  // Sends and receives until the stream has ended.
  Ended RunStream() {
    Request request;
    Response response;
    std::unique_ptr<Stream> stream =
        open_(signal_);  // ends before what it writes from and reads into
    bool writing = false, write_failed = false, reading = false;
    bool ending = false;  // nothing is started any more
    bool timed_out = false;
    answered_on_stream_ = sent_on_stream_ = false;
    const auto end = [&] {
      ending = true;
      stream->Release();
    };
    for (;;) {
      const auto woken = Clock::now();
      const typename Stream::Events events = stream->TakeEvents();
      if (events.written) {
        writing = false;
        write_failed = write_failed || !*events.written;  // the reason comes with the end
      }
      if (events.read) {
        reading = false;
        if (!*events.read) {
          end();
        } else if (!TakeAnswer(response)) {
          return {{{StatusCode::kInternal, "the server's answer does not fit the question", "", {}},
                   true}};
        }
      }
      if (events.closed) return timed_out ? Silence() : Ended{*events.closed};

      if (!ending && !writing && !write_failed && in_flight_ < limits_.messages_in_flight_max &&
          source_->HasMessage()) {
        request.Clear();
        source_->TakeMessage(&request);
        if (in_flight_++ == 0 && answered_on_stream_) last_answer_ = Clock::now();
        sent_on_stream_ = writing = true;
        stream->StartWrite(&request);
      }
      if (!ending && !reading) {
        reading = true;
        stream->StartRead(&response);
      }
      if (!ending && in_flight_ == 0 && !writing && source_->Done()) {
        stream->StartWritesDone();
        end();
      }
      // Only time spent waiting counts as silence, not what the source takes.
      last_answer_ += Clock::now() - woken;
      const bool silent = in_flight_ > 0 && Clock::now() >= last_answer_ + limits_.silence_max;
      if (!timed_out && (silent || source_->Abandoned())) {
        timed_out = true;
        stream->Cancel();
        end();
      }
      signal_->WaitUntil(NextLook(timed_out));
    }
  }

  bool TakeAnswer(const Response& response) {
    if (in_flight_ == 0 || !source_->Answered(response)) return false;
    --in_flight_;
    answered_on_stream_ = true;
    last_answer_ = Clock::now();
    backoff_.Reset();
    return true;
  }

  Clock::time_point NextLook(bool timed_out) {
    if (timed_out) return Clock::time_point::max();
    if (in_flight_ == 0) return source_->NextLook();
    return std::min(source_->NextLook(), last_answer_ + limits_.silence_max);
  }

  static Tried EndedEarly() {
    return {{StatusCode::kUnavailable,
             "the server ended the stream",
             std::string(kReasonServerUnreachable),
             {}},
            true};
  }

  Ended Silence() const {
    return {
        {{StatusCode::kUnavailable,
          "the server has not answered for " + std::to_string(limits_.silence_max.count()) + " ms",
          std::string(kReasonServerUnreachable),
          {}},
         true},
        true};
  }

  const Open open_;
  Source* const source_;
  Signal* const signal_;
  const RetryPolicy policy_;
  Backoff backoff_;
  const Limits limits_;
  size_t in_flight_ = 0;
  Clock::time_point last_answer_ = Clock::now();
  bool sent_on_stream_ = false;
  bool answered_on_stream_ = false;
};

}  // namespace gusu
