// Three small policies of trying again: which errors, how long to wait, and until when.
#pragma once

#include <chrono>
#include <random>

#include "gusu/options.h"

namespace gusu {

// Which errors are worth another try.
class RetryPolicy {
 public:
  explicit RetryPolicy(const RetryOptions& options) : is_retryable_(options.is_retryable) {}
  bool ShouldRetry(const Status& status) const {
    return is_retryable_ ? is_retryable_(status) : IsRetryable(status);
  }

 private:
  std::function<bool(const Status&)> is_retryable_;
};

// How long to wait before the next try: a random time of 0 up to a bound that grows with each try.
class Backoff {
 public:
  explicit Backoff(const RetryOptions& options, uint64_t seed = std::random_device()());
  std::chrono::milliseconds Next();
  // After a success: the bound starts anew.
  void Reset() { bound_ms_ = initial_ms_; }

 private:
  double initial_ms_;
  double max_ms_;
  double factor_;
  double bound_ms_;
  std::mt19937_64 random_;
};

// Until when, and how often at most.
class TryLimit {
 public:
  using Clock = std::chrono::steady_clock;
  TryLimit(Clock::time_point deadline, int attempts_max)
      : deadline_(deadline), attempts_max_(attempts_max) {}
  // Whether another try may follow after a pause. Counts it.
  bool MayTryAgain(std::chrono::milliseconds pause) {
    return ++attempts_ < attempts_max_ && Clock::now() + pause < deadline_;
  }
  int attempts() const { return attempts_; }
  Clock::time_point deadline() const { return deadline_; }

 private:
  Clock::time_point deadline_;
  int attempts_max_;
  int attempts_ = 0;
};

}  // namespace gusu
