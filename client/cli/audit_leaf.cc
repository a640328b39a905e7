#include "client/cli/audit_leaf.h"

#include <openssl/evp.h>

#include "client/cli/config_file.h"
#include "client/cli/log_trust.h"
#include "gusu/secret.h"

namespace gusu::cli {
namespace {

constexpr size_t kSaltBytes = 32;
constexpr char kReasonLogDiffers[] = "LOG_DIFFERS";

// As proto/AUDIT.md has a receipt.
std::string ToTlogProof(const std::string& leaf, uint64_t leaf_index,
                        const std::vector<std::string>& hashes, const std::string& checkpoint) {
  std::string text = "c2sp.org/tlog-proof@v1\nextra " + ToBase64(leaf) + "\nindex " +
                     std::to_string(leaf_index) + "\n";
  for (const std::string& hash : hashes) text += ToBase64(hash) + "\n";
  return text + "\n" + checkpoint;
}

}  // namespace

Failure LogFailure(const std::string& message) {
  return {ExitCode::kNegative, kReasonLogDiffers, message,
          "gusu audit verify looks at the whole log"};
}

Failure LogFailure(const std::string& what, const Status& status) {
  Failure failure = CheckFailure(status);
  failure.message = what + ": " + failure.message;
  return failure;
}

OrFailure<KnownCheckpoint> ToKnownCheckpoint(const std::string& text,
                                             const std::vector<std::string>& vkeys) {
  Result<VerifiedCheckpoint> verified = VerifyCheckpoint(text, vkeys);
  if (!verified) return LogFailure("the checkpoint does not hold", verified.status());
  return KnownCheckpoint{text, vkeys, *std::move(verified)};
}

OrFailure<KnownCheckpoint> FindCheckpoint(const Session& session, Client& client,
                                          const std::string& path,
                                          const std::vector<std::string>& vkeys) {
  if (path.empty()) {
    const Result<LogCheckpoint> latest = client.GetCheckpoint();
    if (!latest) return session.FailureOf(latest.status());
    return ToKnownCheckpoint(latest->checkpoint, vkeys);
  }
  const OrFailure<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.failure();
  if (text->empty()) return FileFailure("there is no checkpoint in " + path);
  return ToKnownCheckpoint(*text, vkeys);
}

std::string CheckpointText(const VerifiedCheckpoint& checkpoint) {
  return checkpoint.origin + ", size " + std::to_string(checkpoint.tree_size) + ", root " +
         ToBase64(checkpoint.root);
}

OrFailure<std::vector<std::string>> FetchInclusionHashes(const Session& session, Client& client,
                                                         uint64_t leaf_index, uint64_t tree_size) {
  Result<InclusionProof> proof = client.GetInclusionProof(leaf_index, tree_size);
  if (!proof) return session.FailureOf(proof.status());
  return std::move(proof->hashes);
}

OrFailure<ProvenLeaf> FetchProvenLeaf(const Session& session, Client& client, uint64_t leaf_index,
                                      const KnownCheckpoint& checkpoint) {
  const std::string what = "leaf " + std::to_string(leaf_index);
  Result<InclusionProof> shown = client.GetInclusionProof(leaf_index);
  if (!shown) return session.FailureOf(shown.status());
  if (!shown->proof) return LogFailure(what + " came without its receipt");
  const OrFailure<std::vector<std::string>> hashes =
      FetchInclusionHashes(session, client, leaf_index, checkpoint.verified.tree_size);
  if (!hashes.ok()) return hashes.failure();
  ProvenLeaf leaf;
  leaf.proof = *std::move(shown->proof);
  leaf.proof.tlog_proof = ToTlogProof(leaf.proof.leaf, leaf_index, *hashes, checkpoint.text);
  Result<VerifiedLeaf> verified = VerifyLeaf(leaf.proof, checkpoint.vkeys);
  if (!verified) return LogFailure(what + " is not proven", verified.status());
  leaf.verified = *std::move(verified);
  return leaf;
}

uint64_t CommitTimeOf(const std::string& leaf) {
  uint64_t time = 0;
  for (size_t i = 1; i <= 8; ++i) time = time << 8 | static_cast<unsigned char>(leaf[i]);
  return time;
}

bool Opens(const std::string& leaf, const std::string& salt, const std::string& opening) {
  return leaf.size() == kLeafBytes && leaf.front() == 1 && salt.size() == kSaltBytes &&
         leaf.substr(9) == Sha256Of("gusu.leaf.v1\n" + salt + opening);
}

std::string ToBase64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

std::string ToHex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

}  // namespace gusu::cli
