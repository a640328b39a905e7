// The transfers' part on deciding: accepting, declining, and taking back.
#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/transfer.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/audit/receipt_proofs.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/transfers/passing.h"
#include "server/transfers/transfer_change.h"
#include "server/transfers/transfer_row.h"
#include "server/transfers/transfers.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::TransferItemRow;
using storage::v1::TransferRow;

// What somebody decides on an offer.
struct Decision {
  Operation operation;
  TransferActor actor;
  std::string id;
  std::vector<Identifier> items;  // none: all that are open
  std::string etag;
  std::string state_reason;  // as the request has it
  Hash digest;
};

// An offer on which is decided, as a view has it.
struct Decided {
  TransferRow row;
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::vector<int> chosen;  // items, by their places
};

bool IsWithdrawal(const Decision& decision) {
  return decision.operation == Operation::kWithdrawTransfer;
}

uint32_t ItemStateOf(Operation operation) {
  return operation == Operation::kAcceptTransfer ? v1::TransferItem::ACCEPTED
                                                 : v1::TransferItem::DECLINED;
}

uint32_t StateOf(Operation operation) {
  if (operation == Operation::kWithdrawTransfer) return v1::Transfer::WITHDRAWN;
  return operation == Operation::kAcceptTransfer ? v1::Transfer::ACCEPTED : v1::Transfer::DECLINED;
}

template <typename Request>
absl::Status ReadIdentifiers(const Request& request, Decision* decision) {
  if (request.identifiers_size() > Transfers::kItemsMax) {
    return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
                 Concat("a transfer has at most ", Transfers::kItemsMax, " items, not ",
                        request.identifiers_size()),
                 {{"field", "identifiers"},
                  {"count", std::to_string(request.identifiers_size())},
                  {"count_max", std::to_string(Transfers::kItemsMax)}});
  }
  for (const std::string& text : request.identifiers()) {
    GUSU_ASSIGN_OR_RETURN(Identifier identifier, Identifier::ParseName(text));
    decision->items.push_back(std::move(identifier));
  }
  return absl::OkStatus();
}

template <typename Request>
Hash DigestOf(const Request& request, const Decision& decision) {
  CanonicalWriter writer(1);
  writer.Text(1, OperationName(decision.operation)).Text(2, request.name());
  for (const Identifier& item : decision.items) writer.Element(3, item.key());
  writer.Text(4, request.reason())
      .Text(5, request.etag())
      .Text(6, request.on_behalf_of().registrant())
      .Text(7, request.on_behalf_of().reason());
  return Sha256({"gusu.transfer.decision.v1\n", std::move(writer).Take()});
}

template <typename Request>
absl::StatusOr<Decision> ReadDecision(Method method, Operation operation, const Request& request,
                                      const Caller& caller) {
  Decision decision;
  decision.operation = operation;
  const bool requires_reason = operation != Operation::kAcceptTransfer;
  GUSU_ASSIGN_OR_RETURN(decision.actor, ReadActor(method, caller, request.on_behalf_of(),
                                                  request.reason(), requires_reason));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  GUSU_ASSIGN_OR_RETURN(decision.id, ParseTransferName(request.name(), "name"));
  if constexpr (requires { request.identifiers(); }) {
    GUSU_RETURN_IF_ERROR(ReadIdentifiers(request, &decision));
  }
  decision.etag = request.etag();
  if (requires_reason) decision.state_reason = request.reason();
  decision.digest = DigestOf(request, decision);
  return decision;
}

absl::Status NotParty(const Decision& decision, const TransferRow& row) {
  const std::string name = TransferName(row.id());
  const std::string acting = RegistrantName(decision.actor.acting.registrant);
  return Error(absl::StatusCode::kPermissionDenied, "NOT_TRANSFER_PARTY",
               IsWithdrawal(decision)
                   ? Concat(name, " was offered to ", acting, ", which accepts or declines it")
                   : Concat(name, " was offered by ", acting, ", which may only withdraw it"),
               {{"transfer", name}, {"registrant", acting}});
}

absl::Status NotOpen(const TransferRow& row, const std::string& state,
                     const std::string& identifier = "") {
  const std::string name = TransferName(row.id());
  ErrorMetadata metadata{{"transfer", name}, {"state", state}};
  if (!identifier.empty()) metadata.emplace_back("identifier", identifier);
  const std::string what = identifier.empty() ? name : Concat(identifier, " of ", name);
  return Error(absl::StatusCode::kFailedPrecondition, "TRANSFER_NOT_OPEN",
               Concat(what, " is ", state), std::move(metadata));
}

// The offer, when it is there and the acting registrant's to decide on.
absl::StatusOr<Decided> FindDecided(const storage::View& view, const Decision& decision) {
  GUSU_ASSIGN_OR_RETURN(const auto stored, view.Get(storage::TransferKey(decision.id)));
  if (!stored.has_value()) return TransferNotFound(decision.id);
  Decided decided;
  decided.revision = stored->revision;
  decided.leaf_index = stored->leaf_index;
  GUSU_ASSIGN_OR_RETURN(decided.row, DecodeTransfer(decision.id, *stored));
  const TransferRow& row = decided.row;
  const std::string& acting = decision.actor.acting.registrant;
  if (acting != row.from() && acting != row.to()) return TransferNotFound(decision.id);
  if (acting != (IsWithdrawal(decision) ? row.from() : row.to())) return NotParty(decision, row);
  const std::string current = EtagOf(decided.revision);
  if (decision.etag.empty() || decision.etag == current) return decided;
  return Error(
      absl::StatusCode::kAborted, "ETAG_MISMATCH",
      Concat(TransferName(row.id()), " has changed: its etag is ", current, ", not ",
             Quote(decision.etag)),
      {{"transfer", TransferName(row.id())}, {"etag", decision.etag}, {"etag_current", current}});
}

// The items that are decided on; those that were decided in the same way before stay out.
absl::Status ChooseItems(const Decision& decision, Decided* decided) {
  const TransferRow& row = decided->row;
  const uint32_t wanted = ItemStateOf(decision.operation);
  if (decision.items.empty()) {
    for (int i = 0; i < row.items_size(); ++i) {
      if (row.items(i).state() == v1::TransferItem::OFFERED) decided->chosen.push_back(i);
    }
    return absl::OkStatus();
  }
  if (row.items().empty()) {
    return FieldInvalid("identifiers[0]", decision.items[0].written(),
                        "a part of a range is decided on as a whole");
  }
  absl::flat_hash_map<std::string, int> place_of;  // by comparison key
  for (int i = 0; i < row.items_size(); ++i) place_of.emplace(ToKey(row.items(i).identifier()), i);
  absl::flat_hash_set<int> chosen;
  for (size_t i = 0; i < decision.items.size(); ++i) {
    const auto found = place_of.find(decision.items[i].key());
    if (found == place_of.end()) {
      return FieldInvalid(Concat("identifiers[", i, "]"), decision.items[i].written(),
                          "it is not among the codes of the offer");
    }
    const TransferItemRow& item = row.items(found->second);
    if (item.state() == wanted) continue;
    if (item.state() != v1::TransferItem::OFFERED) {
      const auto state = static_cast<v1::TransferItem::State>(item.state());
      return NotOpen(row, v1::TransferItem::State_Name(state), item.identifier());
    }
    if (chosen.insert(found->second).second) decided->chosen.push_back(found->second);
  }
  return absl::OkStatus();
}

bool HasItem(const TransferRow& row, uint32_t state) {
  return std::any_of(row.items().begin(), row.items().end(),
                     [state](const TransferItemRow& item) { return item.state() == state; });
}

// Whether there is nothing left to do: all was decided in this way before.
bool IsDone(const Decision& decision, const Decided& decided) {
  if (!decided.chosen.empty()) return false;
  if (!decision.items.empty()) return true;
  if (IsWithdrawal(decision) || decided.row.items().empty()) {
    return decided.row.state() == StateOf(decision.operation);
  }
  return HasItem(decided.row, ItemStateOf(decision.operation));
}

// What the offer becomes.
void Decide(const Decision& decision, const Decided& decided, TransferRow* row) {
  KeepCreation(decided.revision, decided.leaf_index, row);
  if (!decision.state_reason.empty()) row->set_state_reason(decision.state_reason);
  if (IsWithdrawal(decision) || row->items().empty()) {
    return row->set_state(StateOf(decision.operation));
  }
  for (const int i : decided.chosen) {
    row->mutable_items(i)->set_state(ItemStateOf(decision.operation));
  }
  if (HasItem(*row, v1::TransferItem::OFFERED)) return;
  row->set_state(HasItem(*row, v1::TransferItem::ACCEPTED) ? v1::Transfer::ACCEPTED
                                                           : v1::Transfer::DECLINED);
}

absl::Status CheckPasses(const Passing& passing, const storage::v1::RecordRow& record,
                         const std::string& prefix_holder) {
  if (IsOfferers(passing, record, prefix_holder)) return CheckCanPass(record);
  return Error(absl::StatusCode::kFailedPrecondition, "RECORD_PASSED_ON",
               Concat("since it was offered, ", record.identifier(), " passed from registrant ",
                      passing.from, " to somebody else"),
               {{"identifier", record.identifier()}, {"registrant", RegistrantName(passing.from)}});
}

// Adds the changes of the codes that pass.
class Acceptance {
 public:
  Acceptance(const storage::View& view, const Decision& decision, const Decided& decided,
             storage::ChangeSet* set)
      : view_(view),
        decision_(decision),
        decided_(decided),
        passing_{decided.row.from(), decided.row.to(), decided.row.ownership(),
                 decided.row.custody()},
        set_(*set) {}

  absl::Status AddAll() {
    const TransferRow& row = decided_.row;
    GUSU_ASSIGN_OR_RETURN(const auto* from, RequireRegistrant(view_.directory(), row.from()));
    GUSU_RETURN_IF_ERROR(CheckIsActive(row.from(), *from->row));
    set_.preconditions.push_back(AtRevision(storage::RegistrantKey(row.from()), from->revision));
    return row.items().empty() ? AddRange() : AddItems();
  }

 private:
  Change NewChange() const {
    return ChangeBy(decision_.actor, Operation::kTransfer, passing_.from);
  }

  absl::StatusOr<std::string> HolderOf(const Identifier& identifier) {
    const std::string key(identifier.prefix_key());
    if (const auto found = holders_.find(key); found != holders_.end()) return found->second;
    GUSU_ASSIGN_OR_RETURN(
        const WriteScope scope,
        FindWriteScope(view_.directory(), decision_.actor.acting, identifier.prefix(), key));
    AddPrefixPrecondition(scope, key, &set_.preconditions);
    return holders_.emplace(key, scope.prefix->row->holder()).first->second;
  }

  absl::Status AddItems() {
    std::vector<Identifier> identifiers;
    for (const int i : decided_.chosen) {
      GUSU_ASSIGN_OR_RETURN(Identifier identifier,
                            Identifier::Parse(decided_.row.items(i).identifier()));
      identifiers.push_back(std::move(identifier));
    }
    GUSU_ASSIGN_OR_RETURN(const auto codes, ReadCodes(view_, identifiers));
    for (const PassingCode& code : codes) {
      GUSU_ASSIGN_OR_RETURN(const std::string holder, HolderOf(code.identifier));
      GUSU_RETURN_IF_ERROR(CheckPasses(passing_, *code.record, holder));
      GUSU_ASSIGN_OR_RETURN(set_.changes.emplace_back(),
                            PassCode(view_, passing_, code, holder, NewChange()));
    }
    return absl::OkStatus();
  }

  absl::Status AddRange() {
    GUSU_ASSIGN_OR_RETURN(const Identifier first,
                          Identifier::Parse(decided_.row.range_first_identifier()));
    GUSU_ASSIGN_OR_RETURN(const Identifier last,
                          Identifier::Parse(decided_.row.range_last_identifier()));
    GUSU_ASSIGN_OR_RETURN(const std::string holder, HolderOf(first));
    GUSU_ASSIGN_OR_RETURN(const auto parts,
                          PartsBetween(view_, first, last, Transfers::kRangePartsMax));
    for (const RangePart& part : parts) {
      GUSU_RETURN_IF_ERROR(CheckPasses(passing_, *part.first.record, holder));
      for (Change& change : PassPart(passing_, part, holder, NewChange())) {
        set_.changes.push_back(std::move(change));
      }
    }
    GUSU_ASSIGN_OR_RETURN(const auto records,
                          RecordsWithin(view_, passing_, parts, holder, &set_.preconditions));
    for (const PassingCode& code : records) {
      GUSU_RETURN_IF_ERROR(CheckCanPass(*code.record));
      GUSU_ASSIGN_OR_RETURN(set_.changes.emplace_back(),
                            PassCode(view_, passing_, code, holder, NewChange()));
    }
    return absl::OkStatus();
  }

  const storage::View& view_;
  const Decision& decision_;
  const Decided& decided_;
  const Passing passing_;
  storage::ChangeSet& set_;
  absl::flat_hash_map<std::string, std::string> holders_;  // by prefix key
};

absl::StatusOr<PlannedWrite> PlanDecision(const storage::View& view, const Decision& decision,
                                          absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(Decided decided, FindDecided(view, decision));
  const Acting& acting = decision.actor.acting;
  GUSU_ASSIGN_OR_RETURN(const auto* registrant,
                        RequireRegistrant(view.directory(), acting.registrant));
  GUSU_RETURN_IF_ERROR(CheckIsActive(acting.registrant, *registrant->row));
  if (!IsWithdrawal(decision)) GUSU_RETURN_IF_ERROR(ChooseItems(decision, &decided));
  if (IsDone(decision, decided)) return storage::Receipt{decided.leaf_index, decided.revision};
  const uint32_t state = StateAt(view.directory(), decided.row, now);
  if (state != v1::Transfer::OFFERED) {
    return NotOpen(decided.row, v1::Transfer::State_Name(static_cast<v1::Transfer::State>(state)));
  }

  TransferRow row = decided.row;
  Decide(decision, decided, &row);
  storage::ChangeSet set;
  const std::string& other = IsWithdrawal(decision) ? row.to() : row.from();
  Change change = ChangeOfTransfer(decision.actor, decision.operation, other, row);
  change.preconditions.push_back(AtRevision(storage::TransferKey(row.id()), decided.revision));
  set.changes.push_back(std::move(change));
  AddActingPreconditions(view.directory(), acting, decision.actor.caller, &set.preconditions);
  if (decision.operation == Operation::kAcceptTransfer) {
    GUSU_RETURN_IF_ERROR(Acceptance(view, decision, decided, &set).AddAll());
  }
  return set;
}

void Submit(storage::Ledger* ledger, absl::Time now, const std::string& request_id,
            absl::StatusOr<Decision> decision, Done<v1::TransferResponse> done) {
  if (!decision.ok()) return done(std::move(decision).status());
  const std::string id = decision->id;
  const auto scope = RequestOf(request_id, decision->actor.acting.registrant, decision->digest);
  SubmitWrite(
      ledger, storage::TransferKey(id), scope,
      [now, decision = *std::move(decision)](const storage::View& view) {
        return PlanDecision(view, decision, now);
      },
      [ledger, id, now, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(*ledger, id, now, written));
      });
}

}  // namespace

void Transfers::AcceptTransfer(const v1::AcceptTransferRequest& request, const Caller& caller,
                               Done<v1::TransferResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  Submit(ledger_, clock_(), request.request_id(),
         ReadDecision(Method::kAcceptTransfer, Operation::kAcceptTransfer, request, caller),
         std::move(done));
}

void Transfers::DeclineTransfer(const v1::DeclineTransferRequest& request, const Caller& caller,
                                Done<v1::TransferResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  Submit(ledger_, clock_(), request.request_id(),
         ReadDecision(Method::kDeclineTransfer, Operation::kDeclineTransfer, request, caller),
         std::move(done));
}

void Transfers::WithdrawTransfer(const v1::WithdrawTransferRequest& request, const Caller& caller,
                                 Done<v1::TransferResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  Submit(ledger_, clock_(), request.request_id(),
         ReadDecision(Method::kWithdrawTransfer, Operation::kWithdrawTransfer, request, caller),
         std::move(done));
}

}  // namespace gusu::server
