// Whose a record is before and after its prefix passes on.
#include "server/ownership.h"

#include <catch2/catch.hpp>

#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

std::string OwnersOf(const v1::Record& record) {
  return Concat(record.issued_by(), " ", record.owner(), " ", record.custodian());
}

std::string Owners(GrantsWorld& world, uint64_t as_of = 0) {
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/LOT-2");
  if (as_of != 0) {
    auto* time = request.mutable_options()->mutable_as_of_time();
    time->set_seconds(static_cast<int64_t>(as_of / 1'000'000));
    time->set_nanos(static_cast<int32_t>(as_of % 1'000'000 * 1000));
  }
  v1::ResolveResponse response;
  REQUIRE(world.resolver().Resolve(request, Caller(), &response).ok());
  return OwnersOf(response.record());
}

storage::v1::RecordRow RowOf(GrantsWorld& world) {
  const auto row = world.View()->Get(storage::RecordKey("88.118.8/LOT-2"));
  REQUIRE((row.ok() && row->has_value()));
  storage::v1::RecordRow record;
  REQUIRE(record.ParseFromString((*row)->payload));
  return record;
}

const std::string kPumps = "registrants/sz-pumps", kValves = "registrants/sz-valves";

TEST_CASE("records pass with their prefix, and are shown of then as of then") {
  GrantsWorld world;
  const uint64_t then = world.View()->last_revision();
  CHECK(Owners(world) == Concat(kPumps, " ", kPumps, " ", kPumps));
  world.PassPrefix("sz-valves");
  CHECK(Owners(world) == Concat(kPumps, " ", kValves, " ", kValves));
  CHECK(Owners(world, then) == Concat(kPumps, " ", kPumps, " ", kPumps));
  CHECK(world.Read("sz-valves", "88.118.8/LOT-2") == "URL PRICE COST +0 withheld");
}

TEST_CASE("a record with an owner of its own does not pass with its prefix") {
  GrantsWorld world;
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "");
  world.PassPrefix("sz-valves");
  CHECK(Owners(world) == Concat(kPumps, " registrants/sz-buyer ", kValves));
}

TEST_CASE("the first change after a passing names the owner in the row, and no change does not") {
  GrantsWorld world;
  CHECK(RowOf(world).owner().empty());
  world.PassPrefix("sz-valves");
  const uint64_t leaves = world.Leaves();
  const auto modify = [&world](const std::string& data) {
    return world.ChangeAs(
        world.Writer("sz-valves"), &Registry::ModifyValues,
        Concat("name: \"88.118.8/LOT-2\" modify { index: 1 type: \"URL\" data: \"", data, "\" }"));
  };
  modify("https://pumps.example");
  CHECK(world.Leaves() == leaves);
  CHECK(RowOf(world).owner().empty());
  modify("https://valves.example");
  CHECK(world.Leaves() == leaves + 1);
  CHECK(RowOf(world).owner() == "sz-valves");
  CHECK(RowOf(world).custodian() == "sz-valves");
  CHECK(RowOf(world).issued_by() == "sz-pumps");
  // It stays theirs when the prefix passes on again.
  world.PassPrefix("sz-fixer");
  CHECK(Owners(world) == Concat(kPumps, " ", kValves, " ", kValves));
}

TEST_CASE("who held a prefix before has no right to its records any more") {
  GrantsWorld world;
  world.PassPrefix("sz-valves");
  const Caller pumps = world.Writer("sz-pumps");
  v1::Record record;
  v1::GetRecordRequest request;
  request.set_name("88.118.8/LOT-2");
  CHECK(
      RegistryWorld::ShowError(world.resolver().GetRecord(request, pumps, &record)).substr(0, 35) ==
      "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(world
            .ChangeAs(pumps, &Registry::RetireRecord,
                      "name: \"88.118.8/LOT-2\" retirement { reason: SCRAPPED }")
            .substr(0, 34) == "PERMISSION_DENIED NOT_RECORD_OWNER");
}

TEST_CASE("what is inherited at a fixed revision is read by the rights of now") {
  GrantsWorld world;
  REQUIRE(world
              .Register("identifier: \"88.118.8/M\" level: MODEL values { index: 6 type: \"COST\" "
                        "data: \"7\" tier: OWNER }")
              .substr(0, 8) == "CREATED ");
  const uint64_t fixed = world.View()->last_revision();
  REQUIRE(world
              .Register(Concat("identifier: \"88.118.8/I\" instance_of { identifier: "
                               "\"88.118.8/M\" revision: ",
                               fixed, " } values { index: 1 type: \"URL\" data: \"x\" }"))
              .substr(0, 8) == "CREATED ");
  CHECK(world.Read("sz-pumps", "88.118.8/I") == "URL COST +0 withheld");
  world.SetOwner("88.118.8/M", "sz-buyer", "");
  // The author goes on to read what it wrote; whoever holds the prefix next does not.
  world.PassPrefix("sz-valves");
  CHECK(world.Read("sz-valves", "88.118.8/I") == "URL +1 withheld");
  CHECK(world.Read("sz-buyer", "88.118.8/I") == "URL COST +0 withheld");
}

}  // namespace
}  // namespace gusu::server
