#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "storage/memory/memory_engine.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

constexpr int kThreads = 4;
constexpr int kSetsPerThread = 150;

}  // namespace

TEST_CASE("many threads append, read and repeat, through a failing commit, and all agree") {
  ManualClock clock;
  MemoryEngine memory;
  FaultyEngine engine(&memory);
  const auto ledger = OpenLedger(engine, clock.Options());
  std::atomic<bool> writing = true;
  std::atomic<int> wrong = 0;
  std::array<std::vector<uint64_t>, kThreads> leaves;

  // Assertions are not for several threads: these count, and the test asserts.
  const auto write = [&](int thread) {
    for (int i = 0; i < kSetsPerThread; ++i) {
      const std::string code = std::to_string(thread) + "-" + std::to_string(i);
      const ChangeSet set = WithRequest(Register("88.118.8/" + code), code);
      AppendOutcome outcome = Append(*ledger, set);
      while (outcome.status().code() == absl::StatusCode::kUnavailable) {
        std::this_thread::yield();
        outcome = Append(*ledger, set);
      }
      if (ReasonOf(outcome) != "appended") {
        ++wrong;
        continue;
      }
      leaves[thread].push_back(std::get<Appended>(*outcome).first.leaf_index);
      if (i == kSetsPerThread / 2) engine.FailNext({FaultyEngine::Fault::kUnknownDone});
    }
  };
  // One code that all want: one gets it.
  std::atomic<int> winners = 0;
  const auto compete = [&] {
    AppendOutcome outcome = Append(*ledger, Register("88.118.8/WANTED"));
    if (ReasonOf(outcome) == "appended") ++winners;
  };
  const auto read = [&] {
    uint64_t last_leaf_count = 0;
    while (writing) {
      const auto view = ledger->Latest();
      if (!view.ok()) continue;
      wrong += (*view)->leaf_count() < last_leaf_count;
      last_leaf_count = (*view)->leaf_count();
      if (last_leaf_count == 0) continue;
      const auto change = (*view)->ReadChange(last_leaf_count - 1);
      wrong += !change.ok() || change->revision != (*view)->last_revision();
    }
  };
  std::thread reader(read);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(compete);
  for (std::thread& thread : threads) thread.join();
  threads.clear();
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(write, i);
  for (std::thread& thread : threads) thread.join();
  writing = false;
  reader.join();

  CHECK(wrong == 0);
  CHECK(winners == 1);
  std::set<uint64_t> distinct;
  for (const auto& of_thread : leaves) {
    CHECK(std::is_sorted(of_thread.begin(), of_thread.end()));
    distinct.insert(of_thread.begin(), of_thread.end());
  }
  CHECK(distinct.size() == kThreads * kSetsPerThread);
  CHECK(MustLatest(*ledger)->leaf_count() == kThreads * kSetsPerThread + 1);
  CheckStore(*MustLatest(*ledger));
}

}  // namespace gusu::storage
