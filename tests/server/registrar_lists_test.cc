// Lists of registrants and prefixes, and their filters.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "server/registrar.h"
#include "tests/random.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
using v1::Registrant;

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

v1::ApplyRegistrantRequest Application(const std::string& id, const std::string& name,
                                       const std::string& district, const std::string& industry) {
  auto request = RegistrarWorld::ApplicationOf(id);
  request.mutable_registrant()->set_legal_name(name);
  request.mutable_registrant()->set_english_name("The " + id);
  request.mutable_registrant()->set_district(district);
  request.mutable_registrant()->set_industry_class(industry);
  return request;
}

TEST_CASE("registrants are listed by each of their properties, and by all of them together") {
  RegistrarWorld world;
  REQUIRE(Show(world.Apply(Application("a", "苏州水泵", "320505", "C3441"))) == "OK");
  REQUIRE(Show(world.Apply(Application("b", "苏州阀门", "320506", "C3443"))) == "OK");
  REQUIRE(Show(world.Apply(Application("c", "Wuxi Pumps", "320205", "C3512"))) == "OK");
  auto partner = Application("d", "Pump Users", "110101", "F5171");
  partner.mutable_registrant()->set_kind(Registrant::PARTNER);
  REQUIRE(Show(world.Apply(partner)) == "OK");
  REQUIRE(Show(world.Approve("b")) == "OK");
  REQUIRE(Show(world.Approve("d")) == "OK");
  REQUIRE(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, "registrants/d")) == "OK");

  const auto list = [&](const std::function<void(v1::ListRegistrantsRequest&)>& filter) {
    v1::ListRegistrantsRequest request;
    request.set_page_size(1);
    filter(request);
    return world.List(request);
  };
  using Request = v1::ListRegistrantsRequest;
  CHECK(list([](Request&) {}) == "a b c d ");
  CHECK(list([](Request& r) { r.set_state(Registrant::PENDING); }) == "a c ");
  CHECK(list([](Request& r) { r.set_state(Registrant::ACTIVE); }) == "b ");
  CHECK(list([](Request& r) { r.set_state(Registrant::SUSPENDED); }) == "d ");
  CHECK(list([](Request& r) { r.set_state(Registrant::CLOSED); }) == "");
  CHECK(list([](Request& r) { r.set_kind(Registrant::PARTNER); }) == "d ");
  CHECK(list([](Request& r) { r.set_kind(Registrant::ENTERPRISE); }) == "a b c ");
  CHECK(list([](Request& r) { r.set_district("3205"); }) == "a b ");
  CHECK(list([](Request& r) { r.set_district("32"); }) == "a b c ");
  CHECK(list([](Request& r) { r.set_district("320506"); }) == "b ");
  CHECK(list([](Request& r) { r.set_industry_class("C"); }) == "a b c ");
  CHECK(list([](Request& r) { r.set_industry_class("c34"); }) == "a b ");
  CHECK(list([](Request& r) { r.set_industry_class("C3443"); }) == "b ");
  CHECK(list([](Request& r) { r.set_name_contains("水泵"); }) == "a ");
  CHECK(list([](Request& r) { r.set_name_contains("PUMP"); }) == "c d ");
  CHECK(list([](Request& r) { r.set_name_contains("the B"); }) == "b ");
  CHECK(list([](Request& r) {
          r.set_state(Registrant::PENDING), r.set_district("3205"), r.set_industry_class("C34");
        }) == "a ");
  CHECK(list([](Request& r) { r.set_has_amendment(true); }) == "");

  // What changes moves between the lists.
  auto admin = world.Create(world.ClaimOf("b"), "registrants/b", world.AdminOf("b"),
                            v1::Credential::REGISTRANT_ADMIN);
  REQUIRE(Show(admin) == "OK");
  v1::UpdateRegistrantRequest amend;
  amend.set_name("registrants/b");
  *amend.mutable_registrant() = Application("b", "苏州阀门", "320205", "C3512").registrant();
  REQUIRE(Show(world.Write(&Registrar::UpdateRegistrant, world.AdminOf("b"), amend)) == "OK");
  CHECK(list([](Request& r) { r.set_has_amendment(true); }) == "b ");
  CHECK(list([](Request& r) { r.set_district("320506"); }) == "b ");
  REQUIRE(Show(world.Approve("b")) == "OK");
  CHECK(list([](Request& r) { r.set_has_amendment(true); }) == "");
  CHECK(list([](Request& r) { r.set_district("320506"); }) == "");
  CHECK(list([](Request& r) { r.set_district("320205"); }) == "b c ");
  CHECK(list([](Request& r) { r.set_industry_class("C3512"); }) == "b c ");
}

TEST_CASE("filters that nothing can fit are refused, naming the field") {
  RegistrarWorld world;
  v1::ListRegistrantsRequest request;
  std::string field;
  SECTION("a district of letters") { request.set_district("32o5"), field = "district"; }
  SECTION("a district of seven digits") { request.set_district("3205050"), field = "district"; }
  SECTION("a class of digits") { request.set_industry_class("34"), field = "industry_class"; }
  SECTION("a state that is none") {
    request.set_state(static_cast<Registrant::State>(99)), field = "state";
  }
  SECTION("a kind that is none") {
    request.set_kind(static_cast<Registrant::Kind>(99)), field = "kind";
  }
  SECTION("a long part of a name") {
    request.set_name_contains(std::string(101, 'x')), field = "name_contains";
  }
  SECTION("a part of a name that is not UTF-8") {
    request.set_name_contains("\xff"), field = "name_contains";
  }
  const auto refused = world.Read(&Registrar::ListRegistrants, kBureau, request);
  CHECK(Show(refused) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(ErrorMetadataValue(refused.status(), "field") == field);
}

TEST_CASE("a page's token is good for the same filters only") {
  RegistrarWorld world;
  for (const char* id : {"a", "b"}) REQUIRE(Show(world.Apply(world.ApplicationOf(id))) == "OK");
  v1::ListRegistrantsRequest request;
  request.set_page_size(1);
  request.set_state(Registrant::PENDING);
  const auto page = world.Read(&Registrar::ListRegistrants, kBureau, request);
  REQUIRE(Show(page) == "OK");
  REQUIRE_FALSE(page->next_page_token().empty());
  request.set_page_token(page->next_page_token());
  request.set_kind(Registrant::ENTERPRISE);
  CHECK(Show(world.Read(&Registrar::ListRegistrants, kBureau, request)) ==
        "INVALID_ARGUMENT PAGE_TOKEN_INVALID");
}

// What is listed is what a look at every registrant finds.
TEST_CASE("lists agree with a scan, whatever is changed and asked") {
  test::Random random("registrar lists");
  const auto pick = [&random](size_t count) { return static_cast<int>(random.Below(count)); };
  const std::vector<std::string> districts = {"320505", "320506", "320205", "110101"};
  const std::vector<std::string> industries = {"C3441", "C3443", "C35", "F"};
  RegistrarWorld world;
  std::vector<std::string> ids;
  for (int i = 0; i < 30; ++i) {
    std::string number = std::to_string(i);
    ids.push_back("r" + std::string(2 - number.size(), '0') + number);
    auto request = Application(ids.back(), "Name " + std::to_string(pick(5)), districts[pick(4)],
                               industries[pick(4)]);
    request.mutable_registrant()->set_kind(pick(4) == 0 ? Registrant::PARTNER
                                                        : Registrant::ENTERPRISE);
    REQUIRE(Show(world.Apply(request)) == "OK");
  }
  for (int i = 0; i < 60; ++i) {
    const std::string id = ids[pick(30)], name = "registrants/" + id;
    // Some of these are refused: what counts is what the lists then say.
    switch (pick(5)) {
      case 0:
        world.Approve(id).IgnoreError();
        break;
      case 1:
        world.Call(&Registrar::ReturnRegistrant, kBureau, name).IgnoreError();
        break;
      case 2:
        world.Call(&Registrar::SuspendRegistrant, kBureau, name).IgnoreError();
        break;
      case 3:
        world.Call(&Registrar::ActivateRegistrant, kBureau, name).IgnoreError();
        break;
      default:
        world.Call(&Registrar::CloseRegistrant, kBureau, name).IgnoreError();
        break;
    }
  }
  for (int i = 0; i < 60; ++i) {
    v1::ListRegistrantsRequest request;
    request.set_page_size(1 + pick(7));
    if (pick(2)) request.set_state(static_cast<Registrant::State>(1 + pick(6)));
    if (pick(2)) request.set_kind(static_cast<Registrant::Kind>(1 + pick(3)));
    if (pick(2)) request.set_district(districts[pick(4)].substr(0, 1 + pick(6)));
    if (pick(2)) request.set_industry_class(industries[pick(4)].substr(0, 1 + pick(5)));
    if (pick(3) == 0) request.set_name_contains("name " + std::to_string(pick(5)));
    std::string expected;
    for (const std::string& id : ids) {
      const Registrant registrant = world.Registrant(id);
      const auto begins = [](const std::string& text, const std::string& beginning) {
        return text.compare(0, beginning.size(), beginning) == 0;
      };
      const bool fits = (request.state() == 0 || request.state() == registrant.state()) &&
                        (request.kind() == 0 || request.kind() == registrant.kind()) &&
                        begins(registrant.district(), request.district()) &&
                        begins(registrant.industry_class(), request.industry_class()) &&
                        (request.name_contains().empty() ||
                         registrant.legal_name().substr(5) == request.name_contains().substr(5));
      if (fits) expected += id + " ";
    }
    CAPTURE(request.ShortDebugString());
    CHECK(world.List(request) == expected);
  }
}

TEST_CASE("prefixes are listed by holder, by state and below one that is held") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  world.MakeAdmin("valves");
  REQUIRE(Show(world.Grant("88.118.8", "pumps")) == "OK");
  REQUIRE(Show(world.Grant("88.118.80", "valves")) == "OK");
  REQUIRE(Show(world.Grant("88.118.9", "valves")) == "OK");
  v1::GrantPrefixRequest derived;
  derived.set_prefix("88.118.8.1");
  derived.set_holder("registrants/valves");
  REQUIRE(Show(world.Write(&Registrar::GrantPrefix, "gusu_pumps", derived)) == "OK");
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kBureau, "prefixes/88.118.9")) == "OK");
  REQUIRE(Show(world.Call(&Registrar::RetirePrefix, kBureau, "prefixes/88.118.80")) == "OK");

  const auto list = [&](const std::string& bearer, const std::string& holder,
                        const std::string& above, v1::Prefix::State state) {
    v1::ListPrefixesRequest request;
    request.set_page_size(1);
    request.set_holder(holder);
    request.set_above(above);
    request.set_state(state);
    return world.List(request, bearer);
  };
  const auto any = v1::Prefix::STATE_UNSPECIFIED;
  CHECK(list(kBureau, "", "", any) == "88.118.8 88.118.8.1 88.118.80 88.118.9 ");
  CHECK(list(kBureau, "", "", v1::Prefix::ACTIVE) == "88.118.8 88.118.8.1 ");
  CHECK(list(kBureau, "", "", v1::Prefix::SUSPENDED) == "88.118.9 ");
  CHECK(list(kBureau, "", "", v1::Prefix::RETIRED) == "88.118.80 ");
  CHECK(list(kBureau, "registrants/valves", "", any) == "88.118.8.1 88.118.80 88.118.9 ");
  CHECK(list(kBureau, "registrants/valves", "", v1::Prefix::ACTIVE) == "88.118.8.1 ");
  CHECK(list(kBureau, "", "prefixes/88.118", any) == "88.118.8 88.118.8.1 88.118.80 88.118.9 ");
  CHECK(list("gusu_valves", "", "", any) == "88.118.8.1 88.118.80 88.118.9 ");
  // What was derived from one's own, of whatever holder.
  CHECK(list("gusu_pumps", "", "prefixes/88.118.8", any) == "88.118.8.1 ");
  CHECK(list("gusu_pumps", "registrants/pumps", "prefixes/88.118.8", any) == "");
  CHECK(list("gusu_valves", "", "prefixes/88.118.8", any) == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(list("gusu_pumps", "", "88.118.8", any) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(list("gusu_pumps", "registrants/valves", "", any) ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT");
}

}  // namespace
}  // namespace gusu::server
