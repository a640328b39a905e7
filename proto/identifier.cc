#include "proto/identifier.h"

#include <algorithm>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr std::string_view kNameBeginning = "prefixes/";
constexpr std::string_view kNameMiddle = "/records/";

bool IsLetterOrDigit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

absl::Status Malformed(std::string_view text, std::string_view what, ErrorMetadata metadata = {}) {
  metadata.insert(metadata.begin(), {"identifier", Quote(text)});
  return Error(absl::StatusCode::kInvalidArgument, "IDENTIFIER_MALFORMED",
               Concat("identifier \"", Quote(text), "\": ", what), std::move(metadata));
}

// What is wrong with a character wherever it stands; empty when nothing is.
std::string WhyRefused(char32_t c) {
  if (IsControl(c)) return "is a control character";
  if (IsNoncharacter(c)) return "is not a character";
  if (IsInvisible(c)) return "is invisible; leave it out";
  if (c == 0x3000) return "is a full-width space; write a space, or leave it out";
  if (c >= 0xFF01 && c <= 0xFF5E) {
    return Concat("is full-width; write \"", static_cast<char>(c - 0xFF01 + 0x21), "\"");
  }
  return {};
}

// UTF-8, permitted characters and length; the count of characters.
absl::Status CheckCharactersAndLength(std::string_view text) {
  if (text.empty()) return Malformed(text, "is empty");
  if (text.size() > kIdentifierBytesMax) {
    return Malformed(text, Concat("has ", text.size(), " octets, more than ", kIdentifierBytesMax),
                     {{"octets", std::to_string(text.size())},
                      {"octets_max", std::to_string(kIdentifierBytesMax)}});
  }
  size_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count) {
    const std::optional<char32_t> character = TakeCharacter(rest);
    if (!character) {
      return Malformed(text, Concat("is not UTF-8 at octet ", text.size() - rest.size()),
                       {{"octet", std::to_string(text.size() - rest.size())}});
    }
    if (const std::string why = WhyRefused(*character); !why.empty()) {
      return Malformed(
          text, Concat("character ", count + 1, ", ", CodePointName(*character), ", ", why),
          {{"character", CodePointName(*character)}, {"position", std::to_string(count + 1)}});
    }
  }
  if (count > kIdentifierCharactersMax) {
    return Malformed(text,
                     Concat("has ", count, " characters, more than ", kIdentifierCharactersMax),
                     {{"characters", std::to_string(count)},
                      {"characters_max", std::to_string(kIdentifierCharactersMax)}});
  }
  return absl::OkStatus();
}

// `text` is what messages show: the whole identifier, or the prefix alone.
absl::Status CheckPrefix(std::string_view prefix, std::string_view text) {
  if (prefix.empty()) return Malformed(text, "has no prefix");
  char before = '.';
  for (size_t i = 0; i < prefix.size(); ++i) {
    const char c = prefix[i];
    if (c == '.' && before == '.') {
      return Malformed(text, Concat("has an empty prefix segment at character ", i + 1),
                       {{"position", std::to_string(i + 1)}});
    }
    if (!IsLetterOrDigit(c) && c != '.' && c != '-' && c != '_') {
      std::string_view rest = prefix.substr(i);
      const std::string name = CodePointName(TakeCharacter(rest).value_or(0xFFFD));
      return Malformed(text,
                       Concat("character ", i + 1, ", ", name,
                              ", cannot stand in a prefix, which is segments of letters, digits, "
                              "\"-\" and \"_\", divided by \".\""),
                       {{"character", name}, {"position", std::to_string(i + 1)}});
    }
    before = c;
  }
  if (before == '.') {
    return Malformed(text, "has a prefix that ends in \".\"",
                     {{"position", std::to_string(prefix.size())}});
  }
  if (prefix.size() > kPrefixCharactersMax) {
    return Malformed(
        text,
        Concat("has a prefix of ", prefix.size(), " characters, more than ", kPrefixCharactersMax),
        {{"prefix_characters", std::to_string(prefix.size())},
         {"prefix_characters_max", std::to_string(kPrefixCharactersMax)}});
  }
  return absl::OkStatus();
}

absl::Status CheckSuffix(std::string_view suffix, std::string_view text) {
  if (suffix.empty()) return Malformed(text, "has no suffix after the \"/\"");
  std::string_view rest = suffix;
  const char32_t first = TakeCharacter(rest).value_or(0);
  size_t start = suffix.size() - 1;
  while (start > 0 && (static_cast<unsigned char>(suffix[start]) & 0xC0) == 0x80) --start;
  rest = suffix.substr(start);
  const char32_t last = TakeCharacter(rest).value_or(0);
  for (const auto& [character, where] : {std::pair(first, "begins"), std::pair(last, "ends")}) {
    if (IsSpace(character)) {
      return Malformed(text,
                       Concat("the suffix ", where, " with a space, ", CodePointName(character)),
                       {{"character", CodePointName(character)}});
    }
  }
  return absl::OkStatus();
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Identifier::Identifier(std::string written, size_t slash)
    : written_(std::move(written)), key_(ToKey(written_)), slash_(slash) {}

absl::StatusOr<Identifier> Identifier::Parse(std::string_view text) {
  GUSU_RETURN_IF_ERROR(CheckCharactersAndLength(text));
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return Malformed(text, "has no \"/\" between prefix and suffix");
  }
  GUSU_RETURN_IF_ERROR(CheckPrefix(text.substr(0, slash), text));
  GUSU_RETURN_IF_ERROR(CheckSuffix(text.substr(slash + 1), text));
  return Identifier(std::string(text), slash);
}

absl::StatusOr<Identifier> Identifier::ParseName(std::string_view name_or_identifier) {
  const std::string_view text = name_or_identifier;
  if (text.substr(0, kNameBeginning.size()) != kNameBeginning) return Parse(text);
  const size_t middle = text.find(kNameMiddle, kNameBeginning.size());
  if (middle == std::string_view::npos) return Parse(text);
  const std::string_view prefix =
      text.substr(kNameBeginning.size(), middle - kNameBeginning.size());
  if (prefix.find('/') != std::string_view::npos) return Parse(text);
  const std::string_view encoded = text.substr(middle + kNameMiddle.size());
  if (encoded.find('/') != std::string_view::npos) {
    return Malformed(text, "in a resource name, a \"/\" of the suffix is written %2F");
  }
  // Before decoding, so that what is decoded has a bound.
  if (encoded.size() > 3 * kIdentifierBytesMax) return Malformed(text, "is too long");
  GUSU_ASSIGN_OR_RETURN(const std::string suffix, PercentDecode(encoded));
  return Parse(Concat(prefix, "/", suffix));
}

std::string Identifier::name() const {
  return Concat(kNameBeginning, prefix(), kNameMiddle, PercentEncode(suffix()));
}

absl::StatusOr<std::string> ParsePrefix(std::string_view text) {
  GUSU_RETURN_IF_ERROR(CheckCharactersAndLength(text));
  GUSU_RETURN_IF_ERROR(CheckPrefix(text, text));
  return std::string(text);
}

std::string FirstCharacterOutsideDefaultPattern(std::string_view suffix) {
  constexpr std::string_view kSigns = "._:+-/";
  for (std::string_view rest = suffix; !rest.empty();) {
    const std::string_view before = rest;
    if (!TakeCharacter(rest)) return Quote(before.substr(0, 1));
    const size_t length = before.size() - rest.size();
    if (length > 1 || (!IsLetterOrDigit(before[0]) && kSigns.find(before[0]) == kSigns.npos)) {
      return std::string(before.substr(0, length));
    }
  }
  return {};
}

std::string ToKey(std::string_view text) {
  std::string key(text);
  for (char& c : key) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return key;
}

bool IsAtOrBelow(std::string_view prefix_key, std::string_view ancestor_key) {
  return prefix_key.substr(0, ancestor_key.size()) == ancestor_key &&
         (prefix_key.size() == ancestor_key.size() || prefix_key[ancestor_key.size()] == '.');
}

std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kUnreservedSigns = "-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsLetterOrDigit(c) || kUnreservedSigns.find(c) != kUnreservedSigns.npos) {
      out += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[octet >> 4];
      out += kDigits[octet & 15];
    }
  }
  return out;
}

absl::StatusOr<std::string> PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Malformed(text, Concat("\"%\" at octet ", i, " is not followed by two hex digits"),
                       {{"octet", std::to_string(i)}});
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace gusu
