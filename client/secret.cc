#include "gusu/secret.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace gusu {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kRequestIdBytes = 16;

template <size_t N>
std::array<unsigned char, N> RandomArray() {
  std::array<unsigned char, N> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(N)) != 1) {
    std::fputs("gusu: the system's random generator does not work\n", stderr);
    std::abort();
  }
  return bytes;
}

// base64url (RFC 4648 section 5) without padding.
std::string Base64Url(const std::array<unsigned char, kSecretBytes>& bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned buffer = 0;
  unsigned bits = 0;
  for (unsigned char byte : bytes) {
    buffer = buffer << 8 | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += kAlphabet[buffer >> (bits - 6) & 63];
  }
  if (bits > 0) text += kAlphabet[buffer << (6 - bits) & 63];
  return text;
}

}  // namespace

std::string MakeTokenSecret() { return "gusu_" + Base64Url(RandomArray<kSecretBytes>()); }

std::string MakeClaimSecret() { return "gusu_claim_" + Base64Url(RandomArray<kSecretBytes>()); }

std::string MakeRequestId() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned char byte : RandomArray<kRequestIdBytes>()) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Sha256Of(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace gusu
