// What Prometheus is told, on a store on disk: every figure of it, as deploy/METRICS.md lists them.
#include <re2/re2.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "server/audit/checkpoints.h"
#include "server/metrics/metrics.h"
#include "server/metrics/text.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/server/audit_files.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

// By name, with labels.
using Samples = std::map<std::string, double>;

struct Figures {
  std::map<std::string, std::string> types;  // by family
  std::map<std::string, std::string> helps;
  Samples samples;
};

// Ends the test for a line that Prometheus would not take.
Figures Parse(const std::string& text) {
  static const RE2 kComment("# (HELP|TYPE) ([a-z_]+[a-z0-9_]*) (.+)");
  static const RE2 kSample("([a-z_]+[a-z0-9_]*(?:\\{[^}]*\\})?) ([-+0-9.eE]+|\\+Inf|Nan)");
  Figures figures;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    std::string kind, name, text_or_value;
    if (RE2::FullMatch(line, kComment, &kind, &name, &text_or_value)) {
      auto& told = kind == "TYPE" ? figures.types : figures.helps;
      REQUIRE(told.emplace(name, text_or_value).second);
      continue;
    }
    REQUIRE(RE2::FullMatch(line, kSample, &name, &text_or_value));
    REQUIRE(figures.samples.emplace(name, std::stod(text_or_value)).second);
  }
  return figures;
}

std::string TextOf(const Metrics& metrics) { return MetricsText({&metrics, nullptr, nullptr}); }

// Names and types of METRICS.md: rows that begin with a name.
std::map<std::string, std::string> Documented() {
  static const RE2 kRow("\\| `([a-z0-9_]+)(?:\\{[a-z,]+\\})?` \\| ([a-z]+) \\| .+ \\|");
  std::ifstream file(GUSU_METRICS_DOCUMENT);
  std::map<std::string, std::string> documented;
  for (std::string line; std::getline(file, line);) {
    std::string name, type;
    if (RE2::FullMatch(line, kRow, &name, &type)) documented.emplace(name, type);
  }
  return documented;
}

// A ledger on disk, its checkpoints, and a door that counted a call.
struct Scene {
  TemporaryDirectory directory;
  std::unique_ptr<storage::Ledger> ledger;
  std::unique_ptr<Checkpoints> checkpoints;
  Metrics metrics;

  Scene() {
    auto engine = storage::OpenRocksDbEngine(directory.File("db"));
    REQUIRE(engine.ok());
    auto opened = storage::Ledger::Open(*std::move(engine), {});
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
    Checkpoints::Options options;
    options.origin = test::kOrigin;
    options.signers = {test::Key(0)};
    options.publish_interval = absl::Hours(1000);
    auto started = Checkpoints::Start(ledger.get(),
                                      *Anchor::InMemory(test::NoteOf({}, {test::Key(0)})), options);
    REQUIRE(started.ok());
    checkpoints = *std::move(started);
    metrics.CounterOf(Door::kGrpc, "Resolve")->Count(0, absl::Microseconds(30));
  }
  Figures Read() { return Parse(MetricsText({&metrics, ledger.get(), checkpoints.get()})); }
};

TEST_CASE("calls are told by door, method and code, with errors of the server's own fault apart") {
  Metrics metrics;
  CallCounter* resolve = metrics.CounterOf(Door::kGrpc, "Resolve");
  resolve->Count(0, absl::Microseconds(30));
  resolve->Count(5, absl::Microseconds(60));
  resolve->Count(14, absl::Seconds(20));
  metrics.CounterOf(Door::kHandle, "resolve")->Count(100, absl::Microseconds(10));
  metrics.CounterOf(Door::kHandle, "resolve")->Count(CallCounter::kNoAnswer);
  metrics.CounterOf(Door::kHttp, "v1 GET")->Count(503, absl::Milliseconds(1));
  metrics.CounterOf(Door::kHttp, "v1 GET")->Count(501, absl::Milliseconds(1));
  metrics.CounterOf(Door::kHttp, "v1 PUT");  // nobody called it
  Figures told = Parse(TextOf(metrics));
  Samples& samples = told.samples;
  const auto calls = [&](const std::string& labels) {
    return samples.at("gusu_calls_total{" + labels + "}");
  };
  CHECK(calls(R"(door="grpc",method="Resolve",code="OK")") == 1);
  CHECK(calls(R"(door="grpc",method="Resolve",code="NOT_FOUND")") == 1);
  CHECK(calls(R"(door="grpc",method="Resolve",code="UNAVAILABLE")") == 1);
  CHECK(calls(R"(door="handle",method="resolve",code="100")") == 1);
  CHECK(calls(R"(door="handle",method="resolve",code="none")") == 1);
  CHECK(calls(R"(door="http",method="v1 GET",code="503")") == 1);
  const auto errors = [&](const std::string& labels) {
    return samples.at("gusu_call_errors_total{" + labels + "}");
  };
  CHECK(errors(R"(door="grpc",method="Resolve")") == 1);
  CHECK(errors(R"(door="handle",method="resolve")") == 0);
  CHECK(errors(R"(door="http",method="v1 GET")") == 1);
  const auto within = [&](const std::string& bound) {
    return samples.at(R"(gusu_call_seconds_bucket{door="grpc",method="Resolve",le=")" + bound +
                      "\"}");
  };
  CHECK(within("2e-05") == 0);
  CHECK(within("5e-05") == 1);
  CHECK(within("0.0001") == 2);
  CHECK(within("10") == 2);
  CHECK(within("+Inf") == 3);
  CHECK(samples.at(R"(gusu_call_seconds_count{door="grpc",method="Resolve"})") == 3);
  CHECK(samples.at(R"(gusu_call_seconds_sum{door="grpc",method="Resolve"})") == Approx(20.00009));
  CHECK(std::none_of(samples.begin(), samples.end(), [](const auto& sample) {
    return sample.first.find("PUT") != std::string::npos;
  }));
}

TEST_CASE("a name that a caller chose cannot break the lines") {
  Metrics metrics;
  metrics.CounterOf(Door::kHttp, "a\"b\\c\nd")->Count(200);
  CHECK(TextOf(metrics).find(R"(method="a\"b\\c\nd")") != std::string::npos);
}

TEST_CASE("every figure has a meaning and a type, and METRICS.md lists the same figures") {
  Scene scene;
  const Figures told = scene.Read();
  std::map<std::string, std::string> types = told.types;
  for (const auto& [name, type] : types) {
    INFO(name);
    CHECK(told.helps.count(name) == 1);
    CHECK((type == "counter") == name.ends_with("_total"));
  }
  // Of doors, while they are open (door.cc of each).
  for (const char* gauge :
       {"gusu_grpc_streams", "gusu_handle_connections", "gusu_http_connections"}) {
    types.emplace(gauge, "gauge");
  }
  CHECK(Documented() == types);
}

TEST_CASE("what the ledger does shows in its figures") {
  Scene scene;
  const Samples before = scene.Read().samples;
  CHECK(before.at("gusu_ledger_writable") == 1);
  CHECK(before.at("gusu_ledger_queue_changes") == 0);
  CHECK(before.at("gusu_log_leaves") == 0);
  for (int i = 0; i < 3; ++i) {
    storage::MustAppend(*scene.ledger, storage::Register("88.118.8/R" + std::to_string(i)));
  }
  const Samples after = scene.Read().samples;
  const auto grown = [&](const std::string& name) { return after.at(name) - before.at(name); };
  CHECK(grown("gusu_ledger_groups_total") == 3);
  CHECK(grown("gusu_ledger_changes_total") == 3);
  CHECK(grown("gusu_ledger_group_changes_count") == 3);
  CHECK(grown("gusu_ledger_group_changes_sum") == 3);
  CHECK(grown("gusu_ledger_group_changes_bucket{le=\"1\"}") == 3);
  CHECK(grown("gusu_ledger_commit_seconds_count") == 3);
  CHECK(grown("gusu_ledger_commit_seconds_sum") > 0);
  CHECK(grown("gusu_ledger_commits_failed_total") == 0);
  CHECK(after.at("gusu_log_leaves") == 3);
  CHECK(after.at("gusu_log_published_leaves") == 0);
  CHECK(grown("gusu_engine_log_syncs_total") >= 3);
  CHECK(grown("gusu_engine_written_bytes_total") > 0);
  CHECK(after.at("gusu_engine_memory_table_bytes") > 0);
  CHECK(after.at("gusu_engine_log_bytes") > 0);
  CHECK(after.at("gusu_engine_block_cache_bytes_max") == 256 << 20);
}

TEST_CASE("a ledger that stopped says so") {
  Scene scene;
  scene.ledger->Stop();
  CHECK(scene.Read().samples.at("gusu_ledger_writable") == 0);
}

TEST_CASE("the process tells its own figures") {
  const Samples told = Parse(MetricsText({})).samples;
  CHECK(told.at("process_open_fds") >= 3);
  CHECK(told.at("process_max_fds") > told.at("process_open_fds"));
  CHECK(told.at("process_threads") >= 1);
  CHECK(told.at("process_cpu_seconds_total") >= 0);
  CHECK(told.at("process_resident_memory_bytes") > 1 << 20);
  CHECK(told.at("process_virtual_memory_bytes") >= told.at("process_resident_memory_bytes"));
  const double started = told.at("process_start_time_seconds");
  CHECK(started <= absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()) + 1);
  CHECK(started > absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()) - 24 * 3600);
  CHECK(told.at("gusu_build_info{version=\"" GUSU_VERSION "\"}") == 1);
}

}  // namespace
}  // namespace gusu::server
