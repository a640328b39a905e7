// Names of registrants and credentials, as the API writes them.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace gusu::server {

// 1 to 63 of a-z, 0-9 and "-", beginning with a letter or digit. kInvalidArgument / FIELD_INVALID.
absl::Status CheckRegistrantId(std::string_view id, std::string_view field);

// The id of registrants/{id}. kInvalidArgument / FIELD_MISSING, FIELD_INVALID.
absl::StatusOr<std::string> ParseRegistrantName(std::string_view name, std::string_view field);

// The registrant's id, or an empty string for `bureau`.
absl::StatusOr<std::string> ParseCredentialParent(std::string_view parent, std::string_view field);

// registrants/{id}/credentials/{id} or bureau/credentials/{id}.
struct CredentialPath {
  std::string registrant;  // id; empty for the bureau
  std::string id;
};
absl::StatusOr<CredentialPath> ParseCredentialName(std::string_view name, std::string_view field);
std::string CredentialName(std::string_view registrant, std::string_view id);

}  // namespace gusu::server
