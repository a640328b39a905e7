#include <map>
#include <nlohmann/json.hpp>

#include "proto/base64.h"
#include "tests/e2e/conversation/door_client.h"
#include "tests/e2e/conversation/http_client.h"
#include "tests/e2e/conversation/outcome.h"

namespace gusu::e2e {
namespace {

using Json = nlohmann::json;

constexpr int kPageSize = 25;  // so that a listing has several pages

// A code of google.rpc.Code, and the status of HTTP that must come with it.
struct KnownCode {
  const char* name;
  int http_status;
};

// "" for an answer, else "CODE REASON".
std::string FaultOf(const HttpAnswer& answer, const Json& body) {
  static const std::map<int, KnownCode> kCodes = {
      {3, {"INVALID_ARGUMENT", 400}},    {5, {"NOT_FOUND", 404}}, {6, {"ALREADY_EXISTS", 409}},
      {7, {"PERMISSION_DENIED", 403}},   {10, {"ABORTED", 409}},  {16, {"UNAUTHENTICATED", 401}},
      {9, {"FAILED_PRECONDITION", 400}},
  };
  if (answer.status == 200) return "";
  const auto known = kCodes.find(body.value("code", 0));
  if (known == kCodes.end() || known->second.http_status != answer.status) {
    return "HTTP " + std::to_string(answer.status) + " " + answer.body;
  }
  return known->second.name + std::string(" ") +
         body.at("details").at(0).at("reason").get<std::string>();
}

Json ToJson(const std::vector<Item>& items) {
  Json values = Json::array();
  for (const Item& item : items) {
    values.push_back({{"index", item.index},
                      {"type", item.type},
                      {"data", Base64Encode(item.data)},
                      {"ttl_seconds", item.ttl_seconds},
                      {"tier", item.is_public ? "PUBLIC" : "OWNER"}});
  }
  return values;
}

Item ToItem(const Json& value) {
  return {value.value("index", 0U), value.value("type", ""),
          Base64Decode(value.value("data", "")).value_or("(no base64)"),
          value.value("tier", "") == "PUBLIC", value.value("ttl_seconds", 0U)};
}

bool IsDeleted(const Json& record) {
  return record.value("state", "") == "RETIRED" &&
         record.at("retirement").value("reason", "") == "DELETED";
}

class JsonDoorClient : public DoorClient {
 public:
  JsonDoorClient(const ServerProcess& server, const std::string& token)
      : http_(server.http_address(), HttpClient::Transport::kTls) {
    if (!token.empty()) headers_ = {{"Authorization", "Bearer " + token}};
  }

  Said Resolve(const Question& question) override {
    std::string target = "/v1/records:resolve?identifier=" + PercentEncoded(question.identifier);
    for (const uint32_t index : question.indexes) {
      target += "&options.indexes=" + std::to_string(index);
    }
    for (const std::string& type : question.types) {
      target += "&options.types=" + PercentEncoded(type);
    }
    const Answer answer = Get(target);
    if (!answer.fault.empty()) return Refused(answer.fault);
    const Json& record = answer.body.at("record");
    if (IsDeleted(record)) return {"NO_CODE", {}, {}};
    Said said;
    for (const Json& value : record.value("values", Json::array())) {
      said.values.push_back(ToItem(value));
    }
    const bool is_filtered = !question.indexes.empty() || !question.types.empty();
    if (said.values.empty() && is_filtered) said.outcome = "NO_VALUE";
    return said;
  }

  Said Create(const std::string& identifier, const std::vector<Item>& items) override {
    const Answer answer = Post("/v1/records:register",
                               {{"row", {{"identifier", identifier}, {"values", ToJson(items)}}}});
    const bool is_ok = answer.fault.empty();
    if (is_ok && answer.body.at("result").value("outcome", "") == "CREATED") return {};
    if (IsDeletedRecord(identifier)) {
      return Change(identifier, "reinstate",
                    {{"reason", "created again"}, {"content", {{"values", ToJson(items)}}}});
    }
    return is_ok ? Said{"CODE_EXISTS", {}, {}} : Refused(answer.fault);
  }

  Said Add(const std::string& identifier, const std::vector<Item>& items) override {
    return ChangeLiving(identifier, "modifyValues", {{"add", ToJson(items)}});
  }
  Said Modify(const std::string& identifier, const std::vector<Item>& items) override {
    return ChangeLiving(identifier, "modifyValues", {{"modify", ToJson(items)}});
  }
  Said Remove(const std::string& identifier, const std::vector<uint32_t>& indexes) override {
    return ChangeLiving(identifier, "modifyValues", {{"remove_indexes", indexes}});
  }
  Said Delete(const std::string& identifier) override {
    return ChangeLiving(identifier, "retire", {{"retirement", {{"reason", "DELETED"}}}});
  }

  Said List(const std::string& prefix) override {
    Said said;
    std::string page_token;
    do {
      const Answer page =
          Get("/v1/prefixes/" + prefix + "/records?page_size=" + std::to_string(kPageSize) +
              "&page_token=" + PercentEncoded(page_token));
      if (!page.fault.empty()) return Refused(page.fault);
      for (const Json& record : page.body.value("records", Json::array())) {
        if (!IsDeleted(record)) said.identifiers.push_back(record.at("identifier"));
      }
      page_token = page.body.value("next_page_token", "");
    } while (!page_token.empty());
    return said;
  }

 private:
  struct Answer {
    Json body;
    std::string fault;
  };

  static Said Refused(const std::string& fault) { return {OutcomeOfFault(fault), {}, {}}; }

  Answer Read(const HttpAnswer& answer) {
    Json body = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    if (body.is_discarded()) return {{}, "no JSON: " + answer.body};
    std::string fault = FaultOf(answer, body);
    return {std::move(body), std::move(fault)};
  }
  Answer Get(const std::string& target) { return Read(http_.Ask("GET", target, headers_)); }
  Answer Post(const std::string& target, const Json& body) {
    HttpHeaders headers = headers_;
    headers.emplace_back("Content-Type", "application/json");
    return Read(http_.Ask("POST", target, headers, body.dump()));
  }

  bool IsDeletedRecord(const std::string& identifier) {
    const Answer answer = Get("/v1/records:resolve?identifier=" + PercentEncoded(identifier));
    return answer.fault.empty() && IsDeleted(answer.body.at("record"));
  }

  Said ChangeLiving(const std::string& identifier, const std::string& verb, const Json& body) {
    if (IsDeletedRecord(identifier)) return {"NO_CODE", {}, {}};
    return Change(identifier, verb, body);
  }
  Said Change(const std::string& identifier, const std::string& verb, const Json& body) {
    const size_t slash = identifier.find('/');
    const Answer answer = Post("/v1/prefixes/" + identifier.substr(0, slash) + "/records/" +
                                   PercentEncoded(identifier.substr(slash + 1)) + ":" + verb,
                               body);
    return answer.fault.empty() ? Said() : Refused(answer.fault);
  }

  HttpClient http_;
  HttpHeaders headers_;
};

}  // namespace

std::unique_ptr<DoorClient> ConnectJson(const ServerProcess& server, const Speaker& speaker) {
  return std::make_unique<JsonDoorClient>(server, speaker.token);
}

}  // namespace gusu::e2e
