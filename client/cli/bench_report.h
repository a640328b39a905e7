// What a benchmark of calls is asked for, how it is measured beside its ceiling, and what it
// prints.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>

#include "client/cli/bench_loop.h"
#include "client/cli/bench_process.h"
#include "client/cli/session.h"

namespace gusu::cli {

// How long an echo is measured at most.
inline constexpr double kCeilingSecondsMax = 5;

struct BenchOptions {
  size_t connections = 1;
  size_t outstanding = 8;
  double seconds = 10;
  uint64_t count = 10'000'000;
  uint64_t batch = 1;
  bool stream = false;
  int server_pid = 0;
  std::string ceiling;
  bool no_ceiling = false;
};

void AddBenchOptions(CLI::App* command, BenchOptions* options);

// With the configured credential, over as many connections as asked for.
OrFailure<Client> ConnectForBench(Session& session, const BenchOptions& options);

struct BenchRun {
  std::string mode;  // resolve, register
  std::string door = "grpc";
  std::string ceiling_name = "gRPC echo";
  std::function<Measured(Budget*)> work;
  // The same load on a bare echo; nothing where there is none to compare with. Default: gusu_echo.
  std::function<OrFailure<std::optional<Ceiling>>()> ceiling;
  // Default: the session's.
  std::function<Failure(const Status&)> failure_of;
};

// What `work` reaches against an echo on loopback; `stop_echo` ends that one, and tells how much
// CPU time it used, in seconds.
OrFailure<std::optional<Ceiling>> MeasureEcho(const BenchOptions& options,
                                              const std::function<Measured(Budget*)>& work,
                                              const std::function<double()>& stop_echo);

// Runs the work, then the ceiling, and prints both. Fails when a row did.
MaybeFailure Measure(Session& session, const BenchOptions& options, const BenchRun& run);

}  // namespace gusu::cli
