#include "proto/handle/challenge.h"

#include "proto/handle/wire.h"
#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

// The first byte of a secret's answer: a hash in its low half, how it is used in its high half.
constexpr uint8_t kHashBits = 0x0f;
constexpr uint8_t kAround = 0x00;  // hash(secret, nonce, digest, secret)
constexpr uint8_t kHmac = 0x10;    // HMAC(secret; nonce, digest)
constexpr uint8_t kPbkdf2HmacSha1 = 0x22;
constexpr uint32_t kIterations = 10'000;
constexpr uint32_t kKeyBits = 160;
constexpr uint32_t kKeyBitsMax = 512;
constexpr size_t kSaltBytesMax = 256;
constexpr size_t kMacBytesMax = 64;
constexpr size_t kNameBytesMax = 64;
constexpr size_t kSignatureBytesMax = 4'096;

absl::StatusOr<HashAlgorithm> HashOfForm(uint8_t form) {
  switch (form & kHashBits) {
    case 1:
      return HashAlgorithm::kMd5;
    case 2:
      return HashAlgorithm::kSha1;
    case 3:
      return HashAlgorithm::kSha256;
    default:
      return Malformed("form of the answer", "has a hash that is not known");
  }
}

absl::StatusOr<bool> IsAnswerOfDerivedKey(const Challenge& challenge, Reader& reader,
                                          std::string_view secret) {
  const std::string_view salt = reader.Bytes("salt", kSaltBytesMax);
  const uint32_t iterations = reader.Int("iterations");
  const uint32_t key_bits = reader.Int("key length");
  const std::string_view mac = reader.Bytes("HMAC", kMacBytesMax);
  reader.ExpectEnd("answer");
  if (iterations == 0 || iterations > kIterationsMax) {
    reader.Refuse("iterations", "are none or more than 100,000");
  }
  if (key_bits == 0 || key_bits > kKeyBitsMax || key_bits % 8 != 0) {
    reader.Refuse("key length", "is no multiple of 8 up to 512");
  }
  GUSU_RETURN_IF_ERROR(reader.status());
  const std::string key = DeriveKey(secret, salt, iterations, key_bits / 8);
  return SameSecret(mac, HmacBytes(HashAlgorithm::kSha1, key, {challenge.nonce, challenge.digest}));
}

}  // namespace

std::string AnswerWithSecret(const Challenge& challenge, std::string_view secret,
                             std::string_view salt) {
  const std::string key = DeriveKey(secret, salt, kIterations, kKeyBits / 8);
  std::string answer;
  Writer(answer)
      .Byte(kPbkdf2HmacSha1)
      .Bytes(salt)
      .Int(kIterations)
      .Int(kKeyBits)
      .Bytes(HmacBytes(HashAlgorithm::kSha1, key, {challenge.nonce, challenge.digest}));
  return answer;
}

std::string AnswerWithKey(const Challenge& challenge, const PrivateKey& key) {
  std::string answer;
  Writer(answer)
      .Bytes(HashName(HashAlgorithm::kSha256))
      .Bytes(key.Sign(HashAlgorithm::kSha256, {challenge.nonce, challenge.digest}));
  return answer;
}

absl::StatusOr<bool> IsAnswerOfSecret(const Challenge& challenge, std::string_view answer,
                                      std::string_view secret) {
  Reader reader(answer);
  const uint8_t form = reader.Byte("form of the answer");
  GUSU_RETURN_IF_ERROR(reader.status());
  if (form == kPbkdf2HmacSha1) return IsAnswerOfDerivedKey(challenge, reader, secret);
  GUSU_ASSIGN_OR_RETURN(const HashAlgorithm hash, HashOfForm(form));
  const auto& [nonce, digest] = challenge;
  switch (form & ~kHashBits) {
    case kAround:
      return SameSecret(reader.rest(), HashBytes(hash, {secret, nonce, digest, secret}));
    case kHmac:
      return SameSecret(reader.rest(), HmacBytes(hash, secret, {nonce, digest}));
    default:
      return Malformed("form of the answer", "is not known");
  }
}

absl::StatusOr<bool> IsAnswerOfKey(const Challenge& challenge, std::string_view answer,
                                   const PublicKey& key) {
  Reader reader(answer);
  const std::string_view name = reader.Bytes("signature's hash", kNameBytesMax);
  const std::string_view signature = reader.Bytes("signature", kSignatureBytesMax);
  const std::optional<HashAlgorithm> hash = HashFromName(name);
  if (!hash || *hash == HashAlgorithm::kMd5) {
    reader.Refuse("signature's hash", "is neither SHA-256 nor SHA1");
  }
  GUSU_RETURN_IF_ERROR(reader.status());
  return key.Verify(*hash, {challenge.nonce, challenge.digest}, signature);
}

}  // namespace gusu::handle
