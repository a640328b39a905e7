// What the ledger costs on top of its engine: changes a second in groups of several sizes, and
// beside each the ceiling, which is the engine committing batches of the same rows and nothing
// else.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <latch>
#include <memory>
#include <string>

#include "proto/identifier.h"
#include "storage/figures.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

constexpr size_t kRecordBytes = 280;
constexpr size_t kOpeningRowBytes = 280;

struct Store {
  TemporaryDirectory directory;
  std::unique_ptr<Engine> engine;
};

std::unique_ptr<Store> OpenStore(bool on_disk) {
  auto store = std::make_unique<Store>();
  if (!on_disk) {
    store->engine = std::make_unique<MemoryEngine>();
    return store;
  }
  auto engine = OpenRocksDbEngine(store->directory.File("store"));
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", engine.status().ToString().c_str());
    std::exit(1);
  }
  store->engine = *std::move(engine);
  return store;
}

std::string Code(uint64_t number) {
  char code[32];
  std::snprintf(code, sizeof(code), "88.118.8/HP-%09llu", static_cast<unsigned long long>(number));
  return code;
}

ChangeSet Registration(uint64_t number) {
  ChangeSet set = Register(Code(number), std::string(kRecordBytes - 60, 'x'));
  set.changes[0].commitments.resize(2, set.changes[0].commitments[0]);
  return set;
}

// Arguments: engine (0 memory, 1 RocksDB), changes a group.
void BM_EngineBatch(benchmark::State& state) {
  const auto store = OpenStore(state.range(0) == 1);
  const auto group = static_cast<uint64_t>(state.range(1));
  const std::string record(kRecordBytes, 'x'), opening(kOpeningRowBytes, 'x');
  uint64_t number = 0;
  for (auto _ : state) {
    Batch batch;
    batch.writes.reserve(2 * group + 1);
    for (uint64_t i = 0; i < group; ++i) batch.Put(OpeningKey(number + i), opening);
    for (uint64_t i = 0; i < group; ++i) batch.Put(RecordKey(Code(number + i)), record);
    batch.Put(HeadKey(), "head");
    if (store->engine->Commit(batch).outcome != CommitResult::Outcome::kApplied) std::abort();
    number += group;
  }
  state.counters["changes"] =
      benchmark::Counter(static_cast<double>(number), benchmark::Counter::kIsRate);
}

// Single-change sets, as a stream of registrations queues them; each round waits for its last one.
void BM_LedgerAppend(benchmark::State& state) {
  const auto store = OpenStore(state.range(0) == 1);
  const auto group = static_cast<uint64_t>(state.range(1));
  const auto ledger = OpenLedger(*store->engine, {});
  uint64_t number = 0;
  std::vector<ChangeSet> sets(group);
  for (auto _ : state) {
    state.PauseTiming();
    for (uint64_t i = 0; i < group; ++i) sets[i] = Registration(number + i);
    state.ResumeTiming();
    std::latch told(static_cast<ptrdiff_t>(group));
    for (ChangeSet& set : sets) {
      ledger->Append(std::move(set), [&told](AppendOutcome outcome) {
        if (ReasonOf(outcome) != "appended") std::abort();
        told.count_down();
      });
    }
    told.wait();
    number += group;
  }
  const auto groups = static_cast<double>(ledger->figures().groups);
  state.counters["changes"] =
      benchmark::Counter(static_cast<double>(number), benchmark::Counter::kIsRate);
  state.counters["a_commit"] = static_cast<double>(number) / groups;
}

// One set of many changes, as a batch registration queues it.
void BM_LedgerAppendSet(benchmark::State& state) {
  const auto store = OpenStore(state.range(0) == 1);
  const auto group = static_cast<uint64_t>(state.range(1));
  const auto ledger = OpenLedger(*store->engine, {});
  uint64_t number = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<ChangeSet> sets;
    for (uint64_t i = 0; i < group; ++i) sets.push_back(Registration(number + i));
    ChangeSet set = Together(std::move(sets));
    state.ResumeTiming();
    if (ReasonOf(Append(*ledger, std::move(set))) != "appended") std::abort();
    number += group;
  }
  state.counters["changes"] =
      benchmark::Counter(static_cast<double>(number), benchmark::Counter::kIsRate);
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"rocksdb", "group"})->UseRealTime()->MeasureProcessCPUTime();
  for (const int on_disk : {0, 1}) {
    for (const int group : {1, 100, 1000}) benchmark->Args({on_disk, group});
  }
}

BENCHMARK(BM_EngineBatch)->Apply(Sizes);
BENCHMARK(BM_LedgerAppend)->Apply(Sizes);
BENCHMARK(BM_LedgerAppendSet)->Apply(Sizes);

}  // namespace
}  // namespace gusu::storage

BENCHMARK_MAIN();
