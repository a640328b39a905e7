#include "server/credential_vault.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/log.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr size_t kKeyBytes = 32, kNonceBytes = 12, kTagBytes = 16, kSaltBytes = 32;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

absl::Status KeyUnusable(std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "CREDENTIAL_KEY_UNUSABLE",
               Concat("the key of secrets of HS_SECKEY credentials cannot be used: ", why), {});
}

std::string Encrypt(const std::string& key, std::string_view nonce, std::string_view row_key,
                    std::string_view plain) {
  const Context context(EVP_CIPHER_CTX_new());
  std::string encrypted(plain.size(), '\0'), tag(kTagBytes, '\0');
  int length = 0;
  const bool encrypted_it =
      context != nullptr &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(nonce)) &&
      EVP_EncryptUpdate(context.get(), nullptr, &length, Bytes(row_key),
                        static_cast<int>(row_key.size())) &&
      EVP_EncryptUpdate(context.get(), Bytes(encrypted), &length, Bytes(plain),
                        static_cast<int>(plain.size())) &&
      EVP_EncryptFinal_ex(context.get(), Bytes(tag), &length) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data());
  if (!encrypted_it) {
    std::fputs("fatal: OpenSSL could not encrypt\n", stderr);
    std::abort();
  }
  return Concat(nonce, encrypted, tag);
}

// Empty when the bytes were not made by Encrypt with this key for this row.
std::string Decrypt(const std::string& key, std::string_view row_key, std::string_view sealed) {
  if (sealed.size() <= kNonceBytes + kTagBytes) return "";
  const Context context(EVP_CIPHER_CTX_new());
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const std::string_view encrypted =
      sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string plain(encrypted.size(), '\0');
  int length = 0;
  unsigned char rest[kTagBytes];
  const bool authentic =
      context != nullptr &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, Bytes(key), Bytes(sealed)) &&
      EVP_DecryptUpdate(context.get(), nullptr, &length, Bytes(row_key),
                        static_cast<int>(row_key.size())) &&
      EVP_DecryptUpdate(context.get(), Bytes(plain), &length, Bytes(encrypted),
                        static_cast<int>(encrypted.size())) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) &&
      EVP_DecryptFinal_ex(context.get(), rest, &length) == 1;
  if (authentic) return plain;
  OPENSSL_cleanse(plain.data(), plain.size());
  return "";
}

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        Concat(path, " may be read by others than its owner: run chmod 600"));
  }
  return ReadPrivateFile(path);
}

}  // namespace

CredentialVault::~CredentialVault() { OPENSSL_cleanse(key_.data(), key_.size()); }

absl::Status CredentialVault::LoadKey(bool make) {
  if (!key_.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> key = absl::NotFoundError("there is none in memory yet");
  if (!path_.empty()) key = ReadKeyFile(path_);
  if (!key.ok() && absl::IsNotFound(key.status()) && make) {
    key = RandomBytes(kKeyBytes);
    if (!path_.empty()) {
      const absl::Status written = WritePrivateFile(path_, *key);
      if (!written.ok()) return KeyUnusable(StdView(written.message()));
      Log(LogLevel::kInfo, "credential_key_made", {{"file", path_}});
    }
  }
  if (!key.ok()) return KeyUnusable(StdView(key.status().message()));
  if (key->size() != kKeyBytes) {
    return KeyUnusable(Concat(path_, " has ", key->size(), " bytes instead of ", kKeyBytes));
  }
  key_ = *std::move(key);
  return absl::OkStatus();
}

absl::StatusOr<std::string> CredentialVault::KeyFor(std::string_view purpose, bool make) {
  const std::lock_guard lock(mutex_);
  GUSU_RETURN_IF_ERROR(LoadKey(make));
  return std::string(AsBytes(Sha256({"gusu.credential_key.v1\n", purpose, "\n", key_})));
}

absl::StatusOr<std::string> CredentialVault::Fingerprint(std::string_view registrant,
                                                         std::string_view secret) {
  GUSU_ASSIGN_OR_RETURN(const std::string key, KeyFor("fingerprint", true));
  // An id holds no line feed.
  const std::string text = Concat(registrant, "\n", secret);
  Hash mac;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(text), text.size(), mac.data(),
       nullptr);
  return std::string(AsBytes(mac));
}

absl::StatusOr<CredentialVault::Sealed> CredentialVault::Seal(std::string_view row_key,
                                                              std::string_view secret) {
  GUSU_ASSIGN_OR_RETURN(const std::string key, KeyFor("encrypt", true));
  const std::string salt = RandomBytes(kSaltBytes);
  const Hash commitment = CommitmentHash(salt, secret);
  return Sealed{Encrypt(key, RandomBytes(kNonceBytes), row_key, Concat(salt, secret)),
                std::string(AsBytes(commitment))};
}

absl::StatusOr<std::string> CredentialVault::Open(std::string_view row_key, const Sealed& sealed) {
  GUSU_ASSIGN_OR_RETURN(const std::string key, KeyFor("encrypt", false));
  const std::string plain = Decrypt(key, row_key, sealed.ciphertext);
  if (plain.size() > kSaltBytes) {
    std::string secret = plain.substr(kSaltBytes);
    const Hash commitment = CommitmentHash(plain.substr(0, kSaltBytes), secret);
    if (AsBytes(commitment) == sealed.commitment) return secret;
  }
  return KeyUnusable("the secret was sealed with another one, or is damaged");
}

}  // namespace gusu::server
