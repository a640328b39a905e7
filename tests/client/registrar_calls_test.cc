// Calls on registrants and prefixes: what a caller sets arrives, and what is answered is told.
#include <catch2/catch.hpp>

#include "gusu/json.h"
#include "tests/client/registrar_world.h"

namespace gusu::test {
namespace {

template <typename Request>
Request Deciding(const std::string& name) {
  Request request;
  request.name = name;
  request.reason = "because";
  request.etag = "e";
  request.request_id = "r";
  request.include_proof = true;
  return request;
}

// What Deciding makes, as text. Fields stand in the order of their numbers.
constexpr char kPumps[] = R"(name: "registrants/sz-pumps" reason: "because" )";
constexpr char kRest3[] = R"(etag: "e" request_id: "r" include_proof: true)";

Registrant FullRegistrant() {
  Registrant registrant;
  registrant.kind = RegistrantKind::kInstitute;
  registrant.legal_name = "Suzhou Pumps";
  registrant.english_name = "SP";
  registrant.organization_code = {OrganizationCodeScheme::kOther, "V-1", "Test"};
  registrant.address = "1 Road";
  registrant.district = "320594";
  registrant.industry_class = "C3441";
  registrant.industry_edition = 2011;
  registrant.location = Location{31.2744, -120.5, LocationDatum::kCgcs2000};
  registrant.documents_sha256 = {std::string(32, 'd')};
  registrant.contact = {"Li", "li@example.com", "+86 512"};
  return registrant;
}

constexpr char kFullRegistrant[] =
    R"(kind: INSTITUTE legal_name: "Suzhou Pumps" english_name: "SP" )"
    R"(organization_code { scheme: OTHER value: "V-1" authority: "Test" } address: "1 Road" )"
    R"(district: "320594" industry_class: "C3441" )"
    R"(contact { person: "Li" email: "li@example.com" phone: "+86 512" } industry_edition: 2011 )"
    R"(location { latitude: 31.2744 longitude: -120.5 datum: CGCS2000 } )"
    R"(documents_sha256: "dddddddddddddddddddddddddddddddd")";

TEST_CASE("an application and its correction arrive with every field") {
  RegistrarWorld world;
  ApplyRegistrantRequest apply;
  apply.registrant_id = "sz-pumps";
  apply.registrant = FullRegistrant();
  apply.registrant.etag = "output only";
  apply.registrant.designations = {{"a", "output only", "", "", "", "", "", false, ""}};
  apply.claim_sha256 = "hash";
  REQUIRE(world.client->ApplyRegistrant(apply).ok());
  CHECK(world.Asked() == "ApplyRegistrant registrant_id: \"sz-pumps\" registrant { " +
                             std::string(kFullRegistrant) + " } claim_sha256: \"hash\"");
  UpdateRegistrantRequest update;
  update.name = "registrants/sz-pumps";
  update.registrant = FullRegistrant();
  update.reason = "because";
  update.etag = "e";
  update.request_id = "r";
  update.on_behalf_of = OnBehalfOf{"registrants/a", "why"};
  update.include_proof = true;
  REQUIRE(world.client->UpdateRegistrant(update).ok());
  CHECK(world.Asked() ==
        "UpdateRegistrant name: \"registrants/sz-pumps\" registrant { " +
            std::string(kFullRegistrant) +
            R"( } reason: "because" etag: "e" request_id: "r" )"
            R"(on_behalf_of { registrant: "registrants/a" reason: "why" } include_proof: true)");
}

TEST_CASE("the bureau's decisions arrive with reason, etag and request id") {
  RegistrarWorld world;
  Client& client = *world.client;
  const std::string name = "registrants/sz-pumps";
  const std::string same = std::string(kPumps) + kRest3;
  REQUIRE(client.ApproveRegistrant(Deciding<ApproveRegistrantRequest>(name)).ok());
  CHECK(world.Asked() == "ApproveRegistrant " + same);
  REQUIRE(client.ReturnRegistrant(Deciding<ReturnRegistrantRequest>(name)).ok());
  CHECK(world.Asked() == "ReturnRegistrant " + same);
  REQUIRE(client.RejectRegistrant(Deciding<RejectRegistrantRequest>(name)).ok());
  CHECK(world.Asked() == "RejectRegistrant " + same);
  REQUIRE(client.SuspendRegistrant(Deciding<SuspendRegistrantRequest>(name)).ok());
  CHECK(world.Asked() == "SuspendRegistrant " + same);
  REQUIRE(client.ActivateRegistrant(Deciding<ActivateRegistrantRequest>(name)).ok());
  CHECK(world.Asked() == "ActivateRegistrant " + same);
  auto close = Deciding<CloseRegistrantRequest>(name);
  close.successor = "registrants/b";
  REQUIRE(client.CloseRegistrant(close).ok());
  CHECK(world.Asked() ==
        "CloseRegistrant " + std::string(kPumps) + "successor: \"registrants/b\" " + kRest3);
  auto designate = Deciding<DesignateRegistrantRequest>(name);
  designate.designation = {"green",      "绿色",       "Green", "p", "c",
                           "2026-11-01", "2027-11-01", true,    "x"};
  REQUIRE(client.DesignateRegistrant(designate).ok());
  CHECK(world.Asked() ==
        R"(DesignateRegistrant name: "registrants/sz-pumps" designation { id: "green" )"
        R"(title: "\347\273\277\350\211\262" english_title: "Green" programme: "p" )"
        R"(certificate_number: "c" issued_on: "2026-11-01" valid_until: "2027-11-01" } )"
        R"(reason: "because" etag: "e" request_id: "r" include_proof: true)");
  auto revoke = Deciding<RevokeDesignationRequest>(name);
  revoke.designation_id = "green";
  REQUIRE(client.RevokeDesignation(revoke).ok());
  CHECK(world.Asked() ==
        R"(RevokeDesignation name: "registrants/sz-pumps" designation_id: "green" )"
        R"(reason: "because" etag: "e" request_id: "r" include_proof: true)");
}

TEST_CASE("a decision that is repeated by hand is another request, one that is retried the same") {
  RegistrarWorld world;
  RejectRegistrantRequest request;
  request.name = "registrants/sz-pumps";
  REQUIRE(world.client->RejectRegistrant(request).ok());
  const std::string first = world.Asked();
  CHECK(first.find("request_id: \"") != std::string::npos);
  REQUIRE(world.client->RejectRegistrant(request).ok());
  CHECK(world.Asked() != first);
}

TEST_CASE("a registrant is told with its designations and its amendment") {
  RegistrarWorld world;
  world.script.answer =
      "registrant { name: \"registrants/sz-pumps\" " + std::string(kFullRegistrant) + R"(
      state: CLOSED state_reason: "merged" successor: "registrants/b" etag: "e" warnings: "w"
      create_time { seconds: 1795414695 } update_time { seconds: 1795414696 }
      designations { id: "green" title: "G" issued_on: "2026-11-01" revoked: true
        revocation_reason: "audit" }
      amendment { proposed { legal_name: "New" } reason: "renamed" state: RETURNED
        state_reason: "no licence" submit_time { seconds: 1795414697 } } }
      receipt { leaf_index: 3 })";
  const auto answer = world.client->RejectRegistrant({});
  REQUIRE(answer.ok());
  CHECK(
      ToJson(*answer) ==
      R"({"registrant":{"name":"registrants/sz-pumps","kind":"INSTITUTE",)"
      R"("legal_name":"Suzhou Pumps","english_name":"SP",)"
      R"("organization_code":{"scheme":"OTHER","value":"V-1","authority":"Test"},)"
      R"("address":"1 Road","district":"320594","industry_class":"C3441",)"
      R"("industry_edition":2011,)"
      R"("location":{"latitude":31.2744,"longitude":-120.5,"datum":"CGCS2000"},)"
      R"("documents_sha256":["6464646464646464646464646464646464646464646464646464646464646464"],)"
      R"("contact":{"person":"Li","email":"li@example.com","phone":"+86 512"},)"
      R"("state":"CLOSED","state_reason":"merged",)"
      R"("designations":[{"id":"green","title":"G","issued_on":"2026-11-01","revoked":true,)"
      R"("revocation_reason":"audit"}],"successor":"registrants/b",)"
      R"("amendment":{"proposed":{"legal_name":"New"},"reason":"renamed","state":"RETURNED",)"
      R"("state_reason":"no licence","submit_time":"2026-11-23T06:18:17Z"},)"
      R"("create_time":"2026-11-23T06:18:15Z","update_time":"2026-11-23T06:18:16Z",)"
      R"("etag":"e","warnings":["w"]},"receipt":{"leaf_index":3}})");
}

TEST_CASE("all filters of registrants and prefixes arrive, on every page") {
  RegistrarWorld world;
  ListRegistrantsRequest request;
  request.state = RegistrantState::kActive;
  request.kind = RegistrantKind::kPartner;
  request.district = "3205";
  request.industry_class = "C34";
  request.name_contains = "pump";
  request.has_amendment = true;
  request.page_size = 7;
  world.script.answer = R"(registrants { name: "registrants/a" } next_page_token: "t")";
  auto range = world.client->ListRegistrants(request);
  auto at = range.begin();
  REQUIRE(at->ok());
  const std::string filters =
      R"(state: ACTIVE kind: PARTNER district: "3205" industry_class: "C34" )"
      R"(name_contains: "pump" has_amendment: true)";
  CHECK(world.Asked() == "ListRegistrants page_size: 7 " + filters);
  world.script.answer = "";
  ++at;
  CHECK(at == range.end());
  CHECK(world.Asked() == "ListRegistrants page_size: 7 page_token: \"t\" " + filters);

  world.script.answer = R"(prefixes { prefix: "88.118.8.1" })";
  ListPrefixesRequest prefixes{"registrants/a", "prefixes/88.118.8", PrefixState::kRetired, 3};
  auto listed = world.client->ListPrefixes(prefixes);
  CHECK(listed.begin()->value().prefix == "88.118.8.1");
  CHECK(world.Asked() ==
        R"(ListPrefixes page_size: 3 holder: "registrants/a" above: "prefixes/88.118.8" )"
        "state: RETIRED");
}

TEST_CASE("granting, changing and delegating a prefix arrive with every field") {
  RegistrarWorld world;
  GrantPrefixRequest grant;
  grant.prefix = "88.118.8.1";
  grant.holder = "registrants/b";
  grant.quota = 5;
  grant.suffix_policy = {20, SuffixCheckScheme::kMod37_36, "[A-Z]+", true};
  grant.disclosure = Disclosure::kOpen;
  grant.reason = "because";
  grant.request_id = "r";
  grant.on_behalf_of = OnBehalfOf{"registrants/a", "why"};
  grant.include_proof = true;
  REQUIRE(world.client->GrantPrefix(grant).ok());
  CHECK(world.Asked() ==
        R"(GrantPrefix prefix: "88.118.8.1" holder: "registrants/b" quota: 5 suffix_policy { )"
        R"(characters_max: 20 check_scheme: MOD37_36 pattern: "[A-Z]+" allows_unicode: true } )"
        R"(reason: "because" request_id: "r" include_proof: true disclosure: OPEN )"
        R"(on_behalf_of { registrant: "registrants/a" reason: "why" })");
  UpdatePrefixRequest update;
  update.name = "prefixes/88.118.8";
  update.quota = 0;
  update.disclosure = Disclosure::kClosed;
  update.reason = "because";
  update.etag = "e";
  update.request_id = "r";
  REQUIRE(world.client->UpdatePrefix(update).ok());
  CHECK(world.Asked() == R"(UpdatePrefix name: "prefixes/88.118.8" quota: 0 disclosure: CLOSED )"
                         R"(reason: "because" etag: "e" request_id: "r")");
  update.quota.reset();
  REQUIRE(world.client->UpdatePrefix(update).ok());
  CHECK(world.Asked().find("quota") == std::string::npos);
  DelegatePrefixRequest delegate;
  delegate.name = "prefixes/88.118.8";
  delegate.sites = {{"registry.example", SiteProtocol::kHandleTcp, 2641, "key"}};
  delegate.request_id = "r";
  world.script.answer = R"(prefix { prefix: "88.118.8" state: SUSPENDED state_reason: "why"
      quota: 9 quota_granted: 4 disclosure: OPEN suffix_policy { pattern: "[A-Z]+" }
      sites { address: "registry.example" protocol: HANDLE_TCP port: 2641 public_key: "key" } })";
  const auto answer = world.client->DelegatePrefix(delegate);
  REQUIRE(answer.ok());
  CHECK(world.Asked() ==
        R"(DelegatePrefix name: "prefixes/88.118.8" sites { address: "registry.example" )"
        R"(protocol: HANDLE_TCP port: 2641 public_key: "key" } request_id: "r")");
  CHECK(ToJson(answer->prefix) ==
        R"({"prefix":"88.118.8","quota":9,"quota_granted":4,)"
        R"("suffix_policy":{"pattern":"[A-Z]+"},"disclosure":"OPEN",)"
        R"("sites":[{"address":"registry.example","protocol":"HANDLE_TCP","port":2641,)"
        R"("public_key":"a2V5"}],"state":"SUSPENDED","state_reason":"why"})");
}

TEST_CASE("transfer, suspension, activation and retirement of a prefix arrive") {
  RegistrarWorld world;
  Client& client = *world.client;
  const std::string name = "prefixes/88.118.8";
  const std::string begin = R"(name: "prefixes/88.118.8" reason: "because" )";
  auto transfer = Deciding<TransferPrefixRequest>(name);
  transfer.holder = "registrants/b";
  REQUIRE(client.TransferPrefix(transfer).ok());
  CHECK(world.Asked() == "TransferPrefix " + begin + "holder: \"registrants/b\" " + kRest3);
  REQUIRE(client.SuspendPrefix(Deciding<SuspendPrefixRequest>(name)).ok());
  CHECK(world.Asked() == "SuspendPrefix " + begin + kRest3);
  REQUIRE(client.ActivatePrefix(Deciding<ActivatePrefixRequest>(name)).ok());
  CHECK(world.Asked() == "ActivatePrefix " + begin + kRest3);
  REQUIRE(client.RetirePrefix(Deciding<RetirePrefixRequest>(name)).ok());
  CHECK(world.Asked() == "RetirePrefix " + begin + kRest3);
}

TEST_CASE("text that is not UTF-8 is refused before it is sent, by the name of its field") {
  RegistrarWorld world;
  Client& client = *world.client;
  const std::string bad = "a\xff";
  const auto field = [&world](const Status& status) {
    CHECK(world.script.asked.empty());
    CHECK(status.reason == "TEXT_NOT_UTF8");
    return status.metadata.count("field") == 0 ? "" : status.metadata.at("field");
  };
  RejectRegistrantRequest reject;
  reject.reason = bad;
  CHECK(field(client.RejectRegistrant(reject).status()) == "reason");
  DesignateRegistrantRequest designate;
  designate.designation.programme = bad;
  CHECK(field(client.DesignateRegistrant(designate).status()) == "designation.programme");
  CloseRegistrantRequest close;
  close.successor = bad;
  CHECK(field(client.CloseRegistrant(close).status()) == "successor");
  UpdateRegistrantRequest update;
  update.registrant.address = bad;
  CHECK(field(client.UpdateRegistrant(update).status()) == "registrant.address");
  GrantPrefixRequest grant;
  grant.suffix_policy.pattern = bad;
  CHECK(field(client.GrantPrefix(grant).status()) == "suffix_policy.pattern");
  DelegatePrefixRequest delegate;
  delegate.sites = {{"ok", SiteProtocol::kGrpc, 1, ""}, {bad, SiteProtocol::kGrpc, 1, ""}};
  CHECK(field(client.DelegatePrefix(delegate).status()) == "sites[1].address");
  CreateTemplateRequest create;
  create.definition.attributes.resize(2);
  create.definition.attributes[1].choices = {"ok", bad};
  CHECK(field(client.CreateTemplate(create).status()).rfind("template.attributes[1].choices", 0) ==
        0);
  CHECK(
      field(client.SetGroup({{"g", "", {"ok", bad}, ""}, "", "", "", std::nullopt, false}).status())
          .rfind("group.members", 0) == 0);
  CHECK(field(client.SetGroup({{"g", "", {}, ""}, "", bad, "", std::nullopt, false}).status()) ==
        "etag");
  ListRegistrantsRequest list;
  list.name_contains = bad;
  auto range = client.ListRegistrants(list);
  CHECK(field(range.begin()->status()) == "name_contains");
  auto days = client.GetStatistics({"", bad, "", 0});
  CHECK(field(days.begin()->status()) == "from_date");
}

}  // namespace
}  // namespace gusu::test
