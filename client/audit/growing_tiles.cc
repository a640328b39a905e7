#include "client/audit/growing_tiles.h"

#include <array>
#include <cstring>

#include "proto/hash.h"

namespace gusu {
namespace {

constexpr size_t kHashBytes = std::tuple_size_v<Hash>;
constexpr uint32_t kNodeLevelsOfTile = 8;

Hash RootOfFullTile(std::string_view bytes) {
  std::array<Hash, kTileWidth> hashes;
  std::memcpy(hashes.data(), bytes.data(), sizeof hashes);
  for (size_t count = kTileWidth; count > 1; count /= 2) {
    for (size_t i = 0; i < count / 2; ++i) {
      hashes[i] = NodeHash(hashes[2 * i], hashes[2 * i + 1]);
    }
  }
  return hashes.front();
}

}  // namespace

GrowingTiles::GrowingTiles(FullTile on_full) : GrowingTiles(0, {}, std::move(on_full)) {}

GrowingTiles::GrowingTiles(uint64_t size, std::vector<std::string> levels, FullTile on_full)
    : size_(size), levels_(std::move(levels)), on_full_(std::move(on_full)) {}

void GrowingTiles::Append(const Hash& leaf_hash) {
  ++size_;
  AppendAt(0, leaf_hash);
}

void GrowingTiles::AppendAt(size_t level, const Hash& hash) {
  if (level == levels_.size()) levels_.emplace_back();
  levels_[level] += AsBytes(hash);
  if (levels_[level].size() < kTileBytesMax) return;
  const uint64_t tiles_count = size_ >> (kNodeLevelsOfTile * (level + 1));
  on_full_({TileAddress::Kind::kHashes, static_cast<uint32_t>(level), tiles_count - 1},
           levels_[level]);
  const Hash root = RootOfFullTile(levels_[level]);
  levels_[level].clear();
  AppendAt(level + 1, root);
}

Hash GrowingTiles::Root() const {
  // All nodes that a root is made of lie in partial tiles: a full one is a hash of the level above.
  const auto read = [this](const std::vector<NodePosition>& nodes) {
    std::vector<Hash> hashes;
    for (const NodePosition& node : nodes) {
      hashes.push_back(*NodeInTile(node, levels_[node.level / kNodeLevelsOfTile]));
    }
    return absl::StatusOr<std::vector<Hash>>(std::move(hashes));
  };
  return *ReadRoot(size_, read);
}

std::vector<std::pair<TileAddress, std::string>> GrowingTiles::Partial() const {
  std::vector<std::pair<TileAddress, std::string>> partial;
  for (size_t level = 0; level < levels_.size(); ++level) {
    if (levels_[level].empty()) continue;
    const TileAddress tile{TileAddress::Kind::kHashes, static_cast<uint32_t>(level),
                           size_ >> (kNodeLevelsOfTile * (level + 1)),
                           static_cast<uint32_t>(levels_[level].size() / kHashBytes)};
    partial.emplace_back(tile, levels_[level]);
  }
  return partial;
}

}  // namespace gusu
