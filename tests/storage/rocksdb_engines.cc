#include <atomic>
#include <stdexcept>

#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/engines.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

// What belongs to an engine under test, released in the reverse order.
struct Store {
  TemporaryDirectory directory;
  std::shared_ptr<std::atomic<FileFault>> fault =
      std::make_shared<std::atomic<FileFault>>(FileFault::kNone);
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<Engine> engine;
};

std::shared_ptr<Store> MakeStore(RocksDbOptions options) {
  auto store = std::make_shared<Store>();
  store->env = NewFaultyEnv(store->fault);
  options.env = store->env.get();
  auto engine = OpenRocksDbEngine(store->directory.File("store"), std::move(options));
  if (!engine.ok()) throw std::runtime_error(engine.status().ToString());
  store->engine = *std::move(engine);
  return store;
}

EngineUnderTest Make(FileFault fault, AgeClock clock) {
  RocksDbOptions options;
  options.clock = std::move(clock);
  auto store = MakeStore(std::move(options));
  std::shared_ptr<std::atomic<FileFault>> set = store->fault;
  return {std::shared_ptr<Engine>(store, store->engine.get()), [set, fault] { *set = fault; },
          [set] { *set = FileFault::kNone; }};
}

}  // namespace

std::vector<EngineKind> EngineKinds() {
  std::vector<EngineKind> kinds;
  for (auto [name, fault] : {std::pair("rocksdb, sync fails", FileFault::kSyncFails),
                             std::pair("rocksdb, write torn", FileFault::kWriteTorn),
                             std::pair("rocksdb, no space", FileFault::kNoSpace)}) {
    kinds.push_back(
        {name, [fault = fault](AgeClock clock) { return Make(fault, std::move(clock)); }});
  }
  return kinds;
}

}  // namespace gusu::storage
