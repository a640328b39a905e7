#include "server/transfers/transfers.h"

#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/transfer.pb.h"
#include "proto/status_macros.h"
#include "server/access.h"
#include "server/page_token.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/transfers/transfer_index.h"
#include "server/transfers/transfer_row.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

using storage::v1::TransferRow;

absl::StatusOr<TransferDirection> DirectionOf(const v1::ListTransfersRequest& request) {
  switch (request.direction()) {
    case v1::ListTransfersRequest::DIRECTION_UNSPECIFIED:
      return TransferDirection::kBoth;
    case v1::ListTransfersRequest::INCOMING:
      return TransferDirection::kIncoming;
    case v1::ListTransfersRequest::OUTGOING:
      return TransferDirection::kOutgoing;
    default:
      return FieldInvalid("direction", std::to_string(request.direction()),
                          "INCOMING, OUTGOING, or none");
  }
}

// Whose transfers are listed: the caller's unless another's are asked for.
absl::StatusOr<std::string> RegistrantOf(const v1::ListTransfersRequest& request,
                                         const Caller& caller) {
  if (request.parent().empty() && !caller.registrant.empty()) return caller.registrant;
  GUSU_ASSIGN_OR_RETURN(std::string registrant, ParseRegistrantName(request.parent(), "parent"));
  GUSU_RETURN_IF_ERROR(CheckMaySee(caller, registrant));
  return registrant;
}

// A transfer with its state of now.
struct Found {
  TransferRow row;
  uint64_t revision = 0;
  uint32_t state = 0;
};

absl::StatusOr<std::optional<Found>> FindTransfer(const storage::View& view, std::string_view id,
                                                  absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const auto stored, view.Get(storage::TransferKey(id)));
  if (!stored.has_value()) return std::nullopt;
  Found found;
  found.revision = stored->revision;
  GUSU_ASSIGN_OR_RETURN(found.row, DecodeTransfer(id, *stored));
  found.state = StateAt(view.directory(), found.row, now);
  return found;
}

}  // namespace

Transfers::Transfers(storage::Ledger* ledger, const Proofs* proofs,
                     std::function<absl::Time()> clock)
    : ledger_(ledger), proofs_(proofs), clock_(std::move(clock)) {}

absl::Status Transfers::GetTransfer(const v1::GetTransferRequest& request, const Caller& caller,
                                    v1::Transfer* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetTransfer, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string id, ParseTransferName(request.name(), "name"));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const auto found, FindTransfer(*view, id, clock_()));
  const bool may_see =
      found.has_value() && (caller.is_bureau() || caller.registrant == found->row.from() ||
                            caller.registrant == found->row.to());
  if (!may_see) return TransferNotFound(id);
  FillTransfer(found->row, found->revision, found->state, true, response);
  return absl::OkStatus();
}

absl::Status Transfers::ListTransfers(const v1::ListTransfersRequest& request, const Caller& caller,
                                      v1::ListTransfersResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListTransfers, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string registrant, RegistrantOf(request, caller));
  GUSU_ASSIGN_OR_RETURN(const TransferDirection direction, DirectionOf(request));
  if (!v1::Transfer::State_IsValid(request.state())) {
    return FieldInvalid("state", std::to_string(request.state()), "not a state");
  }
  const PageScope scope("ListTransfers", {registrant, std::to_string(request.direction()),
                                          std::to_string(request.state())});
  GUSU_ASSIGN_OR_RETURN(std::string last, scope.Read(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_RETURN_IF_ERROR(RequireRegistrant(view->directory(), registrant).status());

  const absl::Time now = clock_();
  const int page_size = static_cast<int>(PageSize(request.page_size()));
  size_t looked_at = 0;
  bool more = false;
  absl::Status status;
  const auto take = [&](std::string_view place, std::string_view id) -> absl::Status {
    GUSU_ASSIGN_OR_RETURN(const auto found, FindTransfer(*view, id, now));
    if (!found.has_value()) {
      return storage::RowCorrupt(storage::TransferKey(id), "the index has it, and it is missing");
    }
    last = place;
    ++looked_at;
    if (request.state() != 0 && request.state() != static_cast<int>(found->state)) {
      return absl::OkStatus();
    }
    FillTransfer(found->row, found->revision, found->state, false, response->add_transfers());
    return absl::OkStatus();
  };
  GUSU_RETURN_IF_ERROR(ScanIndex(
      *view, registrant, direction, last, [&](std::string_view place, std::string_view id) {
        more = response->transfers_size() == page_size || looked_at == kPageTransfersMax;
        if (more) return false;
        status = take(place, id);
        return status.ok();
      }));
  GUSU_RETURN_IF_ERROR(status);
  if (more) response->set_next_page_token(scope.Token(last));
  return absl::OkStatus();
}

}  // namespace gusu::server
