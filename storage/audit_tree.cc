#include "storage/audit_tree.h"

#include <bit>
#include <utility>

#include "proto/hash.h"
#include "proto/opening.h"
#include "storage/keys.h"

namespace gusu::storage {

Hash AuditTree::HashOf(uint64_t commit_time_us, std::string_view salt, std::string_view opening) {
  return LeafHash(LeafBytes(commit_time_us, salt, opening));
}

void AuditTree::Append(const Hash& leaf_hash, std::vector<Batch::Write>& full_tiles) {
  Add(0, leaf_hash, full_tiles);
}

void AuditTree::Add(uint32_t tile_level, const Hash& hash, std::vector<Batch::Write>& full_tiles) {
  const uint32_t lowest = tile_level * kTileHeight;
  Hash subtree = hash;
  uint32_t level = lowest;
  // As in a binary addition: two subtrees of one size become one of the next.
  while (true) {
    if (level % kTileHeight == 0) AddToTile(level / kTileHeight, subtree, full_tiles);
    if ((size_ >> level & 1) == 0) break;
    subtree = NodeHash(subtrees_[level], subtree);
    ++level;
  }
  subtrees_[level] = subtree;
  size_ += uint64_t{1} << lowest;
}

void AuditTree::AddToTile(uint32_t tile_level, const Hash& hash,
                          std::vector<Batch::Write>& full_tiles) {
  std::string& tile = growing_[tile_level];
  tile += AsBytes(hash);
  if (tile.size() < kTileBytesMax) return;
  const uint64_t index = (size_ >> (tile_level * kTileHeight)) / kTileWidth;
  full_tiles.push_back({TileKey(tile_level, index), std::move(tile)});
  tile.clear();
}

TreeHead AuditTree::head() const {
  TreeHead head{size_, EmptyRoot()};
  bool first = true;
  for (uint64_t rest = size_; rest != 0; rest &= rest - 1) {
    const Hash& subtree = subtrees_[std::countr_zero(rest)];
    head.root = first ? subtree : NodeHash(subtree, head.root);
    first = false;
  }
  return head;
}

}  // namespace gusu::storage
