// A spool keeps rows through anything, sends them in order, and reports each outcome once.
#include "gusu/spool.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <condition_variable>
#include <map>
#include <thread>

#include "tests/client/spool_line.h"
#include "tests/random.h"
#include "tests/temporary_directory.h"

namespace gusu::test {
namespace {

constexpr std::chrono::seconds kTimeMax{30};

// Collects outcomes; of the spool's thread until it is reported.
struct Reports {
  std::vector<std::string> lines;
  Spool::OnOutcome Take() {
    return [this](SpoolOutcome outcome) {
      lines.push_back(std::to_string(outcome.row_number) + " " + outcome.row.identifier + " " +
                      (outcome.result ? std::string(ToText(outcome.result->outcome))
                                      : outcome.result.status().reason));
    };
  }
};

SpoolOptions Quick() {
  SpoolOptions options;
  options.pause_first = std::chrono::milliseconds(1);
  options.pause_max = std::chrono::milliseconds(2);
  return options;
}

std::unique_ptr<Spool> Open(const TemporaryDirectory& directory,
                            std::shared_ptr<LineRegistry> registry, Reports& reports,
                            SpoolOptions options = Quick()) {
  auto spool =
      Spool::Open(Client(std::move(registry)), directory.File("spool"), reports.Take(), options);
  REQUIRE(spool.status() == Status{});
  return *std::move(spool);
}

TEST_CASE("rows are reported in order, and a bad one does not block the line") {
  TemporaryDirectory directory;
  Reports reports;
  auto registry = std::make_shared<LineRegistry>();
  registry->refusal = [](const RegisterRow& row) {
    return row.identifier == "88.118.8/B"
               ? Status{StatusCode::kAlreadyExists, "taken", "IDENTIFIER_TAKEN", {}}
               : Status{};
  };
  auto spool = Open(directory, registry, reports);
  CHECK(*spool->Append(LineRow("88.118.8/A")) == 1);
  CHECK(*spool->AppendAll({LineRow("88.118.8/B"), LineRow("88.118.8/C")}) == 2);
  CHECK(*spool->Append(LineRow("88.118.8/A")) == 4);
  REQUIRE(spool->WaitUntilReported(kTimeMax));
  CHECK(reports.lines ==
        std::vector<std::string>{"1 88.118.8/A CREATED", "2 88.118.8/B IDENTIFIER_TAKEN",
                                 "3 88.118.8/C CREATED", "4 88.118.8/A UNCHANGED"});
  CHECK(spool->stats().rows_waiting == 0);
  CHECK(spool->stats().last_error.ok());
}

TEST_CASE("while the registry is away, unsure or refuses the credential, rows wait and are kept") {
  TemporaryDirectory directory;
  Reports reports;
  auto registry = std::make_shared<LineRegistry>();
  std::mutex mutex;
  std::condition_variable changed;
  int tries = 0;
  registry->before_row = [&](const RegisterRow&) -> Status {
    std::lock_guard<std::mutex> lock(mutex);
    ++tries;
    changed.notify_all();
    switch (tries) {
      case 1:
        return {StatusCode::kUnavailable, "away", "SERVER_UNREACHABLE", {}};
      case 2:
        return {StatusCode::kUnknownOutcome, "sent", "OUTCOME_UNKNOWN", {}};
      case 3:
        return {StatusCode::kUnauthenticated, "who", "CREDENTIAL_INVALID", {}};
      case 4:
        return {StatusCode::kPermissionDenied, "no", "ROLE_REFUSED", {}};
      case 5:
        return {StatusCode::kResourceExhausted, "later", "RATE_LIMITED", {}};
      default:
        return {};
    }
  };
  auto spool = Open(directory, registry, reports);
  REQUIRE(spool->AppendAll({LineRow("88.118.8/A"), LineRow("88.118.8/B")}).ok());
  REQUIRE(spool->WaitUntilReported(kTimeMax));
  CHECK(reports.lines == std::vector<std::string>{"1 88.118.8/A CREATED", "2 88.118.8/B CREATED"});
  CHECK(tries == 7);
}

TEST_CASE("rows that wait at the end of a process are sent by the next one") {
  TemporaryDirectory directory;
  Reports reports;
  auto away = std::make_shared<LineRegistry>();
  away->before_row = [](const RegisterRow&) {
    return Status{StatusCode::kUnavailable, "away", "SERVER_UNREACHABLE", {}};
  };
  REQUIRE(Open(directory, away, reports)->Append(LineRow("88.118.8/A")).ok());
  CHECK(reports.lines.empty());
  auto spool = Open(directory, std::make_shared<LineRegistry>(), reports);
  REQUIRE(spool->WaitUntilReported(kTimeMax));
  CHECK(reports.lines == std::vector<std::string>{"1 88.118.8/A CREATED"});
  CHECK(*spool->Append(LineRow("88.118.8/B")) == 2);
}

TEST_CASE("a full spool says so, takes nothing, and takes rows again when some are gone") {
  TemporaryDirectory directory;
  Reports reports;
  auto registry = std::make_shared<LineRegistry>();
  std::atomic<bool> is_away{true};
  registry->before_row = [&](const RegisterRow&) {
    return is_away ? Status{StatusCode::kUnavailable, "away", "SERVER_UNREACHABLE", {}} : Status{};
  };
  SpoolOptions options = Quick();
  options.bytes_max = 64 * 1024;
  options.segment_bytes = 8 * 1024;
  auto spool = Open(directory, registry, reports, options);
  size_t taken = 0;
  Status refused;
  while (refused.ok() && taken < 10000) {
    RegisterRow row = LineRow("88.118.8/" + std::to_string(taken));
    row.values.push_back(TextValue("batch", std::string(500, 'x')));
    refused = spool->Append(row).status();
    taken += refused.ok();
  }
  CHECK(refused.code == StatusCode::kResourceExhausted);
  CHECK(refused.reason == kReasonSpoolFull);
  CHECK(refused.metadata.at("bytes_max") == "65536");
  CHECK(taken > 80);
  CHECK(spool->stats().rows_waiting == taken);
  CHECK(spool->stats().bytes <= options.bytes_max);
  is_away = false;
  REQUIRE(spool->WaitUntilReported(kTimeMax));
  CHECK(spool->Append(LineRow("88.118.8/more")).ok());
}

TEST_CASE("a row that can never be sent is refused when it is appended") {
  TemporaryDirectory directory;
  Reports reports;
  auto spool = Open(directory, std::make_shared<LineRegistry>(), reports);
  CHECK(spool->Append(LineRow("88.118.8/\xff")).status().reason == "TEXT_NOT_UTF8");
  RegisterRow large = LineRow("88.118.8/A");
  large.values.push_back(TextValue("batch", std::string(5 << 20, 'x')));
  CHECK(spool->Append(large).status().reason == "RECORD_TOO_LARGE");
  CHECK(*spool->Append(LineRow("88.118.8/A")) == 1);
}

TEST_CASE("many threads may append, and every row is reported once") {
  TemporaryDirectory directory;
  Reports reports;
  auto spool = Open(directory, std::make_shared<LineRegistry>(), reports);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        if (!spool->Append(LineRow("88.118.8/" + std::to_string(t * 100 + i))).ok()) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  REQUIRE(spool->WaitUntilReported(kTimeMax));
  CHECK(reports.lines.size() == 200);
  CHECK(std::set<std::string>(reports.lines.begin(), reports.lines.end()).size() == 200);
}

// ---- kill -9 -----------------------------------------------------------------------------------

// Exit code, or 128 + the signal.
int RunLine(const std::string& directory, size_t rows, long die_at) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(SPOOL_LINE_PATH, SPOOL_LINE_PATH, directory.c_str(), std::to_string(rows).c_str(),
            std::to_string(die_at).c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

TEST_CASE("killed at any moment, a spool loses no row and reports none twice without saying so") {
  Random random("kill -9");
  TemporaryDirectory directory;
  constexpr size_t kRows = 300;
  const std::string root = directory.File("");
  int kills = 0;
  for (int round = 0; round < 25; ++round) {
    const int code = RunLine(root, kRows, static_cast<long>(1 + random.Below(80)));
    REQUIRE((code == 0 || code == 128 + SIGKILL));
    kills += code != 0;
  }
  REQUIRE(RunLine(root, kRows, 0) == 0);
  CHECK(kills > 3);

  std::map<uint64_t, std::vector<std::string>> reports;  // by number: "identifier outcome flag"
  std::ifstream reported(root + "reported");
  uint64_t number, last_number = 0;
  for (std::string identifier, outcome, flag;
       reported >> number >> identifier >> outcome >> flag;) {
    CHECK(number >= last_number);
    last_number = number;
    reports[number].push_back(identifier + " " + outcome + " " + flag);
  }
  std::ifstream appended(root + "appended");
  size_t acknowledged = 0;
  for (std::string identifier; appended >> number >> identifier; ++acknowledged) {
    INFO(number);
    REQUIRE(reports.count(number) == 1);
    CHECK(reports[number][0].rfind(identifier + " ", 0) == 0);
  }
  CHECK(acknowledged == kRows);
  for (const auto& [row_number, lines] : reports) {
    INFO(row_number);
    // A second report says that it is one, and that nothing new happened.
    for (size_t i = 1; i < lines.size(); ++i) {
      CHECK_THAT(lines[i], Catch::EndsWith(" UNCHANGED repeated"));
    }
    CHECK(lines.size() <= 2 + static_cast<size_t>(kills));
  }
}

}  // namespace
}  // namespace gusu::test
