// Setting groups: whole, by what was read of them, and beside others that write.
#include <catch2/catch.hpp>
#include <future>
#include <memory>

#include "gusu/v1/grant.pb.h"
#include "proto/text.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

TEST_CASE("a group is set whole, and only what changes it is written") {
  GrantsWorld world;
  const Caller pumps = GrantsWorld::Admin("sz-pumps");
  const std::string name = "name: \"registrants/sz-pumps/groups/g\" ";
  const auto set = [&](const std::string& fields) {
    return world.SetGroup(pumps, Concat("group { ", name, fields, " }"));
  };
  CHECK(set("members: \"registrants/sz-buyer\"") == "registrants/sz-pumps/groups/g \"\" sz-buyer");
  const uint64_t leaves = world.Leaves();
  CHECK(set("members: \"registrants/sz-buyer\"") == "registrants/sz-pumps/groups/g \"\" sz-buyer");
  CHECK(world.Leaves() == leaves);
  CHECK(set("members: \"registrants/sz-buyer\" members: \"registrants/sz-buyer\"") ==
        "INVALID_ARGUMENT FIELD_INVALID field=group.members value=registrants/sz-buyer");
  CHECK(set("members: \"registrants/nobody\"") ==
        "NOT_FOUND REGISTRANT_NOT_FOUND registrant=registrants/nobody");
  CHECK(world.SetGroup(pumps, "group { name: \"registrants/sz-pumps/groups/UPPER\" }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=group.name value=UPPER");
  CHECK(world.SetGroup(pumps, "group { name: \"registrants/sz-valves/groups/g\" }") ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT name=registrants/sz-valves/groups/g "
        "registrant=registrants/sz-pumps");
  v1::SetGroupRequest huge;
  huge.mutable_group()->set_name("registrants/sz-pumps/groups/g");
  for (int i = 0; i <= 1000; ++i) huge.mutable_group()->add_members(Concat("registrants/r", i));
  CHECK(world.SetGroup(pumps, huge.ShortDebugString()) ==
        "INVALID_ARGUMENT BATCH_TOO_LARGE count=1001 count_max=1000 field=group.members");
  CHECK(world.Leaves() == leaves);
  // A member that was closed since stays, and does not keep the others from changing.
  storage::v1::RegistrantRow buyer = *world.View()->directory().FindRegistrant("sz-buyer")->row;
  buyer.set_state(v1::Registrant::CLOSED);
  world.Put(storage::RegistrantKey("sz-buyer"), buyer);
  CHECK(set("members: \"registrants/sz-buyer\" members: \"registrants/sz-fixer\"") ==
        "registrants/sz-pumps/groups/g \"\" sz-buyer,sz-fixer");
}

TEST_CASE("a group that has changed since it was read is not set by its etag") {
  GrantsWorld world;
  const Caller pumps = GrantsWorld::Admin("sz-pumps");
  const auto set = [&](const std::string& members, const std::string& etag) {
    return world.SetGroup(pumps, Concat("group { name: \"registrants/sz-pumps/groups/g\" ", members,
                                        " } etag: \"", etag, "\""));
  };
  const auto etag = [&world] {
    v1::ListGroupsRequest request;
    request.set_parent("registrants/sz-pumps");
    v1::ListGroupsResponse response;
    REQUIRE(world.grants().ListGroups(request, GrantsWorld::Admin("sz-pumps"), &response).ok());
    return response.groups(0).etag();
  };
  const std::string buyer = "members: \"registrants/sz-buyer\"";
  const std::string fixer = "members: \"registrants/sz-fixer\"";
  CHECK(set(buyer, "1") == "NOT_FOUND GROUP_NOT_FOUND group=registrants/sz-pumps/groups/g");
  CHECK(set(buyer, "") == "registrants/sz-pumps/groups/g \"\" sz-buyer");
  const std::string read = etag();
  CHECK(set(fixer, read) == "registrants/sz-pumps/groups/g \"\" sz-fixer");
  const uint64_t leaves = world.Leaves();
  CHECK(set(buyer, read) == Concat("ABORTED ETAG_MISMATCH etag=", etag(), " given=", read,
                                   " group=registrants/sz-pumps/groups/g"));
  // The same again is no change, and needs no etag of now.
  CHECK(set(fixer, read) == "registrants/sz-pumps/groups/g \"\" sz-fixer");
  CHECK(world.Leaves() == leaves);
}

// A group as it is set while nothing is committed; told later.
std::future<absl::StatusOr<v1::GroupResponse>> StartSetting(GrantsWorld& world,
                                                            const std::string& request) {
  auto answer = std::make_shared<std::promise<absl::StatusOr<v1::GroupResponse>>>();
  world.grants().SetGroup(FromText<v1::SetGroupRequest>(request), GrantsWorld::Admin("sz-pumps"),
                          [answer](absl::StatusOr<v1::GroupResponse> response) {
                            answer->set_value(std::move(response));
                          });
  return answer->get_future();
}

// Writes rows as one change; told later.
std::future<storage::AppendOutcome> StartPutting(GrantsWorld& world, std::vector<RowPut> rows) {
  storage::ChangeSet set;
  ::gusu::Change& change = set.changes.emplace_back();
  change.operation = Operation::kSetGroup;
  change.resource = "rows of the test";
  change.actor = "bureau";
  change.rows = std::move(rows);
  auto outcome = std::make_shared<std::promise<storage::AppendOutcome>>();
  world.ledger().Append(std::move(set), [outcome](storage::AppendOutcome answered) {
    outcome->set_value(std::move(answered));
  });
  return outcome->get_future();
}

TEST_CASE("who is closed in the same moment is no new member of a group") {
  GrantsWorld world;
  storage::v1::RegistrantRow buyer = *world.View()->directory().FindRegistrant("sz-buyer")->row;
  buyer.set_state(v1::Registrant::CLOSED);
  auto held = world.HoldCommits();
  auto closed =
      StartPutting(world, {{storage::RegistrantKey("sz-buyer"), buyer.SerializeAsString()}});
  auto set = StartSetting(world,
                          "group { name: \"registrants/sz-pumps/groups/g\" "
                          "members: \"registrants/sz-buyer\" }");
  held.unlock();
  REQUIRE(closed.get().ok());
  CHECK(RegistryWorld::ShowError(set.get().status()) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE registrant=registrants/sz-buyer state=CLOSED");
}

TEST_CASE("of groups that are made at the same moment none is one too many") {
  GrantsWorld world;
  for (size_t i = 1; i < Grants::kGroupsMax; ++i) {
    storage::v1::GroupRow row;
    row.set_registrant("sz-pumps");
    row.set_id(Concat("g", i));
    world.Put(storage::GroupKey("sz-pumps", row.id()), row);
  }
  auto held = world.HoldCommits();
  auto first = StartSetting(world, "group { name: \"registrants/sz-pumps/groups/a\" }");
  auto second = StartSetting(world, "group { name: \"registrants/sz-pumps/groups/z\" }");
  held.unlock();
  CHECK(first.get().ok());
  CHECK(RegistryWorld::ShowError(second.get().status()) ==
        "FAILED_PRECONDITION GROUPS_TOO_MANY groups_max=200 registrant=registrants/sz-pumps");
}

}  // namespace
}  // namespace gusu::server
