// What a commit that fails means for those who wait, and what a start makes of a damaged store.
#include <catch2/catch.hpp>
#include <thread>

#include "proto/error.h"
#include "storage/head.h"
#include "storage/memory/memory_engine.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

using Fault = FaultyEngine::Fault;

struct World {
  ManualClock clock;
  MemoryEngine memory;
  FaultyEngine engine{&memory};
  std::unique_ptr<Ledger> ledger = OpenLedger(engine, clock.Options());
};

void AwaitWritable(const Ledger& ledger) {
  while (!ledger.Writable().ok()) std::this_thread::yield();
}

// Writes to the store behind the ledger's back.
void Tamper(Engine& engine, std::string key, std::optional<std::string> value) {
  Batch batch;
  batch.writes.push_back({std::move(key), std::move(value)});
  REQUIRE(engine.Commit(batch).outcome == CommitResult::Outcome::kApplied);
}

absl::Status OpenStatus(Engine& engine, ManualClock& clock) {
  return Ledger::Open(Borrow(engine), clock.Options()).status();
}

}  // namespace

TEST_CASE("after an unknown outcome a repeat finds its receipt or starts afresh") {
  for (const Fault fault :
       {Fault::kUnknownNotDone, Fault::kUnknownDone, Fault::kUnknownDoneLater}) {
    for (const size_t failing_recoveries : {0, 3}) {
      CAPTURE(static_cast<int>(fault), failing_recoveries);
      World world;
      MustAppend(*world.ledger, Register("88.118.8/A"));
      world.engine.Hold();
      world.engine.FailNext({fault});
      world.engine.FailRecoveries(failing_recoveries);
      ChangeSet mint;
      mint.changes.push_back(MintChange("88.118.8", "HP-{serial:6}"));
      auto first = AppendLater(*world.ledger, WithRequest(mint, "r1"));
      world.engine.AwaitHeld();
      auto queued = AppendLater(*world.ledger, Register("88.118.8/B"));
      world.engine.Release();
      CHECK(ReasonOf(first.get()) == "COMMIT_OUTCOME_UNKNOWN");
      CHECK(ReasonOf(queued.get()) == "COMMIT_OUTCOME_UNKNOWN");

      AwaitWritable(*world.ledger);
      const bool done = fault != Fault::kUnknownNotDone;
      CHECK(MustLatest(*world.ledger)->leaf_count() == (done ? 2 : 1));
      const Appended again = MustAppend(*world.ledger, WithRequest(mint, "r1"));
      CHECK(again.repeated == done);
      CHECK(again.first.leaf_index == 1);
      CHECK(again.identifiers == std::vector<std::string>{"88.118.8/HP-000001"});
      MustAppend(*world.ledger, Register("88.118.8/B"));
      CheckStore(*MustLatest(*world.ledger));
    }
  }
}

TEST_CASE("while a recovery lasts, changes are refused as not written, and old views go on") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  const auto before = MustLatest(*world.ledger);
  world.engine.FailNext({Fault::kUnknownNotDone});
  world.engine.FailRecoveries(1 << 30);
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/B"))) == "COMMIT_OUTCOME_UNKNOWN");
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/C"))) == "WRITES_STOPPED");
  CHECK(ErrorReason(world.ledger->Writable()) == "WRITES_STOPPED");
  CHECK((*before->Get(RecordKey("88.118.8/A"))).has_value());
  // Between two tries, the state before can be read.
  while (!world.ledger->Latest().ok()) std::this_thread::yield();
  world.engine.FailRecoveries(0);
  AwaitWritable(*world.ledger);
  MustAppend(*world.ledger, Register("88.118.8/B"));
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a ledger can be stopped while it cannot recover") {
  World world;
  world.engine.FailNext({Fault::kUnknownDone});
  world.engine.FailRecoveries(1 << 30);
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/A"))) == "COMMIT_OUTCOME_UNKNOWN");
  world.ledger->Stop();
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/B"))) == "WRITES_STOPPED");
}

TEST_CASE("a commit that was certainly not applied stops nothing but its group") {
  World world;
  world.engine.FailNext({Fault::kNotApplied});
  const AppendOutcome outcome = Append(*world.ledger, WithRequest(Register("88.118.8/A"), "r1"));
  CHECK(ReasonOf(outcome) == "WRITES_STOPPED");
  CHECK(outcome.status().code() == absl::StatusCode::kUnavailable);
  CHECK_FALSE(world.ledger->Writable().ok());
  const Appended again = MustAppend(*world.ledger, WithRequest(Register("88.118.8/A"), "r1"));
  CHECK_FALSE(again.repeated);
  CHECK(again.first.leaf_index == 0);
  CHECK(world.ledger->Writable().ok());
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("two ledgers on one store cannot fork the log") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  const auto second = OpenLedger(world.engine, world.clock.Options());
  MustAppend(*second, Register("88.118.8/B"));
  const AppendOutcome outcome = Append(*world.ledger, Register("88.118.8/C"));
  CHECK(ReasonOf(outcome) == "NOT_LEADER");
  CHECK(ErrorReason(world.ledger->Writable()) == "NOT_LEADER");
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/D"))) == "NOT_LEADER");
  MustAppend(*second, Register("88.118.8/C"));
  CheckStore(*MustLatest(*second));
}

TEST_CASE("a start refuses a store whose log and head differ, and names the row") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  MustAppend(*world.ledger, Register("88.118.8/B"));
  world.ledger.reset();
  const auto refused = [&world](std::string_view reason) {
    const absl::Status status = OpenStatus(world.memory, world.clock);
    CHECK(ErrorReason(status) == reason);
    return status;
  };
  SECTION("an opening is missing") {
    Tamper(world.memory, OpeningKey(1), std::nullopt);
    CHECK(ErrorMetadataValue(refused("RECORD_CORRUPT"), "key_hex") == "6f0000000000000001");
  }
  SECTION("there is one too many") {
    Tamper(world.memory, OpeningKey(2), "x");
    CHECK(ErrorMetadataValue(refused("RECORD_CORRUPT"), "key_hex") == "6f0000000000000002");
  }
  SECTION("the head is gone") {
    Tamper(world.memory, HeadKey(), std::nullopt);
    CHECK(refused("RECORD_CORRUPT").code() == absl::StatusCode::kDataLoss);
  }
  SECTION("the head is damaged") {
    Tamper(world.memory, HeadKey(), "\xFF");
    CHECK(refused("RECORD_CORRUPT").code() == absl::StatusCode::kDataLoss);
  }
  SECTION("the format is not ours") {
    for (const char* format : {"\x08\x02", "\x08\x04"}) {
      Tamper(world.memory, HeadKey(), std::string(format, 2));
      CHECK(refused("STORE_FORMAT_UNKNOWN").code() == absl::StatusCode::kFailedPrecondition);
    }
  }
  SECTION("a row of the small tables is not one") {
    Tamper(world.memory, PrefixKey("88.118.8"), "x");
    CHECK(ErrorMetadataValue(refused("RECORD_CORRUPT"), "key_hex") == "7038382e3131382e38");
  }
  SECTION("a row of the small tables has another payload") {
    Tamper(world.memory, PrefixKey("88.118.8"), EncodeRow(1, 0, "\xFF"));
    CHECK(refused("RECORD_CORRUPT").code() == absl::StatusCode::kDataLoss);
  }
  SECTION("a row of the small tables is later than the head") {
    Tamper(world.memory, PrefixKey("88.118.8"), EncodeRow(1, 2, ""));
    CHECK(refused("RECORD_CORRUPT").code() == absl::StatusCode::kDataLoss);
  }
}

TEST_CASE("a row that cannot be read fails the sets that need it, and no other") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  Tamper(world.memory, RecordKey("88.118.8/A"), "x");
  MustAppend(*world.ledger, Register("88.118.8/B"));  // the view after it shows the damage
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/A"))) == "RECORD_CORRUPT");
  MustAppend(*world.ledger, Register("88.118.8/C"));
  CHECK(MustLatest(*world.ledger)->Get(RecordKey("88.118.8/A")).status().code() ==
        absl::StatusCode::kDataLoss);
}

}  // namespace gusu::storage
