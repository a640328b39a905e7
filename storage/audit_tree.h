// The audit log's Merkle tree as the ledger's one writer grows it: the tiles that are not full yet,
// one a level, and with them all that the root and further leaves need.
//
// A group copies the tree of the state that it continues from, appends its leaves to the copy, and
// writes the tiles that these filled; the copy becomes the state's when the commit is applied, so a
// group that fails leaves no trace. Views share it, unchanged, with the snapshot of the same
// commit. A copy takes at most 8 KiB a level; a tree of a million leaves has three.
//
// Full tiles are rows of the store, never rewritten; growing ones are made again at each start.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/merkle.h"
#include "proto/tile.h"
#include "storage/engine.h"

namespace gusu::storage {

struct Head;

// Levels of the tree that one level of tiles spans.
inline constexpr uint32_t kTileHeight = 8;

class AuditTree {
 public:
  // Of no leaves.
  AuditTree() = default;

  // The tree that the head counts, from full tiles and from the openings after them. kDataLoss /
  // RECORD_CORRUPT when one of them is damaged or their root is not the head's; names the row, or
  // where it can only be one of several, their interval.
  static absl::StatusOr<std::shared_ptr<const AuditTree>> Read(const Snapshot& snapshot,
                                                               const Head& head);

  // What Append takes, of a leaf's parts.
  static Hash HashOf(uint64_t commit_time_us, std::string_view salt, std::string_view opening);
  // Adds the next leaf. Tiles that it fills, one a level at most, go to `full_tiles`.
  void Append(const Hash& leaf_hash, std::vector<Batch::Write>& full_tiles);

  TreeHead head() const;
  // The hashes of a level's last tile, one after the other: 0 to 255.
  std::string_view GrowingTile(uint32_t level) const { return growing_[level]; }

 private:
  // Adds the root of 256^tile_level leaves, all that the tree lacks to have a multiple of them
  // more.
  void Add(uint32_t tile_level, const Hash& hash, std::vector<Batch::Write>& full_tiles);
  void AddToTile(uint32_t tile_level, const Hash& hash, std::vector<Batch::Write>& full_tiles);

  uint64_t size_ = 0;
  // Roots of the complete subtrees that the tree consists of: that of 2^level leaves counts where
  // the size has that bit.
  std::array<Hash, 64> subtrees_{};
  std::array<std::string, kTileLevelMax + 1> growing_;
};

}  // namespace gusu::storage
