// What a start makes of key, anchor and store that do, or do not, belong together.
#include <catch2/catch.hpp>
#include <filesystem>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "tests/server/start_world.h"

namespace gusu::server {
namespace {

using namespace test;

TEST_CASE("a first start makes key and anchor, and the log's first leaf names the key") {
  StartWorld world;
  world.MustStart();
  CHECK(world.LeafCount() == 2);
  const auto& settings = world.Settings();
  CHECK(settings.origin() == kOrigin);
  REQUIRE(settings.log_vkeys_size() == 1);
  CHECK(Slurp(world.files.keys.vkey_path) == settings.log_vkeys(0) + "\n");
  CHECK(settings.log_epoch() == 0);
  CHECK(VkeysOf(*ReadLogKeys(world.files.keys))[0] == settings.log_vkeys(0));
  const VerifierKey key = *VerifierKey::Parse(settings.log_vkeys(0));
  CHECK(OpenCheckpoint(world.Signed(), {key})->checkpoint.head == HeadOf(*world.ledger));
}

TEST_CASE("the opening of a settings leaf binds the log's keys") {
  StartWorld world;
  world.MustStart();
  const Change change = *(*world.ledger->Latest())->ReadChange(0);
  storage::v1::SettingsRow row = world.Settings();
  REQUIRE(change.commitments.size() == 1);
  CHECK(change.commitments[0].hash == CommitmentHash(row.body_salt(), CanonicalBody(row)));
  row.set_log_vkeys(0, "other");
  CHECK(change.commitments[0].hash != CommitmentHash(row.body_salt(), CanonicalBody(row)));
}

TEST_CASE("a first start that is interrupted after any file is completed with the same key") {
  StartWorld world;
  {
    const auto ledger = storage::OpenLedger(*world.store, world.clock.Options());
    REQUIRE(PrepareLog(**ledger->Latest(), kOrigin, kOrigin, world.files, {}).ok());
  }
  const std::string key = Slurp(world.files.keys.key_path);
  SECTION("before the registry knew it") {}
  SECTION("before log.vkey") { std::filesystem::remove(world.files.keys.vkey_path); }
  world.MustStart();
  CHECK(Slurp(world.files.keys.key_path) == key);
  CHECK(Slurp(world.files.keys.vkey_path) == world.Settings().log_vkeys(0) + "\n");
}

TEST_CASE("a first start that was interrupted between anchor and key makes both anew") {
  StartWorld world;
  REQUIRE(Anchor::Create(world.files.anchor_path, NoteOf({}, {Key(0)})).ok());
  world.MustStart();
  CHECK(world.LeafCount() == 2);
}

TEST_CASE("an interrupted first start with another origin is told which one the key has") {
  StartWorld world;
  {
    const auto ledger = storage::OpenLedger(*world.store, world.clock.Options());
    REQUIRE(PrepareLog(**ledger->Latest(), kOrigin, kOrigin, world.files, {}).ok());
  }
  world.origin = "registry.example/other";
  const absl::Status status = world.Start();
  CHECK(Show(status) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
  CHECK(Mentions(status, kOrigin));
  CHECK(world.LeafCount() == 0);
}

TEST_CASE("a start after a stop at any moment goes on where the log was") {
  StartWorld world;
  world.MustStart();
  world.Grow(300);
  const std::string before = world.Signed();
  world.Stop();
  world.MustStart();
  CHECK(world.LeafCount() == 302);
  const auto opened = OpenCheckpoint(world.Signed(), world.checkpoints->verifiers());
  CHECK(opened->checkpoint.head == HeadOf(*world.ledger));
  CHECK(world.Signed() == before);  // a size has one signature
}

TEST_CASE("an older copy of the store does not start, and nothing is written or signed") {
  StartWorld world;
  world.MustStart();
  world.Grow(3);
  auto copy = world.CopyOfStore();
  world.Grow(4);
  world.PutBack(std::move(copy));
  const std::string anchor = Slurp(world.files.anchor_path);
  const absl::Status status = world.Start();
  CHECK(Show(status) == "FAILED_PRECONDITION LOG_BEHIND_ANCHOR");
  CHECK(ErrorMetadataValue(status, "size") == "9");
  CHECK(ErrorMetadataValue(status, "leaf_count") == "5");
  CHECK(ErrorMetadataValue(status, "path") == world.files.anchor_path);
  for (const char* part : {"has 5 leaves", "up to 9", "leaves 5 to 8", "newest copy of the store",
                           "--new-log-epoch --after FILE", "OPERATIONS.md"}) {
    CHECK_THAT(std::string(status.message()), Catch::Contains(part));
  }
  CHECK(world.LeafCount() == 5);
  CHECK(Slurp(world.files.anchor_path) == anchor);
}

TEST_CASE("an empty store beside an anchor or a key is a lost store, not a first start") {
  StartWorld world;
  world.MustStart();
  world.PutBack(std::make_unique<storage::MemoryEngine>());
  CHECK(Show(world.Start()) == "FAILED_PRECONDITION LOG_BEHIND_ANCHOR");
  CHECK(world.LeafCount() == 0);
  std::filesystem::remove(world.files.anchor_path);
  CHECK(Show(world.Start()) == "FAILED_PRECONDITION ANCHOR_MISSING");
  for (const LogWays& ways : {LogWays{"file", false, ""}, LogWays{"", true, "file"}}) {
    CHECK(Show(world.Start(ways)) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
  }
  CHECK(world.LeafCount() == 0);
}

TEST_CASE("a store of the same length with other leaves does not start") {
  StartWorld world;
  world.MustStart();
  auto copy = world.CopyOfStore();
  world.Grow(4);
  world.PutBack(std::move(copy));
  // Somebody goes on with the copy without its anchor.
  const std::string anchor = Slurp(world.files.anchor_path);
  REQUIRE(Anchor::Create(world.files.anchor_path, NoteOf({}, {Key(0)})).ok());
  world.MustStart();
  world.Grow(5);
  world.Stop();
  Spill(world.files.anchor_path, anchor);
  const absl::Status status = world.Start();
  CHECK(Show(status) == "FAILED_PRECONDITION LOG_DIFFERS_FROM_ANCHOR");
  CHECK(ErrorMetadataValue(status, "size") == "6");
  CHECK(ErrorMetadataValue(status, "root") != ErrorMetadataValue(status, "root_found"));
}

TEST_CASE("a lost anchor is asked for, and made again from a checkpoint that somebody kept") {
  StartWorld world;
  world.MustStart();
  world.Grow(3);
  const std::string kept = world.Write("kept", world.Signed());
  const TreeHead kept_head = HeadOf(*world.ledger);
  world.Grow(2);
  world.Stop();
  std::filesystem::remove(world.files.anchor_path);
  const absl::Status status = world.Start();
  CHECK(Show(status) == "FAILED_PRECONDITION ANCHOR_MISSING");
  CHECK(Mentions(status, "--anchor-from FILE"));
  CHECK(Mentions(status, world.files.anchor_path));

  SECTION("a good one starts, and is the first line of the new anchor") {
    world.MustStart({kept, false, ""});
    CHECK(Slurp(world.files.anchor_path).find(FormatAnchorLine(Slurp(kept))) == 15);
    CHECK(world.LeafCount() == kept_head.size + 2);
    const absl::Status again = world.Start({kept, false, ""});
    CHECK(Show(again) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
    world.MustStart();
  }
  SECTION("one that the store does not extend is refused") {
    const SignerKey key = ReadLogKeys(world.files.keys)->at(0);
    for (const auto& [head, shown] :
         {std::pair(SomeHead(6), "FAILED_PRECONDITION LOG_DIFFERS_FROM_ANCHOR"),
          std::pair(SomeHead(70), "FAILED_PRECONDITION LOG_BEHIND_ANCHOR")}) {
      CHECK(Show(world.Start({world.Write("other", NoteOf(head, {key})), false, ""})) == shown);
    }
  }
  SECTION("one that no key of this log signed is refused") {
    for (const std::string& note :
         {NoteOf(kept_head, {Key(5)}), std::string("text\n"), std::string(70'000, 'x'),
          NoteOf(kept_head, {Key(5, "registry.example/other")}, "registry.example/other")}) {
      const absl::Status refused = world.Start({world.Write("other", note), false, ""});
      CHECK(Show(refused) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
    }
    CHECK(Show(world.Start({world.directory.File("none"), false, ""})) ==
          "FAILED_PRECONDITION LOG_WAY_REFUSED");
  }
  CHECK(world.LeafCount() >= 7);
}

TEST_CASE("an anchor whose lines were all cut off is as good as none") {
  StartWorld world;
  world.MustStart();
  world.Stop();
  Spill(world.files.anchor_path, "gusu.anchor/v1\n0123");
  CHECK(Show(world.Start()) == "FAILED_PRECONDITION ANCHOR_MISSING");
}

TEST_CASE("a damaged anchor refuses the start") {
  StartWorld world;
  world.MustStart();
  world.Grow(1);
  world.Stop();
  std::string content = Slurp(world.files.anchor_path);
  content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
  Spill(world.files.anchor_path, content);
  CHECK(Show(world.Start()) == "DATA_LOSS ANCHOR_CORRUPT");
}

TEST_CASE("a log.key that is missing, of another log or of other keys refuses the start") {
  StartWorld world;
  world.MustStart();
  world.Stop();
  const std::string path = world.files.keys.key_path;
  std::filesystem::remove(path);
  absl::Status status = world.Start();
  CHECK(Show(status) == "FAILED_PRECONDITION LOG_KEY_MISSING");
  CHECK(Mentions(status, path));
  REQUIRE(WriteLogKeys(world.files.keys, {Key(3, "registry.example/other")}).ok());
  status = world.Start();
  CHECK(Show(status) == "FAILED_PRECONDITION LOG_KEY_UNUSABLE");
  CHECK(Mentions(status, "registry.example/other"));
  REQUIRE(WriteLogKeys(world.files.keys, {Key(3)}).ok());
  CHECK(Show(world.Start()) == "FAILED_PRECONDITION LOG_KEYS_UNKNOWN");
  CHECK(world.LeafCount() == 2);
}

TEST_CASE("a key is rotated with overlap: both sign, and each change is a leaf") {
  StartWorld world;
  world.MustStart();
  const SignerKey old_key = ReadLogKeys(world.files.keys)->at(0);
  const std::string old_id = KeyIdText(old_key.verifier().id());
  world.Stop();
  REQUIRE(AddLogKey(world.files.keys).ok());
  CHECK(!RetireLogKey(world.files.keys, world.files.anchor_path, old_id).ok());
  world.MustStart();
  const SignerKey new_key = ReadLogKeys(world.files.keys)->at(1);
  CHECK(world.LastChange().operation == Operation::kChangeLogKeys);
  CHECK(world.LeafCount() == 3);
  CHECK(world.Settings().log_vkeys_size() == 2);
  for (const SignerKey& key : {old_key, new_key}) {
    CHECK(OpenCheckpoint(world.Signed(), {key.verifier()}).ok());
  }
  world.MustStart();  // nothing more to log
  CHECK(world.LeafCount() == 3);

  world.Stop();
  REQUIRE(RetireLogKey(world.files.keys, world.files.anchor_path, old_id).ok());
  world.MustStart();
  CHECK(world.LeafCount() == 4);
  CHECK(world.LastChange().operation == Operation::kChangeLogKeys);
  REQUIRE(world.Settings().log_vkeys_size() == 1);
  CHECK(world.Settings().log_vkeys(0) == new_key.verifier().Text());
  CHECK(!OpenCheckpoint(world.Signed(), {old_key.verifier()}).ok());
  CHECK(OpenCheckpoint(world.Signed(), {new_key.verifier()}).ok());
}

TEST_CASE("an older copy is refused though the keys were changed since") {
  StartWorld world;
  world.MustStart();
  auto copy = world.CopyOfStore();
  world.Stop();
  REQUIRE(AddLogKey(world.files.keys).ok());
  world.MustStart();
  const std::string old_id = KeyIdText(ReadLogKeys(world.files.keys)->at(0).verifier().id());
  world.Stop();
  REQUIRE(RetireLogKey(world.files.keys, world.files.anchor_path, old_id).ok());
  world.MustStart();
  world.PutBack(std::move(copy));
  CHECK(Show(world.Start()) == "FAILED_PRECONDITION LOG_BEHIND_ANCHOR");
}

}  // namespace
}  // namespace gusu::server
