// Calls on templates, grants, groups and statistics: what a caller sets arrives, and what is
// answered is told.
#include <catch2/catch.hpp>

#include "gusu/json.h"
#include "tests/client/registrar_world.h"

namespace gusu::test {
namespace {

// The end of a change of a template, as text.
constexpr char kRest3[] = R"(etag: "e" request_id: "r" include_proof: true)";

TEST_CASE("a template arrives and is told with every field of its attributes") {
  RegistrarWorld world;
  Client& client = *world.client;
  Attribute attribute;
  attribute.index = 2003;
  attribute.name = "colour";
  attribute.type = AttributeType::kEnumeration;
  attribute.required = attribute.indexed = attribute.unique = attribute.disabled = true;
  attribute.default_tier = Tier::kPartner;
  attribute.unit = "u";
  attribute.choices = {"red", "blue"};
  attribute.english_name = "Colour";
  attribute.chinese_name = "c";
  const std::string text =
      R"(english_name: "E" chinese_name: "C" attributes { index: 2003 name: "colour" )"
      R"(type: ENUMERATION required: true indexed: true default_tier: PARTNER unit: "u" )"
      R"(choices: "red" choices: "blue" english_name: "Colour" chinese_name: "c" unique: true )"
      "disabled: true }";
  CreateTemplateRequest create;
  create.template_id = "88.118.8/META";
  create.definition.english_name = "E";
  create.definition.chinese_name = "C";
  create.definition.attributes = {attribute};
  REQUIRE(client.CreateTemplate(create).ok());
  CHECK(world.Asked() == "CreateTemplate template_id: \"88.118.8/META\" template { " + text + " }");
  UpdateTemplateRequest update{"templates/x", create.definition, "e", "r", std::nullopt, true};
  REQUIRE(client.UpdateTemplate(update).ok());
  CHECK(world.Asked() ==
        "UpdateTemplate name: \"templates/x\" template { " + text + " } " + kRest3);
  const std::string verb = R"( name: "templates/x" reason: "because" )" + std::string(kRest3);
  REQUIRE(client.PublishTemplate({"templates/x", "because", "e", "r", std::nullopt, true}).ok());
  CHECK(world.Asked() == "PublishTemplate" + verb);
  REQUIRE(client.WithdrawTemplate({"templates/x", "because", "e", "r", std::nullopt, true}).ok());
  CHECK(world.Asked() == "WithdrawTemplate" + verb);

  world.script.answer = "name: \"templates/x\" version: 3 " + text +
                        R"( state: WITHDRAWN owner: "registrants/a" etag: "e"
                        draft_attributes { index: 2004 name: "n" type: DOCUMENT })";
  const auto found = client.GetTemplate("templates/x", 3);
  REQUIRE(found.ok());
  CHECK(world.Asked() == "GetTemplate name: \"templates/x\" version: 3");
  CHECK(ToJson(*found) ==
        R"({"name":"templates/x","version":3,"state":"WITHDRAWN","owner":"registrants/a",)"
        R"("english_name":"E","chinese_name":"C","attributes":[{"index":2003,"name":"colour",)"
        R"("type":"ENUMERATION","required":true,"indexed":true,"unique":true,"disabled":true,)"
        R"("default_tier":"PARTNER","unit":"u","choices":["red","blue"],)"
        R"("english_name":"Colour","chinese_name":"c"}],)"
        R"("draft_attributes":[{"index":2004,"name":"n","type":"DOCUMENT"}],"etag":"e"})");
  world.script.answer = "";
  auto none = client.ListTemplates({"registrants/a", 2});
  CHECK(none.begin() == none.end());
  CHECK(world.Asked() == "ListTemplates page_size: 2 owner: \"registrants/a\"");
}

TEST_CASE("each grantee and each scope of a grant arrives as itself, and comes back as itself") {
  RegistrarWorld world;
  CreateGrantRequest request;
  request.parent = "registrants/a";
  request.grant.rights = {Tier::kPartner, {"note"}, true};
  request.grant.title = "order";
  request.grant.expire_time = ParseTimestamp("2027-01-01T00:00:00Z");
  const std::string rest =
      R"(rights { read_tier: PARTNER write_attributes: "note" append_events: true } )"
      R"(expire_time { seconds: 1798761600 } title: "order")";
  std::vector<std::pair<Grantee, std::string>> grantees(3);
  grantees[0].first.registrant = "registrants/b";
  grantees[0].second = R"(registrant: "registrants/b")";
  grantees[1].first.group = "registrants/a/groups/g";
  grantees[1].second = R"(group: "registrants/a/groups/g")";
  grantees[2].first.organization_code =
      OrganizationCode{OrganizationCodeScheme::kLei, "L", "authority"};
  grantees[2].second = R"(organization_code { scheme: LEI value: "L" authority: "authority" })";
  std::vector<std::pair<GrantScope, std::string>> scopes(5);
  scopes[0].first.prefix = "prefixes/88";
  scopes[0].second = R"(prefix: "prefixes/88")";
  scopes[1].first.identifier_beginning = "88/LOT-";
  scopes[1].second = R"(identifier_beginning: "88/LOT-")";
  scopes[2].first.prefix = "prefixes/88";
  scopes[2].first.template_name = "templates/product";
  scopes[2].second = R"(template_scope { prefix: "prefixes/88" template: "templates/product" })";
  scopes[3].first.identifiers = {"88/1", "88/2"};
  scopes[3].second = R"(identifiers { identifiers: "88/1" identifiers: "88/2" })";
  scopes[4].first.own_in_prefix = "prefixes/88";
  scopes[4].second = R"(own_in_prefix: "prefixes/88")";
  for (const auto& [grantee, grantee_text] : grantees) {
    for (const auto& [scope, scope_text] : scopes) {
      request.grant.grantee = grantee;
      request.grant.scope = scope;
      const std::string text = grantee_text + " " + scope_text + " " + rest;
      world.script.answer = "grant { " + text + " }";
      const auto answer = world.client->CreateGrant(request);
      REQUIRE(answer.ok());
      CHECK(world.Asked() == "CreateGrant parent: \"registrants/a\" grant { " + text + " }");
      CHECK(ToJson(answer->grant) == ToJson(request.grant));
    }
  }
}

TEST_CASE("a grant without exactly one grantee and one scope is refused before it is sent") {
  RegistrarWorld world;
  const auto refused = [&world](const Grant& grant) {
    const Status status = world.client->CreateGrant({"", grant, "", std::nullopt, false}).status();
    CHECK(world.script.asked.empty());
    CHECK(status.code == StatusCode::kInvalidArgument);
    CHECK(status.reason == "FIELD_INVALID");
    return status.metadata.at("field");
  };
  Grant grant;
  grant.scope.prefix = "prefixes/88";
  CHECK(refused(grant) == "grant.grantee");
  grant.grantee.registrant = "registrants/b";
  grant.grantee.group = "registrants/a/groups/g";
  CHECK(refused(grant) == "grant.grantee");
  grant.grantee.group.clear();
  grant.scope.own_in_prefix = "prefixes/88";
  CHECK(refused(grant) == "grant.scope");
  grant.scope = {};
  CHECK(refused(grant) == "grant.scope");
}

TEST_CASE("grants and groups are listed, revoked and set with every field") {
  RegistrarWorld world;
  Client& client = *world.client;
  world.script.answer = R"(grants { name: "registrants/a/grants/1" state: ENDED
      revoke_time { seconds: 1 } } next_page_token: "")";
  auto grants = client.ListGrants({"registrants/a", 5});
  CHECK(ToJson(grants.begin()->value()) == R"({"name":"registrants/a/grants/1","state":"ENDED",)"
                                           R"("revoke_time":"1970-01-01T00:00:01Z"})");
  CHECK(world.Asked() == "ListGrants parent: \"registrants/a\" page_size: 5");
  world.script.answer = "";
  REQUIRE(client.RevokeGrant({"registrants/a/grants/1", "because", "r", OnBehalfOf{"a", "w"}, true})
              .ok());
  CHECK(world.Asked() ==
        R"(RevokeGrant name: "registrants/a/grants/1" reason: "because" request_id: "r" )"
        R"(on_behalf_of { registrant: "a" reason: "w" } include_proof: true)");
  SetGroupRequest set;
  set.group = {"registrants/a/groups/g", "Dealers", {"registrants/b", "registrants/c"}, "e"};
  set.reason = "because";
  set.etag = "d";
  set.request_id = "r";
  world.script.answer = R"(group { name: "registrants/a/groups/g" title: "Dealers"
      members: "registrants/b" members: "registrants/c" etag: "e" })";
  const auto answer = client.SetGroup(set);
  REQUIRE(answer.ok());
  CHECK(ToJson(answer->group) == ToJson(set.group));
  CHECK(world.Asked() ==
        R"(SetGroup group { name: "registrants/a/groups/g" title: "Dealers" )"
        R"(members: "registrants/b" members: "registrants/c" } reason: "because" request_id: "r" )"
        R"(etag: "d")");
  world.script.answer = R"(groups { name: "g" })";
  auto groups = client.ListGroups({"registrants/a", 0});
  CHECK(groups.begin()->value().name == "g");
  CHECK(world.Asked() == "ListGroups parent: \"registrants/a\"");
}

TEST_CASE("counts of changes and of resolutions are told with every number") {
  RegistrarWorld world;
  const StatisticsRequest request{"prefixes/88", "2026-11-01", "2026-12-01", 9};
  const std::string asked =
      R"( parent: "prefixes/88" from_date: "2026-11-01" to_date: "2026-12-01" page_size: 9)";
  world.script.answer =
      R"(days { prefix: "prefixes/88" date: "2026-11-23" registrant: "registrants/a"
      district: "320594" industry_class: "C34" counts { created: 1 reserved: 2 changed: 3
      activated: 4 retired { reason: SCRAPPED count: 5 } retired { reason: OTHER count: 6 }
      range_codes_allocated: 7 range_codes_activated: 8 range_codes_released: 9
      reinstated: 10 } })";
  auto days = world.client->GetStatistics(request);
  CHECK(ToJson(days.begin()->value()) ==
        R"({"prefix":"prefixes/88","date":"2026-11-23","registrant":"registrants/a",)"
        R"("district":"320594","industry_class":"C34","counts":{"created":1,"reserved":2,)"
        R"("changed":3,"activated":4,"retired":{"SCRAPPED":5,"OTHER":6},"reinstated":10,)"
        R"("range_codes_allocated":7,"range_codes_activated":8,"range_codes_released":9}})");
  CHECK(world.Asked() == "GetStatistics" + asked);
  world.script.answer = R"(days { prefix: "prefixes/88" date: "2026-11-23" door: "GRPC" asked: 9
      answered: 8 never_issued: 1 latency_us_min: 5 latency_min_time { seconds: 1 }
      latency_us_mean: 7 latency_us_max: 90 latency_max_time { seconds: 2 }
      sources { address: "192.0.2.1" count: 6 } })";
  auto usage = world.client->ListUsage(request);
  CHECK(ToJson(usage.begin()->value()) ==
        R"({"prefix":"prefixes/88","date":"2026-11-23","door":"GRPC","asked":9,"answered":8,)"
        R"("never_issued":1,"latency_us_min":5,"latency_min_time":"1970-01-01T00:00:01Z",)"
        R"("latency_us_mean":7,"latency_us_max":90,"latency_max_time":"1970-01-01T00:00:02Z",)"
        R"("sources":[{"address":"192.0.2.1","count":6}]})");
  CHECK(world.Asked() == "ListUsage" + asked);
}

TEST_CASE("the registrar's enumerations of both sides have the same numbers and names") {
  for (int i = 1; i < 4; ++i) {
    CHECK(ToText(static_cast<LocationDatum>(i)) ==
          v1::Location::Datum_Name(static_cast<v1::Location::Datum>(i)));
    CHECK(ToText(static_cast<TemplateState>(i)) ==
          v1::Template::State_Name(static_cast<v1::Template::State>(i)));
  }
  for (int i = 1; i < 3; ++i) {
    CHECK(ToText(static_cast<AmendmentState>(i)) ==
          v1::Amendment::State_Name(static_cast<v1::Amendment::State>(i)));
    CHECK(ToText(static_cast<Disclosure>(i)) ==
          v1::Prefix::Disclosure_Name(static_cast<v1::Prefix::Disclosure>(i)));
  }
  for (int i = 1; i < 5; ++i) {
    CHECK(ToText(static_cast<SiteProtocol>(i)) ==
          v1::Site::Protocol_Name(static_cast<v1::Site::Protocol>(i)));
    CHECK(ToText(static_cast<GrantState>(i)) ==
          v1::Grant::State_Name(static_cast<v1::Grant::State>(i)));
  }
  CHECK(ToText(AttributeType::kDocument) ==
        v1::Template::AttributeType_Name(v1::Template::DOCUMENT));
  CHECK(FromText<SiteProtocol>("handle-udp") == SiteProtocol::kHandleUdp);
  CHECK_FALSE(FromText<TemplateState>("drafty"));
}

}  // namespace
}  // namespace gusu::test
