#include "server/doors/http/rest/json_printer.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

constexpr int64_t kTimestampSecondsMin = -62'135'596'800;  // 0001-01-01
constexpr int64_t kTimestampSecondsMax = 253'402'300'799;  // 9999-12-31
constexpr int64_t kNanosecondsMax = 999'999'999;

// A reader of the JSON shall see them.
bool IsHidden(char32_t character) { return IsControl(character) || IsInvisible(character); }

// Of the API only the details of errors have maps: they are left to protobuf's own printer.
bool HasMap(const Descriptor& descriptor) {
  for (int i = 0; i < descriptor.nested_type_count(); ++i) {
    if (descriptor.nested_type(i)->map_key() != nullptr) return true;
  }
  return false;
}

class Printer {
 public:
  explicit Printer(std::string* json) : json_(*json) {}

  bool Print(const Message& message) {
    switch (message.GetDescriptor()->well_known_type()) {
      case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
        return HasMap(*message.GetDescriptor()) ? PrintSpecial(message) : PrintFields(message);
      case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
        if (const auto* time = google::protobuf::DynamicCastToGenerated<Timestamp>(&message)) {
          return PrintTime(*time);
        }
        return PrintSpecial(message);
      default:
        return PrintSpecial(message);
    }
  }

 private:
  bool PrintFields(const Message& message) {
    const Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    json_ += '{';
    for (const FieldDescriptor* field : fields) {
      if (field != fields.front()) json_ += ',';
      json_ += '"';
      json_ += field->name();
      json_ += "\":";
      if (!PrintField(message, reflection, *field)) return false;
    }
    json_ += '}';
    return true;
  }

  bool PrintField(const Message& message, const Reflection& reflection,
                  const FieldDescriptor& field) {
    if (!field.is_repeated()) return PrintValue(message, reflection, field, kSingular);
    json_ += '[';
    const int count = reflection.FieldSize(message, &field);
    for (int i = 0; i < count; ++i) {
      if (i > 0) json_ += ',';
      if (!PrintValue(message, reflection, field, i)) return false;
    }
    json_ += ']';
    return true;
  }

  static constexpr int kSingular = -1;

  // The element `index` of a repeated field.
  bool PrintValue(const Message& message, const Reflection& reflection,
                  const FieldDescriptor& field, int index) {
    const auto get = [&](auto singular, auto repeated) {
      return index == kSingular ? (reflection.*singular)(message, &field)
                                : (reflection.*repeated)(message, &field, index);
    };
    using R = Reflection;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return PrintNumber(get(&R::GetInt32, &R::GetRepeatedInt32));
      case FieldDescriptor::CPPTYPE_UINT32:
        return PrintNumber(get(&R::GetUInt32, &R::GetRepeatedUInt32));
      // More than a number of JavaScript holds.
      case FieldDescriptor::CPPTYPE_INT64:
        return PrintQuoted(get(&R::GetInt64, &R::GetRepeatedInt64));
      case FieldDescriptor::CPPTYPE_UINT64:
        return PrintQuoted(get(&R::GetUInt64, &R::GetRepeatedUInt64));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return PrintReal(get(&R::GetDouble, &R::GetRepeatedDouble));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return PrintReal(get(&R::GetFloat, &R::GetRepeatedFloat));
      case FieldDescriptor::CPPTYPE_BOOL:
        json_ += get(&R::GetBool, &R::GetRepeatedBool) ? "true" : "false";
        return true;
      case FieldDescriptor::CPPTYPE_ENUM:
        return PrintEnum(field, get(&R::GetEnumValue, &R::GetRepeatedEnumValue));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Print(index == kSingular ? reflection.GetMessage(message, &field)
                                        : reflection.GetRepeatedMessage(message, &field, index));
      case FieldDescriptor::CPPTYPE_STRING:
        break;
    }
    std::string scratch;
    const std::string& text =
        index == kSingular
            ? reflection.GetStringReference(message, &field, &scratch)
            : reflection.GetRepeatedStringReference(message, &field, index, &scratch);
    return field.type() == FieldDescriptor::TYPE_BYTES ? PrintBytes(text) : PrintText(text);
  }

  template <typename Number>
  bool PrintNumber(Number number) {
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    json_.append(digits, end);
    return error == std::errc();
  }

  template <typename Number>
  bool PrintQuoted(Number number) {
    json_ += '"';
    PrintNumber(number);
    json_ += '"';
    return true;
  }

  template <typename Real>
  bool PrintReal(Real real) {
    if (std::isfinite(real)) return PrintNumber(real);
    json_ += std::isnan(real) ? "\"NaN\"" : real > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    return true;
  }

  bool PrintEnum(const FieldDescriptor& field, int number) {
    const EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number);
    if (value == nullptr) return PrintNumber(number);
    json_ += '"';
    json_ += value->name();
    json_ += '"';
    return true;
  }

  bool PrintBytes(std::string_view bytes) {
    json_ += '"';
    json_ += absl::Base64Escape(AbslView(bytes));
    json_ += '"';
    return true;
  }

  bool PrintText(std::string_view text) {
    json_ += '"';
    while (!text.empty()) {
      size_t plain = 0;
      while (plain < text.size() && IsPlain(text[plain])) ++plain;
      json_ += text.substr(0, plain);
      text.remove_prefix(plain);
      if (!text.empty() && !PrintCharacter(text)) return false;
    }
    json_ += '"';
    return true;
  }

  static bool IsPlain(char octet) {
    return octet >= 0x20 && octet < 0x7F && octet != '"' && octet != '\\' && octet != '<' &&
           octet != '>';
  }

  // Takes the first character.
  bool PrintCharacter(std::string_view& text) {
    const std::string_view from = text;
    const std::optional<char32_t> character = TakeCharacter(text);
    if (!character.has_value()) return false;
    switch (*character) {
      case '"':
      case '\\':
        json_ += '\\';
        json_ += static_cast<char>(*character);
        return true;
      case '\n':
        json_ += "\\n";
        return true;
      case '\r':
        json_ += "\\r";
        return true;
      case '\t':
        json_ += "\\t";
        return true;
      default:
        break;
    }
    if (*character >= 0x80 && !IsHidden(*character)) {
      json_ += from.substr(0, from.size() - text.size());
    } else if (*character > 0xFFFF) {
      PrintEscape(0xD800 + ((*character - 0x10000) >> 10));
      PrintEscape(0xDC00 + (*character & 0x3FF));
    } else {
      PrintEscape(*character);
    }
    return true;
  }

  void PrintEscape(char32_t unit) {
    constexpr char kDigits[] = "0123456789abcdef";
    json_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) json_ += kDigits[(unit >> shift) & 15];
  }

  // 2026-11-23T21:30:00.123456Z, with as many digits as are needed, in threes.
  bool PrintTime(const Timestamp& time) {
    if (time.seconds() < kTimestampSecondsMin || time.seconds() > kTimestampSecondsMax ||
        time.nanos() < 0 || time.nanos() > kNanosecondsMax) {
      return false;
    }
    const absl::CivilSecond civil =
        absl::UTCTimeZone().At(absl::FromUnixSeconds(time.seconds())).cs;
    json_ += '"';
    PrintPadded(civil.year(), 4);
    for (const int part : {civil.month(), civil.day()}) {
      json_ += '-';
      PrintPadded(part, 2);
    }
    char divider = 'T';
    for (const int part : {civil.hour(), civil.minute(), civil.second()}) {
      json_ += divider;
      PrintPadded(part, 2);
      divider = ':';
    }
    if (int64_t fraction = time.nanos(); fraction != 0) {
      int digits = 9;
      for (; fraction % 1000 == 0; fraction /= 1000) digits -= 3;
      json_ += '.';
      PrintPadded(fraction, digits);
    }
    json_ += "Z\"";
    return true;
  }

  void PrintPadded(int64_t number, int digits) {
    const size_t at = json_.size();
    json_.append(static_cast<size_t>(digits), '0');
    for (size_t i = at + static_cast<size_t>(digits); i > at; number /= 10) {
      json_[--i] = static_cast<char>('0' + number % 10);
    }
  }

  // Types that have a form of their own, which the API has only in details of errors.
  bool PrintSpecial(const Message& message) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    std::string special;
    if (!google::protobuf::util::MessageToJsonString(message, &special, options).ok()) return false;
    json_ += special;
    return true;
  }

  std::string& json_;
};

}  // namespace

bool PrintJson(const Message& message, std::string* json) { return Printer(json).Print(message); }

}  // namespace gusu::server
