// The forms in which a code is answered, and what of a request is taken.
#include <google/protobuf/util/json_util.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/latest_statement.h"
#include "proto/note_key.h"
#include "proto/text.h"
#include "tests/random.h"
#include "tests/server/http_world.h"
#include "tests/server/page_reading.h"

namespace gusu::server {
namespace {

using Catch::Matchers::Contains;

template <typename Message>
Message FromJsonText(const std::string& json) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message);
  INFO(json);
  REQUIRE(status.ok());
  return message;
}

}  // namespace

TEST_CASE("redirect leads to the code's address while the code is in use, and else to its page") {
  HttpWorld world;
  CHECK(RedirectOf(world.Get("/88.118.8/HP-1?redirect")) == "302 https://pumps.example/HP-1");
  CHECK(RedirectOf(world.Get("/88.118.8/HP-1?redirect=true")) == "302 https://pumps.example/HP-1");
  CHECK(world.Get("/88.118.8/HP-1?redirect=false").status == 200);
  CHECK_THAT(TextOf(world.Get("/88.118.8/LOT%2FA%2B1%3A2?redirect", {kEnglish}), 200),
             Contains("There is no address to go on to"));
  world.Write(&Registry::BatchRegister, HttpWorld::kPumpsWriter, R"(
      rows { identifier: "88.118.8/JS" values { index: 1 type: "URL" data: "javascript:evil" } }
      rows { identifier: "88.118.8/IDN" values { index: 1 type: "URL" data: "https://泵.example/" }
             values { index: 7 type: "URL" data: "https://a.example/泵?x=1#y" }
             values { index: 9 type: "URL" data: "https://b.example/" } }
      rows { identifier: "88.118.8/GONE" values { index: 1 type: "URL" data: "https://c.example/" } })");
  CHECK_THAT(TextOf(world.Get("/88.118.8/JS?redirect"), 200), Contains("javascript:evil"));
  CHECK(RedirectOf(world.Get("/88.118.8/IDN?redirect")) == "302 https://a.example/%E6%B3%B5?x=1#y");
  world.Write(&Registry::RetireRecord, HttpWorld::kPumpsWriter,
              R"(name: "88.118.8/GONE" retirement { reason: SCRAPPED })");
  TextOf(world.Get("/88.118.8/GONE?redirect"), 410);
}

TEST_CASE("programs get the same answer as data, under the same status") {
  HttpWorld world;
  const HttpResponse json = world.Get("/88.118.8/HP-1", {{"Accept", "application/json"}});
  CHECK(json.status == 200);
  CHECK(json.Header("Content-Type") == "application/json");
  CHECK(json.Header("Access-Control-Allow-Origin") == "*");
  const auto answer = FromJsonText<v1::ResolveResponse>(json.body);
  auto expected = world.Read(&Resolver::Resolve, "", R"(identifier: "88.118.8/HP-1")");
  CHECK(answer.DebugString() == expected.DebugString());
  CHECK(world.Get("/88.118.8/HP-1?format=json").body == json.body);
  CHECK(world.Get("/88.118.8/OLD?format=json").status == 410);
  for (const auto& [target, status, reason] :
       std::initializer_list<std::tuple<const char*, int, const char*>>{
           {"/88.118.8/NEVER", 404, "IDENTIFIER_NOT_FOUND"},
           {"/88.200.1/X", 404, "PREFIX_NOT_FOUND"},
           {"/nonsense", 400, "IDENTIFIER_MALFORMED"}}) {
    const HttpResponse refused = world.Get(target, {{"Accept", "application/json"}});
    CHECK(refused.status == status);
    CHECK(ReasonOf(refused) == reason);
  }
  // What has not changed is not sent again.
  const std::string etag(json.Header("ETag"));
  REQUIRE(etag.size() == 34);
  const HttpResponse same = world.Get("/88.118.8/HP-1?format=json", {{"If-None-Match", etag}});
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  world.Write(&Registry::ModifyValues, HttpWorld::kPumpsWriter, R"(
      name: "88.118.8/HP-1" modify { index: 2 type: "NAME" data: "renamed" })");
  CHECK(world.Get("/88.118.8/HP-1?format=json", {{"If-None-Match", etag}}).status == 200);
}

TEST_CASE("programs are told who resolves a code of a delegated prefix, and get no proof of it") {
  HttpWorld world;
  world.Write(&Registrar::DelegatePrefix, HttpWorld::kBureauAdmin, R"(
      name: "prefixes/88.118.9"
      sites { address: "valves.example" protocol: HTTPS port: 443 }
      sites { address: "2001:db8::1" protocol: HANDLE_TCP port: 2641 })");
  const auto json = FromJsonText<v1::ResolveResponse>(world.Get("/88.118.9/V/1?format=json").body);
  CHECK(json.referral().sites_size() == 2);
  const HttpResponse proof = world.Get("/88.118.9/V/1?format=proof");
  CHECK(proof.status == 400);
  CHECK(ReasonOf(proof) == "PREFIX_DELEGATED");
  CHECK(nlohmann::json::parse(world.Get("/88.118.9/V/1?format=linkset").body) ==
        nlohmann::json::parse(R"({"linkset": [{"anchor": "https://id.example/88.118.9/V%2F1"}]})"));
}

TEST_CASE("a request is answered in what it takes, and what is asked for by name wins") {
  HttpWorld world;
  const auto type = [&world](std::string_view target, std::vector<HttpHeader> headers) {
    return std::string(world.Get(target, std::move(headers)).Header("Content-Type"));
  };
  CHECK(type("/88.118.8/HP-1", {{"Accept", "*/*"}}) == "text/html; charset=utf-8");
  CHECK(type("/88.118.8/HP-1", {{"Accept", "text/html;q=0.1, application/linkset+json"}}) ==
        "application/linkset+json");
  CHECK(type("/88.118.8/HP-1?format=page", {{"Accept", "application/json"}}) ==
        "text/html; charset=utf-8");
  const HttpResponse none = world.Get("/88.118.8/HP-1", {{"Accept", "image/png"}, kEnglish});
  CHECK_THAT(TextOf(none, 406), Contains("Accept takes none of text/html"));
  CHECK_THAT(TextOf(world.Get("/88.118.8/HP-1?format=xml", {kEnglish}), 400),
             Contains("it must be page, json, linkset or proof"));
  CHECK(world.Ask("POST", "/88.118.8/HP-1").status == 405);
  CHECK(world.Ask("DELETE", "/").Header("Allow") == "GET, HEAD");
  const HttpResponse head = world.Ask("HEAD", "/88.118.8/OLD");
  CHECK(head.status == 410);
}

TEST_CASE("the label that a page leads to is a picture, whatever a browser takes") {
  HttpWorld world;
  const HttpResponse picture =
      world.Get("/88.118.8/HP-1?label=svg", {{"Accept", "image/avif,image/png"}});
  CHECK(picture.status == 200);
  CHECK(picture.Header("Content-Type") == "image/svg+xml");
  CHECK(RedirectOf(world.Get("/hdl:88.118.8/HP-1?label=svg")) == "303 /88.118.8/HP-1?label=svg");
  CHECK(ReasonOf(world.Get("/HP-1?label=svg")) == "IDENTIFIER_MALFORMED");
}

TEST_CASE("the links of a record are a linkset of RFC 9264") {
  HttpWorld world;
  world.Write(&Templates::CreateTemplate, HttpWorld::kPumpsAdmin, R"(
      template_id: "88.118.8/META_P"
      template {
        english_name: "P" chinese_name: "P"
        attributes { name: "manual" type: DOCUMENT english_name: "Manual" chinese_name: "说明书" }
        attributes { name: "shop" type: URL english_name: "Shop" chinese_name: "商店" } })");
  world.Write(&Templates::PublishTemplate, HttpWorld::kPumpsAdmin,
              R"(name: "templates/88.118.8%2FMETA_P")");
  const std::string hash(64, 'a');
  world.Write(&Registry::BatchRegister, HttpWorld::kPumpsWriter,
              Concat(R"(
      rows { identifier: "88.118.8/MODEL-B" level: MODEL }
      rows { identifier: "88.118.8/L" level: BATCH template: "88.118.8/META_P"
        instance_of { identifier: "88.118.8/MODEL-B" }
        values { index: 1 type: "URL" data: "https://pumps.example/L" }
        values { index: 5 type: "URL" data: "https://pumps.example/L" }
        values { index: 6 type: "URL" data: "https://pumps.example/other" }
        values { index: 7 type: "URL" data: "javascript:evil"
      }
      values {
      type: "manual" data: "{\"url\": \"https://pumps.example/m.pdf\", \"sha256\": \")",
                     hash, R"(\", \"media_type\": \"application/pdf\", \"title\": \"Manual <1>\"}" }
        values { type: "shop" data: "https://shop.example/泵" } })"));
  const HttpResponse response = world.Get("/88.118.8/L", {{"Accept", "application/linkset+json"}});
  CHECK(response.status == 200);
  CHECK(nlohmann::json::parse(response.body) == nlohmann::json::parse(Concat(R"({"linkset": [{
      "anchor": "https://id.example/88.118.8/L",
      "describedby": [
        {"href": "https://pumps.example/L"},
        {"href": "https://pumps.example/m.pdf", "type": "application/pdf", "title": "Manual <1>",
         "sha256": [")",
                                                                             hash, R"("]}],
      "related": [{"href": "https://pumps.example/other"},
                  {"href": "https://shop.example/%E6%B3%B5"}],
      "up": [{"href": "https://id.example/88.118.8/MODEL-B"}]}]})")));
  // What a code inherits is described by the template of the record that it comes from.
  world.Write(&Registry::BatchRegister, HttpWorld::kPumpsWriter, R"(
      rows { identifier: "88.118.8/L-7" instance_of { identifier: "88.118.8/L" } })");
  const auto heir = nlohmann::json::parse(world.Get("/88.118.8/L-7?format=linkset").body);
  const auto own = nlohmann::json::parse(response.body);
  CHECK(heir["linkset"][0]["describedby"] == own["linkset"][0]["describedby"]);
  CHECK(heir["linkset"][0]["related"] == own["linkset"][0]["related"]);
  const HttpResponse old = world.Get("/88.118.8/OLD?format=linkset");
  CHECK(old.status == 410);
  CHECK(nlohmann::json::parse(old.body)["linkset"][0]["successor-version"][0]["href"] ==
        "https://id.example/88.118.8/HP-1");
  const std::string page = TextOf(world.Get("/88.118.8/L"), 200);
  CHECK_THAT(page, Contains("说明书"));
  CHECK_THAT(page, Contains("Manual <1>"));
}

TEST_CASE("the proof that a page offers is the answer's own, by the log's key") {
  HttpWorld world;
  const HttpResponse response = world.Get("/88.118.8/OLD?format=proof");
  CHECK(response.status == 200);
  CHECK(response.Header("Content-Disposition") == "attachment; filename=\"proof.json\"");
  const auto proof = FromJsonText<v1::AnswerProof>(response.body);
  const auto statement = OpenLatestStatement(proof.statement(), world.checkpoints().verifiers());
  INFO(statement.status());
  REQUIRE(statement.ok());
  const auto answer = world.Read(&Resolver::Resolve, "", R"(identifier: "88.118.8/OLD")");
  CHECK(statement->revision == answer.record().revision());
  CHECK(statement->identifier_hash ==
        IdentifierHash(proof.identifier_salt(), answer.record().name()));
  // The page shows the checkpoint that its own proof rests on.
  const std::string page = TextOf(world.Get("/88.118.8/OLD", {kEnglish}), 410);
  CHECK_THAT(page, Contains(Concat(HttpWorld::kOrigin, "\n", world.View()->leaf_count(), "\n")));
}

TEST_CASE("who asks too often is told to wait, on a page and as data") {
  HttpWorld::Options options;
  options.limits.resolutions = {1, 2};
  HttpWorld world(options);
  HttpRequest request = HttpWorld::Request("GET", "/88.118.8/HP-1", {kEnglish});
  request.peer = "192.0.2.7";
  CHECK(world.Ask(request).status == 200);
  CHECK(world.Ask(request).status == 200);
  const HttpResponse page = world.Ask(request);
  CHECK_THAT(TextOf(page, 429), Contains("Too many requests"));
  CHECK(page.Header("Retry-After") == "1");
  request.target += "?format=json";
  const HttpResponse json = world.Ask(request);
  CHECK(json.status == 429);
  CHECK(ReasonOf(json) == "RATE_LIMITED");
}

TEST_CASE("a registry without a public address has no labels, and relative links") {
  HttpWorld::Options options;
  options.public_url = "";
  HttpWorld world(options);
  CHECK_THAT(world.Get("/88.118.8/HP-1").body, !Contains("label=svg"));
  const auto linkset = nlohmann::json::parse(world.Get("/88.118.8/HP-1?format=linkset").body);
  CHECK(linkset["linkset"][0]["anchor"] == "/88.118.8/HP-1");
}

TEST_CASE("each page of a code counts as one resolution over HTTP") {
  HttpWorld world;
  world.Get("/88.118.8/HP-1");
  world.Get("/88.118.8/hp-1?format=json");
  world.Get("/88.118.8/OLD?format=proof");
  world.Get("/88.118.8/NEVER");
  world.Get("/88.118.8/HP-1?redirect");
  REQUIRE(world.usage().Write().ok());
  const auto usage =
      world.Read(&Statistics::ListUsage, HttpWorld::kPumpsReader, R"(parent: "prefixes/88.118.8")");
  REQUIRE(usage.days_size() == 1);
  CHECK(usage.days(0).door() == "HTTP");
  CHECK(usage.days(0).asked() == 5);
  CHECK(usage.days(0).answered() == 4);
  CHECK(usage.days(0).never_issued() == 1);
}

TEST_CASE("a path of dots and slashes is a code like any other, and nothing of the server's own") {
  HttpWorld world;
  for (const auto& [path, status] : std::initializer_list<std::pair<const char*, int>>{
           {"/88.118.8/../HP-1", 404},
           {"/88.118.8/%2e%2e/%2e%2e/etc/passwd", 404},
           {"/88.118.8/./HP-1", 404},
           {"/88.118.8//HP-1", 404},
           {"/88.118.8/HP-1/", 404},
           {"//88.118.8/HP-1", 400},
           {"/../88.118.8/HP-1", 400},
           {"/.", 400},
           {"/%2F", 400},
           {"/88.118.8/\\HP-1", 404}}) {
    INFO(path);
    TextOf(world.Get(path), status);
  }
  CHECK(world.Get("/88%2E118%2E8/%48%50%2D1").status == 200);
  CHECK(world.Get("/88.118.8/%252F").status == 404);
}

TEST_CASE("whatever path and parameters are asked for, the answer is whole and says what it is") {
  test::Random random("pages");
  HttpWorld world;
  const std::string pieces[] = {"/",       "88.118.8",  "HP-1",       "%2F",    "%E6",
                                "%",       "?",         "&",          "=",      "lang",
                                "en",      "as_of",     "2026-01-01", "format", "json",
                                "linkset", "proof",     "redirect",   "q",      "%3Cscript%3E",
                                "<b>",     "\"",        "泵",         "%00",    "hdl:",
                                " ",       "+",         "https://",   "。",     "label",
                                "..",      "%EF%BC%8F", "\xFF",       "OLD",    "page",
                                "#"};
  const std::string accepts[] = {
      "", "*/*", "application/json", "application/linkset+json", "x", "text/html;q=0"};
  for (int round = 0; round < 3000; ++round) {
    std::string target = random.Below(3) == 0 ? "/88.118.8/HP-1?" : "/";
    for (size_t i = random.Below(10); i > 0; --i) target += pieces[random.Below(std::size(pieces))];
    const HttpResponse response =
        world.Get(target, {{"Accept", accepts[random.Below(std::size(accepts))]}});
    INFO(target << "\n" << response.body);
    const std::string type(response.Header("Content-Type"));
    REQUIRE((response.status >= 200 && response.status < 500));
    if (response.status == 302 || response.status == 303) {
      const std::string location(response.Header("Location"));
      REQUIRE((location.starts_with("/") ? !location.starts_with("//")
                                         : location == "https://pumps.example/HP-1"));
      for (const char c : location) REQUIRE((c > 0x20 && c < 0x7f));
    } else if (type.starts_with("text/html")) {
      REQUIRE(test::ReadHtml(response.body).faults == std::vector<std::string>{});
    } else if (type == "application/json" || type == "application/linkset+json") {
      REQUIRE(nlohmann::json::parse(response.body, nullptr, false).is_object());
    } else {
      REQUIRE(!type.empty());
    }
  }
}

}  // namespace gusu::server
