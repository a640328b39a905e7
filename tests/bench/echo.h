// A bare gRPC echo and its load: what gRPC itself costs on this machine, and nothing else.
// Plaintext on loopback, callback API, closed loop.
#pragma once

#include <cstdint>

namespace gusu::bench {

inline constexpr char kEchoMethod[] = "/gusu.bench.Echo/Echo";

// Serves on a free loopback port until `stop_descriptor` ends; writes the port to `port_descriptor`
// as decimal text. Each answer has `answer_bytes` bytes.
void ServeEcho(int port_descriptor, int stop_descriptor, uint64_t answer_bytes);

struct EchoLoad {
  int port = 0;
  int connections = 1;
  int outstanding = 1;  // on each connection
  double seconds = 1;
  uint64_t request_bytes = 0;
};

struct EchoFigures {
  uint64_t calls_count = 0;
  uint64_t errors_count = 0;
  double seconds = 0;
  double median_us = 0;
  double p99_us = 0;
};

EchoFigures RunEchoLoad(const EchoLoad& load);

}  // namespace gusu::bench
