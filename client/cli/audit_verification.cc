// gusu audit verify, export: the whole log, checked up to its signed root.
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "client/cli/audit_commands.h"
#include "client/cli/config_file.h"
#include "client/cli/log_trust.h"
#include "client/cli/progress.h"
#include "client/cli/text_width.h"
#include "client/cli/vkeys.h"
#include "gusu/json.h"
#include "gusu/log_verification.h"

namespace gusu::cli {
namespace {

struct VerifyOptions {
  std::string directory;
  std::string earlier;
  LogTrust trust;
  bool content = false;
  bool no_content = false;
  uint64_t differences_max = 20;
};

// What is verified, and how much of it.
struct Subject {
  std::unique_ptr<LogSource> log;
  std::vector<std::string> vkeys;
  bool content = false;
};

// A progress line that is made when its total is known.
class VerificationProgress {
 public:
  explicit VerificationProgress(Session& session) : session_(session) {}
  void Show(uint64_t done, uint64_t total) {
    if (!progress_) progress_.emplace(session_.err(), session_.is_watched(), total, "checked");
    progress_->Show(done, done, 0);
  }

 private:
  Session& session_;
  std::optional<Progress> progress_;
};

// The most that the credential may see: the bureau is shown the store, a registrant its openings,
// and everybody leaves.
OrFailure<EntryView> FindView(Session& session, Client& client, const VerifyOptions& options) {
  if (options.content) return EntryView::kContent;
  const OrFailure<ClientOptions> configured = session.Options();
  if (!configured.ok()) return configured.failure();
  if (configured->token.empty()) return EntryView::kLeaf;
  if (options.no_content) return EntryView::kOpening;
  const Result<std::vector<StoredFile>> files = client.ListFiles();
  if (files.ok()) return EntryView::kContent;
  if (files.status().code == StatusCode::kPermissionDenied) return EntryView::kOpening;
  return session.FailureOf(files.status());
}

OrFailure<Subject> FindSubject(Session& session, const VerifyOptions& options) {
  Subject subject;
  if (!options.directory.empty()) {
    if (options.content || options.trust.trust_server_key) {
      return UsageFailure(
          "a directory has no store and no server: leave out --content and "
          "--trust-server-key");
    }
    OrFailure<std::vector<std::string>> vkeys = FindVkeys(session, options.trust.vkeys);
    if (!vkeys.ok()) return vkeys.failure();
    subject.vkeys = *std::move(vkeys);
    subject.log = std::make_unique<DirectoryLog>(options.directory);
    return subject;
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  OrFailure<std::vector<std::string>> vkeys = FindTrustedVkeys(session, *client, options.trust);
  if (!vkeys.ok()) return vkeys.failure();
  const OrFailure<EntryView> view = FindView(session, *client, options);
  if (!view.ok()) return view.failure();
  subject.vkeys = *std::move(vkeys);
  subject.content = *view == EntryView::kContent;
  subject.log = std::make_unique<ServerLog>(*std::move(client), *view);
  return subject;
}

// An error of the source: the server's, or a file's.
Failure SourceFailure(const Session& session, const VerifyOptions& options, const Status& status) {
  if (status.reason == "KEY_MALFORMED") return CheckFailure(status);
  if (!options.directory.empty()) return FileFailure(status.message);
  return session.FailureOf(status);
}

void PrintJson(Session& session, const LogVerdict& verdict) {
  nlohmann::ordered_json json = {{"ok", verdict.differences.empty()},
                                 {"leaves", verdict.leaves_count},
                                 {"tiles", verdict.tiles_count},
                                 {"openings", verdict.openings_count},
                                 {"content", verdict.content}};
  if (verdict.content) {
    json.update({{"rows", verdict.rows_count},
                 {"parts", verdict.parts_count},
                 {"parts_by_server", verdict.parts_by_server_count},
                 {"erased", verdict.erased_count},
                 {"files", verdict.files_count}});
  }
  if (!verdict.checkpoint.origin.empty()) {
    json["checkpoint"] = nlohmann::ordered_json::parse(ToJson(verdict.checkpoint));
  }
  if (verdict.earlier_size > 0) json["earlier_size"] = verdict.earlier_size;
  json["differences"] = verdict.differences;
  json["verdict"] = verdict.ToString();
  session.out() << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

MaybeFailure PrintVerdict(Session& session, const LogVerdict& verdict) {
  if (session.json()) {
    PrintJson(session, verdict);
  } else {
    session.out() << Printable(verdict.ToString()) << '\n';
    for (size_t i = 1; i < verdict.differences.size(); ++i) {
      session.err() << "  further: " << Printable(verdict.differences[i]) << '\n';
    }
  }
  if (verdict.differences.empty()) return std::nullopt;
  return ToldFailure(ExitCode::kNegative);
}

MaybeFailure Verify(Session& session, const VerifyOptions& options) {
  if (options.content && options.no_content) {
    return UsageFailure("--content and --no-content contradict each other");
  }
  LogVerificationOptions verification;
  if (!options.earlier.empty()) {
    const OrFailure<std::string> earlier = ReadTextFile(options.earlier);
    if (!earlier.ok()) return earlier.failure();
    if (earlier->empty()) return FileFailure("there is no checkpoint in " + options.earlier);
    verification.earlier_checkpoint = *earlier;
  }
  OrFailure<Subject> subject = FindSubject(session, options);
  if (!subject.ok()) return subject.failure();
  verification.vkeys = subject->vkeys;
  verification.content = subject->content;
  verification.differences_max = options.differences_max;
  VerificationProgress progress(session);
  verification.progress = [&progress](uint64_t done, uint64_t total) {
    progress.Show(done, total);
  };
  if (!verification.earlier_checkpoint.empty()) {
    const Result<VerifiedCheckpoint> earlier =
        VerifyCheckpoint(verification.earlier_checkpoint, verification.vkeys);
    if (!earlier.ok()) {
      Failure failure = CheckFailure(earlier.status());
      failure.message = options.earlier + ": " + failure.message;
      failure.hint = "a checkpoint from before counts only with the log's signature";
      return failure;
    }
  }
  const Result<LogVerdict> verdict = VerifyLog(*subject->log, verification);
  if (!verdict.ok()) return SourceFailure(session, options, verdict.status());
  return PrintVerdict(session, *verdict);
}

struct ExportOptions {
  std::string directory;
  LogTrust trust;
};

MaybeFailure Export(Session& session, const ExportOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const OrFailure<std::vector<std::string>> vkeys =
      FindTrustedVkeys(session, *client, options.trust);
  if (!vkeys.ok()) return vkeys.failure();
  Result<VerifiedCheckpoint> exported;
  {
    VerificationProgress progress(session);
    ServerLog log(*client, EntryView::kLeaf);
    exported =
        ExportLog(log, options.directory, *vkeys,
                  [&progress](uint64_t done, uint64_t total) { progress.Show(done, total); });
  }
  if (!exported.ok()) {
    const Status& status = exported.status();
    if (status.reason == "LOG_FILE") return FileFailure(status.message);
    // What the log or the directory shows, and no fault of the network.
    if (status.code == StatusCode::kDataLoss || status.code == StatusCode::kInvalidArgument) {
      return CheckFailure(status);
    }
    return session.FailureOf(status);
  }
  if (session.json()) {
    session.out() << "{\"directory\":" << JsonString(options.directory)
                  << ",\"checkpoint\":" << ToJson(*exported) << "}\n";
    return std::nullopt;
  }
  session.out() << "Written: " << WithThousands(exported->tree_size) << " leaves of "
                << exported->origin << " in " << options.directory
                << ", recomputed up to the signed root.\n";
  return std::nullopt;
}

}  // namespace

void AddAuditVerifyCommands(Program* program, CLI::App* family) {
  const auto [verify, options] = AddCommand<VerifyOptions>(
      program, family, "verify",
      "Recompute the whole log from its entries; as the bureau, compare it with the store too",
      "  gusu audit verify --vkey registry.vkey\n"
      "  gusu --data /var/lib/gusu audit verify\n"
      "  gusu audit verify export --vkey registry.vkey --earlier checkpoint.last-year\n"
      "  gusu --token-file auditor.token audit verify --vkey registry.vkey --json\n"
      "Exit code 1: something differs; the first difference is named.",
      Verify);
  verify->add_option("directory", options->directory,
                     "A log that `gusu audit export` wrote; else the server's");
  AddTrustOptions(verify, &options->trust);
  verify->add_flag("--content", options->content,
                   "Compare what is stored with the log; the default as the bureau");
  verify->add_flag("--no-content", options->no_content, "Only the log, not what is stored");
  verify->add_option("--earlier", options->earlier,
                     "File with a checkpoint known from before, which the log must extend");
  verify->add_option("--differences", options->differences_max, "Go on until so many are found")
      ->check(CLI::Range(uint64_t{1}, uint64_t{10000}))
      ->capture_default_str();

  const auto [exported, export_options] = AddCommand<ExportOptions>(
      program, family, "export",
      "Write the log into a directory as tlog-tiles lays it out, or continue it there; needs no "
      "credential",
      "  gusu audit export /srv/mirror --vkey registry.vkey\n"
      "  gusu --data /var/lib/gusu audit export export\n"
      "Any web server that serves the directory serves the log.",
      Export);
  exported->add_option("directory", export_options->directory, "Where to")->required();
  AddTrustOptions(exported, &export_options->trust);
}

}  // namespace gusu::cli
