#include "server/listen_address.h"

#include <arpa/inet.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace gusu::server {
namespace {

constexpr size_t kHostBytesMax = 253;

}  // namespace

bool IsHostName(std::string_view name) {
  if (name.empty() || name.size() > kHostBytesMax) return false;
  for (char c : name) {
    if (!absl::ascii_isalnum(c) && c != '.' && c != '-' && c != '*') return false;
  }
  return true;
}

bool IsIpAddress(const std::string& text) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

std::string ListenAddress::ToString() const {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]:", port)
                                      : absl::StrCat(host, ":", port);
}

bool ListenAddress::IsLoopback() const {
  in_addr address4;
  if (inet_pton(AF_INET, host.c_str(), &address4) == 1) {
    return (ntohl(address4.s_addr) >> 24) == 127;
  }
  in6_addr address6;
  if (inet_pton(AF_INET6, host.c_str(), &address6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&address6);
  }
  return absl::EqualsIgnoreCase(host, "localhost");
}

bool ListenAddress::IsAny() const {
  in_addr address4;
  if (inet_pton(AF_INET, host.c_str(), &address4) == 1) return address4.s_addr == 0;
  in6_addr address6;
  return inet_pton(AF_INET6, host.c_str(), &address6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&address6);
}

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const absl::Status malformed =
      absl::InvalidArgumentError("must be HOST:PORT, for example 127.0.0.1:7440 or [::1]:7440");
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return malformed;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  ListenAddress address{std::string(host), 0};
  in6_addr address6;
  const bool valid = bracketed ? inet_pton(AF_INET6, address.host.c_str(), &address6) == 1
                               : IsHostName(host) && host.find('*') == std::string_view::npos;
  const std::string_view port_text = text.substr(colon + 1);
  uint32_t port = 0;
  if (!valid || port_text.empty() || !absl::ascii_isdigit(port_text.front()) ||
      !absl::SimpleAtoi(std::string(port_text), &port) || port > 65535) {
    return malformed;
  }
  address.port = static_cast<uint16_t>(port);
  return address;
}

}  // namespace gusu::server
