#include "storage/audit_tree.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "proto/base64.h"
#include "proto/error.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "tests/proto/naive_tree.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

// A registration of many codes that are not taken.
ChangeSet RegisterMany(size_t first, size_t count) {
  std::vector<ChangeSet> sets;
  for (size_t i = first; i < first + count; ++i) {
    sets.push_back(Register("88.118.8/C-" + std::to_string(i)));
  }
  return Together(std::move(sets));
}

// Appends until the log has `leaf_count` leaves.
void FillTo(Ledger& ledger, size_t leaf_count) {
  constexpr size_t kSetChangesMax = 2000;
  for (size_t count = MustLatest(ledger)->leaf_count(); count < leaf_count;) {
    const size_t more = std::min(kSetChangesMax, leaf_count - count);
    MustAppend(ledger, RegisterMany(count, more));
    count += more;
  }
}

}  // namespace

TEST_CASE("a growing tree has the roots that others compute") {
  // Of the log "entry 0", "entry 1", …; computed with other implementations.
  const std::map<uint64_t, std::string> roots = {
      {1, "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE="},
      {5, "fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI="},
      {256, "2mWW2VNp9f7zIquOTg2jsLUCNqqcijsdJG90Ecni4y4="},
      {300, "yjk9Apa+xeC43KuYO9H7fRRh9RLnJny4ljGtJv1m2Eg="},
      {512, "xtuUnnbP1dYUB8c6SBkhJlqwJOphMdAtxrcN79/U+to="},
      {70'000, "o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao="},
  };
  AuditTree tree;
  CHECK(tree.head() == TreeHead{0, EmptyRoot()});
  std::vector<Batch::Write> tiles;
  for (uint64_t size = 1; size <= roots.rbegin()->first; ++size) {
    tree.Append(LeafHash("entry " + std::to_string(size - 1)), tiles);
    const auto root = roots.find(size);
    if (root == roots.end()) continue;
    CAPTURE(size);
    CHECK(tree.head().size == size);
    CHECK(Base64Encode(AsBytes(tree.head().root)) == root->second);
  }
  // 273 of level 0 and one of level 1.
  CHECK(tiles.size() == 274);
  CHECK(tree.GrowingTile(0).size() == 112 * 32);
  CHECK(tree.GrowingTile(1).size() == 17 * 32);
  CHECK(tree.GrowingTile(2).size() == 32);
  CHECK(tree.GrowingTile(3).empty());
}

TEST_CASE("every full tile comes out once, when its last hash does") {
  const std::vector<Hash> leaves = test::NumberedLeaves(600);
  AuditTree tree;
  std::vector<Batch::Write> tiles;
  for (size_t size = 1; size <= leaves.size(); ++size) {
    tree.Append(leaves[size - 1], tiles);
    REQUIRE(tiles.size() == size / kTileWidth);
    REQUIRE(tree.head() == test::HeadOf(leaves, size));
  }
  for (size_t index = 0; index < tiles.size(); ++index) {
    std::string expected;
    for (size_t i = 0; i < kTileWidth; ++i) expected += AsBytes(leaves[index * kTileWidth + i]);
    CHECK(tiles[index].key == TileKey(0, index));
    CHECK(tiles[index].value == expected);
  }
}

TEST_CASE("a copy of a tree grows, and the tree stays") {
  const std::vector<Hash> leaves = test::NumberedLeaves(257);
  AuditTree tree;
  std::vector<Batch::Write> tiles;
  for (size_t i = 0; i < 255; ++i) tree.Append(leaves[i], tiles);
  AuditTree grown = tree;
  for (size_t i = 255; i < 257; ++i) grown.Append(leaves[i], tiles);
  CHECK(grown.head() == test::HeadOf(leaves, 257));
  CHECK(tree.head() == test::HeadOf(leaves, 255));
  CHECK(tree.GrowingTile(0).size() == 255 * 32);
}

TEST_CASE("a store of more than one level of tiles opens again with the same tree") {
  ManualClock clock;
  MemoryEngine memory;
  auto ledger = OpenLedger(memory, clock.Options());
  FillTo(*ledger, 65'536 + 256 + 3);
  const TreeHead head = MustLatest(*ledger)->tree_head();
  CheckTree(*MustLatest(*ledger));
  ledger.reset();
  ledger = OpenLedger(memory, clock.Options());
  CHECK(MustLatest(*ledger)->tree_head() == head);
  FillTo(*ledger, 65'536 + 512);
  CheckTree(*MustLatest(*ledger));
}

TEST_CASE("a view's proofs hold, and go on holding while the log grows") {
  ManualClock clock;
  MemoryEngine memory;
  const auto ledger = OpenLedger(memory, clock.Options());
  FillTo(*ledger, 300);
  const auto view = MustLatest(*ledger);
  FillTo(*ledger, 700);
  const auto later = MustLatest(*ledger);
  const std::vector<Hash> leaves = LeavesOf(*later);
  const auto nodes_of = [](const View& of) {
    return [&of](const std::vector<NodePosition>& nodes) { return of.ReadNodes(nodes); };
  };
  for (const uint64_t leaf : {0, 254, 255, 256, 299}) {
    CAPTURE(leaf);
    for (const View* of : {view.get(), later.get()}) {
      const auto proof = MakeInclusionProof(leaf, of->leaf_count(), nodes_of(*of));
      REQUIRE(proof.ok());
      CHECK(VerifyInclusion(leaves[leaf], leaf, *proof, of->tree_head()).ok());
    }
  }
  const auto proof = MakeConsistencyProof(300, 700, nodes_of(*later));
  REQUIRE(proof.ok());
  CHECK(VerifyConsistency(view->tree_head(), later->tree_head(), *proof).ok());
  CheckTree(*view);
}

TEST_CASE("a tile is as wide as asked, and there when the tree has that much of it") {
  ManualClock clock;
  MemoryEngine memory;
  const auto ledger = OpenLedger(memory, clock.Options());
  FillTo(*ledger, 300);
  const auto view = MustLatest(*ledger);
  const std::vector<Hash> leaves = LeavesOf(*view);
  const auto read = [&view](uint32_t level, uint64_t index, uint32_t width) {
    return view->ReadTile({TileAddress::Kind::kHashes, level, index, width});
  };
  for (const uint32_t width : {1u, 255u, 256u}) {
    const auto tile = read(0, 0, width);
    REQUIRE(tile.ok());
    CHECK(tile->size() == width * 32);
    CHECK(tile->substr(tile->size() - 32) == AsBytes(leaves[width - 1]));
  }
  CHECK(read(0, 1, 44)->size() == 44 * 32);
  CHECK(read(0, 1, 43)->substr(42 * 32) == AsBytes(leaves[256 + 42]));
  CHECK(*read(1, 0, 1) == AsBytes(test::NaiveRoot(test::Leaves(leaves).first(256))));
  const std::vector<TileAddress> absent = {
      {TileAddress::Kind::kHashes, 0, 1, 45},  {TileAddress::Kind::kHashes, 0, 1, 256},
      {TileAddress::Kind::kHashes, 0, 2, 1},   {TileAddress::Kind::kHashes, 1, 0, 2},
      {TileAddress::Kind::kHashes, 2, 0, 1},   {TileAddress::Kind::kHashes, 63, 0, 1},
      {TileAddress::Kind::kEntries, 0, 0, 256}};
  for (const TileAddress& tile : absent) {
    CAPTURE(TilePath(tile));
    const absl::Status status = view->ReadTile(tile).status();
    CHECK(status.code() == absl::StatusCode::kNotFound);
    CHECK(ErrorReason(status) == "TILE_NOT_FOUND");
    CHECK(ErrorMetadataValue(status, "path") == TilePath(tile));
    CHECK(ErrorMetadataValue(status, "leaf_count") == "300");
  }
}

TEST_CASE("a scan of openings is gapless, ends where it is told, and knows the log's end") {
  ManualClock clock;
  MemoryEngine memory;
  const auto ledger = OpenLedger(memory, clock.Options());
  FillTo(*ledger, 10);
  const auto scan = [](const View& view, uint64_t first, uint64_t end, uint64_t stop) {
    std::vector<uint64_t> seen;
    const absl::Status status =
        view.ScanOpenings(first, end, [&](uint64_t leaf_index, const Opening& opening) {
          CHECK(opening.bytes == view.ReadOpening(leaf_index)->bytes);
          CHECK(opening.salt == view.ReadOpening(leaf_index)->salt);
          seen.push_back(leaf_index);
          return leaf_index != stop;
        });
    return std::make_pair(status, seen);
  };
  const auto view = MustLatest(*ledger);
  CHECK(scan(*view, 3, 6, 99) == std::make_pair(absl::OkStatus(), std::vector<uint64_t>{3, 4, 5}));
  CHECK(scan(*view, 8, 10, 8) == std::make_pair(absl::OkStatus(), std::vector<uint64_t>{8}));
  CHECK(scan(*view, 4, 4, 99).second.empty());
  CHECK(ErrorReason(scan(*view, 0, 11, 99).first) == "TREE_SIZE_UNKNOWN");

  Batch batch;
  batch.Delete(OpeningKey(4));
  batch.Put(OpeningKey(6), "\xFF");
  REQUIRE(memory.Commit(batch).outcome == CommitResult::Outcome::kApplied);
  MustAppend(*ledger, Register("88.118.8/LATER"));  // the view after it shows the damage
  const auto damaged = MustLatest(*ledger);
  const auto [missing, before] = scan(*damaged, 2, 6, 99);
  CHECK(missing.code() == absl::StatusCode::kDataLoss);
  CHECK(ErrorMetadataValue(missing, "key_hex") == "6f0000000000000004");
  CHECK(before == std::vector<uint64_t>{2, 3});
  CHECK(ErrorMetadataValue(scan(*damaged, 4, 5, 99).first, "key_hex") == "6f0000000000000004");
  CHECK(ErrorMetadataValue(scan(*damaged, 5, 8, 99).first, "key_hex") == "6f0000000000000006");
}

}  // namespace gusu::storage
