#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "proto/base64.h"
#include "proto/handle/protocol.h"
#include "tests/e2e/conversation/door_client.h"
#include "tests/e2e/conversation/http_client.h"
#include "tests/e2e/conversation/outcome.h"

namespace gusu::e2e {
namespace {

using handle::ResponseCode;
using Json = nlohmann::json;

constexpr size_t kPageSize = 25;  // so that a listing has several pages
constexpr char kUsualPermissions[] = "1110";
constexpr char kOwnerPermissions[] = "1100";

// The statuses of HTTP that may come with a response code.
bool BelongTogether(ResponseCode code, int http_status, bool is_get) {
  static const std::map<ResponseCode, int> kStatuses = {
      {ResponseCode::kServerNotResponsible, 400}, {ResponseCode::kHandleNotFound, 404},
      {ResponseCode::kHandleAlreadyExists, 409},  {ResponseCode::kValueAlreadyExists, 409},
      {ResponseCode::kInvalidHandle, 400},        {ResponseCode::kInvalidValue, 400},
      {ResponseCode::kAuthenticationNeeded, 401}, {ResponseCode::kAuthenticationFailed, 403},
      {ResponseCode::kInvalidAdmin, 403},         {ResponseCode::kInsufficientPermissions, 403},
  };
  if (code == ResponseCode::kSuccess) return http_status == 200 || http_status == 201;
  if (code == ResponseCode::kValuesNotFound) return http_status == (is_get ? 200 : 400);
  const auto known = kStatuses.find(code);
  return known != kStatuses.end() && known->second == http_status;
}

Json ToJson(const std::vector<Item>& items) {
  Json values = Json::array();
  for (const Item& item : items) {
    values.push_back({{"index", item.index},
                      {"type", item.type},
                      {"data", {{"format", "string"}, {"value", item.data}}},
                      {"ttl", item.ttl_seconds},
                      {"permissions", item.is_public ? kUsualPermissions : kOwnerPermissions}});
  }
  return {{"values", values}};
}

Item ToItem(const Json& value) {
  const Json& data = value.at("data");
  if (data.at("format") != "string") return {0, "format " + data.at("format").dump(), ""};
  return {value.at("index"), value.at("type"), data.at("value"),
          value.value("permissions", kUsualPermissions) == kUsualPermissions, value.at("ttl")};
}

class HandleJsonDoorClient : public DoorClient {
 public:
  HandleJsonDoorClient(const ServerProcess& server, const Speaker& speaker)
      : http_(server.http_address(), HttpClient::Transport::kPlain) {
    if (speaker.handle.empty()) return;
    const std::string user =
        PercentEncoded(std::to_string(speaker.handle_index) + ":" + speaker.handle);
    headers_ = {{"Authorization", "Basic " + Base64Encode(user + ":" + speaker.handle_secret)}};
  }

  Said Resolve(const Question& question) override {
    std::vector<std::string> parameters = ToParameters(question.indexes);
    for (const std::string& type : question.types) {
      parameters.push_back("type=" + PercentEncoded(type));
    }
    const Answer answer = Ask("GET", Path(question.identifier, parameters));
    Said said{answer.outcome, {}, {}};
    if (said.outcome != "OK") return said;
    if (answer.body.at("handle") != question.identifier) said.outcome = "answers for another code";
    for (const Json& value : answer.body.at("values")) said.values.push_back(ToItem(value));
    return said;
  }

  Said Create(const std::string& identifier, const std::vector<Item>& items) override {
    return Put(Path(identifier, {"overwrite=false"}), items);
  }
  Said Add(const std::string& identifier, const std::vector<Item>& items) override {
    return Put(Path(identifier, {"index=various", "overwrite=false"}), items);
  }

  // A value that is not there would be added: who wants to modify looks first.
  Said Modify(const std::string& identifier, const std::vector<Item>& items) override {
    std::vector<uint32_t> indexes;
    for (const Item& item : items) indexes.push_back(item.index);
    const Said found = Resolve({identifier, indexes});
    if (found.outcome != "OK") return {found.outcome, {}, {}};
    std::set<uint32_t> missing(indexes.begin(), indexes.end());
    for (const Item& item : found.values) missing.erase(item.index);
    if (!missing.empty()) return {"NO_VALUE", {}, {}};
    return Put(Path(identifier, ToParameters(indexes)), items);
  }

  Said Remove(const std::string& identifier, const std::vector<uint32_t>& indexes) override {
    return {Ask("DELETE", Path(identifier, ToParameters(indexes))).outcome, {}, {}};
  }
  Said Delete(const std::string& identifier) override {
    return {Ask("DELETE", Path(identifier, {})).outcome, {}, {}};
  }

  Said List(const std::string& prefix) override {
    Said said;
    for (size_t page = 0;; ++page) {
      const Answer answer = Ask("GET", "/api/handles?prefix=" + PercentEncoded(prefix) +
                                           "&page=" + std::to_string(page) +
                                           "&pageSize=" + std::to_string(kPageSize));
      if (answer.outcome != "OK") return {answer.outcome, {}, {}};
      for (const Json& handle : answer.body.at("handles")) said.identifiers.push_back(handle);
      // Deleted ones count, too: a page may have fewer than it was asked for.
      const size_t total = std::stoul(answer.body.at("totalCount").get<std::string>());
      if ((page + 1) * kPageSize < total) continue;
      if (said.identifiers.size() > total) said.outcome = "lists more than there are";
      return said;
    }
  }

 private:
  struct Answer {
    Json body;
    std::string outcome;
  };

  static std::vector<std::string> ToParameters(const std::vector<uint32_t>& indexes) {
    std::vector<std::string> parameters;
    for (const uint32_t index : indexes) parameters.push_back("index=" + std::to_string(index));
    return parameters;
  }
  static std::string Path(const std::string& identifier,
                          const std::vector<std::string>& parameters) {
    std::string path = "/api/handles/" + PercentEncoded(identifier);
    for (size_t i = 0; i < parameters.size(); ++i) path += (i == 0 ? "?" : "&") + parameters[i];
    return path;
  }

  Said Put(const std::string& target, const std::vector<Item>& items) {
    return {Ask("PUT", target, ToJson(items).dump()).outcome, {}, {}};
  }
  Answer Ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    HttpHeaders headers = headers_;
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    const HttpAnswer answer = http_.Ask(method, target, headers, body);
    Json json = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return {{}, "no JSON: " + answer.body};
    const uint32_t code = json.value("responseCode", 0U);
    if (!BelongTogether(static_cast<ResponseCode>(code), answer.status, method == "GET")) {
      return {{}, "HTTP " + std::to_string(answer.status) + " " + answer.body};
    }
    return {std::move(json), OutcomeOfResponseCode(code)};
  }

  HttpClient http_;
  HttpHeaders headers_;
};

}  // namespace

std::unique_ptr<DoorClient> ConnectHandleJson(const ServerProcess& server, const Speaker& speaker) {
  return std::make_unique<HandleJsonDoorClient>(server, speaker);
}

}  // namespace gusu::e2e
