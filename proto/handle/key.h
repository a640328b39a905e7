// Keys that sign and verify: RSA (PKCS#1 v1.5) and DSA, of HS_PUBKEY values, of sites and of
// administrators. OpenSSL underneath.
//
//   GUSU_ASSIGN_OR_RETURN(const PublicKey key, PublicKey::Decode(value.data));
//   if (key.Verify(HashAlgorithm::kSha256, {nonce, digest}, signature)) ...
//
// A key does not change; it may be used from any thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/key_record.h"
#include "proto/handle/message_hash.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace gusu::handle {

class PublicKey {
 public:
  // HANDLE_MALFORMED for a record that is no public key, and for an RSA key of less than 1,024 or
  // an exponent of more than 64 bits.
  static absl::StatusOr<PublicKey> Decode(std::string_view record);
  // The bytes of HS_PUBKEY.
  std::string Encode() const { return EncodeKeyRecord(record_); }
  const KeyRecord& record() const { return record_; }
  bool Verify(HashAlgorithm hash, std::initializer_list<std::string_view> parts,
              std::string_view signature) const;

 private:
  KeyRecord record_;
  std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
 public:
  static PrivateKey GenerateRsa(int bits);
  // HANDLE_MALFORMED for a record that is no private key, or one whose signatures its own public
  // key does not verify.
  static absl::StatusOr<PrivateKey> Decode(std::string_view record);
  std::string Encode() const { return EncodeKeyRecord(record_); }
  const PublicKey& public_key() const { return public_key_; }
  std::string Sign(HashAlgorithm hash, std::initializer_list<std::string_view> parts) const;

 private:
  static absl::StatusOr<PrivateKey> Make(KeyRecord record);
  KeyRecord record_;
  PublicKey public_key_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace gusu::handle
