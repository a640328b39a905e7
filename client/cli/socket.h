// Connected sockets, for what the command line asks without gRPC.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "client/cli/failure.h"

namespace gusu::cli {

// A descriptor that is closed with its owner.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket();
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  Socket(const Socket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

struct HostPort {
  std::string host;  // an IPv6 address without its brackets
  std::string port;
};
OrFailure<HostPort> SplitHostPort(const std::string& server);

Failure Unreachable(const std::string& server, const std::string& why);

enum class Transport { kTcp, kUdp };

// To the first address of the name that takes it. Sending and receiving wait for `timeout_seconds`
// at most, each.
OrFailure<Socket> ConnectTo(const std::string& server, Transport transport, double timeout_seconds);

// Over a connection of TCP. SERVER_UNREACHABLE when it breaks, and when `deadline` comes first.
MaybeFailure SendAll(const Socket& socket, const std::string& server, std::string_view bytes);
OrFailure<std::string> ReceiveExactly(const Socket& socket, const std::string& server, size_t count,
                                      std::chrono::steady_clock::time_point deadline);

}  // namespace gusu::cli
