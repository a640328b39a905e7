// Socket addresses, and the numeric text that rules and logs know them by.
#pragma once

#include <sys/socket.h>

#include <string>

#include "absl/status/statusor.h"
#include "server/listen_address.h"

namespace gusu::server {

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;

  uint16_t port() const;
  void set_port(uint16_t port);
  // Numeric, without port; an IPv4 address that came through an IPv6 socket as IPv4.
  std::string Text() const;
};

// The first address that the host has. kUnavailable when it has none.
absl::StatusOr<SocketAddress> FindAddress(const ListenAddress& address);

// Of a numeric address: 127.0.0.0/8 or ::1.
bool IsLoopbackAddress(std::string_view text);

}  // namespace gusu::server
