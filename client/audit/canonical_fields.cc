#include "client/audit/canonical_fields.h"

#include <algorithm>
#include <limits>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu {
namespace {

constexpr uint8_t kVersion = 1;
// 9999-12-31T23:59:59.999999Z
constexpr uint64_t kTimeMaxUs = 253'402'300'799'999'999;

}  // namespace

absl::Status MalformedBytes(std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "CANONICAL_BYTES_MALFORMED",
               Concat("canonical bytes: ", what));
}

absl::Status UnknownField(const CanonicalReader::Field& field) {
  return MalformedBytes(Concat("field ", static_cast<int>(field.tag), " of ", field.content.size(),
                               " bytes is not known"));
}

absl::Status ReadFields(std::string_view bytes, std::initializer_list<uint8_t> repeated,
                        const std::function<absl::Status(const CanonicalReader::Field&)>& read) {
  GUSU_ASSIGN_OR_RETURN(CanonicalReader reader, CanonicalReader::Open(bytes, kVersion));
  uint8_t last_tag = 0;
  while (true) {
    GUSU_ASSIGN_OR_RETURN(const std::optional<CanonicalReader::Field> field, reader.Next());
    if (!field) return absl::OkStatus();
    if (field->tag == last_tag &&
        std::find(repeated.begin(), repeated.end(), last_tag) == repeated.end()) {
      return MalformedBytes(Concat("field ", static_cast<int>(field->tag), " stands twice"));
    }
    last_tag = field->tag;
    GUSU_RETURN_IF_ERROR(read(*field));
  }
}

absl::Status ReadTo(const CanonicalReader::Field& field, std::string& text) {
  GUSU_ASSIGN_OR_RETURN(const std::string_view content, CanonicalReader::TextOf(field));
  if (!IsUtf8(content)) {
    return MalformedBytes(Concat("field ", static_cast<int>(field.tag), " is not UTF-8"));
  }
  text = std::string(content);
  return absl::OkStatus();
}

absl::Status ReadTo(const CanonicalReader::Field& field, uint64_t& number) {
  GUSU_ASSIGN_OR_RETURN(number, CanonicalReader::NumberOf(field));
  return absl::OkStatus();
}

absl::Status ReadTo(const CanonicalReader::Field& field, uint32_t& number) {
  GUSU_ASSIGN_OR_RETURN(const uint64_t wide, CanonicalReader::NumberOf(field));
  if (wide > std::numeric_limits<uint32_t>::max()) return UnknownField(field);
  number = static_cast<uint32_t>(wide);
  return absl::OkStatus();
}

absl::Status ReadNameTo(const CanonicalReader::Field& field, std::string& name) {
  std::string id;
  GUSU_RETURN_IF_ERROR(ReadTo(field, id));
  name = Concat("registrants/", id);
  return absl::OkStatus();
}

absl::Status ReadTimeTo(const CanonicalReader::Field& field, std::optional<Timestamp>& time) {
  GUSU_ASSIGN_OR_RETURN(const uint64_t time_us, CanonicalReader::NumberOf(field));
  if (time_us > kTimeMaxUs) return UnknownField(field);
  time = Timestamp(std::chrono::microseconds(static_cast<int64_t>(time_us)));
  return absl::OkStatus();
}

}  // namespace gusu
