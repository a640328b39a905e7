#include <catch2/catch.hpp>
#include <map>

#include "proto/identifier.h"
#include "proto/opening.h"
#include "tests/proto/naive_tree.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {

std::vector<Hash> LeavesOf(const View& view) {
  std::vector<Hash> leaves;
  REQUIRE(view.ScanOpenings(0, view.leaf_count(),
                            [&leaves](uint64_t, const Opening& opening) {
                              const auto change = DecodeOpening(opening.bytes);
                              REQUIRE(change.ok());
                              leaves.push_back(LeafHash(
                                  LeafBytes(change->revision, opening.salt, opening.bytes)));
                              return true;
                            })
              .ok());
  return leaves;
}

void CheckTree(const View& view) {
  const std::vector<Hash> leaves = LeavesOf(view);
  REQUIRE(view.tree_head() == test::HeadOf(leaves, view.leaf_count()));
  for (const TileAddress& tile : NewTiles(0, view.leaf_count())) {
    const auto bytes = view.ReadTile(tile);
    INFO(TilePath(tile) << ": " << bytes.status());
    REQUIRE(bytes.ok());
    const size_t span = size_t{1} << (8 * tile.level);
    std::string expected;
    for (uint32_t i = 0; i < tile.width; ++i) {
      const size_t first = (tile.index * kTileWidth + i) * span;
      expected += AsBytes(test::NaiveRoot(test::Leaves(leaves).subspan(first, span)));
    }
    REQUIRE(*bytes == expected);
  }
}

void CheckExtends(const View& view, const TreeHead& shown) {
  INFO("shown size " << shown.size << ", now " << view.leaf_count());
  REQUIRE(shown.size <= view.leaf_count());
  const auto proof = MakeConsistencyProof(
      shown.size, view.leaf_count(),
      [&view](const std::vector<NodePosition>& nodes) { return view.ReadNodes(nodes); });
  REQUIRE(proof.ok());
  const absl::Status extends = VerifyConsistency(shown, view.tree_head(), *proof);
  INFO(extends);
  REQUIRE(extends.ok());
}

void CheckStore(const View& view) {
  uint64_t last_revision = 0;
  std::map<std::string, uint64_t> last_leaf, sequences, records;
  for (uint64_t leaf = 0; leaf < view.leaf_count(); ++leaf) {
    const auto change = view.ReadChange(leaf);
    INFO("leaf " << leaf << ": " << change.status());
    REQUIRE(change.ok());
    REQUIRE(change->revision > last_revision);
    last_revision = change->revision;
    if (change->resource.find("/records/") == std::string::npos) continue;
    const Identifier identifier = *Identifier::ParseName(change->resource);
    const std::string prefix(identifier.prefix_key());
    REQUIRE(change->sequence == ++sequences[prefix]);
    const auto before = last_leaf.find(identifier.key());
    REQUIRE(change->previous_leaf_count == (before == last_leaf.end() ? 0 : before->second + 1));
    last_leaf[identifier.key()] = leaf;
    if (change->operation == Operation::kRegister) ++records[prefix];
    const auto row = view.GetAsOf(RecordKey(identifier.key()), change->revision);
    REQUIRE(row.ok());
    REQUIRE(row->has_value());
    REQUIRE((*row)->leaf_index == leaf);
    REQUIRE((*row)->revision == change->revision);
  }
  REQUIRE(view.last_revision() == last_revision);
  for (const auto& [prefix, count] : records) REQUIRE(*view.RecordCount(prefix) == count);
  // And no record without a leaf.
  std::map<std::string, uint64_t> rows;
  REQUIRE(view.Scan("r", "s",
                    [&rows](std::string_view key, const Row& row) {
                      rows[std::string(key.substr(1))] = row.leaf_index;
                      return true;
                    })
              .ok());
  REQUIRE(rows == last_leaf);
  CheckTree(view);
}

}  // namespace gusu::storage
