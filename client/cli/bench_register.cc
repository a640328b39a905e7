// gusu bench register: new codes, one by one, in batches or streamed.
#include <CLI/CLI.hpp>

#include "client/cli/bench_report.h"
#include "client/cli/program.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

struct RegisterBenchOptions {
  BenchOptions bench;
  std::string prefix;
  std::string template_id = "product";
  std::vector<std::string> values;
};

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
  BenchRun bench;
  bench.mode = "register";
  bench.work = [&](Budget* budget) {
    return RunWorkers(workers, [&](size_t worker) {
      return RegisterLoop(*client, options.bench, run, worker, budget);
    });
  };
  return Measure(session, options.bench, bench);
}

}  // namespace

void AddBenchRegisterCommand(Program* program, CLI::App* family) {
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
}

}  // namespace gusu::cli
