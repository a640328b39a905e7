// A stream as events, so that a single thread can drive it without ever blocking in it. What it
// hides is gRPC.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "gusu/status.h"

namespace gusu {

// Wakes the thread that drives a stream.
class Signal {
 public:
  void Notify() {
    // Under the lock, so that the signal may be destroyed as soon as the driver has seen it.
    std::lock_guard<std::mutex> lock(mutex_);
    notified_ = true;
    changed_.notify_one();
  }
  // Returns at once when there was a Notify since the last Wait.
  void WaitUntil(std::chrono::steady_clock::time_point time) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_until(lock, time, [this] { return notified_; });
    notified_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool notified_ = false;  // guarded by mutex_
};

// What became of one try.
struct Tried {
  Status status;
  // The request may have been carried out although the status is not OK.
  bool may_have_happened = false;
};

// Each completion is told once through TakeEvents, after a Notify of the signal that the wire was
// opened with. At most one write and one read may be under way.
template <typename Response>
class ReadWire {
 public:
  struct Events {
    // Of the write and of the read under way: true when it succeeded.
    std::optional<bool> written;
    std::optional<bool> read;
    // The stream has ended, and why; OK when the server ended it in good order. Nothing follows.
    std::optional<Tried> closed;
  };

  // Ends the stream if it has not ended; waits until nothing of it runs.
  virtual ~ReadWire() = default;
  // `response` stays the wire's until the event.
  virtual void StartRead(Response* response) = 0;
  // Ends the stream early; what is under way fails.
  virtual void Cancel() = 0;
  // Nothing will be started any more. Needed before the stream can be told as closed.
  virtual void Release() = 0;
  virtual Events TakeEvents() = 0;
};

template <typename Request, typename Response>
class Wire : public ReadWire<Response> {
 public:
  using Events = typename ReadWire<Response>::Events;

  // `request` stays the wire's until the event.
  virtual void StartWrite(const Request* request) = 0;
  virtual void StartWritesDone() = 0;
};

}  // namespace gusu
