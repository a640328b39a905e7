// The Merkle tree of RFC 6962 over SHA-256: hashes, roots and proofs.
//
// A leaf is H(0x00 ‖ entry), a node H(0x01 ‖ left ‖ right), the root of nothing H(""). A tree of n
// leaves is split at the greatest power of two below n; its right edge is neither padded nor
// doubled. So every complete subtree keeps its hash for ever while the tree grows, and proofs are
// made of complete subtrees alone:
//
//   CompactRange range;
//   for (const std::string& entry : entries) range.Append(LeafHash(entry));
//   const TreeHead head{range.size(), range.Root()};
//   auto proof = MakeInclusionProof(7, head.size, read_nodes);
//   absl::Status proven = VerifyInclusion(LeafHash(entries[7]), 7, *proof, head);
//
// Sizes and indexes have 64 bits. Everything here may be called from any thread; a CompactRange
// belongs to one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"

namespace gusu {

// Of an inclusion proof; a consistency proof has one more at most.
inline constexpr size_t kInclusionProofHashesMax = 64;

Hash LeafHash(std::string_view entry);
Hash NodeHash(const Hash& left, const Hash& right);
Hash EmptyRoot();

// nullopt unless `bytes` are 32.
std::optional<Hash> HashFromBytes(std::string_view bytes);
// Hashes as they arrive. kInvalidArgument / PROOF_MALFORMED names the one that is not 32 bytes;
// more than 65 are refused.
absl::StatusOr<std::vector<Hash>> HashesFromBytes(const std::vector<std::string_view>& hashes);

struct TreeHead {
  uint64_t size = 0;  // leaves
  Hash root = EmptyRoot();
  bool operator==(const TreeHead&) const = default;
};

// A complete subtree: the 2^level leaves from index · 2^level on.
struct NodePosition {
  uint32_t level = 0;  // 0: a leaf
  uint64_t index = 0;
  bool operator==(const NodePosition&) const = default;
};

// A growing tree's complete subtrees, greatest first: all that its root and further leaves need, at
// most 64 hashes.
class CompactRange {
 public:
  CompactRange() = default;
  // The tree of `size` leaves from the hashes at NodesOf(size); the program is stopped when there
  // are more or fewer.
  CompactRange(uint64_t size, std::vector<Hash> hashes);

  void Append(const Hash& leaf_hash);
  uint64_t size() const { return size_; }
  Hash Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// The complete subtrees that a tree of `size` leaves consists of, greatest first.
std::vector<NodePosition> NodesOf(uint64_t size);

// Gives the hashes of the nodes asked for, in their order; all lie within the tree in question.
// Whoever has the hashes provides this: a store, memory, or tiles (proto/tile.h). Its errors are
// passed on. What it gives is believed, so who reads from others verifies what was made of it.
using NodeReader =
    std::function<absl::StatusOr<std::vector<Hash>>(const std::vector<NodePosition>& nodes)>;

// Each reads once.
absl::StatusOr<Hash> ReadRoot(uint64_t size, const NodeReader& read);
// From the leaf's sibling upwards. kOutOfRange / TREE_SIZE_UNKNOWN unless leaf_index < size.
absl::StatusOr<std::vector<Hash>> MakeInclusionProof(uint64_t leaf_index, uint64_t size,
                                                     const NodeReader& read);
// That the first `old_size` leaves of the tree are those of the tree of that size; empty for 0 and
// for the whole. kOutOfRange / TREE_SIZE_UNKNOWN unless old_size ≤ size.
absl::StatusOr<std::vector<Hash>> MakeConsistencyProof(uint64_t old_size, uint64_t size,
                                                       const NodeReader& read);

// OK when the proof shows that the leaf stands at that index of the tree; else kInvalidArgument /
// PROOF_INVALID says what does not fit. A proof with a hash too many or too few is never valid.
absl::Status VerifyInclusion(const Hash& leaf_hash, uint64_t leaf_index,
                             const std::vector<Hash>& proof, const TreeHead& head);
// OK when the proof shows that the newer tree begins with all of the older one. Everything extends
// the empty tree.
absl::Status VerifyConsistency(const TreeHead& old_head, const TreeHead& new_head,
                               const std::vector<Hash>& proof);

}  // namespace gusu
