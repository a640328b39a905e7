// Resolving over the Handle door in a closed loop, beside a bare echo under the same load:
// datagrams or connections on loopback, whose answers are as long as the first code's.
#pragma once

#include <string>
#include <vector>

#include "client/cli/bench_report.h"
#include "client/cli/socket.h"

namespace gusu::cli {

MaybeFailure BenchHandle(Session& session, const BenchOptions& options, Transport transport,
                         const std::string& server, const std::vector<std::string>& codes);

// What the loops below ask, and whom. It outlives them.
struct HandleLoad {
  std::string server;
  std::vector<std::string> codes;  // at least one
  size_t outstanding = 8;          // of each loop, 64 at most
};

// One socket with `outstanding` requests on their way. A request without an answer is sent again
// after 0.5 and 1 s, as clients of the field do, and is an error 1.5 s later.
Measured RunHandleUdpLoop(const HandleLoad& load, size_t worker, Budget* budget);
// One connection, into which requests are written before the answers to those before them came.
Measured RunHandleTcpLoop(const HandleLoad& load, size_t worker, Budget* budget);

}  // namespace gusu::cli
