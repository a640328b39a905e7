// One field of a request from its text, as JSON or a query writes it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace gusu::server {

// How a text was written: "7", 7 or true. A query writes all as kAny.
enum class TextKind { kString, kNumber, kBoolean, kAny };

// Sets a field that is a scalar or a time, or adds to a repeated one. `path` names it in errors:
// "row.values[0].index". kInvalidArgument / FIELD_INVALID.
//
// As the JSON form of protocol buffers: numbers also as strings and 64-bit ones mostly so; an
// enumeration by name or number; bytes in base64, with either alphabet and with or without padding,
// and without blanks; a time as ParseTimeText reads it.
absl::Status SetFieldText(std::string_view path, TextKind kind, std::string_view text,
                          const google::protobuf::FieldDescriptor& field,
                          google::protobuf::Message* message);

}  // namespace gusu::server
