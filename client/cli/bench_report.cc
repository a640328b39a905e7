#include "client/cli/bench_report.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>
#include <vector>

#include "client/cli/progress.h"
#include "client/cli/table.h"

namespace gusu::cli {
namespace {

struct Report {
  const BenchRun& run;
  Measured measured;
  std::optional<double> server_cpu_us_per_row;
  std::optional<Ceiling> ceiling;
};

std::string Rounded(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

std::string LostText(const Measured& measured) {
  return measured.lost_count == 0 ? "" : std::to_string(measured.lost_count) + " lost, ";
}

void PrintReport(Session& session, const BenchOptions& options, const Report& report) {
  const Measured& measured = report.measured;
  const double rate = measured.rows_per_second();
  if (session.json()) {
    nlohmann::ordered_json json = {{"mode", report.run.mode},
                                   {"door", report.run.door},
                                   {"connections", options.connections},
                                   {"outstanding", options.outstanding},
                                   {"batch", options.batch},
                                   {"stream", options.stream},
                                   {"seconds", measured.seconds},
                                   {"rows", measured.rows_count},
                                   {"errors", measured.errors_count},
                                   {"lost", measured.lost_count},
                                   {"rows_per_second", rate},
                                   {"median_us", measured.latency.Percentile(0.5)},
                                   {"p99_us", measured.latency.Percentile(0.99)}};
    if (report.server_cpu_us_per_row) json["server_cpu_us_per_row"] = *report.server_cpu_us_per_row;
    if (report.ceiling) {
      json["echo"] = {{"calls_per_second", report.ceiling->calls_per_second},
                      {"median_us", report.ceiling->median_us},
                      {"p99_us", report.ceiling->p99_us},
                      {"server_cpu_us_per_call", report.ceiling->server_cpu_us_per_call}};
      json["ratio_to_echo"] = rate / std::max(1.0, report.ceiling->calls_per_second);
    }
    session.out() << json.dump() << '\n';
    return;
  }
  Table table({"", report.run.mode, report.ceiling ? report.run.ceiling_name : "",
               report.ceiling ? "ratio" : ""});
  const auto add = [&](const std::string& name, double own, double echo, int decimals) {
    std::vector<std::string> cells = {name, Rounded(own, decimals)};
    if (report.ceiling && echo > 0) {
      cells.push_back(Rounded(echo, decimals));
      cells.push_back(Rounded(own / echo, 2));
    }
    table.AddRow(std::move(cells));
  };
  const Ceiling ceiling = report.ceiling.value_or(Ceiling());
  add("rows/s", rate, ceiling.calls_per_second, 0);
  add("median, us", static_cast<double>(measured.latency.Percentile(0.5)), ceiling.median_us, 0);
  add("p99, us", static_cast<double>(measured.latency.Percentile(0.99)), ceiling.p99_us, 0);
  if (report.server_cpu_us_per_row) {
    add("server CPU, us a row", *report.server_cpu_us_per_row, ceiling.server_cpu_us_per_call, 1);
  }
  table.Print(session.out(), session.colour());
  session.out() << '\n'
                << WithThousands(measured.rows_count) << " rows in " << Rounded(measured.seconds, 1)
                << " s, " << measured.errors_count << " errors, " << LostText(measured)
                << options.connections << " connections x " << options.outstanding << " outstanding"
                << (options.batch > 1 ? ", " + std::to_string(options.batch) + " rows a call" : "")
                << (options.stream ? ", streamed" : "") << '\n';
}

OrFailure<std::optional<Ceiling>> GrpcCeiling(const BenchOptions& options) {
  const std::string echo = options.ceiling.empty() ? FindEchoProgram() : options.ceiling;
  if (echo.empty()) return std::optional<Ceiling>();
  const OrFailure<Ceiling> ceiling =
      MeasureCeiling({echo, "--connections", std::to_string(options.connections), "--outstanding",
                      std::to_string(options.outstanding), "--seconds",
                      std::to_string(std::min(options.seconds, kCeilingSecondsMax))});
  if (!ceiling.ok()) return ceiling.failure();
  return std::optional<Ceiling>(*ceiling);
}

// The process whose CPU time is counted.
std::optional<int> ServerOf(const Session& session, const BenchOptions& options) {
  if (options.server_pid > 0) return options.server_pid;
  return session.flags().data.empty() ? std::nullopt : ServerProcessId(session.flags().data);
}

}  // namespace

OrFailure<std::optional<Ceiling>> MeasureEcho(const BenchOptions& options,
                                              const std::function<Measured(Budget*)>& work,
                                              const std::function<double()>& stop_echo) {
  Budget budget(std::min(options.seconds, kCeilingSecondsMax), options.count);
  const Measured measured = work(&budget);
  const double cpu_seconds = stop_echo();
  if (measured.errors_count > 0) {
    return FileFailure("the echo on loopback failed: " + measured.first_error.message);
  }
  return std::optional<Ceiling>(
      {measured.rows_per_second(), static_cast<double>(measured.latency.Percentile(0.5)),
       static_cast<double>(measured.latency.Percentile(0.99)),
       cpu_seconds * 1e6 / static_cast<double>(std::max<uint64_t>(measured.rows_count, 1))});
}

MaybeFailure Measure(Session& session, const BenchOptions& options, const BenchRun& run) {
  Report report{run, {}, {}, {}};
  const std::optional<int> process = ServerOf(session, options);
  const std::optional<double> before = process ? CpuSecondsOf(*process) : std::nullopt;
  Budget budget(options.seconds, options.count);
  report.measured = run.work(&budget);
  const std::optional<double> after = process ? CpuSecondsOf(*process) : std::nullopt;
  if (before && after && report.measured.rows_count > 0) {
    report.server_cpu_us_per_row =
        (*after - *before) * 1e6 / static_cast<double>(report.measured.rows_count);
  }
  if (!options.no_ceiling) {
    const auto ceiling = run.ceiling ? run.ceiling() : GrpcCeiling(options);
    if (!ceiling.ok()) return ceiling.failure();
    report.ceiling = *ceiling;
  }
  PrintReport(session, options, report);
  if (report.measured.errors_count == 0) return std::nullopt;
  const Status& error = report.measured.first_error;
  return run.failure_of ? run.failure_of(error) : session.FailureOf(error);
}

OrFailure<Client> ConnectForBench(Session& session, const BenchOptions& options) {
  OrFailure<ClientOptions> client_options = session.Options();
  if (!client_options.ok()) return client_options.failure();
  client_options->connections = options.connections;
  return Client(std::move(*client_options));
}

void AddBenchOptions(CLI::App* command, BenchOptions* options) {
  command->add_option("-c,--connections", options->connections, "Connections")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--outstanding", options->outstanding, "Calls at a time on each connection")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "At most so long")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--count", options->count, "At most so many rows")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  CLI::Option* batch = command->add_option("--batch", options->batch, "Rows a call")
                           ->check(CLI::Range(1, 2000))
                           ->capture_default_str();
  command->add_flag("--stream", options->stream, "Over streams in place of calls")->excludes(batch);
  command->add_option("--server-pid", options->server_pid,
                      "Process whose CPU time is counted; default: of --data");
  CLI::Option* ceiling =
      command->add_option("--ceiling", options->ceiling,
                          "Echo program to compare with; default: gusu_echo beside gusu");
  command->add_flag("--no-ceiling", options->no_ceiling, "Compare with nothing")->excludes(ceiling);
}

}  // namespace gusu::cli
