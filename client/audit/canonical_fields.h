// The fields of a message of canonical bytes, read into plain structs. What could not have been
// written in that form is refused: it would be a second form of something.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "gusu/resources.h"
#include "proto/canonical.h"

namespace gusu {

// kInvalidArgument / CANONICAL_BYTES_MALFORMED.
absl::Status MalformedBytes(std::string_view what);

// Calls `read` with each field in order. A tag stands twice only when it is among `repeated`.
absl::Status ReadFields(std::string_view bytes, std::initializer_list<uint8_t> repeated,
                        const std::function<absl::Status(const CanonicalReader::Field&)>& read);
// For a tag that the message does not have.
absl::Status UnknownField(const CanonicalReader::Field& field);

absl::Status ReadTo(const CanonicalReader::Field& field, std::string& text);
absl::Status ReadTo(const CanonicalReader::Field& field, uint64_t& number);
absl::Status ReadTo(const CanonicalReader::Field& field, uint32_t& number);
// The id of a registrant, as its name: registrants/{id}.
absl::Status ReadNameTo(const CanonicalReader::Field& field, std::string& name);
// Microseconds since 1970 UTC, up to the year 9999.
absl::Status ReadTimeTo(const CanonicalReader::Field& field, std::optional<Timestamp>& time);
// A number up to that of `last`.
template <typename Enumeration>
absl::Status ReadTo(const CanonicalReader::Field& field, Enumeration last, Enumeration& value) {
  absl::StatusOr<uint64_t> number = CanonicalReader::NumberOf(field);
  if (!number.ok()) return std::move(number).status();
  if (*number > static_cast<uint64_t>(last)) return UnknownField(field);
  value = static_cast<Enumeration>(*number);
  return absl::OkStatus();
}

}  // namespace gusu
