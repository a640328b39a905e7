// RFC 6962's definitions written down as they stand, to compare with; and logs to try proofs on.
#pragma once

#include <bit>
#include <span>
#include <string>
#include <vector>

#include "proto/hash.h"
#include "proto/merkle.h"

namespace gusu::test {

using Leaves = std::span<const Hash>;

inline uint64_t NaiveSplit(uint64_t count) {
  uint64_t split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

inline Hash NaiveRoot(Leaves leaves) {
  if (leaves.empty()) return Sha256("");
  if (leaves.size() == 1) return leaves[0];
  const uint64_t split = NaiveSplit(leaves.size());
  return Sha256(
      {"\1", AsBytes(NaiveRoot(leaves.first(split))), AsBytes(NaiveRoot(leaves.subspan(split)))});
}

// PATH(index, leaves)
inline std::vector<Hash> NaivePath(uint64_t index, Leaves leaves) {
  if (leaves.size() <= 1) return {};
  const uint64_t split = NaiveSplit(leaves.size());
  const Leaves left = leaves.first(split);
  const Leaves right = leaves.subspan(split);
  std::vector<Hash> path = index < split ? NaivePath(index, left) : NaivePath(index - split, right);
  path.push_back(NaiveRoot(index < split ? right : left));
  return path;
}

// SUBPROOF(old_size, leaves, is_whole)
inline std::vector<Hash> NaiveSubproof(uint64_t old_size, Leaves leaves, bool is_whole) {
  if (old_size == leaves.size()) {
    return is_whole ? std::vector<Hash>() : std::vector<Hash>{NaiveRoot(leaves)};
  }
  const uint64_t split = NaiveSplit(leaves.size());
  const Leaves left = leaves.first(split);
  const Leaves right = leaves.subspan(split);
  std::vector<Hash> proof = old_size <= split ? NaiveSubproof(old_size, left, is_whole)
                                              : NaiveSubproof(old_size - split, right, false);
  proof.push_back(NaiveRoot(old_size <= split ? right : left));
  return proof;
}

// Leaf hashes of the log "entry 0", "entry 1", …
inline std::vector<Hash> NumberedLeaves(size_t count) {
  std::vector<Hash> leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(LeafHash("entry " + std::to_string(i)));
  return leaves;
}

inline TreeHead HeadOf(const std::vector<Hash>& leaves, size_t size) {
  return {size, NaiveRoot(Leaves(leaves).first(size))};
}

inline NodeReader ReadFrom(const std::vector<Hash>& leaves) {
  return [&leaves](const std::vector<NodePosition>& nodes) -> absl::StatusOr<std::vector<Hash>> {
    std::vector<Hash> hashes;
    for (const NodePosition& node : nodes) {
      hashes.push_back(
          NaiveRoot(Leaves(leaves).subspan(node.index << node.level, size_t{1} << node.level)));
    }
    return hashes;
  };
}

// A log of any size in which all leaves are equal but one.
inline NodeReader ReadFromEqualLeavesBut(uint64_t special) {
  return [special](const std::vector<NodePosition>& nodes) -> absl::StatusOr<std::vector<Hash>> {
    std::vector<Hash> hashes;
    for (const NodePosition& node : nodes) {
      Hash equal = LeafHash("equal");
      Hash hash = LeafHash("special");
      const bool within = special >> node.level == node.index;
      for (uint32_t level = 0; level < node.level; ++level) {
        const bool is_right = (special >> level & 1) != 0;
        hash = is_right ? NodeHash(equal, hash) : NodeHash(hash, equal);
        equal = NodeHash(equal, equal);
      }
      hashes.push_back(within ? hash : equal);
    }
    return hashes;
  };
}

}  // namespace gusu::test
