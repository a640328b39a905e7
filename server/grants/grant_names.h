// Names of grants and groups, as the API writes them: registrants/{id}/grants/{id} and
// registrants/{id}/groups/{id}.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::server {

// Both ids are 1 to 63 of a-z, 0-9 and "-".
struct OwnedPath {
  std::string registrant;
  std::string id;
};

// kInvalidArgument / FIELD_MISSING, FIELD_INVALID.
absl::StatusOr<OwnedPath> ParseGrantName(std::string_view name, std::string_view field);
absl::StatusOr<OwnedPath> ParseGroupName(std::string_view name, std::string_view field);

std::string GrantName(std::string_view registrant, std::string_view id);
std::string GroupName(std::string_view registrant, std::string_view id);

}  // namespace gusu::server
