// How often a source may try what others must not be able to try at will: each has a bucket of
// attempts that fills up again. May be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace gusu::server {

class AttemptLimiter {
 public:
  struct Options {
    double attempts_burst;
    double attempts_per_second;
    // Beyond them the source that tried longest ago is forgotten.
    size_t sources_max = 65'536;
    std::function<absl::Time()> clock = absl::Now;
  };
  explicit AttemptLimiter(Options options) : options_(std::move(options)) {}

  bool HasLeft(const std::string& source);
  // What was begun while there was one left is counted, too: then the bucket owes attempts.
  void Count(const std::string& source);

 private:
  struct Bucket {
    std::string source;
    double attempts;
    absl::Time filled;
  };
  using Buckets = std::list<Bucket>;  // the source that tried last comes first

  void Fill(Bucket& bucket) const;

  const Options options_;
  std::mutex mutex_;  // guards what follows
  Buckets buckets_;
  std::unordered_map<std::string, Buckets::iterator> by_source_;
};

}  // namespace gusu::server
