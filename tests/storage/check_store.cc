#include <catch2/catch.hpp>
#include <map>

#include "proto/identifier.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {

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
}

}  // namespace gusu::storage
