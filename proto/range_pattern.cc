#include "proto/range_pattern.h"

#include <charconv>

#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/permutation.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kSerialField = "serial:";
constexpr std::string_view kPermutedField = "permuted:";
constexpr size_t kDigitsMax = 18;
// Fewer numbers are found by trying them.
constexpr size_t kPermutedDigitsMin = 4;

absl::Status Refused(std::string_view pattern, size_t octet, std::string_view what) {
  return Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED",
               Concat("pattern \"", Quote(pattern), "\", octet ", octet, ": ", what),
               {{"pattern", Quote(pattern)}, {"octet", std::to_string(octet)}});
}

bool Begins(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

uint64_t PowerOfTen(size_t exponent) {
  uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// `number` in `digits` digits.
std::string Padded(uint64_t number, size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - text.size(), '0') + text;
}

void AddCheck(CheckScheme scheme, CodeForm* form) {
  const size_t count = CheckCharacters(scheme);
  if (scheme == CheckScheme::kMod37_36) {
    form->Alphanumerics(count);
  } else {
    form->Digits(count);
  }
}

}  // namespace

absl::StatusOr<RangePattern> RangePattern::Parse(std::string_view text, CheckScheme scheme,
                                                 std::string_view permutation_key) {
  RangePattern pattern;
  pattern.text_ = std::string(text);
  pattern.scheme_ = scheme;
  if (text.size() > kIdentifierBytesMax) {
    return Refused(text, kIdentifierBytesMax, Concat("longer than ", kIdentifierBytesMax));
  }
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (rest[0] == '}' && !Begins(rest, "}}")) {
      return Refused(text, i, "\"}\" without \"{\"; a brace itself is written \"}}\"");
    }
    if (rest[0] != '{' || Begins(rest, "{{")) {
      std::string& literal = pattern.digits_ == 0 ? pattern.before_
                             : pattern.has_check_ ? pattern.after_
                                                  : pattern.middle_;
      literal += rest[0];
      i += rest[0] == '{' || rest[0] == '}' ? 2 : 1;
      continue;
    }
    const size_t end = rest.find('}');
    if (end == rest.npos) return Refused(text, i, "\"{\" without \"}\"");
    GUSU_RETURN_IF_ERROR(pattern.AddField(rest.substr(1, end - 1), i));
    i += end + 1;
  }
  if (pattern.digits_ == 0) {
    return Refused(text, text.size(), "{serial:N} or {permuted:N} is missing");
  }
  GUSU_RETURN_IF_ERROR(pattern.Finish(permutation_key));
  return pattern;
}

absl::Status RangePattern::AddField(std::string_view field, size_t octet) {
  if (field == "check") {
    if (digits_ == 0) {
      return Refused(text_, octet, "{check} must follow {serial:N} or {permuted:N}");
    }
    if (has_check_) return Refused(text_, octet, "{check} can stand only once");
    if (scheme_ == CheckScheme::kNone) return Refused(text_, octet, "there is no check scheme");
    has_check_ = true;
    return absl::OkStatus();
  }
  const bool is_permuted = Begins(field, kPermutedField);
  if (!is_permuted && !Begins(field, kSerialField)) {
    return Refused(text_, octet,
                   Concat("unknown field {", Quote(field),
                          "}; known are {serial:N}, {permuted:N} and {check}"));
  }
  if (digits_ > 0) {
    return Refused(text_, octet, "only one {serial:N} or {permuted:N} can stand in a pattern");
  }
  const std::string_view number =
      field.substr(is_permuted ? kPermutedField.size() : kSerialField.size());
  const size_t digits_min = is_permuted ? kPermutedDigitsMin : 1;
  size_t digits = 0;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), digits);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() ||
      digits < digits_min || digits > kDigitsMax) {
    return Refused(text_, octet,
                   Concat(is_permuted ? "{permuted:N} takes " : "{serial:N} takes ", digits_min,
                          " to ", kDigitsMax, " digits"));
  }
  digits_ = digits;
  is_permuted_ = is_permuted;
  return absl::OkStatus();
}

absl::Status RangePattern::Finish(std::string_view permutation_key) {
  if (is_permuted_) key_ = std::string(permutation_key);
  form_.Literal(before_).Digits(digits_).Literal(middle_);
  if (has_check_) AddCheck(scheme_, &form_);
  form_.Literal(after_);
  // Every code of the pattern is made of the same kinds of characters: if one can be made, all can.
  const auto sample = Assemble(Padded(1, digits_));
  return sample.ok() ? absl::OkStatus() : Refused(text_, 0, StdView(sample.status().message()));
}

uint64_t RangePattern::serial_max() const { return PowerOfTen(digits_) - 1; }

absl::StatusOr<std::string> RangePattern::Assemble(std::string_view digits) const {
  std::string suffix = Concat(before_, digits, middle_);
  if (has_check_) {
    GUSU_ASSIGN_OR_RETURN(const std::string check, CheckCharactersOf(suffix, scheme_));
    suffix += check;
  }
  return suffix + after_;
}

absl::StatusOr<std::string> RangePattern::Expand(uint64_t serial) const {
  if (serial > serial_max()) {
    return absl::OutOfRangeError(Concat("serial ", serial, " has more than ", digits_, " digits"));
  }
  if (!is_permuted_) return Assemble(Padded(serial, digits_));
  if (key_.empty()) return absl::OutOfRangeError("the permutation's key is not known");
  return Assemble(Padded(Permute(serial, PowerOfTen(digits_), key_), digits_));
}

std::optional<std::string> RangePattern::Written(std::string_view suffix) const {
  const std::string suffix_key = ToKey(suffix);
  if (!form_.Fits(suffix_key)) return std::nullopt;
  const auto written = Assemble(DigitsIn(suffix_key));
  // What the check characters should be, against what they are.
  if (!written.ok() || ToKey(*written) != suffix_key) return std::nullopt;
  return *written;
}

std::optional<uint64_t> RangePattern::Match(std::string_view suffix) const {
  if (is_permuted_ && key_.empty()) return std::nullopt;
  const std::optional<std::string> written = Written(suffix);
  if (!written) return std::nullopt;
  const std::string_view digits = DigitsIn(*written);
  uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return is_permuted_ ? Unpermute(number, PowerOfTen(digits_), key_) : number;
}

bool RangePattern::CouldMatch(const SuffixPattern& minting) const {
  for (const CodeForm& form : minting.Forms()) {
    if (form_.Meets(form)) return true;
  }
  return false;
}

}  // namespace gusu
