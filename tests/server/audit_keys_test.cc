#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "server/audit/log_keys.h"
#include "tests/server/audit_files.h"
#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

using namespace test;

struct KeyWorld {
  TemporaryDirectory directory;
  LogKeyFiles files{directory.File("log.key"), directory.File("log.vkey")};
  std::string anchor_path = directory.File("anchor");

  std::vector<std::string> Vkeys() const {
    const auto keys = ReadLogKeys(files);
    INFO(keys.status());
    REQUIRE(keys.ok());
    return VkeysOf(*keys);
  }
  void WriteKeys(const std::string& content, mode_t mode = 0600) const {
    Spill(files.key_path, content);
    REQUIRE(chmod(files.key_path.c_str(), mode) == 0);
  }
};

TEST_CASE("a made key is its owner's alone, and reads back the same, with its verifier key") {
  const KeyWorld world;
  CHECK(absl::IsNotFound(ReadLogKeys(world.files).status()));
  const auto made = MakeLogKeys(world.files, kOrigin);
  REQUIRE(made.ok());
  CHECK(world.Vkeys() == VkeysOf(*made));
  CHECK(Slurp(world.files.vkey_path) == VkeysOf(*made)[0] + "\n");
  CHECK((*made)[0].verifier().name() == kOrigin);
  for (const std::string& path : {world.files.key_path, world.files.vkey_path}) {
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
  }
}

TEST_CASE("a key that root changes stays readable for the server's user") {
  if (geteuid() != 0) {
    WARN("only root can try this");
    return;
  }
  const KeyWorld world;
  constexpr uid_t kServer = 12345;
  REQUIRE(chown(world.directory.path().c_str(), kServer, kServer) == 0);
  REQUIRE(WriteLogKeys(world.files, {Key(0)}).ok());
  REQUIRE(AddLogKey(world.files).ok());
  struct stat status {};
  REQUIRE(stat(world.files.key_path.c_str(), &status) == 0);
  CHECK(status.st_uid == kServer);
  CHECK(status.st_gid == kServer);
}

TEST_CASE("a key file that others can read is refused with its mode") {
  const KeyWorld world;
  for (const mode_t mode : {0640, 0604, 0620, 0610}) {
    world.WriteKeys(Key(0).SecretText() + "\n", mode);
    const absl::Status status = ReadLogKeys(world.files).status();
    CHECK(Show(status) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
    CHECK(ErrorMetadataValue(status, "path") == world.files.key_path);
    CHECK_THAT(std::string(status.message()), Catch::Contains("chmod 600"));
  }
  world.WriteKeys(Key(0).SecretText() + "\n", 0400);
  CHECK(ReadLogKeys(world.files).ok());
}

TEST_CASE("a damaged key file is refused by file and line, without a word of the secret") {
  const KeyWorld world;
  const std::string good = Key(0).SecretText() + "\n";
  const std::string seed = good.substr(good.rfind('+') + 1, 30);
  struct Case {
    std::string content;
    std::string line;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {good.substr(0, good.size() - 1), ""},
      {good + "\n", "2"},
      {good + good, "2"},
      {"# key\n" + good, "1"},
      {good + Key(1, "registry.example/other").SecretText() + "\n", "2"},
      {Key(2, kOrigin, SignatureType::kCosignature).SecretText() + "\n", "1"},
      {good + Key(1).verifier().Text() + "\n", "2"},
      {Key(0).SecretText() + "\n" + Key(1).SecretText() + "\n" + Key(2).SecretText() + "\n" +
           Key(3).SecretText() + "\n" + Key(4).SecretText() + "\n",
       ""}};
  for (const Case& one : cases) {
    CAPTURE(one.content);
    world.WriteKeys(one.content);
    const absl::Status status = ReadLogKeys(world.files).status();
    CHECK(Show(status) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
    CHECK(ErrorMetadataValue(status, "line") == one.line);
    CHECK_THAT(std::string(status.message()), Catch::Contains(world.files.key_path));
    CHECK_THAT(std::string(status.message()), !Catch::Contains(seed));
  }
  // Every character of a key counts: of the seed too, since the key ID is made of it.
  for (size_t at = 0; at + 1 < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x01);
    CAPTURE(damaged);
    world.WriteKeys(damaged);
    CHECK(Show(ReadLogKeys(world.files).status()) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
  }
}

TEST_CASE("log.vkey is written again when it is not that of the keys") {
  const KeyWorld world;
  REQUIRE(WriteLogKeys(world.files, {Key(0), Key(1)}).ok());
  const std::string right = Slurp(world.files.vkey_path);
  Spill(world.files.vkey_path, "other\n");
  REQUIRE(EnsureVkeyFile(world.files, {Key(0), Key(1)}).ok());
  CHECK(Slurp(world.files.vkey_path) == right);
  CHECK(right == Key(0).verifier().Text() + "\n" + Key(1).verifier().Text() + "\n");
}

TEST_CASE("a key is added beside the others, and told with the way on") {
  const KeyWorld world;
  CHECK(absl::IsNotFound(AddLogKey(world.files).status()));
  REQUIRE(WriteLogKeys(world.files, {Key(0)}).ok());
  const auto text = AddLogKey(world.files);
  REQUIRE(text.ok());
  const std::vector<std::string> vkeys = world.Vkeys();
  REQUIRE(vkeys.size() == 2);
  CHECK(vkeys[0] == Key(0).verifier().Text());
  CHECK(VerifierKey::Parse(vkeys[1])->name() == kOrigin);
  CHECK_THAT(*text, Catch::Contains(vkeys[1]));
  CHECK_THAT(*text, Catch::Contains("--retire-log-key " + KeyIdText(Key(0).verifier().id())));
  REQUIRE(AddLogKey(world.files).ok());
  REQUIRE(AddLogKey(world.files).ok());
  CHECK(Show(AddLogKey(world.files).status()) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
  CHECK(world.Vkeys().size() == kLogKeysMax);
}

TEST_CASE("a key is retired only once another has signed the last checkpoint") {
  const KeyWorld world;
  const std::string old_id = KeyIdText(Key(0).verifier().id());
  REQUIRE(WriteLogKeys(world.files, {Key(0)}).ok());
  Anchor anchor = *Anchor::Create(world.anchor_path, NoteOf(SomeHead(5), {Key(0)}));
  const auto retire = [&](const std::string& id) {
    return RetireLogKey(world.files, world.anchor_path, id).status();
  };
  CHECK(Show(retire(old_id)) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");  // the only one
  REQUIRE(WriteLogKeys(world.files, {Key(0), Key(1)}).ok());
  CHECK(Show(retire(old_id)) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");  // before the overlap
  CHECK(Show(retire("00000000")) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
  CHECK(world.Vkeys().size() == 2);
  REQUIRE(anchor.Append(NoteOf(SomeHead(6), {Key(0), Key(1)})).ok());
  CHECK(retire(old_id).ok());
  CHECK(world.Vkeys() == std::vector<std::string>{Key(1).verifier().Text()});
  CHECK(Slurp(world.files.vkey_path) == Key(1).verifier().Text() + "\n");
}

}  // namespace
}  // namespace gusu::server
