// What is counted of registrations: by whom it is seen, and that counting again comes to the same.
#include "server/statistics/statistics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "gusu/v1/registry.pb.h"
#include "proto/text.h"
#include "server/statistics/recount.h"
#include "tests/random.h"
#include "tests/server/statistics_world.h"

namespace gusu::server {
namespace {

std::string Named(const std::string& suffix) { return Concat("name: '88.118.8/", suffix, "' "); }
std::string Identified(const std::string& suffix, const char* state = "ACTIVE") {
  return Concat("identifier: '88.118.8/", suffix, "' state: ", state);
}

TEST_CASE("registrations and changes are counted by prefix and day") {
  StatisticsWorld world;
  REQUIRE(world.Register(Identified("1")) == "OK");
  REQUIRE(world.Register(Identified("2", "RESERVED")) == "OK");
  REQUIRE(world.Register(Identified("2", "RESERVED")) == "OK");  // a repeat
  REQUIRE(world.Change(&Registry::ActivateRecord, Named("2") + "reason: 'r'") == "OK");
  world.Pass(absl::Hours(8));  // the next day begins
  REQUIRE(world.Change(&Registry::UpdateRecord, Named("1") + "values { type: 'URL' data: 'x' }") ==
          "OK");
  REQUIRE(world.Change(&Registry::RetireRecord, Named("1") + "retirement { reason: SCRAPPED }") ==
          "OK");
  REQUIRE(world.Change(&Registry::ReinstateRecord, Named("1") + "reason: 'r'") == "OK");
  REQUIRE(world.Change(&Registry::RetireRecord, Named("1") + "retirement { reason: EXPORTED }") ==
          "OK");
  CHECK(world.Change(&Registry::RetireRecord, Named("1") + "retirement { reason: EXPORTED }") ==
        "RECORD_RETIRED");
  CHECK(world.Days("parent: 'prefixes/88.118.8'", world.Writer("sz-pumps")) ==
        "88.118.8 2027-01-15 sz-pumps created 2 reserved 1 changed 1 activated 1\n"
        "88.118.8 2027-01-16 sz-pumps changed 4 reinstated 1 SCRAPPED 1 EXPORTED 1\n");
  CHECK(world.CountedAgain(Recount::kRowsMax) == world.Kept());
}

TEST_CASE(
    "codes of serial ranges are counted apart from records, whatever becomes of their parts") {
  StatisticsWorld world;
  const std::string allocate = "parent: 'prefixes/88.118.8' pattern: 'B-{serial:4}' ";
  REQUIRE(world.Range(&SerialRanges::Allocate, allocate + "count: 1000") == "OK");
  world.Pass(absl::Hours(24));
  REQUIRE(world.Range(&SerialRanges::Allocate, allocate + "count: 10 state: ACTIVE") == "OK");
  const auto part = [](const char* first, const char* last) {
    return Concat("first_identifier: '88.118.8/B-", first, "' last_identifier: '88.118.8/B-", last,
                  "'");
  };
  REQUIRE(world.Range(&SerialRanges::Activate, part("0101", "0200")) == "OK");
  world.Pass(absl::Hours(24));
  REQUIRE(world.Range(&SerialRanges::Activate, part("0001", "0050")) == "OK");
  REQUIRE(world.Range(&SerialRanges::Release, part("0901", "1000") + " reason: 'misprint'") ==
          "OK");
  REQUIRE(world.Range(&SerialRanges::Release, part("0060", "0060") + " reason: 'misprint'") ==
          "OK");
  CHECK(world.Kept() ==
        "2027-01-15 allocated 1000\n"
        "2027-01-16 allocated 10 range-activated 110\n"
        "2027-01-17 range-activated 50 released 101\n");
  CHECK(world.CountedAgain(Recount::kRowsMax) == world.Kept());
  CHECK(world.CountedAgain(1) == world.Kept());
}

TEST_CASE("whatever happens, what was counted is what counting again comes to") {
  test::Random random("statistics_test");
  StatisticsWorld world;
  const char* const states[] = {"ACTIVE", "RESERVED"};
  const char* const reasons[] = {"SCRAPPED", "CONSUMED", "EXPORTED", "NEVER_USED"};
  std::set<std::string> outcomes;
  for (int i = 0; i < 400; ++i) {
    const std::string suffix = std::to_string(random.Below(25));
    const std::string code = Concat("R-", 10 + random.Below(80));
    std::string outcome;
    switch (random.Below(10)) {
      case 0:
      case 1:
        outcome = world.Register(Identified(suffix, states[random.Below(2)]));
        break;
      case 2:
        outcome = world.Change(&Registry::UpdateRecord,
                               Concat(Named(suffix), "values { type: 'NOTE' data: '", i, "' }"));
        break;
      case 3:
        outcome = world.Change(&Registry::SuspendRecord, Named(suffix) + "reason: 'r'");
        break;
      case 4:
        outcome = world.Change(&Registry::ActivateRecord, Named(suffix) + "reason: 'r'");
        break;
      case 5:
        outcome = world.Change(
            &Registry::RetireRecord,
            Concat(Named(suffix), "retirement { reason: ", reasons[random.Below(4)], " }"));
        break;
      case 6:
        outcome = world.Change(&Registry::ReinstateRecord, Named(suffix) + "reason: 'r'");
        break;
      case 7:
        outcome = world.Range(&SerialRanges::Allocate,
                              Concat("parent: 'prefixes/88.118.8' pattern: 'R-{serial:2}' count: 9 "
                                     "state: ",
                                     states[random.Below(2)], " request_id: '", i, "'"));
        break;
      case 8:
        outcome = world.Range(&SerialRanges::Activate,
                              Concat("first_identifier: '88.118.8/", code,
                                     "' last_identifier: '88.118.8/", code, "'"));
        break;
      default:
        // A record of its own, where the code was a range's.
        outcome = world.Change(
            &Registry::RetireRecord,
            Concat(Named(code), "retirement { reason: ", reasons[random.Below(4)], " }"));
        break;
    }
    outcomes.insert(outcome);
    if (random.Below(20) == 0) world.Pass(absl::Hours(7));
  }
  CHECK(outcomes.contains("OK"));
  const std::string kept = world.Kept();
  CHECK(kept.find("created") != std::string::npos);
  CHECK(world.CountedAgain(Recount::kRowsMax) == kept);
  for (size_t rows_max : {1, 2, 7, 50}) {
    CAPTURE(rows_max);
    CHECK(world.CountedAgain(rows_max) == kept);
  }
}

TEST_CASE("the recount's answers say where they go on and whether something changed meanwhile") {
  StatisticsWorld world;
  REQUIRE(world.Register(Identified("1")) == "OK");
  v1::RecountStatisticsRequest request;
  request.set_parent("prefixes/88.118.8");
  const auto recount = [&](const Caller& caller) {
    v1::RecountStatisticsResponse response;
    const absl::Status status = world.statistics().RecountStatistics(request, caller, &response);
    if (!status.ok()) return StatisticsWorld::Show(status);
    std::string shown = Concat("at ", response.sequence());
    for (const v1::DayCounts& day : response.days()) {
      shown += Concat(" ", day.prefix(), " ", day.date(), StatisticsWorld::Show(day.counts()));
    }
    return shown + response.next_page_token();
  };
  CHECK(recount(world.Writer("sz-pumps")) == "at 1 prefixes/88.118.8 2027-01-15 created 1");
  REQUIRE(world.Change(&Registry::UpdateRecord, Named("1") + "values { type: 'URL' data: 'x' }") ==
          "OK");
  CHECK(recount(world.Bureau()) == "at 2 prefixes/88.118.8 2027-01-15 created 1 changed 1");
  CHECK(recount(world.Writer("sz-valves")) == "NOT_PREFIX_HOLDER");
  request.set_page_token("x");
  CHECK(recount(world.Bureau()) == "PAGE_TOKEN_INVALID");
  request.clear_page_token();
  request.set_parent("registrants/sz-pumps");
  CHECK(recount(world.Bureau()) == "FIELD_INVALID");
  request.set_parent("");
  CHECK(recount(world.Bureau()) == "FIELD_MISSING");
  request.set_parent("prefixes/88.118.99");
  CHECK(recount(world.Bureau()) == "PREFIX_NOT_FOUND");
}

TEST_CASE("a registrant sees its own prefixes, and of others the days on which it held them") {
  StatisticsWorld world;
  REQUIRE(world.Register(Identified("1")) == "OK");
  world.Pass(absl::Hours(24));
  REQUIRE(world.Register(Identified("2")) == "OK");
  world.PassPrefix("88.118.8", "sz-valves");
  REQUIRE(world.Register(Identified("3")) == "NOT_PREFIX_HOLDER");
  const std::string first = "88.118.8 2027-01-15 sz-pumps created 1\n";
  const std::string second = "88.118.8 2027-01-16 sz-pumps created 1\n";
  const Caller pumps = world.Writer("sz-pumps"), valves = world.Writer("sz-valves");
  CHECK(world.Days("", pumps) == first + second);
  CHECK(world.Days("parent: 'registrants/sz-pumps'", pumps) == first + second);
  CHECK(world.Days("parent: 'prefixes/88.118.8'", pumps) == first + second);
  CHECK(world.Days("parent: 'prefixes/88.118.8'", valves) == first + second);
  CHECK(world.Days("", valves) == first + second);
  CHECK(world.Days("parent: 'registrants/sz-valves'", valves) == "");
  CHECK(world.Days("parent: 'registrants/sz-valves'", pumps) == "NOT_OWN_REGISTRANT");
  CHECK(world.Days("parent: 'prefixes/88.118.9'", pumps) == "NOT_PREFIX_HOLDER");
  CHECK(world.Days("parent: 'registrants/sz-pumps'", world.Bureau()) == first + second);
  CHECK(world.Days("", world.Bureau()) == first + second);
}

TEST_CASE("days are asked for by date, and in pages that neither miss nor repeat one") {
  StatisticsWorld world;
  for (int day = 0; day < 5; ++day) {
    REQUIRE(world.Register(Identified(std::to_string(day))) == "OK");
    world.Pass(absl::Hours(24));
  }
  const std::string all = world.Days("", world.Bureau());
  CHECK(std::count(all.begin(), all.end(), '\n') == 5);
  for (int page_size = 1; page_size <= 6; ++page_size) {
    CHECK(world.Days(Concat("page_size: ", page_size), world.Bureau()) == all);
    CHECK(world.Days(Concat("parent: 'registrants/sz-pumps' page_size: ", page_size),
                     world.Bureau()) == all);
  }
  CHECK(world.Days("from_date: '2027-01-17' to_date: '2027-01-19'", world.Bureau()) ==
        "88.118.8 2027-01-17 sz-pumps created 1\n88.118.8 2027-01-18 sz-pumps created 1\n");
  CHECK(world.Days("from_date: '2027-01-17' to_date: '2027-01-17'", world.Bureau()) == "");
  CHECK(world.Days("to_date: '1969-01-01'", world.Bureau()) == "");
}

TEST_CASE("a question that makes no sense names its field") {
  StatisticsWorld world;
  const auto refused = [&world](const char* request) {
    return world.Days(request, world.Bureau());
  };
  CHECK(refused("from_date: '2027-02-30'") == "FIELD_INVALID");
  CHECK(refused("from_date: '2027-1-3'") == "FIELD_INVALID");
  CHECK(refused("to_date: 'tomorrow'") == "FIELD_INVALID");
  CHECK(refused("from_date: '2027-01-03' to_date: '2027-01-02'") == "FIELD_INVALID");
  CHECK(refused("parent: 'prefixes/88.118.77'") == "PREFIX_NOT_FOUND");
  CHECK(refused("parent: 'prefixes/'") == "PREFIX_NOT_FOUND");
  CHECK(refused("parent: 'registrants/nobody'") == "REGISTRANT_NOT_FOUND");
  CHECK(refused("parent: 'records/1'") == "FIELD_INVALID");
  CHECK(refused("page_token: 'x'") == "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace gusu::server
