#include "client/audit/tree_verification.h"

#include <algorithm>

#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/text.h"

namespace gusu {
namespace {

constexpr size_t kHashBytes = std::tuple_size_v<Hash>;

// The first hash in which two tiles differ.
size_t FirstDifference(std::string_view a, std::string_view b) {
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return static_cast<size_t>(at - a.begin()) / kHashBytes;
}

}  // namespace

TreeVerification::TreeVerification(LogSource* source, Differences* differences)
    : source_(source),
      differences_(differences),
      tiles_([this](const TileAddress& tile, const std::string& bytes) { Compare(tile, bytes); }) {}

void TreeVerification::Append(const std::string& leaf) {
  const uint64_t index = size();
  if (const std::optional<uint64_t> time_us = LeafCommitTime(leaf); !time_us) {
    differences_->Add(Concat("leaf ", index, ": its ", leaf.size(), " bytes are not a leaf of 41"));
  } else if (*time_us <= last_commit_time_us_) {
    differences_->Add(Concat("leaf ", index, ": its commit time, ", *time_us,
                             " µs, is not after that of the leaf before, ", last_commit_time_us_));
  } else {
    last_commit_time_us_ = *time_us;
  }
  tiles_.Append(LeafHash(leaf));
}

void TreeVerification::AppendUnreadable(uint64_t tree_size) {
  const NodePosition node{0, size()};
  const std::string path = TilePath(TileOf(node, tree_size));
  if (path != unreadable_path_) {
    const Result<std::string> tile = source_->ReadTile(path);
    unreadable_path_ = path;
    unreadable_tile_ = tile.ok() ? *tile : "";
  }
  // Without the tile any hash will do: the root is another then, and is named.
  tiles_.Append(NodeInTile(node, unreadable_tile_).value_or(Hash{}));
}

void TreeVerification::CompareEdge() {
  for (const auto& [tile, bytes] : tiles_.Partial()) Compare(tile, bytes);
  compares_ = false;
}

void TreeVerification::Compare(const TileAddress& tile, std::string_view computed) {
  if (!compares_ || !status_.ok() || differences_->full()) return;
  const std::string path = TilePath(tile);
  const Result<std::string> stored = source_->ReadTile(path);
  if (!stored.ok() && !IsDamage(stored.status())) {
    status_ = stored.status();
  } else if (!stored.ok()) {
    differences_->Add(path, stored.status());
  } else if (stored->size() != computed.size() && stored->size() != kTileBytesMax) {
    differences_->Add(Concat(path, ": it has ", stored->size(), " bytes, not ", computed.size()));
  } else if (!std::string_view(*stored).starts_with(computed)) {
    const size_t at = FirstDifference(computed, *stored);
    const uint64_t index = tile.index * kTileWidth + at;
    const std::string whose = tile.level == 0
                                  ? Concat("leaf ", index)
                                  : TilePath({TileAddress::Kind::kHashes, tile.level - 1, index});
    differences_->Add(Concat(path, ": hash ", at, " is not that of ", whose));
  } else {
    ++tiles_count_;
  }
}

}  // namespace gusu
