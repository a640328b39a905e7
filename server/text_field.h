// Checks of single fields that callers send. Errors are kInvalidArgument and name `field`.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace gusu::server {

// At most `characters_max` characters of UTF-8 without controls.
absl::Status CheckText(std::string_view text, size_t characters_max, std::string_view field);

// 32 bytes.
absl::Status CheckSha256(std::string_view hash, std::string_view field);

}  // namespace gusu::server
