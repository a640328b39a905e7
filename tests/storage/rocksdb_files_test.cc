// What the RocksDB engine says of its files: which there are, which are damaged, and that what was
// written over leaves them.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "proto/error.h"
#include "proto/hash.h"
#include "rocksdb/env.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

namespace fs = std::filesystem;
using Outcome = CommitResult::Outcome;

std::unique_ptr<Engine> Open(const std::string& directory, RocksDbOptions options = {}) {
  auto engine = OpenRocksDbEngine(directory, std::move(options));
  INFO(engine.status().ToString());
  REQUIRE(engine.ok());
  return *std::move(engine);
}

void Put(Engine& engine, const std::string& key, const std::string& value) {
  Batch batch;
  batch.Put(key, value);
  REQUIRE(engine.Commit(batch).outcome == Outcome::kApplied);
}

std::string KeyOf(int number) { return "key " + std::to_string(1000 + number); }

// A closed store whose one sorted file has 500 keys in several blocks.
struct Store {
  TemporaryDirectory directory;
  std::string path = directory.File("store");
  std::string name;  // of the file

  Store() {
    auto engine = Open(path);
    for (int i = 0; i < 500; ++i) Put(*engine, KeyOf(i), std::string(50, 'x') + KeyOf(i));
    engine.reset();
    engine = Open(path);  // a start writes what the log held to a sorted file
    const auto files = engine->Files();
    REQUIRE(files.ok());
    REQUIRE(files->size() == 1);
    name = files->front().name;
  }
  std::string file() const { return path + "/" + name; }
};

void Flip(const std::string& file, size_t offset) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(static_cast<std::streamoff>(offset));
  const char flipped = static_cast<char>(bytes.get() ^ 0x40);
  bytes.seekp(static_cast<std::streamoff>(offset));
  bytes.put(flipped);
  REQUIRE(bytes.good());
}

void CheckNamed(const absl::Status& status, const Store& store) {
  INFO(status.ToString());
  CHECK(status.code() == absl::StatusCode::kDataLoss);
  CHECK(ErrorReason(status) == "RECORD_CORRUPT");
  CHECK(ErrorMetadataValue(status, "file") == store.name);
  CHECK(ErrorMetadataValue(status, "first_key_hex") == HexEncode(KeyOf(0)));
  CHECK(ErrorMetadataValue(status, "last_key_hex") == HexEncode(KeyOf(499)));
}

bool AnyFileHolds(const std::string& directory, const std::string& text) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (bytes.find(text) != std::string::npos) return true;
  }
  return false;
}

// The system's, at another time.
class ClockEnv final : public rocksdb::EnvWrapper {
 public:
  ClockEnv() : EnvWrapper(rocksdb::Env::Default()) {}
  const char* Name() const override { return "ClockEnv"; }
  rocksdb::Status GetCurrentTime(int64_t* seconds) override {
    const rocksdb::Status got = target()->GetCurrentTime(seconds);
    *seconds += ahead_s;
    return got;
  }
  std::atomic<int64_t> ahead_s = 0;
};

TEST_CASE("files are listed by name with their sizes, and are what was written") {
  Store store;
  auto engine = Open(store.path);
  const auto files = engine->Files();
  REQUIRE(files.ok());
  REQUIRE(files->size() == 1);
  CHECK(files->front().name == store.name);
  CHECK(files->front().bytes == fs::file_size(store.file()));
  CHECK(engine->VerifyFile(store.name).ok());
}

TEST_CASE("a file that is in use no more, or never was, is not read") {
  Store store;
  auto engine = Open(store.path);
  store.directory.Write("secret", "not ours");
  for (const char* name : {"999999.sst", "../secret", "", "CURRENT"}) {
    CHECK(engine->VerifyFile(name).ok());
  }
}

TEST_CASE("any byte that was changed in a file is found, while reads go on from the cache") {
  Store store;
  auto engine = Open(store.path);
  const auto visit = [](std::string_view, std::string_view) { return true; };
  REQUIRE((*engine->Latest())->Scan("", "", visit).ok());
  const size_t bytes = fs::file_size(store.file());
  for (size_t offset = 0; offset < bytes; offset += 7) {
    CAPTURE(offset, bytes);
    Flip(store.file(), offset);
    const absl::Status damaged = engine->VerifyFile(store.name);
    CheckNamed(damaged, store);
    Flip(store.file(), offset);
  }
  CHECK(engine->VerifyFile(store.name).ok());
  CHECK((*engine->Latest())->Scan("", "", visit).ok());
}

TEST_CASE("a file that was cut or removed is damaged") {
  Store store;
  auto engine = Open(store.path);
  SECTION("cut") { fs::resize_file(store.file(), fs::file_size(store.file()) - 100); }
  SECTION("empty") { fs::resize_file(store.file(), 0); }
  SECTION("gone") { fs::remove(store.file()); }
  CheckNamed(engine->VerifyFile(store.name), store);
}

TEST_CASE("a read that meets a damaged block names the key, the file and its interval of keys") {
  Store store;
  Flip(store.file(), 100);
  auto engine = Open(store.path);
  const auto snapshot = *engine->Latest();
  const absl::Status got = snapshot->Get(KeyOf(0)).status();
  CheckNamed(got, store);
  CHECK(ErrorMetadataValue(got, "key_hex") == HexEncode(KeyOf(0)));
  const auto many = snapshot->MultiGet(std::vector<std::string>{KeyOf(0), KeyOf(499)});
  CheckNamed(many[0].status(), store);
  CHECK(ErrorMetadataValue(many[0].status(), "key_hex") == HexEncode(KeyOf(0)));
  CHECK(many[1].ok());  // of another block
  CheckNamed(snapshot->Scan("", "", [](std::string_view, std::string_view) { return true; }),
             store);
  Batch batch;
  batch.Expect(KeyOf(0), "whatever");
  CheckNamed(engine->Commit(batch).status, store);
}

TEST_CASE("what was written over leaves the files, also when nothing more is written") {
  // Not to be found in a file by chance, nor compressed away.
  const std::string secret = HexEncode(RandomBytes(16));
  const TemporaryDirectory directory;
  const std::string path = directory.File("store");
  ClockEnv env;
  std::atomic<int64_t> monotonic_s = 0;
  RocksDbOptions options;
  options.env = &env;
  options.clock = [&monotonic_s] { return absl::FromUnixSeconds(monotonic_s); };
  {
    auto engine = Open(path, options);
    Put(*engine, "a", "1");
    Put(*engine, "b", secret);
    Put(*engine, "c", "1");
  }
  auto engine = Open(path, options);
  Put(*engine, "b", "erased");
  REQUIRE(AnyFileHolds(path, secret));
  // Each day somebody looks, as the ledger does; RocksDB works in threads of its own.
  while (AnyFileHolds(path, secret)) {
    monotonic_s += 24 * 60 * 60 + 1;
    env.ahead_s += 24 * 60 * 60 + 1;
    REQUIRE(env.ahead_s < 30 * 24 * 60 * 60);
    const auto snapshot = engine->Latest();
    REQUIRE(snapshot.ok());
    CHECK((*snapshot)->Get("b")->value() == "erased");
    // Real time only lets those threads work; the days bound how often.
    for (int looks = 0; looks < 1000 && AnyFileHolds(path, secret); ++looks) {
      std::this_thread::yield();
    }
  }
  CHECK((*engine->Latest())->Get("c")->value() == "1");
}

}  // namespace
}  // namespace gusu::storage
