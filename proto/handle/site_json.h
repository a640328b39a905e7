// siteinfo.json: an HS_SITE in the JSON that clients and other nodes are configured by.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/site.h"

namespace gusu::handle {

// Two spaces an indentation, a line end at the end. HANDLE_MALFORMED for a server whose public key
// is no key, or text that is not UTF-8.
absl::StatusOr<std::string> SiteJson(const Site& site);

// "192.0.2.1" or "2001:db8::1", and back; nullopt for text that is neither.
std::string AddressText(const std::array<uint8_t, 16>& address);
std::optional<std::array<uint8_t, 16>> AddressFromText(std::string_view text);

}  // namespace gusu::handle
