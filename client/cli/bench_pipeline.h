// A connection of TCP into which requests are written before the answers to those before them came.
#pragma once

#include <string>
#include <string_view>

#include "client/cli/bench_loop.h"

namespace gusu::cli {

// What is asked, and how an answer is told from the next one. Used on one thread.
class PipelinedRequests {
 public:
  virtual ~PipelinedRequests() = default;
  // Appends the next request.
  virtual void Add(std::string* bytes) = 0;
  // Takes the answer to the oldest request that has none yet, if it is whole, and sets what it
  // says: how many bytes of `received` it has, or 0. Fails when the connection is of no use any
  // more.
  virtual Result<size_t> Take(std::string_view received, Status* outcome) = 0;
};

// Keeps `outstanding` requests on their way to `server` until the budget ends it.
Measured RunPipeline(const std::string& server, size_t outstanding, PipelinedRequests* requests,
                     Budget* budget);

}  // namespace gusu::cli
