#include "server/doors/http/handle_api/site_data_json.h"

#include <nlohmann/json.hpp>

#include "proto/handle/site.h"
#include "proto/handle/site_json.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/doors/http/handle_api/json_fields.h"
#include "server/doors/http/handle_api/key_json.h"

namespace gusu::server {
namespace {

using Json = nlohmann::ordered_json;

absl::Status Malformed(std::string_view why) { return ApiMalformed("site", why); }

absl::StatusOr<handle::Version> ReadVersion(const std::string& text) {
  const size_t dot = text.find('.');
  const auto major = ParseNumber(std::string_view(text).substr(0, dot));
  const auto minor = dot == text.npos ? std::optional<uint32_t>()
                                      : ParseNumber(std::string_view(text).substr(dot + 1));
  if (!major || !minor || *major > UINT8_MAX || *minor > UINT8_MAX) {
    return Malformed(Concat("has protocolVersion ", Quote(text), ", which is none, as 2.11"));
  }
  return handle::Version{static_cast<uint8_t>(*major), static_cast<uint8_t>(*minor)};
}

absl::StatusOr<handle::SiteInterface> ReadInterface(const Json& json) {
  if (!json.is_object()) return Malformed("has an interface that is no object");
  handle::SiteInterface interface;
  interface.purposes = 0;
  GUSU_ASSIGN_OR_RETURN(const bool query, BoolMember(json, "query", true));
  GUSU_ASSIGN_OR_RETURN(const bool admin, BoolMember(json, "admin", true));
  if (query) interface.purposes |= handle::kQueryInterface;
  if (admin) interface.purposes |= handle::kAdminInterface;
  GUSU_ASSIGN_OR_RETURN(const std::string protocol, TextMember(json, "protocol"));
  constexpr std::string_view kNames[] = {"UDP", "TCP", "HTTP", "HTTPS"};
  size_t transport = 0;
  while (transport < std::size(kNames) && kNames[transport] != protocol) ++transport;
  if (transport == std::size(kNames)) {
    return Malformed(Concat("has protocol ", Quote(protocol), ": UDP, TCP, HTTP or HTTPS"));
  }
  interface.transport = static_cast<handle::Transport>(transport);
  GUSU_ASSIGN_OR_RETURN(interface.port, NumberMember(json, "port"));
  return interface;
}

absl::StatusOr<handle::SiteServer> ReadServer(const Json& json) {
  if (!json.is_object()) return Malformed("has a server that is no object");
  handle::SiteServer server;
  GUSU_ASSIGN_OR_RETURN(server.id, NumberMember(json, "serverId"));
  GUSU_ASSIGN_OR_RETURN(const std::string address, TextMember(json, "address"));
  const auto numeric = handle::AddressFromText(address);
  if (!numeric.has_value()) return Malformed(Concat("has no numeric address ", Quote(address)));
  server.address = *numeric;
  if (const Json* key = FindMember(json, "publicKey")) {
    const Json* value = key->is_object() ? FindMember(*key, "value") : nullptr;
    if (value == nullptr) return Malformed("has a publicKey without a value");
    GUSU_ASSIGN_OR_RETURN(server.public_key, KeyFromJson(*value));
  }
  if (const Json* interfaces = FindMember(json, "interfaces")) {
    if (!interfaces->is_array()) return Malformed("has interfaces that are no array");
    for (const Json& element : *interfaces) {
      GUSU_ASSIGN_OR_RETURN(const handle::SiteInterface interface, ReadInterface(element));
      server.interfaces.push_back(interface);
    }
  }
  return server;
}

}  // namespace

std::optional<Json> SiteDataJson(std::string_view bytes) {
  const auto site = handle::DecodeSite(bytes);
  if (!site.ok()) return std::nullopt;
  const auto text = handle::SiteJson(*site);
  if (!text.ok()) return std::nullopt;
  Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

absl::StatusOr<std::string> SiteDataFromJson(const Json& json) {
  if (!json.is_object()) return Malformed("is no object");
  handle::Site site;
  GUSU_ASSIGN_OR_RETURN(const uint32_t format, NumberMember(json, "version", 1));
  GUSU_ASSIGN_OR_RETURN(const uint32_t serial, NumberMember(json, "serialNumber", 1));
  if (format > UINT16_MAX || serial > UINT16_MAX) {
    return Malformed("has a version or a serialNumber beyond 65535");
  }
  site.format = static_cast<uint16_t>(format);
  site.serial = static_cast<uint16_t>(serial);
  GUSU_ASSIGN_OR_RETURN(const std::string version, TextMember(json, "protocolVersion", "2.11"));
  GUSU_ASSIGN_OR_RETURN(site.version, ReadVersion(version));
  GUSU_ASSIGN_OR_RETURN(site.primary, BoolMember(json, "primarySite", true));
  GUSU_ASSIGN_OR_RETURN(site.multi_primary, BoolMember(json, "multiPrimary", false));
  if (const Json* attributes = FindMember(json, "attributes")) {
    if (!attributes->is_array()) return Malformed("has attributes that are no array");
    for (const Json& attribute : *attributes) {
      if (!attribute.is_object()) return Malformed("has an attribute that is no object");
      GUSU_ASSIGN_OR_RETURN(std::string name, TextMember(attribute, "name"));
      GUSU_ASSIGN_OR_RETURN(std::string value, TextMember(attribute, "value"));
      site.attributes.emplace_back(std::move(name), std::move(value));
    }
  }
  if (const Json* servers = FindMember(json, "servers")) {
    if (!servers->is_array()) return Malformed("has servers that are no array");
    for (const Json& element : *servers) {
      GUSU_ASSIGN_OR_RETURN(handle::SiteServer server, ReadServer(element));
      site.servers.push_back(std::move(server));
    }
  }
  std::string bytes = handle::EncodeSite(site);
  GUSU_RETURN_IF_ERROR(handle::DecodeSite(bytes).status());
  return bytes;
}

}  // namespace gusu::server
