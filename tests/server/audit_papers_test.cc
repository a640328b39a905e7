// What the bureau's papers are made of: the registry's own count of a period, and the evidence of a
// code, also where the store is damaged.
#include <set>

#include "proto/error.h"
#include "proto/text.h"
#include "server/audit/code_evidence.h"
#include "server/audit/period_report.h"
#include "storage/keys.h"
#include "tests/server/audit_world.h"

namespace gusu::server {
namespace {

using papers::Measure;

struct Papers : AuditWorld {
  absl::StatusOr<papers::Evidence> Gather(const std::string& identifier,
                                          const Caller& caller = Auditor()) {
    return GatherEvidence(audit(), resolver(), identifier, caller);
  }
  struct Counted {
    papers::ReportTally tally;
    std::string shown;  // `leaves first-last, closed`, or the error
  };
  // The leaves [first, end): from the commit of the first one to that of `end`.
  void Count(uint64_t from_us, uint64_t to_us, Counted* counted) {
    const auto report = CountPeriod(ledger(), audit(), {.from_us = from_us, .to_us = to_us},
                                    *papers::Calendar::OfZone("UTC"), Auditor(), &counted->tally);
    counted->shown =
        report.ok() ? Concat(report->leaves_count, " leaves", report->is_closed ? ", closed" : "")
                    : Show(report.status(), "key_hex");
  }
  uint64_t TimeOf(uint64_t leaf_index) { return View()->ReadChange(leaf_index)->revision; }
  void Amend(const std::string& name, const std::string& district) {
    v1::GetRegistrantRequest get;
    get.set_name("registrants/sz-pumps");
    v1::UpdateRegistrantRequest update;
    update.set_name(get.name());
    *update.mutable_registrant() = *Read(&Registrar::GetRegistrant, get, Auditor());
    update.mutable_registrant()->set_legal_name(name);
    update.mutable_registrant()->set_district(district);
    update.set_reason("moved");
    REQUIRE(
        Write(&Registrar::UpdateRegistrant, update, Of(Role::kRegistrantAdmin, "sz-pumps")).ok());
    v1::ApproveRegistrantRequest approve;
    approve.set_name(get.name());
    REQUIRE(Write(&Registrar::ApproveRegistrant, approve, Of(Role::kBureauAdmin)).ok());
  }
  void Modify(const std::string& data) {
    v1::ModifyValuesRequest modify;
    modify.set_name("88.118.8/HP-1");
    v1::Value* value = modify.add_modify();
    value->set_type("NAME");
    value->set_data(data);
    REQUIRE(Write(&Registry::ModifyValues, modify, Writer()).ok());
  }
};

constexpr char kPump[] = "identifier: '88.118.8/HP-1' values { type: 'NAME' data: 'Pump' }";

TEST_CASE("changes count where their registrant was when they were committed") {
  Papers world;
  world.Register(kPump);
  world.Amend("Pumps of Huqiu", "320505");
  world.RegisterMany(3);
  world.Modify("Better pump");
  world.Publish();
  Papers::Counted all;
  const uint64_t count = world.View()->leaf_count();
  world.Count(0, world.TimeOf(count - 1) + 1, &all);
  CHECK(all.shown == Concat(count, " leaves"));
  CHECK(all.tally.total().by == std::array<uint64_t, 5>{4, 1, 0, 0, 0});
  const auto districts = all.tally.Districts();
  REQUIRE(districts.size() == 2);
  CHECK(districts[0].key == "320505");
  CHECK(districts[0].counts.by == std::array<uint64_t, 5>{3, 1, 0, 0, 0});
  CHECK(districts[1].key == "320594");
  CHECK(districts[1].counts.by == std::array<uint64_t, 5>{1, 0, 0, 0, 0});
  REQUIRE(all.tally.Registrants().size() == 1);
  CHECK(all.tally.Registrants()[0].name == "Pumps of Huqiu");
  CHECK(all.tally.operations().at("UPDATE_REGISTRANT") == 1);
  CHECK(all.tally.operations_count() == count);
}

TEST_CASE(
    "a period has the leaves from its first moment to before its last, and says if it is over") {
  Papers world;
  world.RegisterMany(20);
  world.Publish();
  const uint64_t count = world.View()->leaf_count();
  for (uint64_t first = 0; first < count; first += 3) {
    for (uint64_t end = first + 1; end < count; end += 4) {
      Papers::Counted counted;
      world.Count(world.TimeOf(first), world.TimeOf(end), &counted);
      CHECK(counted.shown == Concat(end - first, " leaves, closed"));
      CHECK(counted.tally.operations_count() == end - first);
    }
  }
  Papers::Counted late;
  world.Count(world.TimeOf(count - 1) + 1, world.TimeOf(count - 1) + 2, &late);
  CHECK(late.shown == "0 leaves");
}

TEST_CASE("a report counts what its checkpoint has, and no more") {
  Papers world;
  world.RegisterMany(2);
  world.Publish();
  const uint64_t count = world.View()->leaf_count();
  world.Register(kPump);
  Papers::Counted counted;
  world.Count(0, world.TimeOf(count) + 1, &counted);
  CHECK(counted.shown == Concat(count, " leaves"));
}

TEST_CASE("an opening that cannot be read is told, not counted past") {
  Papers world;
  world.RegisterMany(5);
  world.Publish();
  const uint64_t leaf = AuditWorld::kFirstRecord + 2;
  const uint64_t end_us = world.TimeOf(world.View()->leaf_count() - 1) + 1;
  const std::string key = storage::OpeningKey(leaf);
  SECTION("missing") { world.Damage(key, std::nullopt); }
  SECTION("cut") { world.Damage(key, world.Stored(key).substr(0, 40)); }
  Papers::Counted counted;
  world.Count(0, end_us, &counted);
  CHECK(counted.shown.starts_with("DATA_LOSS RECORD_CORRUPT"));
}

TEST_CASE("evidence has every revision, linked, in one checkpoint that covers all of it") {
  Papers world;
  const v1::Receipt first = world.Register(kPump);
  world.RegisterMany(3);
  world.Modify("Better pump");
  SECTION("published") { world.Publish(); }
  SECTION("not yet published: that of its own receipt") {}
  const auto evidence = world.Gather("88.118.8/hp-1");
  INFO(evidence.status());
  REQUIRE(evidence.ok());
  REQUIRE(evidence->revisions.size() == 2);
  CHECK(evidence->log.tree_size > evidence->revisions[1].leaf_index);
  CHECK(evidence->revisions[0].leaf_index == first.leaf_index());
  CHECK(evidence->revisions[0].operation == "REGISTER");
  CHECK(evidence->revisions[0].content->values[0].text == "Pump");
  CHECK(evidence->revisions[1].operation == "MODIFY_VALUES");
  CHECK(evidence->revisions[1].content->values[0].text == "Better pump");
  CHECK(evidence->revisions[1].registrant == "registrants/sz-pumps");
  CHECK(evidence->record.values[0].text == "Better pump");
}

TEST_CASE("evidence is not for others, who may not read the openings") {
  Papers world;
  world.Register(kPump);
  CHECK(AuditWorld::Show(world.Gather("88.118.8/HP-1", AuditWorld::Writer("sz-valves")).status()) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(world.Gather("88.118.8/HP-1", AuditWorld::Writer()).ok());
}

TEST_CASE("no evidence is made of what is damaged") {
  Papers world;
  const v1::Receipt first = world.Register(kPump);
  world.RegisterMany(300);
  world.Modify("Better pump");
  world.Publish();
  REQUIRE(world.Gather("88.118.8/HP-1").ok());
  const std::string record = storage::RecordKey("88.118.8/HP-1");
  const std::string history = storage::HistoryKey(record, first.revision());
  const std::string opening = storage::OpeningKey(first.leaf_index());
  SECTION("a value") { world.Flip(record, world.Stored(record).find("Better")); }
  SECTION("a value of the past") { world.Flip(history, world.Stored(history).find("Pump")); }
  SECTION("the past itself") { world.Damage(history, std::nullopt); }
  SECTION("an opening") { world.Flip(opening, world.Stored(opening).find("sz-pumps")); }
  SECTION("the tree") { world.Flip(storage::TileKey(0, 0), 32 * (first.leaf_index() ^ 1)); }
  CHECK(AuditWorld::Show(world.Gather("88.118.8/HP-1").status())
            .starts_with("DATA_LOSS RECORD_CORRUPT"));
}

}  // namespace
}  // namespace gusu::server
