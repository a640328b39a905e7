// What makes a text doubtful, whatever it is the text of.
#pragma once

#include <string>
#include <string_view>

namespace gusu::cli {

// 8, 12, 13 or 14 digits.
bool HasGtinLength(std::string_view text);
// Only for digits: the last one is as GS1 has it (weights 3 and 1 from the right).
bool HasGtinCheckDigit(std::string_view digits);

// N/A, test, 0000, 无, and their like.
bool IsPlaceholder(std::string_view text);

// The first word that mixes Latin letters with ones of other scripts that look like them; empty
// when there is none, and for what is not UTF-8.
std::string LookAlikeWord(std::string_view text);

}  // namespace gusu::cli
