#include "server/legal_data.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/organization_code.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/organization_code_field.h"
#include "server/resource_fields.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

using storage::v1::RegistrantRow;

constexpr size_t kNameCharactersMax = 200;
constexpr size_t kAddressCharactersMax = 500;
constexpr size_t kDistrictDigits = 6;
constexpr size_t kIndustryClassDigitsMax = 4;
// GB/T 4754 of 2017; its first edition is of 1984.
constexpr uint32_t kIndustryEditionDefault = 2017;
constexpr uint32_t kIndustryEditionMin = 1984, kIndustryEditionMax = 2100;
constexpr double kLatitudeMax = 90, kLongitudeMax = 180, kUnitsPerDegree = 1e7;

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::Status CheckOptional(const std::string& text, size_t characters_max, const char* field) {
  return text.empty() ? absl::OkStatus() : CheckText(text, characters_max, field);
}

absl::Status ReadCode(const v1::OrganizationCode& message, RegistrantRow* row) {
  GUSU_ASSIGN_OR_RETURN(const StoredOrganizationCode code,
                        ReadOrganizationCode(message, "registrant.organization_code"));
  row->set_organization_code_scheme(code.scheme);
  row->set_organization_code(code.value);
  row->set_organization_code_authority(code.authority);
  return absl::OkStatus();
}

// Needs the organisation code.
absl::Status ReadDistrict(const std::string& district, RegistrantRow* row) {
  if (!district.empty() && (district.size() != kDistrictDigits || !IsDigits(district))) {
    return FieldInvalid("registrant.district", district, "it must be six digits (GB/T 2260)");
  }
  row->set_district(district);
  row->clear_warnings();
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

absl::Status ReadIndustry(const v1::Registrant& registrant, RegistrantRow* row) {
  row->clear_industry_class();
  row->clear_industry_edition();
  const std::string industry_class = ToKey(registrant.industry_class());
  if (industry_class.empty()) {
    if (registrant.industry_edition() == 0) return absl::OkStatus();
    return FieldMissing("registrant.industry_class");
  }
  const std::string_view digits = std::string_view(industry_class).substr(1);
  if (industry_class[0] < 'A' || industry_class[0] > 'Z' ||
      digits.size() > kIndustryClassDigitsMax || !IsDigits(digits)) {
    return FieldInvalid("registrant.industry_class", registrant.industry_class(),
                        "it must be a letter, then up to four digits (GB/T 4754)");
  }
  const uint32_t edition = registrant.industry_edition();
  if (edition != 0 && (edition < kIndustryEditionMin || edition > kIndustryEditionMax)) {
    return FieldInvalid("registrant.industry_edition", std::to_string(edition),
                        "it must be a year in which GB/T 4754 was published");
  }
  row->set_industry_class(industry_class);
  row->set_industry_edition(edition == 0 ? kIndustryEditionDefault : edition);
  return absl::OkStatus();
}

absl::Status CheckDegrees(double degrees, double degrees_max, const char* field) {
  // A NaN is not within either.
  if (degrees >= -degrees_max && degrees <= degrees_max) return absl::OkStatus();
  const int whole = static_cast<int>(degrees_max);
  return FieldInvalid(field, std::to_string(degrees),
                      Concat("it must be between -", whole, " and ", whole, " degrees"));
}

absl::Status ReadLocation(const v1::Registrant& registrant, RegistrantRow* row) {
  row->clear_location();
  if (!registrant.has_location()) return absl::OkStatus();
  const v1::Location& location = registrant.location();
  if (location.datum() == v1::Location::DATUM_UNSPECIFIED) {
    return FieldMissing("registrant.location.datum");
  }
  if (!v1::Location::Datum_IsValid(location.datum())) {
    return FieldInvalid("registrant.location.datum", std::to_string(location.datum()),
                        "it must be WGS84, CGCS2000 or GCJ02");
  }
  GUSU_RETURN_IF_ERROR(
      CheckDegrees(location.latitude(), kLatitudeMax, "registrant.location.latitude"));
  GUSU_RETURN_IF_ERROR(
      CheckDegrees(location.longitude(), kLongitudeMax, "registrant.location.longitude"));
  const auto units = [](double degrees) {
    return static_cast<int32_t>(std::lround(degrees * kUnitsPerDegree));
  };
  row->mutable_location()->set_latitude_e7(units(location.latitude()));
  row->mutable_location()->set_longitude_e7(units(location.longitude()));
  row->mutable_location()->set_datum(location.datum());
  return absl::OkStatus();
}

absl::Status ReadDocuments(const v1::Registrant& registrant, RegistrantRow* row) {
  if (registrant.documents_sha256_size() > kDocumentsMax) {
    return FieldInvalid("registrant.documents_sha256",
                        std::to_string(registrant.documents_sha256_size()),
                        Concat("at most ", kDocumentsMax, " documents"));
  }
  for (int i = 0; i < registrant.documents_sha256_size(); ++i) {
    GUSU_RETURN_IF_ERROR(CheckSha256(registrant.documents_sha256(i),
                                     Concat("registrant.documents_sha256[", i, "]")));
  }
  *row->mutable_documents_sha256() = registrant.documents_sha256();
  return absl::OkStatus();
}

absl::Status ReadTexts(const v1::Registrant& registrant, RegistrantRow* row) {
  if (registrant.legal_name().empty()) return FieldMissing("registrant.legal_name");
  GUSU_RETURN_IF_ERROR(
      CheckOptional(registrant.legal_name(), kNameCharactersMax, "registrant.legal_name"));
  GUSU_RETURN_IF_ERROR(
      CheckOptional(registrant.english_name(), kNameCharactersMax, "registrant.english_name"));
  GUSU_RETURN_IF_ERROR(
      CheckOptional(registrant.address(), kAddressCharactersMax, "registrant.address"));
  row->set_legal_name(registrant.legal_name());
  row->set_english_name(registrant.english_name());
  row->set_address(registrant.address());
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadLegalData(const v1::Registrant& registrant, RegistrantRow* row) {
  GUSU_RETURN_IF_ERROR(ReadTexts(registrant, row));
  GUSU_RETURN_IF_ERROR(ReadIndustry(registrant, row));
  GUSU_RETURN_IF_ERROR(ReadLocation(registrant, row));
  GUSU_RETURN_IF_ERROR(ReadDocuments(registrant, row));
  GUSU_RETURN_IF_ERROR(ReadCode(registrant.organization_code(), row));
  return ReadDistrict(registrant.district(), row);
}

absl::Status ReadContact(const v1::Registrant& registrant, RegistrantRow* row) {
  const v1::Contact& contact = registrant.contact();
  GUSU_RETURN_IF_ERROR(
      CheckOptional(contact.person(), kNameCharactersMax, "registrant.contact.person"));
  GUSU_RETURN_IF_ERROR(
      CheckOptional(contact.email(), kNameCharactersMax, "registrant.contact.email"));
  GUSU_RETURN_IF_ERROR(
      CheckOptional(contact.phone(), kNameCharactersMax, "registrant.contact.phone"));
  row->set_contact_person(contact.person());
  row->set_contact_email(contact.email());
  row->set_contact_phone(contact.phone());
  return absl::OkStatus();
}

RegistrantRow LegalDataOf(const RegistrantRow& row) {
  RegistrantRow legal_data;
  TakeLegalData(row, &legal_data);
  return legal_data;
}

void TakeLegalData(const RegistrantRow& legal_data, RegistrantRow* row) {
  row->set_legal_name(legal_data.legal_name());
  row->set_english_name(legal_data.english_name());
  row->set_organization_code_scheme(legal_data.organization_code_scheme());
  row->set_organization_code(legal_data.organization_code());
  row->set_organization_code_authority(legal_data.organization_code_authority());
  row->set_address(legal_data.address());
  row->set_district(legal_data.district());
  row->set_industry_class(legal_data.industry_class());
  row->set_industry_edition(legal_data.industry_edition());
  row->clear_location();
  if (legal_data.has_location()) *row->mutable_location() = legal_data.location();
  *row->mutable_documents_sha256() = legal_data.documents_sha256();
  *row->mutable_warnings() = legal_data.warnings();
}

}  // namespace gusu::server
