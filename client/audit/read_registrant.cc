// A registrant from the canonical bytes of its body (proto/README.md, "Canonical bytes").
#include "client/audit/canonical_fields.h"
#include "client/audit/read_parts.h"
#include "client/audit/status_from.h"
#include "client/audit/verify_leaf.h"
#include "gusu/audit.h"
#include "gusu/registrant.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

using Field = CanonicalReader::Field;

// Units of 10^-7 degrees, those south and west as two's complement of 64 bits.
absl::Status ReadDegreesTo(const Field& field, double& degrees) {
  uint64_t number = 0;
  GUSU_RETURN_IF_ERROR(ReadTo(field, number));
  const auto units = static_cast<int64_t>(number);
  if (units != static_cast<int32_t>(units)) return MalformedBytes("degrees beyond every place");
  degrees = static_cast<double>(units) / 1e7;
  return absl::OkStatus();
}

absl::Status ReadLocation(std::string_view bytes, Location& location) {
  return ReadFields(bytes, {}, [&location](const Field& field) {
    switch (field.tag) {
      case 1:
        return ReadDegreesTo(field, location.latitude);
      case 2:
        return ReadDegreesTo(field, location.longitude);
      case 3:
        return ReadTo(field, LocationDatum::kGcj02, location.datum);
      default:
        return UnknownField(field);
    }
  });
}

absl::Status ReadFlagTo(const Field& field, bool& flag) {
  uint64_t number = 0;
  GUSU_RETURN_IF_ERROR(ReadTo(field, number));
  if (number != 1) return MalformedBytes("a flag other than 1");
  flag = true;
  return absl::OkStatus();
}

absl::Status ReadDesignation(std::string_view bytes, Designation& designation) {
  return ReadFields(bytes, {}, [&designation](const Field& field) {
    switch (field.tag) {
      case 1:
        return ReadTo(field, designation.id);
      case 2:
        return ReadTo(field, designation.title);
      case 3:
        return ReadTo(field, designation.english_title);
      case 4:
        return ReadTo(field, designation.programme);
      case 5:
        return ReadTo(field, designation.certificate_number);
      case 6:
        return ReadTo(field, designation.issued_on);
      case 7:
        return ReadTo(field, designation.valid_until);
      case 8:
        return ReadFlagTo(field, designation.revoked);
      case 9:
        return ReadTo(field, designation.revocation_reason);
      default:
        return UnknownField(field);
    }
  });
}

// Fields that registrants have in common with what is proposed of them.
absl::Status ReadLegalField(const Field& field, LegalData& data) {
  OrganizationCode& code = data.organization_code;
  switch (field.tag) {
    case 2:
      return ReadTo(field, data.legal_name);
    case 3:
      return ReadTo(field, data.english_name);
    case 4:
      return ReadTo(field, OrganizationCodeScheme::kOther, code.scheme);
    case 5:
      return ReadTo(field, code.value);
    case 6:
      return ReadTo(field, code.authority);
    case 7:
      return ReadTo(field, data.address);
    case 8:
      return ReadTo(field, data.district);
    case 9:
      return ReadTo(field, data.industry_class);
    case 20:
      return ReadTo(field, data.industry_edition);
    case 21:
      return ReadLocation(field.content, data.location.emplace());
    case 22:
      data.documents_sha256.emplace_back(field.content);
      return absl::OkStatus();
    default:
      return UnknownField(field);
  }
}

absl::Status ReadAmendment(std::string_view bytes, Amendment& amendment) {
  return ReadFields(bytes, {}, [&amendment](const Field& field) {
    switch (field.tag) {
      case 1:
        return ReadFields(field.content, {16, 22}, [&amendment](const Field& proposed) {
          // Warnings are the reviewer's.
          if (proposed.tag == 16) return CanonicalReader::TextOf(proposed).status();
          return ReadLegalField(proposed, amendment.proposed);
        });
      case 2:
        return ReadTo(field, amendment.reason);
      case 3:
        return ReadTo(field, AmendmentState::kReturned, amendment.state);
      case 4:
        return ReadTo(field, amendment.state_reason);
      default:
        return UnknownField(field);
    }
  });
}

absl::Status ReadBodyField(const Field& field, Registrant& registrant) {
  switch (field.tag) {
    case 1:
      return ReadTo(field, RegistrantKind::kPartner, registrant.kind);
    case 10:
      return ReadTo(field, registrant.contact.person);
    case 11:
      return ReadTo(field, registrant.contact.email);
    case 12:
      return ReadTo(field, registrant.contact.phone);
    case 13:
      return ReadTo(field, RegistrantState::kRejected, registrant.state);
    case 15:  // SHA-256 of the claim, which is no property of the registrant
      return CanonicalReader::TextOf(field).status();
    case 16:
      return ReadTo(field, registrant.warnings.emplace_back());
    case 23:
      return ReadDesignation(field.content, registrant.designations.emplace_back());
    case 24:
      return ReadNameTo(field, registrant.successor);
    case 25:
      return ReadTo(field, registrant.state_reason);
    case 26:
      return ReadAmendment(field.content, registrant.amendment.emplace());
    default:
      return ReadLegalField(field, registrant);
  }
}

absl::StatusOr<Registrant> ReadRegistrant(const std::string& resource,
                                          const std::vector<ContentPart>& parts) {
  if (!std::string_view(resource).starts_with("registrants/")) {
    return InvalidProof(Concat(Quote(resource), " is not the name of a registrant"));
  }
  GUSU_ASSIGN_OR_RETURN(const std::vector<std::string_view> contents,
                        ContentsOf(parts, {kBodyLabel}));
  Registrant registrant;
  registrant.name = resource;
  if (contents[0].empty()) return registrant;
  GUSU_RETURN_IF_ERROR(ReadFields(contents[0], {16, 22, 23}, [&registrant](const Field& field) {
    return ReadBodyField(field, registrant);
  }));
  return registrant;
}

}  // namespace

Result<Registrant> ReadRegistrantParts(const std::string& resource,
                                       const std::vector<ContentPart>& parts) {
  return ResultFrom(ReadRegistrant(resource, parts));
}

}  // namespace gusu
