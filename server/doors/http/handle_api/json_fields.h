// Members of JSON objects that clients send, each read as one kind of thing.
//
// Numbers are taken as text, too ("300"), as clients write them. What is neither is
// HANDLE_MALFORMED, and names the member and what stands there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::server {

// How deep objects and arrays may stand in each other.
inline constexpr int kApiJsonDepthMax = 16;
// Members of one object. Each is looked for among those before it, so that this bounds the time
// that a body can take, too.
inline constexpr size_t kApiJsonMembersMax = 64;

// HANDLE_MALFORMED: what was sent is not as the protocol says.
absl::Status ApiMalformed(std::string_view field, std::string_view what);

// HANDLE_MALFORMED for what is no JSON, which names the byte, or beyond these bounds.
absl::StatusOr<nlohmann::ordered_json> ParseApiJson(std::string_view text);

// nullptr: absent or null. `object` is one.
const nlohmann::ordered_json* FindMember(const nlohmann::ordered_json& object, const char* name);

// `fallback` where it is absent; without one, absence is a fault.
absl::StatusOr<uint32_t> NumberMember(const nlohmann::ordered_json& object, const char* name,
                                      std::optional<uint32_t> fallback = std::nullopt);
absl::StatusOr<std::string> TextMember(const nlohmann::ordered_json& object, const char* name,
                                       std::optional<std::string_view> fallback = std::nullopt);
absl::StatusOr<bool> BoolMember(const nlohmann::ordered_json& object, const char* name,
                                std::optional<bool> fallback = std::nullopt);

// Decimal digits, nothing else, up to 2^32 - 1.
std::optional<uint32_t> ParseNumber(std::string_view text);

}  // namespace gusu::server
