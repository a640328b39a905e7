// What is read over the Handle JSON API.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/text.h"
#include "tests/server/http_api_world.h"

namespace gusu::server {
namespace {

const std::string kUrl =
    R"({"index":1,"type":"URL","data":{"format":"string","value":"https://pumps.example/HP-1"},"ttl":86400,"timestamp":"T"})";
const std::string kName =
    R"({"index":2,"type":"NAME","data":{"format":"string","value":"离心泵 HP-1"},"ttl":86400,"timestamp":"T"})";

std::string Found(const std::string& values) {
  return Concat(R"(200 {"responseCode":1,"handle":"88.118.8/HP-1","values":[)", values, "]}");
}

}  // namespace

TEST_CASE("a handle is answered with the values that everybody may read, as they are stored") {
  ApiWorld world;
  CHECK(world.Do("GET", "/api/handles/88.118.8/HP-1") == Found(kUrl + "," + kName));
  CHECK(world.Do("GET", "/api/handles/88.118.8%2FHP-1") == Found(kUrl + "," + kName));
  // As asked, whatever its case.
  CHECK(world.Do("GET", "/api/handles/88.118.8/hp-1?index=1") ==
        Concat(R"(200 {"responseCode":1,"handle":"88.118.8/hp-1","values":[)", kUrl, "]}"));
  const HttpResponse response = world.Get("/api/handles/88.118.8/HP-1");
  CHECK(response.Header("Content-Type") == "application/json; charset=utf-8");
  CHECK(response.Header("Access-Control-Allow-Origin") == "*");
}

TEST_CASE("a filter asks for indexes or types, any of them") {
  ApiWorld world;
  const std::string handle = "/api/handles/88.118.8/HP-1";
  CHECK(world.Do("GET", handle + "?index=1") == Found(kUrl));
  CHECK(world.Do("GET", handle + "?type=name") == Found(kName));
  CHECK(world.Do("GET", handle + "?index=1&type=NAME&index=77") == Found(kUrl + "," + kName));
  CHECK(world.Do("GET", handle + "?type=EMAIL") ==
        R"(200 {"responseCode":200,"handle":"88.118.8/HP-1","values":[]})");
}

TEST_CASE("a POST reads with the parameters of its body") {
  ApiWorld world;
  const std::string handle = "/api/handles/88.118.8/HP-1";
  const HttpHeader form{"Content-Type", "application/x-www-form-urlencoded"};
  CHECK(world.Do("POST", handle, {form}, "type=URL&pretty=false") == Found(kUrl));
  CHECK(world.Do("POST", handle, {ApiWorld::kJson}, R"({"index":[1,"2"],"publicOnly":true})") ==
        Found(kUrl + "," + kName));
  CHECK(world.Do("POST", handle) == Found(kUrl + "," + kName));
  CHECK(
      world.Do("POST", handle, {{"Content-Type", "text/plain"}}, "index=1") ==
      R"re(400 {"responseCode":4,"handle":"88.118.8/HP-1","message":"Content-Type text/plain is neither a form's nor application/json"})re");
  CHECK(
      world.Do("POST", handle, {ApiWorld::kJson}, "[1]") ==
      R"(400 {"responseCode":4,"handle":"88.118.8/HP-1","message":"body is no object of parameters"})");
}

TEST_CASE("what is not resolved here has the protocol's code and HTTP's status") {
  ApiWorld world;
  const std::string api = "/api/handles/";
  CHECK(world.Do("GET", api + "88.118.8/NEVER") ==
        R"(404 {"responseCode":100,"handle":"88.118.8/NEVER"})");
  CHECK(
      world.Do("GET", api + "99.999/X") ==
      R"(400 {"responseCode":301,"handle":"99.999/X","message":"That prefix doesn't live here"})");
  CHECK(world.Do("GET", api + "nothing").substr(0, 42) ==
        R"(400 {"responseCode":102,"handle":"nothing")");
  CHECK(world.Do("GET", api) == R"(400 {"responseCode":102,"message":"Empty handle invalid"})");
  CHECK(world.Values(api + "88.118.8/OLD?type=GUSU.STATE") ==
        R"(1000 GUSU.STATE "RETIRED SUPERSEDED" 86400)");
  CHECK(world.Values(api + "88.118.8%2FLOT/A%2B1%3A2") == R"(1 NAME "批次 <01> & \"x\"" 86400)");
}

TEST_CASE("what the API has not is code 4, and a method that a path has not says which it has") {
  ApiWorld world;
  for (const char* path : {"/api", "/api/", "/api/nothing", "/api/nothing/x", "/api/sessions/that",
                           "/api/prefixes/", "/api/site/x"}) {
    INFO(path);
    CHECK(world.Do("GET", path) ==
          R"(404 {"responseCode":4,"message":"there is nothing at this path of the Handle API"})");
  }
  const HttpResponse refused = world.Ask("PATCH", "/api/handles/88.118.8/HP-1");
  CHECK(refused.status == 405);
  CHECK(refused.Header("Allow") == "GET, HEAD, POST, PUT, DELETE");
  CHECK(world.Ask("PUT", "/api/site").status == 405);
  CHECK(world.Ask("GET", "/api/sessions").Header("Allow") == "POST");
}

TEST_CASE("parameters that are none are code 4, and name themselves") {
  ApiWorld world;
  for (const auto& [query, word] :
       {std::pair{"index=x", "index x is"}, std::pair{"index=-1", "index"},
        std::pair{"index=4294967296", "index"}, std::pair{"publicOnly=maybe", "publicOnly"},
        std::pair{"pretty=2", "pretty"}, std::pair{"auth=x", "auth"}, std::pair{"cert=x", "cert"},
        std::pair{"doNotRefer=x", "doNotRefer"}, std::pair{"callback=", "callback"},
        std::pair{"callback=a%28b", "callback"}, std::pair{"callback=1a", "callback"},
        std::pair{"callback=a..b", "callback"}, std::pair{"callback=a.", "callback"}}) {
    INFO(query);
    const std::string answer = world.Do("GET", Concat("/api/handles/88.118.8/HP-1?", query));
    CHECK(answer.substr(0, 3) == "400");
    CHECK(answer.find(R"("responseCode":4,)") != std::string::npos);
    CHECK(answer.find(Concat(R"("message":")", word)) != std::string::npos);
  }
  const std::string many =
      world.Do("GET", "/api/handles/88.118.8/HP-1?type=" + std::string(256, 'T'));
  CHECK(
      many ==
      R"(400 {"responseCode":4,"handle":"88.118.8/HP-1","message":"type is longer than 255 bytes"})");
  std::string query = "?index=1";
  for (int i = 0; i < 256; ++i) query += "&index=1";
  CHECK(
      world.Do("GET", "/api/handles/88.118.8/HP-1" + query) ==
      R"(400 {"responseCode":4,"handle":"88.118.8/HP-1","message":"Handle message: indexes are 257; at most 256 can be asked for at once"})");
}

TEST_CASE("a target that cannot be read is code 4, wherever it cannot") {
  ApiWorld world;
  for (const char* target :
       {"/api/handles/88.118.8/%E9", "/api/handles/88.118.8/HP-1?type=%zz",
        "/api/\x1chandles/88.118.8/HP-1", "/api/handles/88.118.8/HP-1\x1c?index=%"}) {
    INFO(target);
    const HttpResponse refused = world.Get(target);
    CHECK(refused.Header("Content-Type") == "application/json; charset=utf-8");
    CHECK(world.In(refused).substr(0, 40) == R"(400 {"responseCode":4,"message":"target )");
  }
}

TEST_CASE("a script of another site is called with the answer") {
  ApiWorld world;
  const HttpResponse response = world.Get("/api/handles/88.118.8/HP-1?index=2&callback=my.$load_1");
  CHECK(response.Header("Content-Type") == "application/javascript; charset=utf-8");
  CHECK(
      world.In(response) ==
      R"(200 /**/my.$load_1({"responseCode":1,"handle":"88.118.8/HP-1","values":[{"index":2,"type":"NAME","data":{"format":"string","value":"\u79bb\u5fc3\u6cf5 HP-1"},"ttl":86400,"timestamp":"T"}]});)");
  CHECK(world.Do("GET", "/api/handles/88.118.8/NEVER?callback=f") ==
        R"(404 /**/f({"responseCode":100,"handle":"88.118.8/NEVER"});)");
}

TEST_CASE("a script of another site is told nothing by its reader's credential") {
  ApiWorld world;
  // As a browser sends it that remembers the secret which its user gave to this site.
  for (const char* path : {"/api/handles/88.118.8/HP-1?publicOnly=false&",
                           "/api/handles?prefix=88.118.8&", "/api/prefixes?", "/api/site?"}) {
    INFO(path);
    const std::string answer =
        world.Do("GET", Concat(path, "callback=f"), {ApiWorld::PumpsWriter()});
    CHECK(answer.substr(0, 22) == R"(400 {"responseCode":4,)");
    CHECK(answer.find(R"("message":"callback does not go with Authorization)") != answer.npos);
  }
}

TEST_CASE("pretty answers are for people") {
  ApiWorld world;
  CHECK(world.Do("GET", "/api/handles/88.118.8/NEVER?pretty") ==
        "404 {\n  \"responseCode\": 100,\n  \"handle\": \"88.118.8/NEVER\"\n}\n");
}

TEST_CASE("values that are not public are shown to whom they are for, and asked after of others") {
  ApiWorld world;
  const std::string handle = "/api/handles/88.118.8/HP-1";
  const std::string everything =
      R"(1 URL "https://pumps.example/HP-1" 86400; 2 NAME "离心泵 HP-1" 86400; 3 PRICE "1000" 86400 1100; 4 COST "700" 86400 1100)";
  CHECK(world.Values(handle, {ApiWorld::PumpsWriter()}) == everything);
  CHECK(world.Values(handle, {ApiWorld::PumpsReader()}) == everything);
  CHECK(world.Values(handle, {ApiWorld::Bearer(HttpWorld::kPumpsWriter)}) == everything);
  const std::string public_values =
      R"(1 URL "https://pumps.example/HP-1" 86400; 2 NAME "离心泵 HP-1" 86400)";
  CHECK(world.Values(handle + "?publicOnly=true", {ApiWorld::PumpsWriter()}) == public_values);
  CHECK(world.Values(handle, {ApiWorld::ValvesWriter()}) == public_values);
  const HttpResponse asked = world.Get(handle + "?publicOnly=false");
  CHECK(
      world.In(asked) ==
      R"(401 {"responseCode":402,"handle":"88.118.8/HP-1","message":"this needs to know who asks"})");
  CHECK(ApiWorld::ChallengesOf(asked).size() == 2);
  // Nothing is withheld of what is asked for.
  CHECK(world.Values(handle + "?publicOnly=false&type=URL") ==
        R"(1 URL "https://pumps.example/HP-1" 86400)");
}

TEST_CASE("HS_ADMIN says who reads what is not public, too") {
  ApiWorld world;
  const std::string handle = "/api/handles/88.118.8/ADMINISTERED";
  REQUIRE(world
              .Put(handle, R"([{"index":1,"type":"URL","data":"https://a.example/"},
      {"index":3,"type":"COST","data":"1","permissions":"1100"},
      {"index":100,"type":"HS_ADMIN","data":{"format":"admin","value":
        {"handle":"88.118.8/ADMIN","index":300,"permissions":"111111111111"}}}])")
              .substr(0, 3) == "201");
  CHECK(world.Values(handle + "?type=COST", {ApiWorld::PumpsWriter()}) ==
        R"(3 COST "1" 86400 1100)");
  CHECK(world.Values(handle + "?type=URL", {ApiWorld::PumpsReader()}) ==
        R"(1 URL "https://a.example/" 86400)");
  CHECK(
      world.Do("GET", handle + "?type=COST", {ApiWorld::PumpsReader()}) ==
      R"(403 {"responseCode":400,"handle":"88.118.8/ADMINISTERED","message":"HS_ADMIN of 88.118.8/ADMINISTERED does not name 301:88.118.8/ADMIN"})");
}

TEST_CASE("a prefix's own handle and an identity's are there to be looked at") {
  ApiWorld world;
  const auto json = nlohmann::ordered_json::parse(world.Get("/api/handles/0.NA/88.118.8").body);
  REQUIRE(json["values"].size() == 3);
  CHECK(json["values"][0]["type"] == "HS_SITE");
  CHECK(json["values"][0]["data"]["format"] == "site");
  CHECK(json["values"][0]["data"]["value"]["servers"][0]["address"] == "127.0.0.1");
  CHECK(json["values"][0]["data"]["value"]["servers"][0]["publicKey"]["value"]["kty"] == "RSA");
  CHECK(
      json["values"][2]["data"].dump() ==
      R"({"format":"admin","value":{"handle":"88.118.8/ADMIN","index":300,"permissions":"111111111111"}})");
  // Secrets are nobody's to read, but clients look whether their identity's handle exists.
  CHECK(
      world.Values("/api/handles/88.118.9/ADMIN") ==
      R"(100 HS_ADMIN {"handle":"88.118.9/ADMIN","index":300,"permissions":"111111111111"} 86400)");
  CHECK(world.Values("/api/handles/88.118.8/ADMIN").substr(0, 27) ==
        R"(302 HS_PUBKEY {"kty":"RSA",)");
  CHECK(world.Values("/api/handles/88.118.9/ADMIN?index=300").substr(0, 4) == "200 ");
}

TEST_CASE("an alias is shown as it is: what is read is what a PUT replaces") {
  ApiWorld world;
  REQUIRE(world
              .Put("/api/handles/88.118.8/ALIAS",
                   R"({"index":9,"type":"HS_ALIAS","data":"88.118.8/HP-1"})")
              .substr(0, 3) == "201");
  CHECK(world.Values("/api/handles/88.118.8/ALIAS") == R"(9 HS_ALIAS "88.118.8/HP-1" 86400)");
}

TEST_CASE("the site is the one that Handle clients are told") {
  ApiWorld world;
  const auto json = nlohmann::ordered_json::parse(world.Get("/api/site").body);
  CHECK(json["responseCode"] == 1);
  CHECK(json["site"]["protocolVersion"] == "2.11");
  CHECK(json["site"]["attributes"].dump() == R"([{"name":"desc","value":"Suzhou"}])");
  HttpWorld without;
  CHECK(without.Get("/api/site").status == 501);
}

TEST_CASE("what is delegated is referred to its servers") {
  ApiWorld world;
  world.Write(&Registrar::DelegatePrefix, HttpWorld::kBureauAdmin, R"(name: "prefixes/88.118.9"
      sites { address: "192.0.2.7" protocol: HANDLE_TCP port: 2641 })");
  const auto answer = world.Get("/api/handles/88.118.9/NEVER");
  const auto json = nlohmann::ordered_json::parse(answer.body);
  CHECK(answer.status == 300);
  CHECK(json["responseCode"] == 303);
  CHECK(json["referral"]["handle"] == "0.NA/88.118.9");
  CHECK(json["referral"]["values"][0]["data"]["value"]["servers"][0]["address"] == "192.0.2.7");
  CHECK(
      world.Do("GET", "/api/handles/88.118.9/NEVER?doNotRefer=true") ==
      R"(400 {"responseCode":301,"handle":"88.118.9/NEVER","message":"prefix 88.118.9 is delegated to 192.0.2.7"})");
}

TEST_CASE("resolutions over the API count as those of HTTP") {
  ApiWorld world;
  world.Get("/api/handles/88.118.8/HP-1");
  world.Get("/api/handles/88.118.8/NEVER");
  REQUIRE(world.usage().Write().ok());
  const auto usage =
      world.Read(&Statistics::ListUsage, HttpWorld::kPumpsAdmin, R"(parent: "prefixes/88.118.8")");
  REQUIRE(usage.days_size() == 1);
  CHECK(usage.days(0).door() == "HTTP");
  CHECK(usage.days(0).asked() == 2);
  CHECK(usage.days(0).answered() == 1);
}

}  // namespace gusu::server
