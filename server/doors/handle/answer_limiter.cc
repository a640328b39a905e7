#include "server/doors/handle/answer_limiter.h"

#include <algorithm>
#include <utility>

#include "server/net/address.h"
#include "server/rate_limit.h"

namespace gusu::server {

AnswerLimiter::AnswerLimiter(Options options) : options_(std::move(options)) {}

bool AnswerLimiter::Admit(std::string_view address, size_t request_bytes, size_t answer_bytes) {
  const size_t free_bytes = options_.free_factor * request_bytes;
  if (answer_bytes <= free_bytes || IsLoopbackAddress(address)) return true;
  const double cost =
      std::min(static_cast<double>(answer_bytes - free_bytes), options_.bytes_burst);
  const std::string source = AddressGroup(address);
  const std::lock_guard lock(mutex_);
  Bucket& bucket = BucketOf(source, options_.clock());
  if (bucket.bytes < cost) return false;
  bucket.bytes -= cost;
  return true;
}

// The source's bucket, filled up to now, and first in the list.
AnswerLimiter::Bucket& AnswerLimiter::BucketOf(const std::string& source, absl::Time now) {
  const auto found = by_source_.find(source);
  if (found == by_source_.end()) {
    if (buckets_.size() >= options_.sources_max) {
      by_source_.erase(buckets_.back().source);
      buckets_.pop_back();
    }
    buckets_.push_front({source, options_.bytes_burst, now});
    by_source_.emplace(source, buckets_.begin());
    return buckets_.front();
  }
  buckets_.splice(buckets_.begin(), buckets_, found->second);
  Bucket& bucket = buckets_.front();
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.bytes = std::min(options_.bytes_burst, bucket.bytes + seconds * options_.bytes_per_second);
  bucket.filled = now;
  return bucket;
}

}  // namespace gusu::server
