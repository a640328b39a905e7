// The registrar's part on what the bureau decides about a registrant: each changes one row.
#include <functional>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/registrar.h"
#include "server/registrar_changes.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"

namespace gusu::server {
namespace {

using storage::v1::RegistrantRow;

// What a decision makes of the row; the error says why it cannot be made of it.
using Decide = absl::Status (*)(const std::string& id, const std::string& reason,
                                RegistrantRow* row);

std::string StateOf(const RegistrantRow& row) {
  return v1::Registrant::State_Name(static_cast<v1::Registrant::State>(row.state()));
}

absl::Status NotPending(const std::string& id, const RegistrantRow& row) {
  return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_NOT_PENDING",
               Concat("registrant ", id, " is ", StateOf(row), ", and nothing of it waits"),
               {{"registrant", RegistrantName(id)}, {"state", StateOf(row)}});
}

absl::Status Return(const std::string& id, const std::string& reason, RegistrantRow* row) {
  if (row->state() == v1::Registrant::PENDING) {
    row->set_state(v1::Registrant::RETURNED);
    row->set_state_reason(reason);
    return absl::OkStatus();
  }
  if (!row->has_amendment() || row->amendment().state() != v1::Amendment::PENDING) {
    return NotPending(id, *row);
  }
  row->mutable_amendment()->set_state(v1::Amendment::RETURNED);
  row->mutable_amendment()->set_state_reason(reason);
  return absl::OkStatus();
}

absl::Status Reject(const std::string& id, const std::string& reason, RegistrantRow* row) {
  if (row->state() == v1::Registrant::PENDING || row->state() == v1::Registrant::RETURNED) {
    row->set_state(v1::Registrant::REJECTED);
    row->set_state_reason(reason);
    return absl::OkStatus();
  }
  if (!row->has_amendment()) return NotPending(id, *row);
  row->clear_amendment();
  return absl::OkStatus();
}

absl::Status Suspend(const std::string& id, const std::string& reason, RegistrantRow* row) {
  GUSU_RETURN_IF_ERROR(CheckIsActive(id, *row));
  row->set_state(v1::Registrant::SUSPENDED);
  row->set_state_reason(reason);
  return absl::OkStatus();
}

absl::Status Activate(const std::string& id, const std::string&, RegistrantRow* row) {
  if (row->state() != v1::Registrant::SUSPENDED) {
    return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_NOT_SUSPENDED",
                 Concat("registrant ", id, " is ", StateOf(*row), ", not SUSPENDED"),
                 {{"registrant", RegistrantName(id)}, {"state", StateOf(*row)}});
  }
  row->set_state(v1::Registrant::ACTIVE);
  row->clear_state_reason();
  return absl::OkStatus();
}

struct Decision {
  Operation operation;
  Decide decide;
  Acting acting;
  std::string etag;
};

absl::StatusOr<PlannedWrite> PlanDecision(const storage::View& view, const Caller& caller,
                                          const std::string& id, const Decision& decision) {
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view.directory(), id));
  RegistrantRow row = NextRow(*registrant);
  const absl::Status decided = decision.decide(id, decision.acting.reason, &row);
  if (!decided.ok()) {
    GUSU_ASSIGN_OR_RETURN(const bool repeated, WasLast(view, registrant->leaf_index,
                                                       decision.operation, decision.acting));
    if (repeated) return storage::Receipt{registrant->leaf_index, registrant->revision};
    return decided;
  }
  GUSU_RETURN_IF_ERROR(
      CheckEtag("registrant", RegistrantName(id), decision.etag, registrant->revision));
  return SetOf(ChangeOfRegistrant(decision.operation, id, *registrant, std::move(row),
                                  decision.acting, caller),
               caller);
}

template <typename Request>
absl::StatusOr<std::string> CheckDecision(Method method, const Request& request,
                                          const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), true));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  return ParseRegistrantName(request.name(), "name");
}

template <typename Request>
void DecideOn(storage::Ledger* ledger, Method method, Operation operation, Decide decide,
              const Request& request, const Caller& caller, Done<v1::RegistrantResponse> done) {
  absl::StatusOr<std::string> id = CheckDecision(method, request, caller);
  if (!id.ok()) return done(std::move(id).status());
  const Hash digest = RequestDigest(Concat("gusu.", MethodName(method), ".v1"),
                                    {request.name(), request.reason(), request.etag()});
  const Decision decision{operation, decide, ActingBureau(request.reason()), request.etag()};
  WriteRegistrant(
      ledger, *id, RequestOf(request.request_id(), "", digest),
      [caller, id = *id, decision](const storage::View& view) {
        return PlanDecision(view, caller, id, decision);
      },
      std::move(done));
}

}  // namespace

void Registrar::ReturnRegistrant(const v1::ReturnRegistrantRequest& request, const Caller& caller,
                                 Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  DecideOn(ledger_, Method::kReturnRegistrant, Operation::kReturnRegistrant, Return, request,
           caller, std::move(done));
}

void Registrar::RejectRegistrant(const v1::RejectRegistrantRequest& request, const Caller& caller,
                                 Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  DecideOn(ledger_, Method::kRejectRegistrant, Operation::kRejectRegistrant, Reject, request,
           caller, std::move(done));
}

void Registrar::SuspendRegistrant(const v1::SuspendRegistrantRequest& request, const Caller& caller,
                                  Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  DecideOn(ledger_, Method::kSuspendRegistrant, Operation::kSuspendRegistrant, Suspend, request,
           caller, std::move(done));
}

void Registrar::ActivateRegistrant(const v1::ActivateRegistrantRequest& request,
                                   const Caller& caller, Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  DecideOn(ledger_, Method::kActivateRegistrant, Operation::kActivateRegistrant, Activate, request,
           caller, std::move(done));
}

}  // namespace gusu::server
