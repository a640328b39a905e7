// A log in memory, made with the contract's code: what a registry's audit log gives, and what a
// dishonest one could give.
#pragma once

#include <string>
#include <vector>

#include "gusu/audit.h"
#include "proto/change.h"
#include "proto/latest_statement.h"
#include "proto/merkle.h"
#include "proto/note_key.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::test {

// Ed25519 from a seed of 32 times this byte.
SignerKey KeyOf(const std::string& name, char seed, SignatureType type = SignatureType::kEd25519);

class FakeLog {
 public:
  static constexpr uint64_t kFirstRevision = 1'700'000'000'000'000;

  explicit FakeLog(std::string origin = "registry.example/log1", char seed = '\1');

  // Each entry's commit time is a second after the one before. Fills in the change's revision and
  // the commitments of `parts`, which have label, content and salt. Gives the leaf's index.
  uint64_t Append(Change change, std::vector<ContentPart> parts = {});
  // Body and tiers as the server seals them; the resource is the row's.
  uint64_t AppendRecord(Operation operation, storage::v1::RecordRow row);
  void AppendMany(size_t count);

  uint64_t size() const { return entries_.size(); }
  const std::string& leaf(uint64_t leaf_index) const { return entries_[leaf_index].leaf; }
  const Change& change(uint64_t leaf_index) const { return entries_[leaf_index].change; }
  LogEntry Entry(uint64_t leaf_index) const;

  std::string vkey() const { return signers_.front().verifier().Text(); }
  const std::string& origin() const { return origin_; }
  // Who signs from now on.
  void SetSigners(std::vector<SignerKey> signers) { signers_ = std::move(signers); }

  TreeHead Head(uint64_t tree_size) const;
  std::string Checkpoint(uint64_t tree_size) const;
  std::string Checkpoint() const { return Checkpoint(size()); }
  std::vector<std::string> Consistency(uint64_t old_size, uint64_t new_size) const;
  // Hash tiles only.
  std::string Tile(const std::string& path) const;

  LeafProof Prove(uint64_t leaf_index, uint64_t tree_size) const;
  LeafProof Prove(uint64_t leaf_index) const { return Prove(leaf_index, size()); }
  // Of the record's leaf, as of the whole log.
  LatestStatement Statement(uint64_t leaf_index, const std::string& salt) const;
  std::string Sign(const std::string& text) const;
  AnswerProof ProveAnswer(uint64_t leaf_index, const std::vector<uint64_t>& ancestors) const;

 private:
  struct Logged {
    Change change;
    std::string opening;
    std::string salt;
    std::string leaf;
    std::vector<ContentPart> parts;
  };
  NodeReader Reader() const;

  std::string origin_;
  std::vector<SignerKey> signers_;
  std::vector<Logged> entries_;
};

}  // namespace gusu::test
