#include "proto/hash.h"

// SHA-256 by its own functions, which OpenSSL 3 has and advises against: through EVP a hash of a
// leaf or a node takes twice as long, and each registration needs six of them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cstdio>
#include <cstdlib>

namespace gusu {
namespace {

constexpr std::string_view kTokenBeginning = "gusu_";
constexpr std::string_view kClaimBeginning = "gusu_claim_";
constexpr size_t kSecretBytes = 32;
constexpr size_t kSecretCharacters = 43;

// Neither hashing nor drawing random bytes has a failure that a caller could handle.
void StopUnless(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "fatal: OpenSSL could not %s\n", what);
  std::abort();
}

bool IsBase64Url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

Hash Sha256(std::string_view bytes) { return Sha256({bytes}); }

Hash Sha256(std::initializer_list<std::string_view> parts) {
  SHA256_CTX context;
  bool ok = SHA256_Init(&context) == 1;
  for (const std::string_view part : parts) {
    ok = ok && SHA256_Update(&context, part.data(), part.size()) == 1;
  }
  Hash hash;
  StopUnless(ok && SHA256_Final(hash.data(), &context) == 1, "hash");
  return hash;
}

std::string_view AsBytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  StopUnless(
      RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) == 1,
      "draw random bytes");
  return bytes;
}

std::string HexEncode(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string Base64UrlEncode(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 2);
  uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<uint8_t>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += kAlphabet[(buffer >> (bits - 6)) & 63];
  }
  if (bits > 0) out += kAlphabet[(buffer << (6 - bits)) & 63];
  return out;
}

std::string NewTokenSecret() {
  return std::string(kTokenBeginning) + Base64UrlEncode(RandomBytes(kSecretBytes));
}

std::string NewClaimSecret() {
  return std::string(kClaimBeginning) + Base64UrlEncode(RandomBytes(kSecretBytes));
}

bool IsClaimSecret(std::string_view secret) {
  // The length tells it from a token whose random part happens to begin with "claim_".
  if (secret.size() != kClaimBeginning.size() + kSecretCharacters) return false;
  if (secret.substr(0, kClaimBeginning.size()) != kClaimBeginning) return false;
  for (const char c : secret.substr(kClaimBeginning.size())) {
    if (!IsBase64Url(c)) return false;
  }
  return true;
}

}  // namespace gusu
