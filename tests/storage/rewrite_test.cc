// Rewriting rows of earlier revisions, as erasing does.
#include <catch2/catch.hpp>

#include "proto/error.h"
#include "storage/memory/memory_engine.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

constexpr std::string_view kCode = "88.118.8/A";

struct World {
  ManualClock clock;
  MemoryEngine memory;
  FaultyEngine engine{&memory};
  std::unique_ptr<Ledger> ledger = OpenLedger(engine, clock.Options());
};

RowRewrite Rewrite(const Receipt& of, std::string_view text, std::string_view code = kCode) {
  return {RecordKey(code), of.revision, of.leaf_index, RecordPayload(code, text)};
}

// A new revision of the record with these rewrites.
ChangeSet Erase(uint64_t revision, std::vector<RowRewrite> rewrites) {
  ChangeSet set = Update(kCode, "after", revision);
  set.changes[0].operation = Operation::kEraseValues;
  set.changes[0].rewrites = std::move(rewrites);
  return set;
}

// The texts of all revisions, newest first.
std::vector<std::string> Texts(const Ledger& ledger, std::string_view code = kCode) {
  const auto view = MustLatest(ledger);
  std::vector<std::string> texts;
  REQUIRE(view->ScanRevisions(RecordKey(code), view->last_revision(),
                              [&texts](const Row& row) {
                                texts.push_back(TextOf(row));
                                return true;
                              })
              .ok());
  return texts;
}

using Strings = std::vector<std::string>;

// Whether any value in the store holds `text`.
bool StoreHolds(Engine& engine, std::string_view text) {
  bool holds = false;
  const auto snapshot = engine.Latest();
  REQUIRE((*snapshot)
              ->Scan("", "",
                     [&](std::string_view, std::string_view value) {
                       holds = holds || value.find(text) != std::string_view::npos;
                       return true;
                     })
              .ok());
  return holds;
}

// An engine that remembers the last batch.
class Recorder final : public Engine {
 public:
  explicit Recorder(Engine& engine) : engine_(engine) {}
  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() override { return engine_.Latest(); }
  CommitResult Commit(const Batch& batch) override {
    last_ = batch;
    return engine_.Commit(batch);
  }
  absl::Status Recover(absl::Duration patience) override { return engine_.Recover(patience); }
  absl::StatusOr<std::vector<StoredFile>> Files() override { return engine_.Files(); }
  absl::Status VerifyFile(const std::string& name) override { return engine_.VerifyFile(name); }
  bool MayBlock() const override { return engine_.MayBlock(); }
  const Batch& last() const { return last_; }

 private:
  Engine& engine_;
  Batch last_;
};

}  // namespace

TEST_CASE("rows of earlier revisions are rewritten, in history and as they move there") {
  World world;
  const Receipt first = MustAppend(*world.ledger, Register(kCode, "secret one")).first;
  const Receipt second =
      MustAppend(*world.ledger, Update(kCode, "secret two", first.revision)).first;
  const TreeHead before = MustLatest(*world.ledger)->tree_head();
  const Receipt erased =
      MustAppend(*world.ledger,
                 Erase(second.revision, {Rewrite(first, "erased"), Rewrite(second, "erased too")}))
          .first;
  CHECK(Texts(*world.ledger) == Strings{"after", "erased too", "erased"});
  const auto view = MustLatest(*world.ledger);
  const auto then = view->GetAsOf(RecordKey(kCode), first.revision);
  REQUIRE(then.ok());
  CHECK((*then)->revision == first.revision);
  CHECK((*then)->leaf_index == first.leaf_index);
  CHECK((*view->Get(RecordKey(kCode)))->revision == erased.revision);
  CHECK_FALSE(StoreHolds(world.memory, "secret"));
  CheckStore(*view);
  CheckExtends(*view, before);
}

TEST_CASE("a row of this group is rewritten too, and what it was is not written at all") {
  World world;
  Recorder recorder(world.engine);
  world.ledger = OpenLedger(recorder, world.clock.Options());
  const Receipt first = MustAppend(*world.ledger, Register(kCode, "secret one")).first;
  // The set's first change gets the next revision, as the clock stands still.
  const Receipt second{first.leaf_index + 1, first.revision + 1};
  MustAppend(*world.ledger, Together({Update(kCode, "secret two", first.revision),
                                      Erase(second.revision, {Rewrite(second, "erased too"),
                                                              Rewrite(first, "erased")})}));
  CHECK(Texts(*world.ledger) == Strings{"after", "erased too", "erased"});
  for (const Batch::Write& write : recorder.last().writes) {
    CHECK(write.value->find("secret") == std::string::npos);
  }
  CHECK_FALSE(StoreHolds(world.memory, "secret"));
  CheckStore(*MustLatest(*world.ledger));
  world.ledger.reset();
}

TEST_CASE("a current row that stays current is rewritten where it stands") {
  World world;
  const Receipt first = MustAppend(*world.ledger, Register(kCode, "secret")).first;
  ChangeSet other = Register("88.118.8/B");
  other.changes[0].rewrites = {Rewrite(first, "erased")};
  MustAppend(*world.ledger, other);
  CHECK(Texts(*world.ledger) == Strings{"erased"});
  // What moves to history from there on is what it was rewritten to.
  MustAppend(*world.ledger, Update(kCode, "next", first.revision));
  CHECK(Texts(*world.ledger) == Strings{"next", "erased"});
  CHECK_FALSE(StoreHolds(world.memory, "secret"));
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a rewrite of a row that is not there is damage, and writes nothing") {
  World world;
  const Receipt first = MustAppend(*world.ledger, Register(kCode, "one")).first;
  const Receipt second = MustAppend(*world.ledger, Update(kCode, "two", first.revision)).first;
  RowRewrite rewrite = Rewrite(first, "erased");
  SECTION("of another revision") {
    ++rewrite.revision;
    ++rewrite.revision;
  }
  SECTION("of another leaf") { ++rewrite.leaf_index; }
  SECTION("of another record") { rewrite.key = RecordKey("88.118.8/NONE"); }
  SECTION("of the new revision's leaf, under the old key") {
    rewrite.revision = second.revision;
    rewrite.leaf_index = second.leaf_index + 1;
  }
  const AppendOutcome outcome =
      Append(*world.ledger, Erase(second.revision, {Rewrite(second, "erased"), rewrite}));
  CHECK(outcome.status().code() == absl::StatusCode::kDataLoss);
  CHECK(ReasonOf(outcome) == "RECORD_CORRUPT");
  CHECK_FALSE(ErrorMetadataValue(outcome.status(), "key_hex").empty());
  CHECK(Texts(*world.ledger) == Strings{"two", "one"});
  MustAppend(*world.ledger, Update(kCode, "three", second.revision));
  CHECK(Texts(*world.ledger) == Strings{"three", "two", "one"});
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a refused set takes its rewrites back, also those of rows that its group moved") {
  World world;
  const Receipt first = MustAppend(*world.ledger, Register(kCode, "one")).first;
  const Receipt second{first.leaf_index + 2, first.revision + 2};
  world.engine.Hold();
  auto blocker = AppendLater(*world.ledger, Register("88.118.8/BLOCKER"));
  world.engine.AwaitHeld();
  // One group: an update, and a set that rewrites what it moved but is refused after that.
  auto update = AppendLater(*world.ledger, Update(kCode, "two", first.revision));
  auto refused = AppendLater(
      *world.ledger, Together({Erase(second.revision, {Rewrite(first, "x"), Rewrite(second, "x")}),
                               Register(kCode)}));
  world.engine.Release();
  CHECK(ReasonOf(blocker.get()) == "appended");
  REQUIRE(ReasonOf(update.get()) == "appended");
  REQUIRE(ReasonOf(refused.get()) == "refused");
  CHECK(Texts(*world.ledger) == Strings{"two", "one"});
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a rewrite that no engine would take is refused alone") {
  World world;
  const Receipt first = MustAppend(*world.ledger, Register(kCode, "one")).first;
  RowRewrite rewrite = Rewrite(first, "erased");
  rewrite.payload = std::string(kValueBytesMax, 'x');
  CHECK(ReasonOf(Append(*world.ledger, Erase(first.revision, {rewrite}))) == "BATCH_TOO_LARGE");
  CHECK(Texts(*world.ledger) == Strings{"one"});
}

}  // namespace gusu::storage
