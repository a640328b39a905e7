// The data of a value in JSON: {"format": …, "value": …}.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/value.h"

namespace gusu::server {

// In the format that the type has; a string, or base64 for what is no text, where it has none or
// the bytes are not what the type says.
nlohmann::ordered_json DataJson(std::string_view type, std::string_view bytes);
// Text alone, a number or a truth value, too, are a string. HANDLE_MALFORMED.
absl::StatusOr<std::string> DataFromJson(const nlohmann::ordered_json& data);

// {"handle": …, "index": …}.
nlohmann::ordered_json ReferenceJson(const handle::Reference& reference);

// What others wrote, as UTF-8.
std::string ToShown(std::string_view text);

}  // namespace gusu::server
