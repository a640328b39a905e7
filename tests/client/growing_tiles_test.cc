// Tiles that are made again from a log's leaves.
#include "client/audit/growing_tiles.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "proto/base64.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/client/log_verifying.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

TEST_CASE("tiles grow to the published roots and paths") {
  size_t full_count = 0;
  GrowingTiles tiles([&full_count](const TileAddress& tile, const std::string& bytes) {
    CHECK(tile.width == kTileWidth);
    CHECK(bytes.size() == kTileBytesMax);
    ++full_count;
  });
  CHECK(tiles.Root() == EmptyRoot());
  for (int i = 0; i < 70000; ++i) tiles.Append(LeafHash("entry " + std::to_string(i)));
  CHECK(tiles.Root() ==
        *HashFromBytes(*Base64Decode("o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=")));
  CHECK(full_count == 273 + 1);
  std::vector<std::string> paths;
  for (const auto& [tile, bytes] : tiles.Partial()) paths.push_back(TilePath(tile));
  CHECK(paths == std::vector<std::string>{"tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"});
}

TEST_CASE("tiles that are continued have the root of tiles that grew") {
  Random random("growing tiles");
  for (int round = 0; round < 20; ++round) {
    const size_t size = kTileWidth * (1 + random.Below(600));
    std::map<std::string, std::string> full;
    const auto keep = [&full](const TileAddress& tile, const std::string& bytes) {
      full[TilePath(tile)] = bytes;
    };
    GrowingTiles grown(keep);
    CompactRange range;
    const auto append = [&range](GrowingTiles& tiles, size_t index) {
      const Hash hash = LeafHash(std::to_string(index));
      range.Append(hash);
      tiles.Append(hash);
    };
    for (size_t i = 0; i < size; ++i) append(grown, i);
    std::vector<std::string> levels;
    for (const auto& [tile, bytes] : grown.Partial()) {
      levels.resize(tile.level + 1);
      levels[tile.level] = bytes;
    }
    if (TileHashes(2, size) > 0) levels.resize(std::max<size_t>(levels.size(), 3));
    GrowingTiles continued(size, levels, keep);
    CAPTURE(random.seed(), size);
    CHECK(continued.Root() == range.Root());
    for (size_t i = size; i < size + 300; ++i) append(continued, i);
    CHECK(continued.Root() == range.Root());
    CHECK(full.contains(TilePath({TileAddress::Kind::kHashes, 0, size / kTileWidth})));
  }
}

}  // namespace
}  // namespace gusu::test
