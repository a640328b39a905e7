// Making, listing and revoking grants, and the groups that they are given to.
#include "server/grants/grants.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "gusu/v1/grant.pb.h"
#include "proto/grant_canonical.h"
#include "proto/opening.h"
#include "proto/text.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

const std::string kBuyer = "registrant: \"registrants/sz-buyer\" ";
const std::string kPrefix = "prefix: \"prefixes/88.118.8\" ";
const std::string kReads = "rights { read_tier: PARTNER } ";
constexpr const char* kActive = "registrants/sz-pumps/grants/* ACTIVE";

std::string Grant(const std::string& fields) { return Concat("grant { ", fields, " }"); }

::gusu::Change LastChange(GrantsWorld& world) {
  auto change = world.View()->ReadChange(world.View()->leaf_count() - 1);
  REQUIRE(change.ok());
  return *std::move(change);
}

TEST_CASE("a grant is a change of its own that binds what it gives") {
  GrantsWorld world;
  REQUIRE(world.Create(Grant(kBuyer + kPrefix + kReads)) == kActive);
  const ::gusu::Change change = LastChange(world);
  CHECK(change.operation == Operation::kCreateGrant);
  CHECK(change.resource == world.last_grant());
  CHECK(change.registrant == "sz-pumps");
  CHECK(change.actor == "registrants/sz-pumps");
  const std::string id = world.last_grant().substr(world.last_grant().rfind('/') + 1);
  const auto* entry = world.View()->directory().FindGrant("sz-pumps", id);
  REQUIRE(entry != nullptr);
  REQUIRE(change.commitments.size() == 1);
  CHECK(change.commitments[0].hash ==
        CommitmentHash(entry->row->body_salt(), CanonicalBody(*entry->row)));
}

TEST_CASE("the same request is answered with the same grant, and writes nothing more") {
  GrantsWorld world;
  REQUIRE(world.Create(Grant(kBuyer + kPrefix + kReads)) == kActive);
  const std::string first = world.last_grant();
  const uint64_t leaves = world.Leaves();
  world.Pass(absl::Hours(1));
  CHECK(world.Create(Grant(kBuyer + kPrefix + kReads)) == kActive);
  CHECK(world.last_grant() == first);
  CHECK(world.Leaves() == leaves);

  CHECK(world.Create(Grant(kBuyer + kPrefix + kReads) + " request_id: \"again\"") == kActive);
  CHECK(world.last_grant() != first);
  const std::string second = world.last_grant();
  CHECK(world.Create(Grant(kBuyer + kPrefix + kReads) + " request_id: \"again\"") == kActive);
  CHECK(world.last_grant() == second);
  CHECK(world.Leaves() == leaves + 1);
  CHECK(world.Create(Grant(kBuyer + kPrefix + kReads + "title: \"other\"") +
                     " request_id: \"again\"") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=again");
  CHECK(world.Leaves() == leaves + 1);
}

TEST_CASE(
    "what does not count any more is given anew, under its name, unless its request id is told") {
  GrantsWorld world;
  const std::string plain = Grant(kBuyer + kPrefix + kReads);
  const std::string named = Grant(kBuyer + kPrefix + kReads) + " request_id: \"once\"";
  REQUIRE(world.Create(named) == kActive);
  const std::string once = world.last_grant();
  REQUIRE(world.Create(plain) == kActive);
  const std::string first = world.last_grant();
  const auto revoke = [&world](const std::string& name) {
    return world.Revoke(GrantsWorld::Admin("sz-pumps"), Concat("name: \"", name, "\""));
  };
  REQUIRE(revoke(once) == "registrants/sz-pumps/grants/* REVOKED");
  std::string dead;
  SECTION("revoked") {
    dead = revoke(first).substr(30);
    CHECK(dead == "REVOKED");
  }
  SECTION("expired") {
    world.Pass(absl::Hours(2 * 365 * 24));
    dead = "EXPIRED";
  }
  SECTION("ended") {
    world.PassPrefix("sz-valves");
    world.PassPrefix("sz-pumps");
    dead = "ENDED";
  }
  const std::string all = "parent: \"registrants/sz-pumps\"";
  CHECK(world.List(GrantsWorld::Bureau(), all).find(dead) != std::string::npos);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2").find("PRICE") == std::string::npos);
  uint64_t leaves = world.Leaves();
  CHECK(world.Create(named) == "registrants/sz-pumps/grants/* REVOKED");
  CHECK(world.last_grant() == once);
  CHECK(world.Leaves() == leaves);

  CHECK(world.Create(plain) == kActive);
  CHECK(world.last_grant() == first);
  CHECK(world.Leaves() == ++leaves);
  CHECK(LastChange(world).operation == Operation::kCreateGrant);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2").find("PRICE") != std::string::npos);
  CHECK(world.Create(plain) == kActive);
  CHECK(world.Leaves() == leaves);
  REQUIRE(revoke(first) == "registrants/sz-pumps/grants/* REVOKED");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2").find("PRICE") == std::string::npos);
}

TEST_CASE("a grant to itself, by any of its names, is refused") {
  GrantsWorld world;
  CHECK(world.Create(Grant("registrant: \"registrants/sz-pumps\" " + kPrefix + kReads)) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.registrant value=registrants/sz-pumps");
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "");
  CHECK(world.Create(Grant("organization_code { scheme: OTHER authority: \"X\" value: \"7\" } "
                           "identifiers { identifiers: \"88.118.8/LOT-2\" } " +
                           kReads),
                     "sz-buyer") ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.organization_code value=7");
  CHECK(world.SetGroup(GrantsWorld::Admin("sz-pumps"),
                       "group { name: \"registrants/sz-pumps/groups/g\" "
                       "members: \"registrants/sz-pumps\" }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=group.members value=registrants/sz-pumps");
}

TEST_CASE("what a grant names must be there, and the grantor's to give") {
  GrantsWorld world;
  const uint64_t leaves = world.Leaves();
  const auto error = [&world](const std::string& fields, const std::string& by = "sz-pumps") {
    return world.Create(Grant(fields), by);
  };
  CHECK(error("registrant: \"registrants/nobody\" " + kPrefix + kReads) ==
        "NOT_FOUND REGISTRANT_NOT_FOUND registrant=registrants/nobody");
  CHECK(error("registrant: \"registrants/sz-asleep\" " + kPrefix + kReads) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE registrant=registrants/sz-asleep "
        "state=SUSPENDED");
  CHECK(error("group: \"registrants/sz-pumps/groups/none\" " + kPrefix + kReads) ==
        "NOT_FOUND GROUP_NOT_FOUND group=registrants/sz-pumps/groups/none");
  CHECK(error("group: \"registrants/sz-valves/groups/g\" " + kPrefix + kReads) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.group value=registrants/sz-valves/groups/g");
  CHECK(error(kBuyer + "prefix: \"prefixes/88.118.99\" " + kReads) ==
        "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.99");
  CHECK(error(kBuyer + "prefix: \"prefixes/88.118.9\" " + kReads) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.9 registrant=registrants/sz-pumps");
  CHECK(error(kBuyer + "prefix: \"prefixes/88.118.10\" " + kReads) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.10");
  CHECK(error(kBuyer +
              "template_scope { prefix: \"prefixes/88.118.8\" template: \"templates/x\" } " +
              kReads) == "NOT_FOUND TEMPLATE_NOT_FOUND template=x");
  CHECK(error(kBuyer + "identifiers { identifiers: \"88.118.8/NEVER\" } " + kReads) ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/NEVER");
  CHECK(error("registrant: \"registrants/sz-pumps\" "
              "identifiers { identifiers: \"88.118.8/LOT-1\" } " +
                  kReads,
              "sz-buyer") ==
        "PERMISSION_DENIED NOT_RECORD_OWNER identifier=88.118.8/LOT-1 "
        "registrant=registrants/sz-buyer");
  CHECK(error("registrant: \"registrants/sz-pumps\" prefix: \"prefixes/88.118.13\" " + kReads,
              "sz-asleep") ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE registrant=registrants/sz-asleep "
        "state=SUSPENDED");
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("a malformed grant is refused with its field and value") {
  GrantsWorld world;
  const uint64_t leaves = world.Leaves();
  const auto error = [&world](const std::string& fields) { return world.Create(Grant(fields)); };
  CHECK(error(kPrefix + kReads) == "INVALID_ARGUMENT FIELD_MISSING field=grant.grantee");
  CHECK(error(kBuyer + kReads) == "INVALID_ARGUMENT FIELD_MISSING field=grant.scope");
  CHECK(error(kBuyer + kPrefix) == "INVALID_ARGUMENT FIELD_MISSING field=grant.rights");
  CHECK(error("registrant: \"sz-buyer\" " + kPrefix + kReads) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.registrant value=sz-buyer");
  CHECK(error(kBuyer + kPrefix + "rights { read_tier: PUBLIC }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.rights.read_tier value=1");
  CHECK(error(kBuyer + kPrefix + "rights { write_attributes: \"\" }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.rights.write_attributes value=");
  CHECK(error(kBuyer + kPrefix + kReads + "expire_time { seconds: 1767225600 }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.expire_time value=2026-01-01T00:00:00+00:00");
  CHECK(error(kBuyer + kPrefix + kReads + "expire_time { seconds: 1925424000 }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.expire_time value=2031-01-06T00:00:00+00:00");
  CHECK(error(kBuyer + "identifiers { } " + kReads) ==
        "INVALID_ARGUMENT FIELD_MISSING field=grant.identifiers.identifiers");
  CHECK(error(kBuyer + "identifiers { identifiers: \"88.118.8/a\" identifiers: \"88.118.8/A\" } " +
              kReads) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.identifiers.identifiers value=88.118.8/A");
  CHECK(error(kBuyer + "identifiers { identifiers: \"88.118.8/a\" identifiers: \"88.118.9/a\" } " +
              kReads) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.identifiers.identifiers value=88.118.9/a");
  // A full-width digit that looks like an ordinary one.
  CHECK(error(kBuyer + "identifier_beginning: \"88.118.8/LOT-\xEF\xBC\x91\" " + kReads)
            .substr(0, 37) == "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  CHECK(error(kBuyer + "prefix: \"88.118.8\" " + kReads) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.prefix value=88.118.8");
  CHECK(error("organization_code { value: \"91320505MA1MABCD0X\" } " + kPrefix + kReads)
            .substr(0, 45) == "INVALID_ARGUMENT ORGANIZATION_CODE_MALFORMED ");

  v1::CreateGrantRequest huge = FromText<v1::CreateGrantRequest>(Grant(kBuyer + kReads));
  for (int i = 0; i <= 500; ++i) {
    huge.mutable_grant()->mutable_identifiers()->add_identifiers(Concat("88.118.8/", i));
  }
  CHECK(world.Create(huge.ShortDebugString()) ==
        "INVALID_ARGUMENT BATCH_TOO_LARGE count=501 count_max=500 "
        "field=grant.identifiers.identifiers");
  v1::CreateGrantRequest title = FromText<v1::CreateGrantRequest>(Grant(kBuyer + kPrefix + kReads));
  title.mutable_grant()->set_title(std::string(201, 'x'));
  CHECK(world.Create(title.ShortDebugString()).substr(0, 55) ==
        "INVALID_ARGUMENT FIELD_INVALID field=grant.title value=");
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("only admins of the grantor, and the bureau for it, give and take away") {
  GrantsWorld world;
  const std::string request = Grant(kBuyer + kPrefix + kReads);
  for (const auto& [role, refusal] :
       {std::pair(Role::kAnonymous, "UNAUTHENTICATED CREDENTIAL_MISSING"),
        std::pair(Role::kApplicant, "PERMISSION_DENIED ROLE_REFUSED"),
        std::pair(Role::kReader, "PERMISSION_DENIED ROLE_REFUSED"),
        std::pair(Role::kRegistrantWriter, "PERMISSION_DENIED ROLE_REFUSED"),
        std::pair(Role::kBureauAuditor, "PERMISSION_DENIED ROLE_REFUSED"),
        std::pair(Role::kBureauAdmin, "PERMISSION_DENIED ROLE_REFUSED")}) {
    const std::string answer = world.CreateAs(RegistryWorld::WithRole(role), request);
    CHECK(answer.substr(0, std::string(refusal).size()) == refusal);
  }
  CHECK(world.Create(request + " parent: \"registrants/sz-valves\"") ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT name=registrants/sz-valves "
        "registrant=registrants/sz-pumps");
  CHECK(world.CreateAs(GrantsWorld::Bureau(),
                       request + " on_behalf_of { registrant: \"registrants/sz-pumps\" "
                                 "reason: \"asked by letter\" }") == kActive);
  CHECK(LastChange(world).reason == "asked by letter");
  const std::string name = Concat("name: \"", world.last_grant(), "\" ");
  CHECK(world.Revoke(GrantsWorld::Admin("sz-buyer"), name).substr(0, 36) ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  CHECK(world.Revoke(GrantsWorld::Bureau(), name) ==
        "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.Revoke(GrantsWorld::Bureau(), name + "reason: \"court order\"") ==
        "registrants/sz-pumps/grants/* REVOKED");
  const ::gusu::Change change = LastChange(world);
  CHECK(change.actor == "bureau");
  CHECK(change.registrant == "sz-pumps");
  CHECK(change.reason == "court order");
  const uint64_t leaves = world.Leaves();
  CHECK(world.Revoke(GrantsWorld::Admin("sz-pumps"), name) ==
        "registrants/sz-pumps/grants/* REVOKED");
  CHECK(world.Leaves() == leaves);
  CHECK(world.Revoke(GrantsWorld::Admin("sz-pumps"), "name: \"registrants/sz-pumps/grants/0\"") ==
        "NOT_FOUND GRANT_NOT_FOUND grant=registrants/sz-pumps/grants/0");
  CHECK(world.Revoke(GrantsWorld::Admin("sz-pumps"), "name: \"grants/0\"") ==
        "INVALID_ARGUMENT FIELD_INVALID field=name value=grants/0");
}

TEST_CASE("grants are listed as they were given, to the grantor, the grantee and the bureau") {
  GrantsWorld world;
  const Caller pumps = GrantsWorld::Admin("sz-pumps"), buyer = GrantsWorld::Admin("sz-buyer");
  world.SetGroup(pumps,
                 "group { name: \"registrants/sz-pumps/groups/g\" title: \"Friends\" "
                 "members: \"registrants/sz-fixer\" members: \"registrants/sz-buyer\" }");
  const std::string list = "identifiers { identifiers: \"88.118.8/lot-1\" } ";
  REQUIRE(world.Create(Grant(kBuyer + list +
                             "rights { write_attributes: \"batch\" "
                             "append_events: true } title: \"lots\"")) == kActive);
  REQUIRE(world.Create(Grant("group: \"registrants/sz-pumps/groups/g\" " + kPrefix + kReads)) ==
          kActive);
  REQUIRE(world.Create(Grant("organization_code { scheme: OTHER authority: \"Y\" value: \"1\" } " +
                             kPrefix + kReads)) == kActive);
  const std::string parent = "parent: \"registrants/sz-pumps\" ";
  const auto count = [](const std::string& listed) {
    return std::count(listed.begin(), listed.end(), '\n');
  };
  CHECK(count(world.List(pumps, parent)) == 3);
  CHECK(count(world.List(GrantsWorld::Bureau(Role::kBureauAuditor), parent)) == 3);
  const std::string given = world.List(buyer, "");
  CHECK(given == world.List(buyer, parent));
  CHECK(count(given) == 2);
  CHECK(given.find("ACTIVE registrant: \"registrants/sz-buyer\" identifiers { identifiers: "
                   "\"88.118.8/lot-1\" } rights { write_attributes: \"batch\" append_events: true "
                   "} title: \"lots\"\n") != given.npos);
  CHECK(given.find("ACTIVE group: \"registrants/sz-pumps/groups/g\" prefix: "
                   "\"prefixes/88.118.8\" rights { read_tier: PARTNER }\n") != given.npos);
  CHECK(world.List(GrantsWorld::Admin("sz-valves"), parent).empty());
  CHECK(world.List(GrantsWorld::Bureau(), "") == "INVALID_ARGUMENT FIELD_MISSING field=parent");
  CHECK(world.List(pumps, parent + "page_size: 2")
            .substr(world.List(pumps, parent + "page_size: 2").size() - 4) == "more");
  CHECK(world.List(pumps, parent + "page_token: \"x\"") ==
        "INVALID_ARGUMENT PAGE_TOKEN_INVALID field=page_token");

  CHECK(world.ListGroups(pumps, parent) ==
        "registrants/sz-pumps/groups/g \"Friends\" sz-buyer,sz-fixer\n");
  CHECK(world.ListGroups(buyer, parent).substr(0, 36) == "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  CHECK(world.ListGroups(pumps, "") == "INVALID_ARGUMENT FIELD_MISSING field=parent");
}

// Writes rows as one change.
void PutAll(GrantsWorld& world, std::vector<RowPut> rows) {
  storage::ChangeSet set;
  ::gusu::Change& change = set.changes.emplace_back();
  change.operation = Operation::kSetGroup;
  change.resource = "rows of the test";
  change.actor = "bureau";
  change.rows = std::move(rows);
  std::promise<storage::AppendOutcome> outcome;
  world.ledger().Append(std::move(set), [&outcome](storage::AppendOutcome answered) {
    outcome.set_value(std::move(answered));
  });
  REQUIRE(outcome.get_future().get().ok());
}

TEST_CASE("a registrant has so many grants that count and no more, and so many groups") {
  GrantsWorld world;
  std::vector<RowPut> grants, groups;
  for (size_t i = 0; i < Grants::kLiveGrantsMax; ++i) {
    storage::v1::GrantRow row;
    row.set_grantor("sz-pumps");
    row.set_id(Concat("g", i));
    row.set_grantee("sz-buyer");
    row.set_prefix_key("88.118.8");
    row.set_expire_time_us(static_cast<uint64_t>(absl::ToUnixMicros(world.Now())) + 1'000'000);
    grants.push_back({storage::GrantKey("sz-pumps", row.id()), row.SerializeAsString()});
  }
  for (size_t i = 0; i < Grants::kGroupsMax; ++i) {
    storage::v1::GroupRow row;
    row.set_registrant("sz-pumps");
    row.set_id(Concat("g", i));
    groups.push_back({storage::GroupKey("sz-pumps", row.id()), row.SerializeAsString()});
  }
  PutAll(world, std::move(grants));
  PutAll(world, std::move(groups));
  CHECK(world.Create(Grant(kBuyer + kPrefix + kReads)) ==
        "FAILED_PRECONDITION GRANTS_TOO_MANY grants_max=5000 registrant=registrants/sz-pumps");
  world.Pass(absl::Seconds(1));
  CHECK(world.Create(Grant(kBuyer + kPrefix + kReads)) == kActive);
  const Caller pumps = GrantsWorld::Admin("sz-pumps");
  CHECK(world.SetGroup(pumps, "group { name: \"registrants/sz-pumps/groups/one-more\" }") ==
        "FAILED_PRECONDITION GROUPS_TOO_MANY groups_max=200 registrant=registrants/sz-pumps");
  CHECK(world.SetGroup(pumps, "group { name: \"registrants/sz-pumps/groups/g7\" title: \"7\" }") ==
        "registrants/sz-pumps/groups/g7 \"7\" ");
}

}  // namespace
}  // namespace gusu::server
