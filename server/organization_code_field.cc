#include "server/organization_code_field.h"

#include "gusu/v1/resources.pb.h"
#include "proto/identifier.h"
#include "proto/organization_code.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

constexpr size_t kCodeCharactersMax = 64;

absl::Status CheckCode(const v1::OrganizationCode& code, std::string_view field) {
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

}  // namespace

absl::StatusOr<StoredOrganizationCode> ReadOrganizationCode(const v1::OrganizationCode& code,
                                                            std::string_view field) {
  GUSU_RETURN_IF_ERROR(CheckCode(code, field));
  const bool other = code.scheme() == v1::OrganizationCode::OTHER;
  if (!other && !code.authority().empty()) {
    return FieldInvalid(Concat(field, ".authority"), code.authority(),
                        "only a code of scheme OTHER names its authority");
  }
  StoredOrganizationCode stored;
  stored.scheme = code.scheme() == v1::OrganizationCode::SCHEME_UNSPECIFIED
                      ? static_cast<uint32_t>(v1::OrganizationCode::USCC)
                      : static_cast<uint32_t>(code.scheme());
  stored.authority = code.authority();
  stored.value = other ? code.value() : ToKey(code.value());
  return stored;
}

}  // namespace gusu::server
