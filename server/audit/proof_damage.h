// Which stored row it is that keeps a proof from leading to its signed root.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "proto/tile.h"
#include "storage/view.h"

namespace gusu::server {

// kDataLoss / RECORD_CORRUPT with the key of the first full tile, of these and all above them from
// the top down, that is not what the one above it has of it; OK when all fit.
absl::Status TileDamage(const storage::View& view, const std::vector<TileAddress>& tiles);

// kDataLoss / RECORD_CORRUPT with the key of a tile that is not what the one above it has of it, or
// of the leaf's opening when that is not what its tile has of it. `tiles`: those that the proof was
// made of. What is in memory (growing tiles) is trusted: the start checked it against the head.
absl::Status ProofDamage(const storage::View& view, uint64_t leaf_index, const Hash& leaf_hash,
                         const std::vector<TileAddress>& tiles);

}  // namespace gusu::server
