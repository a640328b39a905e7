// The block behind a message's body that signs it.
//
// What is signed depends on the version that the message is written in: header and body, and before
// them the envelope's ids and versions, so that an answer cannot be taken for another's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/key.h"
#include "proto/handle/message.h"

namespace gusu::handle {

inline constexpr std::string_view kSignedByKey = "HS_SIGNED";
inline constexpr std::string_view kSignedInSession = "HS_MAC";

struct Credential {
  std::string_view signer;  // a handle; empty for the server that answers
  uint32_t session_counter = 0;
  std::string_view type = kSignedByKey;
  std::string_view hash_name;
  std::string_view signature;
  bool operator==(const Credential&) const = default;
};
// Of a message's `credential`, which is not empty.
absl::StatusOr<Credential> DecodeCredential(std::string_view bytes);
std::string EncodeCredential(const Credential& credential);

// What is signed before header and body: 16 bytes from version 2.8 on, 14 in 2.7, none before.
std::string SignedBeginning(const Envelope& envelope, uint32_t session_counter);

// Ends the message, whose body has been written, with the server's signature: SHA-256 from version
// 2.7 on, before with SHA-1. `envelope` is the message's. False when it is too long.
bool FinishSigned(MessageWriter& message, const Envelope& envelope, const PrivateKey& key);

// Whether the message is signed by this key: the client's check of an answer that it asked to be
// certified. False for an unsigned one.
bool IsSignedBy(const Envelope& envelope, const Message& message, const PublicKey& key);

}  // namespace gusu::handle
