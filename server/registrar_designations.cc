// The registrar's part on designations: honours and accreditations that the bureau gives.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/registrar.h"
#include "server/registrar_changes.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

using RegistrantEntry = storage::Directory::RegistrantEntry;
using storage::v1::DesignationRow;
using storage::v1::RegistrantRow;

constexpr size_t kTextCharactersMax = 200;
constexpr size_t kCertificateCharactersMax = 100;

// YYYY-MM-DD, and a day of the calendar.
absl::Status CheckDate(const std::string& text, std::string_view field) {
  constexpr size_t kDateCharacters = 10;
  absl::CivilDay day;
  if (text.size() == kDateCharacters && absl::ParseCivilTime(text, &day) &&
      absl::FormatCivilTime(day) == text) {
    return absl::OkStatus();
  }
  return FieldInvalid(field, Quote(text), "it must be a date: YYYY-MM-DD");
}

absl::StatusOr<DesignationRow> ReadDesignation(const v1::Designation& designation) {
  const auto check = [](const std::string& text, size_t characters_max, const char* field) {
    return text.empty() ? absl::OkStatus() : CheckText(text, characters_max, field);
  };
  if (designation.id().empty()) return FieldMissing("designation.id");
  GUSU_RETURN_IF_ERROR(CheckRegistrantId(designation.id(), "designation.id"));
  if (designation.title().empty()) return FieldMissing("designation.title");
  GUSU_RETURN_IF_ERROR(check(designation.title(), kTextCharactersMax, "designation.title"));
  GUSU_RETURN_IF_ERROR(
      check(designation.english_title(), kTextCharactersMax, "designation.english_title"));
  GUSU_RETURN_IF_ERROR(check(designation.programme(), kTextCharactersMax, "designation.programme"));
  GUSU_RETURN_IF_ERROR(check(designation.certificate_number(), kCertificateCharactersMax,
                             "designation.certificate_number"));
  if (designation.issued_on().empty()) return FieldMissing("designation.issued_on");
  GUSU_RETURN_IF_ERROR(CheckDate(designation.issued_on(), "designation.issued_on"));
  if (!designation.valid_until().empty()) {
    GUSU_RETURN_IF_ERROR(CheckDate(designation.valid_until(), "designation.valid_until"));
    // As text they compare as days do.
    if (designation.valid_until() < designation.issued_on()) {
      return FieldInvalid("designation.valid_until", designation.valid_until(),
                          "it is before issued_on");
    }
  }
  DesignationRow row;
  row.set_id(designation.id());
  row.set_title(designation.title());
  row.set_english_title(designation.english_title());
  row.set_programme(designation.programme());
  row.set_certificate_number(designation.certificate_number());
  row.set_issued_on(designation.issued_on());
  row.set_valid_until(designation.valid_until());
  return row;
}

DesignationRow* Find(RegistrantRow* row, const std::string& id) {
  const auto found =
      std::find_if(row->mutable_designations()->begin(), row->mutable_designations()->end(),
                   [&id](const DesignationRow& each) { return each.id() == id; });
  return found == row->mutable_designations()->end() ? nullptr : &*found;
}

// As it was given.
std::string GivenAs(DesignationRow row) {
  row.clear_revoked();
  row.clear_revocation_reason();
  return row.SerializeAsString();
}

// The change since which the designation is there, or, with `revoked`, is taken back.
absl::StatusOr<storage::Receipt> FirstWith(const storage::View& view, const std::string& id,
                                           const RegistrantEntry& registrant,
                                           const std::string& designation_id, bool revoked) {
  storage::Receipt first{registrant.leaf_index, registrant.revision};
  absl::Status status;
  GUSU_RETURN_IF_ERROR(view.ScanRevisions(
      storage::RegistrantKey(id), registrant.revision, [&](const storage::Row& stored) {
        absl::StatusOr<RegistrantRow> row = PayloadOf<RegistrantRow>(stored);
        if (!row.ok()) {
          status = std::move(row).status();
          return false;
        }
        const DesignationRow* designation = Find(&*row, designation_id);
        if (designation == nullptr || (revoked && !designation->revoked())) return false;
        first = {stored.leaf_index, stored.revision};
        return true;
      }));
  GUSU_RETURN_IF_ERROR(status);
  return first;
}

absl::Status DesignationError(absl::StatusCode code, std::string_view reason, std::string_view what,
                              const std::string& id, const std::string& designation_id) {
  return Error(code, reason, Concat("designation ", designation_id, " of ", id, " ", what),
               {{"registrant", RegistrantName(id)}, {"designation", designation_id}});
}

// What both methods are asked.
struct Request {
  std::string id;  // of the registrant
  Acting acting;
  std::string etag;
};

absl::StatusOr<PlannedWrite> PlanDesignation(const storage::View& view, const Caller& caller,
                                             const Request& request,
                                             const DesignationRow& designation) {
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view.directory(), request.id));
  RegistrantRow row = NextRow(*registrant);
  if (const DesignationRow* there = Find(&row, designation.id())) {
    if (GivenAs(*there) == GivenAs(designation)) {
      GUSU_ASSIGN_OR_RETURN(const storage::Receipt first,
                            FirstWith(view, request.id, *registrant, designation.id(), false));
      return first;
    }
    return DesignationError(absl::StatusCode::kAlreadyExists, "DESIGNATION_TAKEN",
                            "is there with other content", request.id, designation.id());
  }
  GUSU_RETURN_IF_ERROR(CheckIsActive(request.id, row));
  GUSU_RETURN_IF_ERROR(
      CheckEtag("registrant", RegistrantName(request.id), request.etag, registrant->revision));
  if (row.designations_size() >= Registrar::kDesignationsMax) {
    return Error(absl::StatusCode::kFailedPrecondition, "DESIGNATIONS_TOO_MANY",
                 Concat("registrant ", request.id, " has ", row.designations_size(),
                        " designations, as many as it may"),
                 {{"registrant", RegistrantName(request.id)},
                  {"designations_max", std::to_string(Registrar::kDesignationsMax)}});
  }
  *row.add_designations() = designation;
  return SetOf(ChangeOfRegistrant(Operation::kDesignateRegistrant, request.id, *registrant,
                                  std::move(row), request.acting, caller),
               caller);
}

absl::StatusOr<PlannedWrite> PlanRevocation(const storage::View& view, const Caller& caller,
                                            const Request& request,
                                            const std::string& designation_id) {
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view.directory(), request.id));
  RegistrantRow row = NextRow(*registrant);
  DesignationRow* designation = Find(&row, designation_id);
  if (designation == nullptr) {
    return DesignationError(absl::StatusCode::kNotFound, "DESIGNATION_NOT_FOUND", "does not exist",
                            request.id, designation_id);
  }
  if (designation->revoked()) {
    if (designation->revocation_reason() == request.acting.reason) {
      GUSU_ASSIGN_OR_RETURN(const storage::Receipt first,
                            FirstWith(view, request.id, *registrant, designation_id, true));
      return first;
    }
    return DesignationError(absl::StatusCode::kFailedPrecondition, "DESIGNATION_REVOKED",
                            "was taken back before, for another reason", request.id,
                            designation_id);
  }
  GUSU_RETURN_IF_ERROR(
      CheckEtag("registrant", RegistrantName(request.id), request.etag, registrant->revision));
  designation->set_revoked(true);
  designation->set_revocation_reason(request.acting.reason);
  return SetOf(ChangeOfRegistrant(Operation::kRevokeDesignation, request.id, *registrant,
                                  std::move(row), request.acting, caller),
               caller);
}

template <typename Message>
absl::StatusOr<Request> ReadRequest(Method method, const Message& message, bool reason_required,
                                    const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(message.reason(), reason_required));
  GUSU_RETURN_IF_ERROR(CheckRequestId(message.request_id()));
  Request request;
  GUSU_ASSIGN_OR_RETURN(request.id, ParseRegistrantName(message.name(), "name"));
  request.acting = ActingBureau(message.reason());
  request.etag = message.etag();
  return request;
}

}  // namespace

void Registrar::DesignateRegistrant(const v1::DesignateRegistrantRequest& message,
                                    const Caller& caller, Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, message.include_proof(), caller, std::move(done));
  absl::StatusOr<Request> request =
      ReadRequest(Method::kDesignateRegistrant, message, false, caller);
  if (!request.ok()) return done(std::move(request).status());
  absl::StatusOr<DesignationRow> designation = ReadDesignation(message.designation());
  if (!designation.ok()) return done(std::move(designation).status());
  const Hash digest = RequestDigest("gusu.designation.v1", {message.name(), GivenAs(*designation),
                                                            message.reason(), message.etag()});
  WriteRegistrant(
      ledger_, request->id, RequestOf(message.request_id(), "", digest),
      [caller, request = *request, designation = *designation](const storage::View& view) {
        return PlanDesignation(view, caller, request, designation);
      },
      std::move(done));
}

void Registrar::RevokeDesignation(const v1::RevokeDesignationRequest& message, const Caller& caller,
                                  Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, message.include_proof(), caller, std::move(done));
  absl::StatusOr<Request> request = ReadRequest(Method::kRevokeDesignation, message, true, caller);
  if (!request.ok()) return done(std::move(request).status());
  if (message.designation_id().empty()) return done(FieldMissing("designation_id"));
  const Hash digest =
      RequestDigest("gusu.designation-revocation.v1",
                    {message.name(), message.designation_id(), message.reason(), message.etag()});
  WriteRegistrant(
      ledger_, request->id, RequestOf(message.request_id(), "", digest),
      [caller, request = *request, id = message.designation_id()](const storage::View& view) {
        return PlanRevocation(view, caller, request, id);
      },
      std::move(done));
}

}  // namespace gusu::server
