// Public keys (HS_PUBKEY) as JSON web keys, RFC 7517: RSA, and DSA in the same manner.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::server {

// nullopt: no public key.
std::optional<nlohmann::ordered_json> KeyJson(std::string_view record);
// HANDLE_MALFORMED.
absl::StatusOr<std::string> KeyFromJson(const nlohmann::ordered_json& json);

}  // namespace gusu::server
