// What storage/rocksdb/rocksdb_engine.h promises beyond the contract of all engines: files,
// crashes, damage.
#include "storage/rocksdb/rocksdb_engine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "proto/error.h"
#include "tests/temporary_directory.h"

namespace gusu::storage {
namespace {

namespace fs = std::filesystem;
using Outcome = CommitResult::Outcome;
using Found = std::optional<std::string>;

std::unique_ptr<Engine> Open(const std::string& directory) {
  auto engine = OpenRocksDbEngine(directory);
  INFO(engine.status().ToString());
  REQUIRE(engine.ok());
  return *std::move(engine);
}

std::string KeyOf(int commit) { return "key " + std::to_string(1000 + commit); }

// Commits numbered from `first` to before `end`; each puts one key with a value of `value_bytes`.
void CommitMany(Engine& engine, int first, int end, size_t value_bytes = 100) {
  for (int i = first; i < end; ++i) {
    Batch batch;
    batch.Put(KeyOf(i), std::string(value_bytes, static_cast<char>('a' + i % 26)));
    REQUIRE(engine.Commit(batch).outcome == Outcome::kApplied);
  }
}

// How many of CommitMany's keys there are; -1 when one is missing before another.
int CommitsIn(Engine& engine) {
  auto snapshot = engine.Latest();
  REQUIRE(snapshot.ok());
  int count = 0;
  bool gapless = true;
  REQUIRE((*snapshot)
              ->Scan("", "",
                     [&](std::string_view key, std::string_view) {
                       gapless = gapless && key == KeyOf(count);
                       ++count;
                       return true;
                     })
              .ok());
  return gapless ? count : -1;
}

// The files of a store as a crash of its process leaves them now.
std::string CrashImage(const std::string& store, const TemporaryDirectory& at) {
  const std::string image = at.File("image");
  fs::remove_all(image);
  fs::copy(store, image, fs::copy_options::recursive);
  return image;
}

// The one file of the store with this ending.
std::string FileOf(const std::string& directory, const std::string& ending) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ending) files.push_back(entry.path().string());
  }
  REQUIRE(files.size() == 1);
  return files.front();
}

void Damage(const std::string& file, size_t offset, size_t count = 1) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  for (size_t i = offset; i < offset + count; ++i) {
    bytes.seekg(static_cast<std::streamoff>(i));
    const char damaged = static_cast<char>(bytes.get() ^ 0x40);
    bytes.seekp(static_cast<std::streamoff>(i));
    bytes.put(damaged);
  }
  REQUIRE(bytes.good());
}

TEST_CASE("the store's directory is closed to other users") {
  TemporaryDirectory directory;
  const std::string store = directory.File("store");
  SECTION("when the engine makes it") {}
  SECTION("when it was there and open to all") {
    fs::create_directory(store);
    fs::permissions(store, fs::perms::all);
  }
  auto engine = Open(store);
  CHECK((fs::status(store).permissions() & fs::perms::mask) == fs::perms::owner_all);
}

TEST_CASE("a store in a place that cannot be used is kUnavailable, naming the place") {
  TemporaryDirectory directory;
  std::ofstream(directory.File("file")) << "not a directory";
  for (const std::string& place : {directory.File("absent/store"), directory.File("file")}) {
    const absl::Status status = OpenRocksDbEngine(place).status();
    CHECK(status.code() == absl::StatusCode::kUnavailable);
    CHECK(ErrorReason(status) == "STORE_UNAVAILABLE");
    CHECK(std::string(status.message()).find(place) != std::string::npos);
  }
}

TEST_CASE("a store that this process has open cannot be opened again") {
  TemporaryDirectory directory;
  const std::string store = directory.File("store");
  auto engine = Open(store);
  const absl::Status status = OpenRocksDbEngine(store).status();
  CHECK(status.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ErrorReason(status) == "STORE_IN_USE");
  CHECK(status.message() == "another server uses the store in " + store);
  engine.reset();
  Open(store);
}

TEST_CASE("a store that another process has open cannot be opened") {
  TemporaryDirectory directory;
  const std::string store = directory.File("store");
  Open(store);
  int locked[2], finished[2];
  REQUIRE(pipe(locked) == 0);
  REQUIRE(pipe(finished) == 0);
  const std::string lock_file = store + "/LOCK";
  const pid_t other = fork();
  if (other == 0) {
    // The other server, as far as its lock goes. Ends when the test closes the pipe.
    close(finished[1]);
    const int file = open(lock_file.c_str(), O_RDWR);
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    const char done = fcntl(file, F_SETLK, &lock) == 0 ? '1' : '0';
    char end;
    if (write(locked[1], &done, 1) != 1) _exit(1);
    const ssize_t got = read(finished[0], &end, 1);
    _exit(got == 0 ? 0 : 1);
  }
  char done = 0;
  REQUIRE(read(locked[0], &done, 1) == 1);
  REQUIRE(done == '1');
  const absl::Status status = OpenRocksDbEngine(store).status();
  CHECK(ErrorReason(status) == "STORE_IN_USE");
  close(finished[1]);
  int exit_status = 1;
  REQUIRE(waitpid(other, &exit_status, 0) == other);
  CHECK(exit_status == 0);
  Open(store);
}

TEST_CASE("every applied commit is there after a crash of the process") {
  TemporaryDirectory directory;
  auto engine = Open(directory.File("store"));
  CommitMany(*engine, 0, 50);
  const std::string image = CrashImage(directory.File("store"), directory);
  CHECK(CommitsIn(*Open(image)) == 50);
  // And after a clean end.
  engine.reset();
  CHECK(CommitsIn(*Open(directory.File("store"))) == 50);
}

TEST_CASE("of a log that is cut in its last commit, that one alone is missing") {
  TemporaryDirectory directory;
  auto engine = Open(directory.File("store"));
  CommitMany(*engine, 0, 20);
  const size_t whole = fs::file_size(FileOf(directory.File("store"), ".log"));
  CommitMany(*engine, 20, 21);
  const size_t longer = fs::file_size(FileOf(directory.File("store"), ".log"));
  for (size_t size = whole; size < longer; ++size) {
    CAPTURE(whole, size, longer);
    const std::string image = CrashImage(directory.File("store"), directory);
    fs::resize_file(FileOf(image, ".log"), size);
    CHECK(CommitsIn(*Open(image)) == 20);
  }
}

TEST_CASE("a last commit of many blocks of which some never reached the disk is dropped whole") {
  TemporaryDirectory directory;
  auto engine = Open(directory.File("store"));
  CommitMany(*engine, 0, 20);
  const size_t whole = fs::file_size(FileOf(directory.File("store"), ".log"));
  CommitMany(*engine, 20, 21, 300'000);
  const std::string image = CrashImage(directory.File("store"), directory);
  std::fstream log(FileOf(image, ".log"), std::ios::in | std::ios::out | std::ios::binary);
  // A page of the file in the middle of the commit, as the file system would show it: zeros.
  log.seekp(static_cast<std::streamoff>((whole + 100'000) / 4096 * 4096));
  log << std::string(4096, '\0');
  log.close();
  CHECK(CommitsIn(*Open(image)) == 20);
}

TEST_CASE("damage in the log before its last commit refuses the start") {
  TemporaryDirectory directory;
  auto engine = Open(directory.File("store"));
  const size_t value_bytes = GENERATE(100, 5000);  // one block of 32 KiB; several
  constexpr int commit_count = 30;
  CommitMany(*engine, 0, commit_count, value_bytes);
  const std::string image = CrashImage(directory.File("store"), directory);
  const std::string log = FileOf(image, ".log");
  const size_t commit_bytes = fs::file_size(log) / static_cast<size_t>(commit_count);
  const size_t middle = GENERATE(0, 3) * commit_bytes;
  CAPTURE(commit_bytes, middle);
  SECTION("in a checksum") { Damage(log, middle + 1); }
  SECTION("in a length, so that the rest looks like a torn tail") { Damage(log, middle + 5); }
  SECTION("in the kind of a piece") { Damage(log, middle + 6); }
  SECTION("in the content") { Damage(log, middle + 50); }
  SECTION("of a whole sector") { Damage(log, middle, 512); }
  SECTION("zeros over a sector, which look like space set aside") {
    std::fstream bytes(log, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(middle));
    bytes << std::string(512, '\0');
  }
  const absl::Status status = OpenRocksDbEngine(image).status();
  INFO(status.ToString());
  CHECK(status.code() == absl::StatusCode::kDataLoss);
  CHECK(ErrorReason(status) == "RECORD_CORRUPT");
  CHECK(std::string(status.message()).find(".log") != std::string::npos);
  // The files stay as they are, for whoever repairs them: the next start refuses too.
  CHECK(OpenRocksDbEngine(image).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("a read that meets a damaged block is kDataLoss, and never an absent key") {
  TemporaryDirectory directory;
  const std::string store = directory.File("store");
  CommitMany(*Open(store), 0, 500);
  Open(store);  // a start writes what the log held to a sorted file
  const std::string sorted = FileOf(store, ".sst");
  Damage(sorted, 100, 64);
  auto engine = Open(store);
  auto snapshot = *engine->Latest();
  const absl::Status got = snapshot->Get(KeyOf(0)).status();
  CHECK(got.code() == absl::StatusCode::kDataLoss);
  CHECK(ErrorReason(got) == "RECORD_CORRUPT");
  CHECK(snapshot->MultiGet(std::vector<std::string>{KeyOf(0)})[0].status().code() ==
        absl::StatusCode::kDataLoss);
  const auto visit = [](std::string_view, std::string_view) { return true; };
  CHECK(snapshot->Scan("", "", visit).code() == absl::StatusCode::kDataLoss);
  // The database's own words are for its log.
  CHECK(std::string(got.message()).find("Corruption") == std::string::npos);
  Batch batch;
  batch.Expect(KeyOf(0), "whatever");
  const CommitResult result = engine->Commit(batch);
  CHECK(result.outcome == Outcome::kNotApplied);
  CHECK(result.status.code() == absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace gusu::storage
