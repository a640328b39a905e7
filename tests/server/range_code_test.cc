// One code of a range that gets a record of its own: registered over it, or made of it by a verb.
#include <algorithm>

#include "proto/text.h"
#include "tests/server/range_world.h"

namespace gusu::server {
namespace {

void Bolts(RangeWorld& world, const std::string& more = "") {
  REQUIRE(world
              .Allocate(R"(pattern: "BOLT-{serial:4}" count: 100
                            values { type: "NAME" data: "Bolt" } )" +
                        more)
              .find("0-100 ") == 0);
}

TEST_CASE("a record that is registered for a code overrides its range, for that code only") {
  RangeWorld world;
  Bolts(world);
  CHECK(world.Register(R"(identifier: "88.118.8/bolt-0007" values { type: "NAME" data: "Own" })") ==
        "CREATED 88.118.8/bolt-0007 leaf 1 etag 1");
  CHECK(world.Resolve("BOLT-0007") ==
        "88.118.8/bolt-0007 ITEM ACTIVE 2:NAME=Own by registrants/sz-pumps leaf 1");
  CHECK(world.Resolve("BOLT-0008") ==
        "88.118.8/BOLT-0008 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 0");
  CHECK(world.Resolve("BOLT-0007", 0) ==
        "88.118.8/BOLT-0007 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 0");
  CHECK(world.Counters("88.118.8") == "records 1 range codes 100");
  // The range goes on around it, and the registration stays what it was.
  REQUIRE(world.Release("BOLT-0001", "BOLT-0010").find("0-10 ") == 0);
  CHECK(world.Resolve("BOLT-0007") ==
        "88.118.8/bolt-0007 ITEM ACTIVE 2:NAME=Own by registrants/sz-pumps leaf 1");
  CHECK(world.Register(R"(identifier: "88.118.8/bolt-0007" values { type: "NAME" data: "Own" })") ==
        "UNCHANGED 88.118.8/bolt-0007 leaf 1 etag 1");
}

TEST_CASE("a verb on a code makes a record of it, with what the range gave it") {
  RangeWorld world;
  Bolts(world, "state: ACTIVE");
  CHECK(world.Change(&Registry::ModifyValues,
                     R"(name: "88.118.8/BOLT-0007" add { type: "BATCH" data: "B1" })") ==
        "88.118.8/BOLT-0007 ITEM ACTIVE 2:NAME=Bolt 3:BATCH=B1 by registrants/sz-pumps leaf 1");
  CHECK(world.Resolve("BOLT-0007") ==
        "88.118.8/BOLT-0007 ITEM ACTIVE 2:NAME=Bolt 3:BATCH=B1 by registrants/sz-pumps leaf 1");
  CHECK(world.Resolve("BOLT-0007", 0) ==
        "88.118.8/BOLT-0007 ITEM ACTIVE 2:NAME=Bolt by registrants/sz-pumps leaf 0");
  CHECK(world.Change(&Registry::RetireRecord,
                     R"(name: "88.118.8/bolt-0008" retirement { reason: SCRAPPED })") ==
        "88.118.8/BOLT-0008 ITEM RETIRED SCRAPPED   2:NAME=Bolt by registrants/sz-pumps leaf 2");
  CHECK(world.Change(&Registry::SuspendRecord,
                     R"(name: "88.118.8/BOLT-0009" reason: "inspection")") ==
        "88.118.8/BOLT-0009 ITEM SUSPENDED since inspection 2:NAME=Bolt by registrants/sz-pumps "
        "leaf 3");
  CHECK(world.Resolve("BOLT-0010") ==
        "88.118.8/BOLT-0010 ITEM ACTIVE 2:NAME=Bolt by registrants/sz-pumps leaf 0");
  CHECK(world.Counters("88.118.8") == "records 3 range codes 100");
  CHECK(world.Leaves() == 4);
}

TEST_CASE("a reserved code is activated by itself too") {
  RangeWorld world;
  Bolts(world);
  CHECK(world.Change(&Registry::ActivateRecord,
                     R"(name: "88.118.8/BOLT-0007" reason: "on a product")") ==
        "88.118.8/BOLT-0007 ITEM ACTIVE 2:NAME=Bolt by registrants/sz-pumps leaf 1");
  CHECK(world.Activate("BOLT-0001", "BOLT-0100").find("0-100 ") == 0);
  CHECK(world.Resolve("BOLT-0007") ==
        "88.118.8/BOLT-0007 ITEM ACTIVE 2:NAME=Bolt by registrants/sz-pumps leaf 1");
}

TEST_CASE("a code that changed with its range since it was read keeps a late writer out") {
  RangeWorld world;
  Bolts(world);
  const auto etag = [&world] {
    v1::GetSerialRangeRequest request;
    request.set_name("88.118.8/BOLT-0007");
    v1::SerialRange range;
    REQUIRE(world.ranges().Get(request, world.Writer("sz-pumps"), &range).ok());
    return range.etag();
  };
  const std::string before = etag();
  REQUIRE(world.Activate("BOLT-0001", "BOLT-0010").find("0-10 ") == 0);
  const auto update = [&world](const std::string& given) {
    return world.Change(&Registry::UpdateRecord,
                        Concat("name: \"88.118.8/BOLT-0007\" etag: \"", given, "\""));
  };
  CHECK(update(before).find("ABORTED ETAG_MISMATCH") == 0);
  CHECK(world.Leaves() == 3);
  CHECK(update(etag()) == "88.118.8/BOLT-0007 ITEM ACTIVE by registrants/sz-pumps leaf 3");
}

TEST_CASE("what all codes of a range share is not erased from one") {
  RangeWorld world;
  Bolts(world);
  CHECK(world.Change(&Registry::EraseValues,
                     R"(name: "88.118.8/BOLT-0007" tier: PUBLIC reason: "wrong")") ==
        "FAILED_PRECONDITION RANGE_STATE identifier=88.118.8/BOLT-0007 "
        "serial_range=prefixes/88.118.8/serialRanges/0-100 state=RESERVED");
  CHECK(world.Leaves() == 1);
}

TEST_CASE("somebody who may not change a code of a range makes no record of it") {
  RangeWorld world;
  Bolts(world);
  CHECK(world
            .ChangeAs(world.Writer("sz-valves"), &Registry::ModifyValues,
                      R"(name: "88.118.8/BOLT-0007" add { type: "A" data: "B" })")
            .find("PERMISSION_DENIED NOT_PREFIX_HOLDER") == 0);
  CHECK(world.RegisterAs(world.Writer("sz-valves"), R"(row { identifier: "88.118.8/BOLT-0007" })")
            .find("PERMISSION_DENIED NOT_PREFIX_HOLDER") == 0);
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/BOLT-0101" reason: "x")") ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/BOLT-0101");
  CHECK(world.Leaves() == 1);
}

TEST_CASE(
    "a range that has passed to another owner is the owner's, and not its holder's to override") {
  RangeWorld world;
  Bolts(world);
  const std::string key = storage::SerialRangeKey("88.118.8", 0, 100);
  storage::v1::SerialRangeRow row;
  REQUIRE(row.ParseFromString((*world.View()->Get(key))->payload));
  row.mutable_record()->set_owner("sz-valves");
  world.Put(key, row);
  CHECK(world.Register(R"(identifier: "88.118.8/BOLT-0007")") ==
        "ALREADY_EXISTS IDENTIFIER_TAKEN identifier=88.118.8/BOLT-0007 "
        "owner=registrants/sz-valves serial_range=prefixes/88.118.8/serialRanges/0-100");
  const std::string part =
      R"(first_identifier: "88.118.8/BOLT-0001" last_identifier: "88.118.8/BOLT-0010")";
  CHECK(world.ActivateAs(world.Writer("sz-valves"), part) ==
        "0-10 BOLT-{serial:4} 1-10 ACTIVE NAME=Bolt by sz-pumps of sz-valves from 0-100 leaf 2");
  const std::string listed = world.List(world.Writer("sz-valves"));
  CHECK(std::count(listed.begin(), listed.end(), '\n') == 2);
  CHECK(world.ChangeAs(world.Writer("sz-valves"), &Registry::RetireRecord,
                       R"(name: "88.118.8/BOLT-0003" retirement { reason: CONSUMED })") ==
        "88.118.8/BOLT-0003 ITEM RETIRED CONSUMED   2:NAME=Bolt by registrants/sz-pumps leaf 4");
}

TEST_CASE("the codes of a range inherit from its model, and see its corrections") {
  RangeWorld world;
  REQUIRE(world
              .Register(R"(identifier: "88.118.8/M-1" level: MODEL
                            values { type: "COLOUR" data: "red" })")
              .find("CREATED") == 0);
  REQUIRE(world
              .Allocate(R"(pattern: "BOLT-{serial:4}" count: 10
                            instance_of { identifier: "88.118.8/m-1" })")
              .find("0-10 ") == 0);
  CHECK(world.Resolve("BOLT-0003") ==
        "88.118.8/BOLT-0003 ITEM RESERVED of 88.118.8/M-1 2:COLOUR=red by registrants/sz-pumps "
        "leaf 1");
  REQUIRE(world
              .Change(&Registry::UpdateRecord,
                      R"(name: "88.118.8/M-1" values { type: "COLOUR" data: "blue" })")
              .find("88.118.8/M-1") == 0);
  CHECK(world.Resolve("BOLT-0003") ==
        "88.118.8/BOLT-0003 ITEM RESERVED of 88.118.8/M-1 2:COLOUR=blue by registrants/sz-pumps "
        "leaf 1");
  CHECK(world.Resolve("BOLT-0003", 1) ==
        "88.118.8/BOLT-0003 ITEM RESERVED of 88.118.8/M-1 2:COLOUR=red by registrants/sz-pumps "
        "leaf 1");
}

TEST_CASE("a code's history goes on in its range's, before it had a record of its own") {
  RangeWorld world;
  Bolts(world);
  REQUIRE(world.Activate("BOLT-0001", "BOLT-0010").find("0-10 ") == 0);
  REQUIRE(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/BOLT-0007" reason: "x")")
              .find("88.118.8/BOLT-0007 ITEM SUSPENDED") == 0);
  REQUIRE(world.Activate("BOLT-0011", "BOLT-0020").find("0-20 ") == 0);
  const Resolver resolver(&world.ledger(), nullptr);
  const auto history = [&](const std::string& name, uint32_t page_size) {
    v1::ListRevisionsRequest request;
    request.set_name(name);
    request.set_page_size(page_size);
    std::string shown;
    do {
      v1::ListRevisionsResponse response;
      REQUIRE(resolver.ListRevisions(request, world.Writer("sz-pumps"), &response).ok());
      for (const v1::RecordRevision& revision : response.revisions()) {
        shown += world.Show(revision.record()) + "\n";
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return shown;
  };
  const std::string whole =
      "88.118.8/BOLT-0007 ITEM SUSPENDED since x 2:NAME=Bolt by registrants/sz-pumps leaf 3\n"
      "88.118.8/BOLT-0007 ITEM ACTIVE 2:NAME=Bolt by registrants/sz-pumps leaf 1\n"
      "88.118.8/BOLT-0007 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 0\n";
  CHECK(history("88.118.8/bolt-0007", 100) == whole);
  CHECK(history("88.118.8/bolt-0007", 1) == whole);
  CHECK(history("88.118.8/BOLT-0100", 1) ==
        "88.118.8/BOLT-0100 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 5\n"
        "88.118.8/BOLT-0100 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 2\n"
        "88.118.8/BOLT-0100 ITEM RESERVED 2:NAME=Bolt by registrants/sz-pumps leaf 0\n");
}

TEST_CASE("codes of many ranges are answered in one batch, each by its own") {
  RangeWorld world;
  Bolts(world);
  REQUIRE(world.Activate("BOLT-0011", "BOLT-0020").find("0-20 ") == 0);
  REQUIRE(world.Register(R"(identifier: "88.118.8/BOLT-0012")").find("CREATED") == 0);
  v1::BatchResolveRequest request;
  for (const char* suffix : {"BOLT-0001", "BOLT-0012", "BOLT-0011", "BOLT-0101", "BOLT-0002"}) {
    request.add_identifiers(Concat("88.118.8/", suffix));
  }
  const Resolver resolver(&world.ledger(), nullptr);
  v1::BatchResolveResponse response;
  REQUIRE(resolver.BatchResolve(request, Caller(), &response).ok());
  std::string states;
  for (const v1::ResolveOutcome& outcome : response.outcomes()) {
    states += outcome.has_response()
                  ? v1::Record::State_Name(outcome.response().record().state()) + " " +
                        std::to_string(outcome.response().record().values_size()) + "\n"
                  : "none\n";
  }
  CHECK(states == "RESERVED 1\nACTIVE 0\nACTIVE 1\nnone\nRESERVED 1\n");
}

TEST_CASE("a record that a verb made of a code begins with that verb") {
  RangeWorld world;
  Bolts(world, "state: ACTIVE");
  REQUIRE(world
              .Change(&Registry::ModifyValues,
                      R"(name: "88.118.8/BOLT-0007" add { type: "OWN" data: "B1" tier: OWNER })")
              .find("OWN=B1") != std::string::npos);
  const auto row = world.View()->Get(storage::RecordKey("88.118.8/BOLT-0007"));
  REQUIRE((row.ok() && row->has_value()));
  const uint64_t made = (*row)->revision;

  // It is taken, as a registered one is, and its holder is told why.
  CHECK(world.Register(R"(identifier: "88.118.8/BOLT-0007" values { type: "NAME" data: "Own" })")
            .find("ALREADY_EXISTS IDENTIFIER_TAKEN") == 0);
  // It is listed by the time at which it came to be.
  Resolver resolver(&world.ledger(), nullptr);
  v1::ListRecordsRequest list;
  list.set_parent("prefixes/88.118.8");
  auto* from = list.mutable_create_time()->mutable_from();
  from->set_seconds(static_cast<int64_t>(made / 1'000'000));
  from->set_nanos(static_cast<int32_t>(made % 1'000'000 * 1000));
  v1::ListRecordsResponse page;
  REQUIRE(resolver.ListRecords(list, world.Writer("sz-pumps"), &page).ok());
  REQUIRE(page.records_size() == 1);
  CHECK(page.records(0).identifier() == "88.118.8/BOLT-0007");
  CHECK(page.records(0).create_time().seconds() == from->seconds());
  // What was added to it is erased from it.
  CHECK(world
            .Change(&Registry::EraseValues,
                    Concat(R"(name: "88.118.8/BOLT-0007" tier: OWNER reason: "asked" revisions: )",
                           made))
            .find("OWN=B1") == std::string::npos);
  CHECK(world.Stored("88.118.8/BOLT-0007").find("OWN=B1") == std::string::npos);
}

}  // namespace
}  // namespace gusu::server
