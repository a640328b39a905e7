// Fields of a request by their names: of a query, and of a path.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "server/doors/http/target.h"

namespace google::protobuf {
class Message;
}

namespace gusu::server {

// Sets each field that a pair names: `page_size`, `options.include_proof`, `attributes[0].name`, in
// lowerCamelCase as well. A repeated field is given once for each value, which may be numbered
// from 0; elements that are messages are numbered, without a gap, and "[0]" may be left out.
// kInvalidArgument / FIELD_INVALID names a field that the message does not have, that is given
// twice or beside another of its choice, or whose value is of another kind.
absl::Status FromQuery(const FormPairs& pairs, google::protobuf::Message* message);

// Sets a text that a path gives: `name`, `group.name`. FIELD_INVALID when the message has another.
absl::Status SetPathField(std::string_view path, std::string_view value,
                          google::protobuf::Message* message);

}  // namespace gusu::server
