#include "gusu/leaf_range.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "proto/merkle.h"

namespace gusu {
namespace {

Status Invalid(const std::string& what) {
  return {StatusCode::kInvalidArgument, what, "PROOF_INVALID", {}};
}

Status Malformed(const std::string& what) {
  return {StatusCode::kInvalidArgument, what, "PROOF_MALFORMED", {}};
}

struct Path {
  std::vector<Hash> hashes;      // as the proof has them
  std::vector<Hash> left_nodes;  // the complete subtrees of all leaves before, greatest first
};

// The hashes of an inclusion proof, and which of them stand to the left of the way to the root.
Status ReadPath(uint64_t leaf_index, uint64_t tree_size, const std::vector<std::string>& proof,
                Path* path) {
  if (leaf_index >= tree_size) return Invalid("the leaf is not in the tree");
  const auto inner = static_cast<size_t>(std::bit_width(leaf_index ^ (tree_size - 1)));
  const uint64_t above = inner == 64 ? 0 : leaf_index >> inner;
  const size_t hashes_count = inner + static_cast<size_t>(std::popcount(above));
  if (proof.size() != hashes_count) {
    return Invalid("the proof of leaf " + std::to_string(leaf_index) + " has " +
                   std::to_string(proof.size()) + " hashes, and needs " +
                   std::to_string(hashes_count));
  }
  for (size_t level = 0; level < proof.size(); ++level) {
    const std::optional<Hash> hash = HashFromBytes(proof[level]);
    if (!hash) return Malformed("hash " + std::to_string(level) + " has not 32 bytes");
    path->hashes.push_back(*hash);
    const bool is_left = level >= inner || (leaf_index >> level & 1) != 0;
    if (is_left) path->left_nodes.push_back(*hash);
  }
  std::reverse(path->left_nodes.begin(), path->left_nodes.end());
  return {};
}

}  // namespace

// What stands before the first leaf is believed at first: it counts when the last leaf's proof,
// which the signed root binds, has the same nodes to its left as were computed up to there.
class LeafRange::State {
 public:
  State(uint64_t tree_size, uint64_t first, const std::vector<std::string>& first_proof)
      : tree_size_(tree_size), first_(first) {
    Path path;
    fault_ = ReadPath(first, tree_size, first_proof, &path);
    if (fault_.ok()) before_last_ = CompactRange(first, std::move(path.left_nodes));
  }

  void Append(const std::string& leaf) {
    if (!fault_.ok()) return;
    if (last_) before_last_.Append(*last_);
    last_ = LeafHash(leaf);
    ++count_;
  }
  uint64_t count() const { return count_; }

  Status Verify(const VerifiedCheckpoint& checkpoint,
                const std::vector<std::string>& last_proof) const {
    if (!fault_.ok()) return fault_;
    if (!last_) return Invalid("there is no leaf to prove");
    if (checkpoint.tree_size != tree_size_) {
      return Invalid("the proofs are of another tree than the checkpoint");
    }
    const std::optional<Hash> root = HashFromBytes(checkpoint.root);
    if (!root) return Malformed("the checkpoint's root has not 32 bytes");
    const uint64_t last_index = first_ + count_ - 1;
    Path path;
    if (Status status = ReadPath(last_index, tree_size_, last_proof, &path); !status.ok()) {
      return status;
    }
    const TreeHead head{tree_size_, *root};
    if (!VerifyInclusion(*last_, last_index, path.hashes, head).ok()) {
      return Invalid("leaf " + std::to_string(last_index) + " does not lead to the root");
    }
    const CompactRange proven(last_index, std::move(path.left_nodes));
    if (proven.Root() != before_last_.Root()) {
      return Invalid("leaves " + std::to_string(first_) + " to " + std::to_string(last_index) +
                     " are not those of the tree");
    }
    return {};
  }

 private:
  uint64_t tree_size_;
  uint64_t first_;
  uint64_t count_ = 0;
  CompactRange before_last_;  // all leaves but the last one appended
  std::optional<Hash> last_;
  Status fault_;
};

LeafRange::LeafRange(uint64_t tree_size, uint64_t first,
                     const std::vector<std::string>& first_proof)
    : state_(std::make_unique<State>(tree_size, first, first_proof)) {}
LeafRange::~LeafRange() = default;
LeafRange::LeafRange(LeafRange&&) noexcept = default;

void LeafRange::Append(const std::string& leaf) { state_->Append(leaf); }
uint64_t LeafRange::count() const { return state_->count(); }
Status LeafRange::Verify(const VerifiedCheckpoint& checkpoint,
                         const std::vector<std::string>& last_proof) const {
  return state_->Verify(checkpoint, last_proof);
}

}  // namespace gusu
