// What an engine on RocksDB shows and keeps when the file system under it fails.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <thread>

#include "proto/error.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/storage/faulty_file_system.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

namespace fs = std::filesystem;
using Outcome = CommitResult::Outcome;
using Found = std::optional<std::string>;

struct FaultyStore {
  TemporaryDirectory directory;
  std::shared_ptr<std::atomic<FileFault>> fault =
      std::make_shared<std::atomic<FileFault>>(FileFault::kNone);
  std::unique_ptr<rocksdb::Env> env = NewFaultyEnv(fault);
  std::unique_ptr<Engine> engine = Open();

  std::unique_ptr<Engine> Open() {
    RocksDbOptions options;
    options.env = env.get();
    auto opened = OpenRocksDbEngine(directory.File("store"), options);
    REQUIRE(opened.ok());
    return *std::move(opened);
  }
};

CommitResult Put(Engine& engine, const std::string& key, const std::string& value) {
  Batch batch;
  batch.Put(key, value);
  return engine.Commit(batch);
}

Found Get(Engine& engine, const std::string& key) {
  auto snapshot = engine.Latest();
  REQUIRE(snapshot.ok());
  auto value = (*snapshot)->Get(key);
  REQUIRE(value.ok());
  return *value;
}

TEST_CASE("a commit whose sync failed is there after Recover, and lasts") {
  FaultyStore store;
  REQUIRE(Put(*store.engine, "a", "1").outcome == Outcome::kApplied);
  *store.fault = FileFault::kSyncFails;
  REQUIRE(Put(*store.engine, "a", "2").outcome == Outcome::kUnknown);
  *store.fault = FileFault::kNone;
  REQUIRE(store.engine->Recover(absl::Seconds(10)).ok());
  // An error was returned, and it was done: why the outcome is unknown.
  CHECK(Get(*store.engine, "a") == Found("2"));
  const std::string image = store.directory.File("image");
  fs::copy(store.directory.File("store"), image, fs::copy_options::recursive);
  auto after_crash = OpenRocksDbEngine(image);
  REQUIRE(after_crash.ok());
  CHECK(Get(**after_crash, "a") == Found("2"));
}

TEST_CASE("a commit whose write was torn is gone after Recover, and stays away") {
  FaultyStore store;
  REQUIRE(Put(*store.engine, "a", "1").outcome == Outcome::kApplied);
  *store.fault = FileFault::kWriteTorn;
  REQUIRE(Put(*store.engine, "a", std::string(1000, '2')).outcome == Outcome::kUnknown);
  *store.fault = FileFault::kNone;
  REQUIRE(store.engine->Recover(absl::Seconds(10)).ok());
  CHECK(Get(*store.engine, "a") == Found("1"));
  store.engine.reset();
  store.engine = store.Open();
  CHECK(Get(*store.engine, "a") == Found("1"));
}

TEST_CASE("a full disk is told as STORE_FULL, and the engine goes on when there is space again") {
  FaultyStore store;
  REQUIRE(Put(*store.engine, "a", "1").outcome == Outcome::kApplied);
  *store.fault = FileFault::kNoSpace;
  const CommitResult full = Put(*store.engine, "b", "2");
  CHECK(full.outcome == Outcome::kUnknown);
  CHECK(ErrorReason(full.status) == "STORE_FULL");
  *store.fault = FileFault::kNone;
  REQUIRE(store.engine->Recover(absl::Seconds(10)).ok());
  CHECK(Get(*store.engine, "b") == std::nullopt);
  CHECK(Put(*store.engine, "b", "2").outcome == Outcome::kApplied);
}

TEST_CASE("Recover waits for the snapshots that callers hold, for as long as it is told to") {
  FaultyStore store;
  REQUIRE(Put(*store.engine, "a", "1").outcome == Outcome::kApplied);
  auto held = *store.engine->Latest();
  *store.fault = FileFault::kSyncFails;
  REQUIRE(Put(*store.engine, "a", "2").outcome == Outcome::kUnknown);
  *store.fault = FileFault::kNone;

  const absl::Status early = store.engine->Recover(absl::ZeroDuration());
  CHECK(early.code() == absl::StatusCode::kUnavailable);
  // Nothing has changed: the held snapshot and new ones show the state before.
  CHECK(*held->Get("a") == Found("1"));
  CHECK(Get(*store.engine, "a") == Found("1"));

  std::thread recovery([&] { CHECK(store.engine->Recover(absl::Minutes(1)).ok()); });
  held.reset();
  recovery.join();
  CHECK(Get(*store.engine, "a") == Found("2"));
}

TEST_CASE("a snapshot may outlive its engine") {
  FaultyStore store;
  REQUIRE(Put(*store.engine, "a", "1").outcome == Outcome::kApplied);
  auto held = *store.engine->Latest();
  store.engine.reset();
  CHECK(*held->Get("a") == Found("1"));
  held.reset();
  store.engine = store.Open();
  CHECK(Get(*store.engine, "a") == Found("1"));
}

}  // namespace
}  // namespace gusu::storage
