// Closed loops: each worker calls, waits for the answer, and calls again; and what was measured.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "gusu/status.h"

namespace gusu::cli {

// Durations in microseconds, in buckets of 3 % width: constant in memory, mergeable.
class LatencyHistogram {
 public:
  void Add(uint64_t microseconds);
  void Merge(const LatencyHistogram& other);
  uint64_t count() const { return count_; }
  // The duration that `fraction` (0 to 1) of all did not exceed, to 3 %; 0 without any.
  uint64_t Percentile(double fraction) const;

 private:
  static constexpr size_t kBuckets = 60 * 32;
  static size_t BucketOf(uint64_t microseconds);
  static uint64_t UpperBoundOf(size_t bucket);

  std::array<uint64_t, kBuckets> buckets_{};
  uint64_t count_ = 0;
};

// When to stop: whichever comes first, or 100 errors.
class Budget {
 public:
  using Clock = std::chrono::steady_clock;

  Budget(double seconds, uint64_t count);
  // Takes `count` rows; false when the run is over.
  bool Take(uint64_t count);
  void CountError() { errors_count_.fetch_add(1, std::memory_order_relaxed); }

 private:
  const Clock::time_point end_;
  std::atomic<int64_t> left_;
  std::atomic<uint64_t> errors_count_{0};
};

struct Measured {
  LatencyHistogram latency;
  uint64_t rows_count = 0;  // answered well
  uint64_t errors_count = 0;
  uint64_t lost_count = 0;  // datagrams that no answer came to in time, and that were sent again
  Status first_error;
  double seconds = 0;

  double rows_per_second() const {
    return seconds > 0 ? static_cast<double>(rows_count) / seconds : 0;
  }
};

// How many codes apart workers begin, so that they ask for different ones.
inline constexpr size_t kWorkerStep = 7919;

// The server could not be reached, with the system's word for why.
Status UnreachableStatus(const std::string& server, std::string_view why);

void AddError(const Status& status, Budget* budget, Measured* measured);
// One row, answered well or not.
void AddOutcome(const Status& status, uint64_t microseconds, Budget* budget, Measured* measured);

uint64_t MicrosecondsSince(Budget::Clock::time_point begin);

// When rows were handed to a stream, oldest first; answers come in the same order. From any thread.
class SendTimes {
 public:
  void Push();
  uint64_t PopMicroseconds();

 private:
  std::mutex mutex_;
  std::deque<Budget::Clock::time_point> times_;  // at most the stream's window and a row
};

// Runs `work` on so many threads at once and adds up what they measured. `work` gets the number of
// its thread and stops when the budget does.
Measured RunWorkers(size_t workers, const std::function<Measured(size_t worker)>& work);

// The loop of one worker: each call handles `rows` rows.
Measured RunCalls(Budget* budget, uint64_t rows, const std::function<Status()>& call);

}  // namespace gusu::cli
