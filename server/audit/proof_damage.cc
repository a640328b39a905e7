#include "server/audit/proof_damage.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

// A tile as wide as the tree has it.
absl::StatusOr<std::string> ReadWhole(const storage::View& view, uint32_t level, uint64_t index) {
  return view.ReadTile(
      {TileAddress::Kind::kHashes, level, index, TileWidthAt(level, index, view.leaf_count())});
}

std::string_view HashAt(std::string_view tile, uint64_t index) {
  return tile.substr(index % kTileWidth * sizeof(Hash), sizeof(Hash));
}

bool IsFull(const storage::View& view, uint32_t level, uint64_t index) {
  return TileWidthAt(level, index, view.leaf_count()) == kTileWidth;
}

Hash RootOf(std::string_view tile) {
  CompactRange range;
  for (uint64_t i = 0; i < kTileWidth; ++i) range.Append(*HashFromBytes(HashAt(tile, i)));
  return range.Root();
}

}  // namespace

absl::Status TileDamage(const storage::View& view, const std::vector<TileAddress>& tiles) {
  // From the top down, so that each is compared with one that fits.
  std::set<std::pair<uint32_t, uint64_t>, std::greater<>> full;
  for (const TileAddress& tile : tiles) {
    uint64_t index = tile.index;
    for (uint32_t level = tile.level; IsFull(view, level, index); ++level) {
      full.emplace(level, index);
      index /= kTileWidth;
    }
  }
  for (const auto& [level, index] : full) {
    GUSU_ASSIGN_OR_RETURN(const std::string tile, ReadWhole(view, level, index));
    GUSU_ASSIGN_OR_RETURN(const std::string above, ReadWhole(view, level + 1, index / kTileWidth));
    const Hash root = RootOf(tile);
    if (HashAt(above, index) != AsBytes(root)) {
      return storage::RowCorrupt(storage::TileKey(level, index),
                                 Concat("tile ", level, "/", index,
                                        " does not have the root that the tile above it says"));
    }
  }
  return absl::OkStatus();
}

absl::Status ProofDamage(const storage::View& view, uint64_t leaf_index, const Hash& leaf_hash,
                         const std::vector<TileAddress>& tiles) {
  GUSU_RETURN_IF_ERROR(TileDamage(view, tiles));
  GUSU_ASSIGN_OR_RETURN(const std::string tile, ReadWhole(view, 0, leaf_index / kTileWidth));
  if (HashAt(tile, leaf_index) != AsBytes(leaf_hash)) {
    return storage::RowCorrupt(storage::OpeningKey(leaf_index),
                               Concat("leaf ", leaf_index, " is not the one in the tree"));
  }
  return storage::RowCorrupt(storage::HeadKey(),
                             "the tree does not lead to the root that is signed");
}

}  // namespace gusu::server
