#include "proto/papers/text.h"

#include <cstdio>
#include <optional>

#include "proto/utf8.h"

namespace gusu::papers {
namespace {

std::string Escaped(char32_t character, bool is_character) {
  if (is_character && character == '\n') return "\\n";
  if (is_character && character == '\t') return "\\t";
  char text[16];
  const bool is_byte = !is_character || character < 0x80;
  std::snprintf(text, sizeof text, is_byte ? "\\x%02X" : "\\u{%04X}",
                static_cast<unsigned>(character));
  return text;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string printable;
  printable.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character.has_value()) {
      printable += Escaped(static_cast<unsigned char>(text.front()), false);
      text.remove_prefix(1);
    } else if (IsControl(*character) || IsInvisible(*character)) {
      printable += Escaped(*character, true);
    } else {
      printable += before.substr(0, before.size() - text.size());
    }
  }
  return printable;
}

std::string WithThousands(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

}  // namespace gusu::papers
