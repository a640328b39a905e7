#include "proto/check_digit.h"

#include <cstdint>

#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kSeparators = "._:+-/";

bool IsDigitScheme(CheckScheme scheme) {
  return scheme == CheckScheme::kMod11_10 || scheme == CheckScheme::kGs1;
}

// The characters that count, in upper case.
absl::StatusOr<std::string> Counted(std::string_view text, CheckScheme scheme) {
  const std::string_view alphabet = IsDigitScheme(scheme) ? kAlphabet.substr(0, 10) : kAlphabet;
  std::string counted;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = ToKey(text.substr(i, 1))[0];
    if (alphabet.find(c) != alphabet.npos) {
      counted += c;
    } else if (IsDigitScheme(scheme) || kSeparators.find(c) == kSeparators.npos) {
      return Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED",
                   Concat("check scheme ", CheckSchemeName(scheme), " cannot take \"", Quote(text),
                          "\": octet ", i, " is not ",
                          IsDigitScheme(scheme) ? "a digit" : "a letter, digit or separator"),
                   {{"suffix", Quote(text)},
                    {"check_scheme", std::string(CheckSchemeName(scheme))},
                    {"octet", std::to_string(i)}});
    }
  }
  if (counted.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "SUFFIX_REFUSED",
                 Concat("check scheme ", CheckSchemeName(scheme), " has nothing to count in \"",
                        Quote(text), "\""),
                 {{"suffix", Quote(text)}, {"check_scheme", std::string(CheckSchemeName(scheme))}});
  }
  return counted;
}

// ISO 7064 hybrid systems, modulus M + 1 and M.
char HybridCheck(std::string_view counted, uint32_t m) {
  uint32_t product = m;
  for (const char c : counted) {
    uint32_t sum = (product + static_cast<uint32_t>(kAlphabet.find(c))) % m;
    if (sum == 0) sum = m;
    product = 2 * sum % (m + 1);
  }
  return kAlphabet[(m + 1 - product) % m];
}

// ISO 7064 MOD 97-10, letters as two digits from A = 10 on.
std::string Mod97Check(std::string_view counted) {
  uint32_t rest = 0;
  for (const char c : counted) {
    const auto value = static_cast<uint32_t>(kAlphabet.find(c));
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  const uint32_t check = 98 - rest * 100 % 97;
  return {kAlphabet[check / 10], kAlphabet[check % 10]};
}

// GS1 General Specifications 7.9: weights 3, 1, 3 … from the right.
char Gs1Check(std::string_view counted) {
  uint32_t sum = 0;
  uint32_t weight = 3;
  for (size_t i = counted.size(); i-- > 0; weight = 4 - weight) {
    sum += static_cast<uint32_t>(counted[i] - '0') * weight;
  }
  return kAlphabet[(10 - sum % 10) % 10];
}

}  // namespace

std::string_view CheckSchemeName(CheckScheme scheme) {
  switch (scheme) {
    case CheckScheme::kNone:
      return "NONE";
    case CheckScheme::kMod37_36:
      return "MOD37_36";
    case CheckScheme::kMod97_10:
      return "MOD97_10";
    case CheckScheme::kMod11_10:
      return "MOD11_10";
    case CheckScheme::kGs1:
      return "GS1";
  }
  return "unknown";
}

size_t CheckCharacters(CheckScheme scheme) {
  if (scheme == CheckScheme::kNone) return 0;
  return scheme == CheckScheme::kMod97_10 ? 2 : 1;
}

absl::StatusOr<std::string> CheckCharactersOf(std::string_view text, CheckScheme scheme) {
  if (scheme == CheckScheme::kNone) return std::string();
  GUSU_ASSIGN_OR_RETURN(const std::string counted, Counted(text, scheme));
  switch (scheme) {
    case CheckScheme::kMod37_36:
      return std::string(1, HybridCheck(counted, 36));
    case CheckScheme::kMod97_10:
      return Mod97Check(counted);
    case CheckScheme::kMod11_10:
      return std::string(1, HybridCheck(counted, 10));
    default:
      return std::string(1, Gs1Check(counted));
  }
}

bool HasValidCheck(std::string_view text, CheckScheme scheme) {
  const size_t count = CheckCharacters(scheme);
  if (text.size() < count) return false;
  const size_t end = text.size() - count;
  const auto check = CheckCharactersOf(text.substr(0, end), scheme);
  return check.ok() && *check == ToKey(text.substr(end));
}

}  // namespace gusu
