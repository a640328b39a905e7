#include "proto/organization_code.h"

#include <cstdint>

#include "proto/check_digit.h"
#include "proto/error.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr size_t kUsccCharacters = 18;
constexpr size_t kLeiCharacters = 20;

absl::Status Malformed(std::string_view scheme, std::string_view code, std::string_view what,
                       ErrorMetadata metadata = {}) {
  metadata.insert(metadata.begin(),
                  {{"scheme", std::string(scheme)}, {"organization_code", Quote(code)}});
  return Error(absl::StatusCode::kInvalidArgument, "ORGANIZATION_CODE_MALFORMED",
               Concat("organisation code \"", Quote(code), "\" (", scheme, "): ", what),
               std::move(metadata));
}

absl::Status CheckAlphabet(std::string_view scheme, std::string_view code, size_t characters,
                           std::string_view alphabet, std::string_view permitted) {
  if (code.size() != characters) {
    return Malformed(scheme, code, Concat("has ", code.size(), " octets, not ", characters),
                     {{"octets", std::to_string(code.size())}});
  }
  const size_t bad = code.find_first_not_of(alphabet);
  if (bad != std::string_view::npos) {
    return Malformed(scheme, code, Concat("character ", bad + 1, " is not ", permitted),
                     {{"position", std::to_string(bad + 1)}});
  }
  return absl::OkStatus();
}

absl::Status WrongCheck(std::string_view scheme, std::string_view code, std::string_view right) {
  const std::string_view found = code.substr(code.size() - right.size());
  return Malformed(scheme, code,
                   Concat("ends in \"", found, "\", but its check is \"", right,
                          "\": one of the characters is wrong"),
                   {{"check_found", std::string(found)}, {"check_right", std::string(right)}});
}

}  // namespace

char UnifiedSocialCreditCheckCharacter(std::string_view first17) {
  uint32_t sum = 0;
  uint32_t weight = 1;
  for (const char c : first17) {
    const size_t value = kUsccAlphabet.find(c);
    if (value == kUsccAlphabet.npos) return 0;
    sum += static_cast<uint32_t>(value) * weight;
    weight = weight * 3 % 31;
  }
  return kUsccAlphabet[(31 - sum % 31) % 31];
}

absl::Status CheckUnifiedSocialCreditCode(std::string_view code) {
  absl::Status status = CheckAlphabet("USCC", code, kUsccCharacters, kUsccAlphabet,
                                      "a digit or an upper-case letter without I, O, S, V, Z");
  if (!status.ok()) return status;
  const char right = UnifiedSocialCreditCheckCharacter(code.substr(0, kUsccCharacters - 1));
  if (code.back() != right) return WrongCheck("USCC", code, std::string_view(&right, 1));
  return absl::OkStatus();
}

std::string_view DistrictOfUnifiedSocialCreditCode(std::string_view code) {
  return code.size() == kUsccCharacters ? code.substr(2, 6) : std::string_view();
}

absl::Status CheckLegalEntityIdentifier(std::string_view code) {
  absl::Status status =
      CheckAlphabet("LEI", code, kLeiCharacters, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                    "a digit or an upper-case letter");
  if (!status.ok()) return status;
  const auto right = CheckCharactersOf(code.substr(0, kLeiCharacters - 2), CheckScheme::kMod97_10);
  if (!right.ok()) return right.status();
  if (code.substr(kLeiCharacters - 2) != *right) return WrongCheck("LEI", code, *right);
  return absl::OkStatus();
}

}  // namespace gusu
