// A customer who may see its own lots only: what the maker shows to everybody, to the customers of
// its lots, and to nobody else; and what ends that.
#include "proto/text.h"
#include "tests/e2e/scene.h"

namespace gusu::e2e {
namespace {

using Registrar = v1::RegistrarService::Stub;
using Registry = v1::RegistryService::Stub;
using Resolver = v1::ResolverService::Stub;

// LOT-1 is sz-water's, LOT-2 sz-mills', LOT-3 the maker's. Each has a name that is public, a test
// report for partners and a price for its owner.
struct Lots {
  ServerProcess server;
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Api admin{server, pumps.admin_token};
  Api bureau{server, server.token()};
  Api water{server, MakePartner(server, "sz-water")};
  Api mills{server, MakePartner(server, "sz-mills")};
  std::string grant;

  Lots() {
    for (int i = 1; i <= 3; ++i) {
      Do(admin, admin.registry(), &Registry::Register,
         Concat("row { identifier: \"88.118.8/LOT-", i,
                "\" level: BATCH values { type: \"name\" data: \"Lot ", i,
                "\" tier: PUBLIC } values { type: \"report\" data: \"passed\" tier: PARTNER } "
                "values { type: \"price\" data: \"100\" tier: OWNER } }"));
    }
    PassCustody(water, "sz-water", "LOT-1");
    PassCustody(mills, "sz-mills", "LOT-2");
    Do(admin, admin.registrar(), &Registrar::SetGroup,
       "group { name: \"registrants/sz-pumps/groups/customers\" title: \"Customers\" "
       "members: \"registrants/sz-water\" members: \"registrants/sz-mills\" } reason: \"2026\"");
    grant = Do(admin, admin.registrar(), &Registrar::CreateGrant,
               "grant { group: \"registrants/sz-pumps/groups/customers\" "
               "own_in_prefix: \"prefixes/88.118.8\" rights { read_tier: PARTNER "
               "write_attributes: \"inspection\" } title: \"their own lots\" }")
                .grant()
                .name();
  }

  void PassCustody(const Api& to, const std::string& id, const std::string& suffix) const {
    const auto offered =
        Do(admin, admin.registry(), &Registry::OfferTransfer,
           Concat("transfer { to: \"registrants/", id,
                  "\" custody: true items { identifier: \"88.118.8/", suffix, "\" } }"));
    Do(to, to.registry(), &Registry::AcceptTransfer,
       Concat("name: \"", offered.transfer().name(), "\""));
  }
};

Lots& TheLots() {
  static Lots lots;
  return lots;
}

// `name report, 1 withheld`.
std::string Seen(const Api& api, const std::string& suffix) {
  const auto resolved =
      Do(api, api.resolver(), &Resolver::Resolve, Concat("identifier: \"88.118.8/", suffix, "\""));
  std::string seen;
  for (const v1::Value& value : resolved.record().values()) {
    seen += (seen.empty() ? "" : " ") + value.type();
  }
  return Concat(seen, ", ", resolved.values_withheld_count(), " withheld");
}

TEST_CASE("a customer reads the report of its own lot, and is told that others have more") {
  Lots& lots = TheLots();
  CHECK(Seen(lots.water, "LOT-1") == "name report, 1 withheld");
  CHECK(Seen(lots.water, "LOT-2") == "name, 2 withheld");
  CHECK(Seen(lots.water, "LOT-3") == "name, 2 withheld");
  CHECK(Seen(lots.mills, "LOT-2") == "name report, 1 withheld");
  CHECK(Seen(Api(lots.server, ""), "LOT-1") == "name, 2 withheld");
  CHECK(Seen(lots.admin, "LOT-1") == "name report price, 0 withheld");
}

TEST_CASE("a customer lists its own lots and not the maker's") {
  Lots& lots = TheLots();
  const std::string of_all = "parent: \"prefixes/88.118.8\"";
  CHECK(Refusal(lots.water, lots.water.registry(), &Registry::ListRecords, of_all) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Codes(Do(lots.water, lots.water.registry(), &Registry::ListRecords,
                 "parent: \"prefixes/-\" custodian: \"registrants/sz-water\"")) ==
        "88.118.8/LOT-1");
  CHECK(Codes(Do(lots.admin, lots.admin.registry(), &Registry::ListRecords, of_all)) ==
        "88.118.8/LOT-1 88.118.8/LOT-2 88.118.8/LOT-3");
}

TEST_CASE("a customer adds what it may to its own lot, and alters nobody else's values") {
  Lots& lots = TheLots();
  const auto modify = [&](const std::string& request) {
    return Refusal(lots.water, lots.water.registry(), &Registry::ModifyValues,
                   request + " reason: \"receipt\"");
  };
  CHECK(
      modify("name: \"88.118.8/LOT-1\" add { type: \"inspection\" data: \"seen\" tier: PUBLIC }") ==
      "");
  CHECK(Seen(lots.mills, "LOT-1") == "name inspection, 2 withheld");
  CHECK(modify("name: \"88.118.8/LOT-1\" modify { type: \"name\" data: \"Our lot\" }") ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR");
  CHECK(modify("name: \"88.118.8/LOT-2\" add { type: \"inspection\" data: \"seen\" }") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(modify("name: \"88.118.8/LOT-3\" add { type: \"inspection\" data: \"seen\" }") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
}

TEST_CASE("a grant to itself, of what one does not have, or of nothing is refused") {
  Lots& lots = TheLots();
  const auto create = [](const Api& api, const std::string& grant) {
    return Refusal(api, api.registrar(), &Registrar::CreateGrant, Concat("grant { ", grant, " }"));
  };
  const std::string all = "prefix: \"prefixes/88.118.8\" rights { read_tier: PARTNER }";
  CHECK(create(lots.admin, "registrant: \"registrants/sz-pumps\" " + all) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(create(lots.water, "registrant: \"registrants/sz-mills\" " + all) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(create(lots.admin, "registrant: \"registrants/nobody\" " + all) ==
        "NOT_FOUND REGISTRANT_NOT_FOUND");
  CHECK(create(lots.admin, "registrant: \"registrants/sz-mills\" prefix: \"prefixes/88.118.8\"") ==
        "INVALID_ARGUMENT FIELD_MISSING");
}

TEST_CASE("who leaves the group, and whose lot passes on, sees what everybody sees") {
  Lots& lots = TheLots();
  Do(lots.admin, lots.admin.registrar(), &Registrar::CreateGrant,
     "grant { group: \"registrants/sz-pumps/groups/customers\" prefix: \"prefixes/88.118.8\" "
     "rights { read_tier: PARTNER } title: \"all lots\" }");
  CHECK(Seen(lots.mills, "LOT-3") == "name report, 1 withheld");
  Do(lots.admin, lots.admin.registrar(), &Registrar::SetGroup,
     "group { name: \"registrants/sz-pumps/groups/customers\" title: \"Customers\" "
     "members: \"registrants/sz-water\" } reason: \"contract ended\"");
  CHECK(Seen(lots.mills, "LOT-3") == "name, 2 withheld");
  CHECK(Seen(lots.water, "LOT-3") == "name report, 1 withheld");
}

TEST_CASE("what the holder granted ends in the commit in which the prefix passes to another") {
  Lots& lots = TheLots();
  MakeEnterprise(lots.server, "sz-group", "91320594MA1MABCD7J", "88.118.7");
  Do(lots.bureau, lots.bureau.registrar(), &Registrar::TransferPrefix,
     "name: \"prefixes/88.118.8\" holder: \"registrants/sz-group\" reason: \"sold\"");
  CHECK(Seen(lots.water, "LOT-3") == "name, 2 withheld");
  CHECK(Refusal(lots.water, lots.water.registry(), &Registry::ModifyValues,
                "name: \"88.118.8/LOT-3\" add { type: \"inspection\" data: \"seen\" } "
                "reason: \"receipt\"") == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  const auto grants = Do(lots.admin, lots.admin.registrar(), &Registrar::ListGrants,
                         "parent: \"registrants/sz-pumps\"");
  CHECK(grants.grants_size() == 2);
  for (const v1::Grant& grant : grants.grants()) CHECK(grant.state() == v1::Grant::ENDED);
}

TEST_CASE("of all that was granted and passed, log and store agree in both directions") {
  const Verified verified = VerifyLog(TheLots().server);
  INFO(verified.output);
  CHECK(verified.exit_code == 0);
}

}  // namespace
}  // namespace gusu::e2e
