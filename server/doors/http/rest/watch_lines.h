// A watch of the audit log as lines of JSON: messages as there is something to tell, and one every
// 10 seconds otherwise.
//
// One message is in work at a time, and the next is made when the peer has taken the one before. A
// watch that ends, ends with {"error": google.rpc.Status} as its last line. It keeps itself until
// then; that its peer is gone it learns from the next message, which nobody takes.
#pragma once

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "server/doors/http/core.h"
#include "server/doors/stream_set.h"

namespace gusu::v1 {
class WatchEntriesRequest;
}  // namespace gusu::v1

namespace gusu::server {

class Audit;
class WatchLines;

// Wakes watches: each publication of a checkpoint all of them, and each one when it has been silent
// for long. A thread of its own, since who publishes must not wait for what a watch reads.
class WatchClock {
 public:
  static constexpr absl::Duration kIdleInterval = absl::Seconds(10);
  static constexpr absl::Duration kTick = absl::Seconds(1);

  // `audit` is not owned and outlives the clock.
  explicit WatchClock(const Audit* audit);
  ~WatchClock();

  void Add(std::weak_ptr<WatchLines> watch);

 private:
  void Run();
  std::list<std::shared_ptr<WatchLines>> Living();  // needs the mutex

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  bool stopping_ = false;
  bool published_ = false;
  std::list<std::weak_ptr<WatchLines>> watches_;  // at most as many as there may be streams
  std::thread thread_;
  std::shared_ptr<void> listening_;
};

class WatchLines final : public OpenStream, public std::enable_shared_from_this<WatchLines> {
 public:
  // Answers the call: at once with an error, or line by line. `clock` outlives the watch's calls.
  static void Open(const HttpCore& core, std::unique_ptr<v1::WatchEntriesRequest> request,
                   const HttpCall& call, std::shared_ptr<StreamSet> streams, WatchClock* clock);

  WatchLines(const HttpCore& core, std::unique_ptr<v1::WatchEntriesRequest> request,
             const HttpCall& call, std::shared_ptr<StreamSet> streams);
  ~WatchLines() override;

  void Drain() override;
  // By the clock.
  void Wake(bool published, absl::Time now);

 private:
  // Makes the next message, here or on the pool, when it is time for one.
  void Advance();
  void Work();
  // `line` has as many entries.
  void Send(std::string line, uint64_t entries);
  void End(const absl::Status& status);
  // By the response's `more`: called, or dropped.
  void Taken();
  void Finish();

  const HttpCore core_;
  const std::unique_ptr<const v1::WatchEntriesRequest> request_;
  const HttpCall call_;
  const std::shared_ptr<StreamSet> streams_;

  std::mutex mutex_;                  // guards what follows
  std::shared_ptr<WatchLines> self_;  // until finished
  uint64_t next_leaf_index_;
  absl::Time silent_since_ = absl::InfiniteFuture();
  bool due_ = true;       // there may be something to tell
  bool working_ = false;  // a message is being made
  bool wanted_ = true;    // the peer has taken all so far
  bool started_ = false;  // a part is out
  bool draining_ = false;
  bool finished_ = false;
};

}  // namespace gusu::server
