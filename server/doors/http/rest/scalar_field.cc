#include "server/doors/http/rest/scalar_field.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "absl/strings/escaping.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/rest/request_field.h"
#include "server/doors/http/time_text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Whole numbers that a double holds exactly.
constexpr double kExactMax = 9007199254740992.0;

absl::Status WrongKind(std::string_view path, std::string_view text, std::string_view wanted) {
  return FieldInvalid(path, text,
                      Concat(text.empty() ? "an empty text" : Quote(text), " is no ", wanted));
}

// The number that a text is: also 7.0 and 7e2, which some programs write for whole numbers.
template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), end, number);
  if (whole.ec == std::errc() && whole.ptr == end) return number;
  double real = 0;
  const auto parsed = std::from_chars(text.data(), end, real);
  if (parsed.ec != std::errc() || parsed.ptr != end || std::trunc(real) != real ||
      std::abs(real) > kExactMax ||
      real < static_cast<double>(std::numeric_limits<Number>::lowest()) ||
      real > static_cast<double>(std::numeric_limits<Number>::max())) {
    return std::nullopt;
  }
  return static_cast<Number>(real);
}

template <typename Number>
absl::Status NumberInvalid(std::string_view path, std::string_view text) {
  return WrongKind(path, text,
                   Concat("whole number from ", std::numeric_limits<Number>::lowest(), " to ",
                          std::numeric_limits<Number>::max()));
}

const EnumValueDescriptor* FindEnumValue(const FieldDescriptor& field, std::string_view text) {
  const auto* const named = field.enum_type()->FindValueByName(std::string(text));
  if (named != nullptr) return named;
  const std::optional<int32_t> number = ParseNumber<int32_t>(text);
  return number.has_value() ? field.enum_type()->FindValueByNumber(*number) : nullptr;
}

// Names those that it may be, as far as an error has room.
absl::Status EnumInvalid(std::string_view path, std::string_view text, const EnumDescriptor& type) {
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;  // not given
    names += Concat(names.empty() ? "" : ", ", type.value(i)->name());
  }
  return WrongKind(path, text, Concat(type.name(), ": ", names));
}

std::string_view WithoutPadding(std::string_view base64) {
  return base64.substr(0, base64.find_last_not_of('=') + 1);
}

// Abseil passes over blanks, as which a query's "+" arrives, and bits that belong to no byte: what
// was given is therefore compared with what was understood.
std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string bytes;
  const bool is_url_form = text.find_first_of("-_") != std::string_view::npos;
  const bool decoded = is_url_form ? absl::WebSafeBase64Unescape(AbslView(text), &bytes)
                                   : absl::Base64Unescape(AbslView(text), &bytes);
  if (!decoded) return std::nullopt;
  const std::string understood = is_url_form ? absl::WebSafeBase64Escape(AbslView(bytes))
                                             : absl::Base64Escape(AbslView(bytes));
  if (WithoutPadding(understood) != WithoutPadding(text)) return std::nullopt;
  return bytes;
}

absl::Status SetTime(std::string_view path, std::string_view text, const FieldDescriptor& field,
                     Message* message) {
  const std::optional<absl::Time> parsed = ParseTimeText(text);
  if (!parsed.has_value()) {
    return WrongKind(path, text, "time as RFC 3339 writes it: 2026-11-23T06:18:15Z");
  }
  google::protobuf::Timestamp time;
  time.set_seconds(absl::ToUnixSeconds(*parsed));
  time.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(*parsed - absl::FromUnixSeconds(time.seconds()))));
  const Reflection& reflection = *message->GetReflection();
  Message* const target = field.is_repeated() ? reflection.AddMessage(message, &field)
                                              : reflection.MutableMessage(message, &field);
  target->CopyFrom(time);
  return absl::OkStatus();
}

absl::Status SetString(std::string_view path, std::string_view text, const FieldDescriptor& field,
                       Message* message) {
  std::string value(text);
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    auto bytes = DecodeBase64(text);
    if (!bytes.has_value()) return WrongKind(path, text, "base64");
    value = *std::move(bytes);
  } else if (!IsUtf8(text)) {
    return WrongKind(path, text, "UTF-8");
  }
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddString(message, &field, std::move(value));
  } else {
    reflection.SetString(message, &field, std::move(value));
  }
  return absl::OkStatus();
}

absl::Status SetEnum(std::string_view path, std::string_view text, const FieldDescriptor& field,
                     Message* message) {
  const EnumValueDescriptor* const value = FindEnumValue(field, text);
  if (value == nullptr) return EnumInvalid(path, text, *field.enum_type());
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddEnum(message, &field, value);
  } else {
    reflection.SetEnum(message, &field, value);
  }
  return absl::OkStatus();
}

absl::Status SetBool(std::string_view path, std::string_view text, const FieldDescriptor& field,
                     Message* message) {
  if (text != "true" && text != "false") return WrongKind(path, text, "true or false");
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddBool(message, &field, text == "true");
  } else {
    reflection.SetBool(message, &field, text == "true");
  }
  return absl::OkStatus();
}

template <typename Number>
absl::Status SetNumber(std::string_view path, std::string_view text, const FieldDescriptor& field,
                       Message* message,
                       void (Reflection::*set)(Message*, const FieldDescriptor*, Number) const,
                       void (Reflection::*add)(Message*, const FieldDescriptor*, Number) const) {
  const std::optional<Number> number = ParseNumber<Number>(text);
  if (!number.has_value()) return NumberInvalid<Number>(path, text);
  (message->GetReflection()->*(field.is_repeated() ? add : set))(message, &field, *number);
  return absl::OkStatus();
}

absl::Status SetDouble(std::string_view path, std::string_view text, const FieldDescriptor& field,
                       Message* message) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || !std::isfinite(number)) {
    return WrongKind(path, text, "finite number");
  }
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddDouble(message, &field, number);
  } else {
    reflection.SetDouble(message, &field, number);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SetFieldText(std::string_view path, TextKind kind, std::string_view text,
                          const FieldDescriptor& field, Message* message) {
  const bool is_text = kind == TextKind::kString || kind == TextKind::kAny;
  const bool is_number = kind != TextKind::kBoolean;  // "7" as well as 7
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (is_text) return SetString(path, text, field, message);
      return WrongKind(path, text, "string");
    case FieldDescriptor::CPPTYPE_ENUM:
      if (is_number) return SetEnum(path, text, field, message);
      return EnumInvalid(path, text, *field.enum_type());
    case FieldDescriptor::CPPTYPE_BOOL:
      if (kind == TextKind::kBoolean || kind == TextKind::kAny) {
        return SetBool(path, text, field, message);
      }
      return WrongKind(path, text, "true or false");
    case FieldDescriptor::CPPTYPE_INT32:
      if (!is_number) return NumberInvalid<int32_t>(path, text);
      return SetNumber<int32_t>(path, text, field, message, &Reflection::SetInt32,
                                &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_UINT32:
      if (!is_number) return NumberInvalid<uint32_t>(path, text);
      return SetNumber<uint32_t>(path, text, field, message, &Reflection::SetUInt32,
                                 &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      if (!is_number) return NumberInvalid<int64_t>(path, text);
      return SetNumber<int64_t>(path, text, field, message, &Reflection::SetInt64,
                                &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT64:
      if (!is_number) return NumberInvalid<uint64_t>(path, text);
      return SetNumber<uint64_t>(path, text, field, message, &Reflection::SetUInt64,
                                 &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      if (is_number) return SetDouble(path, text, field, message);
      return WrongKind(path, text, "finite number");
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (IsTime(field) && is_text) return SetTime(path, text, field, message);
      return WrongKind(path, text, IsTime(field) ? "time" : "object");
    default:
      return WrongKind(path, text, "field of a kind that JSON has here");
  }
}

}  // namespace gusu::server
