#include "server/rate_limit.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr std::string_view kMappedIpv4 = "::ffff:";
constexpr size_t kGroupsOfIpv6 = 8;
constexpr size_t kGroupsKept = 4;

bool IsLoopback(std::string_view group) {
  return group.substr(0, 4) == "127." || group == "::1" || group.substr(0, 5) == "unix:";
}

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

RateLimiter::RateLimiter(Options options) : options_(std::move(options)) {}

absl::Status RateLimiter::Admit(Method method, const Caller& caller, size_t cost) {
  if (caller.role != Role::kAnonymous) return absl::OkStatus();
  const std::string address = AddressGroup(caller.peer);
  const bool loopback = IsLoopback(address);
  const auto units = static_cast<double>(cost);
  switch (method) {
    case Method::kApplyRegistrant:
      return Take(applications_, loopback ? options_.loopback_applications : options_.applications,
                  address, units);
    case Method::kResolve:
    case Method::kBatchResolve:
    case Method::kStreamResolve:
    case Method::kGetCheckpoint:
    case Method::kListEntries:
    case Method::kGetInclusionProof:
    case Method::kGetConsistencyProof:
    case Method::kGetTile:
    case Method::kWatchEntries:
      return Take(resolutions_, loopback ? options_.loopback_resolutions : options_.resolutions,
                  address, units);
    default:
      return absl::OkStatus();
  }
}

absl::Status RateLimiter::Take(Table& table, const Rate& rate, const std::string& address,
                               double cost) {
  cost = std::min(cost, rate.burst);
  double missing = 0;
  {
    std::lock_guard lock(mutex_);
    Bucket& bucket = BucketOf(table, rate, address, options_.clock());
    missing = cost - bucket.tokens;
    if (missing <= 0) bucket.tokens -= cost;
  }
  if (missing <= 0) return absl::OkStatus();
  const auto retry_after_ms = static_cast<int64_t>(std::ceil(missing / rate.per_second * 1000));
  return Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
               Concat("too many calls without a credential from ", address, "; wait ",
                      retry_after_ms, " ms"),
               {{"address", address}, {"retry_after_ms", std::to_string(retry_after_ms)}});
}

// The address's bucket, filled up to now, and first in the list.
RateLimiter::Bucket& RateLimiter::BucketOf(Table& table, const Rate& rate,
                                           const std::string& address, absl::Time now) {
  const auto found = table.by_address.find(address);
  if (found == table.by_address.end()) {
    if (table.buckets.size() >= options_.addresses_max) {
      table.by_address.erase(table.buckets.back().address);
      table.buckets.pop_back();
    }
    table.buckets.push_front({address, rate.burst, now});
    table.by_address.emplace(address, table.buckets.begin());
    return table.buckets.front();
  }
  table.buckets.splice(table.buckets.begin(), table.buckets, found->second);
  Bucket& bucket = table.buckets.front();
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.tokens = std::min(rate.burst, bucket.tokens + seconds * rate.per_second);
  bucket.filled = now;
  return bucket;
}

}  // namespace gusu::server
