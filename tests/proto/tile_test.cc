#include "proto/tile.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "proto/error.h"
#include "tests/proto/naive_tree.h"
#include "tests/random.h"

using gusu::DecodeEntryBundle;
using gusu::EncodeEntryBundle;
using gusu::Hash;
using gusu::NodePosition;
using gusu::ParseTilePath;
using gusu::TileAddress;
using gusu::TilePath;
using gusu::TileWidthAt;
using gusu::test::NumberedLeaves;

namespace {

constexpr auto kHashes = TileAddress::Kind::kHashes;
constexpr auto kEntries = TileAddress::Kind::kEntries;

std::vector<std::string> Paths(const std::vector<TileAddress>& tiles) {
  std::vector<std::string> paths;
  for (const TileAddress& tile : tiles) paths.push_back(TilePath(tile));
  return paths;
}

// A tile from its definition: each hash the root of 256^level leaves.
std::string NaiveTile(const TileAddress& tile, const std::vector<Hash>& leaves) {
  const size_t below = size_t{1} << (8 * tile.level);
  std::string bytes;
  for (size_t i = 0; i < tile.width; ++i) {
    const size_t first = (tile.index * 256 + i) * below;
    bytes += gusu::AsBytes(gusu::test::NaiveRoot(gusu::test::Leaves(leaves).subspan(first, below)));
  }
  return bytes;
}

// Tiles by their paths, and who reads them.
struct Directory {
  Directory(const std::vector<Hash>& leaves, size_t size) {
    for (const TileAddress& tile : gusu::NewTiles(0, size)) {
      files[TilePath(tile)] = NaiveTile(tile, leaves);
    }
  }
  gusu::TileReader Reader() {
    return [this](const TileAddress& tile) -> absl::StatusOr<std::string> {
      ++reads;
      const auto file = files.find(TilePath(tile));
      if (file == files.end()) return absl::NotFoundError(TilePath(tile));
      return file->second;
    };
  }
  std::map<std::string, std::string> files;
  size_t reads = 0;
};

}  // namespace

TEST_CASE("a tile has one path, and the path gives it back") {
  const std::vector<std::pair<TileAddress, std::string>> paths = {
      {{kHashes, 0, 0, 256}, "tile/0/000"},
      {{kHashes, 0, 7, 1}, "tile/0/007.p/1"},
      {{kHashes, 1, 1234067, 256}, "tile/1/x001/x234/067"},
      {{kHashes, 3, 999, 255}, "tile/3/999.p/255"},
      {{kHashes, 3, 1000, 255}, "tile/3/x001/000.p/255"},
      {{kHashes, 63, 0, 256}, "tile/63/000"},
      {{kHashes, 0, ~uint64_t{0}, 256}, "tile/0/x018/x446/x744/x073/x709/x551/615"},
      {{kEntries, 0, 273, 112}, "tile/entries/273.p/112"},
      {{kEntries, 0, 1000000, 256}, "tile/entries/x001/x000/000"},
  };
  for (const auto& [tile, path] : paths) {
    CAPTURE(path);
    CHECK(TilePath(tile) == path);
    const auto parsed = ParseTilePath(path);
    REQUIRE(parsed.ok());
    CHECK(*parsed == tile);
  }
}

TEST_CASE("no other text is a tile's path") {
  for (const std::string path : {"",
                                 "tile",
                                 "tile/",
                                 "tile/0",
                                 "tile/0/",
                                 "/tile/0/000",
                                 "tile/0/000/",
                                 "tile/00/000",
                                 "tile/64/000",
                                 "tile/-1/000",
                                 "tile/a/000",
                                 "tile//000",
                                 "tile/8/0/000",
                                 "tile/0/0",
                                 "tile/0/00",
                                 "tile/0/0000",
                                 "tile/0/1000",
                                 "tile/0/001/000",
                                 "tile/0/x000/001",
                                 "tile/0/x001",
                                 "tile/0/x001/",
                                 "tile/0/x001/x000",
                                 "tile/0/x1/000",
                                 "tile/0/X001/000",
                                 "tile/0/ 00",
                                 "tile/0/+01",
                                 "tile/0/000.p",
                                 "tile/0/000.p/",
                                 "tile/0/000.p/0",
                                 "tile/0/000.p/256",
                                 "tile/0/000.p/01",
                                 "tile/0/000.p/1.p/1",
                                 "tile/0/000.p/-1",
                                 "tile/0/000.p/4294967297",
                                 "tile/0/x018/x446/x744/x073/x709/x551/616",
                                 "tile/data/000",
                                 "tile/entries",
                                 "tile/entries/0",
                                 "tile/4294967296/000",
                                 "tile/0/000\n"}) {
    CAPTURE(path);
    const auto parsed = ParseTilePath(path);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(gusu::ErrorReason(parsed.status()) == "TILE_MALFORMED");
  }
  CHECK_FALSE(ParseTilePath("tile/0/" + std::string(100000, '0')).ok());
}

TEST_CASE("whatever is done to a path, what is read is exactly what it says") {
  gusu::test::Random random("tile paths");
  for (int i = 0; i < 50000; ++i) {
    std::string path = TilePath({kHashes, static_cast<uint32_t>(random.Below(8)),
                                 random.engine()() >> random.Below(64),
                                 static_cast<uint32_t>(1 + random.Below(256))});
    REQUIRE(ParseTilePath(path).ok());
    path[random.Below(path.size())] = "0123456789x/.p"[random.Below(14)];
    const auto parsed = ParseTilePath(path);
    if (parsed.ok()) REQUIRE(TilePath(*parsed) == path);
  }
}

TEST_CASE("a size has these tiles") {
  using List = std::vector<std::string>;
  CHECK(Paths(gusu::NewTiles(0, 0)).empty());
  CHECK(Paths(gusu::NewTiles(0, 1)) == List{"tile/0/000.p/1"});
  CHECK(Paths(gusu::NewTiles(0, 255)) == List{"tile/0/000.p/255"});
  CHECK(Paths(gusu::NewTiles(0, 256)) == List{"tile/0/000", "tile/1/000.p/1"});
  CHECK(Paths(gusu::NewTiles(0, 300)) == List{"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"});
  CHECK(Paths(gusu::NewTiles(256, 300)) == List{"tile/0/001.p/44"});
  CHECK(Paths(gusu::NewTiles(300, 513)) == List{"tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2"});
  CHECK(Paths(gusu::NewTiles(513, 513)).empty());
  CHECK(Paths(gusu::NewEntryBundles(300, 513)) == List{"tile/entries/001", "tile/entries/002.p/1"});

  const List all = Paths(gusu::NewTiles(0, 70000));
  CHECK(all.size() == 274 + 2 + 1);
  CHECK(all[273] == "tile/0/273.p/112");
  CHECK(all[274] == "tile/1/000");
  CHECK(all[275] == "tile/1/001.p/17");
  CHECK(all[276] == "tile/2/000.p/1");
  CHECK(Paths(gusu::NewEntryBundles(0, 70000)).back() == "tile/entries/273.p/112");
  const uint64_t greatest = ~uint64_t{0};
  CHECK(Paths(gusu::NewTiles(greatest - 1, greatest)) ==
        List{"tile/0/x072/x057/x594/x037/x927/935.p/255"});
}

TEST_CASE("tiles are as wide as there are hashes") {
  CHECK(TileWidthAt(0, 0, 0) == 0);
  CHECK(TileWidthAt(0, 0, 255) == 255);
  CHECK(TileWidthAt(0, 0, 256) == 256);
  CHECK(TileWidthAt(0, 1, 256) == 0);
  CHECK(TileWidthAt(1, 0, 256) == 1);
  CHECK(TileWidthAt(1, 0, 70000) == 256);
  CHECK(TileWidthAt(1, 1, 70000) == 17);
  CHECK(TileWidthAt(2, 0, 70000) == 1);
  CHECK(TileWidthAt(3, 0, 70000) == 0);
  CHECK(TileWidthAt(7, 0, ~uint64_t{0}) == 255);
  CHECK(TileWidthAt(8, 0, ~uint64_t{0}) == 0);
  CHECK(TileWidthAt(0, ~uint64_t{0}, 70000) == 0);
}

TEST_CASE("new tiles, put together over random steps, are all tiles") {
  gusu::test::Random random("steps of tiles");
  uint64_t size = 0;
  std::set<std::string> full;
  while (size < 200000) {
    const uint64_t next = size + 1 + random.Below(9000);
    for (const TileAddress& tile : gusu::NewTiles(size, next)) {
      REQUIRE(tile.width == TileWidthAt(tile.level, tile.index, next));
      // A full tile is new once.
      if (tile.width == 256) REQUIRE(full.insert(TilePath(tile)).second);
    }
    size = next;
  }
  for (const TileAddress& tile : gusu::NewTiles(0, size)) {
    if (tile.width == 256) REQUIRE(full.erase(TilePath(tile)) == 1);
  }
  CHECK(full.empty());
}

TEST_CASE("every node of a tree is found in the tile that holds it") {
  const std::vector<Hash> leaves = NumberedLeaves(600);
  const size_t size = leaves.size();
  for (uint32_t level = 0; level <= 9; ++level) {
    for (uint64_t index = 0; index < size >> level; ++index) {
      CAPTURE(level, index);
      const NodePosition node{level, index};
      const TileAddress tile = gusu::TileOf(node, size);
      REQUIRE(tile.width == TileWidthAt(tile.level, tile.index, size));
      const std::string bytes = NaiveTile(tile, leaves);
      REQUIRE(gusu::NodeInTile(node, bytes) == (*gusu::test::ReadFrom(leaves)({node}))[0]);
    }
  }
  const TileAddress highest = gusu::TileOf({63, 0}, ~uint64_t{0});
  CHECK(highest == TileAddress{kHashes, 7, 0, 255});
  CHECK_FALSE(gusu::NodeInTile({0, 3}, std::string(3 * 32 + 31, 'x')).has_value());
  CHECK(gusu::NodeInTile({0, 3}, std::string(4 * 32, 'x')).has_value());
}

TEST_CASE("proofs made from tiles are those of the tree, and each tile is read once") {
  const std::vector<Hash> leaves = NumberedLeaves(1100);
  gusu::test::Random random("proofs from tiles");
  for (int round = 0; round < 40; ++round) {
    const size_t size = 1 + random.Below(leaves.size());
    const size_t index = random.Below(size);
    const size_t old_size = 1 + random.Below(size);
    CAPTURE(size, index, old_size);
    Directory directory(leaves, size);
    const gusu::NodeReader read = gusu::ReadNodesFromTiles(size, directory.Reader());
    const auto head = gusu::test::HeadOf(leaves, size);
    REQUIRE(*gusu::ReadRoot(size, read) == head.root);
    directory.reads = 0;
    const std::vector<Hash> proof = *gusu::MakeInclusionProof(index, size, read);
    REQUIRE(directory.reads <= 4);  // the leaf's, the last one, and those above
    REQUIRE(gusu::VerifyInclusion(leaves[index], index, proof, head).ok());
    const std::vector<Hash> growth = *gusu::MakeConsistencyProof(old_size, size, read);
    REQUIRE(gusu::VerifyConsistency(gusu::test::HeadOf(leaves, old_size), head, growth).ok());
  }
}

TEST_CASE("a full tile stands in for a partial one, and no other length does") {
  const std::vector<Hash> leaves = NumberedLeaves(256);
  const auto head = gusu::test::HeadOf(leaves, 100);
  std::string bytes = NaiveTile({kHashes, 0, 0, 256}, leaves);
  const gusu::NodeReader read = gusu::ReadNodesFromTiles(
      100, [&bytes](const TileAddress& tile) -> absl::StatusOr<std::string> {
        CHECK(TilePath(tile) == "tile/0/000.p/100");
        return bytes;
      });
  CHECK(*gusu::ReadRoot(100, read) == head.root);
  for (const size_t length : {0, 32, 99 * 32, 100 * 32 - 1, 100 * 32 + 1, 101 * 32, 8191, 8224}) {
    CAPTURE(length);
    bytes.resize(length, 'x');
    const auto root = gusu::ReadRoot(100, read);
    REQUIRE_FALSE(root.ok());
    CHECK(gusu::ErrorReason(root.status()) == "TILE_MALFORMED");
    CHECK(gusu::ErrorMetadataValue(root.status(), "path") == "tile/0/000.p/100");
  }
}

TEST_CASE("a changed tile is noticed by whoever verifies up to the root") {
  const std::vector<Hash> leaves = NumberedLeaves(600);
  Directory directory(leaves, 600);
  const auto head = gusu::test::HeadOf(leaves, 600);
  const gusu::NodeReader read = gusu::ReadNodesFromTiles(600, directory.Reader());
  for (auto& [path, bytes] : directory.files) {
    for (const size_t at : {size_t{5 * 32}, bytes.size() / 2, bytes.size() - 1}) {
      if (at >= bytes.size()) continue;
      CAPTURE(path, at);
      bytes[at] = static_cast<char>(bytes[at] ^ 1);
      size_t refused = *gusu::ReadRoot(600, read) == head.root ? 0 : 1;
      for (const uint64_t index : {0, 255, 256, 300, 511, 512, 599}) {
        const std::vector<Hash> proof = *gusu::MakeInclusionProof(index, 600, read);
        if (!gusu::VerifyInclusion(leaves[index], index, proof, head).ok()) ++refused;
      }
      CHECK(refused > 0);
      bytes[at] = static_cast<char>(bytes[at] ^ 1);
    }
  }
}

TEST_CASE("an entry bundle is its entries, each after its length") {
  using std::string_literals::operator""s;
  const std::vector<std::string> entries = {"", "a", std::string(300, 'b')};
  const auto bytes = EncodeEntryBundle(entries);
  REQUIRE(bytes.ok());
  CHECK(*bytes == "\0\0\0\1a\1\54"s + entries[2]);
  const auto read = DecodeEntryBundle(*bytes, 3);
  REQUIRE(read.ok());
  CHECK(std::vector<std::string>(read->begin(), read->end()) == entries);

  const std::vector<std::string> most(256, std::string(65535, 'c'));
  const auto largest = EncodeEntryBundle(most);
  REQUIRE(largest.ok());
  CHECK(DecodeEntryBundle(*largest, 256)->size() == 256);
}

TEST_CASE("an entry bundle of other bounds is neither written nor read") {
  for (const auto& entries : {std::vector<std::string>(), std::vector<std::string>(257),
                              std::vector<std::string>{"", std::string(65536, 'c')}}) {
    CHECK(gusu::ErrorReason(EncodeEntryBundle(entries).status()) == "TILE_MALFORMED");
  }
  const std::string bytes = *EncodeEntryBundle({"one", "", "three"});
  for (const uint32_t width : {0, 1, 2, 4, 256}) {
    CAPTURE(width);
    CHECK(gusu::ErrorReason(DecodeEntryBundle(bytes, width).status()) == "TILE_MALFORMED");
  }
  for (size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(DecodeEntryBundle(std::string_view(bytes).substr(0, length), 3).ok());
  }
  CHECK_FALSE(DecodeEntryBundle(bytes + '\0', 3).ok());
  CHECK_FALSE(DecodeEntryBundle("\xff\xff", 1).ok());
}

TEST_CASE("whatever is done to a bundle, what is read is exactly what its bytes say") {
  gusu::test::Random random("entry bundles");
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::string> entries(1 + random.Below(6));
    for (std::string& entry : entries) entry = random.Bytes(random.Below(5));
    std::string bytes = *EncodeEntryBundle(entries);
    bytes[random.Below(bytes.size())] ^= static_cast<char>(1 << random.Below(8));
    const auto read = DecodeEntryBundle(bytes, static_cast<uint32_t>(entries.size()));
    if (!read.ok()) continue;
    REQUIRE(*EncodeEntryBundle(std::vector<std::string>(read->begin(), read->end())) == bytes);
  }
}
