// Appends to a ledger on RocksDB as it is told, and tells how long each round took: the part that
// audit_tree_benchmark.py runs twice, with the audit tree and with one that does nothing.
//
// Reads lines "SETS CHANGES" and appends, for each, SETS sets of CHANGES registrations at once;
// answers with the microseconds until all were told.
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <string>

#include "proto/identifier.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

constexpr size_t kRecordBytes = 280;

ChangeSet Registrations(uint64_t& number, size_t changes) {
  std::vector<ChangeSet> sets;
  for (size_t i = 0; i < changes; ++i) {
    char code[32];
    std::snprintf(code, sizeof(code), "88.118.8/HP-%09llu",
                  static_cast<unsigned long long>(number++));
    ChangeSet set = Register(code, std::string(kRecordBytes - 60, 'x'));
    set.changes[0].commitments.resize(2, set.changes[0].commitments[0]);
    sets.push_back(std::move(set));
  }
  return Together(std::move(sets));
}

absl::Duration Round(Ledger& ledger, std::vector<ChangeSet> sets) {
  std::latch told(static_cast<ptrdiff_t>(sets.size()));
  const absl::Time begin = absl::Now();
  for (ChangeSet& set : sets) {
    ledger.Append(std::move(set), [&told](AppendOutcome outcome) {
      if (ReasonOf(outcome) != "appended") std::abort();
      told.count_down();
    });
  }
  told.wait();
  return absl::Now() - begin;
}

int Run() {
  const TemporaryDirectory directory;
  auto engine = OpenRocksDbEngine(directory.File("store"));
  if (!engine.ok()) {
    std::fprintf(stderr, "%s\n", engine.status().ToString().c_str());
    return 1;
  }
  const auto ledger = OpenLedger(**engine, {});
  uint64_t number = 0;
  size_t sets = 0, changes = 0;
  while (std::scanf("%zu %zu", &sets, &changes) == 2) {
    std::vector<ChangeSet> round;
    for (size_t i = 0; i < sets; ++i) round.push_back(Registrations(number, changes));
    const absl::Duration took = Round(*ledger, std::move(round));
    std::printf("%.1f\n", absl::ToDoubleMicroseconds(took));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace gusu::storage

int main() { return gusu::storage::Run(); }
