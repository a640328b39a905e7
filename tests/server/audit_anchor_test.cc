#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "server/audit/anchor.h"
#include "tests/server/audit_files.h"
#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

using namespace test;

const std::vector<SignerKey> kSigners = {Key(0)};
const std::vector<VerifierKey> kVerifiers = {Key(0).verifier()};

Anchor MustOpen(const std::string& path) {
  absl::StatusOr<Anchor> anchor = Anchor::Open(path, kVerifiers);
  INFO(anchor.status());
  REQUIRE(anchor.ok());
  return *std::move(anchor);
}

// Three checkpoints, of 0, 5 and 9 leaves.
std::string WriteThree(const std::string& path) {
  Anchor anchor = *Anchor::Create(path, NoteOf({}, kSigners));
  REQUIRE(anchor.Append(NoteOf(SomeHead(5), kSigners)).ok());
  REQUIRE(anchor.Append(NoteOf(SomeHead(9), kSigners)).ok());
  REQUIRE(anchor.Sync().ok());
  return Slurp(path);
}

TEST_CASE("an anchor gives back the last checkpoint, after a restart too, for its owner alone") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("anchor");
  CHECK(absl::IsNotFound(Anchor::Open(path, kVerifiers).status()));
  WriteThree(path);
  const Anchor anchor = MustOpen(path);
  REQUIRE(anchor.last() != nullptr);
  CHECK(anchor.last()->checkpoint == Checkpoint{kOrigin, SomeHead(9), {}});
  CHECK(anchor.last()->note == NoteOf(SomeHead(9), kSigners));
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE(
    "a line of an anchor is the note with tabs for its inner line ends, behind its checksum") {
  const TemporaryDirectory directory;
  const std::string content = WriteThree(directory.File("anchor"));
  const size_t begin = content.rfind('\n', content.size() - 2) + 1;
  std::string line = content.substr(begin);
  REQUIRE(line[64] == '\t');
  line = line.substr(65);
  for (char& c : line) c = c == '\t' ? '\n' : c;
  CHECK(line == NoteOf(SomeHead(9), kSigners));
}

TEST_CASE("an anchor that ends at any byte is cut back to its last whole line, or refused") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("anchor");
  const std::string content = WriteThree(path);
  const size_t first_line = content.find('\n') + 1;
  std::vector<std::pair<size_t, uint64_t>> ends;  // of lines, with the size that counts there
  size_t end = content.find('\n', first_line) + 1;
  for (const uint64_t size : {0, 5, 9}) {
    ends.emplace_back(end, size);
    end = content.find('\n', end) + 1;
  }
  for (size_t length = 0; length < content.size(); ++length) {
    CAPTURE(length);
    Spill(path, content.substr(0, length));
    const absl::StatusOr<Anchor> anchor = Anchor::Open(path, kVerifiers);
    if (length < first_line) {
      CHECK(Show(anchor.status()) == "DATA_LOSS ANCHOR_CORRUPT");
      continue;
    }
    REQUIRE(anchor.ok());
    const std::pair<size_t, uint64_t>* whole = nullptr;
    for (const auto& line : ends) {
      if (line.first <= length) whole = &line;
    }
    REQUIRE((anchor->last() != nullptr) == (whole != nullptr));
    if (whole != nullptr) CHECK(anchor->last()->checkpoint.head.size == whole->second);
    CHECK(Slurp(path) == content.substr(0, whole != nullptr ? whole->first : first_line));
  }
}

TEST_CASE("an anchor with any byte changed is refused, but for the line end that makes it torn") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("anchor");
  const std::string content = WriteThree(path);
  for (size_t at = 0; at < content.size(); ++at) {
    for (const int bit : {0x01, 0x20, 0x80}) {
      CAPTURE(at, bit);
      std::string damaged = content;
      damaged[at] = static_cast<char>(damaged[at] ^ bit);
      Spill(path, damaged);
      const absl::StatusOr<Anchor> anchor = Anchor::Open(path, kVerifiers);
      if (at + 1 == content.size()) {
        REQUIRE(anchor.ok());
        CHECK(anchor->last()->checkpoint.head.size == 5);
        continue;
      }
      REQUIRE(Show(anchor.status()) == "DATA_LOSS ANCHOR_CORRUPT");
      CHECK(ErrorMetadataValue(anchor.status(), "path") == path);
      CHECK(Slurp(path) == damaged);
    }
  }
}

TEST_CASE("lines with right checksums that no log can have written are refused") {
  const TemporaryDirectory directory;
  const std::string first = "gusu.anchor/v1\n";
  const std::string five = FormatAnchorLine(NoteOf(SomeHead(5), kSigners));
  std::string forged = NoteOf(SomeHead(5), kSigners);
  forged.replace(forged.find("\n5\n"), 3, "\n6\n");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"shrinks", five + FormatAnchorLine(NoteOf(SomeHead(4), kSigners))},
      {"same size, other root", five + FormatAnchorLine(NoteOf(SomeHead(5, 2), kSigners))},
      {"wrong signature of a known key", five + FormatAnchorLine(forged)},
      {"no note", five + FormatAnchorLine("no note\n")},
      {"no checkpoint", FormatAnchorLine(*FormatSignedNote({"text\n", {Key(0).Sign("text\n")}}))},
      {"an empty line", five + "\n"},
      {"a line in the middle twice cut", five.substr(0, 20) + "\n" + five}};
  for (const auto& [name, lines] : cases) {
    CAPTURE(name);
    const std::string path = directory.Write("anchor", first + lines);
    CHECK(Show(Anchor::Open(path, kVerifiers).status()) == "DATA_LOSS ANCHOR_CORRUPT");
  }
}

TEST_CASE("lines of retired keys and of earlier epochs count too") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("anchor");
  const std::string epoch = std::string(kOrigin) + "/epoch/1";
  Anchor anchor = *Anchor::Create(path, NoteOf(SomeHead(5), {Key(7)}));
  REQUIRE(anchor.Append(NoteOf(SomeHead(3), {Key(9, epoch)}, epoch)).ok());
  const Anchor read = MustOpen(path);
  REQUIRE(read.LastOf(kOrigin) != nullptr);
  CHECK(read.LastOf(kOrigin)->checkpoint.head.size == 5);
  CHECK(read.last()->checkpoint.origin == epoch);
  CHECK(read.last_of_each().size() == 2);
}

TEST_CASE("an anchor takes nothing that it would refuse later") {
  Anchor anchor = *Anchor::InMemory(NoteOf(SomeHead(5), kSigners));
  for (const TreeHead& head : {SomeHead(4), SomeHead(5, 2)}) {
    CHECK(Show(anchor.Append(NoteOf(head, kSigners))) == "INVALID_ARGUMENT FIELD_INVALID");
  }
  CHECK(!anchor.Append("text").ok());
  CHECK(anchor.Append(NoteOf(SomeHead(5), kSigners)).ok());
  CHECK(anchor.last()->checkpoint.head.size == 5);
}

TEST_CASE("an anchor that has grown to 1 MiB begins anew with the last of each log") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("anchor");
  const std::string epoch = std::string(kOrigin) + "/epoch/1";
  Anchor anchor = *Anchor::Create(path, NoteOf(SomeHead(7), {Key(7)}));
  uint64_t size = 1;
  bool began_anew = false;
  for (size_t before = 0; !began_anew; ++size) {
    REQUIRE(size < 10'000);
    REQUIRE(anchor.Append(NoteOf(SomeHead(size), {Key(9, epoch)}, epoch)).ok());
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    const auto now = static_cast<size_t>(status.st_size);
    CHECK(now <= Anchor::kFileBytesMax);
    began_anew = now < before;
    before = now;
  }
  CHECK(size > 1000);
  const Anchor read = MustOpen(path);
  CHECK(read.LastOf(kOrigin)->checkpoint.head.size == 7);
  CHECK(read.LastOf(epoch)->checkpoint.head.size == size - 1);
}

TEST_CASE("a write that fails loses nothing, and the next one after it mends the file") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("anchor");
  const std::string twelve = NoteOf(SomeHead(12), kSigners);
  for (const size_t room : {0, 1, 100}) {
    CAPTURE(room);
    const size_t length = WriteThree(path).size();
    Anchor anchor = MustOpen(path);
    {
      const FullDisk disk(length + room);
      const absl::Status status = anchor.Append(twelve);
      CHECK(Show(status) == "UNAVAILABLE ANCHOR_NOT_WRITABLE");
      CHECK(ErrorMetadataValue(status, "path") == path);
      CHECK(anchor.last()->checkpoint.head.size == 9);
      CHECK(MustOpen(path).last()->checkpoint.head.size == 9);  // as a restart would find it
    }
    {
      const FullDisk disk(10);
      CHECK(Show(anchor.Append(twelve)) == "UNAVAILABLE ANCHOR_NOT_WRITABLE");
      CHECK(Show(anchor.Sync()) == "UNAVAILABLE ANCHOR_NOT_WRITABLE");
      CHECK(MustOpen(path).last()->checkpoint.head.size == 9);
    }
    REQUIRE(anchor.Append(twelve).ok());
    REQUIRE(anchor.Append(NoteOf(SomeHead(13), kSigners)).ok());
    CHECK(MustOpen(path).last()->checkpoint.head.size == 13);
  }
}

}  // namespace
}  // namespace gusu::server
