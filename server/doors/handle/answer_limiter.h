// Keeps answers over UDP from being aimed at others: a request that names somebody else as its
// source may not make this server send him much more than the request was.
//
// A bucket of bytes for each source (AddressGroup): what an answer has beyond twice the request is
// taken from it, and an answer that finds too little is not sent. Clients that are not answered ask
// over TCP. Sources on this machine are not limited. May be called from any thread.
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

class AnswerLimiter {
 public:
  struct Options {
    double bytes_per_second = 16 * 1024;
    double bytes_burst = 64 * 1024;
    // Of the request's size, what an answer has for free.
    size_t free_factor = 2;
    // Beyond them the source that was answered longest ago is forgotten.
    size_t sources_max = 65'536;
    std::function<absl::Time()> clock = absl::Now;
  };

  AnswerLimiter() : AnswerLimiter(Options()) {}
  explicit AnswerLimiter(Options options);

  // Whether the answer may be sent to the numeric address. An answer larger than the burst needs a
  // full bucket, and empties it.
  bool Admit(std::string_view address, size_t request_bytes, size_t answer_bytes);

 private:
  struct Bucket {
    std::string source;
    double bytes;
    absl::Time filled;
  };
  using Buckets = std::list<Bucket>;  // the source that was answered last comes first

  Bucket& BucketOf(const std::string& source, absl::Time now);

  const Options options_;
  std::mutex mutex_;  // guards what follows
  Buckets buckets_;
  std::unordered_map<std::string, Buckets::iterator> by_source_;
};

}  // namespace gusu::server
