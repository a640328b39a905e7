#include "server/attribute_text.h"

#include <algorithm>
#include <cctype>

#include "proto/identifier.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/document_text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

constexpr size_t kChoicesTold = 10;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The number that `digits` digits at the front of `text` make, which are removed; -1 when they are
// not digits.
int TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return -1;
  int number = 0;
  for (char c : text.substr(0, digits)) {
    if (!IsDigit(c)) return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool Take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

int DaysInMonth(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool TakeDate(std::string_view& text) {
  int year = TakeNumber(text, 4);
  if (year < 1 || !Take(text, '-')) return false;
  int month = TakeNumber(text, 2);
  if (month < 1 || month > 12 || !Take(text, '-')) return false;
  int day = TakeNumber(text, 2);
  return day >= 1 && day <= DaysInMonth(year, month);
}

// RFC 3339, section 5.6; the second 60 is a leap second's.
bool IsTime(std::string_view text) {
  if (!TakeDate(text) || (!Take(text, 'T') && !Take(text, 't'))) return false;
  int hour = TakeNumber(text, 2);
  if (hour < 0 || hour > 23 || !Take(text, ':')) return false;
  int minute = TakeNumber(text, 2);
  if (minute < 0 || minute > 59 || !Take(text, ':')) return false;
  int second = TakeNumber(text, 2);
  if (second < 0 || second > 60) return false;
  if (Take(text, '.')) {
    if (text.empty() || !IsDigit(text.front())) return false;
    while (!text.empty() && IsDigit(text.front())) text.remove_prefix(1);
  }
  if (text == "Z" || text == "z") return true;
  if (!Take(text, '+') && !Take(text, '-')) return false;
  int offset_hour = TakeNumber(text, 2);
  if (offset_hour < 0 || offset_hour > 23 || !Take(text, ':')) return false;
  int offset_minute = TakeNumber(text, 2);
  return offset_minute >= 0 && offset_minute <= 59 && text.empty();
}

bool IsDecimal(std::string_view text, bool with_point) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  size_t point = text.find('.');
  if (point == text.npos) return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
  std::string_view whole = text.substr(0, point), fraction = text.substr(point + 1);
  return with_point && !whole.empty() && !fraction.empty() &&
         std::all_of(whole.begin(), whole.end(), IsDigit) &&
         std::all_of(fraction.begin(), fraction.end(), IsDigit);
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
  });
}

std::string FaultOfChoice(const std::vector<std::string>& choices, std::string_view text) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return "";
  std::string fault = "is none of its choices: ";
  for (size_t i = 0; i < choices.size() && i < kChoicesTold; ++i) {
    fault += Concat(i == 0 ? "" : ", ", Quote(choices[i]));
  }
  if (choices.size() > kChoicesTold) fault += ", …";
  return fault;
}

}  // namespace

bool IsDate(std::string_view text) { return TakeDate(text) && text.empty(); }

bool IsUrl(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return false;
  }
  if (rest.empty() || rest.front() == '/') return false;
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == '"';
  });
}

std::string FaultOfAttributeText(const Attribute& attribute, std::string_view text) {
  if (text.empty()) return "is empty";
  if (!IsUtf8(text)) return "is not UTF-8";
  if (HasControl(text)) return "has a control character";
  if (CharacterCount(text) > kAttributeCharactersMax) {
    return Concat("has more than ", kAttributeCharactersMax, " characters");
  }
  switch (attribute.type) {
    case AttributeType::kString:
      return "";
    case AttributeType::kInteger:
      return IsDecimal(text, false) ? "" : "is not a whole number";
    case AttributeType::kDecimal:
      return IsDecimal(text, true) ? "" : "is not a decimal number";
    case AttributeType::kBoolean:
      return text == "true" || text == "false" ? "" : "is neither true nor false";
    case AttributeType::kDate:
      return IsDate(text) ? "" : "is not a date YYYY-MM-DD";
    case AttributeType::kTime:
      return IsTime(text) ? "" : "is not a time with offset, as in 2026-03-01T08:00:00+08:00";
    case AttributeType::kUrl:
      return IsUrl(text) ? "" : "is not an http or https URL";
    case AttributeType::kIdentifier:
      return Identifier::Parse(text).ok() ? "" : "is not an identifier";
    case AttributeType::kEnumeration:
      return FaultOfChoice(attribute.choices, text);
    case AttributeType::kDocument:
      return FaultOfDocument(text);
  }
  return "has an unknown type";
}

}  // namespace gusu::server
