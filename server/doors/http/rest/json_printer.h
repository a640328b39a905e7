// Messages as JSON by protobuf's mapping, with fields named as in the .proto files: what protobuf's
// own printer writes, which takes some twenty times as long.
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace gusu::server {

// Appends the message in one line; `<`, `>` and characters that cannot be seen are escaped. False,
// with a part of it appended, for a text that is not UTF-8 and a time that the mapping has no form
// for.
bool PrintJson(const google::protobuf::Message& message, std::string* json);

}  // namespace gusu::server
