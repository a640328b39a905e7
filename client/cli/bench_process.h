// What a benchmark asks of other processes: the server's CPU time, and the ceiling's figures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/cli/failure.h"

namespace gusu::cli {

// User and system time of a process of this machine so far; nothing when it cannot be read.
std::optional<double> CpuSecondsOf(int process_id);

// The process id in the lock of a local server's data directory.
std::optional<int> ServerProcessId(const std::string& data_directory);

// Figures of a bare gRPC echo under the same closed loop.
struct Ceiling {
  double calls_per_second = 0;
  double median_us = 0;
  double p99_us = 0;
  double server_cpu_us_per_call = 0;
};

// Runs the echo program, which prints its figures as a JSON object.
OrFailure<Ceiling> MeasureCeiling(const std::vector<std::string>& command);

// The echo program beside this one, or an empty string.
std::string FindEchoProgram();

}  // namespace gusu::cli
