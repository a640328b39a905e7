// gusu transfer: records pass from one registrant to another, offered and accepted.
#include <CLI/App.hpp>
#include <algorithm>

#include "client/cli/listing.h"
#include "client/cli/program.h"
#include "client/cli/progress.h"
#include "client/cli/record_text.h"
#include "client/cli/time_text.h"
#include "client/cli/transfer_lists.h"
#include "client/cli/write_options.h"

namespace gusu::cli {
namespace {

constexpr char kTransferStates[] = "offered, accepted, declined, withdrawn, expired, ended";

std::string WhatPasses(const Transfer& transfer) {
  if (transfer.ownership && transfer.custody) return "ownership and custody";
  return transfer.ownership ? "ownership" : "custody";
}

MaybeFailure PrintAnswer(Session& session, const Result<TransferAnswer>& answer) {
  if (!answer.ok()) return session.FailureOf(answer.status());
  if (session.json()) {
    session.out() << ToJson(*answer) << '\n';
  } else {
    const Transfer& transfer = answer->transfer;
    session.out() << ToText(transfer.state) << ' ' << transfer.name << ": " << WhatPasses(transfer)
                  << " from " << transfer.from << " to " << transfer.to << "  ("
                  << ToReceiptText(answer->receipt) << ")\n";
  }
  return std::nullopt;
}

// Prints the account, then why it stopped early, if it did; exit code 1 when a row is not good.
MaybeFailure FinishList(Session& session, const std::vector<CodeRow>& rows,
                        const std::vector<std::string>& good, const std::string& account,
                        const Status& stop) {
  if (MaybeFailure failure = PrintAccount(session, rows, good, account)) return failure;
  if (!stop.ok()) {
    Failure failure = session.FailureOf(stop);
    if (failure.exit_code == ExitCode::kOutcomeUnknown ||
        failure.exit_code == ExitCode::kUnreachable) {
      failure.hint = "repeat the same command: what was done stays as it is";
    }
    return failure;
  }
  for (const CodeRow& row : rows) {
    if (std::find(good.begin(), good.end(), row.outcome) == good.end()) {
      return ToldFailure(ExitCode::kNegative);
    }
  }
  return std::nullopt;
}

// ----------------------------------------------------------------------------------------- offer

struct OfferOptions {
  std::vector<std::string> identifiers;
  std::string file;
  std::string range_from;
  std::string range_to;
  std::string to;
  bool ownership = false;
  bool custody = false;
  std::string expires;
  std::string reference;
  std::string request_id;
  std::string account;
};

MaybeFailure CheckOffer(const OfferOptions& options) {
  const int sources = (options.identifiers.empty() ? 0 : 1) + (options.file.empty() ? 0 : 1) +
                      (options.range_from.empty() && options.range_to.empty() ? 0 : 1);
  if (sources != 1) {
    return UsageFailure("which codes?",
                        "name some, or --file FILE, or --range-from CODE --range-to CODE");
  }
  if (options.range_from.empty() != options.range_to.empty()) {
    return UsageFailure("a part of a range has two ends", "--range-from CODE --range-to CODE");
  }
  if (!options.ownership && !options.custody) {
    return UsageFailure("what passes?", "--ownership, --custody or both");
  }
  if (!options.file.empty() && !options.request_id.empty()) {
    return UsageFailure("--request-id is of one offer, and a list may take several",
                        "leave it out: the same list again makes no second offer");
  }
  return std::nullopt;
}

MaybeFailure FillOffer(const Session& session, const OfferOptions& options,
                       OfferTransferRequest* request) {
  Transfer& transfer = request->transfer;
  transfer.to = WithCollection("registrants", options.to);
  transfer.ownership = options.ownership;
  transfer.custody = options.custody;
  transfer.reference = options.reference;
  if (!options.range_from.empty()) {
    transfer.range = TransferRange{options.range_from, options.range_to};
  }
  for (const std::string& identifier : options.identifiers) {
    transfer.items.push_back({identifier, TransferItemState::kUnspecified});
  }
  if (!options.expires.empty()) {
    // A duration counts from the day's beginning, so that the same command is the same offer.
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const auto time = ParseExpiry(options.expires, ToTimestamp(today));
    if (!time.ok()) return time.failure();
    transfer.expire_time = *time;
  }
  request->reason = session.flags().reason;
  request->request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;
  return std::nullopt;
}

MaybeFailure Offer(Session& session, const OfferOptions& options) {
  if (MaybeFailure failure = CheckOffer(options)) return failure;
  OfferTransferRequest request;
  if (MaybeFailure failure = FillOffer(session, options, &request)) return failure;
  std::vector<CodeRow> rows;
  if (!options.file.empty()) {
    OrFailure<std::vector<CodeRow>> read = ReadCodesFile(options.file);
    if (!read.ok()) return read.failure();
    rows = std::move(*read);
    if (rows.empty()) return FileFailure(options.file + " has no codes");
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  if (options.file.empty()) return PrintAnswer(session, client->OfferTransfer(std::move(request)));
  const Status stop = OfferList(*client, request, &rows);
  return FinishList(session, rows, {kOffered, kDuplicate}, options.account, stop);
}

// ------------------------------------------------------------------- accept, decline, withdraw

struct DecisionOptions {
  std::string name;
  std::vector<std::string> identifiers;
  std::string file;
  std::string from;
  std::string account;
  std::string etag;
  std::string request_id;
};

template <typename Request>
MaybeFailure FillDecision(const Session& session, const DecisionOptions& options,
                          Request* request) {
  if (!options.name.empty()) request->name = WithCollection("transfers", options.name);
  request->reason = session.flags().reason;
  request->etag = options.etag;
  request->request_id = options.request_id;
  const auto on_behalf_of = session.OnBehalf();
  if (!on_behalf_of.ok()) return on_behalf_of.failure();
  request->on_behalf_of = *on_behalf_of;
  return std::nullopt;
}

MaybeFailure AcceptFile(Session& session, const DecisionOptions& options,
                        const AcceptTransferRequest& like) {
  if (!options.identifiers.empty() || !options.request_id.empty() || !options.etag.empty()) {
    return UsageFailure("--file is a list of its own, of as many offers as it takes",
                        "without codes, --etag and --request-id; it may be repeated");
  }
  OrFailure<std::vector<CodeRow>> rows = ReadCodesFile(options.file);
  if (!rows.ok()) return rows.failure();
  if (rows->empty()) return FileFailure(options.file + " has no codes");
  DeliveryOptions delivery;
  if (like.on_behalf_of) delivery.parent = like.on_behalf_of->registrant;
  if (!options.from.empty()) delivery.from = WithCollection("registrants", options.from);
  delivery.transfer = like.name;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Status stop = AcceptDelivery(*client, delivery, like, &*rows);
  return FinishList(session, *rows, {kAccepted, kAcceptedBefore, kDuplicate}, options.account,
                    stop);
}

MaybeFailure Accept(Session& session, const DecisionOptions& options) {
  AcceptTransferRequest request;
  if (MaybeFailure failure = FillDecision(session, options, &request)) return failure;
  if (!options.file.empty()) return AcceptFile(session, options, request);
  if (options.name.empty()) {
    return UsageFailure("which offer?", "name it, or --file FILE with what was delivered");
  }
  request.identifiers = options.identifiers;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->AcceptTransfer(std::move(request)));
}

MaybeFailure Decline(Session& session, const DecisionOptions& options) {
  DeclineTransferRequest request;
  if (MaybeFailure failure = FillDecision(session, options, &request)) return failure;
  if (request.reason.empty()) {
    return UsageFailure("a --reason is required", "it is shown to who offered");
  }
  request.identifiers = options.identifiers;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->DeclineTransfer(std::move(request)));
}

MaybeFailure Withdraw(Session& session, const DecisionOptions& options) {
  WithdrawTransferRequest request;
  if (MaybeFailure failure = FillDecision(session, options, &request)) return failure;
  if (request.reason.empty()) {
    return UsageFailure("a --reason is required", "it is kept in the audit log");
  }
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintAnswer(session, client->WithdrawTransfer(std::move(request)));
}

// ------------------------------------------------------------------------------------- list, show

struct ListOptions {
  std::string registrant;
  bool incoming = false;
  bool outgoing = false;
  std::string state;
  uint64_t limit = 0;
};

MaybeFailure List(Session& session, const ListOptions& options) {
  ListTransfersRequest request;
  if (!options.registrant.empty()) {
    request.parent = WithCollection("registrants", options.registrant);
  }
  if (options.incoming != options.outgoing) {
    request.direction =
        options.incoming ? TransferDirection::kIncoming : TransferDirection::kOutgoing;
  }
  const auto state = ToEnumeration<TransferState>(options.state, "state", kTransferStates);
  if (!state.ok()) return state.failure();
  request.state = *state;
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  return PrintListing(
      session, client->ListTransfers(std::move(request)), options.limit,
      {"TRANSFER", "STATE", "FROM", "TO", "WHAT", "REFERENCE", "OFFERED", "EXPIRES"},
      [](const Transfer& transfer) -> std::vector<std::string> {
        return {transfer.name,
                std::string(ToText(transfer.state)),
                transfer.from,
                transfer.to,
                WhatPasses(transfer),
                transfer.reference,
                ToLocalText(transfer.create_time),
                ToLocalText(transfer.expire_time)};
      });
}

struct ShowOptions {
  std::string name;
};

void PrintTransfer(Session& session, const Transfer& transfer) {
  Table table;
  const auto add = [&table](const std::string& name, const std::string& value) {
    if (!value.empty()) table.AddRow({name, value});
  };
  add("Transfer", transfer.name);
  add("State", std::string(ToText(transfer.state)));
  add("Because", transfer.state_reason);
  add("From", transfer.from);
  add("To", transfer.to);
  add("What passes", WhatPasses(transfer));
  if (transfer.range) {
    add("Codes", transfer.range->first_identifier + " to " + transfer.range->last_identifier);
  } else {
    add("Codes", WithThousands(transfer.items.size()));
  }
  add("Reference", transfer.reference);
  add("Offered", ToLocalText(transfer.create_time));
  add("Changed", ToLocalText(transfer.update_time));
  add("Expires", ToLocalText(transfer.expire_time));
  add("ETag", transfer.etag);
  table.Print(session.out(), false);
  Table items({"CODE", "STATE"});
  for (const TransferItem& item : transfer.items) {
    items.AddRow({item.identifier, std::string(ToText(item.state))});
  }
  if (items.empty()) return;
  session.out() << '\n';
  items.Print(session.out(), session.colour());
}

MaybeFailure Show(Session& session, const ShowOptions& options) {
  OrFailure<Client> client = session.Connect();
  if (!client.ok()) return client.failure();
  const Result<Transfer> transfer = client->GetTransfer(WithCollection("transfers", options.name));
  if (!transfer.ok()) return session.FailureOf(transfer.status());
  if (session.json()) {
    session.out() << ToJson(*transfer) << '\n';
  } else {
    PrintTransfer(session, *transfer);
  }
  return std::nullopt;
}

// -------------------------------------------------------------------------------- the commands

void AddOffer(Program* program, CLI::App* family) {
  const auto [offer, options] = AddCommand<OfferOptions>(
      program, family, "offer", "Offer codes to another registrant",
      "  gusu transfer offer 88.118.8/HP-1 88.118.8/HP-2 --to sz-motors --ownership --custody\n"
      "  gusu transfer offer --file delivery.txt --to sz-motors --custody --reference DN-4711 \\\n"
      "      --expires 30d --account account.csv\n"
      "  gusu transfer offer --range-from 88.118.8/BOLT-0000000001 \\\n"
      "      --range-to 88.118.8/BOLT-0000001000 --to sz-motors --ownership\n"
      "A list is offered 1000 codes at a time; what the registry refuses is left out and told "
      "(exit\ncode 1). The same command again is the same offer.",
      Offer);
  offer->add_option("codes", options->identifiers, "Identifiers, up to 1000");
  offer->add_option("--file", options->file,
                    "File with an identifier a line; - for standard input");
  offer->add_option("--range-from", options->range_from, "First code of a part of a serial range");
  offer->add_option("--range-to", options->range_to, "Last code of the part");
  offer->add_option("--to", options->to, "Registrant that is to have them")->required();
  offer->add_flag("--ownership", options->ownership, "Ownership passes");
  offer->add_flag("--custody", options->custody, "Custody passes");
  offer->add_option("--expires", options->expires,
                    "Until when it can be accepted: a date, a time or 90d; default: 30 days");
  offer->add_option("--reference", options->reference, "Number of the delivery note, for example");
  offer->add_option("--account", options->account,
                    "With --file: writes what became of each code, as CSV");
  offer->add_option("--request-id", options->request_id,
                    "Makes this another offer than an equal one before");
}

CLI::Option* AddDecisionName(CLI::App* command, DecisionOptions* options) {
  return command->add_option("transfer", options->name, "Its id, or transfers/ID");
}

void AddGuards(CLI::App* command, DecisionOptions* options) {
  command->add_option("--etag", options->etag, "Only if the transfer is still as it was read");
  command->add_option("--request-id", options->request_id,
                      "Makes a repetition the same request; default: its content");
}

void AddDecisions(Program* program, CLI::App* family) {
  const auto [accept, accept_options] = AddCommand<DecisionOptions>(
      program, family, "accept", "Accept what was offered, whole or in part",
      "  gusu transfer accept 4f1c2a9be07d\n"
      "  gusu transfer accept 4f1c2a9be07d 88.118.8/HP-1 88.118.8/HP-2\n"
      "  gusu transfer accept --file scans.txt --from sz-pumps --account account.csv\n"
      "A list of scans is matched with all open offers. Exit code 1: a code was not offered or "
      "not\naccepted, or one that was offered is not on the list. It may be repeated, and goes on.",
      Accept);
  AddDecisionName(accept, accept_options);
  accept->add_option("codes", accept_options->identifiers,
                     "Only these codes; default: all that are still offered");
  accept->add_option("--file", accept_options->file,
                     "Codes that were delivered, one a line; - for standard input");
  accept->add_option("--from", accept_options->from, "With --file: only offers of this registrant");
  accept->add_option("--account", accept_options->account,
                     "With --file: writes what became of each code, as CSV");
  AddGuards(accept, accept_options);

  const auto [decline, decline_options] = AddCommand<DecisionOptions>(
      program, family, "decline", "Decline what was offered, whole or in part",
      "  gusu transfer decline 4f1c2a9be07d --reason \"not ordered\"\n"
      "  gusu transfer decline 4f1c2a9be07d 88.118.8/HP-1 --reason \"damaged\"",
      Decline);
  AddDecisionName(decline, decline_options)->required();
  decline->add_option("codes", decline_options->identifiers,
                      "Only these codes; default: all that are still offered");
  AddGuards(decline, decline_options);

  const auto [withdraw, withdraw_options] = AddCommand<DecisionOptions>(
      program, family, "withdraw", "Take an offer back; what was accepted stays",
      "  gusu transfer withdraw 4f1c2a9be07d --reason \"wrong customer\"", Withdraw);
  AddDecisionName(withdraw, withdraw_options)->required();
  AddGuards(withdraw, withdraw_options);
}

}  // namespace

void AddTransferCommands(Program* program) {
  CLI::App* family =
      AddFamily(program, "transfer", "Offer codes to another registrant, and accept or decline");
  AddOffer(program, family);
  AddDecisions(program, family);

  const auto [list, list_options] = AddCommand<ListOptions>(
      program, family, "list", "List offers to a registrant and by it, newest first",
      "  gusu --token-file sz-motors.token transfer list --incoming --state offered\n"
      "  gusu --data /var/lib/gusu transfer list --registrant sz-pumps",
      List);
  list->add_option("--registrant", list_options->registrant, "Whose; default: the caller's");
  list->add_flag("--incoming", list_options->incoming, "Only what is offered to it");
  list->add_flag("--outgoing", list_options->outgoing, "Only what it offers");
  list->add_option("--state", list_options->state, std::string("Only ") + kTransferStates);
  list->add_option("--limit", list_options->limit, "At most so many; 0: all");

  const auto [show, show_options] =
      AddCommand<ShowOptions>(program, family, "show", "Show a transfer and each of its codes",
                              "  gusu transfer show 4f1c2a9be07d --json", Show);
  show->add_option("transfer", show_options->name, "Its id, or transfers/ID")->required();
}

}  // namespace gusu::cli
