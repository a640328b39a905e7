#include "server/text_field.h"

#include <algorithm>
#include <string>

#include "proto/text.h"
#include "proto/utf8.h"
#include "server/resource_fields.h"

namespace gusu::server {

absl::Status CheckText(std::string_view text, size_t characters_max, std::string_view field) {
  if (!IsUtf8(text)) return FieldInvalid(field, Quote(text), "it must be UTF-8");
  if (CharacterCount(text) > characters_max) {
    return FieldInvalid(field, text, Concat("at most ", characters_max, " characters"));
  }
  const bool has_controls = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (has_controls) return FieldInvalid(field, Quote(text), "it must not contain controls");
  return absl::OkStatus();
}

absl::Status CheckSha256(std::string_view hash, std::string_view field) {
  constexpr size_t kSha256Bytes = 32;
  if (hash.empty()) return FieldMissing(field);
  if (hash.size() == kSha256Bytes) return absl::OkStatus();
  return FieldInvalid(field, Concat(hash.size(), " bytes"), "it must be a SHA-256: 32 bytes");
}

}  // namespace gusu::server
