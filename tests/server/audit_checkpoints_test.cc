#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "server/audit/checkpoints.h"
#include "storage/head.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "tests/server/audit_files.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

using namespace test;
using storage::FaultyEngine;
using storage::MustAppend;
using storage::Register;

constexpr absl::Duration kNever = absl::Hours(1000);
const std::vector<VerifierKey> kVerifiers = {Key(0).verifier()};

SignerKey Witness(int number) {
  return Key(0x20 + number, "witness.example/w" + std::to_string(number),
             SignatureType::kCosignature);
}

// A ledger in memory, with an anchor in a file, that publishes only when told.
struct CheckpointWorld {
  TemporaryDirectory directory;
  std::string anchor_path = directory.File("anchor");
  storage::ManualClock clock;
  storage::MemoryEngine memory;
  FaultyEngine engine{&memory};
  std::unique_ptr<storage::Ledger> ledger = storage::OpenLedger(engine, clock.Options());
  int records = 0;

  CheckpointWorld() { REQUIRE(Anchor::Create(anchor_path, NoteOf({}, {Key(0)})).ok()); }

  void Grow(int count = 1) {
    for (int i = 0; i < count; ++i) {
      MustAppend(*ledger, Register("88.118.8/R" + std::to_string(records++)));
    }
  }
  absl::StatusOr<std::unique_ptr<Checkpoints>> TryStart(absl::Duration interval = kNever,
                                                        std::vector<SignerKey> signers = {Key(0)}) {
    Checkpoints::Options options;
    options.origin = kOrigin;
    options.signers = std::move(signers);
    options.cosigned_path = directory.File("cosigned");
    options.publish_interval = interval;
    return Checkpoints::Start(ledger.get(), *Anchor::Open(anchor_path, kVerifiers), options);
  }
  std::unique_ptr<Checkpoints> Start(absl::Duration interval = kNever,
                                     std::vector<SignerKey> signers = {Key(0)}) {
    auto checkpoints = TryStart(interval, std::move(signers));
    INFO(checkpoints.status());
    REQUIRE(checkpoints.ok());
    return *std::move(checkpoints);
  }
  TreeHead Anchored() const {
    return Anchor::Open(anchor_path, kVerifiers)->last()->checkpoint.head;
  }
  // What a crash would find on the disk.
  uint64_t DurableSize() {
    return storage::DecodeHead(**(*memory.Latest())->Get(storage::HeadKey()))->leaf_count;
  }
};

TEST_CASE("a start publishes the store's tree, signed by every key and in the anchor") {
  CheckpointWorld world;
  world.Grow(3);
  const auto checkpoints = world.Start(kNever, {Key(0), Key(1)});
  const auto published = checkpoints->Published();
  REQUIRE(published != nullptr);
  CHECK(published->head == HeadOf(*world.ledger));
  CHECK(published->head.size == 3);
  CHECK(published->note == NoteOf(published->head, {Key(0), Key(1)}));
  CHECK(world.Anchored() == published->head);
  REQUIRE(checkpoints->verifiers().size() == 2);
  CHECK(checkpoints->verifiers()[1].Text() == Key(1).verifier().Text());
}

TEST_CASE("a growing log is published without being asked, and listeners are told in order") {
  CheckpointWorld world;
  const auto checkpoints = world.Start(absl::Milliseconds(1));
  std::promise<void> grown;
  uint64_t last = 0;
  bool in_order = true;
  auto handle = checkpoints->Listen([&](std::shared_ptr<const SignedCheckpoint> checkpoint) {
    in_order = in_order && checkpoint->head.size > last;
    last = checkpoint->head.size;
    if (last == 20) grown.set_value();
  });
  world.Grow(20);
  grown.get_future().get();
  handle.reset();
  CHECK(in_order);
  world.Grow();
  checkpoints->Stop();
  CHECK(last == 20);  // after the handle nobody is called
  CHECK(checkpoints->Published()->head.size == 21);
  CHECK(world.Anchored().size == 21);
}

TEST_CASE("an idle log is published again after a while, with the same signature") {
  CheckpointWorld world;
  world.Grow();
  Checkpoints::Options options;
  options.origin = kOrigin;
  options.signers = {Key(0)};
  options.publish_interval = absl::Milliseconds(1);
  options.idle_interval = absl::Milliseconds(1);
  const auto checkpoints =
      Checkpoints::Start(world.ledger.get(), *Anchor::Open(world.anchor_path, kVerifiers), options);
  REQUIRE(checkpoints.ok());
  const std::string first = (*checkpoints)->Published()->note;
  std::promise<std::string> again;
  bool told = false;
  const auto handle = (*checkpoints)->Listen([&](auto checkpoint) {
    if (!std::exchange(told, true)) again.set_value(checkpoint->note);
  });
  CHECK(again.get_future().get() == first);
}

TEST_CASE("a stop publishes what was not published yet") {
  CheckpointWorld world;
  const auto checkpoints = world.Start();
  world.Grow(2);
  CHECK(checkpoints->Published()->head.size == 0);
  world.ledger->Stop();
  checkpoints->Stop();
  checkpoints->Stop();
  CHECK(checkpoints->Published()->head.size == 2);
}

TEST_CASE("a size has one signature, whoever asks") {
  CheckpointWorld world;
  const auto checkpoints = world.Start();
  world.Grow(2);
  const TreeHead head = HeadOf(*world.ledger);
  const auto first = checkpoints->Sign(head);
  REQUIRE(first.ok());
  CHECK((*first)->note == NoteOf(head, {Key(0)}));
  world.Grow();
  const auto latest = checkpoints->SignLatest();
  REQUIRE(latest.ok());
  CHECK(latest->checkpoint->head.size == 3);
  CHECK(latest->view->tree_head() == latest->checkpoint->head);
  CHECK(*checkpoints->Sign(head) == *first);
  CHECK(world.Anchored().size == 3);
}

TEST_CASE("no tree is signed that is smaller than the last, unknown to the store, or another") {
  CheckpointWorld world;
  world.Grow(2);
  const TreeHead two = HeadOf(*world.ledger);
  world.Grow(2);
  const auto checkpoints = world.Start();
  const std::string anchor = Slurp(world.anchor_path);
  CHECK(Show(checkpoints->Sign(two).status()) == "FAILED_PRECONDITION TREE_SIZE_UNKNOWN");
  CHECK(Show(checkpoints->Sign(SomeHead(5)).status()) == "FAILED_PRECONDITION TREE_SIZE_UNKNOWN");
  CHECK(Slurp(world.anchor_path) == anchor);

  // The same size with another root: from then on nothing is signed at all.
  CHECK(Show(checkpoints->Sign(SomeHead(4)).status()) == "DATA_LOSS LOG_INCONSISTENT");
  world.Grow();
  CHECK(Show(checkpoints->Sign(HeadOf(*world.ledger)).status()) == "DATA_LOSS LOG_INCONSISTENT");
  CHECK(Show(checkpoints->SignLatest().status()) == "DATA_LOSS LOG_INCONSISTENT");
  CHECK(Slurp(world.anchor_path) == anchor);
  CHECK(checkpoints->Published()->head.size == 4);
}

TEST_CASE("a store that is no extension of the anchor's tree gets no signature") {
  CheckpointWorld world;
  world.Grow(3);
  for (const TreeHead& other : {SomeHead(2), SomeHead(3), SomeHead(9)}) {
    REQUIRE(Anchor::Create(world.anchor_path, NoteOf(other, {Key(0)})).ok());
    const std::string anchor = Slurp(world.anchor_path);
    CHECK(Show(world.TryStart().status()) == "DATA_LOSS LOG_INCONSISTENT");
    CHECK(Slurp(world.anchor_path) == anchor);
  }
}

TEST_CASE("nothing leaves while the anchor cannot be written, and all goes on when it can") {
  CheckpointWorld world;
  world.Grow();
  const auto checkpoints = world.Start();
  const auto before = checkpoints->Published();
  const auto listening = checkpoints->Listen([](auto) { FAIL("published"); });
  world.Grow();
  const TreeHead head = HeadOf(*world.ledger);
  {
    const FullDisk disk(10);
    CHECK(Show(checkpoints->Sign(head).status()) == "UNAVAILABLE ANCHOR_NOT_WRITABLE");
    CHECK(Show(checkpoints->SignLatest().status()) == "UNAVAILABLE ANCHOR_NOT_WRITABLE");
    CHECK(world.Anchored().size == 1);
    CHECK(checkpoints->Published() == before);
    CHECK(*checkpoints->Sign(before->head) == before);  // what is anchored is still given
  }
  const auto later = checkpoints->Sign(head);
  REQUIRE(later.ok());
  CHECK(world.Anchored() == (*later)->head);
}

TEST_CASE("a checkpoint stands in the anchor before it is returned or published") {
  CheckpointWorld world;
  const auto checkpoints = world.Start(absl::Milliseconds(1));
  std::promise<void> grown;
  bool anchored = true;
  const auto handle = checkpoints->Listen([&](auto checkpoint) {
    anchored = anchored && Slurp(world.anchor_path).find(FormatAnchorLine(checkpoint->note)) !=
                               std::string::npos;
    if (checkpoint->head.size == 50) grown.set_value();
  });
  for (int i = 0; i < 50; ++i) {
    world.Grow();
    const auto signed_now = checkpoints->SignLatest();
    REQUIRE(signed_now.ok());
    CHECK_THAT(Slurp(world.anchor_path),
               Catch::Contains(FormatAnchorLine(signed_now->checkpoint->note)));
  }
  grown.get_future().get();
  CHECK(anchored);
}

TEST_CASE("no signed size is above the durable one, whatever becomes of a commit") {
  using Fault = FaultyEngine::Fault;
  for (const Fault fault : {Fault::kNotApplied, Fault::kUnknownNotDone, Fault::kUnknownDone,
                            Fault::kUnknownDoneLater}) {
    for (const size_t failing_recoveries : {0, 2}) {
      CAPTURE(static_cast<int>(fault), failing_recoveries);
      CheckpointWorld world;
      world.Grow();
      const auto checkpoints = world.Start(absl::Milliseconds(1));
      bool durable = true;
      const auto handle = checkpoints->Listen([&](auto checkpoint) {
        durable = durable && checkpoint->head.size <= world.DurableSize();
      });
      world.engine.Hold();
      world.engine.FailNext({fault});
      world.engine.FailRecoveries(failing_recoveries);
      auto outcome = storage::AppendLater(*world.ledger, Register("88.118.8/X"));
      world.engine.AwaitHeld();
      // While the commit is under way the log is what it was.
      const auto during = checkpoints->SignLatest();
      REQUIRE(during.ok());
      CHECK(during->checkpoint->head.size == 1);
      world.engine.Release();
      CHECK(!outcome.get().ok());
      // Until the store is read again, what is signed is no more than it has.
      while (!world.ledger->Writable().ok()) {
        if (const auto one = checkpoints->SignLatest(); one.ok()) {
          CHECK(one->checkpoint->head.size <= world.DurableSize());
        }
        if (fault == Fault::kNotApplied) break;
        std::this_thread::yield();
      }
      world.Grow();
      const auto after = checkpoints->SignLatest();
      REQUIRE(after.ok());
      const bool done = fault == Fault::kUnknownDone || fault == Fault::kUnknownDoneLater;
      CHECK(after->checkpoint->head.size == (done ? 3u : 2u));
      CHECK(after->checkpoint->head.size == world.DurableSize());
      checkpoints->Stop();
      CHECK(durable);
    }
  }
}

TEST_CASE("many threads that ask at once get one signature a size, each anchored") {
  CheckpointWorld world;
  const auto checkpoints = world.Start(absl::Milliseconds(1));
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::map<uint64_t, std::string> notes;
  bool agree = true;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto latest = checkpoints->SignLatest();
        const std::lock_guard lock(mutex);
        if (!latest.ok()) {
          agree = false;
          return;
        }
        const auto& checkpoint = *latest->checkpoint;
        const auto known = notes.emplace(checkpoint.head.size, checkpoint.note).first;
        agree = agree && known->second == checkpoint.note;
      }
    });
  }
  world.Grow(50);
  for (std::thread& thread : threads) thread.join();
  CHECK(agree);
  checkpoints->Stop();
  for (const auto& [size, note] : notes) {
    CHECK(
        (size == 0 || Slurp(world.anchor_path).find(FormatAnchorLine(note)) != std::string::npos));
  }
}

TEST_CASE("a statement is signed by the log's keys, and is never a checkpoint") {
  CheckpointWorld world;
  const auto checkpoints = world.Start(kNever, {Key(0), Key(1)});
  const auto note = checkpoints->SignStatement("gusu.latest/v1\nline\n");
  REQUIRE(note.ok());
  CHECK(VerifyNote(*ParseSignedNote(*note), checkpoints->verifiers())->size() == 2);
  const std::string body = *FormatCheckpointBody({kOrigin, SomeHead(1000), {}});
  CHECK(Show(checkpoints->SignStatement(body).status()) == "INVALID_ARGUMENT FIELD_INVALID");
}

struct WitnessWorld : CheckpointWorld {
  std::unique_ptr<Checkpoints> checkpoints = (Grow(6), Start());

  std::string Note(std::vector<SignerKey> signers) const {
    return NoteOf(HeadOf(*ledger), signers);
  }
  std::string Add(const std::string& note, const std::vector<SignerKey>& witnesses) {
    std::vector<VerifierKey> keys;
    for (const SignerKey& witness : witnesses) keys.push_back(witness.verifier());
    return Show(checkpoints->AddCosignatures(note, keys).status());
  }
  // Names of those whose signatures hold on what is served.
  std::vector<std::string> Signed(int witnesses) const {
    std::vector<VerifierKey> keys = checkpoints->verifiers();
    for (int i = 0; i < witnesses; ++i) keys.push_back(Witness(i).verifier());
    const auto opened = OpenCheckpoint(checkpoints->Cosigned(), keys);
    REQUIRE(opened.ok());
    std::vector<std::string> names;
    for (const auto& signature : opened->signatures) names.push_back(signature.key_name);
    return names;
  }
};

TEST_CASE("cosignatures are stored for their owner alone, and served after a restart") {
  WitnessWorld world;
  CHECK(world.checkpoints->Cosigned().empty());
  CHECK(world.Add(world.Note({Key(0), Witness(0)}), {Witness(0)}) == "OK");
  CHECK(world.Add(world.Note({Key(0), Witness(1), Witness(2)}), {Witness(1)}) == "OK");
  const std::vector<std::string> names = {kOrigin, "witness.example/w1", "witness.example/w0"};
  CHECK(world.Signed(3) == names);
  const std::string served = world.checkpoints->Cosigned();
  CHECK(Slurp(world.directory.File("cosigned")) == FormatAnchorLine(served));
  world.checkpoints.reset();
  world.Grow();
  world.checkpoints = world.Start();
  CHECK(world.checkpoints->Cosigned() == served);
  // A greater one takes its place, and an older one is then refused.
  const std::string greater = world.Note({Key(0), Witness(0)});
  CHECK(world.Add(greater, {Witness(0)}) == "OK");
  CHECK(world.checkpoints->Cosigned() == greater);
  CHECK(world.Add(served, {Witness(0)}) == "FAILED_PRECONDITION TREE_SIZE_UNKNOWN");
  CHECK(world.checkpoints->Cosigned() == greater);
}

TEST_CASE("cosignatures on what this log did not sign, or of nobody named, are refused") {
  WitnessWorld world;
  const std::string missing = "INVALID_ARGUMENT SIGNATURE_MISSING";
  const std::string unknown = "FAILED_PRECONDITION TREE_SIZE_UNKNOWN";
  CHECK(world.Add(world.Note({Key(0)}), {Witness(0)}) == missing);
  CHECK(world.Add(world.Note({Witness(0)}), {Witness(0)}) == missing);
  CHECK(world.Add(world.Note({Key(0), Witness(0)}), {}) == missing);
  CHECK(world.Add(world.Note({Key(0), Witness(0)}), {Key(5)}) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(world.Add("text\n", {Witness(0)}) == "INVALID_ARGUMENT NOTE_MALFORMED");
  for (const TreeHead& head : {SomeHead(6), SomeHead(2), SomeHead(100)}) {
    CHECK(world.Add(NoteOf(head, {Key(0), Witness(0)}), {Witness(0)}) == unknown);
  }
  std::string forged = world.Note({Key(0), Witness(0)});
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(world.Add(forged, {Witness(0)}) == "INVALID_ARGUMENT SIGNATURE_INVALID");
  std::vector<SignerKey> many = {Key(0)};
  for (int i = 0; i < 17; ++i) many.push_back(Witness(i));
  const std::string note = world.Note(many);
  many.erase(many.begin());
  CHECK(world.Add(note, many) == "INVALID_ARGUMENT FIELD_INVALID");
  many.pop_back();
  CHECK(world.Add(note, many) == "OK");
  CHECK(world.Add(note, {Witness(16)}) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(world.Signed(17).size() == 17);
}

TEST_CASE("cosignatures that cannot be stored are not served") {
  WitnessWorld world;
  const FullDisk disk(100);
  CHECK(world.Add(world.Note({Key(0), Witness(0)}), {Witness(0)}) ==
        "UNAVAILABLE COSIGNED_NOT_WRITABLE");
  CHECK(world.checkpoints->Cosigned().empty());
}

TEST_CASE("a file of cosignatures with any byte changed refuses the start, and names itself") {
  WitnessWorld world;
  REQUIRE(world.Add(world.Note({Key(0), Witness(0)}), {Witness(0)}) == "OK");
  world.checkpoints.reset();
  const std::string path = world.directory.File("cosigned");
  const std::string content = Slurp(path);
  for (size_t at = 0; at < content.size(); at += 7) {
    CAPTURE(at);
    std::string damaged = content;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x01);
    Spill(path, damaged);
    const absl::Status status = world.TryStart().status();
    CHECK(Show(status) == "DATA_LOSS COSIGNED_CORRUPT");
    CHECK(ErrorMetadataValue(status, "path") == path);
  }
  Spill(path, FormatAnchorLine(NoteOf(SomeHead(6), {Key(0), Witness(0)})));
  CHECK(Show(world.TryStart().status()) == "DATA_LOSS COSIGNED_CORRUPT");
  // What an earlier epoch left is no fault, and not this log's.
  Spill(path, FormatAnchorLine(NoteOf(SomeHead(6), {Key(0, "other"), Witness(0)}, "other")));
  CHECK(world.Start()->Cosigned().empty());
}

}  // namespace
}  // namespace gusu::server
