// What is written over the Handle JSON API, as its clients write it.
#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "server/handle_administration/write.h"
#include "tests/server/http_api_world.h"

namespace gusu::server {
namespace {

const std::string kNew = "/api/handles/88.118.8/NEW";
const std::string kAdminOfNew =
    R"({"index":100,"type":"HS_ADMIN","data":{"format":"admin","value":{"handle":"88.118.8/ADMIN","index":300,"permissions":"011111110011"}}})";
const std::string kThree =
    Concat(R"({"values":[)", kAdminOfNew,
           R"(,{"index":111,"type":"TEST1","data":{"format":"string","value":"val1"}},)",
           R"({"index":4,"type":"TEST4","data":"val4","ttl":600}]})");

std::string Told(int status, int code, const std::string& rest = "") {
  return Concat(status, R"( {"responseCode":)", code, R"(,"handle":"88.118.8/NEW")", rest, "}");
}

std::string Refused(int status, int code, const std::string& message) {
  return Told(status, code, Concat(R"(,"message":")", message, "\""));
}

const std::string kStoredAdmin =
    R"(100 HS_ADMIN {"handle":"88.118.8/ADMIN","index":300,"permissions":"011111110011"} 86400)";

}  // namespace

TEST_CASE("writers of one handle at once do not come in each other's way") {
  ApiWorld world;
  REQUIRE(world.Put(kNew, R"({"index":1,"type":"URL","data":"x"})") == Told(201, 1));
  std::vector<std::shared_ptr<HttpWorld::Inbox>> inboxes;
  for (int index = 10; index < 10 + AdminWriting::kAttemptsMax; ++index) {
    inboxes.push_back(world.Send(HttpWorld::Request(
        "PUT", Concat(kNew, "?index=", index), {ApiWorld::PumpsWriter(), ApiWorld::kJson},
        Concat(R"({"index":)", index, R"(,"type":"T","data":"x"})"))));
  }
  for (const auto& inbox : inboxes) CHECK(world.In(inbox->Take()) == Told(200, 1));
  const auto read = nlohmann::ordered_json::parse(world.Get(kNew).body);
  CHECK(read["values"].size() == 1 + inboxes.size());
}

TEST_CASE("a handle is created, replaced, and left alone where it may not be overwritten") {
  ApiWorld world;
  CHECK(world.Put(kNew, kThree) == Told(201, 1));
  CHECK(world.Values(kNew) ==
        Concat(kStoredAdmin, R"(; 111 TEST1 "val1" 86400; 4 TEST4 "val4" 600)"));
  CHECK(world.Put(kNew + "?overwrite=false", kThree) ==
        Refused(409, 101, R"(handle 88.118.8/NEW exists)"));
  CHECK(world.Put(kNew + "?overwrite=False", kThree) ==
        Refused(409, 101, R"(handle 88.118.8/NEW exists)"));
  CHECK(world.Put(kNew + "?overwrite=maybe", kThree) ==
        Refused(400, 4, "overwrite maybe is neither true nor false"));
  CHECK(world.Put(kNew + "?overwrite=True",
                  Concat("[", kAdminOfNew, R"(,{"index":1,"type":"URL","data":"x"}])")) ==
        Told(200, 1));
  CHECK(world.Values(kNew) == kStoredAdmin + R"(; 1 URL "x" 86400)");
}

TEST_CASE("one value may be sent alone, and numbers as text") {
  ApiWorld world;
  CHECK(world.Put(kNew, R"({"index":"7","type":"SIZE","data":12.5,"ttl":"60"})") == Told(201, 1));
  CHECK(world.Values(kNew) == R"(7 SIZE "12.5" 60)");
}

TEST_CASE("values are put one by one: what is there is replaced, what is not is added") {
  ApiWorld world;
  REQUIRE(world.Put(kNew, kThree) == Told(201, 1));
  CHECK(world.Put(kNew + "?index=4&index=2&overwrite=true",
                  R"({"values":[{"index":4,"type":"TEST4","data":"new4"},
                      {"index":2,"type":"TEST100","data":"new100"}]})") == Told(200, 1));
  CHECK(world.Values(kNew) ==
        Concat(kStoredAdmin,
               R"(; 111 TEST1 "val1" 86400; 4 TEST4 "new4" 600; 2 TEST100 "new100" 86400)"));
  CHECK(world.Put(kNew + "?index=various", R"([{"index":111,"type":"TEST1","data":"v"}])") ==
        Told(200, 1));
  CHECK(world.Put(kNew + "?index=2&overwrite=false",
                  R"([{"index":2,"type":"TEST100","data":"again"}])") ==
        Refused(409, 201, "handle 88.118.8/NEW has a value of index 2"));
  CHECK(world.Values(kNew + "?index=2&index=111") ==
        R"(111 TEST1 "v" 86400; 2 TEST100 "new100" 86400)");
}

TEST_CASE("the indexes of a PUT are those of its body") {
  ApiWorld world;
  REQUIRE(world.Put(kNew, kThree) == Told(201, 1));
  const std::string body = R"([{"index":4,"type":"TEST4","data":"new4"}])";
  const std::string refused = Refused(400, 4, "index names other values than the body has");
  CHECK(world.Put(kNew + "?index=5", body) == refused);
  CHECK(world.Put(kNew + "?index=4&index=5", body) == refused);
  CHECK(world.Put(kNew + "?index=4", "[]") == Refused(400, 4, "values are none"));
  CHECK(world.Put(kNew + "?index=x", body) ==
        Refused(400, 4, R"(index x is no number from 0 to 4294967295)"));
  CHECK(world.Put("/api/handles/88.118.8/NEVER?index=4", body) ==
        R"(404 {"responseCode":100,"handle":"88.118.8/NEVER"})");
}

TEST_CASE("values are removed by index, and a handle whole") {
  ApiWorld world;
  REQUIRE(world.Put(kNew, kThree) == Told(201, 1));
  CHECK(world.Delete(kNew + "?index=111") == Told(200, 1));
  CHECK(world.Values(kNew) == kStoredAdmin + R"(; 4 TEST4 "val4" 600)");
  CHECK(world.Delete(kNew + "?index=111&index=4") ==
        Refused(400, 200, "record 88.118.8/NEW has no value of index 111"));
  CHECK(world.Values(kNew) == kStoredAdmin + R"(; 4 TEST4 "val4" 600)");
  CHECK(world.Delete(kNew) == Told(200, 1));
  CHECK(world.Do("GET", kNew) == Told(404, 100));
  CHECK(world.Delete(kNew) == Told(404, 100));
  // A handle that was deleted is created again.
  CHECK(world.Put(kNew, R"({"index":1,"type":"URL","data":"again"})") == Told(201, 1));
  CHECK(world.Values(kNew) == R"(1 URL "again" 86400)");
}

TEST_CASE("a suffix is minted") {
  ApiWorld world;
  const auto made = nlohmann::ordered_json::parse(
      world
          .Ask("PUT", "/api/handles/88.118.8/LOT-?mintNewSuffix=true",
               {ApiWorld::PumpsWriter(), ApiWorld::kJson}, R"({"index":1,"type":"URL","data":"x"})")
          .body);
  const auto handle = made["handle"].get<std::string>();
  CHECK(made["responseCode"] == 1);
  CHECK(handle.size() == std::string("88.118.8/LOT-").size() + 36);
  CHECK(world.Values("/api/handles/" + handle) == R"(1 URL "x" 86400)");
  // The prefix alone is beginning enough.
  CHECK(world
            .Put("/api/handles/88.118.8/?mintNewSuffix=true",
                 R"({"index":1,"type":"URL","data":"x"})")
            .substr(0, 41) == R"(201 {"responseCode":1,"handle":"88.118.8/)");
  CHECK(
      world.Put("/api/handles/88.118.8?mintNewSuffix=true",
                R"({"index":1,"type":"URL","data":"x"})") ==
      R"(400 {"responseCode":102,"handle":"88.118.8","message":"identifier \"88.118.8\": has no \"/\" between prefix and suffix"})");
  CHECK(world.Put(kNew + "?mintNewSuffix=true&index=1", R"({"index":1,"type":"URL","data":"x"})") ==
        Refused(400, 4, "mintNewSuffix does not go with index"));
}

TEST_CASE("every format of data is read as it is written") {
  ApiWorld world;
  const std::string key =
      nlohmann::ordered_json::parse(
          world.Get("/api/handles/88.118.8/ADMIN?index=302").body)["values"][0]["data"]
          .dump();
  const std::string site =
      nlohmann::ordered_json::parse(
          world.Get("/api/handles/0.NA/88.118.8?index=3").body)["values"][0]["data"]
          .dump();
  const std::string data[] = {
      R"({"format":"string","value":"泵 \"1\""})",
      R"({"format":"base64","value":"/wD+"})",
      kAdminOfNew.substr(kAdminOfNew.find("\"data\":") + 7,
                         kAdminOfNew.size() - kAdminOfNew.find("\"data\":") - 8),
      R"({"format":"vlist","value":[{"handle":"88.118.8/ADMIN","index":300},{"handle":"88.118.8/G","index":0}]})",
      key,
      site};
  const char* types[] = {"DESC", "RAW", "HS_ADMIN", "HS_VLIST", "HS_PUBKEY", "HS_SITE"};
  std::string body;
  for (size_t i = 0; i < std::size(data); ++i) {
    body += Concat(body.empty() ? "[" : ",", R"({"index":)", 10 + i, R"(,"type":")", types[i],
                   R"(","data":)", data[i], "}");
  }
  REQUIRE(world.Put(kNew, body + "]") == Told(201, 1));
  const auto read = nlohmann::ordered_json::parse(world.Get(kNew).body);
  REQUIRE(read["values"].size() == std::size(data));
  for (size_t i = 0; i < std::size(data); ++i) {
    INFO(types[i]);
    CHECK(read["values"][i]["data"].dump() == data[i]);
  }
  CHECK(world.Put(kNew + "?index=20",
                  R"([{"index":20,"type":"RAW","data":{"format":"hex","value":"c3Bf"}}])") ==
        Told(200, 1));
  CHECK(world.Values(kNew + "?index=20") == R"(20 RAW "ÿ" 86400)");
}

TEST_CASE("permissions, times to live and references go along") {
  ApiWorld world;
  REQUIRE(world.Put(kNew, R"([{"index":1,"type":"URL","data":"x","permissions":"1100",
      "ttl":"2030-01-02T03:04:05Z","references":[{"handle":"88.118.8/ADMIN","index":300}]},
      {"index":2,"type":"DESC","data":"y","permissions":"1110","timestamp":"2001-01-01T00:00:00Z"}])") ==
          Told(201, 1));
  CHECK(
      world.Do("GET", kNew, {ApiWorld::PumpsWriter()}) ==
      R"(200 {"responseCode":1,"handle":"88.118.8/NEW","values":[)"
      R"({"index":1,"type":"URL","data":{"format":"string","value":"x"},"permissions":"1100","ttl":"2030-01-02T03:04:05Z","timestamp":"T","references":[{"handle":"88.118.8/ADMIN","index":300}]},)"
      R"({"index":2,"type":"DESC","data":{"format":"string","value":"y"},"ttl":86400,"timestamp":"T"}]})");
  // A modification that says nothing of who may read leaves it.
  REQUIRE(world.Put(kNew + "?index=1", R"({"index":1,"type":"URL","data":"z"})") == Told(200, 1));
  CHECK(world.Values(kNew) == R"(2 DESC "y" 86400)");
}

TEST_CASE("a body that is not as it should be is code 4, says why, and changes nothing") {
  ApiWorld world;
  const uint64_t leaves = world.View()->leaf_count();
  const auto put = [&world](const std::string& body) { return world.Put(kNew, body); };
  const auto value = [](const std::string& member) {
    return Concat(R"({"index":1,"type":"URL",)", member, "}");
  };
  // Of the values, counted from 0, the one that is meant is named.
  const auto refused_value = [](const std::string& message) {
    return Refused(400, 4, "values[0]: " + message);
  };
  CHECK(put("") == Refused(400, 4, "body is empty"));
  CHECK(put("{") == Refused(400, 4, "body is no JSON from byte 2 on"));
  CHECK(put(R"([{"index":1e999}])") == Refused(400, 4, "body has a number that is too large"));
  CHECK(put("\"x\"") == Refused(400, 4, "body is no value, and no array of values"));
  CHECK(put(R"({"values":1})") == Refused(400, 4, "body is no value, and no array of values"));
  CHECK(put("[1]") == refused_value("value is no object"));
  CHECK(put(std::string(40, '[') + std::string(40, ']')) ==
        Refused(400, 4, "JSON is deeper than 16 levels"));
  CHECK(put("{\"index\":1,\"type\":\"\xff\"}") ==
        Refused(400, 4, "body is no JSON from byte 20 on"));
  CHECK(put(R"({"type":"URL","data":"x"})") == refused_value("index is not given"));
  CHECK(put(R"({"index":-1,"type":"URL","data":"x"})") ==
        refused_value("index -1 is no number from 0 to 4294967295"));
  CHECK(put(R"({"index":1,"data":"x"})") == refused_value("type is not given"));
  CHECK(put(R"({"index":1,"type":"URL"})") == refused_value("data is not given"));
  CHECK(put(value(R"("data":["x"])")) ==
        refused_value("data is neither text nor an object of format and value"));
  CHECK(put(value(R"("data":{"format":"string"})")) ==
        refused_value("data of format string has no value"));
  CHECK(put(value(R"("data":{"format":"rot13","value":"x"})")) ==
        refused_value(R"(data has format rot13: string, base64, hex, admin, vlist, site or key)"));
  CHECK(put(value(R"("data":{"format":"base64","value":"x"})")) ==
        refused_value(R"(data x is not base64)"));
  CHECK(put(value(R"("data":{"format":"hex","value":"abc"})")) ==
        refused_value(R"(data abc is not hexadecimal)"));
  CHECK(put(value(
            R"("data":{"format":"admin","value":{"handle":"x","index":1,"permissions":"2"}})")) ==
        refused_value(R"(permissions 2 are not twelve binary digits)"));
  CHECK(put(value(R"("data":{"format":"vlist","value":{}})")) ==
        refused_value("vlist is no array, or too long"));
  CHECK(put(value(R"("data":{"format":"key","value":{"kty":"EC"}})")) ==
        refused_value("key is of no kty that is known: RSA or DSA"));
  CHECK(
      put(value(
          R"("data":{"format":"site","value":{"servers":[{"serverId":1,"address":"example.com"}]}})")) ==
      refused_value(R"(site has no numeric address example.com)"));
  CHECK(put(value(R"("data":"x","permissions":"111")")) ==
        refused_value(R"(permissions 111 are not four binary digits)"));
  CHECK(put(value(R"("data":"x","ttl":"tomorrow")")) ==
        refused_value("ttl tomorrow is no number from 0 to 4294967295"));
  CHECK(put(value(R"("data":"x","references":{})")) ==
        refused_value("references are no array, or too many"));
  CHECK(world.Do("PUT", kNew, {ApiWorld::PumpsWriter()}, "[]") ==
        Refused(400, 4, "Content-Type is not given; it is application/json"));
  CHECK(world.Do("PUT", kNew, {ApiWorld::PumpsWriter(), {"Content-Type", "text/html"}}, "[]") ==
        Refused(400, 4, R"(Content-Type is text/html, not application/json)"));
  CHECK(world.View()->leaf_count() == leaves);
}

TEST_CASE("an object has so many members, since each is looked for among the others") {
  ApiWorld world;
  const auto object_of = [](size_t count) {
    std::string members = R"("index":1,"type":"URL","data":"x")";
    for (size_t i = 3; i < count; ++i) members += Concat(",\"m", i, "\":0");
    return "{" + members + "}";
  };
  const std::string refused = Refused(400, 4, "JSON has an object of more than 64 members");
  CHECK(world.Put(kNew, object_of(65)) == refused);
  CHECK(world.Put(kNew, object_of(100'000)) == refused);
  CHECK(world.Put(kNew, Concat("[", object_of(64), ",", object_of(65), "]")) == refused);
  CHECK(world.Do("POST", kNew, {ApiWorld::kJson}, object_of(65)) == refused);
  CHECK(world.Put(kNew + "?index=1", Concat("{\"values\":[", object_of(64), "]}")) ==
        Told(404, 100));
  CHECK(world.Put(kNew, Concat("[", object_of(64), "]")) == Told(201, 1));
}

TEST_CASE("who may read a value, and for how long, stays where a PUT does not say it") {
  ApiWorld world;
  REQUIRE(world.Put(kNew, R"([{"index":1,"type":"URL","data":"x","ttl":"2030-01-02T03:04:05Z"},
      {"index":3,"type":"PRICE","data":"1000","permissions":"1100","ttl":60}])") == Told(201, 1));
  const std::string body =
      R"([{"index":1,"type":"URL","data":"y"},{"index":3,"type":"PRICE","data":"999"}])";
  for (const char* query : {"?index=various", "?overwrite=true"}) {
    INFO(query);
    REQUIRE(world.Put(kNew + query, body) == Told(200, 1));
    CHECK(world.Values(kNew) == R"(1 URL "y" "2030-01-02T03:04:05Z")");
    CHECK(world.Values(kNew, {ApiWorld::PumpsWriter()}) ==
          R"(1 URL "y" "2030-01-02T03:04:05Z"; 3 PRICE "999" 60 1100)");
  }
  CHECK(world.Put(kNew, R"([{"index":3,"type":"OFFER","data":"999"}])") == Told(200, 1));
  CHECK(world.Values(kNew) == R"(3 OFFER "999" 86400)");
}

TEST_CASE("a value that is changed keeps what the protocol has no word for") {
  ApiWorld world;
  const std::string digest(32, 'd');
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter,
              Concat("row { identifier: '88.118.8/NEW' ",
                     "values { index: 2 type: 'NAME' data: 'Pump' language: 'en' } ",
                     "values { index: 3 type: 'PRICE' data: '1' tier: PARTNER } ",
                     "values { index: 4 type: 'SEAL' data: '", digest, "' is_digest: true } }"));
  const auto told = [&world] {
    const auto response =
        world.Read(&Resolver::Resolve, HttpWorld::kPumpsWriter, "identifier: '88.118.8/NEW'");
    std::string text;
    for (const v1::Value& value : response.record().values()) {
      text += Concat(value.index(), " ", value.type(), " ", value.data().substr(0, 4), " ",
                     v1::Tier_Name(value.tier()), " ", value.language(),
                     value.is_digest() ? "digest; " : "; ");
    }
    return text;
  };
  REQUIRE(told() == "2 NAME Pump PUBLIC en; 3 PRICE 1 PARTNER ; 4 SEAL dddd PUBLIC digest; ");
  const auto body = [&digest](std::string_view name) {
    return Concat(R"([{"index":2,"type":"NAME","data":")", name,
                  R"("},{"index":3,"type":"PRICE","data":"2","permissions":"1100"},)",
                  R"({"index":4,"type":"SEAL","data":")", digest, R"("}])");
  };
  CHECK(world.Put(kNew + "?index=various", body("Valve")) == Told(200, 1));
  CHECK(told() == "2 NAME Valv PUBLIC en; 3 PRICE 2 PARTNER ; 4 SEAL dddd PUBLIC digest; ");
  // Nor does the whole record lose it, when it is put as it was read.
  CHECK(world.Put(kNew, body("Big pumps")) == Told(200, 1));
  CHECK(told() == "2 NAME Big  PUBLIC en; 3 PRICE 2 PARTNER ; 4 SEAL dddd PUBLIC digest; ");
  // Another value in its place is another value.
  CHECK(world.Put(kNew + "?index=various",
                  R"([{"index":2,"type":"TITLE","data":"Titel"},
                      {"index":3,"type":"COST","data":"3","permissions":"1100"},
                      {"index":4,"type":"SEAL","data":"open"}])") == Told(200, 1));
  CHECK(told() == "2 TITLE Tite PUBLIC ; 3 COST 3 OWNER ; 4 SEAL open PUBLIC ; ");
}

TEST_CASE("a value that no record can have is code 202, or 201 for an index twice") {
  ApiWorld world;
  const uint64_t leaves = world.View()->leaf_count();
  CHECK(world.Put(kNew, R"({"index":0,"type":"URL","data":"x"})") ==
        Refused(400, 202, "values[0]: field index: it is 0, and must be from 1 to 2147483647"));
  CHECK(world.Put(kNew, R"([{"index":1,"type":"URL","data":"x"},{"index":2,"type":"","data":"x"},
                            {"index":3,"type":"","data":"x"}])") ==
        Refused(400, 202, "values[1]: field type: value 2 has none (and 1 more)"));
  CHECK(world.Put(kNew, R"({"index":1000,"type":"URL","data":"x"})") ==
        Refused(400, 202, "values[0]: value index 1000 is the server's: 1000 to 1999"));
  CHECK(world.Put(kNew, R"({"index":1,"type":"HS_SECKEY","data":"secret"})") ==
        Refused(400, 202,
                "values[0]: field type: secrets are no values of records: make a credential of the "
                "secret"));
  CHECK(world.Put(kNew, R"({"index":1,"type":"HS_ADMIN","data":"not one"})") ==
        Refused(400, 202,
                "values[0]: field data: Handle message: a reference's handle is longer than the "
                "protocol allows"));
  CHECK(
      world.Put(kNew, R"([{"index":1,"type":"A","data":"x"},{"index":1,"type":"B","data":"x"}])") ==
      Refused(409, 201, "values[1]: two values have index 1"));
  CHECK(world.View()->leaf_count() == leaves);
}

TEST_CASE("who writes is who may: its prefix, its role, and HS_ADMIN") {
  ApiWorld world;
  const std::string body = R"({"index":1,"type":"URL","data":"x"})";
  const auto put_as = [&](HttpHeader who, const std::string& handle) {
    return world.Do("PUT", "/api/handles/" + handle, {std::move(who), ApiWorld::kJson}, body);
  };
  CHECK(put_as(ApiWorld::ValvesWriter(), "88.118.8/NEW") ==
        Refused(403, 400, "registrant sz-valves does not hold prefix 88.118.8"));
  CHECK(put_as(ApiWorld::PumpsReader(), "88.118.8/NEW") ==
        Refused(403, 401,
                "a credential of role READER may not call Register; allowed: REGISTRANT_WRITER, "
                "REGISTRANT_ADMIN, BUREAU_ADMIN"));
  CHECK(
      put_as(ApiWorld::PumpsWriter(), "99.999/NEW") ==
      R"(400 {"responseCode":301,"handle":"99.999/NEW","message":"That prefix doesn't live here"})");
  REQUIRE(put_as(ApiWorld::Bearer(HttpWorld::kPumpsWriter), "88.118.8/NEW") == Told(201, 1));
  // From here on it is 302's alone.
  const std::string other = R"({"index":100,"type":"HS_ADMIN","data":{"format":"admin","value":
      {"handle":"88.118.8/ADMIN","index":302,"permissions":"111111111111"}}})";
  REQUIRE(world.Put(kNew, other) == Told(200, 1));
  const std::string not_303 =
      Refused(403, 400, "HS_ADMIN of 88.118.8/NEW does not name 303:88.118.8/ADMIN");
  CHECK(put_as(ApiWorld::OtherWriter(), "88.118.8/NEW") == not_303);
  CHECK(world.Do("DELETE", kNew + "?index=100", {ApiWorld::OtherWriter()}) == not_303);
  CHECK(world.Do("DELETE", kNew, {ApiWorld::OtherWriter()}) == not_303);
  CHECK(world.Delete(kNew) ==
        Refused(403, 400, "HS_ADMIN of 88.118.8/NEW does not name 300:88.118.8/ADMIN"));
  // A token has no identity that HS_ADMIN could name: it may what it may over every other door.
  CHECK(world.Do("DELETE", kNew, {ApiWorld::Bearer(HttpWorld::kPumpsWriter)}) == Told(200, 1));
}

TEST_CASE("without a credential nothing is written, and the answer says how to give one") {
  ApiWorld world;
  const uint64_t leaves = world.View()->leaf_count();
  const std::string body = R"({"index":1,"type":"URL","data":"x"})";
  const HttpResponse refused = world.Ask("PUT", kNew, {ApiWorld::kJson}, body);
  CHECK(world.In(refused) == Refused(401, 402, "this needs to know who asks"));
  REQUIRE(ApiWorld::ChallengesOf(refused).size() == 2);
  CHECK(ApiWorld::ChallengesOf(refused)[0] == "Basic realm=\"handle\"");
  CHECK(world.Ask("DELETE", "/api/handles/88.118.8/HP-1").status == 401);
  // What nobody may do is said first.
  CHECK(world.Do("DELETE", "/api/handles/88.118.8/NEVER") ==
        R"(404 {"responseCode":100,"handle":"88.118.8/NEVER"})");
  CHECK(world.View()->leaf_count() == leaves);
}

}  // namespace gusu::server
