// Where a server listens, and how an operator writes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace gusu::server {

struct ListenAddress {
  std::string host;   // as given; an IPv6 address without its brackets
  uint16_t port = 0;  // 0: any free one

  // HOST:PORT, with brackets around an IPv6 address.
  std::string ToString() const;
  // 127.0.0.0/8, ::1 or localhost.
  bool IsLoopback() const;
  // 0.0.0.0 or ::, which stand for every address that the machine has.
  bool IsAny() const;
};

// Fails with kInvalidArgument, saying what is expected.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

// A DNS name, a certificate's wildcard ("*") included.
bool IsHostName(std::string_view name);
bool IsIpAddress(const std::string& text);

}  // namespace gusu::server
