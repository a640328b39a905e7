// How often callers without a credential may call, by the address that they call from.
//
// Each address (for IPv6: each /64) has a bucket (server/source_buckets.h). May be called from any
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/access.h"
#include "server/caller.h"
#include "server/source_buckets.h"

namespace gusu::server {

class RateLimiter {
 public:
  using Rate = SourceBuckets::Rate;
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
  static absl::Status Take(SourceBuckets& buckets, const SourceBuckets::Rate& rate,
                           const std::string& address, double cost);

  const Options options_;
  SourceBuckets applications_;
  SourceBuckets resolutions_;
};

}  // namespace gusu::server
