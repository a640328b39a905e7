// Tiles: how a log's hashes and entries are cut into files that never change (c2sp.org/tlog-tiles).
//
// A full tile is 256 hashes of one level side by side. Tile level L holds the roots of complete
// subtrees of 256^L leaves: hash i of tile (L, N) covers the leaves [(256·N + i)·256^L, + 256^L).
// An entry bundle (level 0 only) holds the 256 entries themselves. The last tile of a level may be
// partial, `.p/W`: the first W of its hashes. Worked example, a log of 70,000 entries:
//   tile/0/000 … tile/0/272, tile/0/273.p/112    70,000 leaf hashes
//   tile/1/000, tile/1/001.p/17                  273 roots of full tiles
//   tile/2/000.p/1                               1 root of a full tile
//   tile/entries/000 … tile/entries/273.p/112
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/merkle.h"

namespace gusu {

inline constexpr uint32_t kTileWidth = 256;
inline constexpr size_t kTileBytesMax = 32 * kTileWidth;
inline constexpr size_t kEntryBytesMax = 65535;
// 64-bit sizes have no tile above.
inline constexpr uint32_t kTileLevelMax = 7;

struct TileAddress {
  enum class Kind { kHashes, kEntries };
  Kind kind = Kind::kHashes;
  uint32_t level = 0;           // 0 for entries
  uint64_t index = 0;           // of tiles of its level
  uint32_t width = kTileWidth;  // 1 to 256 hashes or entries
  bool operator==(const TileAddress&) const = default;
};

// `tile/0/x001/x234/067.p/8`: the index in groups of three digits, all but the last after an `x`.
std::string TilePath(const TileAddress& tile);
// Reads what TilePath writes, without a `/` before it, of levels 0 to 63. kInvalidArgument /
// TILE_MALFORMED for any other text, also for another form of the same address.
absl::StatusOr<TileAddress> ParseTilePath(std::string_view path);

// How many hashes tiles of a level hold for a tree of `size` leaves.
uint64_t TileHashes(uint32_t level, uint64_t size);
// How many hashes a tile holds for a tree of `size` leaves: 0 (there is no such tile) to 256.
uint32_t TileWidthAt(uint32_t level, uint64_t index, uint64_t size);
// The hash tiles, full and partial, that a tree of `size` leaves has and one of `old_size` (≤ size)
// has not, level by level: about one for every 255 leaves more.
std::vector<TileAddress> NewTiles(uint64_t old_size, uint64_t size);
// The same for entry bundles.
std::vector<TileAddress> NewEntryBundles(uint64_t old_size, uint64_t size);

// The tile from which a node of a tree of `size` leaves is computed, as wide as it is for that
// size. The node must lie within the tree, or the program is stopped.
TileAddress TileOf(const NodePosition& node, uint64_t size);
// A node from the bytes of its tile or of a narrower one; nullopt when they are too few.
std::optional<Hash> NodeInTile(const NodePosition& node, std::string_view tile_bytes);

// Gives a tile's bytes; a full tile for a partial one that is there no longer will do.
using TileReader = std::function<absl::StatusOr<std::string>(const TileAddress& tile)>;
// The nodes of a tree of `size` leaves from its tiles, each read once for each call. Fails with
// kInvalidArgument / TILE_MALFORMED when a tile has neither its own nor a full tile's length.
NodeReader ReadNodesFromTiles(uint64_t size, TileReader read);

// A bundle's bytes: for each entry its length (2 bytes, big endian) and its bytes. kInvalidArgument
// / TILE_MALFORMED for no entries or more than 256, and for one of more than 65,535 bytes.
absl::StatusOr<std::string> EncodeEntryBundle(const std::vector<std::string>& entries);
// The entries, within `bytes`. kInvalidArgument / TILE_MALFORMED unless they are exactly `width`.
absl::StatusOr<std::vector<std::string_view>> DecodeEntryBundle(std::string_view bytes,
                                                                uint32_t width);

}  // namespace gusu
