#include "client/connection/watch_entries.h"

#include <thread>

#include "client/connection/convert.h"
#include "client/connection/retry.h"

namespace gusu {
namespace {

using Clock = std::chrono::steady_clock;

Status Unreachable(std::string message) {
  return {StatusCode::kUnavailable, std::move(message), std::string(kReasonServerUnreachable), {}};
}

class Watch {
 public:
  Watch(Stub& stub, const WatchEntriesRequest& request,
        const std::function<bool(WatchEvent)>& on_event, const RetryOptions& retry,
        std::chrono::milliseconds silence_max)
      : stub_(stub),
        request_(ToProto(request)),
        on_event_(on_event),
        policy_(retry),
        backoff_(retry),
        silence_max_(silence_max) {}

  Status Run() {
    for (;;) {
      Status ended = RunStream();
      if (stopped_) return {};
      const auto pause = backoff_.Next();
      if (!policy_.ShouldRetry(ended) || Clock::now() + pause >= last_message_ + silence_max_) {
        return ended;
      }
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  // Why the stream ended; not OK unless it was stopped.
  Status RunStream() {
    Signal signal;
    v1::WatchEntriesResponse response;  // outlives the wire, which reads into it
    const auto wire = stub_.OpenWatchWire(request_, &signal);
    bool reading = false, ending = false;
    for (;;) {
      const Stub::WatchWire::Events events = wire->TakeEvents();
      if (events.read) {
        reading = false;
        if (!*events.read) {
          ending = true;  // the reason comes with the end
          wire->Release();
        } else if (Status fault = Take(response); !fault.ok() || stopped_) {
          return fault;
        }
      }
      if (events.closed) {
        if (!events.closed->status.ok()) return events.closed->status;
        return Unreachable("the server ended the stream");
      }
      if (!ending && !reading) {
        reading = true;
        wire->StartRead(&response);
        continue;
      }
      if (Clock::now() >= last_message_ + silence_max_) {
        return Unreachable("the server has not sent anything for " +
                           std::to_string(silence_max_.count()) + " ms");
      }
      signal.WaitUntil(last_message_ + silence_max_);
    }
  }

  Status Take(const v1::WatchEntriesResponse& response) {
    uint64_t next = request_.start_leaf_index();
    for (const v1::LogEntry& entry : response.entries()) {
      if (entry.leaf_index() != next++) {
        return {StatusCode::kInternal,
                "the server's entries are not in order",
                "",
                {{"leaf_index", std::to_string(entry.leaf_index())}}};
      }
    }
    request_.set_start_leaf_index(next);
    backoff_.Reset();
    stopped_ = !on_event_(FromProto(response));
    // Only time spent waiting counts as silence, not what the caller takes.
    last_message_ = Clock::now();
    return {};
  }

  Stub& stub_;
  v1::WatchEntriesRequest request_;  // begins behind what was told
  const std::function<bool(WatchEvent)>& on_event_;
  const RetryPolicy policy_;
  Backoff backoff_;
  const std::chrono::milliseconds silence_max_;
  Clock::time_point last_message_ = Clock::now();
  bool stopped_ = false;
};

}  // namespace

Status StreamWatchEntries(Stub& stub, const WatchEntriesRequest& request,
                          const std::function<bool(WatchEvent)>& on_event,
                          const RetryOptions& retry, std::chrono::milliseconds silence_max) {
  return Watch(stub, request, on_event, retry, silence_max).Run();
}

}  // namespace gusu
