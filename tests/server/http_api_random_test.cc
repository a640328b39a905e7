// The Handle JSON API against a model of one handle, and with requests that are nearly right.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "proto/base64.h"
#include "proto/text.h"
#include "tests/random.h"
#include "tests/server/http_api_world.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;
using test::Random;

constexpr char kHandle[] = "/api/handles/88.118.8/MODEL";

// A handle as its owner sees it; nullopt: there is none.
using Model = std::optional<std::vector<Json>>;

Json RandomData(Random& random) {
  switch (random.Below(4)) {
    case 0:
      return {{"format", "string"}, {"value", Concat("泵 ", random.Below(1'000), " \"\\\n")}};
    case 1:
      return {{"format", "base64"},
              {"value", Base64Encode("\xff" + random.Bytes(random.Below(40)))}};
    case 2:
      return {
          {"format", "vlist"},
          {"value", Json::array({{{"handle", "88.118.8/ADMIN"}, {"index", random.Below(400)}}})}};
    default:
      return {{"format", "string"}, {"value", ""}};
  }
}

Json RandomValue(Random& random, size_t index) {
  Json value = {{"index", index}, {"type", ""}, {"data", RandomData(random)}};
  value["type"] = value["data"]["format"] == "vlist" ? "HS_VLIST" : Concat("T", random.Below(3));
  if (random.Below(4) != 0) value["permissions"] = random.Below(3) == 0 ? "1100" : "1110";
  if (random.Below(4) != 0) value["ttl"] = random.Below(100'000);
  return value;
}

std::vector<Json> RandomValues(Random& random) {
  std::set<size_t> indexes;
  for (size_t count = 1 + random.Below(4); count > 0; --count) indexes.insert(1 + random.Below(9));
  std::vector<Json> values;
  for (const size_t index : indexes) values.push_back(RandomValue(random, index));
  return values;
}

const Json* Find(const Model& model, const Json& index) {
  if (!model.has_value()) return nullptr;
  const auto found = std::find_if(model->begin(), model->end(),
                                  [&](const Json& value) { return value["index"] == index; });
  return found == model->end() ? nullptr : &*found;
}

// What is sent, in the place of `old`: what it does not say stays.
Json Filled(const Json& sent, const Json* old) {
  Json value = {{"index", sent["index"]}, {"type", sent["type"]}, {"data", sent["data"]}};
  for (const auto& [name, fallback] :
       {std::pair{"permissions", Json("1110")}, std::pair{"ttl", Json(86'400)}}) {
    value[name] = old == nullptr ? fallback : (*old)[name];
    if (sent.contains(name)) value[name] = sent[name];
  }
  return value;
}

std::string Query(const std::vector<Json>& values) {
  std::string query;
  for (const Json& value : values) query += Concat("&index=", value["index"].dump());
  return query;
}

// One step on both; the status that the model expects.
class Play {
 public:
  explicit Play(Random& random) : random_(random) {}

  void Step() {
    const std::vector<Json> values = RandomValues(random_);
    const bool overwrite = random_.Below(2) == 0;
    const std::string flag = Concat("?overwrite=", overwrite ? "true" : "false");
    switch (random_.Below(5)) {
      case 0:
        return Check(Put(flag, values), PutWhole(values, overwrite));
      case 1:
      case 2:
        return Check(Put(flag + Query(values), values), PutSome(values, overwrite));
      case 3:
        return Check(Delete("?" + Query(values).substr(1)), RemoveSome(values));
      default:
        if (random_.Below(4) != 0) return;
        return Check(Delete(""), RemoveWhole());
    }
  }

 private:
  int Put(const std::string& query, const std::vector<Json>& values) {
    return world_
        .Ask("PUT", kHandle + query, {ApiWorld::PumpsWriter(), ApiWorld::kJson},
             Json(values).dump())
        .status;
  }
  int Delete(const std::string& query) {
    return world_.Ask("DELETE", kHandle + query, {ApiWorld::PumpsWriter()}).status;
  }

  int PutWhole(const std::vector<Json>& values, bool overwrite) {
    if (model_.has_value() && !overwrite) return 409;
    const Model before = std::exchange(model_, std::vector<Json>());
    for (const Json& value : values) {
      const Json* old = Find(before, value["index"]);
      // A value of another type is another one.
      if (old != nullptr && (*old)["type"] != value["type"]) old = nullptr;
      model_->push_back(Filled(value, old));
    }
    return before.has_value() ? 200 : 201;
  }
  int PutSome(const std::vector<Json>& values, bool overwrite) {
    if (!model_.has_value()) return 404;
    for (const Json& value : values) {
      if (!overwrite && Find(model_, value["index"]) != nullptr) return 409;
    }
    for (const Json& value : values) {
      const auto old = std::find_if(model_->begin(), model_->end(), [&](const Json& other) {
        return other["index"] == value["index"];
      });
      if (old == model_->end()) {
        model_->push_back(Filled(value, nullptr));
      } else {
        *old = Filled(value, &*old);
      }
    }
    return 200;
  }
  int RemoveSome(const std::vector<Json>& values) {
    if (!model_.has_value()) return 404;
    for (const Json& value : values) {
      if (Find(model_, value["index"]) == nullptr) return 400;
    }
    std::erase_if(*model_, [&](const Json& old) {
      return std::any_of(values.begin(), values.end(),
                         [&](const Json& value) { return value["index"] == old["index"]; });
    });
    return 200;
  }
  int RemoveWhole() {
    if (!model_.has_value()) return 404;
    model_.reset();
    return 200;
  }

  void Check(int status, int expected) {
    CHECK(status == expected);
    const HttpResponse read = world_.Get(kHandle, {ApiWorld::PumpsWriter()});
    if (!model_.has_value()) {
      CHECK(read.status == 404);
      return;
    }
    Json answer = Json::parse(read.body);
    Json values = Json::array();
    for (Json value : answer["values"]) {
      const Json permissions = value.contains("permissions") ? value["permissions"] : Json("1110");
      values.push_back({{"index", value["index"]},
                        {"type", value["type"]},
                        {"data", value["data"]},
                        {"permissions", permissions},
                        {"ttl", value["ttl"]}});
    }
    CHECK(values == Json(*model_));
  }

  Random& random_;
  ApiWorld world_;
  Model model_;
};

std::string Altered(Random& random, std::string text) {
  for (size_t count = random.Below(3); count > 0; --count) {
    const size_t at = random.Below(text.size() + 1);
    switch (random.Below(3)) {
      case 0:
        text.insert(at, random.Bytes(1));
        break;
      case 1:
        text.erase(at, 1 + random.Below(4));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random.Below(128));
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a handle is what was put into it and not removed, whatever the order") {
  Random random("handle model");
  for (int plays = 0; plays < 4; ++plays) {
    Play play(random);
    for (int step = 0; step < 60; ++step) play.Step();
  }
}

TEST_CASE("requests that are nearly right are answered in JSON, and are nobody's fault here") {
  Random random("nearly right requests");
  ApiWorld world;
  const std::string body =
      R"({"values":[{"index":1,"type":"URL","data":"x","ttl":"2030-01-02T03:04:05Z","permissions":"1110"},)"
      R"({"index":100,"type":"HS_ADMIN","data":{"format":"admin","value":{"handle":"0.NA/88.118.8","index":"200","permissions":"011111110011"}}},)"
      R"({"index":3,"type":"HS_SITE","data":{"format":"site","value":{"version":1,"protocolVersion":"2.11","servers":[{"serverId":1,"address":"192.0.2.1","interfaces":[{"query":true,"admin":false,"protocol":"TCP","port":2641}]}]}}},)"
      R"({"index":4,"type":"RAW","data":{"format":"base64","value":"/wD+"},"references":[{"handle":"88.118.8/A","index":1}]}]})";
  const std::string session =
      R"(Handle version="0", sessionId="00", cnonce="MDE=", id="300%3A88.118.8/ADMIN", type="HS_SECKEY", alg="PBKDF2-HMAC-SHA1", signature="MDE=", salt="MDE=", iterations="1", length="160")";
  std::map<int, int> statuses;
  for (int i = 0; i < 2'000; ++i) {
    const bool by_session = random.Below(4) == 0;
    std::vector<HttpHeader> headers = {
        ApiWorld::kJson, by_session ? HttpHeader{"Authorization", Altered(random, session)}
                                    : ApiWorld::PumpsWriter()};
    const std::string target =
        Altered(random, "/api/handles/88.118.8%2FNEAR?overwrite=true&index=various&pretty=false");
    HttpRequest request =
        HttpWorld::Request(random.Below(5) == 0 ? "GET" : "PUT", "/api/" + target.substr(5),
                           std::move(headers), Altered(random, body));
    // So many addresses that none guesses too often.
    request.peer = Concat("192.0.2.", i % 250);
    request.tls = true;
    const HttpResponse response = world.Ask(std::move(request));
    ++statuses[response.status];
    INFO(response.body);
    CHECK(response.status < 500);
    const Json json = Json::parse(response.body, nullptr, false);
    CHECK(json.is_object());
  }
  CHECK(statuses[200] + statuses[201] > 0);
  CHECK(statuses[400] > 0);
}

}  // namespace gusu::server
