// gusu show, hold, unhold: a record as it is stored, and what keeps it as it is.
#include <CLI/App.hpp>

#include "client/cli/key_value.h"
#include "client/cli/program.h"
#include "client/cli/record_text.h"
#include "client/cli/write_options.h"
#include "gusu/json.h"

namespace gusu::cli {
namespace {

struct ShowOptions {
  std::string identifier;
};

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<Record> record =
      client->GetRecord(GetRecordRequest{options.identifier, session.flags().reason});
  if (!record.ok()) return session.FailureOf(record.status());
  if (session.json()) {
    session.out() << ToJson(*record) << '\n';
  } else {
    PrintRecord(session, *record);
    PrintWithheld(session, record->values_withheld_count, record->withheld_tiers);
  }
  return std::nullopt;
}

struct HoldOptions {
  std::string identifier;
  std::string number;
  std::string document_number;
  std::string etag;
  std::string request_id;
};

// What holding and lifting have in common.
template <typename Request>
MaybeFailure FillIn(const Session& session, const HoldOptions& options, Request* request) {
  request->name = options.identifier;
  request->reason = session.flags().reason;
  if (request->reason.empty()) {
    return UsageFailure("a --reason is required", "it is kept in the record's history");
  }
  request->etag = options.etag;
  request->request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;
  return std::nullopt;
}

MaybeFailure PlaceHold(Session& session, const HoldOptions& options) {
  HoldRecordRequest request;
  if (MaybeFailure failure = FillIn(session, options, &request)) return failure;
  request.document_number = options.document_number;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<RecordAnswer> answer = client->HoldRecord(std::move(request));
  if (MaybeFailure failure = PrintChange(session, answer)) return failure;
  if (session.json() || answer->record.holds.empty()) return std::nullopt;
  const Hold& hold = answer->record.holds.back();
  session.out() << "Hold " << hold.number << ": " << ToHoldText(hold) << '\n';
  return std::nullopt;
}

MaybeFailure LiftHold(Session& session, const HoldOptions& options) {
  UnholdRecordRequest request;
  uint64_t number = 0;
  if (!ParseNumber(options.number, &number) || number == 0 || number > UINT32_MAX) {
    return UsageFailure("'" + options.number + "' is no number of a hold",
                        "gusu resolve " + options.identifier + " shows them");
  }
  request.number = static_cast<uint32_t>(number);
  if (MaybeFailure failure = FillIn(session, options, &request)) return failure;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintChange(session, client->UnholdRecord(std::move(request)));
}

void AddGuards(CLI::App* command, HoldOptions* options) {
  command->add_option("--etag", options->etag, "Only if the record is still as it was read");
  command->add_option("--request-id", options->request_id,
                      "Makes a repetition the same request; 1 to 64 bytes");
}

}  // namespace

void AddRecordCommands(Program* program) {
  const auto [show, show_options] = AddCommand<ShowOptions>(
      program, &program->app, "show",
      "Show a record as stored, without inherited values; for its holder, owner and the bureau",
      "  gusu --token-file sz-pumps.token show 88.118.8/HP-1\n"
      "  gusu --data /var/lib/gusu show 88.118.8/HP-1 --reason \"inspection 4711\"\n"
      "With --reason the bureau reads all values; the registrant sees that in the audit log.",
      Show);
  show->add_option("code", show_options->identifier, "Identifier")->required();

  const auto [hold, hold_options] = AddCommand<HoldOptions>(
      program, &program->app, "hold",
      "Keep a record as it is: nobody changes it until the side that placed the hold lifts it",
      "  gusu hold 88.118.8/HP-1 --reason \"claim under way\" --document C-4711\n"
      "  gusu --data /var/lib/gusu hold 88.118.8/HP-1 --reason seized --document 2026-88",
      PlaceHold);
  hold->add_option("code", hold_options->identifier, "Identifier")->required();
  hold->add_option("--document", hold_options->document_number,
                   "Number of the order or report that it rests on");
  AddGuards(hold, hold_options);

  const auto [unhold, unhold_options] = AddCommand<HoldOptions>(
      program, &program->app, "unhold", "Lift a hold, by the side that placed it",
      "  gusu unhold 88.118.8/HP-1 1 --reason \"claim settled\"", LiftHold);
  unhold->add_option("code", unhold_options->identifier, "Identifier")->required();
  unhold->add_option("number", unhold_options->number, "Of the hold")->required();
  AddGuards(unhold, unhold_options);
}

}  // namespace gusu::cli
