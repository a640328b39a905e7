// HS_SITE: the servers that answer for a prefix, as a record's value, as the answer to
// kGetSiteInfo, and as the file siteinfo.bin; siteinfo.json is the same in JSON.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/handle/protocol.h"

namespace gusu::handle {

enum class Transport : uint8_t { kUdp = 0, kTcp = 1, kHttp = 2, kHttps = 3 };

// What an interface is for; the values are bits.
inline constexpr uint8_t kAdminInterface = 1;
inline constexpr uint8_t kQueryInterface = 2;

struct SiteInterface {
  uint8_t purposes = kAdminInterface | kQueryInterface;
  Transport transport = Transport::kUdp;
  uint32_t port = kPort;
  bool operator==(const SiteInterface&) const = default;
};

struct SiteServer {
  uint32_t id = 1;
  std::array<uint8_t, 16> address{};  // IPv6, or twelve zeros and IPv4
  std::string public_key;             // HS_PUBKEY (proto/handle/public_key.h), or empty
  std::vector<SiteInterface> interfaces;
  bool operator==(const SiteServer&) const = default;
};

// Which part of a handle says which of several servers has it.
enum class SiteHash : uint8_t { kPrefix = 0, kSuffix = 1, kWhole = 2 };

struct Site {
  uint16_t format = 1;
  Version version = kOwnVersion;
  uint16_t serial = 1;  // counts up with every change of the site
  bool primary = true;
  bool multi_primary = false;
  SiteHash hash = SiteHash::kWhole;
  std::string hash_filter;
  std::vector<std::pair<std::string, std::string>> attributes;  // for example "desc"
  std::vector<SiteServer> servers;
  bool operator==(const Site&) const = default;
};

std::string EncodeSite(const Site& site);
// HANDLE_MALFORMED also for bytes behind the site, and for a port, transport or hash that is none.
absl::StatusOr<Site> DecodeSite(std::string_view bytes);

// The server of the site that has the handle, by its position; the prefix of a handle is what
// stands before the first "/". 0 for a site of one server or none.
size_t ServerIndexFor(const Site& site, std::string_view handle);

// The attribute that gives a server of `address` one more: an IPv4 one beside IPv6, or the reverse.
std::string AlternativeAddressAttribute(uint32_t server_id);

}  // namespace gusu::handle
