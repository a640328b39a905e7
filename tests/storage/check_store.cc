#include <catch2/catch.hpp>
#include <map>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "storage/registry_day.h"
#include "tests/proto/naive_tree.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {

using std::string_literals::operator""s;

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

std::map<std::string, std::string> TableOf(const View& view, char table) {
  std::map<std::string, std::string> rows;
  const std::string beginning(1, table);
  REQUIRE(view.ScanStored(beginning, AfterBeginning(beginning),
                          [&rows](std::string_view key, std::string_view value) {
                            rows.emplace(key, value);
                            return true;
                          })
              .ok());
  return rows;
}

namespace {

// Registrations and changes of records by prefix and day, as the log has them: "+" and "".
using DayTally = std::map<std::pair<std::string, int32_t>, std::map<uint32_t, uint64_t>>;

DayTally StoredCounts(const View& view) {
  DayTally stored;
  for (const auto& [key, value] : TableOf(view, kDayCountsTable)) {
    v1::DayCountsRow row;
    REQUIRE(row.ParseFromString(value));
    const std::string prefix = key.substr(1, key.find('\0') - 1);
    REQUIRE(key == DayCountsKey(prefix, row.day(), row.registrant(), row.district(),
                                row.industry_class()));
    for (const auto& [counter, number] : row.counts()) {
      stored[{prefix, row.day()}][counter] += number;
    }
  }
  return stored;
}

}  // namespace

void CheckStore(const View& view) {
  const absl::TimeZone zone = RegistryZone(view.directory());
  std::map<std::string, std::string> times;
  DayTally tally;
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
    const bool registers = change->operation == Operation::kRegister;
    times[ChangeTimesKey(prefix, change->revision, identifier.key().substr(prefix.size() + 1))] =
        registers ? "+" : "";
    ++tally[{prefix, DayOf(change->revision, zone)}][registers ? kCreated : kChanged];
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
  std::map<std::string, std::string> stored_times;
  for (auto& [key, value] : TableOf(view, kIndexTable)) {
    if (key.find("\0time\0"s) != key.npos) stored_times.emplace(key, value);
  }
  REQUIRE(stored_times == times);
  REQUIRE(StoredCounts(view) == tally);
  CheckTree(view);
}

}  // namespace gusu::storage
