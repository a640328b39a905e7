// gusu bench resolve: through gRPC, or over another door.
#include <CLI/CLI.hpp>
#include <fstream>

#include "client/cli/bench_handle.h"
#include "client/cli/bench_http.h"
#include "client/cli/bench_report.h"
#include "client/cli/handle_exchange.h"
#include "client/cli/line_reader.h"
#include "client/cli/program.h"

namespace gusu::cli {
namespace {

constexpr size_t kIdentifiersMax = 1'000'000;
constexpr size_t kIdentifiersOfPrefixMax = 10'000;
constexpr char kGrpcDoor[] = "grpc";
constexpr char kHandleUdpDoor[] = "handle-udp";
constexpr char kHandleTcpDoor[] = "handle-tcp";
constexpr char kHttpDoor[] = "http";

struct ResolveBenchOptions {
  BenchOptions bench;
  std::vector<std::string> identifiers;
  std::string file;
  std::string prefix;
  std::string door = kGrpcDoor;
  std::string handle;
  std::string http;
};

// The codes of the prefix, appended.
MaybeFailure AddRecordsOfPrefix(Session& session, const ResolveBenchOptions& options,
                                std::vector<std::string>* identifiers) {
  OrFailure<Client> client = ConnectForBench(session, options.bench);
  if (!client.ok()) return client.failure();
  ListRecordsRequest request;
  request.parent = WithCollection("prefixes", options.prefix);
  request.page_size = 1000;
  size_t count = 0;
  for (Result<Record>& record : client->ListRecords(std::move(request))) {
    if (!record.ok()) return session.FailureOf(record.status());
    if (count++ == kIdentifiersOfPrefixMax) break;
    identifiers->push_back(record->identifier);
  }
  return std::nullopt;
}

OrFailure<std::vector<std::string>> ToIdentifiers(Session& session,
                                                  const ResolveBenchOptions& options) {
  std::vector<std::string> identifiers = options.identifiers;
  if (!options.file.empty()) {
    std::ifstream file(options.file);
    if (!file) return FileFailure("cannot read " + options.file);
    LineReader lines(file, 4096);
    for (Line line; identifiers.size() < kIdentifiersMax && lines.Next(&line);) {
      if (!line.text.empty()) identifiers.push_back(line.text);
    }
    if (file.bad()) return FileFailure("cannot read " + options.file);
  }
  if (!options.prefix.empty()) {
    if (auto failure = AddRecordsOfPrefix(session, options, &identifiers)) return *failure;
  }
  if (identifiers.empty()) {
    return UsageFailure("which codes?", "name some, or --file FILE, or --prefix PREFIX");
  }
  return identifiers;
}

// The loop of one worker over the codes, beginning at a place of its own.
Measured ResolveLoop(Client& client, const BenchOptions& options,
                     const std::vector<std::string>& identifiers, size_t worker, Budget* budget) {
  size_t at = worker * kWorkerStep;
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

MaybeFailure BenchOverGrpc(Session& session, const BenchOptions& options,
                           const std::vector<std::string>& identifiers) {
  OrFailure<Client> client = ConnectForBench(session, options);
  if (!client.ok()) return client.failure();
  BenchRun run;
  run.mode = "resolve";
  run.work = [&](Budget* budget) {
    return RunWorkers(options.connections * options.outstanding, [&](size_t worker) {
      return ResolveLoop(*client, options, identifiers, worker, budget);
    });
  };
  return Measure(session, options, run);
}

MaybeFailure BenchResolve(Session& session, const ResolveBenchOptions& options) {
  const auto identifiers = ToIdentifiers(session, options);
  if (!identifiers.ok()) return identifiers.failure();
  if (options.door == kGrpcDoor) return BenchOverGrpc(session, options.bench, *identifiers);
  if (options.bench.stream || options.bench.batch > 1 || !options.bench.ceiling.empty()) {
    return UsageFailure("--batch, --stream and --ceiling are of the gRPC door");
  }
  if (options.door == kHttpDoor) {
    const OrFailure<std::string> server = HttpAddress(session, options.http);
    if (!server.ok()) return server.failure();
    return BenchHttp(session, options.bench, *server, *identifiers);
  }
  const OrFailure<std::string> server = HandleAddress(session, options.handle);
  if (!server.ok()) return server.failure();
  const bool is_udp = options.door == kHandleUdpDoor;
  return BenchHandle(session, options.bench, is_udp ? Transport::kUdp : Transport::kTcp, *server,
                     *identifiers);
}

}  // namespace

void AddBenchResolveCommand(Program* program, CLI::App* family) {
  const auto [resolve, options] = AddCommand<ResolveBenchOptions>(
      program, family, "resolve", "Resolve codes over and over",
      "  gusu bench resolve 88.118.8/HP-1 -c 2 --outstanding 16 --seconds 5\n"
      "  gusu --data /var/lib/gusu bench resolve --prefix 88.118.8 --batch 500\n"
      "  gusu --data /var/lib/gusu bench resolve --prefix 88.118.8 --door handle-udp\n"
      "  gusu --data /var/lib/gusu bench resolve --prefix 88.118.8 --door http -c 8 --outstanding "
      "1",
      BenchResolve);
  resolve->add_option("codes", options->identifiers, "Identifiers");
  resolve->add_option("--file", options->file, "File with an identifier a line");
  resolve->add_option("--prefix", options->prefix, "The first 10000 records of this prefix");
  resolve->add_option("--door", options->door, "grpc, handle-udp, handle-tcp or http")
      ->check(CLI::IsMember({kGrpcDoor, kHandleUdpDoor, kHandleTcpDoor, kHttpDoor}))
      ->capture_default_str();
  resolve->add_option("--handle", options->handle,
                      "HOST:PORT of the Handle door; default: of --data");
  resolve->add_option("--http", options->http, "HOST:PORT of the HTTP door; default: of --data");
  AddBenchOptions(resolve, &options->bench);
}

}  // namespace gusu::cli
