// FORMAT.md's worked example is a store that this program opens, and the one that it writes. After
// a change of the format, `ledger_test "[example]"` prints the new one.
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/merkle.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "storage/memory/memory_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

using Store = std::map<std::string, std::string>;

constexpr size_t kHexPerLine = 64;

std::string FromHex(std::string_view hex) {
  REQUIRE(hex.size() % 2 == 0);
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string ToText(const Store& store) {
  std::string text;
  for (const auto& [key, value] : store) {
    text += "key   " + HexEncode(key) + "\n";
    const std::string hex = HexEncode(value);
    for (size_t i = 0; i < hex.size(); i += kHexPerLine) {
      text += (i == 0 ? "value " : "      ") + hex.substr(i, kHexPerLine) + "\n";
    }
  }
  return text;
}

Store FromText(std::istream& lines) {
  Store store;
  std::string word, key;
  bool is_key = false;
  while (lines >> word && word != "```") {
    if (word == "key" || word == "value") {
      is_key = word == "key";
    } else if (is_key) {
      key = FromHex(word);
    } else {
      store[key] += FromHex(word);
    }
  }
  return store;
}

Store Example() {
  std::ifstream file(GUSU_FORMAT_MD);
  REQUIRE(file.good());
  std::string line;
  while (std::getline(file, line) && line != "```store") {
  }
  return FromText(file);
}

Store Content(Engine& engine) {
  Store store;
  const auto snapshot = engine.Latest();
  REQUIRE(snapshot.ok());
  REQUIRE((*snapshot)
              ->Scan("", "",
                     [&store](std::string_view key, std::string_view value) {
                       store.emplace(key, value);
                       return true;
                     })
              .ok());
  return store;
}

// The example's record, as the registry makes it, with salts that are easily seen.
ChangeSet ExampleRegistration() {
  v1::RecordRow row;
  row.set_identifier("88.118.8/HP-1");
  row.set_level(3);
  row.set_issued_by("sz-pumps");
  row.set_state(2);
  v1::ValueRow* value = row.add_values();
  value->set_index(1);
  value->set_type("URL");
  value->set_data("https://example.com/hp-1");
  value->set_ttl(86'400);
  value->set_tier(1);
  value->set_author("registrants/sz-pumps");
  row.set_body_salt(std::string(32, '\xB0'));
  row.set_public_salt(std::string(32, '\xA0'));

  ChangeSet set = WithRequest(Register("88.118.8/HP-1"), "order-17");
  Change& change = set.changes[0];
  change.commitments = {{"BODY", CommitmentHash(row.body_salt(), CanonicalBody(row))},
                        {"PUBLIC", CommitmentHash(row.public_salt(), CanonicalTier(row, 1))}};
  change.rows[0].payload = row.SerializeAsString();
  return set;
}

Store Written() {
  ManualClock clock;
  MemoryEngine memory;
  MustAppend(*OpenLedger(memory, clock.Options()), ExampleRegistration());
  return Content(memory);
}

}  // namespace

TEST_CASE("FORMAT.md's example is what a ledger writes, but for the salt that is drawn") {
  const Store example = Example();
  Store written = Written();
  v1::OpeningRow example_opening, opening;
  REQUIRE(example_opening.ParseFromString(example.at(OpeningKey(0))));
  REQUIRE(opening.ParseFromString(written.at(OpeningKey(0))));
  CHECK(opening.salt().size() == example_opening.salt().size());
  opening.set_salt(example_opening.salt());
  written[OpeningKey(0)] = opening.SerializeAsString();
  // The root follows from the salt: that of a tree of one leaf.
  v1::Head head;
  REQUIRE(head.ParseFromString(written.at(HeadKey())));
  const Hash root = LeafHash(LeafBytes(head.last_revision(), opening.salt(), opening.opening()));
  head.set_root(std::string(AsBytes(root)));
  written[HeadKey()] = head.SerializeAsString();
  CHECK(ToText(written) == ToText(example));
}

TEST_CASE("FORMAT.md's example opens, and says what the document says") {
  MemoryEngine memory;
  Batch batch;
  for (const auto& [key, value] : Example()) batch.Put(key, value);
  REQUIRE(memory.Commit(batch).outcome == CommitResult::Outcome::kApplied);
  ManualClock clock;
  const auto ledger = OpenLedger(memory, clock.Options());
  const auto view = MustLatest(*ledger);
  CheckStore(*view);
  CHECK(view->leaf_count() == 1);
  CHECK(view->tree_head().size == 1);
  CHECK(view->last_revision() == 1'800'000'000'000'000);
  CHECK(TextOf(**view->Get(RecordKey("88.118.8/HP-1"))) == "https://example.com/hp-1");
  CHECK(view->FindRequest("sz-pumps", "order-17")->value().change_count == 1);
  CHECK(MustAppend(*ledger, ExampleRegistration()).repeated);
}

TEST_CASE("prints the example for FORMAT.md", "[.][example]") { std::cout << ToText(Written()); }

}  // namespace gusu::storage
