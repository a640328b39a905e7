// Applications and the bureau's word on them; what else happens to registrants, and prefixes and
// credentials, are in files of their own.
#include "server/registrar.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/application.h"
#include "server/audit/receipt_proofs.h"
#include "server/legal_data.h"
#include "server/registrar_changes.h"
#include "server/registrar_index.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using RegistrantEntry = storage::Directory::RegistrantEntry;
using storage::v1::RegistrantRow;

absl::Status RegistrantTaken(std::string_view id) {
  return Error(absl::StatusCode::kAlreadyExists, "REGISTRANT_TAKEN",
               Concat("registrant id ", id, " is in use"), {{"registrant", RegistrantName(id)}});
}

absl::StatusOr<PlannedWrite> PlanApplication(const storage::View& view, const Caller& caller,
                                             const std::string& id, RegistrantRow row) {
  const storage::Directory& directory = view.directory();
  if (const auto* existing = directory.FindRegistrant(id)) {
    const RegistrantRow& before = *existing->row;
    if (before.create_digest() != row.create_digest()) return RegistrantTaken(id);
    if (before.create_revision() == 0) {
      return storage::Receipt{existing->leaf_index, existing->revision};
    }
    return storage::Receipt{before.create_leaf_index(), before.create_revision()};
  }
  if (directory.FindRegistrantByClaim(row.claim_sha256()) != nullptr) {
    return FieldInvalid("claim_sha256", HexEncode(row.claim_sha256()),
                        "it belongs to another application; make a new claim secret for each");
  }
  Change change;
  change.operation = Operation::kApplyRegistrant;
  change.resource = RegistrantName(id);
  change.registrant = id;
  change.actor = "applicant";
  change.commitments = Seal(row);
  IndexRegistrant(id, nullptr, row, &change);
  const std::string key = storage::RegistrantKey(id);
  change.preconditions.push_back(Absent(key));
  change.rows.push_back({key, row.SerializeAsString()});
  // Whoever applies may hold a credential of something else: it is not what the application rests
  // on.
  Caller applicant = caller;
  applicant.proof_key.clear();
  return SetOf(std::move(change), applicant);
}

// What the bureau would approve: an application, or an amendment. kFailedPrecondition /
// REGISTRANT_NOT_PENDING.
absl::Status CheckCanBeApproved(std::string_view id, const RegistrantRow& row) {
  if (row.state() == v1::Registrant::PENDING) return absl::OkStatus();
  if (IsApproved(row) && row.state() != v1::Registrant::CLOSED && row.has_amendment() &&
      row.amendment().state() == v1::Amendment::PENDING) {
    return absl::OkStatus();
  }
  const std::string& state =
      v1::Registrant::State_Name(static_cast<v1::Registrant::State>(row.state()));
  return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_NOT_PENDING",
               Concat("registrant ", id, " is ", state, ", and nothing of it waits for approval"),
               {{"registrant", RegistrantName(id)}, {"state", state}});
}

std::string CodeKeyOf(const RegistrantRow& row) {
  return storage::OrganizationCodeKey(row.organization_code_scheme(),
                                      row.organization_code_authority(), row.organization_code());
}

// The row of a code names the registrant that was last approved with it, and counts while that one
// is approved, not closed, and still has the code. kAlreadyExists / ORGANIZATION_CODE_TAKEN.
absl::Status TakeOrganizationCode(const storage::View& view, const std::string& id,
                                  const RegistrantRow& row, Change* change) {
  const std::string key = CodeKeyOf(row);
  GUSU_ASSIGN_OR_RETURN(const auto stored, view.Get(key));
  storage::v1::OrganizationCodeRow code;
  if (stored.has_value()) {
    change->preconditions.push_back(AtRevision(key, stored->revision));
    GUSU_ASSIGN_OR_RETURN(code, PayloadOf<storage::v1::OrganizationCodeRow>(*stored));
  } else {
    change->preconditions.push_back(Absent(key));
  }
  const auto* holder =
      code.registrant() == id ? nullptr : view.directory().FindRegistrant(code.registrant());
  if (holder != nullptr) {
    if (IsApproved(*holder->row) && holder->row->state() != v1::Registrant::CLOSED &&
        CodeKeyOf(*holder->row) == key) {
      return Error(absl::StatusCode::kAlreadyExists, "ORGANIZATION_CODE_TAKEN",
                   Concat("an approved registrant has organisation code ", row.organization_code()),
                   {{"organization_code", row.organization_code()}});
    }
    change->preconditions.push_back(
        AtRevision(storage::RegistrantKey(code.registrant()), holder->revision));
  }
  code.set_registrant(id);
  change->rows.push_back({key, code.SerializeAsString()});
  return absl::OkStatus();
}

absl::StatusOr<PlannedWrite> PlanApproval(const storage::View& view, const Caller& caller,
                                          const v1::ApproveRegistrantRequest& request,
                                          const std::string& id) {
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view.directory(), id));
  const Acting acting = ActingBureau(request.reason());
  if (!CheckCanBeApproved(id, *registrant->row).ok()) {
    GUSU_ASSIGN_OR_RETURN(const bool approved, WasLast(view, registrant->leaf_index,
                                                       Operation::kApproveRegistrant, acting));
    if (approved) return storage::Receipt{registrant->leaf_index, registrant->revision};
  }
  GUSU_RETURN_IF_ERROR(CheckCanBeApproved(id, *registrant->row));
  GUSU_RETURN_IF_ERROR(
      CheckEtag("registrant", RegistrantName(id), request.etag(), registrant->revision));

  RegistrantRow row = NextRow(*registrant);
  if (row.state() == v1::Registrant::PENDING) {
    row.set_state(v1::Registrant::ACTIVE);
  } else {
    TakeLegalData(registrant->row->amendment().proposed(), &row);
    row.clear_amendment();
  }
  Change change =
      ChangeOfRegistrant(Operation::kApproveRegistrant, id, *registrant, row, acting, caller);
  GUSU_RETURN_IF_ERROR(TakeOrganizationCode(view, id, row, &change));
  return SetOf(std::move(change), caller);
}

absl::Status CheckApproval(const v1::ApproveRegistrantRequest& request, const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kApproveRegistrant, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  return CheckRequestId(request.request_id());
}

}  // namespace

Registrar::Registrar(storage::Ledger* ledger, const Proofs* proofs,
                     std::function<absl::Time()> clock, CredentialVault* vault)
    : ledger_(ledger), proofs_(proofs), clock_(std::move(clock)), vault_(vault) {}

void Registrar::ApplyRegistrant(const v1::ApplyRegistrantRequest& request, const Caller& caller,
                                Done<v1::RegistrantResponse> done) {
  // Whoever sends an application sees what it says, with a claim or without.
  Caller applicant = caller;
  applicant.role = Role::kApplicant;
  applicant.registrant = request.registrant_id();
  done = WithProofs(proofs_, request.include_proof(), applicant, std::move(done));
  absl::Status allowed = CheckRole(Method::kApplyRegistrant, caller);
  if (allowed.ok()) allowed = CheckRequestId(request.request_id());
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<RegistrantRow> row = ReadApplication(request);
  if (!row.ok()) return done(std::move(row).status());
  const std::string& id = request.registrant_id();
  const Hash digest = ApplicationDigest(id, *row);
  WriteRegistrant(
      ledger_, id, RequestOf(request.request_id(), id, digest),
      [caller, id, row = *std::move(row)](const storage::View& view) {
        return PlanApplication(view, caller, id, row);
      },
      std::move(done));
}

void Registrar::ApproveRegistrant(const v1::ApproveRegistrantRequest& request, const Caller& caller,
                                  Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::Status allowed = CheckApproval(request, caller);
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<std::string> id = ParseRegistrantName(request.name(), "name");
  if (!id.ok()) return done(std::move(id).status());
  const Hash digest =
      RequestDigest("gusu.approval.v1", {request.name(), request.reason(), request.etag()});
  WriteRegistrant(
      ledger_, *id, RequestOf(request.request_id(), "", digest),
      [caller, id = *id, request](const storage::View& view) {
        return PlanApproval(view, caller, request, id);
      },
      std::move(done));
}

absl::Status Registrar::GetRegistrant(const v1::GetRegistrantRequest& request, const Caller& caller,
                                      v1::Registrant* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetRegistrant, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string id, ParseRegistrantName(request.name(), "name"));
  const absl::Status own = CheckMaySee(caller, id);
  // A claim shows its own application and nothing else.
  if (!own.ok() && caller.role == Role::kApplicant) return own;
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view->directory(), id));
  // Who applies is nobody else's business: as if it did not exist.
  if (!own.ok() && !IsApproved(*registrant->row)) return RegistrantNotFound(id);
  FillRegistrant(id, *registrant->row, registrant->revision,
                 own.ok() ? ShownTo::kItself : ShownTo::kEverybody, response);
  return absl::OkStatus();
}

}  // namespace gusu::server
