// A registrant from the canonical bytes of its body (proto/README.md, "Canonical bytes").
#include "client/audit/canonical_fields.h"
#include "client/audit/read_parts.h"
#include "client/audit/status_from.h"
#include "client/audit/verify_leaf.h"
#include "gusu/audit.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

using Field = CanonicalReader::Field;

absl::Status ReadBodyField(const Field& field, Registrant& registrant) {
  OrganizationCode& code = registrant.organization_code;
  switch (field.tag) {
    case 1:
      return ReadTo(field, RegistrantKind::kPartner, registrant.kind);
    case 2:
      return ReadTo(field, registrant.legal_name);
    case 3:
      return ReadTo(field, registrant.english_name);
    case 4:
      return ReadTo(field, OrganizationCodeScheme::kOther, code.scheme);
    case 5:
      return ReadTo(field, code.value);
    case 6:
      return ReadTo(field, code.authority);
    case 7:
      return ReadTo(field, registrant.address);
    case 8:
      return ReadTo(field, registrant.district);
    case 9:
      return ReadTo(field, registrant.industry_class);
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
    default:
      return UnknownField(field);
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
  GUSU_RETURN_IF_ERROR(ReadFields(contents[0], {16}, [&registrant](const Field& field) {
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
