#include "proto/text.h"

#include <cstdint>
#include <cstdio>

#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr int kQuotedCharactersMax = 80;

}  // namespace

std::string Quote(std::string_view text) {
  std::string out;
  char escape[16];
  for (int count = 0; !text.empty(); ++count) {
    if (count == kQuotedCharactersMax) return out += "…";
    const std::string_view before = text;
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character) {
      std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<uint8_t>(text[0]));
      out += escape;
      text.remove_prefix(1);
    } else if (IsControl(*character) || IsInvisible(*character) || IsNoncharacter(*character)) {
      std::snprintf(escape, sizeof escape, "\\u{%04X}", static_cast<unsigned>(*character));
      out += escape;
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out;
}

}  // namespace gusu
