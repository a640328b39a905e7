// Fields of requests: how they are found by name, and what they are to each other.
#pragma once

#include <cstddef>
#include <string_view>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace gusu::server {

// What an error repeats of a name that no message has.
inline constexpr size_t kFieldNameBytesMax = 100;

// By its name in the .proto file, or that in lowerCamelCase; nullptr: there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& type,
                                                   std::string_view name);

// The field of the same choice that the message has beside `field`; nullptr: none.
const google::protobuf::FieldDescriptor* OtherOfChoice(
    const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);

// Whether the field is a time, which JSON writes as a string.
bool IsTime(const google::protobuf::FieldDescriptor& field);

}  // namespace gusu::server
