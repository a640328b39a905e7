// gusu bench audit: how fast the whole log is verified, beside hashing as many leaves and nothing
// else.
#include <openssl/evp.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "client/cli/bench_process.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/table.h"
#include "client/cli/vkeys.h"
#include "gusu/log_verification.h"

namespace gusu::cli {
namespace {

// What RFC 6962 hashes: a leaf of 41 bytes after a byte 0, and two hashes after a byte 1.
constexpr size_t kLeafInputBytes = 42;
constexpr size_t kNodeInputBytes = 65;

struct BenchAuditOptions {
  std::string directory;
  std::vector<std::string> vkeys;
  bool content = false;
};

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

double OwnCpuSeconds() { return CpuSecondsOf(getpid()).value_or(0); }

struct Hashing {
  double seconds = 0;
  double cpu_seconds = 0;
};

// The hashes of a tree of so many leaves, one after the other on one thread.
Hashing HashAlone(uint64_t leaves_count) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  unsigned char input[kNodeInputBytes] = {};
  unsigned char digest[32];
  const auto hash = [&](size_t bytes) {
    EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
    EVP_DigestUpdate(context.get(), input, bytes);
    EVP_DigestFinal_ex(context.get(), digest, nullptr);
  };
  const double cpu_before = OwnCpuSeconds();
  const Stopwatch watch;
  for (uint64_t i = 0; i < leaves_count; ++i) {
    hash(kLeafInputBytes);
    hash(kNodeInputBytes);
  }
  return {watch.seconds(), OwnCpuSeconds() - cpu_before};
}

struct Figures {
  LogVerdict verdict;
  double seconds = 0;
  double client_cpu_seconds = 0;
  std::optional<double> server_cpu_seconds;
  Hashing hashing;
};

OrFailure<std::unique_ptr<LogSource>> OpenSource(Session& session,
                                                 const BenchAuditOptions& options) {
  if (!options.directory.empty()) {
    return std::unique_ptr<LogSource>(std::make_unique<DirectoryLog>(options.directory));
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return std::unique_ptr<LogSource>(std::make_unique<ServerLog>(
      *std::move(client), options.content ? EntryView::kContent : EntryView::kLeaf));
}

OrFailure<Figures> MeasureAudit(Session& session, const BenchAuditOptions& options) {
  OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.vkeys);
  if (!vkeys.ok()) return vkeys.failure();
  OrFailure<std::unique_ptr<LogSource>> source = OpenSource(session, options);
  if (!source.ok()) return source.failure();
  const std::string& data = session.flags().data;
  const int server = data.empty() ? 0 : ServerProcessId(data).value_or(0);

  LogVerificationOptions verification;
  verification.vkeys = *std::move(vkeys);
  verification.content = options.content;
  const std::optional<double> server_before = server > 0 ? CpuSecondsOf(server) : std::nullopt;
  const double client_before = OwnCpuSeconds();
  const Stopwatch watch;
  Result<LogVerdict> verdict = VerifyLog(**source, verification);
  if (!verdict.ok()) return session.FailureOf(verdict.status());
  Figures figures;
  figures.seconds = watch.seconds();
  figures.client_cpu_seconds = OwnCpuSeconds() - client_before;
  const std::optional<double> server_after = server > 0 ? CpuSecondsOf(server) : std::nullopt;
  if (server_before && server_after) figures.server_cpu_seconds = *server_after - *server_before;
  figures.hashing = HashAlone(verdict->leaves_count);
  figures.verdict = *std::move(verdict);
  return figures;
}

std::string Rounded(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

void PrintFigures(Session& session, const Figures& figures) {
  const auto leaves = static_cast<double>(std::max<uint64_t>(1, figures.verdict.leaves_count));
  const double rate = leaves / std::max(1e-9, figures.seconds);
  const double ceiling = leaves / std::max(1e-9, figures.hashing.seconds);
  const unsigned int threads = std::thread::hardware_concurrency();
  if (session.json()) {
    nlohmann::ordered_json json = {
        {"mode", "audit"},
        {"leaves", figures.verdict.leaves_count},
        {"rows", figures.verdict.rows_count},
        {"differences", figures.verdict.differences.size()},
        {"hardware_threads", threads},
        {"seconds", figures.seconds},
        {"leaves_per_second", rate},
        {"client_cpu_us_per_leaf", figures.client_cpu_seconds * 1e6 / leaves},
        {"hashing_seconds", figures.hashing.seconds},
        {"ratio_to_hashing", rate / ceiling}};
    if (figures.server_cpu_seconds) {
      json["server_cpu_us_per_leaf"] = *figures.server_cpu_seconds * 1e6 / leaves;
    }
    session.out() << json.dump() << '\n';
    return;
  }
  Table table({"", "verify", "hashing alone", "ratio"});
  table.AddRow({"leaves/s", Rounded(rate, 0), Rounded(ceiling, 0), Rounded(rate / ceiling, 3)});
  table.AddRow({"seconds", Rounded(figures.seconds, 2), Rounded(figures.hashing.seconds, 2)});
  table.AddRow({"client CPU, us a leaf", Rounded(figures.client_cpu_seconds * 1e6 / leaves, 2),
                Rounded(figures.hashing.cpu_seconds * 1e6 / leaves, 2)});
  if (figures.server_cpu_seconds) {
    table.AddRow({"server CPU, us a leaf", Rounded(*figures.server_cpu_seconds * 1e6 / leaves, 2)});
  }
  table.Print(session.out(), session.colour());
  session.out() << '\n'
                << WithThousands(figures.verdict.leaves_count) << " leaves, " << threads
                << " hardware threads; " << figures.verdict.ToString() << '\n';
}

MaybeFailure BenchAudit(Session& session, const BenchAuditOptions& options) {
  const OrFailure<Figures> figures = MeasureAudit(session, options);
  if (!figures.ok()) return figures.failure();
  PrintFigures(session, *figures);
  if (figures->verdict.differences.empty()) return std::nullopt;
  return ToldFailure(ExitCode::kNegative);  // the verdict names the first difference
}

}  // namespace

void AddBenchAuditCommand(Program* program, CLI::App* family) {
  const auto [command, options] = AddCommand<BenchAuditOptions>(
      program, family, "audit", "Verify the whole log, and hash as many leaves alone",
      "  gusu --data /var/lib/gusu bench audit --content\n"
      "  gusu bench audit export --vkey log.vkey",
      BenchAudit);
  command->add_option("directory", options->directory,
                      "A log that was exported; default: over the wire");
  CLI::Option* content =
      command->add_flag("--content", options->content, "The store too; needs the bureau's rights");
  content->excludes("directory");
  AddVkeyOption(command, &options->vkeys);
}

}  // namespace gusu::cli
