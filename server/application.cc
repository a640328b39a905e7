#include "server/application.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/hash.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "server/legal_data.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/text_field.h"

namespace gusu::server {

absl::Status ReadApplicant(const v1::Registrant& registrant, storage::v1::RegistrantRow* row) {
  row->set_kind(registrant.kind() == v1::Registrant::KIND_UNSPECIFIED ? v1::Registrant::ENTERPRISE
                                                                      : registrant.kind());
  if (!v1::Registrant::Kind_IsValid(static_cast<int>(row->kind()))) {
    return FieldInvalid("registrant.kind", std::to_string(registrant.kind()),
                        "it must be ENTERPRISE, INSTITUTE or PARTNER");
  }
  GUSU_RETURN_IF_ERROR(ReadLegalData(registrant, row));
  GUSU_RETURN_IF_ERROR(ReadContact(registrant, row));
  row->set_state(v1::Registrant::PENDING);
  return absl::OkStatus();
}

absl::StatusOr<storage::v1::RegistrantRow> ReadApplication(
    const v1::ApplyRegistrantRequest& request) {
  if (request.registrant_id().empty()) return FieldMissing("registrant_id");
  GUSU_RETURN_IF_ERROR(CheckRegistrantId(request.registrant_id(), "registrant_id"));
  const v1::Registrant& registrant = request.registrant();
  if (!registrant.name().empty() && registrant.name() != RegistrantName(request.registrant_id())) {
    return FieldInvalid("registrant.name", registrant.name(), "it differs from registrant_id");
  }
  storage::v1::RegistrantRow row;
  GUSU_RETURN_IF_ERROR(ReadApplicant(registrant, &row));
  GUSU_RETURN_IF_ERROR(CheckSha256(request.claim_sha256(), "claim_sha256"));
  row.set_claim_sha256(request.claim_sha256());
  const Hash digest = ApplicationDigest(request.registrant_id(), row);
  row.set_create_digest(std::string(AsBytes(digest)));
  return row;
}

Hash ApplicationDigest(std::string_view id, const storage::v1::RegistrantRow& row) {
  return Sha256({"gusu.application.v1\n", id, "\n", CanonicalBody(row)});
}

}  // namespace gusu::server
