#include "client/connection/retry.h"

#include <algorithm>

namespace gusu {

bool IsRetryable(const Status& status) {
  if (status.code == StatusCode::kUnavailable) return true;
  // A server that stops cancels the calls that it did not take any more; nobody else does.
  if (status.code == StatusCode::kCancelled && status.reason.empty()) return true;
  return status.code == StatusCode::kResourceExhausted &&
         (status.reason == "WRITE_QUEUE_FULL" || status.reason == "RATE_LIMITED");
}

Backoff::Backoff(const RetryOptions& options, uint64_t seed)
    : initial_ms_(std::max(0.0, static_cast<double>(options.backoff_initial.count()))),
      max_ms_(std::max(0.0, static_cast<double>(options.backoff_max.count()))),
      factor_(std::max(1.0, options.backoff_factor)),
      bound_ms_(initial_ms_),
      random_(seed) {}

std::chrono::milliseconds Backoff::Next() {
  const double bound_ms = std::min(bound_ms_, max_ms_);
  bound_ms_ = std::min(bound_ms_ * factor_, max_ms_);
  const double wait_ms = std::uniform_real_distribution<double>(0.0, bound_ms)(random_);
  return std::chrono::milliseconds(static_cast<int64_t>(wait_ms));
}

}  // namespace gusu
