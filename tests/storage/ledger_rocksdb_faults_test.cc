// A ledger on RocksDB when the file system fails within a commit: not done, or done with an error.
#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {

TEST_CASE("files that fail within a commit: no tree was shown that a start does not extend") {
  const bool goes_on = GENERATE(true, false);
  for (const FileFault kind : {FileFault::kSyncFails, FileFault::kWriteTorn, FileFault::kNoSpace}) {
    CAPTURE(static_cast<int>(kind), goes_on);
    const TemporaryDirectory directory;
    auto fault = std::make_shared<std::atomic<FileFault>>(FileFault::kNone);
    const auto env = NewFaultyEnv(fault);
    RocksDbOptions files;
    files.env = env.get();
    Ledger::Options options;
    options.recovery_delay_min = options.recovery_delay_max = absl::Milliseconds(1);
    const auto open = [&] {
      auto engine = OpenRocksDbEngine(directory.File("store"), files);
      REQUIRE(engine.ok());
      auto ledger = Ledger::Open(*std::move(engine), options);
      INFO(ledger.status());
      REQUIRE(ledger.ok());
      return *std::move(ledger);
    };
    auto ledger = open();
    std::vector<ChangeSet> sets;
    for (int i = 0; i < 255; ++i) sets.push_back(Register("88.118.8/C-" + std::to_string(i)));
    MustAppend(*ledger, Together(std::move(sets)));
    std::vector<TreeHead> shown = {MustLatest(*ledger)->tree_head()};
    // This one fills a tile.
    const ChangeSet set = WithRequest(Register("88.118.8/A"), "r1");
    *fault = kind;
    CHECK(ReasonOf(Append(*ledger, set)) == "COMMIT_OUTCOME_UNKNOWN");
    if (const auto view = ledger->Latest(); view.ok()) shown.push_back((*view)->tree_head());
    if (goes_on) {
      *fault = FileFault::kNone;
      while (!ledger->Writable().ok()) std::this_thread::yield();
      MustAppend(*ledger, set);
      CheckStore(*MustLatest(*ledger));
      shown.push_back(MustLatest(*ledger)->tree_head());
      CHECK(shown.back().size == 256);
    }
    ledger.reset();
    *fault = FileFault::kNone;
    ledger = open();
    CheckStore(*MustLatest(*ledger));
    for (const TreeHead& head : shown) CheckExtends(*MustLatest(*ledger), head);
    MustAppend(*ledger, set);
    CHECK(MustLatest(*ledger)->leaf_count() == 256);
  }
}

}  // namespace gusu::storage
