#include <catch2/catch.hpp>

#include "client/cli/revision_difference.h"
#include "gusu/client.h"

namespace gusu::cli {
namespace {

Value At(uint32_t index, const std::string& type, const std::string& data,
         Tier tier = Tier::kPublic) {
  Value value = TextValue(type, data, tier);
  value.index = index;
  return value;
}

// A line a difference: `field: before -> after`.
std::vector<std::string> Lines(const Record& before, const Record& after) {
  std::vector<std::string> lines;
  for (const RevisionDifference& difference : Differences(before, after)) {
    lines.push_back(difference.field + ": " + difference.before + " -> " + difference.after);
  }
  return lines;
}

using Expected = std::vector<std::string>;

TEST_CASE("equal revisions do not differ, whatever their numbers and times") {
  Record before;
  before.values = {At(2000, "name", "Pump")};
  before.revision = 1;
  Record after = before;
  after.revision = 2;
  after.leaf_index = 7;
  after.etag = "other";
  after.values[0].modified_time = ParseTimestamp("2026-11-23T00:00:00Z");
  CHECK(Lines(before, after).empty());
}

TEST_CASE("values are compared by index, whatever their order") {
  Record before;
  before.values = {At(2000, "name", "Pump"), At(2005, "serial", "1"), At(1, "URL", "https://a")};
  Record after;
  after.values = {At(1, "URL", "https://b"), At(2000, "name", "Pump"),
                  At(2004, "batch", "L-1", Tier::kPartner)};
  CHECK(Lines(before, after) == Expected{"values[1].data: https://a -> https://b",
                                         "values[2004]:  -> batch=L-1 (PARTNER)",
                                         "values[2005]: serial=1 (PUBLIC) -> "});
}

TEST_CASE("each part of a value that differs is told") {
  Record before;
  before.values = {At(5, "note", "a")};
  before.values[0].ttl_seconds = 60;
  Record after;
  after.values = {At(5, "memo", "a", Tier::kOwner)};
  after.values[0].language = "zh";
  after.values[0].references = {{"88/1", 3}};
  after.values[0].is_digest = true;
  after.values[0].author = "registrants/b";
  CHECK(Lines(before, after) ==
        Expected{"values[5].type: note -> memo", "values[5].tier: PUBLIC -> OWNER",
                 "values[5].lifetime: 60 s -> ", "values[5].language:  -> zh",
                 "values[5].references:  -> 3:88/1", "values[5].is_digest: no -> yes",
                 "values[5].author:  -> registrants/b"});
}

TEST_CASE("values that differ behind what is shown are told to differ") {
  Record before;
  before.values = {At(5, "note", std::string(300, 'a') + "x")};
  Record after;
  after.values = {At(5, "note", std::string(300, 'a') + "yy")};
  const std::vector<RevisionDifference> differences = Differences(before, after);
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].before.ends_with("(301 bytes)"));
  CHECK(differences[0].after.ends_with("(302 other bytes)"));
}

TEST_CASE("an erased tier is told, and its values are not told as removed") {
  Record before;
  before.erased_tiers = {Tier::kOwner};
  before.values = {At(2000, "name", "Pump")};
  Record after;
  after.values = {At(2000, "name", "Pump"), At(2005, "cost", "7", Tier::kOwner),
                  At(2006, "batch", "L-1")};
  CHECK(Lines(before, after) == Expected{"values of OWNER: (erased) -> ",
                                         "values[2005]: (erased) -> cost=7 (OWNER)",
                                         "values[2006]:  -> batch=L-1 (PUBLIC)"});
  CHECK(Lines(after, before) == Expected{"values of OWNER:  -> (erased)",
                                         "values[2005]: cost=7 (OWNER) -> (erased)",
                                         "values[2006]: batch=L-1 (PUBLIC) -> "});
}

TEST_CASE("what a record is beside its values is compared") {
  Record before;
  before.state = State::kActive;
  before.owner = before.custodian = "registrants/a";
  before.instance_of = InstanceOf{"88/HP", 0};
  before.holds = {{1, HoldSide::kHolder, "claim", "", std::nullopt}};
  Record after = before;
  after.state = State::kRetired;
  after.retirement = Retirement{RetirementReason::kSuperseded, "", "88/2", std::nullopt};
  after.owner = "registrants/b";
  after.instance_of->revision = 9;
  after.template_version = 2;
  after.holds = {{2, HoldSide::kBureau, "seized", "D-1", std::nullopt}};
  CHECK(Lines(before, after) ==
        Expected{"state: ACTIVE -> RETIRED", "retirement:  -> SUPERSEDED, successor 88/2",
                 "holds[1]: HOLDER: claim -> ", "holds[2]:  -> BUREAU: seized, document D-1",
                 "instance_of: 88/HP -> 88/HP@9", "template_version: 0 -> 2",
                 "owner: registrants/a -> registrants/b"});
}

}  // namespace
}  // namespace gusu::cli
