// Decoding and encoding again, of everything that the Handle codec reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gusu::test {

// An envelope and the message behind it. nullopt when either is refused.
std::optional<std::string> MessageAgain(std::string_view bytes);

enum class Part {
  kAdminValue,
  kVlist,
  kSite,
  kKeyRecord,
  kCredential,
  kLast = kCredential,
};
// The data of a value, or a credential.
std::optional<std::string> PartAgain(Part part, std::string_view bytes);

}  // namespace gusu::test
