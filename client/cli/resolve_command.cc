// gusu resolve: from codes to records.
#include <fstream>
#include <iostream>

#include "client/cli/line_reader.h"
#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/site_text.h"
#include "client/cli/table.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

constexpr size_t kIdentifierLineBytesMax = 4096;
constexpr size_t kTableRowsMax = 200;

struct ResolveCommandOptions {
  std::vector<std::string> identifiers;
  std::string file;
  std::string as_of;
  std::vector<std::string> types;
  std::vector<uint32_t> indexes;
};

OrFailure<ResolveOptions> ToResolveOptions(const ResolveCommandOptions& options) {
  ResolveOptions resolve;
  resolve.types = options.types;
  resolve.indexes = options.indexes;
  if (IsDate(options.as_of)) {
    resolve.as_of_date = options.as_of;
    return resolve;
  }
  const auto time = ParseTimeIfGiven(options.as_of);
  if (!time.ok()) {
    return UsageFailure("'" + options.as_of + "' is neither a date nor a time",
                        "for example 2026-11-23 or 2026-11-23T08:00:00+08:00");
  }
  resolve.as_of_time = *time;
  return resolve;
}

void PrintReferral(Session& session, const Referral& referral) {
  session.out() << "Not resolved here: " << referral.prefix
                << " is delegated. Any of these answers:\n\n";
  for (const Site& site : referral.sites) session.out() << "  " << ToSiteText(site) << '\n';
}

void PrintAnswer(Session& session, const ResolveAnswer& answer, bool as_of) {
  if (answer.referral) return PrintReferral(session, *answer.referral);
  PrintRecord(session, answer.record);
  if (answer.holder_state != RegistrantState::kActive &&
      answer.holder_state != RegistrantState::kUnspecified) {
    session.out() << "\nThe prefix's holder is " << ToText(answer.holder_state) << ".\n";
  }
  PrintWithheld(session, answer.values_withheld_count, answer.withheld_tiers);
  if (as_of) {
    session.out() << "\nAs of " << RevisionToLocalText(answer.read_revision) << ".\n";
  }
}

MaybeFailure ResolveOne(Session& session, Client& client, const std::string& identifier,
                        const ResolveOptions& options) {
  const Result<ResolveAnswer> answer = client.Resolve(identifier, options);
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    PrintAnswer(session, *answer, options.as_of_time.has_value() || !options.as_of_date.empty());
  }
  return std::nullopt;
}

// One row an outcome, printed in chunks as outcomes arrive.
class OutcomePrinter {
 public:
  explicit OutcomePrinter(Session& session) : session_(session) {}

  void Print(const ResolveOutcome& outcome) {
    ++outcomes_count_;
    if (!outcome.answer.ok()) ++failures_count_;
    if (session_.json()) {
      session_.out() << ToJson(outcome) << '\n';
      return;
    }
    if (outcome.answer.ok() && outcome.answer->referral) {
      const Referral& referral = *outcome.answer->referral;
      std::string sites;
      for (const Site& site : referral.sites) {
        sites += " " + ToSiteText(site);
      }
      table_.AddRow({outcome.identifier, "REFERRED", "", "", referral.prefix + ":" + sites});
    } else if (outcome.answer.ok()) {
      table_.AddRow(ToRecordCells(outcome.answer->record));
    } else {
      const Status& status = outcome.answer.status();
      table_.AddRow({outcome.identifier, status.reason, "", "", status.message});
    }
    if (outcomes_count_ % kTableRowsMax == 0) Flush();
  }
  void Flush() {
    table_.Print(session_.out(), session_.colour());
    session_.out().flush();
    table_ = Table(RecordHeadings());
  }
  uint64_t outcomes_count() const { return outcomes_count_; }
  uint64_t failures_count() const { return failures_count_; }

 private:
  Session& session_;
  Table table_{RecordHeadings()};
  uint64_t outcomes_count_ = 0;
  uint64_t failures_count_ = 0;
};

// The next line that is not empty, without space around it; an overlong one is cut, and so refused.
std::optional<std::string> NextIdentifier(LineReader* lines) {
  Line line;
  while (lines->Next(&line)) {
    const size_t first = line.text.find_first_not_of(" \t");
    if (first == std::string::npos) continue;
    return line.text.substr(first, line.text.find_last_not_of(" \t") - first + 1);
  }
  return std::nullopt;
}

MaybeFailure ResolveMany(Session& session, Client& client, const ResolveCommandOptions& options,
                         const ResolveOptions& resolve) {
  std::ifstream file;
  if (!options.file.empty() && options.file != "-") {
    file.open(options.file);
    if (!file) return FileFailure("cannot read " + options.file);
  }
  LineReader lines(options.file == "-" ? std::cin : file, kIdentifierLineBytesMax);
  size_t next_given = 0;
  const auto next = [&]() -> std::optional<std::string> {
    if (next_given < options.identifiers.size()) return options.identifiers[next_given++];
    return options.file.empty() ? std::nullopt : NextIdentifier(&lines);
  };
  OutcomePrinter printer(session);
  ResolveManyOptions many;
  many.resolve = resolve;
  const Status status = client.ResolveMany(
      next, [&printer](const ResolveOutcome& outcome) { printer.Print(outcome); }, many);
  printer.Flush();
  if (!status.ok()) return session.FailureOf(status);
  if (file.bad()) return FileFailure("cannot read " + options.file + " to its end");
  if (printer.failures_count() == 0) return std::nullopt;
  if (!session.json()) {
    session.err() << printer.failures_count() << " of " << printer.outcomes_count()
                  << " codes have no answer\n";
  }
  return ToldFailure(ExitCode::kNegative);
}

MaybeFailure Resolve(Session& session, const ResolveCommandOptions& options) {
  if (options.identifiers.empty() && options.file.empty()) {
    return UsageFailure("which code?", "gusu resolve 88.118.8/HP-1, or --file FILE");
  }
  OrFailure<ResolveOptions> resolve = ToResolveOptions(options);
  if (!resolve.ok()) return resolve.failure();
  resolve->reason = session.flags().reason;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  if (options.identifiers.size() == 1 && options.file.empty()) {
    return ResolveOne(session, *client, options.identifiers.front(), *resolve);
  }
  return ResolveMany(session, *client, options, *resolve);
}

}  // namespace

void AddResolveCommand(Program* program) {
  const auto [command, options] = AddCommand<ResolveCommandOptions>(
      program, &program->app, "resolve", "Show what codes stand for; needs no credential",
      "  gusu resolve 88.118.8/HP-1\n"
      "  gusu resolve 88.118.8/HP-1 --as-of 2026-11-23 --json\n"
      "  gusu resolve 88.118.8/HP-1 --type URL --index 2000\n"
      "  gusu --data /var/lib/gusu resolve 88.118.8/HP-1 --reason \"inspection 4711\"\n"
      "  gusu resolve --file scans.txt --json > records.jsonl     (exit code 1: some have no "
      "answer)",
      Resolve);
  command->add_option("codes", options->identifiers, "Identifiers");
  command->add_option("--file", options->file,
                      "File with an identifier a line; - for standard input");
  command->add_option("--as-of", options->as_of,
                      "The answer of then: a date (its end) or a time, RFC 3339");
  AddRepeated(command, "--type", &options->types,
              "Only values of this type; with a dot at its end, all that begin so");
  command->add_option("--index", options->indexes, "Only the value with this index")
      ->allow_extra_args(false);
}

}  // namespace gusu::cli
