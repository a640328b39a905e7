#include "server/doors/handle/attempt_limiter.h"

#include <algorithm>

namespace gusu::server {

bool AttemptLimiter::HasLeft(const std::string& source) {
  const std::lock_guard lock(mutex_);
  const auto found = by_source_.find(source);
  if (found == by_source_.end()) return true;
  Fill(*found->second);
  return found->second->attempts >= 1;
}

void AttemptLimiter::Count(const std::string& source) {
  const std::lock_guard lock(mutex_);
  const auto found = by_source_.find(source);
  if (found != by_source_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  } else {
    if (buckets_.size() >= options_.sources_max) {
      by_source_.erase(buckets_.back().source);
      buckets_.pop_back();
    }
    buckets_.push_front({source, options_.attempts_burst, options_.clock()});
    by_source_.emplace(source, buckets_.begin());
  }
  Fill(buckets_.front());
  buckets_.front().attempts -= 1;
}

void AttemptLimiter::Fill(Bucket& bucket) const {
  const absl::Time now = options_.clock();
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.attempts =
      std::min(options_.attempts_burst, bucket.attempts + seconds * options_.attempts_per_second);
  bucket.filled = now;
}

}  // namespace gusu::server
