// Challenges: a server that needs to know who asks answers with a nonce and the digest of the
// request, and the client proves over both that it has its secret or private key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/key.h"

namespace gusu::handle {

// Of PBKDF2: what a client may make a server calculate, some tens of milliseconds.
inline constexpr uint32_t kIterationsMax = 100'000;

inline constexpr std::string_view kSecretKeyType = "HS_SECKEY";
inline constexpr std::string_view kPublicKeyType = "HS_PUBKEY";

struct Challenge {
  std::string_view nonce;
  std::string_view digest;  // of the request, without its algorithm
};

// Answers, as version 2.7 and later have them. `salt` is 16 random bytes, made anew for each.
std::string AnswerWithSecret(const Challenge& challenge, std::string_view secret,
                             std::string_view salt);
std::string AnswerWithKey(const Challenge& challenge, const PrivateKey& key);

// Whether the answer proves the secret; takes the same time wherever a wrong one differs. Reads
// every form that clients use: a hash around the secret, its HMAC, and the HMAC under a key that
// PBKDF2 makes of it. HANDLE_MALFORMED for another form, and for more iterations than
// kIterationsMax.
absl::StatusOr<bool> IsAnswerOfSecret(const Challenge& challenge, std::string_view answer,
                                      std::string_view secret);
// Whether the answer is signed by the key, with SHA-256 or SHA-1. HANDLE_MALFORMED for another
// hash.
absl::StatusOr<bool> IsAnswerOfKey(const Challenge& challenge, std::string_view answer,
                                   const PublicKey& key);

}  // namespace gusu::handle
