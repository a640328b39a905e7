// UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms, nothing above U+10FFFF.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gusu {

// Takes the first character off `text`. nullopt, and `text` as it was, when it is empty or does not
// begin with a well-formed character.
std::optional<char32_t> TakeCharacter(std::string_view& text);

bool IsUtf8(std::string_view text);

// The longest beginning of `text` that has at most `bytes_max` bytes and does not end within a
// character.
std::string_view CutUtf8(std::string_view text, size_t bytes_max);

// `text` with U+FFFD in the place of each byte that is not part of a well-formed character.
std::string ToUtf8(std::string_view text);

// `U+200B`.
std::string CodePointName(char32_t character);

// Characters that leave no ink and change how others are read: zero-width and bidirectional ones,
// line and paragraph separators, interlinear and tag characters.
bool IsInvisible(char32_t character);
// C0, DEL and C1.
bool IsControl(char32_t character);
// Never characters, in any version of Unicode: U+FDD0 to U+FDEF, and the last two of each plane.
bool IsNoncharacter(char32_t character);
// White space of any width, line ends not included.
bool IsSpace(char32_t character);

}  // namespace gusu
