#include "proto/handle/credential.h"

#include "proto/handle/wire.h"
#include "proto/status_macros.h"

namespace gusu::handle {
namespace {

constexpr Version kSuggestionSignedSince{2, 8};
constexpr Version kIdsSignedSince{2, 7};
constexpr Version kSha256Since{2, 7};
constexpr size_t kNameBytesMax = 64;
constexpr size_t kSignatureBytesMax = 4'096;

}  // namespace

absl::StatusOr<Credential> DecodeCredential(std::string_view bytes) {
  Reader reader(bytes);
  Credential credential;
  if (reader.Byte("credential's version") != 0) {
    reader.Refuse("credential's version", "is not known");
  }
  reader.Byte("credential's reserved byte");
  reader.Short("credential's options");
  credential.signer = reader.Bytes("signer", kHandleBytesMax);
  credential.session_counter = reader.Int("session counter");
  credential.type = reader.Bytes("credential's type", kNameBytesMax);
  Reader section(reader.Bytes("signature section", kSignatureBytesMax));
  GUSU_RETURN_IF_ERROR(reader.status());
  credential.hash_name = section.Bytes("signature's hash", kNameBytesMax);
  credential.signature = section.Bytes("signature", kSignatureBytesMax);
  GUSU_RETURN_IF_ERROR(section.status());
  return credential;
}

std::string EncodeCredential(const Credential& credential) {
  std::string bytes;
  Writer writer(bytes);
  writer.Byte(0).Byte(0).Short(0).Bytes(credential.signer).Int(credential.session_counter);
  writer.Bytes(credential.type);
  const size_t section_bytes = 4 + credential.hash_name.size() + 4 + credential.signature.size();
  writer.Int(static_cast<uint32_t>(section_bytes));
  writer.Bytes(credential.hash_name).Bytes(credential.signature);
  return bytes;
}

std::string SignedBeginning(const Envelope& envelope, uint32_t session_counter) {
  const Version version = FormatVersion(envelope);
  std::string bytes;
  if (version < kIdsSignedSince) return bytes;
  Writer writer(bytes);
  writer.Byte(envelope.version.major).Byte(envelope.version.minor);
  if (version >= kSuggestionSignedSince) {
    writer.Byte(envelope.suggested.major).Byte(envelope.suggested.minor);
  }
  writer.Int(envelope.session_id).Int(envelope.request_id).Int(session_counter);
  return bytes;
}

bool FinishSigned(MessageWriter& message, const Envelope& envelope, const PrivateKey& key) {
  const HashAlgorithm hash =
      FormatVersion(envelope) >= kSha256Since ? HashAlgorithm::kSha256 : HashAlgorithm::kSha1;
  const std::string_view header_and_body = message.EndBody();
  if (header_and_body.empty()) return false;
  const std::string signature = key.Sign(hash, {SignedBeginning(envelope, 0), header_and_body});
  Credential credential;
  credential.hash_name = HashName(hash);
  credential.signature = signature;
  return message.Finish(EncodeCredential(credential));
}

bool IsSignedBy(const Envelope& envelope, const Message& message, const PublicKey& key) {
  const absl::StatusOr<Credential> credential = DecodeCredential(message.credential);
  if (!credential.ok() || credential->type != kSignedByKey) return false;
  const std::optional<HashAlgorithm> hash = HashFromName(credential->hash_name);
  return hash && *hash != HashAlgorithm::kMd5 &&
         key.Verify(
             *hash,
             {SignedBeginning(envelope, credential->session_counter), message.header_and_body},
             credential->signature);
}

}  // namespace gusu::handle
