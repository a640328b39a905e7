// gusu history: every revision of a record, and what differs between any two.
#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

#include "client/cli/key_value.h"
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/revision_difference.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

struct HistoryOptions {
  std::string identifier;
  std::vector<std::string> difference;  // two revisions, or none
  uint64_t limit = 0;
};

MaybeFailure PrintRevisions(Session& session, Client& client, const HistoryOptions& options) {
  ListRevisionsRequest request;
  request.name = options.identifier;
  request.reason = session.flags().reason;
  return PrintListing(session, client.ListRevisions(std::move(request)), options.limit,
                      {"REVISION", "COMMITTED", "LEAF", "OPERATION", "STATE", "ERASED", "BY", "FOR",
                       "EFFECTIVE", "REASON"},
                      [](const RecordRevision& revision) -> std::vector<std::string> {
                        return {std::to_string(revision.receipt.revision),
                                ToLocalText(revision.receipt.commit_time),
                                std::to_string(revision.receipt.leaf_index),
                                revision.operation,
                                std::string(ToText(revision.record.state)),
                                ToErasedTiers(revision.record),
                                revision.actor,
                                revision.on_behalf_of,
                                ToLocalText(revision.record.effective_time),
                                revision.reason};
                      });
}

// A revision as it is named on the command line.
struct RevisionName {
  std::string text;
  uint64_t number = 0;  // 0: first or latest
  bool is_latest() const { return text == "latest"; }
};

OrFailure<RevisionName> ParseRevision(const std::string& text) {
  RevisionName name{text};
  if (text == "first" || text == "latest") return name;
  if (ParseNumber(text, &name.number) && name.number > 0) return name;
  return UsageFailure("'" + text + "' is no revision",
                      "a number of gusu history, or first or latest");
}

// Both revisions, in one walk through the history; it holds two of them at most.
OrFailure<std::pair<Record, Record>> FindRevisions(Session& session, Client& client,
                                                   const HistoryOptions& options,
                                                   const RevisionName& before,
                                                   const RevisionName& after) {
  ListRevisionsRequest request;
  request.name = options.identifier;
  request.reason = session.flags().reason;
  std::pair<std::optional<Record>, std::optional<Record>> found;
  bool is_first_item = true;
  for (Result<RecordRevision>& revision : client.ListRevisions(std::move(request))) {
    if (!revision.ok()) return session.FailureOf(revision.status());
    const auto take = [&](const RevisionName& name, std::optional<Record>* record) {
      const bool is_it = name.number != 0   ? revision->receipt.revision == name.number
                         : name.is_latest() ? is_first_item
                                            : true;  // the last one told is the first made
      if (is_it) *record = revision->record;
    };
    take(before, &found.first);
    take(after, &found.second);
    is_first_item = false;
    const bool needs_first = before.text == "first" || after.text == "first";
    if (found.first && found.second && !needs_first) break;
  }
  for (const auto& [name, record] :
       {std::pair(&before, &found.first), std::pair(&after, &found.second)}) {
    if (*record) continue;
    return Failure{ExitCode::kNotFound,
                   "REVISION_NOT_FOUND",
                   options.identifier + " has no revision " + name->text,
                   "gusu history " + options.identifier + " lists them",
                   {{"revision", name->text}}};
  }
  return std::pair(*std::move(found.first), *std::move(found.second));
}

void PrintDifferences(Session& session, const Record& before, const Record& after) {
  const std::vector<RevisionDifference> differences = Differences(before, after);
  if (session.json()) {
    nlohmann::ordered_json json = {{"identifier", after.identifier},
                                   {"before", before.revision},
                                   {"after", after.revision},
                                   {"differences", nlohmann::ordered_json::array()}};
    for (const RevisionDifference& difference : differences) {
      json["differences"].push_back({{"field", difference.field},
                                     {"before", difference.before},
                                     {"after", difference.after}});
    }
    session.out() << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return;
  }
  session.out() << after.identifier << ": " << before.revision << " ("
                << RevisionToLocalText(before.revision) << ") -> " << after.revision << " ("
                << RevisionToLocalText(after.revision) << ")\n\n";
  Table table({"FIELD", "BEFORE", "AFTER"});
  for (const RevisionDifference& difference : differences) {
    table.AddRow({difference.field, difference.before, difference.after});
  }
  if (table.empty()) {
    session.out() << "(no difference)\n";
  } else {
    table.Print(session.out(), session.colour());
  }
  const Record& fewer = before.values_withheld_count > after.values_withheld_count ? before : after;
  PrintWithheld(session, fewer.values_withheld_count, fewer.withheld_tiers);
}

MaybeFailure History(Session& session, const HistoryOptions& options) {
  if (options.difference.empty()) {
    OrFailure<Client> client = session.Connect();
    if (!client.ok()) return client.failure();
    return PrintRevisions(session, *client, options);
  }
  const OrFailure<RevisionName> before = ParseRevision(options.difference[0]);
  if (!before.ok()) return before.failure();
  const OrFailure<RevisionName> after = ParseRevision(options.difference[1]);
  if (!after.ok()) return after.failure();
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const auto records = FindRevisions(session, *client, options, *before, *after);
  if (!records.ok()) return records.failure();
  PrintDifferences(session, records->first, records->second);
  return std::nullopt;
}

}  // namespace

void AddHistoryCommand(Program* program) {
  const auto [history, options] = AddCommand<HistoryOptions>(
      program, &program->app, "history",
      "Show every revision of a record, newest first, or what differs between two",
      "  gusu --token-file sz-pumps.token history 88.118.8/HP-1\n"
      "  gusu history 88.118.8/HP-1 --limit 1 --json\n"
      "  gusu history 88.118.8/HP-1 --diff first latest\n"
      "  gusu history 88.118.8/HP-1 --diff 1790000000000000 1790000000000123",
      History);
  history->add_option("code", options->identifier, "Identifier")->required();
  history
      ->add_option("--diff", options->difference,
                   "Two revisions: numbers, first or latest; values by index")
      ->expected(2);
  history->add_option("--limit", options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
