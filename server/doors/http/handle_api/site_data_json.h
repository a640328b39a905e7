// HS_SITE as the data of a value in JSON, read and written.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::server {

// nullopt: no HS_SITE that JSON can say.
std::optional<nlohmann::ordered_json> SiteDataJson(std::string_view bytes);
// HANDLE_MALFORMED.
absl::StatusOr<std::string> SiteDataFromJson(const nlohmann::ordered_json& json);

}  // namespace gusu::server
