// Check of organisation codes: GB 32100 (unified social credit code) and ISO 17442 (LEI).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace gusu {

// 18 characters of 0-9 and upper-case letters without I, O, S, V, Z, the last one the check
// character of the others (weights 3^i mod 31). kInvalidArgument / ORGANIZATION_CODE_MALFORMED
// names the fault, and for a wrong check character the right one.
absl::Status CheckUnifiedSocialCreditCode(std::string_view code);
// The check character of 17 characters; 0 when one of them is not in the alphabet.
char UnifiedSocialCreditCheckCharacter(std::string_view first17);
// Characters 3 to 8: the district (GB/T 2260) in which the organisation was registered.
std::string_view DistrictOfUnifiedSocialCreditCode(std::string_view code);

// 20 characters of 0-9 and upper-case letters, ISO 7064 MOD 97-10.
absl::Status CheckLegalEntityIdentifier(std::string_view code);

}  // namespace gusu
