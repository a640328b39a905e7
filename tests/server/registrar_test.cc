// Registrants and prefixes, as callers see them.
#include "server/registrar.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
using Credential = v1::Credential;

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

TEST_CASE("an application is PENDING, with defaults filled in, and is a leaf") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  request.mutable_registrant()->mutable_organization_code()->set_value("91320594ma1mabcd6f");
  const auto response = world.Apply(request);
  REQUIRE(Show(response) == "OK");
  const v1::Registrant& registrant = response->registrant();
  CHECK(registrant.name() == "registrants/pumps");
  CHECK(registrant.kind() == v1::Registrant::ENTERPRISE);
  CHECK(registrant.state() == v1::Registrant::PENDING);
  CHECK(registrant.legal_name() == "Company pumps");
  CHECK(registrant.organization_code().scheme() == v1::OrganizationCode::USCC);
  CHECK(registrant.organization_code().value() == "91320594MA1MABCD6F");
  CHECK(registrant.district() == "320594");
  CHECK(registrant.contact().person() == "Person pumps");
  CHECK(registrant.warnings().empty());
  CHECK_FALSE(registrant.etag().empty());
  CHECK(response->receipt().leaf_index() == 2);
  const Change change = world.ChangeAt(2);
  CHECK(change.operation == Operation::kApplyRegistrant);
  CHECK(change.resource == "registrants/pumps");
  CHECK(change.actor == "applicant");
  CHECK(change.credential.empty());
  REQUIRE(change.commitments.size() == 1);
  CHECK(change.commitments[0].label == "BODY");
}

TEST_CASE("a district that is not the organisation code's is a warning for the reviewer") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  request.mutable_registrant()->set_district("320505");
  const auto response = world.Apply(request);
  REQUIRE(Show(response) == "OK");
  CHECK(response->registrant().district() == "320505");
  REQUIRE(response->registrant().warnings_size() == 1);
  CHECK(response->registrant().warnings(0) ==
        "district 320505 differs from 320594 of the organisation code");
}

TEST_CASE("an application that lacks or misstates something names the field") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  v1::Registrant& registrant = *request.mutable_registrant();
  std::string reason = "FIELD_INVALID", field;
  SECTION("no id") {
    request.clear_registrant_id();
    reason = "FIELD_MISSING", field = "registrant_id";
  }
  SECTION("an id with capitals") { request.set_registrant_id("Pumps"), field = "registrant_id"; }
  SECTION("an id that begins with -") { request.set_registrant_id("-a"), field = "registrant_id"; }
  SECTION("a long id") { request.set_registrant_id(std::string(64, 'a')), field = "registrant_id"; }
  SECTION("another name") { registrant.set_name("registrants/valves"), field = "registrant.name"; }
  SECTION("no legal name") {
    registrant.clear_legal_name();
    reason = "FIELD_MISSING", field = "registrant.legal_name";
  }
  SECTION("a long legal name") {
    registrant.set_legal_name(std::string(201, 'x')), field = "registrant.legal_name";
  }
  SECTION("a control in a name") {
    registrant.set_english_name("a\nb"), field = "registrant.english_name";
  }
  SECTION("no organisation code") {
    registrant.clear_organization_code();
    reason = "FIELD_MISSING", field = "registrant.organization_code.value";
  }
  SECTION("a code of another authority, not named") {
    registrant.mutable_organization_code()->set_scheme(v1::OrganizationCode::OTHER);
    reason = "FIELD_MISSING", field = "registrant.organization_code.authority";
  }
  SECTION("an unknown kind") {
    registrant.set_kind(static_cast<v1::Registrant::Kind>(9)), field = "registrant.kind";
  }
  SECTION("a district of five digits") {
    registrant.set_district("32059"), field = "registrant.district";
  }
  SECTION("no claim") {
    request.clear_claim_sha256();
    reason = "FIELD_MISSING", field = "claim_sha256";
  }
  SECTION("a claim that is no hash") { request.set_claim_sha256("short"), field = "claim_sha256"; }
  SECTION("a long request id") {
    request.set_request_id(std::string(65, 'r')), field = "request_id";
  }
  const auto response = world.Apply(request);
  CHECK(Show(response) == "INVALID_ARGUMENT " + reason);
  CHECK(ErrorMetadataValue(response.status(), "field") == field);
  CHECK(world.View()->leaf_count() == 2);
}

TEST_CASE("an organisation code with a wrong check character is refused") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  request.mutable_registrant()->mutable_organization_code()->set_value("91320594MA1MABCD6G");
  CHECK(Show(world.Apply(request)) == "INVALID_ARGUMENT ORGANIZATION_CODE_MALFORMED");
}

TEST_CASE("the same application again gets the first answer, another one for the id is refused") {
  RegistrarWorld world;
  const auto request = world.ApplicationOf("pumps");
  const auto first = world.Apply(request);
  REQUIRE(Show(first) == "OK");
  const auto again = world.Apply(request);
  REQUIRE(Show(again) == "OK");
  CHECK(again->SerializeAsString() == first->SerializeAsString());
  // Also when it has been approved since.
  REQUIRE(Show(world.Approve("pumps")) == "OK");
  CHECK(world.Apply(request)->SerializeAsString() == first->SerializeAsString());

  auto other = request;
  other.mutable_registrant()->set_legal_name("Other");
  const auto refused = world.Apply(other);
  CHECK(Show(refused) == "ALREADY_EXISTS REGISTRANT_TAKEN");
  CHECK(ErrorMetadataValue(refused.status(), "registrant") == "registrants/pumps");
}

TEST_CASE("a request id gives its first answer again, and cannot be used for another request") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  request.set_request_id("r1");
  const auto first = world.Apply(request);
  REQUIRE(Show(first) == "OK");
  CHECK(world.Apply(request)->SerializeAsString() == first->SerializeAsString());
  request.mutable_registrant()->set_legal_name("Other");
  CHECK(Show(world.Apply(request)) == "INVALID_ARGUMENT REQUEST_ID_REUSED");
}

TEST_CASE("a claim secret is for one application") {
  RegistrarWorld world;
  REQUIRE(Show(world.Apply(world.ApplicationOf("pumps"))) == "OK");
  auto request = world.ApplicationOf("valves");
  request.set_claim_sha256(world.ApplicationOf("pumps").claim_sha256());
  CHECK(Show(world.Apply(request)) == "INVALID_ARGUMENT FIELD_INVALID");
}

TEST_CASE("the bureau approves: PENDING becomes ACTIVE, and again is the same answer") {
  RegistrarWorld world;
  const auto applied = world.Apply(world.ApplicationOf("pumps"));
  const auto approved = world.Approve("pumps");
  REQUIRE(Show(approved) == "OK");
  CHECK(approved->registrant().state() == v1::Registrant::ACTIVE);
  CHECK(approved->registrant().etag() != applied->registrant().etag());
  CHECK(approved->registrant().create_time().SerializeAsString() ==
        applied->registrant().create_time().SerializeAsString());
  CHECK(approved->receipt().leaf_index() == 3);
  const Change change = world.ChangeAt(3);
  CHECK(change.operation == Operation::kApproveRegistrant);
  CHECK(change.actor == "bureau");
  CHECK(change.credential == world.Who(kBureau)->credential);
  CHECK(change.previous_leaf_count == applied->receipt().leaf_index() + 1);
  CHECK(world.Approve("pumps")->SerializeAsString() == approved->SerializeAsString());
  CHECK(world.View()->leaf_count() == 4);
}

TEST_CASE("an approval is refused for what does not exist, or has changed since it was read") {
  RegistrarWorld world;
  CHECK(Show(world.Approve("pumps")) == "NOT_FOUND REGISTRANT_NOT_FOUND");
  REQUIRE(Show(world.Apply(world.ApplicationOf("pumps"))) == "OK");
  v1::ApproveRegistrantRequest request;
  request.set_name("registrants/pumps");
  request.set_etag("0");
  CHECK(Show(world.Write(&Registrar::ApproveRegistrant, kBureau, request)) ==
        "ABORTED ETAG_MISMATCH");
  request.set_name("pumps");
  CHECK(Show(world.Write(&Registrar::ApproveRegistrant, kBureau, request)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
}

TEST_CASE("an organisation code belongs to one approved registrant, and to any number that apply") {
  RegistrarWorld world;
  const auto first = world.ApplicationOf("pumps");
  auto second = world.ApplicationOf("squatter");
  *second.mutable_registrant()->mutable_organization_code() =
      first.registrant().organization_code();
  REQUIRE(Show(world.Apply(second)) == "OK");
  REQUIRE(Show(world.Apply(first)) == "OK");
  REQUIRE(Show(world.Approve("pumps")) == "OK");
  const auto refused = world.Approve("squatter");
  CHECK(Show(refused) == "ALREADY_EXISTS ORGANIZATION_CODE_TAKEN");
  CHECK(ErrorMetadataValue(refused.status(), "organization_code") ==
        first.registrant().organization_code().value());
  CHECK(std::string(refused.status().message()).find("pumps") == std::string::npos);
}

TEST_CASE("a registrant is whole to itself, its applicant and the bureau, and public to others") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  world.MakeActive("valves");
  REQUIRE(Show(world.Create(world.ClaimOf("valves"), "registrants/valves", "gusu_valves",
                            Credential::REGISTRANT_ADMIN)) == "OK");
  v1::GetRegistrantRequest request;
  request.set_name("registrants/pumps");
  for (const std::string& bearer : {world.ClaimOf("pumps"), std::string(kBureau)}) {
    const auto shown = world.Read(&Registrar::GetRegistrant, bearer, request);
    REQUIRE(Show(shown) == "OK");
    CHECK(shown->contact().person() == "Person pumps");
  }
  const auto shown = world.Read(&Registrar::GetRegistrant, "gusu_valves", request);
  REQUIRE(Show(shown) == "OK");
  CHECK(shown->legal_name() == "Company pumps");
  CHECK(shown->state() == v1::Registrant::ACTIVE);
  CHECK_FALSE(shown->has_contact());
  CHECK(Show(world.Read(&Registrar::GetRegistrant, world.ClaimOf("valves"), request)) ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  // Who applies is nobody else's business: as if there were no such registrant.
  REQUIRE(Show(world.Apply(world.ApplicationOf("pending"))) == "OK");
  for (const char* name : {"registrants/pending", "registrants/absent"}) {
    v1::GetRegistrantRequest other;
    other.set_name(name);
    CHECK(Show(world.Read(&Registrar::GetRegistrant, "gusu_valves", other)) ==
          "NOT_FOUND REGISTRANT_NOT_FOUND");
  }
  CHECK(Show(world.Read(&Registrar::GetRegistrant, "", request)) ==
        "UNAUTHENTICATED CREDENTIAL_MISSING");
  request.set_name("registrants/absent");
  CHECK(Show(world.Read(&Registrar::GetRegistrant, kBureau, request)) ==
        "NOT_FOUND REGISTRANT_NOT_FOUND");
}

TEST_CASE("registrants are listed in the order of names, in pages, by state") {
  RegistrarWorld world;
  for (const char* id : {"c", "a", "d", "b"}) {
    REQUIRE(Show(world.Apply(world.ApplicationOf(id))) == "OK");
  }
  REQUIRE(Show(world.Approve("b")) == "OK");
  v1::ListRegistrantsRequest request;
  request.set_page_size(2);
  std::vector<std::vector<std::string>> pages;
  do {
    const auto page = world.Read(&Registrar::ListRegistrants, kBureau, request);
    REQUIRE(Show(page) == "OK");
    pages.emplace_back();
    for (const auto& registrant : page->registrants()) pages.back().push_back(registrant.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(pages == std::vector<std::vector<std::string>>{{"registrants/a", "registrants/b"},
                                                       {"registrants/c", "registrants/d"}});
  request.Clear();
  request.set_state(v1::Registrant::ACTIVE);
  const auto active = world.Read(&Registrar::ListRegistrants, kBureau, request);
  REQUIRE(Show(active) == "OK");
  REQUIRE(active->registrants_size() == 1);
  CHECK(active->registrants(0).name() == "registrants/b");
  request.set_page_token("not a token");
  CHECK(Show(world.Read(&Registrar::ListRegistrants, kBureau, request)) ==
        "INVALID_ARGUMENT PAGE_TOKEN_INVALID");
}

TEST_CASE("a prefix is granted below the node's to an active registrant, and again is the same") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  v1::GrantPrefixRequest request;
  request.set_prefix("88.118.8");
  request.set_holder("registrants/pumps");
  request.set_quota(1000);
  request.mutable_suffix_policy()->set_characters_max(20);
  request.mutable_suffix_policy()->set_check_scheme(v1::SuffixPolicy::MOD37_36);
  request.set_reason("application 7");
  const auto granted = world.Write(&Registrar::GrantPrefix, kBureau, request);
  REQUIRE(Show(granted) == "OK");
  const v1::Prefix& prefix = granted->prefix();
  CHECK(prefix.name() == "prefixes/88.118.8");
  CHECK(prefix.holder() == "registrants/pumps");
  CHECK(prefix.quota() == 1000);
  CHECK(prefix.suffix_policy().characters_max() == 20);
  CHECK(prefix.suffix_policy().check_scheme() == v1::SuffixPolicy::MOD37_36);
  CHECK(prefix.state() == v1::Prefix::ACTIVE);
  const Change change = world.ChangeAt(granted->receipt().leaf_index());
  CHECK(change.operation == Operation::kGrantPrefix);
  CHECK(change.registrant == "pumps");
  CHECK(change.reason == "application 7");
  CHECK(change.sequence == 1);
  CHECK(world.Write(&Registrar::GrantPrefix, kBureau, request)->SerializeAsString() ==
        granted->SerializeAsString());
  request.set_quota(1001);
  CHECK(Show(world.Write(&Registrar::GrantPrefix, kBureau, request)) ==
        "ALREADY_EXISTS PREFIX_TAKEN");
}

TEST_CASE("a prefix is not granted outside the node's, twice, or to who cannot hold one") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  world.MakeActive("valves");
  REQUIRE(Show(world.Apply(world.ApplicationOf("pending"))) == "OK");
  auto partner = world.ApplicationOf("partner");
  partner.mutable_registrant()->set_kind(v1::Registrant::PARTNER);
  REQUIRE(Show(world.Apply(partner)) == "OK");
  REQUIRE(Show(world.Approve("partner")) == "OK");
  REQUIRE(Show(world.Grant("88.118.a", "pumps")) == "OK");

  CHECK(Show(world.Grant("88.118", "pumps")) == "FAILED_PRECONDITION PREFIX_OUTSIDE_NODE");
  CHECK(Show(world.Grant("88.1189", "pumps")) == "FAILED_PRECONDITION PREFIX_OUTSIDE_NODE");
  CHECK(Show(world.Grant("86.1.2", "pumps")) == "FAILED_PRECONDITION PREFIX_OUTSIDE_NODE");
  CHECK(Show(world.Grant("88.118..2", "pumps")) == "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  CHECK(Show(world.Grant("88.118.1", "absent")) == "NOT_FOUND REGISTRANT_NOT_FOUND");
  CHECK(Show(world.Grant("88.118.1", "pending")) == "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  CHECK(Show(world.Grant("88.118.1", "partner")) == "FAILED_PRECONDITION REGISTRANT_IS_PARTNER");
  // One prefix, however it is written.
  const auto taken = world.Grant("88.118.A", "valves");
  CHECK(Show(taken) == "ALREADY_EXISTS PREFIX_TAKEN");
  CHECK(ErrorMetadataValue(taken.status(), "taken") == "88.118.a");
}

TEST_CASE("below and above another registrant's prefix none is granted; among one's own it is") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  world.MakeActive("valves");
  REQUIRE(Show(world.Grant("88.118.8", "pumps")) == "OK");
  const auto below = world.Grant("88.118.8.1.2", "valves");
  CHECK(Show(below) == "ALREADY_EXISTS PREFIX_TAKEN");
  CHECK(ErrorMetadataValue(below.status(), "taken") == "88.118.8");
  CHECK(Show(world.Grant("88.118.8.1.2", "pumps")) == "OK");
  CHECK(Show(world.Grant("88.118.8.1", "pumps")) == "OK");
  CHECK(Show(world.Grant("88.118.80", "valves")) == "OK");

  REQUIRE(Show(world.Grant("88.118.9.5", "pumps")) == "OK");
  const auto above = world.Grant("88.118.9", "valves");
  CHECK(Show(above) == "ALREADY_EXISTS PREFIX_TAKEN");
  CHECK(ErrorMetadataValue(above.status(), "taken") == "88.118.9.5");
  CHECK(Show(world.Grant("88.118.9", "pumps")) == "OK");
}

TEST_CASE("a registrant lists its own prefixes, the bureau all of them") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  world.MakeActive("valves");
  REQUIRE(Show(world.Grant("88.118.8", "pumps")) == "OK");
  REQUIRE(Show(world.Grant("88.118.9", "valves")) == "OK");
  REQUIRE(Show(world.Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_pumps",
                            Credential::READER)) == "OK");
  const auto list = [&](const std::string& bearer, const std::string& holder) {
    v1::ListPrefixesRequest request;
    request.set_holder(holder);
    const auto response = world.Read(&Registrar::ListPrefixes, bearer, request);
    if (!response.ok()) return Show(response);
    std::string names;
    for (const auto& prefix : response->prefixes()) names += prefix.prefix() + " ";
    return names;
  };
  CHECK(list("gusu_pumps", "") == "88.118.8 ");
  CHECK(list("gusu_pumps", "registrants/pumps") == "88.118.8 ");
  CHECK(list("gusu_pumps", "registrants/valves") == "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  CHECK(list(kBureau, "") == "88.118.8 88.118.9 ");
  CHECK(list(kBureau, "registrants/valves") == "88.118.9 ");

  v1::GetPrefixRequest request;
  request.set_name("prefixes/88.118.8");
  CHECK(world.Read(&Registrar::GetPrefix, "gusu_pumps", request)->holder() == "registrants/pumps");
  request.set_name("prefixes/88.118.7");
  CHECK(Show(world.Read(&Registrar::GetPrefix, "gusu_pumps", request)) ==
        "NOT_FOUND PREFIX_NOT_FOUND");
}

}  // namespace
}  // namespace gusu::server
