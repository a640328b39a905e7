#include "tests/server/http_api_world.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/base64.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

HandleSite MakeSite() {
  HandleSite::Description description;
  description.addresses = {{"127.0.0.1", 2641}};
  description.name = "Suzhou";
  return HandleSite::Make(description, ApiWorld::Key(), "").value();
}

HandleResolve::Sources SourcesOf(const DoorRules& rules, const HandleSite* site) {
  HandleResolve::Sources sources;
  sources.resolver = rules.resolver;
  sources.ledger = rules.ledger;
  sources.identities = rules.identities;
  sources.site = site;
  return sources;
}

}  // namespace

const handle::PrivateKey& ApiWorld::Key() {
  static const handle::PrivateKey key = handle::PrivateKey::GenerateRsa(2048);
  return key;
}

ApiWorld::ApiWorld()
    : site_(MakeSite()), messages_(SourcesOf(rules(), &site_), rules().rate_limiter) {
  MakeCredential(
      Concat("credential { role: READER kind: HS_SECKEY } secret: \"", kReaderSecret, "\""));
  MakeCredential(Concat("credential { role: REGISTRANT_WRITER kind: HS_PUBKEY } public_key: \"",
                        absl::CEscape(Key().public_key().Encode()), "\""));
  MakeCredential(Concat("credential { role: REGISTRANT_WRITER kind: HS_SECKEY } secret: \"",
                        kOtherSecret, "\""));
  DoorRules with_site = rules();
  with_site.handle_site = &site_;
  with_site.handle_messages = &messages_;
  Serve(with_site);
}

void ApiWorld::MakeCredential(std::string_view fields) {
  Write(&Registrar::CreateCredential, kPumpsAdmin,
        Concat("parent: 'registrants/sz-pumps' ", fields));
}

HttpHeader ApiWorld::Basic(std::string_view identity, std::string_view secret) {
  std::string user;
  for (const char c : identity) user += c == ':' ? "%3A" : std::string(1, c);
  return {"Authorization", Concat("Basic ", Base64Encode(Concat(user, ":", secret)))};
}

std::vector<std::string> ApiWorld::ChallengesOf(const HttpResponse& response) {
  std::vector<std::string> challenges;
  for (const HttpHeader& header : response.headers) {
    if (header.name == "WWW-Authenticate") challenges.push_back(header.value);
  }
  return challenges;
}

std::string ApiWorld::In(const HttpResponse& response) const {
  constexpr std::string_view kBefore = "\"timestamp\":\"";
  std::string text = response.body;
  for (size_t at = text.find(kBefore); at != text.npos; at = text.find(kBefore, at)) {
    at += kBefore.size();
    const size_t end = text.find('"', at);
    if (end == text.npos) break;
    const bool is_time =
        end > at && text[end - 1] == 'Z' && text.find_first_not_of("-0123456789T:", at) == end - 1;
    if (is_time) text.replace(at, end - at, "T");
  }
  return Concat(response.status, " ", text);
}

std::string ApiWorld::Values(std::string_view target, std::vector<HttpHeader> headers) {
  const HttpResponse response = Get(target, std::move(headers));
  const auto json = nlohmann::ordered_json::parse(response.body, nullptr, false);
  INFO(response.body);
  REQUIRE(json.is_object());
  if (json["responseCode"] != 1) return In(response);
  std::string text;
  for (const auto& value : json["values"]) {
    text += Concat(text.empty() ? "" : "; ", value["index"].dump(), " ",
                   value["type"].get<std::string>(), " ", value["data"]["value"].dump(), " ",
                   value["ttl"].dump());
    if (value.contains("permissions")) text += " " + value["permissions"].get<std::string>();
  }
  return text;
}

}  // namespace gusu::server
