#include "proto/handle/digest.h"

#include "proto/handle/message_hash.h"

namespace gusu::handle {
namespace {

constexpr Version kSha256Since{2, 7};
constexpr Version kSha1Since{2, 1};

DigestAlgorithm AlgorithmOf(Version version) {
  if (version >= kSha256Since) return DigestAlgorithm::kSha256;
  return version >= kSha1Since ? DigestAlgorithm::kSha1 : DigestAlgorithm::kMd5Old;
}

HashAlgorithm HashOf(DigestAlgorithm algorithm) {
  if (algorithm == DigestAlgorithm::kSha256) return HashAlgorithm::kSha256;
  return algorithm == DigestAlgorithm::kSha1 ? HashAlgorithm::kSha1 : HashAlgorithm::kMd5;
}

}  // namespace

RequestDigest DigestOf(std::string_view header_and_body, Version version) {
  const DigestAlgorithm algorithm = AlgorithmOf(version);
  return {algorithm, HashBytes(HashOf(algorithm), {header_and_body})};
}

void WriteDigest(Writer& body, const RequestDigest& digest) {
  // The old form has no algorithm: its first byte is the length's, and always zero.
  if (digest.algorithm == DigestAlgorithm::kMd5Old) {
    body.Bytes(digest.bytes);
  } else {
    body.Byte(static_cast<uint8_t>(digest.algorithm)).Raw(digest.bytes);
  }
}

RequestDigest ReadDigest(Reader& reader) {
  RequestDigest digest;
  const uint8_t algorithm = reader.Byte("digest algorithm");
  if (algorithm > static_cast<uint8_t>(DigestAlgorithm::kSha256)) {
    reader.Refuse("digest algorithm", "is none that is known");
  }
  if (!reader.ok()) return digest;
  digest.algorithm = static_cast<DigestAlgorithm>(algorithm);
  const size_t bytes = HashByteCount(HashOf(digest.algorithm));
  if (digest.algorithm == DigestAlgorithm::kMd5Old) {
    const uint32_t length =
        uint32_t{reader.Byte("digest length")} << 16 | reader.Short("digest length");
    if (length != bytes) reader.Refuse("digest length", "is not that of MD5");
  }
  digest.bytes = std::string(reader.Raw("digest", bytes));
  return digest;
}

}  // namespace gusu::handle
