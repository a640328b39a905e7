// The tree that a store's rows make, for a start, and which of them is to blame when it is not the
// head's.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/audit_tree.h"
#include "storage/head.h"
#include "storage/keys.h"
#include "storage/log_rows.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {
namespace {

constexpr size_t kHashBytes = sizeof(Hash);

Hash RootOfFullTile(std::string_view tile) {
  CompactRange range;
  for (size_t at = 0; at < tile.size(); at += kHashBytes) {
    range.Append(*HashFromBytes(tile.substr(at, kHashBytes)));
  }
  return range.Root();
}

// Full tiles of a level whose roots stand in the growing tile above it.
struct TileInterval {
  uint64_t begin = 0;
  uint64_t end = 0;
};

TileInterval BelowGrowingTile(uint32_t level, uint64_t leaf_count) {
  const uint64_t end = TileHashes(level + 1, leaf_count);
  return {end - end % kTileWidth, end};
}

// Calls visit(index, hash) for what a full tile's hashes are computed from: its leaves, or the full
// tiles below it.
absl::Status ForEachBelow(const Snapshot& snapshot, uint32_t level, uint64_t tile_index,
                          const std::function<bool(uint64_t index, const Hash& hash)>& visit) {
  const uint64_t begin = tile_index * kTileWidth;
  if (level > 0) {
    for (uint64_t i = begin; i < begin + kTileWidth; ++i) {
      GUSU_ASSIGN_OR_RETURN(const std::string tile, ReadFullTile(snapshot, level - 1, i));
      if (!visit(i, RootOfFullTile(tile))) break;
    }
    return absl::OkStatus();
  }
  absl::Status status;
  GUSU_RETURN_IF_ERROR(ScanOpenings(
      snapshot, begin, begin + kTileWidth, [&](uint64_t leaf_index, const Opening& opening) {
        const auto change = DecodeOpening(opening.bytes);
        if (!change.ok()) {
          status = RowCorrupt(OpeningKey(leaf_index), StdView(change.status().message()));
          return false;
        }
        return visit(leaf_index, AuditTree::HashOf(change->revision, opening.salt, opening.bytes));
      }));
  return status;
}

absl::Status CheckFullTile(const Snapshot& snapshot, uint32_t level, uint64_t tile_index) {
  GUSU_ASSIGN_OR_RETURN(const std::string tile, ReadFullTile(snapshot, level, tile_index));
  absl::Status status;
  GUSU_RETURN_IF_ERROR(
      ForEachBelow(snapshot, level, tile_index, [&](uint64_t index, const Hash& hash) {
        const size_t at = index % kTileWidth * kHashBytes;
        if (tile.compare(at, kHashBytes, AsBytes(hash)) == 0) return true;
        const std::string below = level == 0 ? OpeningKey(index) : TileKey(level - 1, index);
        status = RowCorrupt(TileKey(level, tile_index),
                            Concat("its hash ", index % kTileWidth, " is not that of the row at ",
                                   HexEncode(below)));
        return false;
      }));
  return status;
}

// Called when the root is wrong. Reads at most 65,280 rows a level.
absl::Status FindDamage(const Snapshot& snapshot, const Head& head, const Hash& root) {
  for (uint32_t level = 0; level < kTileLevelMax; ++level) {
    const TileInterval tiles = BelowGrowingTile(level, head.leaf_count);
    for (uint64_t index = tiles.begin; index < tiles.end; ++index) {
      GUSU_RETURN_IF_ERROR(CheckFullTile(snapshot, level, index));
    }
  }
  // Every tile is made of what is below it: what is left are the head and the last openings.
  ErrorMetadata metadata = {{"key_hex", HexEncode(HeadKey())},
                            {"root", HexEncode(AsBytes(head.root))},
                            {"root_found", HexEncode(AsBytes(root))}};
  std::string suspects = "the head";
  if (head.leaf_count % kTileWidth != 0) {
    const std::string first = OpeningKey(head.leaf_count - head.leaf_count % kTileWidth);
    const std::string last = OpeningKey(head.leaf_count - 1);
    metadata.emplace_back("first_key_hex", HexEncode(first));
    metadata.emplace_back("last_key_hex", HexEncode(last));
    suspects += Concat(" or a row from ", HexEncode(first), " to ", HexEncode(last));
  }
  return Error(
      absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
      Concat("the root of the audit tree is ", HexEncode(AsBytes(root)), ", and the head says ",
             HexEncode(AsBytes(head.root)), ": ", suspects, " is damaged"),
      std::move(metadata));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const AuditTree>> AuditTree::Read(const Snapshot& snapshot,
                                                                 const Head& head) {
  auto tree = std::make_shared<AuditTree>();
  std::vector<Batch::Write> none;  // no growing tile becomes full
  for (uint32_t level = kTileLevelMax; level > 0; --level) {
    const TileInterval tiles = BelowGrowingTile(level - 1, head.leaf_count);
    for (uint64_t index = tiles.begin; index < tiles.end; ++index) {
      GUSU_ASSIGN_OR_RETURN(const std::string tile, ReadFullTile(snapshot, level - 1, index));
      tree->Add(level, RootOfFullTile(tile), none);
    }
  }
  const uint64_t first = head.leaf_count - head.leaf_count % kTileWidth;
  uint64_t last_revision = 0;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(ScanOpenings(
      snapshot, first, head.leaf_count, [&](uint64_t leaf_index, const Opening& opening) {
        const auto change = DecodeOpening(opening.bytes);
        if (!change.ok()) {
          status = RowCorrupt(OpeningKey(leaf_index), StdView(change.status().message()));
        } else if (change->revision <= last_revision || change->revision > head.last_revision) {
          status = RowCorrupt(OpeningKey(leaf_index),
                              Concat("its revision ", change->revision, " is not between ",
                                     last_revision, " and the head's ", head.last_revision));
        } else {
          last_revision = change->revision;
          tree->Append(HashOf(change->revision, opening.salt, opening.bytes), none);
        }
        return status.ok();
      }));
  GUSU_RETURN_IF_ERROR(status);
  const Hash root = tree->head().root;
  if (root != head.root) return FindDamage(snapshot, head, root);
  return tree;
}

}  // namespace gusu::storage
