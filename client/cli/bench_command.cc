// gusu bench: how fast this registry answers, in a closed loop, beside a bare gRPC echo.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <deque>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "client/cli/bench_loop.h"
#include "client/cli/bench_process.h"
#include "client/cli/line_reader.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr size_t kIdentifiersMax = 1'000'000;
constexpr size_t kIdentifiersOfPrefixMax = 10'000;

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

struct ResolveBenchOptions {
  BenchOptions bench;
  std::vector<std::string> identifiers;
  std::string file;
  std::string prefix;
};

struct RegisterBenchOptions {
  BenchOptions bench;
  std::string prefix;
  std::string template_id = "product";
  std::vector<std::string> values;
};

// When rows were handed to a stream, oldest first; answers come in the same order.
class SendTimes {
 public:
  void Push() {
    const std::lock_guard lock(mutex_);
    times_.push_back(Budget::Clock::now());
  }
  uint64_t PopMicroseconds() {
    const std::lock_guard lock(mutex_);
    const auto sent = times_.front();
    times_.pop_front();
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Budget::Clock::now() - sent).count());
  }

 private:
  std::mutex mutex_;
  std::deque<Budget::Clock::time_point> times_;  // at most the stream's window and a row
};

void AddOutcome(const Status& status, uint64_t microseconds, Budget* budget, Measured* measured) {
  if (status.ok()) {
    measured->latency.Add(microseconds);
    ++measured->rows_count;
    return;
  }
  budget->CountError();
  ++measured->errors_count;
  if (measured->first_error.ok()) measured->first_error = status;
}

// ------------------------------------------------------------------------------------- the report

struct Report {
  std::string mode;
  Measured measured;
  std::optional<double> server_cpu_us_per_row;
  std::optional<Ceiling> ceiling;
};

std::string Rounded(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

void PrintReport(Session& session, const BenchOptions& options, const Report& report) {
  const Measured& measured = report.measured;
  const double rate = measured.rows_per_second();
  if (session.json()) {
    nlohmann::ordered_json json = {{"mode", report.mode},
                                   {"connections", options.connections},
                                   {"outstanding", options.outstanding},
                                   {"batch", options.batch},
                                   {"stream", options.stream},
                                   {"seconds", measured.seconds},
                                   {"rows", measured.rows_count},
                                   {"errors", measured.errors_count},
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
  Table table({"", report.mode, report.ceiling ? "gRPC echo" : "", report.ceiling ? "ratio" : ""});
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
                << " s, " << measured.errors_count << " errors, " << options.connections
                << " connections x " << options.outstanding << " outstanding"
                << (options.batch > 1 ? ", " + std::to_string(options.batch) + " rows a call" : "")
                << (options.stream ? ", streamed" : "") << '\n';
}

MaybeFailure Measure(Session& session, const BenchOptions& options, Report report,
                     const std::function<Measured(Budget*)>& run) {
  std::optional<int> process;
  if (options.server_pid > 0) {
    process = options.server_pid;
  } else if (!session.flags().data.empty()) {
    process = ServerProcessId(session.flags().data);
  }
  const std::optional<double> before = process ? CpuSecondsOf(*process) : std::nullopt;
  Budget budget(options.seconds, options.count);
  report.measured = run(&budget);
  const std::optional<double> after = process ? CpuSecondsOf(*process) : std::nullopt;
  if (before && after && report.measured.rows_count > 0) {
    report.server_cpu_us_per_row =
        (*after - *before) * 1e6 / static_cast<double>(report.measured.rows_count);
  }
  const std::string echo = options.ceiling.empty() ? FindEchoProgram() : options.ceiling;
  if (!options.no_ceiling && !echo.empty()) {
    const OrFailure<Ceiling> ceiling =
        MeasureCeiling({echo, "--connections", std::to_string(options.connections), "--outstanding",
                        std::to_string(options.outstanding), "--seconds",
                        std::to_string(std::min(options.seconds, 5.0))});
    if (!ceiling.ok()) return ceiling.failure();
    report.ceiling = *ceiling;
  }
  PrintReport(session, options, report);
  if (report.measured.errors_count == 0) return std::nullopt;
  return session.FailureOf(report.measured.first_error);
}

OrFailure<Client> ConnectForBench(Session& session, const BenchOptions& options) {
  OrFailure<ClientOptions> client_options = session.Options();
  if (!client_options.ok()) return client_options.failure();
  client_options->connections = options.connections;
  return Client(std::move(*client_options));
}

// ---------------------------------------------------------------------------------------- resolve

OrFailure<std::vector<std::string>> ToIdentifiers(Session& session, Client& client,
                                                  const ResolveBenchOptions& options) {
  std::vector<std::string> identifiers = options.identifiers;
  if (!options.file.empty()) {
    std::ifstream file(options.file);
    if (!file) return FileFailure("cannot read " + options.file);
    LineReader lines(file, 4096);
    for (Line line; identifiers.size() < kIdentifiersMax && lines.Next(&line);) {
      if (!line.text.empty()) identifiers.push_back(line.text);
    }
  }
  if (!options.prefix.empty()) {
    ListRecordsRequest request;
    request.parent = WithCollection("prefixes", options.prefix);
    request.page_size = 1000;
    for (Result<Record>& record : client.ListRecords(std::move(request))) {
      if (!record.ok()) return session.FailureOf(record.status());
      identifiers.push_back(record->identifier);
      if (identifiers.size() >= kIdentifiersOfPrefixMax) break;
    }
  }
  if (identifiers.empty()) {
    return UsageFailure("which codes?", "name some, or --file FILE, or --prefix PREFIX");
  }
  return identifiers;
}

// The loop of one worker over the codes, beginning at a place of its own.
Measured ResolveLoop(Client& client, const BenchOptions& options,
                     const std::vector<std::string>& identifiers, size_t worker, Budget* budget) {
  size_t at = worker * 7919;
  const auto next = [&identifiers, &at] { return identifiers[at++ % identifiers.size()]; };
  if (options.stream) {
    Measured measured;
    SendTimes times;
    const Status status = client.ResolveMany(
        [&]() -> std::optional<std::string> {
          if (!budget->Take(1)) return std::nullopt;
          times.Push();
          return next();
        },
        [&](const ResolveOutcome& outcome) {
          AddOutcome(outcome.answer.status(), times.PopMicroseconds(), budget, &measured);
        });
    if (!status.ok()) AddOutcome(status, 0, budget, &measured);
    return measured;
  }
  if (options.batch == 1) {
    return RunCalls(budget, 1, [&] { return client.Resolve(next()).status(); });
  }
  return RunCalls(budget, options.batch, [&]() -> Status {
    std::vector<std::string> batch;
    for (uint64_t i = 0; i < options.batch; ++i) batch.push_back(next());
    const Result<std::vector<ResolveOutcome>> outcomes = client.BatchResolve(batch);
    if (!outcomes.ok()) return outcomes.status();
    for (const ResolveOutcome& outcome : *outcomes) {
      if (!outcome.answer.ok()) return outcome.answer.status();
    }
    return {};
  });
}

MaybeFailure BenchResolve(Session& session, const ResolveBenchOptions& options) {
  OrFailure<Client> client = ConnectForBench(session, options.bench);
  if (!client.ok()) return client.failure();
  const auto identifiers = ToIdentifiers(session, *client, options);
  if (!identifiers.ok()) return identifiers.failure();
  const size_t workers = options.bench.connections * options.bench.outstanding;
  return Measure(session, options.bench, {"resolve", {}, {}, {}}, [&](Budget* budget) {
    return RunWorkers(workers, [&](size_t worker) {
      return ResolveLoop(*client, options.bench, *identifiers, worker, budget);
    });
  });
}

// --------------------------------------------------------------------------------------- register

struct RegisterRun {
  RegisterRow row;  // without an identifier
  std::optional<OnBehalfOf> on_behalf_of;
  std::string beginning;  // of this run's identifiers
};

Measured RegisterLoop(Client& client, const BenchOptions& options, const RegisterRun& run,
                      size_t worker, Budget* budget) {
  uint64_t serial = 0;
  const auto next = [&] {
    RegisterRow row = run.row;
    row.identifier = run.beginning + std::to_string(worker) + "-" + std::to_string(serial++);
    return row;
  };
  if (options.stream) {
    Measured measured;
    SendTimes times;
    RegisterStreamOptions stream_options;
    stream_options.on_behalf_of = run.on_behalf_of;
    stream_options.on_outcome = [&](const RowOutcome& outcome) {
      AddOutcome(outcome.result.status(), times.PopMicroseconds(), budget, &measured);
    };
    const auto stream = client.OpenRegisterStream(stream_options);
    while (budget->Take(1)) {
      times.Push();
      if (!stream->Write(next()).ok()) break;
    }
    stream->Finish();
    return measured;
  }
  return RunCalls(budget, options.batch, [&]() -> Status {
    if (options.batch == 1) {
      return client.Register(RegisterRequest{next(), run.on_behalf_of}).status();
    }
    BatchRegisterRequest request;
    request.on_behalf_of = run.on_behalf_of;
    for (uint64_t i = 0; i < options.batch; ++i) request.rows.push_back(next());
    return client.BatchRegister(std::move(request)).status();
  });
}

MaybeFailure BenchRegister(Session& session, const RegisterBenchOptions& options) {
  RegisterRun run;
  run.row.template_id = options.template_id;
  ValueOptions values;
  values.by_template = options.values;
  if (values.by_template.empty()) values.by_template = {"name=Bench", "model=B-1"};
  const auto parsed = ToValues(values);
  if (!parsed.ok()) return parsed.failure();
  run.row.values = *parsed;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  run.on_behalf_of = *on_behalf_of;
  run.beginning = options.prefix + "/BENCH-" + MakeRequestId().substr(0, 8) + "-";
  OrFailure<Client> client = ConnectForBench(session, options.bench);
  if (!client.ok()) return client.failure();
  const size_t workers = options.bench.connections * options.bench.outstanding;
  return Measure(session, options.bench, {"register", {}, {}, {}}, [&](Budget* budget) {
    return RunWorkers(workers, [&](size_t worker) {
      return RegisterLoop(*client, options.bench, run, worker, budget);
    });
  });
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

}  // namespace

void AddBenchCommands(Program* program) {
  CLI::App* family = AddFamily(program, "bench", "Measure this registry in a closed loop");

  const auto [resolve, resolve_options] = AddCommand<ResolveBenchOptions>(
      program, family, "resolve", "Resolve codes over and over",
      "  gusu bench resolve 88.118.8/HP-1 -c 2 --outstanding 16 --seconds 5\n"
      "  gusu --data /var/lib/gusu bench resolve --prefix 88.118.8 --batch 500",
      BenchResolve);
  resolve->add_option("codes", resolve_options->identifiers, "Identifiers");
  resolve->add_option("--file", resolve_options->file, "File with an identifier a line");
  resolve->add_option("--prefix", resolve_options->prefix,
                      "The first 10000 records of this prefix");
  AddBenchOptions(resolve, &resolve_options->bench);

  const auto [write, write_options] = AddCommand<RegisterBenchOptions>(
      program, family, "register",
      "Register new codes PREFIX/BENCH-…; they stay, so use a prefix for it",
      "  gusu --token-file bench.token bench register 88.118.99 --count 100000 --stream",
      BenchRegister);
  write->add_option("prefix", write_options->prefix, "Prefix of the new codes")->required();
  write->add_option("--template", write_options->template_id, "Their template")
      ->capture_default_str();
  AddRepeated(write, "--value", &write_options->values, "KEY=VALUE that each is to have");
  AddBenchOptions(write, &write_options->bench);

  AddBenchAuditCommand(program, family);
  AddBenchListCommand(program, family);
}

}  // namespace gusu::cli
