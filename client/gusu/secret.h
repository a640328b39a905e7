// Secrets of credentials and applications: made here, kept here; the server is sent their SHA-256.
//
//   std::string token = gusu::MakeTokenSecret();  // keep it: nobody can tell it again
//   client.CreateCredential({"registrants/sz-pumps", {}, gusu::Sha256Of(token)});
#pragma once

#include <string>
#include <string_view>

#include "gusu/export.h"

namespace gusu {

// `gusu_` and 43 characters of base64url: 256 random bits.
GUSU_EXPORT std::string MakeTokenSecret();
// `gusu_claim_` and 43 characters of base64url: 256 random bits.
GUSU_EXPORT std::string MakeClaimSecret();
// 128 random bits in hexadecimal.
GUSU_EXPORT std::string MakeRequestId();
// 32 bytes.
GUSU_EXPORT std::string Sha256Of(std::string_view text);

}  // namespace gusu
