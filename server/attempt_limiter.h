// How often a source may try what others must not be able to try at will: each has a bucket of
// attempts that fills up again (server/source_buckets.h). May be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/source_buckets.h"

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
  explicit AttemptLimiter(const Options& options)
      : rate_{options.attempts_per_second, options.attempts_burst},
        attempts_({options.sources_max, options.clock}) {}

  bool HasLeft(const std::string& source) const { return attempts_.Has(source, rate_, 1); }
  // What was begun while there was one left is counted, too: then the bucket owes attempts.
  void Count(const std::string& source) { attempts_.Charge(source, rate_, 1); }

 private:
  const SourceBuckets::Rate rate_;
  SourceBuckets attempts_;
};

}  // namespace gusu::server
