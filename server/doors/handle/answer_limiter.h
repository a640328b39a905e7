// Keeps answers over UDP from being aimed at others: a request that names somebody else as its
// source may not make this server send him much more than the request was.
//
// A bucket of bytes for each source (AddressGroup): what an answer has beyond twice the request is
// taken from it, and an answer that finds too little is not sent. Clients that are not answered ask
// over TCP. Sources on this machine are not limited. May be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/source_buckets.h"

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
  const Options options_;
  SourceBuckets bytes_;
};

}  // namespace gusu::server
