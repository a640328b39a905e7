#include "server/registrar_messages.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/delegation.h"
#include "server/handle_identity.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"

namespace gusu::server {
namespace {

template <typename Row>
uint64_t CreateRevision(const Row& row, uint64_t revision) {
  return row.create_revision() != 0 ? row.create_revision() : revision;
}

void FillLegalData(const storage::v1::RegistrantRow& row, v1::Registrant* message) {
  constexpr double kUnitsPerDegree = 1e7;
  message->set_legal_name(row.legal_name());
  message->set_english_name(row.english_name());
  v1::OrganizationCode* code = message->mutable_organization_code();
  code->set_scheme(static_cast<v1::OrganizationCode::Scheme>(row.organization_code_scheme()));
  code->set_value(row.organization_code());
  code->set_authority(row.organization_code_authority());
  message->set_address(row.address());
  message->set_district(row.district());
  message->set_industry_class(row.industry_class());
  message->set_industry_edition(row.industry_edition());
  if (row.has_location()) {
    v1::Location* location = message->mutable_location();
    location->set_latitude(row.location().latitude_e7() / kUnitsPerDegree);
    location->set_longitude(row.location().longitude_e7() / kUnitsPerDegree);
    location->set_datum(static_cast<v1::Location::Datum>(row.location().datum()));
  }
}

void FillDesignation(const storage::v1::DesignationRow& row, v1::Designation* message) {
  message->set_id(row.id());
  message->set_title(row.title());
  message->set_english_title(row.english_title());
  message->set_programme(row.programme());
  message->set_certificate_number(row.certificate_number());
  message->set_issued_on(row.issued_on());
  message->set_valid_until(row.valid_until());
  message->set_revoked(row.revoked());
  message->set_revocation_reason(row.revocation_reason());
}

void FillAmendment(const storage::v1::AmendmentRow& row, uint64_t revision,
                   v1::Amendment* message) {
  FillLegalData(row.proposed(), message->mutable_proposed());
  *message->mutable_proposed()->mutable_documents_sha256() = row.proposed().documents_sha256();
  *message->mutable_proposed()->mutable_warnings() = row.proposed().warnings();
  message->set_reason(row.reason());
  message->set_state(static_cast<v1::Amendment::State>(row.state()));
  message->set_state_reason(row.state_reason());
  FillTime(row.submit_revision() != 0 ? row.submit_revision() : revision,
           message->mutable_submit_time());
}

// What is shown to the registrant itself and to the bureau.
void FillOwnData(const storage::v1::RegistrantRow& row, uint64_t revision,
                 v1::Registrant* message) {
  const bool has_contact =
      !row.contact_person().empty() || !row.contact_email().empty() || !row.contact_phone().empty();
  if (has_contact) {
    message->mutable_contact()->set_person(row.contact_person());
    message->mutable_contact()->set_email(row.contact_email());
    message->mutable_contact()->set_phone(row.contact_phone());
  }
  *message->mutable_warnings() = row.warnings();
  *message->mutable_documents_sha256() = row.documents_sha256();
  if (row.has_amendment()) {
    FillAmendment(row.amendment(), revision, message->mutable_amendment());
  }
}

}  // namespace

void FillRegistrant(std::string_view id, const storage::v1::RegistrantRow& row, uint64_t revision,
                    ShownTo shown_to, v1::Registrant* message) {
  message->set_name(RegistrantName(id));
  message->set_kind(static_cast<v1::Registrant::Kind>(row.kind()));
  FillLegalData(row, message);
  message->set_state(static_cast<v1::Registrant::State>(row.state()));
  FillTime(CreateRevision(row, revision), message->mutable_create_time());
  FillTime(revision, message->mutable_update_time());
  message->set_etag(EtagOf(revision));
  for (const storage::v1::DesignationRow& designation : row.designations()) {
    FillDesignation(designation, message->add_designations());
  }
  if (!row.successor().empty()) message->set_successor(RegistrantName(row.successor()));
  message->set_state_reason(row.state_reason());
  if (shown_to == ShownTo::kItself) FillOwnData(row, revision, message);
}

void FillPrefix(const storage::v1::PrefixRow& row, uint64_t revision, v1::Prefix* message) {
  message->set_name(Concat("prefixes/", row.prefix()));
  message->set_prefix(row.prefix());
  message->set_holder(RegistrantName(row.holder()));
  message->set_quota(row.quota());
  v1::SuffixPolicy* policy = message->mutable_suffix_policy();
  policy->set_characters_max(row.suffix_characters_max());
  policy->set_check_scheme(static_cast<v1::SuffixPolicy::CheckScheme>(row.check_scheme()));
  policy->set_pattern(row.suffix_pattern());
  policy->set_allows_unicode(row.suffix_allows_unicode());
  message->set_state(static_cast<v1::Prefix::State>(row.state()));
  FillTime(CreateRevision(row, revision), message->mutable_create_time());
  FillTime(revision, message->mutable_update_time());
  message->set_etag(EtagOf(revision));
  message->set_disclosure(row.disclosure() == v1::Prefix::OPEN ? v1::Prefix::OPEN
                                                               : v1::Prefix::CLOSED);
  FillSites(row, message->mutable_sites());
  message->set_state_reason(row.state_reason());
  message->set_quota_granted(row.quota_granted());
}

void FillCredential(const storage::v1::CredentialRow& row, uint64_t revision, absl::Time now,
                    v1::Credential* message) {
  message->set_name(CredentialName(row.registrant(), row.id()));
  message->set_role(static_cast<v1::Credential::Role>(row.role()));
  message->set_title(row.title());
  message->set_kind(row.kind() == 0 ? v1::Credential::TOKEN
                                    : static_cast<v1::Credential::Kind>(row.kind()));
  message->set_handle_prefix(row.handle_prefix());
  message->set_handle_identity(HandleIdentityName(row));
  FillTime(row.expire_time_us(), message->mutable_expire_time());
  FillTime(CreateRevision(row, revision), message->mutable_create_time());
  const bool expired = absl::FromUnixMicros(static_cast<int64_t>(row.expire_time_us())) <= now;
  if (row.revoked()) {
    message->set_state(v1::Credential::REVOKED);
    // Nothing changes a revoked credential, so its row is the revocation's.
    FillTime(revision, message->mutable_revoke_time());
  } else {
    message->set_state(expired ? v1::Credential::EXPIRED : v1::Credential::ACTIVE);
  }
}

template <typename Message>
absl::StatusOr<Message> PayloadOf(const storage::Row& row) {
  Message message;
  if (message.ParseFromString(row.payload)) return message;
  const std::string& type = Message::descriptor()->name();
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("a stored ", type, " is damaged"),
               {{"type", type}, {"revision", std::to_string(row.revision)}});
}

template absl::StatusOr<storage::v1::RegistrantRow> PayloadOf(const storage::Row& row);
template absl::StatusOr<storage::v1::PrefixRow> PayloadOf(const storage::Row& row);
template absl::StatusOr<storage::v1::CredentialRow> PayloadOf(const storage::Row& row);
template absl::StatusOr<storage::v1::OrganizationCodeRow> PayloadOf(const storage::Row& row);
template absl::StatusOr<storage::v1::GroupRow> PayloadOf(const storage::Row& row);
template absl::StatusOr<storage::v1::GrantRow> PayloadOf(const storage::Row& row);
template absl::StatusOr<storage::v1::TemplateRow> PayloadOf(const storage::Row& row);

}  // namespace gusu::server
