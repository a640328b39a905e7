// Secondary indexes and days' counts: written in the commit that they belong to, or not at all.
#include <catch2/catch.hpp>

#include "gusu/storage/v1/storage.pb.h"
#include "storage/keys.h"
#include "storage/memory/memory_engine.h"
#include "storage/registry_day.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::storage {
namespace {

struct World {
  World() : ledger(OpenLedger(memory, clock.Options())) {}
  // Names under a term of prefix 88.118.8.
  std::vector<std::string> Find(std::string_view term) const {
    const std::string beginning = IndexBeginning("88.118.8", term);
    std::vector<std::string> names;
    REQUIRE(MustLatest(*ledger)
                ->ScanStored(beginning, AfterBeginning(beginning),
                             [&](std::string_view key, std::string_view value) {
                               CHECK(value.empty());
                               names.emplace_back(key.substr(beginning.size()));
                               return true;
                             })
                .ok());
    return names;
  }
  std::map<uint32_t, uint64_t> CountsOf(const std::string& key) const {
    v1::DayCountsRow row;
    const auto rows = TableOf(*MustLatest(*ledger), kDayCountsTable);
    const auto found = rows.find(key);
    if (found == rows.end()) return {};
    REQUIRE(row.ParseFromString(found->second));
    return {row.counts().begin(), row.counts().end()};
  }

  ManualClock clock;
  MemoryEngine memory;
  std::unique_ptr<Ledger> ledger;
};

IndexEntry IndexOf(std::string_view term, std::string_view name) {
  return {IndexBeginning("88.118.8", term), std::string(name)};
}

// Of a record with `serial`, which no other one may have.
ChangeSet RegisterUnique(const std::string& suffix, const std::string& serial) {
  ChangeSet set = Register("88.118.8/" + suffix);
  Precondition unique;
  unique.kind = Precondition::Kind::kEmptyInterval;
  unique.key = IndexBeginning("88.118.8", serial);
  unique.end = AfterBeginning(unique.key);
  set.changes[0].preconditions.push_back(unique);
  set.changes[0].index_adds.push_back(IndexOf(serial, suffix));
  return set;
}

const Precondition* RefusedBy(const AppendOutcome& outcome, const ChangeSet& set) {
  if (!outcome.ok() || !std::holds_alternative<Refused>(*outcome)) return nullptr;
  const auto& refused = std::get<Refused>(*outcome);
  return &set.changes[*refused.change_index].preconditions[refused.precondition_index];
}

}  // namespace

TEST_CASE("an index entry comes and goes with the change that says so") {
  World world;
  ChangeSet set = Register("88.118.8/A");
  set.changes[0].index_adds = {IndexOf("state=1", "A"), IndexOf("model=x", "A")};
  const Appended first = MustAppend(*world.ledger, std::move(set));
  CHECK(world.Find("state=1") == std::vector<std::string>{"A"});

  set = Update("88.118.8/A", "2", first.first.revision);
  set.changes[0].index_removes = {IndexOf("state=1", "A"), IndexOf("model=x", "A")};
  set.changes[0].index_adds = {IndexOf("model=x", "A"), IndexOf("model=y", "A")};
  MustAppend(*world.ledger, std::move(set));
  CHECK(world.Find("state=1").empty());
  CHECK(world.Find("model=x") == std::vector<std::string>{"A"});
  CHECK(world.Find("model=y") == std::vector<std::string>{"A"});
}

TEST_CASE("a minted record's index entries have the suffix that the ledger assigned") {
  World world;
  ChangeSet set;
  set.changes.push_back(MintChange("88.118.8", "m-{serial:3}"));
  set.changes[0].index_adds = {IndexOf("model=x", "")};
  CHECK(MustAppend(*world.ledger, std::move(set)).identifiers[0] == "88.118.8/m-001");
  CHECK(world.Find("model=x") == std::vector<std::string>{"M-001"});
  CheckStore(*MustLatest(*world.ledger));
}

TEST_CASE("of two records with one unique value the second is refused, in one set too") {
  World world;
  ChangeSet both = Together({RegisterUnique("A", "serial=1"), RegisterUnique("B", "serial=1")});
  const ChangeSet asked = both;
  const Precondition* unique = RefusedBy(Append(*world.ledger, std::move(both)), asked);
  REQUIRE(unique != nullptr);
  CHECK(unique->kind == Precondition::Kind::kEmptyInterval);
  CHECK(world.Find("serial=1").empty());
  CHECK(TableOf(*MustLatest(*world.ledger), kDayCountsTable).empty());

  MustAppend(*world.ledger, RegisterUnique("A", "serial=1"));
  const ChangeSet again = RegisterUnique("B", "serial=1");
  CHECK(RefusedBy(Append(*world.ledger, again), again) != nullptr);
  MustAppend(*world.ledger, RegisterUnique("B", "serial=11"));
  CHECK(world.Find("serial=1") == std::vector<std::string>{"A"});
}

TEST_CASE("a unique value that one change gives up is free for the next of its set") {
  World world;
  const Appended first = MustAppend(*world.ledger, RegisterUnique("A", "serial=1"));
  ChangeSet gives_up = Update("88.118.8/A", "2", first.first.revision);
  gives_up.changes[0].index_removes = {IndexOf("serial=1", "A")};
  MustAppend(*world.ledger, Together({std::move(gives_up), RegisterUnique("B", "serial=1")}));
  CHECK(world.Find("serial=1") == std::vector<std::string>{"B"});
}

TEST_CASE("a quota counts records and codes of ranges together") {
  World world;
  const auto with_quota = [](ChangeSet set, uint64_t codes) {
    Precondition quota;
    quota.kind = Precondition::Kind::kQuota;
    quota.key = "88.118.8";
    quota.limit = 10;
    set.preconditions.push_back(quota);
    set.changes[0].adds_range_codes = codes;
    return set;
  };
  MustAppend(*world.ledger, with_quota(Register("88.118.8/A"), 8));
  const AppendOutcome refused = Append(*world.ledger, with_quota(Register("88.118.8/B"), 1));
  REQUIRE(refused.ok());
  CHECK(std::holds_alternative<Refused>(*refused));
  MustAppend(*world.ledger, with_quota(Register("88.118.8/B"), 0));
}

TEST_CASE("counts belong to the day of the commit and to who held the prefix then") {
  World world;
  v1::SettingsRow settings;
  settings.set_time_zone("Asia/Shanghai");
  v1::RegistrantRow pumps;
  pumps.set_district("320505");
  pumps.set_industry_class("C34");
  v1::PrefixRow prefix;
  prefix.set_prefix("88.118.8");
  prefix.set_holder("sz-pumps");
  const auto put = [&world](const std::string& key, const std::string& payload) {
    ChangeSet set;
    Change& change = set.changes.emplace_back();
    change.resource = "x";
    change.rows.push_back({key, payload});
    MustAppend(*world.ledger, std::move(set));
  };
  put(SettingsKey(), settings.SerializeAsString());
  put(RegistrantKey("sz-pumps"), pumps.SerializeAsString());
  put(PrefixKey("88.118.8"), prefix.SerializeAsString());

  // 2027-01-15 16:00 in Suzhou; the next day begins at 16:00 UTC.
  const int32_t day =
      DayOf(world.clock.now_us(), RegistryZone(MustLatest(*world.ledger)->directory()));
  CHECK(DayText(day) == "2027-01-15");
  MustAppend(*world.ledger, Register("88.118.8/A"));
  world.clock.Advance(absl::Hours(8) - absl::Seconds(1));
  MustAppend(*world.ledger, Register("88.118.8/B"));
  world.clock.Advance(absl::Seconds(1));
  MustAppend(*world.ledger, Register("88.118.8/C"));
  prefix.set_holder("sz-valves");
  put(PrefixKey("88.118.8"), prefix.SerializeAsString());
  MustAppend(*world.ledger, Register("88.118.8/D"));

  using Counts = std::map<uint32_t, uint64_t>;
  CHECK(world.CountsOf(DayCountsKey("88.118.8", day, "sz-pumps", "320505", "C34")) ==
        Counts{{kCreated, 2}});
  CHECK(world.CountsOf(DayCountsKey("88.118.8", day + 1, "sz-pumps", "320505", "C34")) ==
        Counts{{kCreated, 1}});
  CHECK(world.CountsOf(DayCountsKey("88.118.8", day + 1, "sz-valves", "", "")) ==
        Counts{{kCreated, 1}});
  CheckStore(*MustLatest(*world.ledger));
}

}  // namespace gusu::storage
