// Random operations on a ledger and on a model of it, with reopened stores and failing commits.
#include "tests/storage/ledger_model.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <thread>

#include "storage/memory/memory_engine.h"
#include "tests/random.h"
#include "tests/storage/faulty_engine.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

using Fault = FaultyEngine::Fault;
using Verdict = LedgerModel::Verdict;

constexpr int kRounds = 400;
constexpr size_t kSetsMax = 24;
constexpr size_t kCodes = 120;

class Play {
 public:
  explicit Play(bool with_faults) : with_faults_(with_faults), random_("ledger model") {}

  void Run() {
    for (int round = 0; round < kRounds; ++round) {
      CAPTURE(round);
      clock_.Advance(absl::Microseconds(random_.Below(200)));
      if (random_.Below(20) == 0) Reopen();
      std::vector<ChangeSet> sets(1 + random_.Below(kSetsMax));
      for (ChangeSet& set : sets) set = Draw();
      const bool faulty = with_faults_ && random_.Below(4) == 0;
      faulty ? AppendThroughFaults(sets) : AppendAndJudge(sets);
      CompareRandomly();
    }
    Reopen();
    CompareAll();
    CheckStore(*MustLatest(*ledger_));
  }

 private:
  void Reopen() {
    ledger_.reset();
    ledger_ = OpenLedger(engine_, clock_.Options());
    const auto view = MustLatest(*ledger_);
    for (const TreeHead& shown : shown_) CheckExtends(*view, shown);
    shown_.clear();
    CheckTree(*view);
  }

  std::string Code() {
    return (random_.Below(2) == 0 ? "88.118.8/C-" : "88.118.9/C-") +
           std::to_string(random_.Below(kCodes));
  }

  ChangeSet DrawUpdate() {
    const std::string code = Code();
    const auto row = model_.rows().find(RecordKey(code));
    const uint64_t revision = row == model_.rows().end() ? 1 : row->second.back().revision;
    return Update(code, "update " + std::to_string(++texts_),
                  revision + (random_.Below(5) == 0 ? 1 : 0));
  }

  ChangeSet DrawMany() {
    std::vector<ChangeSet> sets;
    for (size_t i = 0; i < 2 + random_.Below(4); ++i) {
      sets.push_back(random_.Below(2) == 0 ? DrawUpdate() : Register(Code(), "many"));
    }
    return Together(std::move(sets));
  }

  ChangeSet DrawMint() {
    ChangeSet set;
    for (size_t i = 0; i < 1 + random_.Below(3); ++i) {
      set.changes.push_back(
          MintChange("88.118.8", random_.Below(2) == 0 ? "C-{serial:1}" : "M-{serial:4}{check}"));
    }
    return set;
  }

  ChangeSet DrawGuarded() {
    ChangeSet set = Register(Code(), "guarded");
    Precondition guard;
    if (random_.Below(2) == 0) {
      guard.kind = Precondition::Kind::kQuota;
      guard.key = set.changes[0].prefix_key;
      guard.limit = kCodes / 2 + random_.Below(kCodes);
    } else {
      guard.kind = Precondition::Kind::kEmptyInterval;
      guard.key = RecordKey(Code());
      guard.end = AfterBeginning(guard.key);
    }
    set.preconditions.push_back(guard);
    return set;
  }

  ChangeSet Draw() {
    if (!given_.empty() && random_.Below(8) == 0) {
      ChangeSet again = given_[random_.Below(given_.size())];
      if (random_.Below(4) == 0) again.request->digest.fill(77);
      return again;
    }
    const size_t kind = random_.Below(10);
    ChangeSet set = kind < 4   ? Register(Code(), "text " + std::to_string(++texts_))
                    : kind < 7 ? DrawUpdate()
                    : kind < 8 ? DrawMany()
                    : kind < 9 ? DrawMint()
                               : DrawGuarded();
    set = WithRequest(std::move(set), "r" + std::to_string(++request_ids_),
                      static_cast<uint8_t>(random_.Below(50)));
    given_.push_back(set);
    return set;
  }

  // Outcomes are those of the sets one after the other.
  void AppendAndJudge(const std::vector<ChangeSet>& sets) {
    std::vector<std::future<AppendOutcome>> later;
    for (const ChangeSet& set : sets) later.push_back(AppendLater(*ledger_, set));
    for (size_t i = 0; i < sets.size(); ++i) Judge(sets[i], later[i].get());
  }

  void Judge(const ChangeSet& set, const AppendOutcome& outcome) {
    switch (model_.Judge(set)) {
      case Verdict::kReused:
        REQUIRE(ReasonOf(outcome) == "REQUEST_ID_REUSED");
        break;
      case Verdict::kRefused:
        REQUIRE(ReasonOf(outcome) == "refused");
        break;
      case Verdict::kRepeated:
        REQUIRE(ReasonOf(outcome) == "appended");
        CheckRepeat(set, std::get<Appended>(*outcome));
        break;
      case Verdict::kAppended:
        REQUIRE(ReasonOf(outcome) == "appended");
        ApplyAndCompare(set, std::get<Appended>(*outcome));
        break;
    }
  }

  void CheckRepeat(const ChangeSet& set, const Appended& appended) {
    const Appended& known = model_.requests().at(set.request->id).appended;
    REQUIRE(appended.repeated);
    REQUIRE(appended.first.leaf_index == known.first.leaf_index);
    REQUIRE(appended.first.revision == known.first.revision);
    REQUIRE(appended.change_count == known.change_count);
    REQUIRE(appended.identifiers == known.identifiers);
  }

  void ApplyAndCompare(const ChangeSet& set, const Appended& appended) {
    REQUIRE(appended.first.leaf_index == model_.leaf_count());
    REQUIRE(appended.first.revision == std::max(clock_.now_us(), model_.last_revision() + 1));
    const Appended expected = model_.Apply(set, appended.first);
    REQUIRE(appended.change_count == expected.change_count);
    REQUIRE(appended.identifiers == expected.identifiers);
  }

  // Every set is repeated until its outcome is known; what was written makes sense in the order of
  // its leaves, and nothing was written twice.
  void AppendThroughFaults(const std::vector<ChangeSet>& sets) {
    const Fault faults[] = {Fault::kNotApplied, Fault::kUnknownNotDone, Fault::kUnknownDone,
                            Fault::kUnknownDoneLater};
    std::deque<Fault> next(random_.Below(3), Fault::kNone);
    for (size_t i = 0; i < 1 + random_.Below(2); ++i) next.push_back(faults[random_.Below(4)]);
    engine_.FailRecoveries(random_.Below(3));
    engine_.FailNext(next);

    std::map<uint64_t, const ChangeSet*> written;
    std::map<uint64_t, Appended> receipts;
    std::vector<std::future<AppendOutcome>> later;
    for (const ChangeSet& set : sets) later.push_back(AppendLater(*ledger_, set));
    for (size_t i = 0; i < sets.size(); ++i) {
      AppendOutcome outcome = later[i].get();
      while (outcome.status().code() == absl::StatusCode::kUnavailable) {
        std::this_thread::yield();
        outcome = Append(*ledger_, sets[i]);
      }
      if (ReasonOf(outcome) != "appended") continue;
      const Appended& appended = std::get<Appended>(*outcome);
      // A repeat of what an earlier round wrote.
      if (appended.first.leaf_index < model_.leaf_count()) {
        CheckRepeat(sets[i], appended);
        continue;
      }
      written.emplace(appended.first.leaf_index, &sets[i]);
      receipts.emplace(appended.first.leaf_index, appended);
    }
    engine_.FailNext({});
    for (const auto& [leaf_index, set] : written) {
      REQUIRE(model_.Judge(*set) == Verdict::kAppended);
      ApplyAndCompare(*set, receipts.at(leaf_index));
    }
    REQUIRE(MustLatest(*ledger_)->leaf_count() == model_.leaf_count());
  }

  void CompareRandomly() {
    const auto view = MustLatest(*ledger_);
    REQUIRE(view->leaf_count() == model_.leaf_count());
    REQUIRE(view->tree_head().size == model_.leaf_count());
    shown_.push_back(view->tree_head());
    for (int i = 0; i < 10; ++i) CompareRow(*view, RecordKey(Code()));
  }

  void CompareAll() {
    const auto view = MustLatest(*ledger_);
    REQUIRE(view->last_revision() == model_.last_revision());
    for (const auto& [key, versions] : model_.rows()) CompareRow(*view, key);
    for (const char* prefix : {"88.118.8", "88.118.9"}) {
      REQUIRE(*view->RecordCount(prefix) == model_.RecordCount(prefix));
    }
  }

  void CompareRow(const View& view, const std::string& key) {
    const auto current = view.Get(key);
    REQUIRE(current.ok());
    const auto expected = model_.rows().find(key);
    REQUIRE(current->has_value() == (expected != model_.rows().end()));
    if (expected == model_.rows().end()) return;
    std::vector<LedgerModel::Version> versions = expected->second;
    REQUIRE(TextOf(**current) == versions.back().text);
    // As of any time: the last version that is not later.
    const uint64_t span = model_.last_revision() - versions[0].revision + 3;
    const uint64_t then = versions[0].revision - 1 + random_.Below(span);
    const auto later = std::upper_bound(
        versions.begin(), versions.end(), then,
        [](uint64_t time, const LedgerModel::Version& version) { return time < version.revision; });
    const auto as_of = view.GetAsOf(key, then);
    REQUIRE(as_of.ok());
    REQUIRE(as_of->has_value() == (later != versions.begin()));
    if (later != versions.begin()) REQUIRE((*as_of)->leaf_index == (later - 1)->leaf_index);
    std::vector<uint64_t> leaves;
    REQUIRE(view.ScanRevisions(key, then,
                               [&leaves](const Row& row) {
                                 leaves.insert(leaves.begin(), row.leaf_index);
                                 return true;
                               })
                .ok());
    versions.erase(versions.begin() + (later - versions.begin()), versions.end());
    REQUIRE(leaves.size() == versions.size());
    for (size_t i = 0; i < leaves.size(); ++i) REQUIRE(leaves[i] == versions[i].leaf_index);
  }

  const bool with_faults_;
  test::Random random_;
  ManualClock clock_;
  MemoryEngine memory_;
  FaultyEngine engine_{&memory_};
  std::unique_ptr<Ledger> ledger_ = OpenLedger(engine_, clock_.Options());
  LedgerModel model_;
  std::vector<ChangeSet> given_;
  std::vector<TreeHead> shown_;  // since the store was opened
  uint64_t request_ids_ = 0, texts_ = 0;
};

}  // namespace

TEST_CASE("a ledger does what its model does") { Play(false).Run(); }

TEST_CASE("through failing commits, too, nothing is lost, doubled or out of order") {
  Play(true).Run();
}

}  // namespace gusu::storage
