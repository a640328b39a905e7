// Keys that sign notes: Ed25519, under a name, for one kind of signature (c2sp.org/signed-note).
//
// A verifier key's text, the vkey, is what is handed to whoever checks:
//   registry.example/log1+4517142d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
// name, key ID (8 hexadecimal digits), and base64 of the type's byte and the public key. The key ID
// is the first 4 bytes of SHA-256(name ‖ "\n" ‖ type ‖ public key). A name has 1 to 255 bytes of
// UTF-8, without control characters, spaces of any script, and `+`.
//
// Keys may be copied and used from any thread.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu {

inline constexpr size_t kKeyNameBytesMax = 255;

// The byte that tells what a key signs.
enum class SignatureType : uint8_t {
  // The note's text.
  kEd25519 = 1,
  // A witness's statement that at a time it knew no longer consistent tree of the log: the text
  // after "cosignature/v1\ntime <seconds>\n"; the signature begins with the seconds (8 bytes, big
  // endian).
  kCosignature = 4,
};

struct NoteSignature {
  std::string key_name;
  uint32_t key_id = 0;
  std::string signature;  // what follows the key ID
  bool operator==(const NoteSignature&) const = default;
};

bool IsKeyName(std::string_view name);

class VerifierKey {
 public:
  // All fail with kInvalidArgument / KEY_MALFORMED. `public_key` has 32 bytes.
  static absl::StatusOr<VerifierKey> Make(std::string_view name, SignatureType type,
                                          std::string_view public_key);
  // A vkey of one of the types above, whose key ID is its own.
  static absl::StatusOr<VerifierKey> Parse(std::string_view vkey);
  std::string Text() const;

  const std::string& name() const { return name_; }
  SignatureType type() const { return type_; }
  uint32_t id() const { return id_; }

  // Whether the signature says that it is this key's.
  bool Names(const NoteSignature& signature) const {
    return signature.key_id == id_ && signature.key_name == name_;
  }
  // Whether it is this key's signature of the text.
  bool Verify(std::string_view text, const NoteSignature& signature) const;

 private:
  VerifierKey() = default;

  std::string name_;
  SignatureType type_ = SignatureType::kEd25519;
  uint32_t id_ = 0;
  std::string public_key_;
  std::shared_ptr<EVP_PKEY> key_;
};

// Seconds since 1970 UTC that a cosignature states; nullopt when it is none by its length, or
// states a time beyond 2^63 - 1.
std::optional<uint64_t> CosignatureTime(const NoteSignature& signature);

class SignerKey {
 public:
  // `seed`: 32 bytes (RFC 8032's private key). kInvalidArgument / KEY_MALFORMED.
  static absl::StatusOr<SignerKey> Make(std::string_view name, SignatureType type,
                                        std::string_view seed);
  // A fresh key from the system's generator.
  static absl::StatusOr<SignerKey> Generate(std::string_view name, SignatureType type);
  // `PRIVATE+KEY+name+hex8(key ID)+base64(type ‖ seed)`, as Go's note package writes it. A secret:
  // errors do not repeat it.
  static absl::StatusOr<SignerKey> Parse(std::string_view secret_text);
  std::string SecretText() const;

  const VerifierKey& verifier() const { return verifier_; }
  // `time_s` enters a cosignature and is at most 2^63 - 1; for other types it does not count.
  NoteSignature Sign(std::string_view text, uint64_t time_s = 0) const;

 private:
  SignerKey(VerifierKey verifier, std::string seed, std::shared_ptr<EVP_PKEY> key)
      : verifier_(std::move(verifier)), seed_(std::move(seed)), key_(std::move(key)) {}

  VerifierKey verifier_;
  std::string seed_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace gusu
