// Handles and prefixes listed over the Handle JSON API, and messages of the protocol over HTTP.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/handle/message.h"
#include "proto/handle/response.h"
#include "proto/text.h"
#include "server/handle_administration/record_offsets.h"
#include "tests/server/handle_world.h"
#include "tests/server/http_api_world.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kList[] = "/api/handles?prefix=88.118.9";

// 88.118.9/V-0 to V-(count - 1), in two digits.
void MakeHandles(ApiWorld& world, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string number = Concat(i < 10 ? "0" : "", i);
    world.Write(
        &Registry::Register, HttpWorld::kValvesAdmin,
        Concat("row { identifier: '88.118.9/v-", number, "' values { type: 'URL' data: 'x' } }"));
  }
}

std::string Listed(ApiWorld& world, std::string_view query) {
  return world.Do("GET", Concat(kList, query), {ApiWorld::ValvesWriter()});
}

// Bodies of a resolve, as a Handle client posts them.
HttpRequest Post(std::string body) {
  return HttpWorld::Request(
      "POST", "/",
      {{"Content-Type", "application/x-hdl-message"}, {"Accept", "application/x-hdl-message"}},
      std::move(body));
}

}  // namespace

TEST_CASE("the handles of a prefix are listed page by page, in upper case, with their count") {
  ApiWorld world;
  MakeHandles(world, 5);
  CHECK(
      Listed(world, "&page=0&pageSize=3") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"5","page":0,"pageSize":3,"handles":["88.118.9/V-00","88.118.9/V-01","88.118.9/V-02"]})");
  CHECK(
      Listed(world, "&page=1&pageSize=3") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"5","page":1,"pageSize":3,"handles":["88.118.9/V-03","88.118.9/V-04"]})");
  CHECK(
      Listed(world, "&page=2&pageSize=3") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"5","page":2,"pageSize":3,"handles":[]})");
  CHECK(
      Listed(world, "&page=4294967295&pageSize=10000") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"5","page":4294967295,"pageSize":10000,"handles":[]})");
  CHECK(Listed(world, "&pageSize=0") ==
        R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"5","page":0,"pageSize":0})");
  CHECK(
      Listed(world, "") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"5","handles":["88.118.9/V-00","88.118.9/V-01","88.118.9/V-02","88.118.9/V-03","88.118.9/V-04"]})");
  CHECK(
      world.Do("GET", "/api/handles?prefix=0.NA/88.118.9&page=2&pageSize=2",
               {ApiWorld::ValvesWriter()}) ==
      R"(200 {"responseCode":1,"prefix":"0.NA/88.118.9","totalCount":"5","page":2,"pageSize":2,"handles":["88.118.9/V-04"]})");
}

TEST_CASE("a prefix without handles has an empty list") {
  ApiWorld world;
  CHECK(Listed(world, "") ==
        R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"0","handles":[]})");
  CHECK(
      Listed(world, "&page=0&pageSize=7") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"0","page":0,"pageSize":7,"handles":[]})");
}

TEST_CASE("handles that were deleted are left out, and keep their place among the pages") {
  ApiWorld world;
  MakeHandles(world, 4);
  REQUIRE(world.Ask("DELETE", "/api/handles/88.118.9/V-01", {ApiWorld::ValvesWriter()}).status ==
          200);
  CHECK(
      Listed(world, "&page=0&pageSize=2") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"4","page":0,"pageSize":2,"handles":["88.118.9/V-00"]})");
  CHECK(
      Listed(world, "&page=1&pageSize=2") ==
      R"(200 {"responseCode":1,"prefix":"88.118.9","totalCount":"4","page":1,"pageSize":2,"handles":["88.118.9/V-02","88.118.9/V-03"]})");
}

TEST_CASE("pages that are read one after the other have every handle once, in whatever size") {
  ApiWorld world;
  MakeHandles(world, 23);
  for (const int page_size : {1, 2, 7, 23, 24}) {
    std::string seen;
    int count = 0;
    for (int page = 0; page * page_size < 23; ++page) {
      const Json json = Json::parse(world
                                        .Get(Concat(kList, "&page=", page, "&pageSize=", page_size),
                                             {ApiWorld::ValvesWriter()})
                                        .body);
      for (const auto& handle : json["handles"]) {
        CHECK(handle.get<std::string>() > seen);
        seen = handle.get<std::string>();
        ++count;
      }
    }
    CHECK(count == 23);
  }
}

TEST_CASE("a prefix is listed for its holder and the bureau, and for nobody else") {
  ApiWorld world;
  MakeHandles(world, 1);
  CHECK(world.Ask("GET", kList).status == 401);
  // Nor are they told how many there are.
  for (const char* query : {"", "&pageSize=0", "&page=7&pageSize=3"}) {
    INFO(query);
    CHECK(
        world.Do("GET", Concat(kList, query), {ApiWorld::PumpsWriter()}) ==
        R"(403 {"responseCode":400,"prefix":"88.118.9","message":"the records of prefix 88.118.9 are listed for the prefix's holder, for the registrant that owner or custodian names, and for the bureau"})");
  }
  CHECK(world.Ask("GET", kList, {ApiWorld::Bearer(HttpWorld::kBureauAuditor)}).status == 200);
  CHECK(world.Do("GET", "/api/handles?prefix=99.999", {ApiWorld::ValvesWriter()}) ==
        R"(400 {"responseCode":301,"prefix":"99.999","message":"That prefix doesn't live here"})");
  CHECK(world.Do("GET", "/api/handles", {ApiWorld::ValvesWriter()}) ==
        R"(400 {"responseCode":4,"prefix":"","message":"prefix is not given: whose handles?"})");
  CHECK(
      Listed(world, "&pageSize=10001") ==
      R"(400 {"responseCode":4,"prefix":"88.118.9","message":"pageSize is 10001; at most 10000"})");
  CHECK(
      Listed(world, "&page=x") ==
      R"(400 {"responseCode":4,"prefix":"88.118.9","message":"page x is no number from 0 to 4294967295"})");
  CHECK(world.Ask("DELETE", kList).status == 405);
}

TEST_CASE("a long list comes in parts, and is one") {
  ApiWorld world;
  const int count = 2'500;
  for (int first = 0; first < count; first += 1'250) {
    std::string rows;
    for (int i = first; i < first + 1'250; ++i) {
      rows += Concat("rows { identifier: '88.118.9/L-", 10'000 + i,
                     "' values { type: 'URL' data: 'x' } } ");
    }
    world.Write(&Registry::BatchRegister, HttpWorld::kValvesAdmin, rows);
  }
  const auto inbox = world.Send(HttpWorld::Request("GET", kList, {ApiWorld::ValvesWriter()}));
  const HttpResponse first = inbox->Take();
  REQUIRE(first.more != nullptr);
  const HttpResponse whole = world.Ask("GET", kList, {ApiWorld::ValvesWriter()});
  const Json json = Json::parse(whole.body);
  REQUIRE(json["handles"].size() == static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    CHECK(json["handles"][static_cast<size_t>(i)] == Concat("88.118.9/L-", 10'000 + i));
  }
  CHECK(json["totalCount"] == "2500");
  const Json page = Json::parse(
      world.Get(Concat(kList, "&page=2&pageSize=1100"), {ApiWorld::ValvesWriter()}).body);
  REQUIRE(page["handles"].size() == 300);
  CHECK(page["handles"][0] == "88.118.9/L-12200");
}

TEST_CASE("offsets of a prefix are found from the nearest one that is known") {
  ApiWorld world;
  MakeHandles(world, 30);
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  RecordOffsets offsets([&now] { return now; });
  const auto view = world.View();
  const auto find = [&](uint64_t offset) {
    const auto place = offsets.Find(*view, "88.118.9", offset);
    REQUIRE(place.ok());
    CHECK(place->reached);
    return place->identifier_key;
  };
  CHECK(find(0).empty());
  CHECK(find(20) == "88.118.9/V-19");
  CHECK(find(5) == "88.118.9/V-04");
  CHECK(find(30) == "88.118.9/V-29");
  CHECK(find(31) == "88.118.9/V-29");  // the end
  CHECK(offsets.mark_count() == 3);
  // It goes on from what it is told, whatever that is.
  offsets.Mark("88.118.9", 10, "88.118.9/V-15");
  CHECK(find(12) == "88.118.9/V-17");
  now += RecordOffsets::kKeptTime + absl::Seconds(1);
  CHECK(find(12) == "88.118.9/V-11");
  CHECK(find(7) == "88.118.9/V-06");
  CHECK(offsets.Find(*view, "88.118.7", 3)->identifier_key.empty());
  for (size_t i = 0; i < 2 * RecordOffsets::kPrefixesMax; ++i) {
    offsets.Mark(Concat("77.", i), 1, Concat("77.", i, "/X"));
  }
  CHECK(offsets.mark_count() == RecordOffsets::kPrefixesMax);
  for (uint64_t i = 1; i <= 2 * RecordOffsets::kMarksMax; ++i) offsets.Mark("66", i, "66/X");
  CHECK(offsets.mark_count() == RecordOffsets::kMarksMax + RecordOffsets::kPrefixesMax - 1);
}

TEST_CASE("prefixes are told one by one, and listed for whoever has a credential") {
  ApiWorld world;
  CHECK(world.Do("GET", "/api/prefixes/88.118.8") ==
        R"(200 {"responseCode":1,"prefix":"88.118.8"})");
  CHECK(world.Do("GET", "/api/prefixes/0.NA%2F88.118.8") ==
        R"(200 {"responseCode":1,"prefix":"0.NA/88.118.8"})");
  CHECK(world.Do("GET", "/api/prefixes/99.999") ==
        R"(400 {"responseCode":301,"prefix":"99.999","message":"That prefix doesn't live here"})");
  CHECK(world.Ask("GET", "/api/prefixes").status == 401);
  CHECK(world.Do("GET", "/api/prefixes", {ApiWorld::Bearer(HttpWorld::kBureauAdmin)}) ==
        R"(200 {"responseCode":1,"prefixes":["0.NA/88.118.8","0.NA/88.118.9"]})");
  CHECK(
      world.Do("POST", "/api/prefixes/88.118.8", {ApiWorld::Bearer(HttpWorld::kBureauAdmin)}) ==
      R"(501 {"responseCode":5,"prefix":"88.118.8","message":"prefixes are granted, delegated and retired by the bureau, over the registry's own API"})");
  CHECK(world.Ask("DELETE", "/api/prefixes/88.118.8").status == 501);
}

TEST_CASE("a message of the Handle protocol is answered as over TCP") {
  ApiWorld world;
  const HttpResponse answer =
      world.Ask(Post(test::HandleWorld::ResolveRequest("88.118.8/HP-1", {"URL"})));
  CHECK(answer.status == 200);
  CHECK(answer.Header("Content-Type") == "application/x-hdl-message");
  CHECK(test::HandleWorld::Text(answer.body) ==
        "1 88.118.8/HP-1: 1 URL 0e \"https://pumps.example/HP-1\"; ");
  CHECK(test::HandleWorld::Text(
            world.Ask(Post(test::HandleWorld::ResolveRequest("88.118.8/NEVER"))).body) == "100");
  CHECK(world.Ask(Post("no message")).status == 400);
  CHECK(world.Ask(Post(test::HandleWorld::ResolveRequest("88.118.8/HP-1") + "more")).status == 400);
  CHECK(world.Ask(Post("")).status == 400);
  HttpWorld without;
  CHECK(without.Ask(Post(test::HandleWorld::ResolveRequest("88.118.8/HP-1"))).status == 501);
}

}  // namespace gusu::server
