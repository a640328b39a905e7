// What a ledger counts of itself, with an engine that does as it is told.
#include "storage/figures.h"

#include <catch2/catch.hpp>
#include <thread>

#include "storage/memory/memory_engine.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

TEST_CASE("a distribution counts up to each bound, and the rest") {
  Distribution distribution({1, 10});
  for (const double size : {0.5, 1.0, 1.5, 10.0, 11.0, 1e9}) distribution.Add(size);
  CHECK(distribution.counts() == std::vector<uint64_t>{2, 2, 2});
  CHECK(distribution.count() == 6);
  CHECK(distribution.sum() == Approx(1e9 + 24));
}

TEST_CASE("an engine that counts nothing has no figures") {
  MemoryEngine memory;
  CHECK(memory.Figures().figures.empty());
}

struct World {
  ManualClock clock;
  MemoryEngine memory;
  FaultyEngine engine{&memory};
  std::unique_ptr<Ledger> ledger = OpenLedger(engine, clock.Options());
};

TEST_CASE("queue, groups, changes and refusals are counted") {
  World world;
  world.engine.Hold();
  auto first = AppendLater(*world.ledger, Register("88.118.8/A"));
  world.engine.AwaitHeld();
  auto second = AppendLater(*world.ledger, Register("88.118.8/B"));
  auto third = AppendLater(*world.ledger, Register("88.118.8/A"));
  const LedgerFigures waiting = world.ledger->figures();
  CHECK(waiting.queue_changes == 3);
  CHECK(waiting.queue_bytes > 0);
  CHECK(waiting.queue_changes_max == Ledger::Options().queue_changes_max);
  CHECK(waiting.queue_bytes_max == Ledger::Options().queue_bytes_max);
  CHECK(waiting.groups == 0);
  world.engine.Release();
  CHECK(ReasonOf(first.get()) == "appended");
  CHECK(ReasonOf(second.get()) == "appended");
  CHECK(ReasonOf(third.get()) == "refused");
  world.ledger->Stop();
  const LedgerFigures done = world.ledger->figures();
  CHECK(done.groups == 2);
  CHECK(done.changes == 2);
  CHECK(done.refused == 1);
  CHECK(done.queue_changes == 0);
  CHECK(done.queue_bytes == 0);
  CHECK(done.leaf_count == 2);
  CHECK(done.group_changes.count() == 2);
  CHECK(done.group_changes.sum() == 2);
  CHECK(done.commit_seconds.count() == 2);
  CHECK(done.commits_failed == 0);
  CHECK(done.recoveries == 0);
}

TEST_CASE("changes of one commit are one group") {
  World world;
  std::vector<ChangeSet> sets;
  for (int i = 0; i < 5; ++i) sets.push_back(Register("88.118.8/R" + std::to_string(i)));
  MustAppend(*world.ledger, Together(std::move(sets)));
  const LedgerFigures figures = world.ledger->figures();
  CHECK(figures.groups == 1);
  CHECK(figures.changes == 5);
  CHECK(figures.group_changes.bounds()[3] == 8);
  CHECK(figures.group_changes.counts()[3] == 1);
}

TEST_CASE("the view's age is that of the state that is shown") {
  World world;
  CHECK(world.ledger->figures().view_age == absl::ZeroDuration());
  world.clock.Advance(absl::Seconds(30));
  CHECK(world.ledger->figures().view_age == absl::Seconds(30));
  MustAppend(*world.ledger, Register("88.118.8/A"));
  CHECK(world.ledger->figures().view_age == absl::ZeroDuration());
}

TEST_CASE("commits that fail and recoveries are counted") {
  World world;
  world.engine.FailNext({FaultyEngine::Fault::kNotApplied});
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/A"))) == "WRITES_STOPPED");
  CHECK(world.ledger->figures().commits_failed == 1);
  CHECK(world.ledger->figures().recoveries == 0);
  world.engine.FailNext({FaultyEngine::Fault::kUnknownDone});
  world.engine.FailRecoveries(2);
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/A"))) == "COMMIT_OUTCOME_UNKNOWN");
  while (!world.ledger->Writable().ok()) std::this_thread::yield();
  const LedgerFigures figures = world.ledger->figures();
  CHECK(figures.commits_failed == 2);
  CHECK(figures.recoveries == 3);
  CHECK(figures.groups == 0);
  CHECK(figures.leaf_count == 1);
}

TEST_CASE("sets that are refused alone are counted, too") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/A"))) == "refused");
  CHECK(world.ledger->figures().refused == 1);
  CHECK(world.ledger->figures().groups == 1);
}

}  // namespace
}  // namespace gusu::storage
