// The registrar's side of the command line, as far as it goes without a server.
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "client/cli/file_content.h"
#include "client/cli/grant_text.h"
#include "client/cli/registrant_fields.h"
#include "client/cli/site_text.h"
#include "client/cli/template_file.h"
#include "gusu/json.h"
#include "tests/client/cli/run_gusu.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

std::string Written(const TemporaryDirectory& directory, const std::string& name,
                    const std::string& content) {
  const std::string path = directory.path() + "/" + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

TEST_CASE("what the registrar's commands contradict is refused before anything is sent") {
  const TemporaryDirectory directory;
  const std::string empty = Written(directory, "empty", "\n \r\n");
  const std::string text = Written(directory, "text", "no key");
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"registrant", "apply", "a", "--name", "A"}, "--organization-code is required"},
      {{"registrant", "apply", "a", "--name", "A", "--organization-code", "X", "--claim-file", "c",
        "--location", "31,120"},
       "'31,120' is no location"},
      {{"registrant", "update", "a"}, "nothing to change"},
      {{"registrant", "update", "a", "--kind", "firm"}, "'firm' is no kind"},
      {{"registrant", "return", "a"}, "a --reason is required"},
      {{"registrant", "reject", "a"}, "a --reason is required"},
      {{"registrant", "suspend", "a"}, "a --reason is required"},
      {{"registrant", "activate", "a"}, "a --reason is required"},
      {{"registrant", "close", "a"}, "a --reason is required"},
      {{"registrant", "designate", "a", "d", "--title", "T"}, "--issued-on is required"},
      {{"registrant", "revoke-designation", "a", "d"}, "a --reason is required"},
      {{"registrant", "list", "--state", "gone"}, "'gone' is no state"},
      {{"prefix", "update", "88"}, "nothing to change"},
      {{"prefix", "update", "88", "--disclosure", "wide"}, "'wide' is no disclosure"},
      {{"prefix", "delegate", "88"}, "where are its identifiers resolved?"},
      {{"prefix", "delegate", "88", "--here", "--site", "grpc://a:1"},
       "where are its identifiers resolved?"},
      {{"prefix", "delegate", "88", "--site", "ftp://a:1"}, "'ftp://a:1' is no site"},
      {{"prefix", "delegate", "88", "--site", "grpc://a:1", "--site", "grpc://b:1", "--public-key",
        text.c_str()},
       "there are 2 sites and 1 keys"},
      {{"prefix", "delegate", "88", "--site", "grpc://a:1", "--public-key", text.c_str()},
       "holds no public key"},
      {{"prefix", "transfer", "88", "--reason", "r"}, "--registrant is required"},
      {{"prefix", "retire", "88"}, "a --reason is required"},
      {{"template", "create", "88/T", "--file", "/none"}, "cannot read /none"},
      {{"template", "withdraw", "88/T"}, "a --reason is required"},
      {{"grant", "create", "--prefix", "88", "--read", "partner"}, "to whom?"},
      {{"grant", "create", "--to", "b", "--to-group", "a/g", "--prefix", "88"}, "to whom?"},
      {{"grant", "create", "--to", "b", "--read", "partner"}, "on which records?"},
      {{"grant", "create", "--to", "b", "--template", "product", "--code", "88/1"},
       "on which records?"},
      {{"grant", "create", "--to", "b", "--prefix", "88", "--own-in", "88"}, "on which records?"},
      {{"grant", "create", "--to", "b", "--codes-file", empty.c_str()}, "holds no code"},
      {{"grant", "create", "--to", "b", "--prefix", "88"}, "which right?"},
      {{"grant", "create", "--to", "b", "--prefix", "88", "--read", "body"}, "'body' is no tier"},
      {{"grant", "create", "--to", "b", "--prefix", "88", "--read", "owner", "--expires", "soon"},
       "'soon'"},
      {{"group", "set", "a/g"}, "who is in the group?"},
      {{"group", "set", "a/g", "--no-members", "--member", "b"}, "who is in the group?"},
      {{"group", "set", "g", "--no-members"}, "'g' is no group"},
      {{"stats", "88", "--from", "yesterday"}, "'yesterday' is no date"},
      {{"stats", "88", "--registrant", "a"}, "a prefix or a registrant, not both"},
      {{"stats", "88", "--verify", "--from", "2026-11-01"}, "--verify counts every day again"},
      {{"usage", "--to", "2026-02-30"}, "'2026-02-30' is no date"},
  };
  for (const auto& [words, message] : cases) {
    const Ran ran = Run(words);
    CAPTURE(message, ran.err);
    CHECK(ran.exit_code == 2);
    CHECK(ran.err.find(message) != std::string::npos);
    CHECK(ran.out.empty());
  }
}

TEST_CASE("a template file holds every field, and what show --json prints is one") {
  const OrFailure<Template> parsed = ParseTemplate(
      R"({"english_name": "Pump", "chinese_name": "泵", "attributes": [
          {"name": "head", "type": "decimal", "unit": "m", "required": true},
          {"index": 2007, "name": "colour", "type": "ENUMERATION", "choices": ["red", "blue"],
           "indexed": true, "unique": true, "disabled": true, "default_tier": "partner",
           "english_name": "Colour", "chinese_name": "颜色"}]})");
  REQUIRE(parsed.ok());
  const std::string json =
      R"({"english_name":"Pump","chinese_name":"泵","attributes":[)"
      R"({"name":"head","type":"DECIMAL","required":true,"unit":"m"},)"
      R"({"index":2007,"name":"colour","type":"ENUMERATION","indexed":true,"unique":true,)"
      R"("disabled":true,"default_tier":"PARTNER","choices":["red","blue"],)"
      R"("english_name":"Colour","chinese_name":"颜色"}]})";
  CHECK(ToJson(*parsed) == json);
  Template shown = *parsed;
  shown.name = "templates/88%2FT";
  shown.version = 3;
  shown.state = TemplateState::kPublished;
  shown.owner = "registrants/a";
  shown.etag = "e";
  shown.create_time = shown.update_time = ParseTimestamp("2026-11-23T06:18:15Z");
  const OrFailure<Template> again = ParseTemplate(ToJson(shown));
  REQUIRE(again.ok());
  CHECK(ToJson(*again) == json);
  // While a draft is under way it is what is to be.
  shown.draft_attributes = {shown.attributes[1]};
  const OrFailure<Template> draft = ParseTemplate(ToJson(shown));
  REQUIRE(draft.ok());
  REQUIRE(draft->attributes.size() == 1);
  CHECK(draft->attributes[0].name == "colour");
}

TEST_CASE("what a template file has wrong is named by its place") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no JSON"},
      {"{\"attributes\": [}", "no JSON"},
      {"[]", "the file is no object"},
      {"{}", "the file has no attributes"},
      {R"({"attributes": {}})", "attributes is no list"},
      {R"({"attributes": ["name"]})", "attributes[0] is no object"},
      {R"({"attributes": [{"name": "a"}, {}]})", "attributes[1] has no name"},
      {R"({"attributes": [{"name": "a", "type": "strng"}]})",
       "attributes[0].type is 'strng', which is none of string, integer"},
      {R"({"attributes": [{"name": 5}]})", "attributes[0].name is no text"},
      {R"({"attributes": [{"name": "a", "required": "yes"}]})",
       "attributes[0].required is neither true nor false"},
      {R"({"attributes": [{"name": "a", "index": -1}]})", "attributes[0].index is no number"},
      {R"({"attributes": [{"name": "a", "index": 4294967296}]})",
       "attributes[0].index is no number"},
      {R"({"attributes": [{"name": "a", "choices": ["x", 1]}]})",
       "attributes[0].choices[1] is no text"},
      {R"({"attributes": [{"name": "a", "requierd": true}]})",
       "attributes[0].requierd is not a field of a template"},
      {R"({"attributes": [], "unit": "m"})", "unit is not a field of a template"},
  };
  for (const auto& [json, message] : cases) {
    CAPTURE(json);
    const OrFailure<Template> parsed = ParseTemplate(json);
    REQUIRE_FALSE(parsed.ok());
    CAPTURE(parsed.failure().message);
    CHECK(parsed.failure().exit_code == ExitCode::kUsage);
    CHECK(parsed.failure().message.find(message) != std::string::npos);
  }
  const TemporaryDirectory directory;
  const std::string path = Written(directory, "t.json", "{}");
  CHECK(ReadTemplateFile(path).failure().message == path + ": the file has no attributes");
  CHECK(ReadTemplateFile(Written(directory, "large.json", std::string((1 << 20) + 1, ' ')))
            .failure()
            .message.find("is larger than 1048576 bytes") != std::string::npos);
}

TEST_CASE("names are completed to resource names, and resource names stay") {
  CHECK(ToTemplateName("product") == "templates/product");
  CHECK(ToTemplateName("88.118.8/META_泵") == "templates/88.118.8%2FMETA_%E6%B3%B5");
  CHECK(ToTemplateName("templates/88%2FT") == "templates/88%2FT");
  CHECK(WithParent("groups", "a/dealers") == "registrants/a/groups/dealers");
  CHECK(WithParent("grants", "registrants/a/grants/1") == "registrants/a/grants/1");
}

TEST_CASE("sites are read and written alike") {
  for (const char* text : {"grpc://registry.example:7440", "handle-tcp://[2001:db8::1]:2641",
                           "https://192.0.2.7:443", "handle-udp://h:1"}) {
    const OrFailure<Site> site = ParseSite(text);
    REQUIRE(site.ok());
    CHECK(ToSiteText(*site) == text);
  }
  const OrFailure<Site> six = ParseSite("handle-tcp://[2001:db8::1]:2641");
  CHECK(six->address == "2001:db8::1");
  CHECK(six->port == 2641);
  CHECK(six->protocol == SiteProtocol::kHandleTcp);
  for (const char* text :
       {"", "grpc", "grpc://", "grpc://h", "grpc://h:", "grpc://h:0", "grpc://h:65536", "grpc://:1",
        "grpc://h:x", "http://h:1", "grpc://2001:db8::1:7440", "grpc://[]:1", "://h:1"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseSite(text).ok());
  }
}

TEST_CASE("a registrant's fields replace what is named and leave the rest") {
  const TemporaryDirectory directory;
  Registrant registrant;
  registrant.legal_name = "Pumps";
  registrant.address = "1 Road";
  registrant.contact.person = "Li";
  registrant.documents_sha256 = {std::string(32, 'x')};
  RegistrantFields fields;
  CHECK_FALSE(HasAny(fields));
  fields.address = "";
  fields.district = "320594";
  fields.location = "31.2744,-120.5,cgcs2000";
  fields.scheme = "lei";
  CHECK(HasAny(fields));
  REQUIRE_FALSE(ApplyFields(fields, &registrant));
  CHECK(registrant.legal_name == "Pumps");
  CHECK(registrant.address.empty());
  CHECK(registrant.district == "320594");
  CHECK(registrant.location->latitude == 31.2744);
  CHECK(registrant.location->longitude == -120.5);
  CHECK(registrant.location->datum == LocationDatum::kCgcs2000);
  CHECK(registrant.organization_code.scheme == OrganizationCodeScheme::kLei);
  CHECK(registrant.contact.person == "Li");
  CHECK(registrant.documents_sha256.size() == 1);
  fields.location = "";
  fields.documents = {Written(directory, "a", "abc"), Written(directory, "b", "")};
  REQUIRE_FALSE(ApplyFields(fields, &registrant));
  CHECK_FALSE(registrant.location);
  REQUIRE(registrant.documents_sha256.size() == 2);
  CHECK(
      ToJson(registrant).find("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") !=
      std::string::npos);
  fields.documents = {"/none"};
  CHECK(ApplyFields(fields, &registrant)->message == "cannot read /none");
  for (const char* text :
       {"31", "31,120", "31,120,", "31,120,mars", "x,120,wgs84", "31,,wgs84", "31,120,wgs84,9"}) {
    RegistrantFields wrong;
    wrong.location = text;
    CAPTURE(text);
    CHECK(ApplyFields(wrong, &registrant));
  }
}

TEST_CASE("an option with an empty text takes away what was there") {
  CLI::App app;
  RegistrantFields fields;
  AddRegistrantFields(&app, false, &fields);
  const char* const words[] = {"gusu", "--english-name", "", "--district", "320594"};
  app.parse(static_cast<int>(std::size(words)), words);
  REQUIRE(fields.english_name);
  CHECK(fields.english_name->empty());
  CHECK(fields.district == "320594");
  CHECK_FALSE(fields.address);
}

// Of an Ed25519 key.
constexpr char kPem[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    "-----END PUBLIC KEY-----\n";

TEST_CASE("a public key is taken as PEM and as DER, and nothing else is") {
  const TemporaryDirectory directory;
  const OrFailure<std::string> der = ReadPublicKey(Written(directory, "key.pem", kPem));
  REQUIRE(der.ok());
  CHECK(der->size() == 44);
  const OrFailure<std::string> same = ReadPublicKey(Written(directory, "key.der", *der));
  REQUIRE(same.ok());
  CHECK(*same == *der);
  CHECK_FALSE(ReadPublicKey(Written(directory, "long", *der + "x")).ok());
  CHECK_FALSE(ReadPublicKey(Written(directory, "short", der->substr(1))).ok());
  CHECK_FALSE(ReadPublicKey(Written(directory, "empty", "")).ok());
  CHECK_FALSE(ReadPublicKey(Written(directory, "large", std::string(65537, 'x'))).ok());
  CHECK_FALSE(ReadPublicKey(directory.path()).ok());
}

TEST_CASE("grants are told in a line") {
  GrantScope scope;
  scope.prefix = "prefixes/88.118.8";
  CHECK(ToScopeText(scope) == "88.118.8");
  scope.template_name = "templates/product";
  CHECK(ToScopeText(scope) == "templates/product in 88.118.8");
  scope = {};
  scope.identifiers = {"88/1", "88/2", "88/3"};
  CHECK(ToScopeText(scope) == "88/1 and 2 more");
  scope = {};
  scope.own_in_prefix = "prefixes/88";
  CHECK(ToScopeText(scope) == "its own in 88");
  CHECK(ToRightsText({Tier::kPartner, {"note", "URL"}, true}) ==
        "read PARTNER, write note URL, append events");
  Grantee grantee;
  grantee.organization_code = OrganizationCode{OrganizationCodeScheme::kOther, "V-1", "Test"};
  CHECK(ToGranteeText(grantee) == "code V-1 (OTHER, Test)");
}

}  // namespace
}  // namespace gusu::cli
