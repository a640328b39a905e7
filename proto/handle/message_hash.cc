#include "proto/handle/message_hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace gusu::handle {
namespace {

// None of these has a failure that a caller could handle.
void StopUnless(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "fatal: OpenSSL could not %s\n", what);
  std::abort();
}

const EVP_MD* Of(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5:
      return EVP_md5();
    case HashAlgorithm::kSha1:
      return EVP_sha1();
    case HashAlgorithm::kSha256:
      return EVP_sha256();
  }
  std::abort();
}

unsigned char* Octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* Octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

size_t HashByteCount(HashAlgorithm algorithm) {
  return static_cast<size_t>(EVP_MD_get_size(Of(algorithm)));
}

std::string HashBytes(HashAlgorithm algorithm, std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  bool ok = context && EVP_DigestInit_ex(context.get(), Of(algorithm), nullptr) == 1;
  for (const std::string_view part : parts) {
    ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  std::string hash(HashByteCount(algorithm), '\0');
  StopUnless(ok && EVP_DigestFinal_ex(context.get(), Octets(hash), nullptr) == 1, "hash");
  return hash;
}

std::string HmacBytes(HashAlgorithm algorithm, std::string_view key,
                      std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  std::string mac(HashByteCount(algorithm), '\0');
  unsigned int bytes = 0;
  StopUnless(HMAC(Of(algorithm), key.data(), static_cast<int>(key.size()), Octets(joined),
                  joined.size(), Octets(mac), &bytes) != nullptr &&
                 bytes == mac.size(),
             "make an HMAC");
  return mac;
}

std::string DeriveKey(std::string_view secret, std::string_view salt, uint32_t iterations,
                      size_t key_bytes) {
  std::string key(key_bytes, '\0');
  StopUnless(PKCS5_PBKDF2_HMAC(secret.data(), static_cast<int>(secret.size()), Octets(salt),
                               static_cast<int>(salt.size()), static_cast<int>(iterations),
                               EVP_sha1(), static_cast<int>(key.size()), Octets(key)) == 1,
             "derive a key");
  return key;
}

std::string_view HashName(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kMd5:
      return "MD5";
    case HashAlgorithm::kSha1:
      return "SHA1";
    case HashAlgorithm::kSha256:
      return "SHA-256";
  }
  std::abort();
}

std::optional<HashAlgorithm> HashFromName(std::string_view name) {
  if (name == "SHA-256" || name == "SHA256") return HashAlgorithm::kSha256;
  if (name == "SHA1" || name == "SHA-1") return HashAlgorithm::kSha1;
  if (name == "MD5") return HashAlgorithm::kMd5;
  return std::nullopt;
}

bool SameSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace gusu::handle
