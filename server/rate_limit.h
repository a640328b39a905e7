// How often callers without a credential may call, by the address that they call from.
//
// A token bucket for each address (for IPv6: each /64): it holds up to `burst` and gains
// `per_second`. May be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/access.h"
#include "server/caller.h"

namespace gusu::server {

class RateLimiter {
 public:
  struct Rate {
    double per_second;
    double burst;
  };
  struct Options {
    Rate applications = {1, 100};
    // Of identifiers, and of reads of the audit log.
    Rate resolutions = {2'000, 20'000};
    // Whoever is on the server's own machine loads it at will, and cannot fill the log by mistake.
    Rate loopback_applications = {200, 2'000};
    Rate loopback_resolutions = {1'000'000, 1'000'000};
    // Beyond them the address that called longest ago is forgotten.
    size_t addresses_max = 65'536;
    std::function<absl::Time()> clock = absl::Now;
  };

  RateLimiter() : RateLimiter(Options()) {}
  explicit RateLimiter(Options options);

  // Takes `cost` from the bucket of a caller without a credential: 1 for an application, the number
  // of identifiers for a resolution, 1 for a read of the audit log and more for a long page; other
  // calls are free. kResourceExhausted / RATE_LIMITED, with
  // `retry_after_ms`, when the bucket has less; it is full again at some time, so a cost above the
  // burst counts as the burst.
  absl::Status Admit(Method method, const Caller& caller, size_t cost = 1);

 private:
  struct Bucket {
    std::string address;
    double tokens;
    absl::Time filled;
  };
  using Buckets = std::list<Bucket>;  // the address that called last comes first
  struct Table {
    Buckets buckets;
    std::unordered_map<std::string, Buckets::iterator> by_address;
  };

  absl::Status Take(Table& table, const Rate& rate, const std::string& address, double cost);
  Bucket& BucketOf(Table& table, const Rate& rate, const std::string& address, absl::Time now);

  const Options options_;
  std::mutex mutex_;  // guards what follows
  Table applications_;
  Table resolutions_;
};

// The part of a numeric address that one caller can be expected to have: an IPv4 address (also one
// mapped to IPv6), the first 64 bits of an IPv6 address, any other text as it is.
std::string AddressGroup(std::string_view peer);

}  // namespace gusu::server
