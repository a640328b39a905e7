// SHA-256, random bytes, and the text forms that tokens and logs use. OpenSSL underneath.
#pragma once

#include <string>
#include <string_view>

#include "proto/change.h"

namespace gusu {

Hash Sha256(std::string_view bytes);
// Over the concatenation of the parts.
Hash Sha256(std::initializer_list<std::string_view> parts);
std::string_view AsBytes(const Hash& hash);
// From the system's generator; stops the program when it has none.
std::string RandomBytes(size_t count);
std::string HexEncode(std::string_view bytes);
std::string Base64UrlEncode(std::string_view bytes);  // without padding

// A new secret's text: `gusu_` or `gusu_claim_` and 43 characters of base64url (256 random bits).
std::string NewTokenSecret();
std::string NewClaimSecret();
bool IsClaimSecret(std::string_view secret);

}  // namespace gusu
