// gusu import: a file of rows through one stream.
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "client/cli/import_source.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/rejects.h"
#include "client/cli/table.h"

namespace gusu::cli {
namespace {

constexpr size_t kWindowRows = 20000;
constexpr size_t kMessageRows = 500;
constexpr size_t kFileBufferBytes = 1024 * 1024;

struct ImportOptions {
  std::string file;
  std::string format;
  std::string rejects;
  ImportDefaults defaults;
};

// What became of the rows so far; shared by the reading thread and the stream's.
class Tally {
 public:
  struct Counts {
    uint64_t read = 0, created = 0, unchanged = 0, refused = 0, unanswered = 0;
  };

  explicit Tally(Rejects* rejects) : rejects_(rejects) {}  // not owned

  void AddFault(const ImportRow& row) {
    const std::lock_guard lock(mutex_);
    ++counts_.read;
    ++counts_.refused;
    rejects_->Add({row.row, row.line, row.registration.identifier, "ROW_MALFORMED", row.fault});
  }
  // Before the row is written to the stream.
  void Expect(const ImportRow& row) {
    const std::lock_guard lock(mutex_);
    ++counts_.read;
    expected_.push_back({row.row, row.line, row.registration.identifier, "", ""});
  }
  // Outcomes come in the order of rows.
  void AddOutcome(const RowOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    Reject row = std::move(expected_.front());
    expected_.pop_front();
    if (outcome.result.ok()) {
      ++(outcome.result->outcome == Outcome::kUnchanged ? counts_.unchanged : counts_.created);
      return;
    }
    const Status& status = outcome.result.status();
    if (status.code == StatusCode::kUnknownOutcome || status.code == StatusCode::kUnavailable ||
        status.code == StatusCode::kUnauthenticated) {
      // Not this row's fault: no row after it would fare better.
      ++counts_.unanswered;
      if (stop_.ok()) stop_ = status;
      return;
    }
    ++counts_.refused;
    row.reason = status.reason.empty() ? std::string(ToText(status.code)) : status.reason;
    row.message = status.message;
    rejects_->Add(row);
  }
  Counts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  // Why reading on is useless; OK otherwise.
  Status stop() const {
    const std::lock_guard lock(mutex_);
    return stop_;
  }

 private:
  mutable std::mutex mutex_;
  Rejects* rejects_;
  std::deque<Reject> expected_;  // at most the stream's window and a row
  Counts counts_;
  Status stop_;
};

void PrintSummary(Session& session, const ImportOptions& options, const Tally::Counts& counts,
                  double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(counts.read) / seconds : 0;
  if (session.json()) {
    nlohmann::ordered_json summary = {
        {"rows_read", counts.read},        {"created", counts.created},
        {"unchanged", counts.unchanged},   {"refused", counts.refused},
        {"unanswered", counts.unanswered}, {"seconds", seconds}};
    if (!options.rejects.empty()) summary["rejects_file"] = options.rejects;
    session.out() << summary.dump() << '\n';
    return;
  }
  Table table;
  table.AddRow({"Rows read", WithThousands(counts.read)});
  table.AddRow({"Created", WithThousands(counts.created)});
  table.AddRow({"Unchanged", WithThousands(counts.unchanged)});
  table.AddRow(
      {"Refused",
       WithThousands(counts.refused) +
           (counts.refused > 0 && !options.rejects.empty() ? ", see " + options.rejects : "")});
  if (counts.unanswered > 0) table.AddRow({"Unanswered", WithThousands(counts.unanswered)});
  char time[64];
  std::snprintf(time, sizeof time, "%.1f s", seconds);
  table.AddRow({"Time", time + (", " + WithThousands(static_cast<uint64_t>(rate))) + " rows/s"});
  table.Print(session.out(), false);
}

// Reads all rows and writes those that are well-formed to the stream.
void Pump(ImportSource* source, RegisterStream* stream, Tally* tally, Progress* progress) {
  ImportRow row;
  while (source->Next(&row) && tally->stop().ok()) {
    if (row.fault.empty()) {
      tally->Expect(row);
      if (!stream->Write(std::move(row.registration)).ok()) return;
    } else {
      tally->AddFault(row);
    }
    const Tally::Counts counts = tally->counts();
    progress->Show(source->bytes_read(), counts.read, counts.refused);
  }
}

OrFailure<std::unique_ptr<ImportSource>> OpenSource(const ImportOptions& options,
                                                    std::istream& in) {
  const std::string extension = std::filesystem::path(options.file).extension().string();
  const bool json_lines =
      options.format == "jsonl" ||
      (options.format.empty() &&
       (extension == ".jsonl" || extension == ".ndjson" || extension == ".json"));
  if (json_lines) return OpenJsonLinesSource(in, options.defaults);
  return OpenCsvSource(in, options.defaults);
}

MaybeFailure Run(Session& session, const ImportOptions& options, std::istream& in,
                 uint64_t bytes_total) {
  OrFailure<std::unique_ptr<ImportSource>> source = OpenSource(options, in);
  if (!source.ok()) return source.failure();
  Rejects rejects(options.rejects);
  if (!rejects.ok()) return FileFailure("cannot write " + options.rejects);
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();

  Tally tally(&rejects);
  RegisterStreamOptions stream_options;
  stream_options.window_rows = kWindowRows;
  stream_options.message_rows = kMessageRows;
  stream_options.on_behalf_of = *on_behalf_of;
  stream_options.on_outcome = [&tally](const RowOutcome& outcome) { tally.AddOutcome(outcome); };
  double seconds = 0;
  {
    Progress progress(session.err(), session.is_watched(), bytes_total);
    const std::unique_ptr<RegisterStream> stream = client->OpenRegisterStream(stream_options);
    Pump(source->get(), stream.get(), &tally, &progress);
    stream->Finish();
    seconds = progress.elapsed_seconds();
  }
  const Tally::Counts counts = tally.counts();
  session.err() << rejects.told();
  PrintSummary(session, options, counts, seconds);
  if (!rejects.Close()) return FileFailure("cannot write " + options.rejects);
  if (const Status stop = tally.stop(); !stop.ok()) {
    Failure failure = session.FailureOf(stop);
    if (failure.exit_code == ExitCode::kOutcomeUnknown) {
      failure.hint = "repeat the same command: rows that are registered stay UNCHANGED";
    }
    return failure;
  }
  if (in.bad()) return FileFailure("cannot read " + options.file + " to its end");
  if (counts.refused > 0) return ToldFailure(ExitCode::kNegative);
  return std::nullopt;
}

MaybeFailure Import(Session& session, const ImportOptions& options) {
  if (!options.format.empty() && options.format != "csv" && options.format != "jsonl") {
    return UsageFailure("'" + options.format + "' is no format", "one of csv, jsonl");
  }
  if (options.file == "-") return Run(session, options, std::cin, 0);
  std::vector<char> buffer(kFileBufferBytes);
  std::ifstream file;
  file.rdbuf()->pubsetbuf(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  file.open(options.file, std::ios::binary);
  std::error_code error;
  const bool is_directory = std::filesystem::is_directory(options.file, error);
  if (!file || is_directory) return FileFailure("cannot read " + options.file);
  const uintmax_t size = std::filesystem::file_size(options.file, error);
  return Run(session, options, file, error ? 0 : size);
}

}  // namespace

void AddImportCommand(Program* program) {
  const auto [command, options] = AddCommand<ImportOptions>(
      program, &program->app, "import",
      "Register the rows of a file; rows that are registered already stay unchanged, so that it "
      "can "
      "be repeated",
      "  gusu --token-file sz-pumps.token import products.csv --rejects rejects.csv\n"
      "  gusu import models.csv --prefix 88.118.8 --template product --level model\n"
      "  gusu list 88.118.8 --json | gusu --profile other import - --format jsonl\n"
      "CSV begins with a heading: identifier,template,level,instance_of and a column a value:\n"
      "  identifier,template,name,model,1:URL,partner:cost\n"
      "  88.118.8/HP-1,product,Pump,HP,https://example.com/hp1,\n"
      "JSON lines:\n"
      "  "
      "{\"identifier\":\"88.118.8/HP-1\",\"template\":\"product\",\"values\":{\"name\":\"Pump\"}}\n"
      "Exit code 1: rows were refused.",
      Import);
  command->add_option("file", options->file, "CSV or JSON lines; - for standard input")->required();
  command->add_option("--format", options->format,
                      "csv or jsonl; default: jsonl for *.jsonl, *.ndjson and *.json, else csv");
  command->add_option("--rejects", options->rejects,
                      "Writes row, line, identifier, reason and message of refused rows, as CSV");
  command->add_option("--prefix", options->defaults.prefix,
                      "Put before identifiers that do not begin with it");
  command->add_option("--template", options->defaults.template_id, "Of rows that name none");
  command->add_option("--level", options->defaults.level, "Of rows that name none");
  command->add_option("--instance-of", options->defaults.instance_of, "Of rows that name none");
}

}  // namespace gusu::cli
