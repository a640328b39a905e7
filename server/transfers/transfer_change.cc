#include "server/transfers/transfer_change.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/transfer.pb.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/transfer_canonical.h"
#include "server/resource_fields.h"
#include "server/transfers/transfer_row.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

std::string JoinReasons(const std::string& own, const std::string& acting) {
  if (own.empty() || acting.empty()) return own + acting;
  return Concat(own, " (on behalf: ", acting, ")");
}

}  // namespace

absl::StatusOr<TransferActor> ReadActor(Method method, const Caller& caller,
                                        const v1::OnBehalfOf& on_behalf_of,
                                        const std::string& reason, bool requires_reason) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  TransferActor actor;
  actor.caller = caller;
  GUSU_ASSIGN_OR_RETURN(actor.acting, ActingFor(caller, on_behalf_of));
  GUSU_RETURN_IF_ERROR(CheckReason(reason, requires_reason));
  actor.reason = JoinReasons(reason, actor.acting.reason);
  return actor;
}

Change ChangeBy(const TransferActor& actor, Operation operation, const std::string& other) {
  Change change;
  change.operation = operation;
  change.registrant = other;
  change.actor = actor.acting.actor;
  change.credential = actor.caller.credential;
  change.on_behalf_of = actor.acting.on_behalf_of;
  change.reason = actor.reason;
  return change;
}

Change ChangeOfTransfer(const TransferActor& actor, Operation operation, const std::string& other,
                        storage::v1::TransferRow& row) {
  Change change = ChangeBy(actor, operation, other);
  change.resource = TransferName(row.id());
  change.commitments = Seal(row);
  change.rows.push_back({storage::TransferKey(row.id()), row.SerializeAsString()});
  return change;
}

absl::StatusOr<v1::TransferResponse> AnswerWith(const storage::Ledger& ledger,
                                                const std::string& id, absl::Time now,
                                                const absl::StatusOr<storage::Row>& written) {
  if (!written.ok()) return written.status();
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger.Latest());
  const std::string key = storage::TransferKey(id);
  GUSU_ASSIGN_OR_RETURN(const auto current, view->Get(key));
  if (!current.has_value()) return storage::RowCorrupt(key, "it was written and is missing");
  GUSU_ASSIGN_OR_RETURN(const auto row, DecodeTransfer(id, *current));
  const uint32_t state = StateAt(view->directory(), row, now);
  v1::TransferResponse response;
  FillTransfer(row, current->revision, state, true, response.mutable_transfer());
  FillReceipt({written->leaf_index, written->revision}, response.mutable_receipt());
  return response;
}

}  // namespace gusu::server
