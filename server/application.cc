#include "server/application.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/organization_code.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

constexpr size_t kNameCharactersMax = 200;
constexpr size_t kAddressCharactersMax = 500;
constexpr size_t kCodeCharactersMax = 64;
constexpr size_t kIndustryClassCharactersMax = 10;
constexpr size_t kDistrictDigits = 6;

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::Status CheckCode(const v1::OrganizationCode& code) {
  const std::string field = "registrant.organization_code";
  if (code.value().empty()) return FieldMissing(Concat(field, ".value"));
  switch (code.scheme()) {
    case v1::OrganizationCode::SCHEME_UNSPECIFIED:
    case v1::OrganizationCode::USCC:
      return CheckUnifiedSocialCreditCode(ToKey(code.value()));
    case v1::OrganizationCode::LEI:
      return CheckLegalEntityIdentifier(ToKey(code.value()));
    case v1::OrganizationCode::OTHER:
      if (code.authority().empty()) return FieldMissing(Concat(field, ".authority"));
      GUSU_RETURN_IF_ERROR(
          CheckText(code.authority(), kCodeCharactersMax, Concat(field, ".authority")));
      return CheckText(code.value(), kCodeCharactersMax, Concat(field, ".value"));
    default:
      return FieldInvalid(Concat(field, ".scheme"), std::to_string(code.scheme()),
                          "it must be USCC, LEI or OTHER");
  }
}

absl::Status ReadCode(const v1::OrganizationCode& code, storage::v1::RegistrantRow* row) {
  GUSU_RETURN_IF_ERROR(CheckCode(code));
  const bool other = code.scheme() == v1::OrganizationCode::OTHER;
  if (!other && !code.authority().empty()) {
    return FieldInvalid("registrant.organization_code.authority", code.authority(),
                        "only a code of scheme OTHER names its authority");
  }
  row->set_organization_code_scheme(code.scheme() == v1::OrganizationCode::SCHEME_UNSPECIFIED
                                        ? v1::OrganizationCode::USCC
                                        : code.scheme());
  row->set_organization_code(other ? code.value() : ToKey(code.value()));
  row->set_organization_code_authority(code.authority());
  return absl::OkStatus();
}

// Needs the organisation code.
absl::Status ReadDistrict(const std::string& district, storage::v1::RegistrantRow* row) {
  if (!district.empty() && (district.size() != kDistrictDigits || !IsDigits(district))) {
    return FieldInvalid("registrant.district", district, "it must be six digits (GB/T 2260)");
  }
  row->set_district(district);
  if (row->organization_code_scheme() != v1::OrganizationCode::USCC) return absl::OkStatus();
  const std::string_view of_code = DistrictOfUnifiedSocialCreditCode(row->organization_code());
  if (!IsDigits(of_code)) return absl::OkStatus();
  if (district.empty()) {
    row->set_district(std::string(of_code));
  } else if (district != of_code) {
    row->add_warnings(
        Concat("district ", district, " differs from ", of_code, " of the organisation code"));
  }
  return absl::OkStatus();
}

absl::Status ReadTexts(const v1::Registrant& registrant, storage::v1::RegistrantRow* row) {
  if (registrant.legal_name().empty()) return FieldMissing("registrant.legal_name");
  const auto check = [](const std::string& text, size_t characters_max, const char* field) {
    return text.empty() ? absl::OkStatus() : CheckText(text, characters_max, field);
  };
  const v1::Contact& contact = registrant.contact();
  GUSU_RETURN_IF_ERROR(check(registrant.legal_name(), kNameCharactersMax, "registrant.legal_name"));
  GUSU_RETURN_IF_ERROR(
      check(registrant.english_name(), kNameCharactersMax, "registrant.english_name"));
  GUSU_RETURN_IF_ERROR(check(registrant.address(), kAddressCharactersMax, "registrant.address"));
  GUSU_RETURN_IF_ERROR(
      check(registrant.industry_class(), kIndustryClassCharactersMax, "registrant.industry_class"));
  GUSU_RETURN_IF_ERROR(check(contact.person(), kNameCharactersMax, "registrant.contact.person"));
  GUSU_RETURN_IF_ERROR(check(contact.email(), kNameCharactersMax, "registrant.contact.email"));
  GUSU_RETURN_IF_ERROR(check(contact.phone(), kNameCharactersMax, "registrant.contact.phone"));
  row->set_legal_name(registrant.legal_name());
  row->set_english_name(registrant.english_name());
  row->set_address(registrant.address());
  row->set_industry_class(registrant.industry_class());
  row->set_contact_person(contact.person());
  row->set_contact_email(contact.email());
  row->set_contact_phone(contact.phone());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<storage::v1::RegistrantRow> ReadApplication(
    const v1::ApplyRegistrantRequest& request) {
  if (request.registrant_id().empty()) return FieldMissing("registrant_id");
  GUSU_RETURN_IF_ERROR(CheckRegistrantId(request.registrant_id(), "registrant_id"));
  const v1::Registrant& registrant = request.registrant();
  if (!registrant.name().empty() && registrant.name() != RegistrantName(request.registrant_id())) {
    return FieldInvalid("registrant.name", registrant.name(), "it differs from registrant_id");
  }
  storage::v1::RegistrantRow row;
  row.set_kind(registrant.kind() == v1::Registrant::KIND_UNSPECIFIED ? v1::Registrant::ENTERPRISE
                                                                     : registrant.kind());
  if (row.kind() > v1::Registrant::PARTNER) {
    return FieldInvalid("registrant.kind", std::to_string(registrant.kind()),
                        "it must be ENTERPRISE, INSTITUTE or PARTNER");
  }
  GUSU_RETURN_IF_ERROR(ReadTexts(registrant, &row));
  GUSU_RETURN_IF_ERROR(ReadCode(registrant.organization_code(), &row));
  GUSU_RETURN_IF_ERROR(ReadDistrict(registrant.district(), &row));
  GUSU_RETURN_IF_ERROR(CheckSha256(request.claim_sha256(), "claim_sha256"));
  row.set_claim_sha256(request.claim_sha256());
  row.set_state(v1::Registrant::PENDING);
  const Hash digest = ApplicationDigest(request.registrant_id(), row);
  row.set_create_digest(std::string(AsBytes(digest)));
  return row;
}

Hash ApplicationDigest(std::string_view id, const storage::v1::RegistrantRow& row) {
  return Sha256({"gusu.application.v1\n", id, "\n", CanonicalBody(row)});
}

}  // namespace gusu::server
