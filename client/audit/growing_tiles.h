// The right edge of a growing tree as tiles: what further leaves, the root, and full tiles follow
// from.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "proto/merkle.h"
#include "proto/tile.h"

namespace gusu {

// For one thread. Holds at most one tile a level.
class GrowingTiles {
 public:
  // Told each tile when it is full, those below before those above.
  using FullTile = std::function<void(const TileAddress& tile, const std::string& bytes)>;
  explicit GrowingTiles(FullTile on_full);
  // Continues a tree of `size` leaves: `levels` has the bytes of the partial tile of each level,
  // the leaves' first, as many hashes as TileWidthAt says (none: empty).
  GrowingTiles(uint64_t size, std::vector<std::string> levels, FullTile on_full);

  void Append(const Hash& leaf_hash);
  uint64_t size() const { return size_; }
  Hash Root() const;
  // The partial tiles, the leaves' first.
  std::vector<std::pair<TileAddress, std::string>> Partial() const;

 private:
  void AppendAt(size_t level, const Hash& hash);

  uint64_t size_ = 0;
  std::vector<std::string> levels_;
  FullTile on_full_;
};

}  // namespace gusu
