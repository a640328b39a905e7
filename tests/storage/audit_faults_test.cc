// The audit tree when steps of a commit break, each in every way, and when its rows are damaged.
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "proto/error.h"
#include "proto/hash.h"
#include "storage/head.h"
#include "storage/memory/memory_engine.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

using Fault = FaultyEngine::Fault;

// Not done; certainly not done, with an error; done, with an error; done later, with an error.
constexpr Fault kFaults[] = {Fault::kNotApplied, Fault::kUnknownNotDone, Fault::kUnknownDone,
                             Fault::kUnknownDoneLater};

std::string Code(size_t number) { return "88.118.8/C-" + std::to_string(number); }

// A ledger in memory with `leaf_count` leaves.
struct World {
  ManualClock clock;
  MemoryEngine memory;
  FaultyEngine engine{&memory};
  std::unique_ptr<Ledger> ledger = OpenLedger(engine, clock.Options());

  explicit World(size_t leaf_count) {
    std::vector<ChangeSet> sets;
    for (size_t i = 0; i < leaf_count; ++i) sets.push_back(Register(Code(i)));
    if (leaf_count > 0) MustAppend(*ledger, Together(std::move(sets)));
  }
};

std::optional<TreeHead> Shown(const Ledger& ledger) {
  const auto view = ledger.Latest();
  if (!view.ok()) return std::nullopt;
  return (*view)->tree_head();
}

// Appends until it is known what became of the set, and returns every tree that was shown
// meanwhile.
std::vector<TreeHead> AppendPersistently(Ledger& ledger, const ChangeSet& set) {
  std::vector<TreeHead> shown;
  while (true) {
    const AppendOutcome outcome = Append(ledger, set);
    if (const auto head = Shown(ledger)) shown.push_back(*head);
    if (outcome.ok()) return shown;
    REQUIRE(outcome.status().code() == absl::StatusCode::kUnavailable);
    std::this_thread::yield();
  }
}

void Tamper(Engine& engine, std::string key, std::optional<std::string> value) {
  Batch batch;
  batch.writes.push_back({std::move(key), std::move(value)});
  REQUIRE(engine.Commit(batch).outcome == CommitResult::Outcome::kApplied);
}

std::string Stored(Engine& engine, const std::string& key) {
  const auto value = (*engine.Latest())->Get(key);
  REQUIRE(value.ok());
  REQUIRE(value->has_value());
  return **value;
}

std::string Hex(const std::string& key) { return HexEncode(key); }

}  // namespace

TEST_CASE("a group's commit broken in every way: no tree was shown that a start does not extend") {
  // Before, at and after the edge of a tile, which the broken group fills or not.
  for (const size_t leaf_count : {0, 3, 254, 255, 256}) {
    for (const Fault fault : kFaults) {
      for (const size_t failing_recoveries : {0, 2}) {
        CAPTURE(leaf_count, static_cast<int>(fault), failing_recoveries);
        World world(leaf_count);
        std::vector<TreeHead> shown = {*Shown(*world.ledger)};
        world.engine.FailNext({fault});
        world.engine.FailRecoveries(failing_recoveries);
        const ChangeSet set =
            WithRequest(Together({Register("88.118.8/A"), Register("88.118.8/B")}), "r1");
        for (const TreeHead& head : AppendPersistently(*world.ledger, set)) shown.push_back(head);
        CHECK(shown.back().size == leaf_count + 2);
        CheckStore(*MustLatest(*world.ledger));
        world.ledger.reset();
        world.ledger = OpenLedger(world.memory, world.clock.Options());
        CheckStore(*MustLatest(*world.ledger));
        for (const TreeHead& head : shown) CheckExtends(*MustLatest(*world.ledger), head);
      }
    }
  }
}

TEST_CASE("a process that ends after a broken commit leaves a tree that extends what was shown") {
  for (const size_t leaf_count : {0, 254, 255}) {
    for (const Fault fault : kFaults) {
      CAPTURE(leaf_count, static_cast<int>(fault));
      World world(leaf_count);
      std::vector<TreeHead> shown = {*Shown(*world.ledger)};
      world.engine.FailNext({fault});
      world.engine.FailRecoveries(1'000'000);
      const ChangeSet set = Together({Register("88.118.8/A"), Register("88.118.8/B")});
      CHECK_FALSE(Append(*world.ledger, set).ok());
      if (const auto head = Shown(*world.ledger)) shown.push_back(*head);
      world.ledger.reset();
      // What the next process finds is what is in the engine below.
      const auto next = OpenLedger(world.memory, world.clock.Options());
      CheckStore(*MustLatest(*next));
      for (const TreeHead& head : shown) CheckExtends(*MustLatest(*next), head);
    }
  }
}

TEST_CASE("taking the lead broken in every way leaves a store that opens") {
  for (const size_t leaf_count : {0, 300}) {
    for (const Fault fault : kFaults) {
      CAPTURE(leaf_count, static_cast<int>(fault));
      World world(leaf_count);
      const TreeHead shown = *Shown(*world.ledger);
      world.ledger.reset();
      world.engine.FailNext({fault});
      CHECK(Ledger::Open(Borrow(world.engine), world.clock.Options()).status().code() ==
            absl::StatusCode::kUnavailable);
      const auto next = OpenLedger(world.memory, world.clock.Options());
      CHECK(MustLatest(*next)->tree_head() == shown);
      CheckStore(*MustLatest(*next));
    }
  }
}

TEST_CASE("a sweep's commit broken in every way changes no tree") {
  for (const Fault fault : kFaults) {
    CAPTURE(static_cast<int>(fault));
    World world(0);
    Ledger::Options options = world.clock.Options();
    options.request_retention = absl::Hours(1);
    options.view_age_max = absl::Milliseconds(1);  // the writer looks for work as often
    world.ledger.reset();
    world.ledger = OpenLedger(world.engine, options);
    MustAppend(*world.ledger, WithRequest(Register("88.118.8/A"), "r1"));
    const TreeHead shown = *Shown(*world.ledger);
    const size_t commits = world.engine.commit_count();
    world.engine.FailNext({fault});
    world.clock.Advance(absl::Hours(2));
    while (world.engine.commit_count() == commits) std::this_thread::yield();
    for (const TreeHead& head : AppendPersistently(*world.ledger, Register("88.118.8/B"))) {
      CheckExtends(*MustLatest(*world.ledger), head);
    }
    CHECK(MustLatest(*world.ledger)->leaf_count() == 2);
    CheckExtends(*MustLatest(*world.ledger), shown);
    CheckStore(*MustLatest(*world.ledger));
  }
}

TEST_CASE("two ledgers on one store: the tree is the leader's, and the other's is refused") {
  World world(255);
  const auto second = OpenLedger(world.engine, world.clock.Options());
  MustAppend(*second, Register("88.118.8/SECOND"));
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/FIRST"))) == "NOT_LEADER");
  CheckStore(*MustLatest(*second));
  CheckExtends(*MustLatest(*second), *Shown(*world.ledger));
  CHECK(MustLatest(*second)->leaf_count() == 256);
  CHECK(MustLatest(*second)->Get(RecordKey("88.118.8/FIRST"))->has_value() == false);
}

TEST_CASE("a start refuses damage of the tree's rows, and names what does not fit") {
  World world(2 * 256 + 44);
  world.ledger.reset();
  const auto refused = [&world] {
    const absl::Status status = Ledger::Open(Borrow(world.memory), world.clock.Options()).status();
    CHECK(status.code() == absl::StatusCode::kDataLoss);
    CHECK(ErrorReason(status) == "RECORD_CORRUPT");
    return status;
  };
  SECTION("a hash of a full tile") {
    std::string tile = Stored(world.memory, TileKey(0, 1));
    tile[32 * 7 + 5] ^= 1;
    Tamper(world.memory, TileKey(0, 1), tile);
    const absl::Status status = refused();
    CHECK(ErrorMetadataValue(status, "key_hex") == Hex(TileKey(0, 1)));
    // And the first row that it does not fit.
    CHECK(std::string(status.message()).find(Hex(OpeningKey(256 + 7))) != std::string::npos);
  }
  SECTION("a full tile that is gone") {
    Tamper(world.memory, TileKey(0, 0), std::nullopt);
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(TileKey(0, 0)));
  }
  SECTION("a full tile that is too short") {
    Tamper(world.memory, TileKey(0, 0), Stored(world.memory, TileKey(0, 0)).substr(32));
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(TileKey(0, 0)));
  }
  SECTION("two full tiles that changed places") {
    const std::string first = Stored(world.memory, TileKey(0, 0));
    Tamper(world.memory, TileKey(0, 0), Stored(world.memory, TileKey(0, 1)));
    Tamper(world.memory, TileKey(0, 1), first);
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(TileKey(0, 0)));
  }
  SECTION("the head's root") {
    Head head = *DecodeHead(Stored(world.memory, HeadKey()));
    head.root[31] ^= 1;
    Tamper(world.memory, HeadKey(), EncodeHead(head));
    const absl::Status status = refused();
    CHECK(ErrorMetadataValue(status, "key_hex") == Hex(HeadKey()));
    CHECK(ErrorMetadataValue(status, "root") == Hex(std::string(AsBytes(head.root))));
  }
  SECTION("no root in the head") {
    Head head = *DecodeHead(Stored(world.memory, HeadKey()));
    const std::string bytes = EncodeHead(head);
    Tamper(world.memory, HeadKey(), bytes.substr(0, bytes.size() - 34));
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(HeadKey()));
  }
  SECTION("a head that counts fewer leaves, its last revision too") {
    Head head = *DecodeHead(Stored(world.memory, HeadKey()));
    --head.leaf_count;
    Tamper(world.memory, HeadKey(), EncodeHead(head));
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(OpeningKey(2 * 256 + 43)));
  }
  SECTION("an opening after the last full tile, still an opening") {
    // Another leaf's: its salt and its opening are sound, its place is wrong.
    Tamper(world.memory, OpeningKey(520), Stored(world.memory, OpeningKey(521)));
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(OpeningKey(521)));
  }
  SECTION("the salt of an opening after the last full tile") {
    std::string row = Stored(world.memory, OpeningKey(520));
    row.back() ^= 1;
    Tamper(world.memory, OpeningKey(520), row);
    const absl::Status status = refused();
    CHECK(ErrorMetadataValue(status, "first_key_hex") == Hex(OpeningKey(512)));
    CHECK(ErrorMetadataValue(status, "last_key_hex") == Hex(OpeningKey(555)));
  }
  SECTION("the bytes of an opening after the last full tile") {
    std::string row = Stored(world.memory, OpeningKey(520));
    row[4] ^= 1;
    Tamper(world.memory, OpeningKey(520), row);
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(OpeningKey(520)));
  }
  SECTION("an opening after the last full tile that is gone") {
    Tamper(world.memory, OpeningKey(530), std::nullopt);
    CHECK(ErrorMetadataValue(refused(), "key_hex") == Hex(OpeningKey(530)));
  }
}

TEST_CASE("a tile that is damaged while the ledger runs is told by the read that meets it") {
  World world(256);
  Tamper(world.memory, TileKey(0, 0), "x");
  MustAppend(*world.ledger, Register("88.118.8/A"));  // the view after it shows the damage
  const auto view = MustLatest(*world.ledger);
  const absl::Status status =
      view->ReadTile({TileAddress::Kind::kHashes, 0, 0, kTileWidth}).status();
  CHECK(status.code() == absl::StatusCode::kDataLoss);
  CHECK(ErrorMetadataValue(status, "key_hex") == Hex(TileKey(0, 0)));
  CHECK(view->ReadNodes({{0, 5}}).status() == status);
  CHECK(view->ReadNodes({{0, 256}}).ok());
}

}  // namespace gusu::storage
