#include "client/cli/audit_text_checks.h"

#include <algorithm>
#include <iterator>

#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {

// In capitals, without spaces at the ends.
constexpr std::string_view kPlaceholders[] = {"N/A",  "NA",      "N.A.", "NONE", "NULL",    "NIL",
                                              "TEST", "TESTING", "TBD",  "TBA",  "UNKNOWN", "无",
                                              "测试", "待定",    "未知", "不详", "暂无"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Normalized(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  std::string normalized(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  for (char& c : normalized) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return normalized;
}

// Takes the first character off well-formed UTF-8.
char32_t TakeCharacter(std::string_view* text) {
  const auto first = static_cast<unsigned char>(text->front());
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t character = length == 1 ? first : first & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    character = character << 6 | (static_cast<unsigned char>((*text)[i]) & 0x3F);
  }
  text->remove_prefix(length);
  return character;
}

bool IsLatin(char32_t c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}

// Cyrillic letters; Greek ones that look Latin, so not those of units (μ, Ω); full-width letters.
bool IsLookAlike(char32_t c) {
  constexpr char32_t kGreek[] = {0x391, 0x392, 0x395, 0x396, 0x397, 0x399, 0x39A,
                                 0x39C, 0x39D, 0x39F, 0x3A1, 0x3A4, 0x3A5, 0x3A7,
                                 0x3B9, 0x3BA, 0x3BD, 0x3BF, 0x3C1, 0x3C5};
  return (c >= 0x400 && c <= 0x52F) || (c >= 0xFF21 && c <= 0xFF3A) ||
         (c >= 0xFF41 && c <= 0xFF5A) ||
         std::find(std::begin(kGreek), std::end(kGreek), c) != std::end(kGreek);
}

}  // namespace

bool HasGtinLength(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsDigit) &&
         (text.size() == 8 || (text.size() >= 12 && text.size() <= 14));
}

bool HasGtinCheckDigit(std::string_view digits) {
  int sum = 0;
  int weight = 1;
  for (size_t i = digits.size(); i > 0; --i) {
    sum += (digits[i - 1] - '0') * weight;
    weight = 4 - weight;
  }
  return sum % 10 == 0;
}

bool IsPlaceholder(std::string_view text) {
  const std::string normalized = Normalized(text);
  if (normalized.empty()) return true;
  if (std::find(std::begin(kPlaceholders), std::end(kPlaceholders), normalized) !=
      std::end(kPlaceholders)) {
    return true;
  }
  // 0000, ----, XXXX, ???
  const bool is_one_character =
      normalized.find_first_not_of(normalized.front()) == std::string::npos;
  return is_one_character &&
         std::string_view("0X-?*./_").find(normalized.front()) != std::string::npos;
}

std::string LookAlikeWord(std::string_view text) {
  if (!IsUtf8(text)) return "";
  std::string word;
  bool has_latin = false;
  bool has_look_alike = false;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t character = TakeCharacter(&text);
    const bool is_latin = IsLatin(character);
    const bool is_look_alike = IsLookAlike(character);
    if (is_latin || is_look_alike || (character >= '0' && character <= '9')) {
      word += before.substr(0, before.size() - text.size());
      has_latin |= is_latin;
      has_look_alike |= is_look_alike;
      continue;
    }
    if (has_latin && has_look_alike) return word;
    word.clear();
    has_latin = has_look_alike = false;
  }
  return has_latin && has_look_alike ? word : "";
}

}  // namespace gusu::cli
