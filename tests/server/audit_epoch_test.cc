// How a log goes on under a new name after a loss.
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

// A world whose store was put back to 5 leaves when 9 were signed; `last` is the checkpoint of 9.
struct LossWorld : StartWorld {
  std::string last;
  std::string old_key;
  LossWorld() {
    MustStart();
    Grow(3);
    auto copy = CopyOfStore();
    Grow(4);
    last = Write("last", Signed());
    old_key = Slurp(files.keys.key_path);
    PutBack(std::move(copy));
  }
};

TEST_CASE("a new epoch goes on with the leaves that there are, and says what is lost") {
  LossWorld world;
  const std::string epoch_origin = std::string(kOrigin) + "/epoch/1";
  const TreeHead before = HeadOf(*storage::OpenLedger(*world.store, world.clock.Options()));
  SECTION("with the anchor") {}
  SECTION("without the anchor") { std::filesystem::remove(world.files.anchor_path); }
  SECTION("without the key") { std::filesystem::remove(world.files.keys.key_path); }
  world.MustStart({"", true, world.last});
  CHECK(world.LeafCount() == 6);
  const Change change = world.LastChange();
  CHECK(change.operation == Operation::kNewLogEpoch);
  CHECK(change.reason == "new epoch after a checkpoint of 9 leaves: leaves 5 to 8 are lost");
  CHECK(world.Settings().log_epoch() == 1);
  CHECK(world.Settings().origin() == kOrigin);
  CHECK(world.Settings().checkpoint_before() == Slurp(world.last));
  REQUIRE(world.Settings().log_vkeys_size() == 1);
  const VerifierKey key = *VerifierKey::Parse(world.Settings().log_vkeys(0));
  CHECK(key.name() == epoch_origin);
  CHECK(OpenCheckpoint(world.Signed(), {key})->checkpoint.origin == epoch_origin);
  // The tree of before is its beginning.
  CHECK(*RootOf(**world.ledger->Latest(), 5) == before.root);

  const absl::Status again = world.Start({"", true, world.last});
  CHECK(Show(again) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
  world.MustStart();
  CHECK(world.LeafCount() == 6);
}

TEST_CASE("a new epoch keeps the key of the one before beside the new one") {
  LossWorld world;
  world.MustStart({"", true, world.last});
  CHECK(Slurp(world.files.keys.key_path + ".epoch-0") == world.old_key);
  CHECK(Slurp(world.files.keys.key_path) != world.old_key);
}

TEST_CASE("a new epoch that is interrupted at any point is completed with the same key") {
  LossWorld world;
  const LogWays ways = {"", true, world.last};
  {
    const auto ledger = storage::OpenLedger(*world.store, world.clock.Options());
    const auto view = *ledger->Latest();
    auto log = PrepareLog(*view, {}, "", world.files, ways);
    REQUIRE(log.ok());
    SECTION("after the key") { REQUIRE(MakeLogKeys(world.files.keys, log->epoch->origin).ok()); }
    SECTION("after the anchor") {
      REQUIRE(MakeEpochFiles(*view, *log->epoch, world.files.keys, world.files.anchor_path,
                             &log->signers, &log->anchor)
                  .ok());
    }
  }
  const std::string key = Slurp(world.files.keys.key_path);
  CHECK(Show(world.Start()).find("FAILED_PRECONDITION") == 0);
  CHECK(world.LeafCount() == 5);
  world.MustStart(ways);
  CHECK(world.LeafCount() == 6);
  CHECK(world.LastChange().operation == Operation::kNewLogEpoch);
  CHECK(Slurp(world.files.keys.key_path) == key);
}

TEST_CASE("a new epoch after less than the anchor knows, or another log, is refused") {
  LossWorld world;
  const SignerKey key = ReadLogKeys(world.files.keys)->at(0);
  const auto with = [&](const std::string& note) {
    return world.Start({"", true, world.Write("after", note)});
  };
  const absl::Status older = with(NoteOf(SomeHead(7), {key}));
  CHECK(Show(older) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
  CHECK(Mentions(older, "has a later one"));
  CHECK(Show(with(NoteOf(SomeHead(20), {Key(5)}))) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
  CHECK(Show(with(NoteOf(SomeHead(20), {Key(5, "x")}, "x"))) ==
        "FAILED_PRECONDITION LOG_WAY_REFUSED");
  CHECK(world.LeafCount() == 5);
  CHECK(Slurp(world.files.keys.key_path) == world.old_key);
  // A later one than the anchor's is what a witness may have.
  CHECK(with(NoteOf(SomeHead(20), {key})).ok());
  CHECK_THAT(world.LastChange().reason, Catch::Contains("leaves 5 to 19 are lost"));
}

TEST_CASE("a copy from before an epoch is refused, and the next epoch has another name") {
  LossWorld world;
  auto before_epoch = world.CopyOfStore();
  world.MustStart({"", true, world.last});
  world.Grow(2);
  const std::string last_of_one = world.Write("last1", world.Signed());
  world.PutBack(std::move(before_epoch));
  CHECK(Show(world.Start()) == "FAILED_PRECONDITION LOG_BEHIND_ANCHOR");
  const absl::Status old_checkpoint = world.Start({"", true, world.last});
  CHECK(Show(old_checkpoint) == "FAILED_PRECONDITION LOG_WAY_REFUSED");
  world.MustStart({"", true, last_of_one});
  CHECK(world.Settings().log_epoch() == 2);
  CHECK(world.checkpoints->origin() == std::string(kOrigin) + "/epoch/2");
  CHECK(world.LastChange().reason ==
        "new epoch after a checkpoint of 8 leaves: leaves 5 to 7 are lost");
}

TEST_CASE("an epoch for a stolen key loses nothing, and says so") {
  StartWorld world;
  world.MustStart();
  world.Grow(2);
  const std::string last = world.Write("last", world.Signed());
  world.MustStart({"", true, last});
  CHECK(world.LeafCount() == 5);
  CHECK(world.LastChange().reason ==
        "new epoch after a checkpoint of 4 leaves: none of them is lost");
}

TEST_CASE("settings that differ are refused before an epoch touches a file") {
  LossWorld world;
  world.origin = "registry.example/other";
  CHECK(Show(world.Start({"", true, world.last})) == "FAILED_PRECONDITION SETTING_DIFFERS");
  CHECK(Slurp(world.files.keys.key_path) == world.old_key);
  CHECK(world.LeafCount() == 5);
}

TEST_CASE("a log in memory has a key of its own at each start, and leaves only log.vkey") {
  StartWorld world;
  world.files.keys.key_path.clear();
  world.files.anchor_path.clear();
  world.MustStart();
  const std::string first = Slurp(world.files.keys.vkey_path);
  CHECK(first == world.Settings().log_vkeys(0) + "\n");
  world.PutBack(std::make_unique<storage::MemoryEngine>());
  world.view.reset();
  world.MustStart();
  CHECK(Slurp(world.files.keys.vkey_path) != first);
  CHECK(!std::filesystem::exists(world.directory.File("log.key")));
  CHECK(!std::filesystem::exists(world.directory.File("anchor")));
}

}  // namespace
}  // namespace gusu::server
