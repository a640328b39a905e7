// A bucket of tokens for each source: the one table behind every limit by address.
//
// A bucket begins full, gains `per_second`, and holds at most `burst`. May be called from any
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace gusu::server {

class SourceBuckets {
 public:
  struct Rate {
    double per_second;
    double burst;
  };
  struct Options {
    // Beyond them the source that took longest ago is forgotten.
    size_t sources_max = 65'536;
    std::function<absl::Time()> clock = absl::Now;
  };

  explicit SourceBuckets(Options options) : options_(std::move(options)) {}

  // Takes `cost`, of which what is above the burst does not count; or nothing, when the bucket has
  // less: then the time until it will have enough. Zero: it was taken.
  absl::Duration Take(const std::string& source, const Rate& rate, double cost);

  // Whether `cost` is there, taking nothing. Does not remember the source.
  bool Has(const std::string& source, const Rate& rate, double cost) const;
  // Takes `cost` whatever is there: the bucket may owe, and fills up from below nothing.
  void Charge(const std::string& source, const Rate& rate, double cost);

 private:
  struct Bucket {
    std::string source;
    double tokens;
    absl::Time filled;
  };
  using Buckets = std::list<Bucket>;  // the source that took last comes first

  double TokensAt(const Bucket& bucket, const Rate& rate, absl::Time now) const;
  Bucket& BucketOf(const std::string& source, const Rate& rate);

  const Options options_;
  mutable std::mutex mutex_;  // guards what follows
  Buckets buckets_;
  std::unordered_map<std::string, Buckets::iterator> by_source_;
};

// The part of a numeric address that one caller can be expected to have: an IPv4 address (also one
// mapped to IPv6), the first 64 bits of an IPv6 address, any other text as it is.
std::string AddressGroup(std::string_view peer);

}  // namespace gusu::server
