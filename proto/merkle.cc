#include "proto/merkle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr std::string_view kLeafBeginning("\0", 1);
constexpr std::string_view kNodeBeginning("\1", 1);

// Leaves [begin, end) of a tree; `begin` is a multiple of the greatest power of two ≤ its length.
struct LeafRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// RFC 6962's k for a range of two leaves or more.
uint64_t SplitOf(const LeafRange& range) {
  return range.begin + std::bit_floor(range.end - range.begin - 1);
}

// Stops when a NodeReader broke its word, which is a bug and not a broken store.
void StopUnless(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "fatal: Merkle tree: %s\n", what);
  std::abort();
}

// The range's complete subtrees, greatest first.
void AppendNodes(LeafRange range, std::vector<NodePosition>& nodes) {
  while (range.begin < range.end) {
    const auto level = static_cast<uint32_t>(std::bit_width(range.end - range.begin) - 1);
    nodes.push_back({level, range.begin >> level});
    range.begin += uint64_t{1} << level;
  }
}

// Of complete subtrees, greatest first.
Hash Fold(const Hash* begin, const Hash* end) {
  Hash root = *--end;
  while (end != begin) root = NodeHash(*--end, root);
  return root;
}

// The root of each range, from one read.
absl::StatusOr<std::vector<Hash>> ReadRanges(const std::vector<LeafRange>& ranges,
                                             const NodeReader& read) {
  std::vector<NodePosition> nodes;
  std::vector<size_t> ends;
  for (const LeafRange& range : ranges) {
    AppendNodes(range, nodes);
    ends.push_back(nodes.size());
  }
  if (nodes.empty()) return std::vector<Hash>();
  GUSU_ASSIGN_OR_RETURN(const std::vector<Hash> hashes, read(nodes));
  StopUnless(hashes.size() == nodes.size(), "not as many hashes as nodes were asked for");
  std::vector<Hash> roots;
  size_t begin = 0;
  for (const size_t end : ends) {
    roots.push_back(Fold(hashes.data() + begin, hashes.data() + end));
    begin = end;
  }
  return roots;
}

// RFC 6962's PATH: what stands beside the way from the leaf up to the root.
std::vector<LeafRange> InclusionRanges(uint64_t leaf_index, uint64_t size) {
  std::vector<LeafRange> beside;
  LeafRange range{0, size};
  while (range.end - range.begin > 1) {
    const uint64_t split = SplitOf(range);
    if (leaf_index < split) {
      beside.push_back({split, range.end});
      range.end = split;
    } else {
      beside.push_back({range.begin, split});
      range.begin = split;
    }
  }
  std::reverse(beside.begin(), beside.end());
  return beside;
}

// RFC 6962's SUBPROOF. The old tree itself is not in it when it is a subtree of the new one: then
// the verifier has its root.
std::vector<LeafRange> ConsistencyRanges(uint64_t old_size, uint64_t size) {
  std::vector<LeafRange> ranges;
  LeafRange range{0, size};
  while (range.end != old_size) {
    const uint64_t split = SplitOf(range);
    if (old_size <= split) {
      ranges.push_back({split, range.end});
      range.end = split;
    } else {
      ranges.push_back({range.begin, split});
      range.begin = split;
    }
  }
  if (range.begin != 0) ranges.push_back(range);
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

// Levels below the one where the ways from the leaf and from the last leaf meet give one hash each;
// above it, only left siblings do.
size_t InclusionHashes(uint64_t leaf_index, uint64_t size) {
  const auto inner = static_cast<size_t>(std::bit_width(leaf_index ^ (size - 1)));
  const uint64_t above = inner < 64 ? leaf_index >> inner : 0;
  return inner + static_cast<size_t>(std::popcount(above));
}

absl::Status SizeUnknown(std::string_view key, uint64_t asked, uint64_t size) {
  return Error(absl::StatusCode::kOutOfRange, "TREE_SIZE_UNKNOWN",
               Concat("the tree of ", size, " leaves has no ", key, " ", asked),
               {{std::string(key), std::to_string(asked)}, {"leaf_count", std::to_string(size)}});
}

absl::Status Invalid(std::string_view what, ErrorMetadata metadata = {}) {
  return Error(absl::StatusCode::kInvalidArgument, "PROOF_INVALID", what, std::move(metadata));
}

absl::Status WrongLength(std::string_view kind, size_t found, size_t right) {
  return Invalid(Concat(kind, " proof has ", found, " hashes, not ", right),
                 {{"hashes", std::to_string(found)}, {"hashes_right", std::to_string(right)}});
}

absl::Status WrongRoot(std::string_view what, uint64_t size, const Hash& found, const Hash& right) {
  return Invalid(Concat(what, " of size ", size), {{"tree_size", std::to_string(size)},
                                                   {"root_found", HexEncode(AsBytes(found))},
                                                   {"root", HexEncode(AsBytes(right))}});
}

}  // namespace

Hash LeafHash(std::string_view entry) { return Sha256({kLeafBeginning, entry}); }

// In one piece, which hashes faster than its parts one after the other.
Hash NodeHash(const Hash& left, const Hash& right) {
  std::array<uint8_t, 1 + 2 * sizeof(Hash)> node;
  node[0] = static_cast<uint8_t>(kNodeBeginning.front());
  std::copy(right.begin(), right.end(), std::copy(left.begin(), left.end(), node.begin() + 1));
  return Sha256({reinterpret_cast<const char*>(node.data()), node.size()});
}

Hash EmptyRoot() {
  static const Hash kRoot = Sha256("");
  return kRoot;
}

std::optional<Hash> HashFromBytes(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

absl::StatusOr<std::vector<Hash>> HashesFromBytes(const std::vector<std::string_view>& hashes) {
  if (hashes.size() > kInclusionProofHashesMax + 1) {
    return Error(absl::StatusCode::kInvalidArgument, "PROOF_MALFORMED",
                 Concat("a proof of ", hashes.size(), " hashes is longer than any"),
                 {{"hashes", std::to_string(hashes.size())}});
  }
  std::vector<Hash> out;
  for (size_t i = 0; i < hashes.size(); ++i) {
    const std::optional<Hash> hash = HashFromBytes(hashes[i]);
    if (!hash) {
      return Error(
          absl::StatusCode::kInvalidArgument, "PROOF_MALFORMED",
          Concat("hash ", i, " of the proof has ", hashes[i].size(), " bytes, not 32"),
          {{"hash_index", std::to_string(i)}, {"bytes", std::to_string(hashes[i].size())}});
    }
    out.push_back(*hash);
  }
  return out;
}

CompactRange::CompactRange(uint64_t size, std::vector<Hash> hashes)
    : size_(size), hashes_(std::move(hashes)) {
  StopUnless(hashes_.size() == static_cast<size_t>(std::popcount(size)),
             "a compact range has one hash for each complete subtree");
}

void CompactRange::Append(const Hash& leaf_hash) {
  Hash hash = leaf_hash;
  // As many subtrees become complete as the size ends in ones.
  for (uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = NodeHash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

Hash CompactRange::Root() const {
  return hashes_.empty() ? EmptyRoot() : Fold(hashes_.data(), hashes_.data() + hashes_.size());
}

std::vector<NodePosition> NodesOf(uint64_t size) {
  std::vector<NodePosition> nodes;
  AppendNodes({0, size}, nodes);
  return nodes;
}

absl::StatusOr<Hash> ReadRoot(uint64_t size, const NodeReader& read) {
  if (size == 0) return EmptyRoot();
  GUSU_ASSIGN_OR_RETURN(const std::vector<Hash> roots, ReadRanges({{0, size}}, read));
  return roots[0];
}

absl::StatusOr<std::vector<Hash>> MakeInclusionProof(uint64_t leaf_index, uint64_t size,
                                                     const NodeReader& read) {
  if (leaf_index >= size) return SizeUnknown("leaf_index", leaf_index, size);
  return ReadRanges(InclusionRanges(leaf_index, size), read);
}

absl::StatusOr<std::vector<Hash>> MakeConsistencyProof(uint64_t old_size, uint64_t size,
                                                       const NodeReader& read) {
  if (old_size > size) return SizeUnknown("size", old_size, size);
  if (old_size == 0) return std::vector<Hash>();
  return ReadRanges(ConsistencyRanges(old_size, size), read);
}

absl::Status VerifyInclusion(const Hash& leaf_hash, uint64_t leaf_index,
                             const std::vector<Hash>& proof, const TreeHead& head) {
  if (leaf_index >= head.size) {
    return Invalid(
        Concat("leaf ", leaf_index, " is not in a tree of ", head.size, " leaves"),
        {{"leaf_index", std::to_string(leaf_index)}, {"tree_size", std::to_string(head.size)}});
  }
  const size_t hashes_right = InclusionHashes(leaf_index, head.size);
  if (proof.size() != hashes_right) return WrongLength("inclusion", proof.size(), hashes_right);
  // Where the way up is at the tree's right edge, levels without a sibling are passed over.
  uint64_t node = leaf_index;
  uint64_t last = head.size - 1;
  Hash root = leaf_hash;
  for (const Hash& hash : proof) {
    if ((node & 1) != 0 || node == last) {
      root = NodeHash(hash, root);
      const int passed = std::countr_zero(node);
      node >>= passed;
      last >>= passed;
    } else {
      root = NodeHash(root, hash);
    }
    node >>= 1;
    last >>= 1;
  }
  if (root != head.root)
    return WrongRoot("the proof does not lead to the root", head.size, root, head.root);
  return absl::OkStatus();
}

absl::Status VerifyConsistency(const TreeHead& old_head, const TreeHead& new_head,
                               const std::vector<Hash>& proof) {
  if (old_head.size > new_head.size) {
    return Invalid(
        Concat("a tree of ", new_head.size, " leaves cannot extend one of ", old_head.size),
        {{"old_size", std::to_string(old_head.size)},
         {"tree_size", std::to_string(new_head.size)}});
  }
  if (old_head.size == 0 && old_head.root != EmptyRoot()) {
    return WrongRoot("not the root of a tree", 0, old_head.root, EmptyRoot());
  }
  const size_t hashes_right =
      old_head.size == 0 ? 0 : ConsistencyRanges(old_head.size, new_head.size).size();
  if (proof.size() != hashes_right) return WrongLength("consistency", proof.size(), hashes_right);
  if (old_head.size == new_head.size) {
    if (old_head.root == new_head.root) return absl::OkStatus();
    return WrongRoot("there are two roots", old_head.size, new_head.root, old_head.root);
  }
  if (old_head.size == 0) return absl::OkStatus();

  // From the greatest complete subtree at the old tree's right edge upwards; old_root takes in what
  // the old tree has, new_root everything.
  const bool whole = std::has_single_bit(old_head.size);
  const int below = std::countr_zero(old_head.size);
  uint64_t node = (old_head.size - 1) >> below;
  uint64_t last = (new_head.size - 1) >> below;
  Hash old_root = whole ? old_head.root : proof[0];
  Hash new_root = old_root;
  for (size_t i = whole ? 0 : 1; i < proof.size(); ++i) {
    if ((node & 1) != 0 || node == last) {
      old_root = NodeHash(proof[i], old_root);
      new_root = NodeHash(proof[i], new_root);
      const int passed = std::countr_zero(node);
      node >>= passed;
      last >>= passed;
    } else {
      new_root = NodeHash(new_root, proof[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (old_root != old_head.root) {
    return WrongRoot("the proof does not begin at the root", old_head.size, old_root,
                     old_head.root);
  }
  if (new_root != new_head.root) {
    return WrongRoot("the proof does not lead to the root", new_head.size, new_root, new_head.root);
  }
  return absl::OkStatus();
}

}  // namespace gusu
