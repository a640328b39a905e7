// Canonical bytes: one encoding, and only one, for what is hashed and signed.
//
// A message is a sequence of fields in ascending tag order: tag (1 byte, 1 to 255), length (4 bytes
// big-endian), content. Numbers are 8 bytes big-endian. Empty content and zero are left out, so
// that absent and empty are the same bytes; a repeated field has its tag once for each element, in
// order, and keeps empty elements and zeros.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace gusu {

class CanonicalWriter {
 public:
  // `version` is the first byte.
  explicit CanonicalWriter(uint8_t version) : bytes_(1, static_cast<char>(version)) {}

  // Tags must not descend; a program that tries is stopped, in every build.
  CanonicalWriter& Text(uint8_t tag, std::string_view content);  // left out when empty
  CanonicalWriter& Number(uint8_t tag, uint64_t number);         // left out when zero
  // Of a repeated field; a number also when it is zero.
  CanonicalWriter& Element(uint8_t tag, std::string_view content);
  CanonicalWriter& NumberElement(uint8_t tag, uint64_t number);

  std::string Take() && { return std::move(bytes_); }

 private:
  void Append(uint8_t tag, std::string_view content);
  std::string bytes_;
  uint8_t last_tag_ = 0;
};

// Reads what CanonicalWriter wrote, and refuses other forms of the same content. Whether a tag may
// be repeated is for its message to say.
class CanonicalReader {
 public:
  static absl::StatusOr<CanonicalReader> Open(std::string_view bytes, uint8_t version);

  struct Field {
    uint8_t tag = 0;
    std::string_view content;  // into the bytes given to Open
  };
  // nullopt at the end; kInvalidArgument for a truncated field or a tag that descends.
  absl::StatusOr<std::optional<Field>> Next();
  // kInvalidArgument for a number that is not 8 bytes or is zero, and for empty text: both are left
  // out by the writer.
  static absl::StatusOr<uint64_t> NumberOf(const Field& field);
  static absl::StatusOr<std::string_view> TextOf(const Field& field);

 private:
  explicit CanonicalReader(std::string_view rest) : rest_(rest) {}
  std::string_view rest_;
  uint8_t last_tag_ = 0;
};

}  // namespace gusu
