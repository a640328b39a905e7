// Resolving over the HTTP door in a closed loop, beside a bare server under the same load, whose
// answers are as long as the first code's.
#pragma once

#include <string>
#include <vector>

#include "client/cli/bench_report.h"

namespace gusu::cli {

// Where the HTTP door is: as given, else of the server of --data.
OrFailure<std::string> HttpAddress(const Session& session, const std::string& given);

// Plain HTTP, without a credential.
MaybeFailure BenchHttp(Session& session, const BenchOptions& options, const std::string& server,
                       const std::vector<std::string>& codes);

// What the loop below asks, and whom. It outlives the loops.
struct HttpLoad {
  std::string server;
  std::vector<std::string> requests;  // whole; at least one
  size_t outstanding = 8;             // of each loop
};

// One connection, into which requests are written before the answers to those before them came.
Measured RunHttpLoop(const HttpLoad& load, size_t worker, Budget* budget);

}  // namespace gusu::cli
