// The files of a spool: what a crash can leave, and what opens again.
#include "client/spool/spool_file.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/random.h"
#include "tests/temporary_directory.h"

namespace gusu::test {
namespace {

std::unique_ptr<SpoolFile> Open(const TemporaryDirectory& directory,
                                uint64_t segment_bytes = 1 << 20) {
  auto file = SpoolFile::Open(directory.File("spool"), segment_bytes);
  REQUIRE(file.status() == Status{});
  return *std::move(file);
}

std::vector<std::string> Payloads(const SpoolFile& file) {
  std::vector<std::string> payloads;
  for (uint64_t number = file.reported() + 1; number < file.next_number();) {
    const auto rows = file.Read(number, file.next_number(), 100);
    REQUIRE(rows.ok());
    REQUIRE(!rows->empty());
    for (const SpooledRow& row : *rows) {
      CHECK(row.number == number++);
      payloads.push_back(row.payload);
    }
  }
  return payloads;
}

std::string FirstSegment(const TemporaryDirectory& directory) {
  return directory.File("spool/00000000000000000001.rows");
}

std::string ReadAll(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST_CASE("rows are there again after a new start, over many segments, in order") {
  TemporaryDirectory directory;
  std::vector<std::string> written;
  for (int start = 0; start < 3; ++start) {
    auto file = Open(directory, 4096);
    CHECK(Payloads(*file) == written);
    for (int i = 0; i < 300; ++i) {
      written.push_back(std::to_string(start * 1000 + i) + std::string(40, 'x'));
      REQUIRE(file->Append({written.back()}).ok());
    }
  }
  auto file = Open(directory, 4096);
  CHECK(file->next_number() == 901);
  CHECK(Payloads(*file) == written);
}

TEST_CASE("a row reads as its document says") {
  TemporaryDirectory directory;
  REQUIRE(Open(directory)->Append({"abc"}).ok());
  const std::string bytes = ReadAll(FirstSegment(directory));
  // CRC-32 (that of zlib and PNG) of 01 00 00 00 00 00 00 00 'a' 'b' 'c'.
  CHECK(bytes == std::string("\x03\0\0\0\xfc\xf6\x6c\x60"
                             "\x01\0\0\0\0\0\0\0"
                             "abc",
                             19));
}

TEST_CASE("whatever a crash leaves of the end, the rows before it are there and new ones follow") {
  Random random("torn tail");
  for (int round = 0; round < 60; ++round) {
    TemporaryDirectory directory;
    std::vector<std::string> written;
    {
      auto file = Open(directory);
      for (int i = 0; i < 5; ++i) {
        written.push_back(random.Bytes(random.Below(40)));
        REQUIRE(file->Append({written.back()}).ok());
      }
    }
    std::string bytes = ReadAll(FirstSegment(directory));
    const size_t last_bytes = 16 + written.back().size();
    const size_t torn = 1 + random.Below(last_bytes);
    written.pop_back();
    if (round % 2 == 0) {
      bytes.resize(bytes.size() - torn);  // the end is missing
    } else {
      for (size_t i = 0; i < torn; ++i) bytes[bytes.size() - torn + i] ^= '\x55';  // or is other
    }
    std::ofstream(FirstSegment(directory), std::ios::binary) << bytes;
    auto file = Open(directory);
    CHECK(Payloads(*file) == written);
    REQUIRE(file->Append({"next"}).ok());
    written.push_back("next");
    CHECK(Payloads(*file) == written);
  }
}

TEST_CASE("damage before the last segment is told with its place, and nothing is thrown away") {
  TemporaryDirectory directory;
  {
    auto file = Open(directory, 4096);
    for (int i = 0; i < 20; ++i) REQUIRE(file->Append({std::string(1000, 'x')}).ok());
  }
  std::string bytes = ReadAll(FirstSegment(directory));
  bytes[1016 + 500] = 'y';
  std::ofstream(FirstSegment(directory), std::ios::binary) << bytes;
  const auto file = SpoolFile::Open(directory.File("spool"), 4096);
  CHECK(file.status().code == StatusCode::kDataLoss);
  CHECK(file.status().reason == kReasonSpoolCorrupt);
  CHECK(file.status().metadata.at("offset") == "1016");
  CHECK(ReadAll(FirstSegment(directory)) == bytes);
}

TEST_CASE("a missing segment is damage too") {
  TemporaryDirectory directory;
  {
    auto file = Open(directory, 4096);
    for (int i = 0; i < 20; ++i) REQUIRE(file->Append({std::string(1000, 'x')}).ok());
  }
  std::filesystem::remove(FirstSegment(directory));
  CHECK(SpoolFile::Open(directory.File("spool"), 4096).status().reason == kReasonSpoolCorrupt);
}

TEST_CASE("segments go when all of their rows are reported, and numbers go on") {
  TemporaryDirectory directory;
  {
    auto file = Open(directory, 4096);
    for (int i = 0; i < 20; ++i) REQUIRE(file->Append({std::string(1000, 'x')}).ok());
    const uint64_t all_bytes = file->bytes();
    for (uint64_t number = 1; number <= 20; ++number) {
      REQUIRE(file->BeginReport(number).ok());
      REQUIRE(file->EndReport(number).ok());
    }
    CHECK(file->bytes() < all_bytes / 3);
    REQUIRE(file->CloseCursor().ok());
  }
  CHECK(!std::filesystem::exists(FirstSegment(directory)));
  auto file = Open(directory, 4096);
  CHECK(file->reported() == 20);
  CHECK(file->next_number() == 21);
  CHECK(file->bytes() == 0);
}

TEST_CASE("after a crash of the process only the row whose report had begun is in doubt") {
  TemporaryDirectory directory;
  {
    auto file = Open(directory);
    for (int i = 0; i < 5; ++i) REQUIRE(file->Append({"row"}).ok());
    for (uint64_t number = 1; number <= 2; ++number) {
      REQUIRE(file->BeginReport(number).ok());
      REQUIRE(file->EndReport(number).ok());
    }
    REQUIRE(file->BeginReport(3).ok());
  }
  auto file = Open(directory);
  CHECK(file->reported() == 2);
  CHECK(file->repeated_until() == 3);
}

TEST_CASE("after a crash of the machine the rows that were reserved are in doubt") {
  TemporaryDirectory directory;
  {
    auto file = Open(directory);
    for (int i = 0; i < 100; ++i) REQUIRE(file->Append({"row"}).ok());
    REQUIRE(file->BeginReport(1).ok());
    REQUIRE(file->EndReport(1).ok());
  }
  // The same files after another start of the machine, which has lost the note of the report.
  std::string cursor = ReadAll(directory.File("spool/cursor"));
  REQUIRE(cursor.size() == 128);
  std::string slot = cursor.substr(64, 60);  // the first note, which was synced
  slot.replace(32, 16, 16, '\7');
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(slot.data()), 60);
  for (int i = 0; i < 4; ++i) slot += static_cast<char>(crc >> (8 * i));
  std::ofstream(directory.File("spool/cursor"), std::ios::binary) << std::string(64, '\0') << slot;
  auto file = Open(directory);
  CHECK(file->reported() == 0);
  CHECK(file->repeated_until() == 64);
}

TEST_CASE("a spool is for one process at a time") {
  TemporaryDirectory directory;
  auto file = Open(directory);
  const auto second = SpoolFile::Open(directory.File("spool"), 4096);
  CHECK(second.status().reason == kReasonSpoolFile);
  CHECK_THAT(second.status().message, Catch::Contains("held by another process"));
}

}  // namespace
}  // namespace gusu::test
