// The registrar's part on what a registrant says of itself after it has applied: corrections of the
// application, and amendments of what was approved.
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
#include "server/registrar.h"
#include "server/registrar_changes.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"

namespace gusu::server {
namespace {

using storage::v1::RegistrantRow;

struct Update {
  std::string id;
  Acting acting;
  std::string etag;
  // As the request says it, PENDING.
  RegistrantRow said;
  bool says_kind = false;
};

absl::StatusOr<Update> ReadUpdate(const v1::UpdateRegistrantRequest& request,
                                  const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kUpdateRegistrant, caller));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  Update update;
  GUSU_ASSIGN_OR_RETURN(update.id, ParseRegistrantName(request.name(), "name"));
  GUSU_ASSIGN_OR_RETURN(update.acting, ActingFor(caller, request.on_behalf_of()));
  if (!request.reason().empty()) update.acting.reason = request.reason();
  if (update.acting.registrant != update.id) {
    if (!caller.is_bureau()) return CheckMaySee(caller, update.id);
    return FieldInvalid("on_behalf_of.registrant", request.on_behalf_of().registrant(),
                        "it is not the registrant that is to change");
  }
  const v1::Registrant& registrant = request.registrant();
  if (!registrant.name().empty() && registrant.name() != request.name()) {
    return FieldInvalid("registrant.name", registrant.name(), "it differs from name");
  }
  update.etag = request.etag();
  update.says_kind = registrant.kind() != v1::Registrant::KIND_UNSPECIFIED;
  GUSU_RETURN_IF_ERROR(ReadApplicant(registrant, &update.said));
  return update;
}

void TakeContact(const RegistrantRow& from, RegistrantRow* row) {
  row->set_contact_person(from.contact_person());
  row->set_contact_email(from.contact_email());
  row->set_contact_phone(from.contact_phone());
}

void Correct(const Update& update, RegistrantRow* row) {
  TakeLegalData(update.said, row);
  TakeContact(update.said, row);
  row->set_kind(update.said.kind());
  row->set_state(v1::Registrant::PENDING);
  row->clear_state_reason();
}

// Data as they are approved take an amendment back.
absl::Status Amend(const Update& update, RegistrantRow* row) {
  if (update.says_kind && update.said.kind() != row->kind()) {
    return FieldInvalid(
        "registrant.kind",
        v1::Registrant::Kind_Name(static_cast<v1::Registrant::Kind>(update.said.kind())),
        "an approved registrant stays what it is");
  }
  TakeContact(update.said, row);
  const RegistrantRow proposed = LegalDataOf(update.said);
  if (CanonicalBody(proposed) == CanonicalBody(LegalDataOf(*row))) {
    row->clear_amendment();
    return absl::OkStatus();
  }
  const bool same = row->has_amendment() && row->amendment().state() == v1::Amendment::PENDING &&
                    row->amendment().reason() == update.acting.reason &&
                    CanonicalBody(row->amendment().proposed()) == CanonicalBody(proposed);
  if (same) return absl::OkStatus();
  storage::v1::AmendmentRow* amendment = row->mutable_amendment();
  amendment->Clear();
  *amendment->mutable_proposed() = proposed;
  amendment->set_reason(update.acting.reason);
  amendment->set_state(v1::Amendment::PENDING);
  return absl::OkStatus();
}

// The claim is the applicant's, until its application is approved.
absl::Status CheckMayAmend(const Caller& caller, const std::string& id) {
  if (caller.role != Role::kApplicant) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "CLAIM_SPENT",
               Concat("registrant ", id, " is approved: its admin changes it, the claim does not"),
               {{"registrant", RegistrantName(id)}});
}

absl::Status Apply(const Update& update, const Caller& caller, RegistrantRow* row) {
  switch (row->state()) {
    case v1::Registrant::PENDING:
    case v1::Registrant::RETURNED:
      Correct(update, row);
      return absl::OkStatus();
    case v1::Registrant::ACTIVE:
      GUSU_RETURN_IF_ERROR(CheckMayAmend(caller, update.id));
      return Amend(update, row);
    default:
      return CheckIsActive(update.id, *row);
  }
}

absl::StatusOr<PlannedWrite> PlanUpdate(const storage::View& view, const Caller& caller,
                                        const Update& update) {
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view.directory(), update.id));
  RegistrantRow row = NextRow(*registrant);
  GUSU_RETURN_IF_ERROR(Apply(update, caller, &row));
  // What is there already was done before.
  if (CanonicalBody(row) == CanonicalBody(*registrant->row)) {
    return storage::Receipt{registrant->leaf_index, registrant->revision};
  }
  GUSU_RETURN_IF_ERROR(
      CheckEtag("registrant", RegistrantName(update.id), update.etag, registrant->revision));
  Acting acting = update.acting;
  if (caller.role == Role::kApplicant) acting.actor = "applicant";
  return SetOf(ChangeOfRegistrant(Operation::kUpdateRegistrant, update.id, *registrant,
                                  std::move(row), acting, caller),
               caller);
}

Hash DigestOf(const v1::UpdateRegistrantRequest& request, const Update& update) {
  return RequestDigest(
      "gusu.update-registrant.v1",
      {request.name(), CanonicalBody(update.said), request.reason(), request.etag(),
       update.acting.on_behalf_of, update.acting.reason, update.says_kind ? "kind" : ""});
}

}  // namespace

void Registrar::UpdateRegistrant(const v1::UpdateRegistrantRequest& request, const Caller& caller,
                                 Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<Update> update = ReadUpdate(request, caller);
  if (!update.ok()) return done(std::move(update).status());
  WriteRegistrant(
      ledger_, update->id, RequestOf(request.request_id(), update->id, DigestOf(request, *update)),
      [caller, update = *update](const storage::View& view) {
        return PlanUpdate(view, caller, update);
      },
      std::move(done));
}

}  // namespace gusu::server
