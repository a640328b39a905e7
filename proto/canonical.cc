#include "proto/canonical.h"

#include <cstdio>
#include <cstdlib>
#include <limits>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kHeaderBytes = 5;
constexpr size_t kNumberBytes = 8;

template <typename Unsigned>
void AppendBigEndian(std::string& out, Unsigned number) {
  for (size_t i = sizeof(Unsigned); i-- > 0;) out += static_cast<char>(number >> (8 * i));
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = (number << 8) | static_cast<uint8_t>(c);
  return number;
}

absl::Status Malformed(std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "CANONICAL_BYTES_MALFORMED",
               Concat("canonical bytes: ", what));
}

}  // namespace

void CanonicalWriter::Append(uint8_t tag, std::string_view content) {
  // Two forms of one content would break every proof over it: a bug that must not get out.
  if (tag == 0 || tag < last_tag_ || content.size() > std::numeric_limits<uint32_t>::max()) {
    std::fprintf(stderr, "fatal: canonical field %u after %u, %zu bytes\n", tag, last_tag_,
                 content.size());
    std::abort();
  }
  last_tag_ = tag;
  bytes_ += static_cast<char>(tag);
  AppendBigEndian(bytes_, static_cast<uint32_t>(content.size()));
  bytes_ += content;
}

CanonicalWriter& CanonicalWriter::Text(uint8_t tag, std::string_view content) {
  if (!content.empty()) Append(tag, content);
  return *this;
}

CanonicalWriter& CanonicalWriter::Number(uint8_t tag, uint64_t number) {
  return number == 0 ? *this : NumberElement(tag, number);
}

CanonicalWriter& CanonicalWriter::Element(uint8_t tag, std::string_view content) {
  Append(tag, content);
  return *this;
}

CanonicalWriter& CanonicalWriter::NumberElement(uint8_t tag, uint64_t number) {
  std::string content;
  AppendBigEndian(content, number);
  Append(tag, content);
  return *this;
}

absl::StatusOr<CanonicalReader> CanonicalReader::Open(std::string_view bytes, uint8_t version) {
  if (bytes.empty()) return Malformed("empty");
  if (static_cast<uint8_t>(bytes[0]) != version) {
    return Malformed(Concat("version ", static_cast<int>(static_cast<uint8_t>(bytes[0])), ", not ",
                            static_cast<int>(version)));
  }
  return CanonicalReader(bytes.substr(1));
}

absl::StatusOr<std::optional<CanonicalReader::Field>> CanonicalReader::Next() {
  if (rest_.empty()) return std::optional<Field>();
  if (rest_.size() < kHeaderBytes) return Malformed("a field's tag and length are cut off");
  Field field;
  field.tag = static_cast<uint8_t>(rest_[0]);
  const uint64_t length = ReadBigEndian(rest_.substr(1, 4));
  if (field.tag == 0) return Malformed("tag 0");
  if (field.tag < last_tag_) {
    return Malformed(
        Concat("tag ", static_cast<int>(field.tag), " after tag ", static_cast<int>(last_tag_)));
  }
  if (length > rest_.size() - kHeaderBytes) {
    return Malformed(Concat("the content of field ", static_cast<int>(field.tag), " is cut off"));
  }
  field.content = rest_.substr(kHeaderBytes, length);
  rest_.remove_prefix(kHeaderBytes + length);
  last_tag_ = field.tag;
  return std::optional<Field>(field);
}

absl::StatusOr<uint64_t> CanonicalReader::NumberOf(const Field& field) {
  if (field.content.size() != kNumberBytes) {
    return Malformed(Concat("field ", static_cast<int>(field.tag), " is a number of ",
                            field.content.size(), " bytes"));
  }
  const uint64_t number = ReadBigEndian(field.content);
  if (number == 0) {
    return Malformed(Concat("field ", static_cast<int>(field.tag), " is zero and not left out"));
  }
  return number;
}

absl::StatusOr<std::string_view> CanonicalReader::TextOf(const Field& field) {
  if (field.content.empty()) {
    return Malformed(Concat("field ", static_cast<int>(field.tag), " is empty and not left out"));
  }
  return field.content;
}

}  // namespace gusu
