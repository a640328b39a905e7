// What grants let others read of a record, and when they end.
#include <catch2/catch.hpp>

#include "proto/text.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

constexpr const char* kNothing = "URL +2 withheld";
constexpr const char* kPartner = "URL PRICE +1 withheld";
constexpr const char* kAll = "URL PRICE COST +0 withheld";
constexpr const char* kGranted = "registrants/sz-pumps/grants/* ACTIVE";
const std::string kOnly = "types: \"URL\" types: \"PRICE\" types: \"COST\"";

std::string Given(const std::string& scope, const std::string& tier = "PARTNER") {
  return Concat("grant { registrant: \"registrants/sz-buyer\" ", scope,
                " rights { read_tier: ", tier, " } }");
}

TEST_CASE("without a grant nobody but holder, owner and custodian reads beyond PUBLIC") {
  GrantsWorld world;
  CHECK(world.Read("sz-pumps", "88.118.8/LOT-2") == kAll);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kNothing);
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "sz-fixer");
  CHECK(world.Read("sz-pumps", "88.118.8/LOT-2") == kAll);  // as the values' author
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kAll);
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kPartner);
  CHECK(world.Read("sz-valves", "88.118.8/LOT-2") == kNothing);
}

TEST_CASE("a grant opens the records of its scope, up to its tier, and no others") {
  GrantsWorld world;
  const auto both = [&world] {
    return Concat(world.Read("sz-buyer", "88.118.8/LOT-1", kOnly), " | ",
                  world.Read("sz-buyer", "88.118.8/LOT-2", kOnly));
  };
  const auto shown = [](const char* first, const char* second) {
    return Concat(first, " | ", second);
  };
  SECTION("a prefix") {
    CHECK(world.Create(Given("prefix: \"prefixes/88.118.8\"")) == kGranted);
    CHECK(both() == shown(kPartner, kPartner));
  }
  SECTION("a prefix, with OWNER values") {
    CHECK(world.Create(Given("prefix: \"prefixes/88.118.8\"", "OWNER")) == kGranted);
    CHECK(both() == shown(kAll, kAll));
  }
  SECTION("suffixes that begin alike, in any case") {
    CHECK(world.Create(Given("identifier_beginning: \"88.118.8/lot-2\"")) == kGranted);
    CHECK(both() == shown(kNothing, kPartner));
  }
  SECTION("a template") {
    CHECK(world.Create(Given("template_scope { prefix: \"prefixes/88.118.8\" "
                             "template: \"templates/product\" }")) == kGranted);
    CHECK(both() == shown(kPartner, kNothing));
  }
  SECTION("single records") {
    CHECK(world.Create(Given("identifiers { identifiers: \"88.118.8/lot-1\" }")) == kGranted);
    CHECK(both() == shown(kPartner, kNothing));
  }
  SECTION("the grantee's own records below the prefix") {
    CHECK(world.Create(Given("own_in_prefix: \"prefixes/88.118.8\"", "OWNER")) == kGranted);
    world.SetOwner("88.118.8/LOT-2", "sz-pumps", "sz-buyer");
    CHECK(both() == shown(kNothing, kAll));
  }
  SECTION("two grants give the higher tier") {
    CHECK(world.Create(Given("prefix: \"prefixes/88.118.8\"")) == kGranted);
    CHECK(world.Create(Given("identifier_beginning: \"88.118.8/LOT-1\"", "OWNER")) == kGranted);
    CHECK(both() == shown(kAll, kPartner));
  }
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-1", kOnly) == kNothing);
}

TEST_CASE("a grant to a group is its members' at the time of reading") {
  GrantsWorld world;
  const Caller pumps = GrantsWorld::Admin("sz-pumps");
  const std::string name = "group { name: \"registrants/sz-pumps/groups/friends\" ";
  CHECK(world.SetGroup(pumps, name + "members: \"registrants/sz-buyer\" }") ==
        "registrants/sz-pumps/groups/friends \"\" sz-buyer");
  CHECK(world.Create("grant { group: \"registrants/sz-pumps/groups/friends\" "
                     "prefix: \"prefixes/88.118.8\" rights { read_tier: PARTNER } }") == kGranted);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kPartner);
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kNothing);
  world.SetGroup(pumps, name + "members: \"registrants/sz-fixer\" }");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kNothing);
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kPartner);
  world.SetGroup(pumps, name + "}");
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kNothing);
}

TEST_CASE("a grant to an organisation code is its approved registrant's") {
  GrantsWorld world;
  CHECK(world.Create("grant { organization_code { scheme: OTHER authority: \"X\" value: \"9\" } "
                     "prefix: \"prefixes/88.118.8\" rights { read_tier: PARTNER } }") == kGranted);
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kNothing);
  storage::v1::RegistrantRow fixer = *world.View()->directory().FindRegistrant("sz-fixer")->row;
  fixer.set_organization_code_scheme(v1::OrganizationCode::OTHER);
  fixer.set_organization_code_authority("X");
  fixer.set_organization_code("9");
  fixer.set_state(v1::Registrant::PENDING);
  world.Put(storage::RegistrantKey("sz-fixer"), fixer);
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kNothing);
  fixer.set_state(v1::Registrant::ACTIVE);
  world.Put(storage::RegistrantKey("sz-fixer"), fixer);
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2") == kPartner);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kNothing);
}

TEST_CASE("a grant ends when it is revoked, when it expires and when the prefix passes on") {
  GrantsWorld world;
  REQUIRE(world.Create(Given("prefix: \"prefixes/88.118.8\"")) == kGranted);
  REQUIRE(world.Read("sz-buyer", "88.118.8/LOT-2") == kPartner);
  const auto state = [&world] {
    const std::string listed =
        world.List(GrantsWorld::Bureau(), "parent: \"registrants/sz-pumps\"");
    return listed.substr(0, listed.find(' '));
  };
  SECTION("revoked") {
    CHECK(world.Revoke(GrantsWorld::Admin("sz-pumps"),
                       Concat("name: \"", world.last_grant(), "\"")) ==
          "registrants/sz-pumps/grants/* REVOKED");
    CHECK(state() == "REVOKED");
  }
  SECTION("expired") {
    world.Pass(absl::Hours(365 * 24) - absl::Seconds(1));
    CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kPartner);
    world.Pass(absl::Seconds(1));
    CHECK(state() == "EXPIRED");
  }
  SECTION("the prefix passed on") {
    world.PassPrefix("sz-valves");
    CHECK(state() == "ENDED");
  }
  SECTION("the prefix passed on and came back") {
    world.PassPrefix("sz-valves");
    world.PassPrefix("sz-pumps");
    CHECK(state() == "ENDED");
  }
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kNothing);
}

TEST_CASE("a holder gives no more of another's record than it may read itself") {
  GrantsWorld world;
  REQUIRE(world.Create(Given("prefix: \"prefixes/88.118.8\"", "OWNER")) == kGranted);
  REQUIRE(world.Read("sz-buyer", "88.118.8/LOT-2") == kAll);
  world.SetOwner("88.118.8/LOT-2", "sz-fixer", "");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kPartner);
}

TEST_CASE("an owner gives rights on its record for as long as it is its own") {
  GrantsWorld world;
  world.SetOwner("88.118.8/LOT-2", "sz-fixer", "");
  REQUIRE(world.Create(Given("identifiers { identifiers: \"88.118.8/LOT-2\" }", "OWNER"),
                       "sz-fixer") == "registrants/sz-fixer/grants/* ACTIVE");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kAll);
  world.PassPrefix("sz-valves");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kAll);
  world.SetOwner("88.118.8/LOT-2", "sz-valves", "");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kNothing);
  const auto is_ended = [&world] {
    return world.List(GrantsWorld::Admin("sz-fixer"), "parent: \"registrants/sz-fixer\"")
        .starts_with("ENDED ");
  };
  CHECK(is_ended());
  world.SetOwner("88.118.8/LOT-2", "sz-fixer", "");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kNothing);
  CHECK(is_ended());
}

TEST_CASE("of single records a grant goes on with those that never passed on") {
  GrantsWorld world;
  for (const char* lot : {"88.118.8/LOT-1", "88.118.8/LOT-2"}) world.SetOwner(lot, "sz-fixer", "");
  world.SetOwner("88.118.8/LOT-2", "sz-valves", "");
  world.SetOwner("88.118.8/LOT-2", "sz-fixer", "");
  REQUIRE(world.Create(Given("identifiers { identifiers: \"88.118.8/LOT-2\" "
                             "identifiers: \"88.118.8/LOT-1\" }"),
                       "sz-fixer") == "registrants/sz-fixer/grants/* ACTIVE");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-1", kOnly) == kPartner);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2", kOnly) == kPartner);
  world.SetOwner("88.118.8/LOT-1", "sz-valves", "");
  world.SetOwner("88.118.8/LOT-1", "sz-fixer", "");
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-1", kOnly) == kNothing);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2", kOnly) == kPartner);
  CHECK(world.List(GrantsWorld::Admin("sz-fixer"), "parent: \"registrants/sz-fixer\"")
            .starts_with("ACTIVE "));
}

TEST_CASE("an answer as of the past is given by the rights of now") {
  GrantsWorld world;
  const uint64_t then = world.View()->last_revision();
  const std::string as_of =
      Concat("as_of_time { seconds: ", then / 1'000'000, " nanos: ", then % 1'000'000 * 1000, " }");
  REQUIRE(world.Create(Given("prefix: \"prefixes/88.118.8\"")) == kGranted);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2", as_of) == kPartner);
  world.SetOwner("88.118.8/LOT-2", "sz-fixer", "");
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2", as_of) == kAll);
  world.SetOwner("88.118.8/LOT-2", "sz-valves", "");
  CHECK(world.Read("sz-fixer", "88.118.8/LOT-2", as_of) == kNothing);
}

TEST_CASE("a suspended registrant goes on reading what it was granted") {
  GrantsWorld world;
  REQUIRE(world.Create(Given("prefix: \"prefixes/88.118.8\"")) == kGranted);
  storage::v1::RegistrantRow buyer = *world.View()->directory().FindRegistrant("sz-buyer")->row;
  buyer.set_state(v1::Registrant::SUSPENDED);
  world.Put(storage::RegistrantKey("sz-buyer"), buyer);
  CHECK(world.Read("sz-buyer", "88.118.8/LOT-2") == kPartner);
}

}  // namespace
}  // namespace gusu::server
