// Templates of registrants: how they are made, and who sees what of them.
#include "server/templates/templates.h"

#include <catch2/catch.hpp>
#include <string>

#include "proto/text.h"
#include "server/template.h"
#include "server/templates/template_draft.h"
#include "tests/server/templates_world.h"

namespace gusu::server {
namespace {

constexpr const char* kName = "name: 'templates/88.118.8%2FPUMP'";
constexpr const char* kPower = "attributes { name: 'power' type: DECIMAL unit: 'kW' }";

std::string PumpWith(const std::string& attributes) {
  return Concat("template_id: '88.118.8/PUMP' template { ", attributes, " }");
}

std::string PumpTo(const std::string& attributes) {
  return Concat(kName, " template { ", attributes, " }");
}

TEST_CASE("a template is a draft until it is published, and its versions stay readable") {
  TemplatesWorld world;
  const Caller nobody = TemplatesWorld::WithRole(Role::kAnonymous);
  CHECK(world.Create(PumpWith("english_name: 'Pump' chinese_name: '泵' attributes { name: 'power' "
                              "type: DECIMAL unit: 'kW' required: true } attributes { name: "
                              "'gasket' type: ENUMERATION choices: 'EPDM' choices: 'FKM' }")) ==
        "DRAFT 0 | 2000:power DECIMAL kW! 2001:gasket ENUMERATION/EPDM/FKM");
  CHECK(world.Publish(kName) ==
        "PUBLISHED 1 2000:power DECIMAL kW! 2001:gasket ENUMERATION/EPDM/FKM");
  CHECK(world.Update(PumpTo("english_name: 'Pump' attributes { name: 'power' type: DECIMAL unit: "
                            "'kW' } attributes { index: 2001 name: 'gasket' type: ENUMERATION "
                            "choices: 'EPDM' choices: 'FKM' choices: 'NBR' disabled: true } "
                            "attributes { name: 'plate' type: STRING unique: true }")) ==
        "PUBLISHED 1 2000:power DECIMAL kW! 2001:gasket ENUMERATION/EPDM/FKM | 2000:power DECIMAL "
        "kW 2001:gasket ENUMERATION/EPDM/FKM/NBR- 2002:plate STRING#=");
  // The draft is not for everybody.
  CHECK(world.Get(kName, nobody) ==
        "PUBLISHED 1 2000:power DECIMAL kW! 2001:gasket ENUMERATION/EPDM/FKM");
  CHECK(world.Publish(kName) ==
        "PUBLISHED 2 2000:power DECIMAL kW 2001:gasket ENUMERATION/EPDM/FKM/NBR- 2002:plate "
        "STRING#=");
  CHECK(world.Get(Concat(kName, " version: 1"), nobody) ==
        "PUBLISHED 1 2000:power DECIMAL kW! 2001:gasket ENUMERATION/EPDM/FKM");
  CHECK(world.Get(Concat(kName, " version: 3"), nobody) ==
        "NOT_FOUND TEMPLATE_VERSION_NOT_FOUND template=templates/88.118.8%2FPUMP version=3");
  CHECK(world.Get("name: 'templates/product' version: 2", nobody) ==
        "NOT_FOUND TEMPLATE_VERSION_NOT_FOUND template=templates/product version=2");
}

TEST_CASE("each change of a template is a leaf with its actor and its content") {
  TemplatesWorld world;
  const auto created =
      world.Call(&Templates::CreateTemplate, PumpWith(kPower), world.Admin("sz-pumps"));
  REQUIRE(created.ok());
  CHECK(world.Leaves() == 1);
  const Change change = *world.View()->ReadChange(created->receipt().leaf_index());
  CHECK(change.operation == Operation::kCreateTemplate);
  CHECK(change.resource == "templates/88.118.8%2FPUMP");
  CHECK(change.registrant == "sz-pumps");
  CHECK(change.actor == "registrants/sz-pumps");
  CHECK(change.credential == "c1");
  REQUIRE(change.commitments.size() == 1);
  CHECK(change.commitments[0].label == "BODY");
  CHECK(created->template_().owner() == "registrants/sz-pumps");
  CHECK(created->template_().create_time().seconds() == 1'767'225'600);
  CHECK_FALSE(created->template_().etag().empty());

  REQUIRE(world.Publish(Concat(kName, " reason: 'first series'")).starts_with("PUBLISHED 1"));
  const Change published = *world.View()->ReadChange(created->receipt().leaf_index() + 1);
  CHECK(published.operation == Operation::kPublishTemplate);
  CHECK(published.reason == "first series");
  CHECK(published.previous_leaf_count == created->receipt().leaf_index() + 1);
}

TEST_CASE("what was published of a template stays") {
  TemplatesWorld world;
  world.MakePump(
      "attributes { name: 'power' type: DECIMAL unit: 'kW' } attributes { name: 'gasket' type: "
      "ENUMERATION choices: 'EPDM' choices: 'FKM' } attributes { name: 'lot' type: STRING indexed: "
      "true }");
  const std::string power = "attributes { name: 'power' type: DECIMAL unit: 'kW' } ";
  const std::string gasket =
      "attributes { name: 'gasket' type: ENUMERATION choices: 'EPDM' choices: 'FKM' } ";
  const std::string lot = "attributes { name: 'lot' type: STRING indexed: true } ";
  const auto fixed = [](const char* name, int index, const char* field) {
    return Concat("FAILED_PRECONDITION TEMPLATE_ATTRIBUTE_FIXED attribute=", name, " field=", field,
                  " index=", index, " template=88.118.8/PUMP");
  };
  CHECK(world.Update(PumpTo(power + gasket)) == fixed("lot", 2002, "attributes"));
  CHECK(world.Update(
            PumpTo(gasket + lot + "attributes { name: 'power' type: INTEGER unit: 'kW' }")) ==
        fixed("power", 2000, "type"));
  CHECK(
      world.Update(PumpTo(gasket + lot + "attributes { name: 'power' type: DECIMAL unit: 'W' }")) ==
      fixed("power", 2000, "unit"));
  CHECK(world.Update(PumpTo(gasket + lot +
                            "attributes { index: 2000 name: 'force' type: DECIMAL unit: 'kW' }")) ==
        fixed("power", 2000, "name"));
  CHECK(world.Update(PumpTo(power + lot +
                            "attributes { name: 'gasket' type: ENUMERATION choices: 'EPDM' }")) ==
        fixed("gasket", 2001, "choices"));
  CHECK(world.Update(PumpTo(power + gasket + "attributes { name: 'lot' type: STRING }")) ==
        fixed("lot", 2002, "indexed"));
  CHECK(
      world.Update(PumpTo(power + gasket +
                          "attributes { name: 'lot' type: STRING indexed: true unique: true }")) ==
      fixed("lot", 2002, "unique"));
  CHECK(world.Leaves() == 2);
  // The same again is no draft, and no change.
  CHECK(world.Update(PumpTo(power + gasket + lot)).find('|') == std::string::npos);
  CHECK(world.Leaves() == 2);
}

TEST_CASE("a template that lacks or misstates something names the field") {
  TemplatesWorld world;
  const auto refused = [&world](const std::string& attributes) {
    return world.Create(PumpWith(attributes));
  };
  const auto invalid = [](const std::string& field, const std::string& value) {
    return Concat("INVALID_ARGUMENT FIELD_INVALID field=template.", field, " value=", value);
  };
  CHECK(refused("") == "INVALID_ARGUMENT FIELD_MISSING field=template.attributes");
  CHECK(refused("attributes { name: 'Power' type: STRING }") ==
        invalid("attributes[0].name", "Power"));
  // A look-alike: the first letter is Cyrillic.
  CHECK(refused("attributes { name: 'рower' type: STRING }") ==
        invalid("attributes[0].name", "рower"));
  CHECK(refused("attributes { name: 'power' }") == invalid("attributes[0].type", "0"));
  CHECK(refused("attributes { name: 'power' type: DECIMAL index: 7 }") ==
        invalid("attributes[0].index", "7"));
  CHECK(refused("attributes { name: 'power' type: STRING unit: 'kW' }") ==
        invalid("attributes[0].unit", "kW"));
  CHECK(refused("attributes { name: 'gasket' type: ENUMERATION }") ==
        invalid("attributes[0].choices", "0"));
  CHECK(refused("attributes { name: 'gasket' type: ENUMERATION choices: 'a' choices: 'a' }") ==
        invalid("attributes[0].choices", "a"));
  CHECK(refused("attributes { name: 'power' type: STRING choices: 'a' }") ==
        invalid("attributes[0].choices", "1"));
  CHECK(refused("attributes { name: 'proof' type: DOCUMENT indexed: true }") ==
        invalid("attributes[0].indexed", "true"));
  CHECK(refused("attributes { name: 'a' type: STRING required: true disabled: true }") ==
        invalid("attributes[0].disabled", "true"));
  CHECK(refused("attributes { name: 'a' type: STRING } attributes { name: 'a' type: DATE }") ==
        invalid("attributes[1].name", "a"));
  CHECK(refused("attributes { name: 'a' type: STRING index: 2005 } attributes { name: 'b' type: "
                "DATE index: 2005 }") == invalid("attributes[1].index", "2005"));
  CHECK(refused("english_name: '\\xC0\\xAF' attributes { name: 'a' type: STRING }")
            .starts_with("INVALID_ARGUMENT FIELD_INVALID field=template.english_name"));
  std::string many;
  for (int i = 0; i <= kTemplateAttributesMax; ++i) {
    many += Concat("attributes { name: 'a", i, "' type: STRING } ");
  }
  CHECK(refused(many) == invalid("attributes", "201"));
  CHECK(world.Create("template_id: '88.118.8/ÄÖ' template { attributes { name: 'a' type: STRING } "
                     "}") == "INVALID_ARGUMENT FIELD_INVALID field=template_id value=88.118.8/ÄÖ");
  CHECK(world.Create("template_id: 'pump' template { attributes { name: 'a' type: STRING } }") ==
        "INVALID_ARGUMENT FIELD_INVALID field=template_id value=pump");
  CHECK(world.Create("template { attributes { name: 'a' type: STRING } }") ==
        "INVALID_ARGUMENT FIELD_MISSING field=template_id");
  CHECK(world.Leaves() == 0);
}

TEST_CASE("only the holder of the prefix makes and changes its templates") {
  TemplatesWorld world;
  const std::string attributes = Concat(" template { ", kPower, " }");
  CHECK(world.Create(Concat("template_id: '88.118.9/PUMP'", attributes)) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.9 registrant=registrants/sz-pumps");
  CHECK(world.Create(Concat("template_id: '88.118.10/PUMP'", attributes)) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.10");
  CHECK(world.Create(Concat("template_id: '88.118.77/PUMP'", attributes)) ==
        "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.77");
  world.MakePump(kPower);
  const auto as_valves = [&](auto method, const std::string& request) {
    return TemplatesWorld::Show(world.Call(method, request, world.Admin("sz-valves")));
  };
  const std::string foreign =
      "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves";
  CHECK(as_valves(&Templates::CreateTemplate, PumpWith(kPower)) == foreign);
  CHECK(as_valves(&Templates::UpdateTemplate, PumpTo(kPower)) == foreign);
  CHECK(as_valves(&Templates::PublishTemplate, kName) == foreign);
  CHECK(as_valves(&Templates::WithdrawTemplate, Concat(kName, " reason: 'r'")) == foreign);
  CHECK(TemplatesWorld::Show(
            world.Call(&Templates::PublishTemplate, kName, world.Writer("sz-pumps"))) ==
        "PERMISSION_DENIED ROLE_REFUSED allowed=REGISTRANT_ADMIN, BUREAU_ADMIN "
        "method=PublishTemplate role=REGISTRANT_WRITER");
  CHECK(world.Publish("name: 'templates/product'") ==
        "INVALID_ARGUMENT FIELD_INVALID field=name value=templates/product");
  CHECK(world.Publish("name: 'templates/88.118.8%2FVALVE'") ==
        "NOT_FOUND TEMPLATE_NOT_FOUND template=88.118.8/VALVE");
  // The bureau acts for the holder, with a reason.
  Caller bureau = TemplatesWorld::WithRole(Role::kBureauAdmin);
  CHECK(TemplatesWorld::Show(world.Call(
            &Templates::WithdrawTemplate,
            Concat(kName,
                   " reason: 'r' on_behalf_of { registrant: 'registrants/sz-pumps' reason: "
                   "'asked by letter' }"),
            bureau)) == "WITHDRAWN 1 2000:power DECIMAL kW");
}

TEST_CASE("a draft is seen by its owner and the bureau, what is published by everybody") {
  TemplatesWorld world;
  const Caller nobody = TemplatesWorld::WithRole(Role::kAnonymous);
  const Caller bureau = TemplatesWorld::WithRole(Role::kBureauAuditor);
  REQUIRE(world.Create(PumpWith(kPower)) == "DRAFT 0 | 2000:power DECIMAL kW");
  const std::string draft = "DRAFT 0 | 2000:power DECIMAL kW";
  CHECK(world.Get(kName, world.Writer("sz-pumps")) == draft);
  CHECK(world.Get("name: '88.118.8/pump'", bureau) == draft);
  const std::string hidden = "NOT_FOUND TEMPLATE_NOT_FOUND template=templates/88.118.8%2FPUMP";
  CHECK(world.Get(kName, nobody) == hidden);
  CHECK(world.Get(kName, world.Writer("sz-valves")) == hidden);
  CHECK(world.List("", nobody) == "templates/equipment templates/product ");
  CHECK(world.List("", bureau) ==
        "templates/88.118.8%2FPUMP templates/equipment templates/product ");
  REQUIRE(world.Publish(kName).starts_with("PUBLISHED"));
  CHECK(world.Get(kName, nobody) == "PUBLISHED 1 2000:power DECIMAL kW");
  CHECK(world.List("owner: 'registrants/sz-pumps'", nobody) == "templates/88.118.8%2FPUMP ");
  CHECK(world.List("owner: 'registrants/sz-valves'", nobody) == "");
  CHECK(world.List("owner: 'pumps!'", nobody) ==
        "INVALID_ARGUMENT FIELD_INVALID field=owner value=pumps!");
}

TEST_CASE("templates are listed in pages that neither miss nor repeat one") {
  TemplatesWorld world;
  for (const char* name : {"A", "C", "B", "D"}) {
    REQUIRE(world.Create(Concat("template_id: '88.118.8/", name, "' template { ", kPower, " }"))
                .starts_with("DRAFT"));
  }
  const Caller bureau = TemplatesWorld::WithRole(Role::kBureauAuditor);
  std::string token, all;
  do {
    all += world.List("page_size: 1", bureau, &token) + "|";
  } while (!token.empty());
  CHECK(all ==
        "templates/88.118.8%2FA +|templates/88.118.8%2FB +|templates/88.118.8%2FC "
        "+|templates/88.118.8%2FD +|templates/equipment +|templates/product |");
  // Drafts of others take their place in the list without being shown.
  const Caller nobody = TemplatesWorld::WithRole(Role::kAnonymous);
  CHECK(world.List("page_size: 1", nobody) == "templates/equipment +");
  CHECK(world.List("owner: 'registrants/sz-pumps' page_size: 3", bureau) ==
        "templates/88.118.8%2FA templates/88.118.8%2FB templates/88.118.8%2FC +");
  token = "bad";
  CHECK(world.List("", bureau, &token).starts_with("INVALID_ARGUMENT PAGE_TOKEN_INVALID"));
}

TEST_CASE("a repeated request has the first answer, and another content is refused") {
  TemplatesWorld world;
  const auto admin = world.Admin("sz-pumps");
  const auto first = world.Call(&Templates::CreateTemplate, PumpWith(kPower), admin);
  const auto again = world.Call(&Templates::CreateTemplate, PumpWith(kPower), admin);
  REQUIRE((first.ok() && again.ok()));
  CHECK(first->SerializeAsString() == again->SerializeAsString());
  CHECK(
      world.Create("template_id: '88.118.8/pump' template { attributes { name: 'a' type: STRING } "
                   "}") == "ALREADY_EXISTS TEMPLATE_TAKEN template=88.118.8/PUMP");
  const std::string request = Concat(kName, " request_id: 'p1'");
  CHECK(world.Publish(request) == "PUBLISHED 1 2000:power DECIMAL kW");
  REQUIRE(world.Withdraw(Concat(kName, " reason: 'r'")).starts_with("WITHDRAWN 1"));
  CHECK(world.Publish(request) == "PUBLISHED 1 2000:power DECIMAL kW");
  CHECK(world.Publish(Concat(request, " reason: 'other'")) ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=p1");
  CHECK(world.Leaves() == 3);
  const std::string create = Concat(" template { ", kPower, " } request_id: 'c1'");
  REQUIRE(world.Create(Concat("template_id: '88.118.8/A'", create)).starts_with("DRAFT"));
  CHECK(world.Create(Concat("template_id: '88.118.8/B'", create)) ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=c1");
  // A withdrawn one comes back with a publication, which has a number of its own.
  CHECK(world.Publish(kName) == "PUBLISHED 2 2000:power DECIMAL kW");
}

TEST_CASE("a change on a stale etag is refused and changes nothing") {
  TemplatesWorld world;
  const auto created =
      world.Call(&Templates::CreateTemplate, PumpWith(kPower), world.Admin("sz-pumps"));
  REQUIRE(created.ok());
  const std::string etag = created->template_().etag();
  REQUIRE(world.Publish(Concat(kName, " etag: '", etag, "'")).starts_with("PUBLISHED"));
  const std::string refused = world.Withdraw(Concat(kName, " reason: 'r' etag: '", etag, "'"));
  CHECK(refused.starts_with(Concat("ABORTED ETAG_MISMATCH etag=", etag, " etag_current=")));
  CHECK(world.Withdraw(kName) == "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.Get(kName, world.Admin("sz-pumps")).starts_with("PUBLISHED"));
}

TEST_CASE("a prefix has no more templates than it may, also of those made at the same moment") {
  TemplatesWorld world;
  const auto template_named = [](const std::string& suffix) {
    return Concat("template_id: '88.118.8/", suffix, "' template { ", kPower, " }");
  };
  for (size_t i = 1; i < Templates::kPerPrefixMax; ++i) {
    REQUIRE(world.Create(template_named(Concat("T", i))).starts_with("DRAFT"));
  }
  const std::string refused =
      "FAILED_PRECONDITION TEMPLATES_TOO_MANY prefix=88.118.8 templates_max=500";
  auto held = world.HoldCommits();
  std::vector<std::future<absl::StatusOr<v1::TemplateResponse>>> answers;
  for (const char* suffix : {"FIRST", "ZLAST"}) {
    answers.push_back(
        world.Start(&Templates::CreateTemplate, template_named(suffix), world.Admin("sz-pumps")));
  }
  held.unlock();
  CHECK(TemplatesWorld::Show(answers[0].get()).starts_with("DRAFT"));
  CHECK(TemplatesWorld::Show(answers[1].get()) == refused);
  CHECK(world.Create(PumpWith(kPower)) == refused);
  // Every prefix has its own.
  REQUIRE(world.Create(Concat("template_id: '88.118.11/PUMP' template { ", kPower, " }"))
              .starts_with("DRAFT"));
}

TEST_CASE("a template's owner is whoever holds its prefix, from the commit on that passes it") {
  TemplatesWorld world;
  world.MakePump(kPower);
  REQUIRE(world.Create(Concat("template_id: '88.118.8/DRAFT' template { ", kPower, " }"))
              .starts_with("DRAFT"));
  const std::string names = "templates/88.118.8%2FDRAFT templates/88.118.8%2FPUMP ";
  const std::string draft = "name: 'templates/88.118.8%2FDRAFT'";
  const Caller pumps = world.Admin("sz-pumps"), valves = world.Admin("sz-valves");
  const auto outcome_of_draft = [&world](const char* registrant) {
    return RegistryWorld::ShowError(
        FindPublishedTemplate(world.View()->directory(), "88.118.8/draft", registrant).status());
  };
  const std::string absent = "NOT_FOUND TEMPLATE_NOT_FOUND template=88.118.8/draft";
  const std::string unpublished =
      "FAILED_PRECONDITION TEMPLATE_NOT_PUBLISHED state=not published template=88.118.8/DRAFT";
  CHECK(world.List("owner: 'registrants/sz-pumps'", pumps) == names);
  CHECK(outcome_of_draft("sz-pumps") == unpublished);
  CHECK(outcome_of_draft("sz-valves") == absent);

  storage::v1::PrefixRow row = *world.View()->directory().FindPrefix("88.118.8")->row;
  row.set_holder("sz-valves");
  row.add_former_holders("sz-pumps");
  world.Put(storage::PrefixKey("88.118.8"), row);

  CHECK(world.Withdraw(Concat(kName, " reason: 'r'"))
            .starts_with("PERMISSION_DENIED NOT_PREFIX_HOLDER"));
  CHECK(world.Get(draft, valves) == "DRAFT 0 | 2000:power DECIMAL kW");
  CHECK(world.Get(draft, pumps).starts_with("NOT_FOUND TEMPLATE_NOT_FOUND"));
  CHECK(world.OwnerOf(kName, pumps) == "registrants/sz-valves");
  CHECK(world.OwnerOf(Concat(kName, " version: 1"), pumps) == "registrants/sz-valves");
  CHECK(world.List("owner: 'registrants/sz-valves'", valves) == names);
  CHECK(world.List("owner: 'registrants/sz-pumps'", pumps) == "");
  CHECK(world.List("", pumps) ==
        "templates/88.118.8%2FPUMP templates/equipment templates/product ");
  CHECK(outcome_of_draft("sz-pumps") == absent);
  CHECK(outcome_of_draft("sz-valves") == unpublished);

  const auto changed =
      world.Call(&Templates::WithdrawTemplate, Concat(kName, " reason: 'r'"), valves);
  REQUIRE(changed.ok());
  CHECK(changed->template_().owner() == "registrants/sz-valves");
}

TEST_CASE("an owner's templates are listed prefix by prefix, in pages that miss and repeat none") {
  TemplatesWorld world;
  // 88.118.10 is suspended, and 88.118.12 has none.
  for (const char* id : {"88.118.8/B", "88.118.11/A", "88.118.8/A", "88.118.11/C"}) {
    REQUIRE(world.Create(Concat("template_id: '", id, "' template { ", kPower, " }"))
                .starts_with("DRAFT"));
  }
  const Caller bureau = TemplatesWorld::WithRole(Role::kBureauAuditor);
  for (const int page_size : {1, 2, 3, 4}) {
    const std::string request = Concat("owner: 'registrants/sz-pumps' page_size: ", page_size);
    std::string token, all;
    do {
      const std::string page = world.List(request, bureau, &token);
      all += token.empty() ? page : page.substr(0, page.size() - 1);
    } while (!token.empty());
    CAPTURE(page_size);
    CHECK(all ==
          "templates/88.118.11%2FA templates/88.118.11%2FC templates/88.118.8%2FA "
          "templates/88.118.8%2FB ");
  }
}

}  // namespace
}  // namespace gusu::server
