#include "tests/e2e/conversation/world.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>

#include "proto/hash.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

// A secret key of the enterprise, made by its administrator.
Speaker MakeSpeaker(const ServerProcess& server, const Enterprise& enterprise,
                    const std::string& secret) {
  const Api admin(server, enterprise.admin_token);
  v1::CreateCredentialRequest request;
  request.set_parent(enterprise.name);
  request.mutable_credential()->set_kind(v1::Credential::HS_SECKEY);
  request.mutable_credential()->set_handle_prefix(enterprise.prefix);
  request.set_secret(secret);
  const auto answer =
      admin.Call(admin.registrar(), &v1::RegistrarService::Stub::CreateCredential, request);
  INFO(answer.status.error_message());
  REQUIRE(answer.fault == "");
  const std::string& identity = answer.value.credential().handle_identity();
  const size_t colon = identity.find(':');
  REQUIRE(colon != std::string::npos);
  return {enterprise.writer_token, identity.substr(colon + 1),
          static_cast<uint32_t>(std::stoul(identity.substr(0, colon))), secret};
}

void Replace(std::string* text, const std::string& what, const std::string& with) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), with);
  }
}

}  // namespace

World::World() : server_({"--handle-admin", "on"}) {
  const Enterprise pumps = MakeEnterprise(server_, "sz-pumps", "91320594MA1MABCD6F", PrefixOf(0));
  const Enterprise valves = MakeEnterprise(server_, "sz-valves", "91320594MA1MABCD7J", "88.118.9");
  const Api bureau(server_, server_.token());
  for (size_t door = 1; door < std::size(kDoors); ++door) {
    if (!kDoors[door].writes) continue;
    v1::GrantPrefixRequest grant;
    grant.set_prefix(PrefixOf(door));
    grant.set_holder(pumps.name);
    REQUIRE(
        bureau.Call(bureau.registrar(), &v1::RegistrarService::Stub::GrantPrefix, grant).fault ==
        "");
  }
  owner = MakeSpeaker(server_, pumps, "the secret of the pumps");
  other = MakeSpeaker(server_, valves, "the secret of the valves");
  liar = owner;
  liar.token = NewTokenSecret();
  liar.handle_secret = "a guess at the secret";
}

std::string ToText(const Item& item) {
  return std::to_string(item.index) + ":" + item.type + "=" + item.data +
         (item.is_public ? "" : " (owner)") +
         (item.ttl_seconds == 86'400 ? "" : " ttl " + std::to_string(item.ttl_seconds));
}

std::string ToText(const Said& said, const std::string& prefix) {
  std::string text = said.outcome;
  for (const Item& item : said.values) text += " " + ToText(item);
  std::vector<std::string> identifiers = said.identifiers;
  for (std::string& identifier : identifiers) {
    std::transform(identifier.begin(), identifier.end(), identifier.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  }
  std::sort(identifiers.begin(), identifiers.end());
  for (const std::string& identifier : identifiers) text += " " + identifier;
  Replace(&text, prefix, "P");
  return text;
}

}  // namespace gusu::e2e
