// Records of registrants' templates: what is checked of them, in each version.
#include <catch2/catch.hpp>
#include <string>

#include "proto/text.h"
#include "server/attribute_text.h"
#include "server/document_text.h"
#include "server/template.h"
#include "tests/server/templates_world.h"

namespace gusu::server {
namespace {

constexpr const char* kName = "name: 'templates/88.118.8%2FPUMP'";

std::string Pump(const std::string& suffix, const std::string& values) {
  return Concat("identifier: '88.118.8/", suffix, "' template: '88.118.8/pump' ", values);
}

std::string Value(const std::string& type, const std::string& data) {
  return Concat("values { type: '", type, "' data: '", data, "' } ");
}

TEST_CASE("a record of a registrant's template is checked against it") {
  TemplatesWorld world;
  world.MakePump(
      "attributes { name: 'power' type: DECIMAL unit: 'kW' required: true } attributes { name: "
      "'gasket' type: ENUMERATION choices: 'EPDM' choices: 'FKM' default_tier: OWNER }");
  CHECK(world.Register(Pump("1", Value("power", "1.5") + Value("gasket", "FKM"))) ==
        "CREATED 88.118.8/1 leaf 2 etag 2");
  CHECK(world.Stored("88.118.8/1") ==
        "88.118.8/1 ITEM ACTIVE 88.118.8/PUMP 1 2000:power=1.5 2001:gasket=FKM(OWNER) by "
        "registrants/sz-pumps leaf 2");
  const auto violated = [](const char* attribute, const char* value) {
    return Concat("INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=", attribute,
                  " template=88.118.8/PUMP value=", value);
  };
  CHECK(world.Register(Pump("2", Value("power", "much"))).find("TEMPLATE_VIOLATED") !=
        std::string::npos);
  CHECK(world.Register(Pump("2", Value("gasket", "FKM"))) == violated("power", ""));
  CHECK(world.Register(Pump("2", Value("power", "1") + Value("gasket", "NBR")))
            .find("TEMPLATE_VIOLATED") != std::string::npos);
  CHECK(world.Leaves() == 3);
}

TEST_CASE("nothing is registered with a template that is not published") {
  TemplatesWorld world;
  const std::string power = "template { attributes { name: 'power' type: DECIMAL } }";
  REQUIRE(world.Create(Concat("template_id: '88.118.8/PUMP' ", power)).starts_with("DRAFT"));
  CHECK(world.Register(Pump("1", Value("power", "1"))) ==
        "FAILED_PRECONDITION TEMPLATE_NOT_PUBLISHED state=not published template=88.118.8/PUMP");
  // Others do not learn that it is there.
  CHECK(world.RegisterAs(world.Writer("sz-valves"),
                         "row { identifier: '88.118.9/1' template: '88.118.8/PUMP' }") ==
        "NOT_FOUND TEMPLATE_NOT_FOUND template=88.118.8/PUMP");
  REQUIRE(world.Publish(kName).starts_with("PUBLISHED 1"));
  REQUIRE(world.Register(Pump("1", Value("power", "1"))).starts_with("CREATED"));
  CHECK(world
            .RegisterAs(world.Writer("sz-valves"),
                        "row { identifier: '88.118.9/1' template: '88.118.8/PUMP' }")
            .starts_with("CREATED"));
  REQUIRE(world.Withdraw(Concat(kName, " reason: 'replaced'")).starts_with("WITHDRAWN"));
  CHECK(world.Register(Pump("2", Value("power", "1"))) ==
        "FAILED_PRECONDITION TEMPLATE_NOT_PUBLISHED state=withdrawn template=88.118.8/PUMP");
  // Records that have it keep it, and are checked against it.
  CHECK(
      world.Change(&Registry::UpdateRecord, "name: '88.118.8/1' values { type: 'power' data: 'x' }")
          .find("TEMPLATE_VIOLATED") != std::string::npos);
  CHECK(
      world.Change(&Registry::UpdateRecord, "name: '88.118.8/1' values { type: 'power' data: '2' }")
          .starts_with("88.118.8/1 ITEM ACTIVE 88.118.8/PUMP 1 2000:power=2"));
}

TEST_CASE("a registration rests on the version of the template that it was checked against") {
  TemplatesWorld world;
  world.MakePump("attributes { name: 'power' type: DECIMAL }");
  REQUIRE(world.Register(Pump("1", "")).starts_with("CREATED"));
  const auto found = FindTemplate(world.View()->directory(), "templates/88.118.8%2Fpump");
  REQUIRE(found != nullptr);
  CHECK(found->revision == world.View()->directory().FindTemplate("88.118.8/PUMP")->revision);
  // Parsed once for each revision.
  CHECK(found == FindTemplate(world.View()->directory(), "88.118.8/PUMP"));
  REQUIRE(world.Withdraw(Concat(kName, " reason: 'r'")).starts_with("WITHDRAWN"));
  const auto withdrawn = FindTemplate(world.View()->directory(), "88.118.8/PUMP");
  REQUIRE(withdrawn != nullptr);
  CHECK(withdrawn->state == TemplateState::kWithdrawn);
  CHECK(found->state == TemplateState::kPublished);
}

TEST_CASE("a record keeps its template's version until it has what the next one requires") {
  TemplatesWorld world;
  world.MakePump("attributes { name: 'power' type: DECIMAL required: true }");
  REQUIRE(world.Register(Pump("1", Value("power", "1"))).starts_with("CREATED"));
  REQUIRE(world
              .Update(Concat(kName,
                             " template { attributes { name: 'power' type: DECIMAL required: true "
                             "} attributes { name: 'plate' type: STRING required: true } }"))
              .find('|') != std::string::npos);
  REQUIRE(world.Publish(kName).starts_with("PUBLISHED 2"));
  const auto modify = [&world](const std::string& what) {
    return world.Change(&Registry::ModifyValues, Concat("name: '88.118.8/1' ", what));
  };
  CHECK(modify("modify { index: 2000 data: '2' }")
            .starts_with("88.118.8/1 ITEM ACTIVE 88.118.8/PUMP 1 2000:power=2"));
  CHECK(modify("remove_indexes: 2000") ==
        "INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=power template=88.118.8/PUMP value=");
  CHECK(modify("add { type: 'plate' data: 'A-1' }")
            .starts_with("88.118.8/1 ITEM ACTIVE 88.118.8/PUMP 2 2000:power=2 2001:plate=A-1"));
  CHECK(modify("remove_indexes: 2001") ==
        "INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=plate template=88.118.8/PUMP value=");
}

TEST_CASE("a disabled attribute keeps its values and takes no new ones") {
  TemplatesWorld world;
  world.MakePump(
      "attributes { name: 'power' type: DECIMAL } attributes { name: 'old' type: STRING }");
  REQUIRE(
      world.Register(Pump("1", Value("power", "1") + Value("old", "x"))).starts_with("CREATED"));
  REQUIRE(world
              .Update(Concat(kName,
                             " template { attributes { name: 'power' type: DECIMAL } attributes { "
                             "name: 'old' type: STRING disabled: true } }"))
              .find('|') != std::string::npos);
  REQUIRE(world.Publish(kName).starts_with("PUBLISHED 2"));
  const auto update = [&world](const std::string& values) {
    return world.Change(&Registry::UpdateRecord, Concat("name: '88.118.8/1' ", values));
  };
  CHECK(update(Value("power", "2") + Value("old", "x"))
            .starts_with("88.118.8/1 ITEM ACTIVE 88.118.8/PUMP 2 2000:power=2 2001:old=x"));
  const std::string refused =
      "INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=old template=88.118.8/PUMP value=y";
  CHECK(update(Value("power", "2") + Value("old", "y")) == refused);
  CHECK(world.Register(Pump("2", Value("power", "2") + Value("old", "y"))) == refused);
}

TEST_CASE("a registration that is repeated after a publication is the same one") {
  TemplatesWorld world;
  world.MakePump("attributes { name: 'power' type: DECIMAL }");
  REQUIRE(world.Register(Pump("1", Value("power", "1"))).starts_with("CREATED"));
  REQUIRE(world.Withdraw(Concat(kName, " reason: 'r'")).starts_with("WITHDRAWN"));
  REQUIRE(world.Publish(kName).starts_with("PUBLISHED 2"));
  CHECK(world.Register(Pump("1", Value("power", "1"))).starts_with("UNCHANGED 88.118.8/1 leaf 2"));
  // Also when nobody could register it any more.
  REQUIRE(world.Withdraw(Concat(kName, " reason: 'r'")).starts_with("WITHDRAWN"));
  CHECK(world.Register(Pump("1", Value("power", "1"))).starts_with("UNCHANGED 88.118.8/1 leaf 2"));
  CHECK(world.Register(Pump("1", Value("power", "2")))
            .starts_with("ALREADY_EXISTS IDENTIFIER_TAKEN fields=power"));
}

TEST_CASE("a document names its file and pins its content") {
  const std::string sha256(64, 'a');
  const auto with = [&](const std::string& more) {
    return FaultOfDocument(
        Concat("{\"url\":\"https://example.com/a.pdf\",\"sha256\":\"", sha256, "\"", more, "}"));
  };
  CHECK(with("") == "");
  CHECK(
      with(
          ",\"media_type\":\"application/pdf\",\"title\":\"证书\",\"expires_on\":\"2027-01-31\"") ==
      "");
  CHECK(with(",\"media_type\":\"pdf\"") == "has a media_type that is none");
  CHECK(with(",\"expires_on\":\"2027-02-30\"") == "has an expires_on that is not YYYY-MM-DD");
  CHECK(with(",\"title\":\"\"") == "has a title of not 1 to 255 characters");
  CHECK(with(",\"size\":\"1\"") == "has a member size, which no document has");
  CHECK(with(",\"title\":7") == "has a title that is not text");
  CHECK(with(",\"url\":\"https://example.com/b.pdf\"") == "has url twice");
  CHECK(FaultOfDocument("{\"url\":\"https://example.com/a.pdf\"}") == "has no sha256");
  CHECK(FaultOfDocument("{\"sha256\":\"" + sha256 + "\"}") == "has no url");
  CHECK(FaultOfDocument("{\"sha256\":\"" + sha256.substr(1) + "\"}") ==
        "has a sha256 that is not 64 hex digits");
  CHECK(FaultOfDocument("{\"url\":\"ftp://example.com/\"}") ==
        "has a url that is no http or https URL");
  CHECK(FaultOfDocument("[]") == "is not a JSON object");
  CHECK(FaultOfDocument("{url: 'https://example.com/'}") == "is not a JSON object");
  CHECK(FaultOfDocument(std::string(2000, '[')) == "is not a JSON object");
  Attribute attribute;
  attribute.type = AttributeType::kDocument;
  CHECK(FaultOfAttributeText(attribute, "{}") == "has no url");
}

TEST_CASE("an enumeration takes its choices only") {
  Attribute attribute;
  attribute.type = AttributeType::kEnumeration;
  attribute.choices = {"EPDM", "FKM"};
  CHECK(FaultOfAttributeText(attribute, "FKM") == "");
  CHECK(FaultOfAttributeText(attribute, "fkm") == "is none of its choices: EPDM, FKM");
}

}  // namespace
}  // namespace gusu::server
