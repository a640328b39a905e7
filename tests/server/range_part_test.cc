// Acting on a part of a range: it is split, and every code keeps its past.
#include <algorithm>
#include <map>
#include <vector>

#include "proto/text.h"
#include "tests/random.h"
#include "tests/server/range_world.h"

namespace gusu::server {
namespace {

RangeWorld& Bolts(RangeWorld& world) {
  REQUIRE(world
              .Allocate(R"(pattern: "BOLT-{serial:4}" count: 100
                            values { type: "NAME" data: "Bolt" })")
              .find("0-100 ") == 0);
  return world;
}

std::string Code(const std::string& state, const std::string& suffix, int leaf) {
  return Concat("88.118.8/", suffix, " ITEM ", state,
                state == "RETIRED" ? " NEVER_USED labels spoiled " : "",
                " 2:NAME=Bolt by registrants/sz-pumps leaf ", leaf);
}

TEST_CASE("activating a part splits the range in three, in one commit") {
  RangeWorld world;
  Bolts(world);
  CHECK(world.Activate("BOLT-0011", "BOLT-0020") ==
        "0-20 BOLT-{serial:4} 11-20 ACTIVE NAME=Bolt by sz-pumps from 0-100 leaf 1");
  CHECK(world.List(world.Writer("sz-pumps")) ==
        "0-10 BOLT-{serial:4} 1-10 RESERVED NAME=Bolt by sz-pumps from 0-100 leaf 2\n"
        "0-20 BOLT-{serial:4} 11-20 ACTIVE NAME=Bolt by sz-pumps from 0-100 leaf 1\n"
        "0-100 BOLT-{serial:4} 21-100 RESERVED NAME=Bolt by sz-pumps from 0-100 leaf 3\n");
  CHECK(world.Resolve("BOLT-0010") == Code("RESERVED", "BOLT-0010", 2));
  CHECK(world.Resolve("BOLT-0011") == Code("ACTIVE", "BOLT-0011", 1));
  CHECK(world.Resolve("BOLT-0020") == Code("ACTIVE", "BOLT-0020", 1));
  CHECK(world.Resolve("BOLT-0021") == Code("RESERVED", "BOLT-0021", 3));
  CHECK(world.DayCounts() == "10:100 11:10");
  CHECK(world.Counters("88.118.8") == "records 0 range codes 100");
}

TEST_CASE("a whole range is activated without a split, and a part at either end with one") {
  RangeWorld world;
  Bolts(world);
  CHECK(world.Activate("BOLT-0001", "BOLT-0010") ==
        "0-10 BOLT-{serial:4} 1-10 ACTIVE NAME=Bolt by sz-pumps from 0-100 leaf 1");
  CHECK(world.Activate("BOLT-0091", "BOLT-0100") ==
        "0-100 BOLT-{serial:4} 91-100 ACTIVE NAME=Bolt by sz-pumps from 0-100 leaf 3");
  CHECK(world.Activate("BOLT-0011", "BOLT-0090") ==
        "0-90 BOLT-{serial:4} 11-90 ACTIVE NAME=Bolt by sz-pumps from 0-100 leaf 5");
  CHECK(world.Leaves() == 6);
}

TEST_CASE("what was released reads RETIRED / NEVER_USED for ever") {
  RangeWorld world;
  Bolts(world);
  CHECK(world.Release("BOLT-0090", "BOLT-0100") ==
        "0-100 BOLT-{serial:4} 90-100 RETIRED NAME=Bolt by sz-pumps from 0-100 leaf 1");
  CHECK(world.Resolve("BOLT-0095") == Code("RETIRED", "BOLT-0095", 1));
  CHECK(world.Release("BOLT-0090", "BOLT-0095") ==
        "FAILED_PRECONDITION RANGE_STATE first_identifier=88.118.8/BOLT-0090 "
        "last_identifier=88.118.8/BOLT-0095 serial_range=prefixes/88.118.8/serialRanges/0-100 "
        "state=RETIRED");
  CHECK(world.Activate("BOLT-0090", "BOLT-0090").find("RANGE_STATE") != std::string::npos);
  CHECK(world.Register(R"(identifier: "88.118.8/BOLT-0095")") ==
        "FAILED_PRECONDITION RECORD_RETIRED identifier=88.118.8/BOLT-0095 "
        "serial_range=prefixes/88.118.8/serialRanges/0-100");
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/BOLT-0095" reason: "back")") ==
        "FAILED_PRECONDITION RANGE_STATE identifier=88.118.8/BOLT-0095 "
        "serial_range=prefixes/88.118.8/serialRanges/0-100 state=RETIRED");
  CHECK(world.DayCounts() == "10:100 12:11");
}

TEST_CASE("only what was never activated is released") {
  RangeWorld world;
  Bolts(world);
  REQUIRE(world.Activate("BOLT-0011", "BOLT-0020").find("0-20 ") == 0);
  CHECK(world.Release("BOLT-0011", "BOLT-0011").find("RANGE_STATE") != std::string::npos);
  CHECK(world.Release("BOLT-0010", "BOLT-0011") ==
        "FAILED_PRECONDITION RANGE_STATE first_identifier=88.118.8/BOLT-0010 "
        "last_identifier=88.118.8/BOLT-0011 "
        "other_serial_range=prefixes/88.118.8/serialRanges/0-20 "
        "serial_range=prefixes/88.118.8/serialRanges/0-10");
}

TEST_CASE("an activation that is asked again is answered again, and with other content refused") {
  RangeWorld world;
  Bolts(world);
  const std::string part =
      R"(first_identifier: "88.118.8/BOLT-0011" last_identifier: "88.118.8/BOLT-0020" )";
  const Caller writer = world.Writer("sz-pumps");
  const std::string first = world.ActivateAs(writer, part + "request_id: \"a\"");
  CHECK(world.ActivateAs(writer, part + "request_id: \"a\"") == first);
  CHECK(world.ActivateAs(writer, part + "reason: \"other\" request_id: \"a\"") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=a");
  CHECK(world.ActivateAs(writer, part).find("RANGE_STATE") != std::string::npos);
  CHECK(world.Leaves() == 4);
}

TEST_CASE("the answer to a write shows the values that its caller may read, a repeated one too") {
  RangeWorld world;
  const std::string range = R"(pattern: "BOLT-{serial:4}" count: 100 request_id: "r"
                               values { type: "NAME" data: "Bolt" }
                               values { type: "PRICE" data: "3" tier: PARTNER }
                               values { type: "COST" data: "2" tier: OWNER })";
  REQUIRE(world.Allocate(range) ==
          "0-100 BOLT-{serial:4} 1-100 RESERVED NAME=Bolt PRICE=3 COST=2 by sz-pumps leaf 0");
  const std::string key = storage::SerialRangeKey("88.118.8", 0, 100);
  storage::v1::SerialRangeRow row;
  REQUIRE(row.ParseFromString((*world.View()->Get(key))->payload));
  row.mutable_record()->set_owner("sz-pumps");
  world.Put(key, row);
  storage::v1::PrefixRow prefix = *world.View()->directory().FindPrefix("88.118.8")->row;
  prefix.set_holder("sz-valves");
  world.Put(storage::PrefixKey("88.118.8"), prefix);
  // The prefix's holder is no reader of the owner's values.
  CHECK(world.ActivateAs(world.Writer("sz-valves"), R"(first_identifier: "88.118.8/BOLT-0001"
                                                       last_identifier: "88.118.8/BOLT-0010")") ==
        "0-10 BOLT-{serial:4} 1-10 ACTIVE NAME=Bolt PRICE=3 by sz-pumps from 0-100 leaf 3");
  // The bureau that acts for it reads as it does.
  Caller bureau;
  bureau.role = Role::kBureauAdmin;
  CHECK(world.ActivateAs(bureau, R"(first_identifier: "88.118.8/BOLT-0011"
                                    last_identifier: "88.118.8/BOLT-0020"
                                    on_behalf_of { registrant: "registrants/sz-valves"
                                                   reason: "by letter" })") ==
        "0-20 BOLT-{serial:4} 11-20 ACTIVE NAME=Bolt PRICE=3 by sz-pumps from 0-100 leaf 5");
}

TEST_CASE("a part that is none is refused") {
  RangeWorld world;
  Bolts(world);
  const Caller writer = world.Writer("sz-pumps");
  CHECK(world.ActivateAs(writer, "") == "INVALID_ARGUMENT FIELD_MISSING field=first_identifier");
  CHECK(world.ActivateAs(writer, R"(first_identifier: "88.118.8/BOLT-0001")") ==
        "INVALID_ARGUMENT FIELD_MISSING field=last_identifier");
  CHECK(world.Activate("BOLT-0020", "BOLT-0011") ==
        "INVALID_ARGUMENT FIELD_INVALID field=last_identifier value=88.118.8/BOLT-0011");
  CHECK(world.Activate("BOLT-0020", "BOLT-0101") ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/BOLT-0101");
  CHECK(world.Activate("NUT-1", "NUT-2") ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/NUT-1");
  CHECK(
      world.ActivateAs(writer, R"(first_identifier: "88.118.8/\377" last_identifier: "88.118.8/A")")
          .find("INVALID_ARGUMENT IDENTIFIER_MALFORMED") == 0);
  CHECK(world.ActivateAs(writer,
                         R"(first_identifier: "88.118.99/A" last_identifier: "88.118.99/A")") ==
        "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.99");
  CHECK(world.ReleaseAs(writer, R"(first_identifier: "88.118.8/BOLT-0001"
                                   last_identifier: "88.118.8/BOLT-0001")") ==
        "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.ActivateAs(world.Writer("sz-valves"),
                         R"(first_identifier: "88.118.8/BOLT-0001"
                            last_identifier: "88.118.8/BOLT-0001")") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves");
  CHECK(world.Leaves() == 1);
}

TEST_CASE("as of a past time a code is what its range was then, through every split") {
  RangeWorld world;
  Bolts(world);                              // leaf 0
  world.Activate("BOLT-0011", "BOLT-0020");  // 1 to 3
  world.Release("BOLT-0001", "BOLT-0005");   // 4 and 5
  world.Activate("BOLT-0050", "BOLT-0050");  // 6 to 8
  CHECK(world.Resolve("BOLT-0003", 0) == Code("RESERVED", "BOLT-0003", 0));
  CHECK(world.Resolve("BOLT-0003", 2) == Code("RESERVED", "BOLT-0003", 2));
  CHECK(world.Resolve("BOLT-0003", 4) == Code("RETIRED", "BOLT-0003", 4));
  CHECK(world.Resolve("BOLT-0015", 0) == Code("RESERVED", "BOLT-0015", 0));
  CHECK(world.Resolve("BOLT-0015", 8) == Code("ACTIVE", "BOLT-0015", 1));
  CHECK(world.Resolve("BOLT-0050", 0) == Code("RESERVED", "BOLT-0050", 0));
  CHECK(world.Resolve("BOLT-0050", 5) == Code("RESERVED", "BOLT-0050", 3));
  CHECK(world.Resolve("BOLT-0050", 8) == Code("ACTIVE", "BOLT-0050", 6));
  CHECK(world.Resolve("BOLT-0100", 0) == Code("RESERVED", "BOLT-0100", 0));
}

// The model keeps each code's state after every change; the registry must give the same, as of
// every time, for codes at and around every boundary.
TEST_CASE("random splits leave every code the past that it had") {
  RangeWorld world;
  Bolts(world);
  test::Random random("range parts");
  std::vector<std::map<uint64_t, std::string>> states(1);
  for (uint64_t serial = 1; serial <= 100; ++serial) states[0][serial] = "RESERVED";
  const auto code = [](uint64_t serial) {
    const std::string digits = std::to_string(serial);
    return "BOLT-" + std::string(4 - digits.size(), '0') + digits;
  };
  for (int step = 0; step < 40; ++step) {
    const uint64_t first = 1 + random.Below(100);
    const uint64_t last = std::min<uint64_t>(100, first + random.Below(12));
    const bool activates = random.Below(3) > 0;
    const uint64_t leaves_before = world.Leaves();
    const std::string answer = activates ? world.Activate(code(first), code(last))
                                         : world.Release(code(first), code(last));
    if (answer.find("FAILED_PRECONDITION RANGE_STATE") == 0) {
      CHECK(world.Leaves() == leaves_before);
      continue;
    }
    REQUIRE(world.Leaves() > leaves_before);
    std::map<uint64_t, std::string> next = states.back();
    for (uint64_t serial = first; serial <= last; ++serial) {
      REQUIRE(next[serial] == "RESERVED");
      next[serial] = activates ? "ACTIVE" : "RETIRED";
    }
    // As of each leaf of the set, the act has happened: its own leaf is the first.
    while (states.size() < world.Leaves()) states.push_back(next);
  }
  for (size_t leaf = 0; leaf < states.size(); ++leaf) {
    // In the middle of a set a rest may still be unsplit, so only whole sets are asked.
    if (leaf + 1 < states.size() && states[leaf] == states[leaf + 1]) continue;
    for (uint64_t serial = 1; serial <= 100; ++serial) {
      const std::string resolved = world.Resolve(code(serial), static_cast<int>(leaf));
      INFO("as of leaf " << leaf << ": " << resolved);
      REQUIRE(resolved.find("ITEM " + states[leaf][serial] + " ") != std::string::npos);
    }
  }
}

TEST_CASE("a range is seen by its holder and the bureau, and by nobody else") {
  RangeWorld world;
  REQUIRE(world
              .Allocate(R"(pattern: "BOLT-{serial:4}" count: 100
                            values { type: "NAME" data: "Bolt" }
                            values { type: "PRICE" data: "1" tier: OWNER })")
              .find("0-100 ") == 0);
  const std::string whole =
      "0-100 BOLT-{serial:4} 1-100 RESERVED NAME=Bolt PRICE=1 by sz-pumps leaf 0";
  const std::string name = "prefixes/88.118.8/serialRanges/0-100";
  CHECK(world.Get(world.Writer("sz-pumps"), name) == whole);
  CHECK(world.Get(world.Writer("sz-pumps"), "88.118.8/bolt-0077") == whole);
  CHECK(world.Get(RegistryWorld::WithRole(Role::kBureauAuditor), name) ==
        "0-100 BOLT-{serial:4} 1-100 RESERVED NAME=Bolt by sz-pumps leaf 0");
  CHECK(world.Get(world.Writer("sz-valves"), name) ==
        Concat("PERMISSION_DENIED NOT_PREFIX_HOLDER name=", name, " registrant=sz-valves"));
  CHECK(world.List(world.Writer("sz-valves")).empty());
  CHECK(world.Get(world.Writer("sz-pumps"), "prefixes/88.118.8/serialRanges/0-99") ==
        "NOT_FOUND RANGE_NOT_FOUND name=prefixes/88.118.8/serialRanges/0-99");
  CHECK(world.Get(world.Writer("sz-pumps"), "88.118.8/NUT-1") ==
        "NOT_FOUND RANGE_NOT_FOUND name=88.118.8/NUT-1");
  CHECK(world.Get(world.Writer("sz-pumps"), "") == "INVALID_ARGUMENT FIELD_MISSING field=name");
  CHECK(world.Resolve("BOLT-0001") ==
        "88.118.8/BOLT-0001 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 0 withheld 1");
}

TEST_CASE("ranges are listed in the order of patterns and serials, by state and by pages") {
  RangeWorld world;
  Bolts(world);
  world.Activate("BOLT-0011", "BOLT-0020");
  REQUIRE(world.Allocate(R"(pattern: "NUT-{serial:4}" count: 5)").find("1-5 ") == 0);
  const Caller writer = world.Writer("sz-pumps");
  const std::string all = world.List(writer);
  CHECK(std::count(all.begin(), all.end(), '\n') == 4);
  CHECK(world.List(writer, "page_size: 1") == all);
  CHECK(world.List(writer, "state: ACTIVE") ==
        "0-20 BOLT-{serial:4} 11-20 ACTIVE NAME=Bolt by sz-pumps from 0-100 leaf 1\n");
  CHECK(world.List(writer, "state: RETIRED").empty());
  CHECK(world.List(writer, "page_token: \"x\"").find("PAGE_TOKEN_INVALID") != std::string::npos);
  CHECK(world.List(writer, R"(parent: "prefixes/88.118.99")") ==
        "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.99");
}

}  // namespace
}  // namespace gusu::server
