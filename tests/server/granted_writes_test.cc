// Writing values of somebody else's record by grant.
#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "proto/text.h"
#include "server/grants/grant_rights.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

// Calls of Registry see the wall clock, so these grants are given by it.
void PutGrant(GrantsWorld& world, const std::string& id, const std::string& type, bool expired) {
  storage::v1::GrantRow row;
  row.set_grantor("sz-pumps");
  row.set_id(id);
  row.set_grantee("sz-fixer");
  row.set_scope(5);  // a prefix
  row.set_prefix_key("88.118.8");
  row.add_identifiers("88.118.8");
  row.add_write_attributes(type);
  row.set_by_holder(true);
  row.add_passing_counts(0);
  row.set_expire_time_us(expired ? 1 : 253'402'300'799'000'000);  // 1970, or 9999
  world.Put(storage::GrantKey("sz-pumps", id), row);
}

std::string Modify(GrantsWorld& world, const std::string& change,
                   const std::string& by = "sz-fixer") {
  return world.ChangeAs(world.Writer(by), &Registry::ModifyValues,
                        Concat("name: \"88.118.8/LOT-2\" ", change));
}

const std::string kRepair = "index: 20 type: \"REPAIR\" data: \"seal\" tier: PUBLIC";

TEST_CASE("a grantee adds, changes and removes its own values of what it was granted") {
  GrantsWorld world;
  const std::string stored = world.Stored("88.118.8/LOT-2");
  const std::string refused =
      "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-fixer";
  CHECK(Modify(world, Concat("add { ", kRepair, " }")) == refused);
  PutGrant(world, "g1", "REPAIR", false);
  const auto now_has = [&world](const std::string& text) {
    return world.Stored("88.118.8/LOT-2").find(text) != std::string::npos;
  };
  CHECK(Modify(world, Concat("add { ", kRepair, " }")).find("20:REPAIR=seal") != std::string::npos);
  CHECK(now_has("20:REPAIR=seal"));
  Modify(world, "modify { index: 20 data: \"seal and shaft\" }");
  CHECK(now_has("20:REPAIR=seal and shaft"));
  Modify(world, "remove_indexes: 20");
  CHECK_FALSE(now_has("REPAIR"));
}

TEST_CASE("a grantee writes nothing but what it was granted, and nobody else's values") {
  GrantsWorld world;
  PutGrant(world, "g1", "REPAIR", false);
  const std::string stored = world.Stored("88.118.8/LOT-2");
  CHECK(Modify(world, "add { index: 21 type: \"NOTE\" data: \"x\" tier: PUBLIC }") ==
        "PERMISSION_DENIED ATTRIBUTE_NOT_GRANTED identifier=88.118.8/LOT-2 index=21 type=NOTE");
  CHECK(Modify(world, "modify { index: 5 data: \"1\" }") ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR index=5");
  CHECK(Modify(world, "remove_indexes: 6") == "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR index=6");
  CHECK(Modify(world, Concat("add { ", kRepair, " } modify { index: 1 data: \"http://evil\" }"))
            .substr(0, 40) == "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR ");
  // Its own value does not become one of a type that it was not granted.
  REQUIRE(Modify(world, Concat("add { ", kRepair, " }")).find("REPAIR") != std::string::npos);
  CHECK(Modify(world, "modify { index: 20 type: \"NOTE\" data: \"x\" }") ==
        "PERMISSION_DENIED ATTRIBUTE_NOT_GRANTED identifier=88.118.8/LOT-2 index=20 type=NOTE");
  CHECK(world.ChangeAs(world.Writer("sz-fixer"), &Registry::UpdateRecord,
                       "name: \"88.118.8/LOT-2\"") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-fixer");
  REQUIRE(Modify(world, "remove_indexes: 20").find("REPAIR") == std::string::npos);
  CHECK(world.Stored("88.118.8/LOT-2").substr(0, stored.find(" leaf")) ==
        stored.substr(0, stored.find(" leaf")));
}

TEST_CASE("an expired grant, and one of who does not hold the prefix any more, let write nothing") {
  GrantsWorld world;
  PutGrant(world, "g1", "REPAIR", true);
  CHECK(Modify(world, Concat("add { ", kRepair, " }")).substr(0, 35) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  PutGrant(world, "g2", "REPAIR", false);
  world.PassPrefix("sz-valves");
  CHECK(Modify(world, Concat("add { ", kRepair, " }")).substr(0, 35) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
}

TEST_CASE("a grant that is revoked while a write is under way stops it") {
  GrantsWorld world;
  PutGrant(world, "g1", "REPAIR", false);
  auto view = world.View();
  std::vector<Precondition> preconditions;
  const auto row = view->Get(storage::RecordKey("88.118.8/LOT-2"));
  REQUIRE(row.ok());
  storage::v1::RecordRow record;
  REQUIRE(record.ParseFromString((*row)->payload));
  const std::string fixer = "sz-fixer";
  CHECK(TypesWritableByGrant({view->directory(), fixer, record, "88.118.8/LOT-2", absl::Now()},
                             &preconditions) == std::set<std::string>{"REPAIR"});
  REQUIRE(preconditions.size() == 1);
  CHECK(preconditions[0].kind == Precondition::Kind::kRevision);
  CHECK(preconditions[0].key == storage::GrantKey("sz-pumps", "g1"));
  CHECK(preconditions[0].revision == view->directory().FindGrant("sz-pumps", "g1")->revision);
}

TEST_CASE("a holder updates around what the owner keeps to itself, and learns nothing of it") {
  GrantsWorld world;
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "sz-buyer");
  REQUIRE(Modify(world, "add { index: 7 type: \"SHELF\" data: \"B12\" tier: OWNER }", "sz-buyer")
              .find("7:SHELF=B12") != std::string::npos);
  const auto update = [&world](const std::string& values) {
    return world.ChangeAs(world.Writer("sz-pumps"), &Registry::UpdateRecord,
                          Concat("name: \"88.118.8/LOT-2\" ", values));
  };
  // A right guess is refused as a wrong one is.
  const std::string refused = update(R"(values { index: 7 type: "SHELF" data: "A1" tier: OWNER })");
  CHECK(refused.substr(0, 38) == "INVALID_ARGUMENT VALUE_INDEX_DUPLICATE");
  CHECK(update(R"(values { index: 7 type: "SHELF" data: "B12" tier: OWNER })") == refused);
  const std::string unread = "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR index=7";
  CHECK(Modify(world, R"(modify { index: 7 data: "B12" })", "sz-pumps") == unread);
  CHECK(Modify(world, "remove_indexes: 7", "sz-pumps") == unread);
  CHECK(Modify(world, R"(modify { type: "SHELF" data: "B12" })", "sz-pumps")
            .find("VALUE_NOT_FOUND") != std::string::npos);

  CHECK(update(R"(values { index: 1 type: "URL" data: "https://new.example" })").find("SHELF") ==
        std::string::npos);
  const std::string stored = world.Stored("88.118.8/LOT-2");
  CHECK(stored.find("7:SHELF=B12") != std::string::npos);
  CHECK(stored.find("1:URL=https://new.example") != std::string::npos);
  CHECK(stored.find("PRICE") == std::string::npos);
}

}  // namespace
}  // namespace gusu::server
