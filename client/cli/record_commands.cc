// gusu show, history, list: records as they are stored.
#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/time_text.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

struct ShowOptions {
  std::string identifier;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<Record> record = client->GetRecord(options.identifier);
  if (!record.ok()) return session.FailureOf(record.status());
  if (session.json()) {
    session.out() << ToJson(*record) << '\n';
  } else {
    PrintRecord(session, *record);
  }
  return std::nullopt;
}

struct HistoryOptions {
  std::string identifier;
  uint64_t limit = 0;
};

MaybeFailure History(Session& session, const HistoryOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListRevisions({options.identifier}), options.limit,
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

struct ListOptions {
  std::string prefix;
  std::string state;
  std::string level;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListRecordsRequest request;
  request.parent = WithCollection("prefixes", options.prefix);
  const auto state = ToEnumeration<State>(options.state, "state", kStateChoices);
  if (!state.ok()) return state.failure();
  request.state = *state;
  const auto level = ToEnumeration<Level>(options.level, "level", kLevelChoices);
  if (!level.ok()) return level.failure();
  request.level = *level;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(session, client->ListRecords(std::move(request)), options.limit,
                      RecordHeadings(), ToRecordCells);
}

}  // namespace

void AddRecordCommands(Program* program) {
  const auto [show, show_options] = AddCommand<ShowOptions>(
      program, &program->app, "show",
      "Show a record as stored, without inherited values; for its holder, owner and the bureau",
      "  gusu --token-file sz-pumps.token show 88.118.8/HP-1", Show);
  show->add_option("code", show_options->identifier, "Identifier")->required();

  const auto [history, history_options] = AddCommand<HistoryOptions>(
      program, &program->app, "history", "Show every revision of a record, newest first",
      "  gusu --token-file sz-pumps.token history 88.118.8/HP-1\n"
      "  gusu history 88.118.8/HP-1 --limit 1 --json",
      History);
  history->add_option("code", history_options->identifier, "Identifier")->required();
  history->add_option("--limit", history_options->limit, "At most so many; 0: all");

  const auto [list, list_options] = AddCommand<ListOptions>(
      program, &program->app, "list", "List the records of a prefix in the order of codes",
      "  gusu --token-file sz-pumps.token list 88.118.8 --state active --level model\n"
      "  gusu list 88.118.8 --json > records.jsonl      (gusu import reads it)",
      List);
  list->add_option("prefix", list_options->prefix, "Prefix")->required();
  list->add_option("--state", list_options->state, "Only reserved, active, suspended or retired");
  list->add_option("--level", list_options->level, "Only model, batch or item");
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");
}

}  // namespace gusu::cli
