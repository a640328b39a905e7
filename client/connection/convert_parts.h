// What many messages have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/connection/convert.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace gusu {

std::optional<Timestamp> TimeFrom(bool has, const google::protobuf::Timestamp& time);

Value FromProtoValue(const v1::Value& value);
void FillValue(const Value& value, v1::Value* out);

template <typename Message>
std::optional<InstanceOf> InstanceOfFrom(const Message& message) {
  if (!message.has_instance_of()) return std::nullopt;
  return InstanceOf{message.instance_of().identifier(), message.instance_of().revision()};
}

template <typename Message>
void FillInstanceOf(const std::optional<InstanceOf>& instance_of, Message* out) {
  if (!instance_of) return;
  out->mutable_instance_of()->set_identifier(instance_of->identifier);
  out->mutable_instance_of()->set_revision(instance_of->revision);
}

template <typename Message>
void FillOnBehalfOf(const std::optional<OnBehalfOf>& on_behalf_of, Message* out) {
  if (on_behalf_of) *out->mutable_on_behalf_of() = ToProto(*on_behalf_of);
}

// What every write that the bureau may make for a registrant carries.
template <typename Request, typename Message>
void FillWrite(const Request& request, Message* out) {
  out->set_request_id(request.request_id);
  FillOnBehalfOf(request.on_behalf_of, out);
  out->set_include_proof(request.include_proof);
}

// Of a decision of the bureau.
template <typename Message>
Message BureauDecisionToProto(const Decision& decision) {
  Message out;
  out.set_name(decision.name);
  out.set_reason(decision.reason);
  out.set_etag(decision.etag);
  out.set_request_id(decision.request_id);
  out.set_include_proof(decision.include_proof);
  return out;
}

inline std::vector<std::string> StringsFrom(
    const google::protobuf::RepeatedPtrField<std::string>& strings) {
  return {strings.begin(), strings.end()};
}

inline void FillStrings(const std::vector<std::string>& strings,
                        google::protobuf::RepeatedPtrField<std::string>* out) {
  for (const std::string& string : strings) *out->Add() = string;
}

}  // namespace gusu
