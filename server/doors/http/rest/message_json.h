// Messages of the API as JSON: the JSON form of protocol buffers, with fields named as in the
// .proto files. Names in lowerCamelCase are read, too; fields that are empty are not written.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace google::protobuf {
class Message;
}

namespace gusu::server {

// Of one message that is read.
inline constexpr size_t kJsonDepthMax = 32;
// Objects, elements and fields together: what a short text could otherwise grow to in memory.
inline constexpr size_t kJsonPartsMax = 262'144;

// Fills `message`, which is empty, from a JSON object. An empty text, or one of white space, is an
// empty message.
//
// kInvalidArgument: BODY_MALFORMED names the octet, counted from 1, at which the text is no JSON
// object of these bounds, and what stands there; FIELD_INVALID names a field that the message does
// not have, that is given twice or beside another of its choice, or whose value is of another kind.
absl::Status FromJson(std::string_view json, google::protobuf::Message* message);

// In one line, without one's end. kInternal, without a reason of ours, for what has no JSON form:
// text that is not UTF-8 and times out of range, which the rules do not answer.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

}  // namespace gusu::server
