// Secrets of HS_SECKEY credentials, encrypted under a key that is not in the store: whoever has a
// copy of the store alone reads none of them.
//
// AES-256-GCM, bound to the credential's row. The key is 32 random bytes in a file of the data
// directory, made with the first secret. Without it, or with another one, the secrets are lost and
// their credentials prove nothing; no other credential is touched. May be called from any thread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace gusu::server {

class CredentialVault {
 public:
  // `path` of the key file; empty: the key is in memory only, as the store that goes with it.
  explicit CredentialVault(std::string path) : path_(std::move(path)) {}
  ~CredentialVault();
  CredentialVault(const CredentialVault&) = delete;
  CredentialVault& operator=(const CredentialVault&) = delete;

  // All of them fail with kFailedPrecondition / CREDENTIAL_KEY_UNUSABLE when the key file cannot be
  // read or written, is damaged, or is readable by others. Seal and Fingerprint make a key when
  // there is no file.

  // 32 bytes that are the same for the same secret of the same registrant, and tell nothing of it
  // to those without the key.
  absl::StatusOr<std::string> Fingerprint(std::string_view registrant, std::string_view secret);

  // `commitment`: SHA-256 over a salt and the secret; the salt is encrypted with the secret.
  struct Sealed {
    std::string ciphertext;  // nonce (12 bytes), encrypted salt (32 bytes) and secret, tag (16)
    std::string commitment;
  };
  absl::StatusOr<Sealed> Seal(std::string_view row_key, std::string_view secret);
  // The secret. CREDENTIAL_KEY_UNUSABLE also when it was sealed with another key or for another
  // row, or is damaged.
  absl::StatusOr<std::string> Open(std::string_view row_key, const Sealed& sealed);

 private:
  // The key for one purpose.
  absl::StatusOr<std::string> KeyFor(std::string_view purpose, bool make);
  absl::Status LoadKey(bool make);

  const std::string path_;
  std::mutex mutex_;
  std::string key_;  // guarded by mutex_; empty: not read yet
};

}  // namespace gusu::server
