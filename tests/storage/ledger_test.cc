#include <catch2/catch.hpp>
#include <thread>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "storage/figures.h"
#include "storage/memory/memory_engine.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

// A ledger in memory whose groups the test decides.
struct World {
  ManualClock clock;
  MemoryEngine memory;
  FaultyEngine engine{&memory};
  std::unique_ptr<Ledger> ledger = OpenLedger(engine, clock.Options());

  void Reopen(Ledger::Options options) {
    ledger.reset();
    ledger = OpenLedger(engine, std::move(options));
  }
  // Queues all sets while another group is being committed, so that they make one group.
  std::vector<AppendOutcome> AppendAsOneGroup(std::vector<ChangeSet> sets) {
    engine.Hold();
    auto blocker = AppendLater(*ledger, Register("88.118.8/BLOCKER-" + std::to_string(++blockers)));
    engine.AwaitHeld();
    std::vector<std::future<AppendOutcome>> later;
    for (ChangeSet& set : sets) later.push_back(AppendLater(*ledger, std::move(set)));
    const uint64_t groups = ledger->figures().groups;
    engine.Release();
    REQUIRE(ReasonOf(blocker.get()) == "appended");
    std::vector<AppendOutcome> outcomes;
    for (auto& outcome : later) outcomes.push_back(outcome.get());
    REQUIRE(ledger->figures().groups <= groups + 2);
    return outcomes;
  }
  int blockers = 0;
};

std::optional<Row> RowAt(const Ledger& ledger, std::string_view identifier_key) {
  auto row = MustLatest(ledger)->Get(RecordKey(identifier_key));
  REQUIRE(row.ok());
  return *std::move(row);
}

}  // namespace

TEST_CASE("the changes of a set follow one another, and revisions are commit times") {
  World world;
  const Appended first = MustAppend(*world.ledger, Register("88.118.8/A"));
  CHECK(first.first.leaf_index == 0);
  CHECK(first.first.revision == world.clock.now_us());

  world.clock.Advance(absl::Seconds(1));
  const uint64_t now_us = world.clock.now_us();
  const Appended set =
      MustAppend(*world.ledger, Together({Register("88.118.8/B"), Register("88.118.8/C")}));
  CHECK(set.first.leaf_index == 1);
  CHECK(set.first.revision == now_us);
  CHECK(set.change_count == 2);
  CHECK_FALSE(set.repeated);
  CHECK(RowAt(*world.ledger, "88.118.8/C")->revision == now_us + 1);
  CHECK(RowAt(*world.ledger, "88.118.8/C")->leaf_index == 2);
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a clock that stands still or goes back makes revisions one apart") {
  World world;
  const uint64_t first = MustAppend(*world.ledger, Register("88.118.8/A")).first.revision;
  CHECK(MustAppend(*world.ledger, Register("88.118.8/B")).first.revision == first + 1);
  world.clock.Jump(-absl::Hours(1));
  CHECK(MustAppend(*world.ledger, Register("88.118.8/C")).first.revision == first + 2);
}

TEST_CASE("a jump of the clock is refused until it is taken back") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  world.clock.Jump(absl::Minutes(6));
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/B"))) == "CLOCK_IMPLAUSIBLE");
  CHECK(ErrorReason(world.ledger->Writable()) == "CLOCK_IMPLAUSIBLE");
  world.clock.Jump(-absl::Minutes(6));
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/B"))) == "appended");
  CHECK(world.ledger->Writable().ok());
}

TEST_CASE("a start long after the last change needs the operator's word") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  world.ledger.reset();
  world.clock.Advance(absl::Hours(25));
  const auto refused = Ledger::Open(Borrow(world.engine), world.clock.Options());
  CHECK(refused.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ErrorReason(refused.status()) == "CLOCK_IMPLAUSIBLE");
  Ledger::Options options = world.clock.Options();
  options.accept_clock = true;
  CHECK(Ledger::Open(Borrow(world.engine), options).ok());
}

TEST_CASE("a precondition that does not hold refuses its set alone, and tells the row") {
  World world;
  const uint64_t revision =
      MustAppend(*world.ledger, Register("88.118.8/A", "first")).first.revision;
  const auto outcomes = world.AppendAsOneGroup(
      {Register("88.118.8/A", "second"), Update("88.118.8/A", "third", revision + 1),
       Update("88.118.8/A", "fourth", revision), Update("88.118.8/A", "fifth", revision)});
  REQUIRE(ReasonOf(outcomes[0]) == "refused");
  CHECK(TextOf(*std::get<Refused>(*outcomes[0]).row) == "first");
  CHECK(std::get<Refused>(*outcomes[0]).change_index == 0u);
  CHECK(ReasonOf(outcomes[1]) == "refused");
  REQUIRE(ReasonOf(outcomes[2]) == "appended");
  // The last one was checked against the group so far.
  REQUIRE(ReasonOf(outcomes[3]) == "refused");
  CHECK(TextOf(*std::get<Refused>(*outcomes[3]).row) == "fourth");
  CHECK(TextOf(*RowAt(*world.ledger, "88.118.8/A")) == "fourth");
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("an interval must be empty, of the group's rows too") {
  World world;
  const auto with_interval = [](ChangeSet set) {
    Precondition empty;
    empty.kind = Precondition::Kind::kEmptyInterval;
    empty.key = RecordKey("88.118.8/M");
    empty.end = RecordKey("88.118.8/N");
    set.preconditions.push_back(empty);
    return set;
  };
  const auto outcomes = world.AppendAsOneGroup(
      {with_interval(Register("88.118.8/L")), with_interval(Register("88.118.8/M1")),
       with_interval(Register("88.118.8/O")), with_interval(Register("88.118.8/M2"))});
  CHECK(ReasonOf(outcomes[0]) == "appended");
  CHECK(ReasonOf(outcomes[1]) == "appended");
  REQUIRE(ReasonOf(outcomes[2]) == "refused");
  const Refused& refused = std::get<Refused>(*outcomes[2]);
  CHECK_FALSE(refused.change_index.has_value());
  CHECK(refused.precondition_index == 0);
  CHECK(IdentifierOf(*refused.row) == "88.118.8/M1");
  CHECK(ReasonOf(outcomes[3]) == "refused");
  // And of the store's.
  CHECK(ReasonOf(Append(*world.ledger, with_interval(Register("88.118.8/P")))) == "refused");
}

TEST_CASE("the changes of a set happen together or not at all") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/C"));
  const auto outcomes = world.AppendAsOneGroup(
      {Together({Register("88.118.8/A"), Register("88.118.8/B"), Register("88.118.8/C")}),
       Register("88.118.8/A", "alone"),
       Together({Register("88.118.8/D"), Register("88.118.8/D")})});
  REQUIRE(ReasonOf(outcomes[0]) == "refused");
  CHECK(std::get<Refused>(*outcomes[0]).change_index == 2u);
  REQUIRE(ReasonOf(outcomes[1]) == "appended");
  // A change rests on those before it in its own set.
  REQUIRE(ReasonOf(outcomes[2]) == "refused");
  CHECK(std::get<Refused>(*outcomes[2]).change_index == 1u);
  CHECK_FALSE(RowAt(*world.ledger, "88.118.8/B").has_value());
  CHECK_FALSE(RowAt(*world.ledger, "88.118.8/D").has_value());
  CHECK(TextOf(*RowAt(*world.ledger, "88.118.8/A")) == "alone");
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a quota counts what exists, what the group added, and the whole set") {
  World world;
  const auto with_quota = [](ChangeSet set, uint64_t limit) {
    Precondition quota;
    quota.kind = Precondition::Kind::kQuota;
    quota.key = "88.118.9";
    quota.limit = limit;
    set.preconditions.push_back(quota);
    return set;
  };
  const auto outcomes = world.AppendAsOneGroup(
      {with_quota(Register("88.118.9/A"), 2),
       with_quota(Together({Register("88.118.9/B"), Register("88.118.9/C")}), 2),
       with_quota(Register("88.118.9/B"), 2), with_quota(Register("88.118.9/D"), 2)});
  CHECK(ReasonOf(outcomes[0]) == "appended");
  CHECK(ReasonOf(outcomes[1]) == "refused");
  CHECK(ReasonOf(outcomes[2]) == "appended");
  CHECK(ReasonOf(outcomes[3]) == "refused");
  CHECK(*MustLatest(*world.ledger)->RecordCount("88.118.9") == 2);
  CHECK(*MustLatest(*world.ledger)->RecordCount("88.118.7") == 0);
}

TEST_CASE("every revision of a row stays readable as of its time") {
  World world;
  std::vector<uint64_t> revisions;
  revisions.push_back(MustAppend(*world.ledger, Register("88.118.8/A", "0")).first.revision);
  for (int i = 1; i < 4; ++i) {
    world.clock.Advance(absl::Seconds(10));
    revisions.push_back(
        MustAppend(*world.ledger, Update("88.118.8/A", std::to_string(i), revisions.back()))
            .first.revision);
  }
  const auto view = MustLatest(*world.ledger);
  const std::string key = RecordKey("88.118.8/A");
  CHECK_FALSE(view->GetAsOf(key, revisions[0] - 1)->has_value());
  for (int i = 0; i < 4; ++i) {
    CHECK(TextOf(**view->GetAsOf(key, revisions[i])) == std::to_string(i));
    CHECK(TextOf(**view->GetAsOf(key, revisions[i] + 9'999'999)) == std::to_string(i));
  }
  std::vector<std::string> texts;
  REQUIRE(view->ScanRevisions(key, revisions[2],
                              [&texts](const Row& row) {
                                texts.push_back(TextOf(row));
                                return true;
                              })
              .ok());
  CHECK(texts == std::vector<std::string>{"2", "1", "0"});
}

TEST_CASE("a record that only lengthens another's key has a history of its own") {
  World world;
  const uint64_t a = MustAppend(*world.ledger, Register("88.118.8/A", "a")).first.revision;
  const uint64_t a1 = MustAppend(*world.ledger, Register("88.118.8/A1", "a1")).first.revision;
  MustAppend(*world.ledger, Update("88.118.8/A1", "a1 again", a1));
  const auto view = MustLatest(*world.ledger);
  CHECK_FALSE(view->GetAsOf(RecordKey("88.118.8/A"), a - 1)->has_value());
  CHECK(TextOf(**view->GetAsOf(RecordKey("88.118.8/A1"), a1)) == "a1");
}

TEST_CASE("a request id is answered with the first receipt, in the same group and later") {
  World world;
  const auto outcomes = world.AppendAsOneGroup({WithRequest(Register("88.118.8/A"), "r1"),
                                                WithRequest(Register("88.118.8/A"), "r1"),
                                                WithRequest(Register("88.118.8/B"), "r1", 2)});
  REQUIRE(ReasonOf(outcomes[0]) == "appended");
  REQUIRE(ReasonOf(outcomes[1]) == "appended");
  const Appended& first = std::get<Appended>(*outcomes[0]);
  for (const AppendOutcome& outcome :
       {outcomes[1], Append(*world.ledger, WithRequest(Register("88.118.8/A"), "r1"))}) {
    const Appended& again = std::get<Appended>(*outcome);
    CHECK(again.repeated);
    CHECK(again.first.leaf_index == first.first.leaf_index);
    CHECK(again.first.revision == first.first.revision);
    CHECK(again.change_count == 1);
  }
  CHECK(ReasonOf(outcomes[2]) == "REQUEST_ID_REUSED");
  CHECK(outcomes[2].status().code() == absl::StatusCode::kInvalidArgument);
  const auto known = MustLatest(*world.ledger)->FindRequest("sz-pumps", "r1");
  REQUIRE(known->has_value());
  CHECK((*known)->first_revision == first.first.revision);
  CHECK_FALSE(MustLatest(*world.ledger)->FindRequest("sz-motors", "r1")->has_value());
}

TEST_CASE("a refusal is not remembered") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  CHECK(ReasonOf(Append(*world.ledger, WithRequest(Register("88.118.8/A"), "r1"))) == "refused");
  CHECK(ReasonOf(Append(*world.ledger, WithRequest(Register("88.118.8/B"), "r1"))) == "appended");
}

TEST_CASE("minting assigns the next free codes, and the same ones to a repeat") {
  World world;
  MustAppend(*world.ledger, Register("88.118.8/hp-000002"));
  ChangeSet set;
  for (int i = 0; i < 3; ++i) set.changes.push_back(MintChange("88.118.8", "HP-{serial:6}"));
  const std::vector<std::string> codes = {"88.118.8/HP-000001", "88.118.8/HP-000003",
                                          "88.118.8/HP-000004"};
  const auto outcomes =
      world.AppendAsOneGroup({WithRequest(set, "r1"), WithRequest(set, "r1"), set});
  CHECK(std::get<Appended>(*outcomes[0]).identifiers == codes);
  CHECK(std::get<Appended>(*outcomes[1]).identifiers == codes);
  CHECK(std::get<Appended>(*outcomes[1]).repeated);
  CHECK(std::get<Appended>(*outcomes[2]).identifiers[0] == "88.118.8/HP-000005");
  CHECK(MustAppend(*world.ledger, WithRequest(set, "r1")).identifiers == codes);
  world.Reopen(world.clock.Options());
  CHECK(MustAppend(*world.ledger, WithRequest(set, "r1")).identifiers == codes);
  CHECK(MustAppend(*world.ledger, set).identifiers[0] == "88.118.8/HP-000008");
  CHECK(IdentifierOf(*RowAt(*world.ledger, "88.118.8/HP-000003")) == "88.118.8/HP-000003");
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("random codes are minted too") {
  World world;
  ChangeSet set;
  for (int i = 0; i < 2; ++i) set.changes.push_back(MintChange("88.118.8", "{random:12}{check}"));
  const Appended appended = MustAppend(*world.ledger, set);
  CHECK(appended.identifiers[0].size() == std::string("88.118.8/").size() + 13);
  CHECK(appended.identifiers[0] != appended.identifiers[1]);
}

TEST_CASE("a pattern whose next codes are taken is refused, and a repeat goes on after them") {
  World world;
  ChangeSet taken;
  for (int i = 0; i < 1500; ++i) taken.changes.push_back(MintChange("88.118.8", "HP-{serial:6}"));
  MustAppend(*world.ledger, taken);
  // Another pattern for the same codes.
  ChangeSet set;
  set.changes.push_back(MintChange("88.118.8", "HP-0{serial:5}"));
  const AppendOutcome refused = Append(*world.ledger, WithRequest(set, "r1"));
  CHECK(ReasonOf(refused) == "SUFFIX_REFUSED");
  CHECK(refused.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK(MustAppend(*world.ledger, WithRequest(set, "r1")).identifiers[0] == "88.118.8/HP-001501");
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("a refused set gives its codes back") {
  World world;
  ChangeSet set;
  set.changes.push_back(MintChange("88.118.8", "HP-{serial:6}"));
  ChangeSet refused = set;
  MustAppend(*world.ledger, Register("88.118.8/A"));
  refused.changes.push_back(Register("88.118.8/A").changes[0]);
  CHECK(ReasonOf(Append(*world.ledger, refused)) == "refused");
  CHECK(MustAppend(*world.ledger, set).identifiers[0] == "88.118.8/HP-000001");
}

TEST_CASE("a set without changes, or with too many, is refused at once") {
  World world;
  CHECK(ReasonOf(Append(*world.ledger, {})) == "BATCH_TOO_LARGE");
  ChangeSet many;
  many.changes.resize(2001, Register("88.118.8/A").changes[0]);
  CHECK(ReasonOf(Append(*world.ledger, many)) == "BATCH_TOO_LARGE");
}

TEST_CASE("a full queue refuses at once, and takes again what has room") {
  World world;
  Ledger::Options options = world.clock.Options();
  options.queue_changes_max = 3;
  world.Reopen(options);
  world.engine.Hold();
  std::vector<std::future<AppendOutcome>> waiting;
  for (const char* code : {"88.118.8/A", "88.118.8/B", "88.118.8/C"}) {
    waiting.push_back(AppendLater(*world.ledger, Register(code)));
  }
  CHECK(world.ledger->figures().queue_changes == 3);
  const AppendOutcome full = Append(*world.ledger, Register("88.118.8/D"));
  CHECK(ReasonOf(full) == "WRITE_QUEUE_FULL");
  CHECK(full.status().code() == absl::StatusCode::kResourceExhausted);
  world.engine.Release();
  for (auto& outcome : waiting) CHECK(ReasonOf(outcome.get()) == "appended");
  CHECK(ReasonOf(Append(*world.ledger, Register("88.118.8/D"))) == "appended");
}

TEST_CASE("a group takes no more than its bounds, and the rest waits for the next") {
  World world;
  Ledger::Options options = world.clock.Options();
  options.group_changes_max = 10;
  world.Reopen(options);
  std::vector<ChangeSet> sets;
  for (int i = 0; i < 25; ++i) sets.push_back(Register("88.118.8/A" + std::to_string(i)));
  world.engine.Hold();
  std::vector<std::future<AppendOutcome>> later;
  for (ChangeSet& set : sets) later.push_back(AppendLater(*world.ledger, std::move(set)));
  world.engine.AwaitHeld();
  const size_t commits = world.engine.commit_count();
  world.engine.Release();
  uint64_t next_leaf = 0;
  for (auto& outcome : later) {
    CHECK(std::get<Appended>(*outcome.get()).first.leaf_index == next_leaf++);
  }
  CHECK(world.engine.commit_count() >= commits + 3);
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("stopping writes what is queued, tells everybody, and accepts no more") {
  World world;
  world.engine.Hold();
  auto first = AppendLater(*world.ledger, Register("88.118.8/A"));
  auto second = AppendLater(*world.ledger, Register("88.118.8/B"));
  world.engine.AwaitHeld();
  world.engine.Release();
  world.ledger->Stop();
  CHECK(ReasonOf(first.get()) == "appended");
  CHECK(ReasonOf(second.get()) == "appended");
  const AppendOutcome stopped = Append(*world.ledger, Register("88.118.8/C"));
  CHECK(ReasonOf(stopped) == "WRITES_STOPPED");
  CHECK(stopped.status().code() == absl::StatusCode::kUnavailable);
  CHECK(ErrorReason(world.ledger->Writable()) == "WRITES_STOPPED");
  CHECK(RowAt(*world.ledger, "88.118.8/B").has_value());
}

TEST_CASE("the opening of a leaf says what the change was") {
  World world;
  ChangeSet set = Register("88.118.8/a 1");
  set.changes[0].on_behalf_of = "registrants/sz-pumps";
  set.changes[0].reason = "drill";
  const Receipt receipt = MustAppend(*world.ledger, set).first;
  const auto view = MustLatest(*world.ledger);
  const auto change = view->ReadChange(receipt.leaf_index);
  REQUIRE(change.ok());
  CHECK(change->operation == Operation::kRegister);
  CHECK(change->resource == "prefixes/88.118.8/records/a%201");
  CHECK(change->registrant == "sz-pumps");
  CHECK(change->on_behalf_of == "registrants/sz-pumps");
  CHECK(change->reason == "drill");
  CHECK(change->revision == receipt.revision);
  CHECK(change->sequence == 1);
  CHECK(change->previous_leaf_count == 0);
  CHECK(change->commitments.size() == 1);
  const auto opening = view->ReadOpening(receipt.leaf_index);
  REQUIRE(opening.ok());
  CHECK(opening->salt.size() == 32);
  CHECK(opening->salt != std::string(32, '\0'));
  CHECK(view->ReadChange(receipt.leaf_index + 1).status().code() == absl::StatusCode::kOutOfRange);
}

TEST_CASE("request ids are forgotten after their retention, in steps, with and without writes") {
  World world;
  Ledger::Options options = world.clock.Options();
  options.accept_clock = true;
  options.view_age_max = absl::Milliseconds(1);  // how often an idle writer looks
  world.Reopen(options);
  for (int i = 0; i < 600; ++i) {
    const std::string n = std::to_string(i);
    MustAppend(*world.ledger, WithRequest(Register("88.118.8/A" + n), "r" + n));
  }
  world.clock.Advance(absl::Hours(7 * 24) + absl::Minutes(1));
  MustAppend(*world.ledger, WithRequest(Register("88.118.8/B"), "b"));
  const auto remembered = [&world](std::string_view id) {
    return MustLatest(*world.ledger)->FindRequest("sz-pumps", id)->has_value();
  };
  CHECK_FALSE(remembered("r0"));
  CHECK(remembered("b"));
  // The rest goes while nothing else happens.
  while (remembered("r599")) std::this_thread::yield();
  CHECK(remembered("b"));
  CHECK(MustLatest(*world.ledger)->leaf_count() == 601);
  CHECK_FALSE(MustAppend(*world.ledger, WithRequest(Register("88.118.8/C"), "r0")).repeated);
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("the view is renewed when nothing is written") {
  World world;
  Ledger::Options options = world.clock.Options();
  options.view_age_max = absl::Milliseconds(1);
  world.Reopen(options);
  MustAppend(*world.ledger, Register("88.118.8/A"));
  const auto before = MustLatest(*world.ledger);
  world.clock.Advance(absl::Minutes(2));
  while (MustLatest(*world.ledger) == before) std::this_thread::yield();
  CHECK(MustLatest(*world.ledger)->last_revision() == before->last_revision());
  CHECK(MustLatest(*world.ledger)->leaf_count() == 1);
}

}  // namespace gusu::storage
