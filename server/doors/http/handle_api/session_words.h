// What a client says of a session, in the parameters of `Authorization: Handle …` or in the body of
// a PUT.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace gusu::server {

// All as sent, but for the identity.
struct SessionWords {
  std::string session_id;
  std::string client_nonce;  // base64
  std::string id;            // 300:88.118.8/ADMIN
  std::string type;          // HS_SECKEY or HS_PUBKEY
  std::string algorithm;
  std::string signature;  // base64
  std::string salt;       // base64
  std::string iterations;
  std::string length;  // of the derived key, in bits

  bool is_proof() const { return !signature.empty(); }
  // By the names that clients give them; session_id first, which only the header has.
  std::array<std::pair<const char*, std::string*>, 9> Named();
};

// `name="value", …`. HANDLE_MALFORMED; kUnauthenticated / CREDENTIAL_INVALID for what would be
// proved by a certificate.
absl::StatusOr<SessionWords> ReadSessionWords(std::string_view parameters);

// Percent-encoded, where that can be read; clients send either.
std::string DecodedWord(const std::string& text);

// An answer to a challenge as the wire has it, from JSON's words for it. HANDLE_MALFORMED.
absl::StatusOr<std::string> SignedResponse(const SessionWords& words);

}  // namespace gusu::server
