#include "proto/handle/site_json.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "proto/handle/key_record.h"
#include "proto/handle/wire.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/utf8.h"

namespace gusu::handle {
namespace {

constexpr size_t kIpv4Bytes = 4;

std::string Text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<uint8_t>(c) < 0x20) {
      json += Concat("\\u00", HexEncode({&c, 1}));
    } else {
      json += c;
    }
  }
  return json + "\"";
}

using Members = std::vector<std::pair<std::string_view, std::string>>;

// A member's value is JSON of its own; its further lines are already indented from 0 on.
std::string Indented(std::string_view json) {
  std::string out;
  for (const char c : json) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

std::string Joined(const std::vector<std::string>& parts, char open, char close) {
  if (parts.empty()) return {open, close};
  std::string json(1, open);
  for (size_t i = 0; i < parts.size(); ++i) {
    json += Concat(i == 0 ? "\n  " : ",\n  ", Indented(parts[i]));
  }
  return Concat(json, "\n", close);
}

std::string Object(const Members& members) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : members) parts.push_back(Concat(Text(name), ": ", value));
  return Joined(parts, '{', '}');
}

std::string Bool(bool value) { return value ? "true" : "false"; }

// RFC 7517; the numbers are base64url without padding.
std::string Jwk(const KeyRecord& key) {
  const auto number = [&key](size_t i) { return Text(Base64UrlEncode(key.numbers[i])); };
  if (key.type == kRsaPublicType) {
    return Object({{"kty", Text("RSA")}, {"n", number(1)}, {"e", number(0)}});
  }
  return Object({{"kty", Text("DSA")},
                 {"y", number(3)},
                 {"p", number(1)},
                 {"q", number(0)},
                 {"g", number(2)}});
}

std::string_view TransportName(Transport transport) {
  constexpr std::string_view kNames[] = {"UDP", "TCP", "HTTP", "HTTPS"};
  return kNames[static_cast<size_t>(transport)];
}

std::string InterfaceJson(const SiteInterface& interface) {
  return Object({{"query", Bool((interface.purposes & kQueryInterface) != 0)},
                 {"admin", Bool((interface.purposes & kAdminInterface) != 0)},
                 {"protocol", Text(TransportName(interface.transport))},
                 {"port", Concat(interface.port)}});
}

absl::StatusOr<std::string> ServerJson(const SiteServer& server) {
  Members members = {{"serverId", Concat(server.id)},
                     {"address", Text(AddressText(server.address))}};
  if (!server.public_key.empty()) {
    GUSU_ASSIGN_OR_RETURN(const KeyRecord key, DecodeKeyRecord(server.public_key));
    if (key.type != kRsaPublicType && key.type != kDsaPublicType) {
      return Malformed("server's public key", "is a private one");
    }
    members.emplace_back("publicKey", Object({{"format", Text("key")}, {"value", Jwk(key)}}));
  }
  std::vector<std::string> interfaces;
  for (const SiteInterface& interface : server.interfaces) {
    interfaces.push_back(InterfaceJson(interface));
  }
  members.emplace_back("interfaces", Joined(interfaces, '[', ']'));
  return Object(members);
}

}  // namespace

absl::StatusOr<std::string> SiteJson(const Site& site) {
  if (site.servers.size() > 1 && site.hash != SiteHash::kWhole) {
    return Malformed("site's hash option", "is one that JSON does not say");
  }
  Members members = {{"version", Concat(site.format)},
                     {"protocolVersion", Text(Concat(site.version.major, ".", site.version.minor))},
                     {"serialNumber", Concat(site.serial)},
                     {"primarySite", Bool(site.primary)},
                     {"multiPrimary", Bool(site.multi_primary)}};
  std::vector<std::string> attributes;
  for (const auto& [name, value] : site.attributes) {
    attributes.push_back(Object({{"name", Text(name)}, {"value", Text(value)}}));
  }
  members.emplace_back("attributes", Joined(attributes, '[', ']'));
  std::vector<std::string> servers;
  for (const SiteServer& server : site.servers) {
    GUSU_ASSIGN_OR_RETURN(std::string json, ServerJson(server));
    servers.push_back(std::move(json));
  }
  members.emplace_back("servers", Joined(servers, '[', ']'));
  std::string json = Object(members) + "\n";
  if (!IsUtf8(json)) return Malformed("site's attribute", "is not UTF-8");
  return json;
}

std::string AddressText(const std::array<uint8_t, 16>& address) {
  const auto ipv4 = address.end() - kIpv4Bytes;
  // Twelve zeros are before an IPv4 address, and before IPv6's own ::1; no host is at 0.x.x.x.
  const bool is_ipv4 = std::all_of(address.begin(), ipv4, [](uint8_t b) { return b == 0; }) &&
                       (*ipv4 != 0 || address == std::array<uint8_t, 16>{});
  char text[INET6_ADDRSTRLEN] = "";
  if (is_ipv4) {
    inet_ntop(AF_INET, &*ipv4, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, address.data(), text, sizeof text);
  }
  return text;
}

std::optional<std::array<uint8_t, 16>> AddressFromText(std::string_view text) {
  if (text.find('\0') != text.npos) return std::nullopt;
  const std::string terminated(text);
  std::array<uint8_t, 16> address{};
  if (inet_pton(AF_INET, terminated.c_str(), &*(address.end() - kIpv4Bytes)) == 1 ||
      inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

}  // namespace gusu::handle
