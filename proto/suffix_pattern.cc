#include "proto/suffix_pattern.h"

#include <algorithm>
#include <charconv>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kRandomAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kSerialField = "serial:";
constexpr std::string_view kRandomField = "random:";
constexpr size_t kSerialDigitsMax = 18;
// Of the largest serial.
constexpr size_t kCounterDigitsMax = 20;
constexpr size_t kRandomCharactersMin = 8;
constexpr size_t kRandomCharactersMax = 64;

absl::Status Refused(std::string_view pattern, size_t octet, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED",
               Concat("pattern \"", Quote(pattern), "\", octet ", octet, ": ", what),
               {{"pattern", Quote(pattern)}, {"octet", std::to_string(octet)}});
}

// The number after "name:"; 0 when it is not one.
size_t NumberAfter(std::string_view content, std::string_view beginning) {
  size_t number = 0;
  const char* end = content.data() + content.size();
  const auto parsed = std::from_chars(content.data() + beginning.size(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
}

bool Begins(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

}  // namespace

absl::StatusOr<SuffixPattern> SuffixPattern::Parse(std::string_view text, CheckScheme scheme) {
  SuffixPattern pattern;
  pattern.text_ = std::string(text);
  pattern.scheme_ = scheme;
  if (text.size() > kIdentifierCharactersMax) {
    return Refused(text, kIdentifierCharactersMax,
                   Concat("longer than ", kIdentifierCharactersMax, " characters"));
  }
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (pattern.has_check_) return Refused(text, i, "nothing can follow {check}");
    if (rest[0] == '}' && !Begins(rest, "}}")) {
      return Refused(text, i, "\"}\" without \"{\"; a brace itself is written \"}}\"");
    }
    if (rest[0] != '{' || Begins(rest, "{{")) {
      (pattern.has_variable() ? pattern.after_ : pattern.before_) += rest[0];
      i += rest[0] == '{' || rest[0] == '}' ? 2 : 1;
      continue;
    }
    const size_t end = rest.find('}');
    if (end == rest.npos) return Refused(text, i, "\"{\" without \"}\"");
    GUSU_RETURN_IF_ERROR(pattern.AddField(rest.substr(1, end - 1), i));
    i += end + 1;
  }
  if (!pattern.has_variable()) {
    return Refused(text, text.size(), "{serial:N} or {random:N} is missing");
  }
  // Every code of the pattern is made of the same kinds of characters: if one can be made, all can.
  const auto sample = pattern.Assemble(pattern.is_random() ? "A" : "0");
  if (!sample.ok()) return Refused(text, 0, StdView(sample.status().message()));
  return pattern;
}

absl::Status SuffixPattern::AddField(std::string_view field, size_t octet) {
  if (field == "check") {
    if (!has_variable()) {
      return Refused(text_, octet, "{check} must follow {serial:N} or {random:N}");
    }
    if (scheme_ == CheckScheme::kNone) return Refused(text_, octet, "there is no check scheme");
    has_check_ = true;
    return absl::OkStatus();
  }
  const bool is_serial = Begins(field, kSerialField);
  if (!is_serial && !Begins(field, kRandomField)) {
    return Refused(
        text_, octet,
        Concat("unknown field {", Quote(field), "}; known are {serial:N}, {random:N} and {check}"));
  }
  if (has_variable()) {
    return Refused(text_, octet, "only one {serial:N} or {random:N} can stand in a pattern");
  }
  const size_t number = NumberAfter(field, is_serial ? kSerialField : kRandomField);
  const size_t number_min = is_serial ? 1 : kRandomCharactersMin;
  const size_t number_max = is_serial ? kSerialDigitsMax : kRandomCharactersMax;
  if (number < number_min || number > number_max) {
    return Refused(text_, octet,
                   Concat(is_serial ? "{serial:N} takes " : "{random:N} takes ", number_min, " to ",
                          number_max, is_serial ? " digits" : " characters"));
  }
  (is_serial ? serial_digits_ : random_characters_) = number;
  return absl::OkStatus();
}

size_t SuffixPattern::characters() const {
  // Literals are UTF-8: continuation octets are not characters.
  const auto count = [](std::string_view literal) {
    return static_cast<size_t>(
        std::count_if(literal.begin(), literal.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  return count(before_) + serial_digits_ + random_characters_ + count(after_) +
         (has_check_ ? CheckCharacters(scheme_) : 0);
}

std::vector<CodeForm> SuffixPattern::Forms() const {
  std::vector<CodeForm> forms;
  const size_t digits_max = is_random() ? 0 : kCounterDigitsMax;
  for (size_t digits = serial_digits_; digits <= digits_max; ++digits) {
    CodeForm& form = forms.emplace_back();
    form.Literal(before_).Digits(digits).Alphanumerics(random_characters_).Literal(after_);
    if (!has_check_) continue;
    if (scheme_ == CheckScheme::kMod37_36) {
      form.Alphanumerics(CheckCharacters(scheme_));
    } else {
      form.Digits(CheckCharacters(scheme_));
    }
  }
  return forms;
}

absl::StatusOr<std::string> SuffixPattern::Assemble(std::string_view variable) const {
  std::string suffix = Concat(before_, variable, after_);
  if (has_check_) {
    auto check = CheckCharactersOf(suffix, scheme_);
    if (!check.ok()) return absl::OutOfRangeError(check.status().message());
    suffix += *check;
  }
  return suffix;
}

absl::StatusOr<std::string> SuffixPattern::Expand(uint64_t serial) const {
  if (is_random()) return absl::OutOfRangeError("the pattern has no serial");
  std::string digits = std::to_string(serial);
  if (digits.size() < serial_digits_) digits.insert(0, serial_digits_ - digits.size(), '0');
  return Assemble(digits);
}

absl::StatusOr<std::string> SuffixPattern::ExpandRandom() const {
  std::string variable = RandomBytes(random_characters_);
  // 32 characters: the low five bits choose each with the same chance.
  for (char& c : variable) c = kRandomAlphabet[static_cast<unsigned char>(c) & 31];
  return Assemble(variable);
}

}  // namespace gusu
