#include "tests/client/fake_log.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/checkpoint.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "proto/tile.h"
#include "proto/tlog_proof.h"

namespace gusu::test {
namespace {

// Any 32 bytes that differ from each other.
std::string SaltOf(uint64_t leaf_index, const std::string& label) {
  return std::string(AsBytes(Sha256("salt " + std::to_string(leaf_index) + label)));
}

std::vector<std::string> Texts(const std::vector<Hash>& hashes) {
  std::vector<std::string> texts;
  for (const Hash& hash : hashes) texts.emplace_back(AsBytes(hash));
  return texts;
}

}  // namespace

SignerKey KeyOf(const std::string& name, char seed, SignatureType type) {
  return SignerKey::Make(name, type, std::string(32, seed)).value();
}

FakeLog::FakeLog(std::string origin, char seed) : origin_(std::move(origin)) {
  signers_.push_back(KeyOf(origin_, seed));
}

uint64_t FakeLog::Append(Change change, std::vector<ContentPart> parts) {
  const uint64_t leaf_index = size();
  change.revision = kFirstRevision + leaf_index * 1'000'000;
  for (const ContentPart& part : parts) {
    change.commitments.push_back({part.label, CommitmentHash(part.salt, part.content)});
  }
  Logged entry;
  entry.opening = EncodeOpening(change);
  entry.salt = SaltOf(leaf_index, "opening");
  entry.leaf = LeafBytes(change.revision, entry.salt, entry.opening);
  entry.parts = std::move(parts);
  entry.change = std::move(change);
  entries_.push_back(std::move(entry));
  return leaf_index;
}

uint64_t FakeLog::AppendRecord(Operation operation, storage::v1::RecordRow row) {
  std::vector<ContentPart> parts;
  const auto add = [&](const std::string& label, std::string content) {
    if (content.empty()) return;
    parts.push_back({label, std::move(content), SaltOf(size(), label), "", false});
  };
  add("BODY", CanonicalBody(row));
  add("PUBLIC", CanonicalTier(row, 1));
  add("PARTNER", CanonicalTier(row, 2));
  add("OWNER", CanonicalTier(row, 3));
  Change change;
  change.operation = operation;
  change.resource = Identifier::Parse(row.identifier()).value().name();
  change.registrant = row.issued_by();
  change.actor = "registrants/" + row.issued_by();
  change.sequence = size() + 1;
  return Append(std::move(change), std::move(parts));
}

void FakeLog::AppendMany(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    Change change;
    change.resource = "prefixes/88.118.8/records/N-" + std::to_string(size());
    change.actor = "bureau";
    Append(std::move(change));
  }
}

LogEntry FakeLog::Entry(uint64_t leaf_index) const {
  const Logged& entry = entries_[leaf_index];
  return {leaf_index, entry.leaf, entry.opening, entry.salt, std::nullopt};
}

NodeReader FakeLog::Reader() const {
  return [this](const std::vector<NodePosition>& nodes) -> absl::StatusOr<std::vector<Hash>> {
    std::vector<Hash> hashes;
    for (const NodePosition& node : nodes) {
      CompactRange range;
      const uint64_t width = uint64_t{1} << node.level;
      for (uint64_t i = 0; i < width; ++i) range.Append(LeafHash(leaf(node.index * width + i)));
      hashes.push_back(range.Root());
    }
    return hashes;
  };
}

TreeHead FakeLog::Head(uint64_t tree_size) const {
  return {tree_size, ReadRoot(tree_size, Reader()).value()};
}

std::string FakeLog::Checkpoint(uint64_t tree_size) const {
  return SignCheckpoint({origin_, Head(tree_size), {}}, signers_).value();
}

std::vector<std::string> FakeLog::Consistency(uint64_t old_size, uint64_t new_size) const {
  return Texts(MakeConsistencyProof(old_size, new_size, Reader()).value());
}

std::string FakeLog::Tile(const std::string& path) const {
  const TileAddress tile = ParseTilePath(path).value();
  std::vector<NodePosition> nodes;
  for (uint32_t i = 0; i < tile.width; ++i) {
    nodes.push_back({8 * tile.level, tile.index * kTileWidth + i});
  }
  std::string bytes;
  const std::vector<Hash> hashes = Reader()(nodes).value();
  for (const Hash& hash : hashes) bytes += AsBytes(hash);
  return bytes;
}

LeafProof FakeLog::Prove(uint64_t leaf_index, uint64_t tree_size) const {
  const Logged& entry = entries_[leaf_index];
  TlogProof proof;
  proof.extra = entry.leaf;
  proof.leaf_index = leaf_index;
  proof.hashes = MakeInclusionProof(leaf_index, tree_size, Reader()).value();
  proof.checkpoint = Checkpoint(tree_size);
  return {entry.leaf, FormatTlogProof(proof).value(), entry.opening, entry.salt, entry.parts};
}

LatestStatement FakeLog::Statement(uint64_t leaf_index, const std::string& salt) const {
  const Change& of = change(leaf_index);
  return {origin_,
          size(),
          kFirstRevision + 86'400'000'000,
          change(size() - 1).revision,
          of.revision,
          IdentifierHash(salt, of.resource)};
}

std::string FakeLog::Sign(const std::string& text) const {
  SignedNote note{text, {}};
  for (const SignerKey& signer : signers_) note.signatures.push_back(signer.Sign(text));
  return FormatSignedNote(note).value();
}

AnswerProof FakeLog::ProveAnswer(uint64_t leaf_index,
                                 const std::vector<uint64_t>& ancestors) const {
  AnswerProof answer;
  answer.record = Prove(leaf_index);
  for (const uint64_t ancestor : ancestors) answer.ancestors.push_back(Prove(ancestor));
  answer.identifier_salt = SaltOf(leaf_index, "identifier");
  answer.statement =
      Sign(FormatLatestStatement(Statement(leaf_index, answer.identifier_salt)).value());
  return answer;
}

}  // namespace gusu::test
