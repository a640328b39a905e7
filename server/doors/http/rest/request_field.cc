#include "server/doors/http/rest/request_field.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>

namespace gusu::server {

using google::protobuf::FieldDescriptor;

const FieldDescriptor* FindField(const google::protobuf::Descriptor& type, std::string_view name) {
  const FieldDescriptor* const field = type.FindFieldByName(std::string(name));
  return field != nullptr ? field : type.FindFieldByCamelcaseName(std::string(name));
}

const FieldDescriptor* OtherOfChoice(const google::protobuf::Message& message,
                                     const FieldDescriptor& field) {
  const auto* const choice = field.real_containing_oneof();
  if (choice == nullptr) return nullptr;
  const FieldDescriptor* const given =
      message.GetReflection()->GetOneofFieldDescriptor(message, choice);
  return given == &field ? nullptr : given;
}

bool IsTime(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

}  // namespace gusu::server
