// Check characters of suffixes (ISO 7064, GS1 General Specifications 7.9).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu {

// Numbers as in gusu.v1.SuffixPolicy.CheckScheme.
enum class CheckScheme { kNone = 1, kMod37_36 = 2, kMod97_10 = 3, kMod11_10 = 4, kGs1 = 5 };

std::string_view CheckSchemeName(CheckScheme scheme);

// How many characters the scheme appends.
size_t CheckCharacters(CheckScheme scheme);

// What the scheme appends to `text`. For the alphanumeric schemes letters count in upper case and
// separators (`. _ : + - /`) do not count; any other character is kInvalidArgument, and so is text
// without any that counts.
absl::StatusOr<std::string> CheckCharactersOf(std::string_view text, CheckScheme scheme);

// Whether `text` ends in its own check characters.
bool HasValidCheck(std::string_view text, CheckScheme scheme);

}  // namespace gusu
