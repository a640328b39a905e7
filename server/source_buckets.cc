#include "server/source_buckets.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace gusu::server {
namespace {

constexpr std::string_view kMappedIpv4 = "::ffff:";
constexpr size_t kGroupsOfIpv6 = 8;
constexpr size_t kGroupsKept = 4;

std::vector<std::string_view> GroupsOf(std::string_view text) {
  std::vector<std::string_view> groups;
  while (!text.empty()) {
    const size_t colon = text.find(':');
    groups.push_back(text.substr(0, colon));
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
  }
  return groups;
}

}  // namespace

absl::Duration SourceBuckets::Take(const std::string& source, const Rate& rate, double cost) {
  cost = std::min(cost, rate.burst);
  const std::lock_guard lock(mutex_);
  Bucket& bucket = BucketOf(source, rate);
  const double missing = cost - bucket.tokens;
  if (missing > 0) return absl::Seconds(missing / rate.per_second);
  bucket.tokens -= cost;
  return absl::ZeroDuration();
}

bool SourceBuckets::Has(const std::string& source, const Rate& rate, double cost) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_source_.find(source);
  if (found == by_source_.end()) return cost <= rate.burst;
  return TokensAt(*found->second, rate, options_.clock()) >= cost;
}

void SourceBuckets::Charge(const std::string& source, const Rate& rate, double cost) {
  const std::lock_guard lock(mutex_);
  BucketOf(source, rate).tokens -= cost;
}

double SourceBuckets::TokensAt(const Bucket& bucket, const Rate& rate, absl::Time now) const {
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  return std::min(rate.burst, bucket.tokens + seconds * rate.per_second);
}

// The source's bucket, filled up to now, and first in the list. Needs the mutex.
SourceBuckets::Bucket& SourceBuckets::BucketOf(const std::string& source, const Rate& rate) {
  const absl::Time now = options_.clock();
  const auto found = by_source_.find(source);
  if (found == by_source_.end()) {
    if (buckets_.size() >= options_.sources_max) {
      by_source_.erase(buckets_.back().source);
      buckets_.pop_back();
    }
    buckets_.push_front({source, rate.burst, now});
    by_source_.emplace(source, buckets_.begin());
    return buckets_.front();
  }
  buckets_.splice(buckets_.begin(), buckets_, found->second);
  Bucket& bucket = buckets_.front();
  bucket.tokens = TokensAt(bucket, rate, now);
  bucket.filled = now;
  return bucket;
}

std::string AddressGroup(std::string_view peer) {
  if (peer.substr(0, kMappedIpv4.size()) == kMappedIpv4 && peer.find('.') != std::string::npos) {
    return std::string(peer.substr(kMappedIpv4.size()));
  }
  if (peer == "::1" || std::count(peer.begin(), peer.end(), ':') < 2) return std::string(peer);
  const size_t gap = peer.find("::");
  std::vector<std::string_view> groups = GroupsOf(peer.substr(0, gap));
  if (gap != std::string_view::npos) {
    const std::vector<std::string_view> after = GroupsOf(peer.substr(gap + 2));
    while (groups.size() + after.size() < kGroupsOfIpv6) groups.emplace_back("0");
    groups.insert(groups.end(), after.begin(), after.end());
  }
  std::string group;
  for (size_t i = 0; i < std::min(groups.size(), kGroupsKept); ++i) {
    group += groups[i];
    group += ':';
  }
  return group += ":/64";
}

}  // namespace gusu::server
