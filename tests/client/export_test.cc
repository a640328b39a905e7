// A log in a directory: written, continued, interrupted, refused, and read back.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "client/audit/log_files.h"
#include "tests/client/memory_log.h"
#include "tests/temporary_directory.h"

namespace gusu::test {
namespace {

namespace fs = std::filesystem;

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

LogVerdict VerifyDirectory(const MemoryLog& log, const std::string& directory) {
  DirectoryLog source(directory);
  LogVerificationOptions options;
  options.vkeys = {log.vkey()};
  Result<LogVerdict> verdict = VerifyLog(source, options);
  REQUIRE(verdict.ok());
  return *std::move(verdict);
}

void Grow(MemoryLog* log, size_t leaves_count) {
  for (size_t i = 0; i < leaves_count; ++i) {
    log->Write("88.118.8", "G-" + std::to_string(log->leaves.size()), {"PUBLIC"});
  }
  log->Publish();
}

TEST_CASE("an export has every tile, bundle and key at its path, and verifies by itself") {
  MemoryLog log = MemoryLog::Small(700);
  const TemporaryDirectory directory;
  uint64_t told = 0;
  const auto head = ExportLog(log, directory.path(), {log.vkey()},
                              [&told](uint64_t done, uint64_t) { told = done; });
  REQUIRE(head.ok());
  CHECK(head->tree_size == 708);
  CHECK(told == 512);
  for (const auto& [path, bytes] : log.tiles) CHECK(Read(directory.File(path)) == bytes);
  CHECK(Read(directory.File("checkpoint")) == log.checkpoint);
  CHECK(Read(directory.File("vkey")) == log.vkey() + "\n");
  CHECK(fs::exists(directory.File("tile/entries/001")));
  CHECK(Read(directory.File("tile/entries/002.p/196")).size() == 196 * 43);
  const LogVerdict verdict = VerifyDirectory(log, directory.path());
  CHECK(verdict.differences.empty());
  CHECK(verdict.leaves_count == 708);
  CHECK(verdict.tiles_count == 4);
}

TEST_CASE("an export is continued from where it was, to the same files") {
  MemoryLog log = MemoryLog::Small(0);
  log.shows_openings = false;
  const TemporaryDirectory continued, fresh;
  for (const size_t more : {0, 3, 245, 1, 255, 256, 600, 66000}) {
    Grow(&log, more);
    REQUIRE(ExportLog(log, continued.path(), {log.vkey()}).ok());
    CHECK(VerifyDirectory(log, continued.path()).differences.empty());
  }
  REQUIRE(ExportLog(log, fresh.path(), {log.vkey()}).ok());
  size_t files_count = 0;
  for (const auto& file : fs::recursive_directory_iterator(fresh.path())) {
    if (!file.is_regular_file()) continue;
    const std::string path = fs::relative(file.path(), fresh.path()).string();
    CHECK(Read(continued.File(path)) == Read(fresh.File(path)));
    ++files_count;
  }
  CHECK(files_count > 500);
}

TEST_CASE("an export that was interrupted is of the state before, and can be continued") {
  MemoryLog log = MemoryLog::Small(500);
  const TemporaryDirectory directory;
  REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  const std::string before = Read(directory.File("checkpoint"));
  Grow(&log, 500);
  log.unreadable = {900};
  const auto interrupted = ExportLog(log, directory.path(), {log.vkey()});
  REQUIRE_FALSE(interrupted.ok());
  CHECK(interrupted.status().reason == "RECORD_CORRUPT");
  CHECK(Read(directory.File("checkpoint")) == before);
  const LogVerdict verdict = VerifyDirectory(log, directory.path());
  CHECK(verdict.differences.empty());
  CHECK(verdict.leaves_count == 508);
  log.unreadable.clear();
  REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  CHECK(VerifyDirectory(log, directory.path()).leaves_count == 1008);
}

TEST_CASE("a first export that was interrupted has no checkpoint, and can be continued") {
  MemoryLog log = MemoryLog::Small(500);
  const TemporaryDirectory directory;
  log.unreadable = {400};
  REQUIRE_FALSE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  CHECK_FALSE(fs::exists(directory.File("checkpoint")));
  const SignerKey other = *SignerKey::Generate("other.example", SignatureType::kEd25519);
  MemoryLog foreign = MemoryLog::Small(1);
  foreign.checkpoint = foreign.SignedCheckpoint(foreign.leaves.size(), other);
  const auto refused = ExportLog(foreign, directory.path(), {other.verifier().Text()});
  CHECK(refused.status().reason == "EXPORT_DIFFERS");
  log.unreadable.clear();
  REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  CHECK(VerifyDirectory(log, directory.path()).differences.empty());
}

TEST_CASE("an export of another log, of a longer one, or of anything else is refused") {
  MemoryLog log = MemoryLog::Small(300);
  const TemporaryDirectory directory;
  REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  const std::string before = Read(directory.File("checkpoint"));

  MemoryLog shorter = MemoryLog::Small(200);
  CHECK(ExportLog(shorter, directory.path(), {log.vkey()}).status().reason == "EXPORT_DIFFERS");

  MemoryLog forked = MemoryLog::Small(300);
  forked.leaves[10].leaf[40] ^= 1;
  Grow(&forked, 300);
  CHECK(ExportLog(forked, directory.path(), {log.vkey()}).status().reason == "LOG_DIFFERS");

  const SignerKey other = *SignerKey::Generate("other.example", SignatureType::kEd25519);
  MemoryLog foreign = MemoryLog::Small(400);
  foreign.checkpoint = foreign.SignedCheckpoint(foreign.leaves.size(), other);
  CHECK(ExportLog(foreign, directory.path(), {other.verifier().Text()}).status().reason ==
        "EXPORT_DIFFERS");
  CHECK(Read(directory.File("checkpoint")) == before);

  const TemporaryDirectory photos;
  photos.Write("cat.jpg", "x");
  const auto refused = ExportLog(log, photos.path(), {log.vkey()});
  CHECK(refused.status().reason == "EXPORT_DIFFERS");
  CHECK(refused.status().message == photos.path() + ": it has cat.jpg, and no log");
}

TEST_CASE("a log whose entries do not lead to its signed root is not exported") {
  MemoryLog log = MemoryLog::Small(300);
  log.leaves[100].leaf[40] ^= 1;
  const TemporaryDirectory directory;
  const auto refused = ExportLog(log, directory.path(), {log.vkey()});
  CHECK(refused.status().reason == "LOG_DIFFERS");
  CHECK(refused.status().code == StatusCode::kDataLoss);
  CHECK_FALSE(fs::exists(directory.File("checkpoint")));
}

TEST_CASE("damage in a directory is found and named by file") {
  MemoryLog log = MemoryLog::Small(700);
  const auto found_after = [&log](const std::function<void(const TemporaryDirectory&)>& harm) {
    const TemporaryDirectory directory;
    REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
    harm(directory);
    return VerifyDirectory(log, directory.path()).differences;
  };
  const auto flip = [](const TemporaryDirectory& directory, const std::string& path, size_t at) {
    std::string bytes = Read(directory.File(path));
    bytes[at] ^= 1;
    directory.Write(path, bytes);
  };
  auto found = found_after([&](const auto& directory) { flip(directory, "tile/0/000", 40); });
  CHECK(found == std::vector<std::string>{"tile/0/000: hash 1 is not that of leaf 1"});
  found = found_after([&](const auto& directory) { flip(directory, "tile/entries/001", 43 + 40); });
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "tile/0/001: hash 1 is not that of leaf 257");
  CHECK(found[1] == "tile/1/000.p/2: hash 1 is not that of tile/0/001");
  CHECK(found[2].find("root: 708 leaves hash to ") == 0);
  found = found_after([&](const auto& directory) { flip(directory, "tile/entries/001", 0); });
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].find("leaves 256 to 511: TILE_MALFORMED: entry bundle 1: ") == 0);
  found = found_after([](const auto& directory) { fs::remove(directory.File("tile/1/000.p/2")); });
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("tile/1/000.p/2: LOG_FILE_MISSING: ") == 0);
  found =
      found_after([](const auto& directory) { fs::remove(directory.File("tile/entries/000")); });
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].find("leaves 0 to 255: LOG_FILE_MISSING: ") == 0);
  found = found_after([&](const auto& directory) { flip(directory, "checkpoint", 25); });
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("checkpoint: ") == 0);
}

TEST_CASE("a full bundle or tile serves in the place of a partial one") {
  MemoryLog log = MemoryLog::Small(500);
  const TemporaryDirectory directory;
  REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  const std::string checkpoint = Read(directory.File("checkpoint"));
  Grow(&log, 300);
  REQUIRE(ExportLog(log, directory.path(), {log.vkey()}).ok());
  fs::remove_all(directory.File("tile/0/001.p"));
  fs::remove_all(directory.File("tile/entries/001.p"));
  directory.Write("checkpoint", checkpoint);
  const LogVerdict verdict = VerifyDirectory(log, directory.path());
  CHECK(verdict.differences.empty());
  CHECK(verdict.leaves_count == 508);
}

TEST_CASE("a directory without a log is an error that names the file") {
  const TemporaryDirectory directory;
  DirectoryLog source(directory.path());
  CHECK(source.ReadCheckpoint().status().metadata.at("file") == directory.File("checkpoint"));
  CHECK(source.ReadTile("tile/../../passwd").status().reason == "TILE_MALFORMED");
}

}  // namespace
}  // namespace gusu::test
