#include "client/cli/socket.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace gusu::cli {
namespace {

struct Free {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

void SetTimeouts(int descriptor, double timeout_seconds) {
  timeval timeout{};
  timeout.tv_sec = static_cast<time_t>(timeout_seconds);
  timeout.tv_usec =
      static_cast<suseconds_t>((timeout_seconds - static_cast<double>(timeout.tv_sec)) * 1e6);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);  // connect, too
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

OrFailure<HostPort> SplitHostPort(const std::string& server) {
  const size_t colon = server.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == server.size()) {
    return UsageFailure("'" + server + "' is not HOST:PORT");
  }
  std::string host = server.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return HostPort{host, server.substr(colon + 1)};
}

Failure Unreachable(const std::string& server, const std::string& why) {
  return {ExitCode::kUnreachable, "SERVER_UNREACHABLE", server + " cannot be reached: " + why,
          "is gusud running there?"};
}

OrFailure<Socket> ConnectTo(const std::string& server, Transport transport,
                            double timeout_seconds) {
  const OrFailure<HostPort> at = SplitHostPort(server);
  if (!at.ok()) return at.failure();
  addrinfo hints{};
  hints.ai_socktype = transport == Transport::kTcp ? SOCK_STREAM : SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(at->host.c_str(), at->port.c_str(), &hints, &found);
      error != 0) {
    return Unreachable(server, gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, Free> addresses(found);
  int error = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    Socket connected(socket(address->ai_family, hints.ai_socktype | SOCK_CLOEXEC, 0));
    SetTimeouts(connected.descriptor(), timeout_seconds);
    if (connect(connected.descriptor(), address->ai_addr, address->ai_addrlen) == 0) {
      return connected;
    }
    error = errno;
  }
  return Unreachable(server, std::strerror(error));
}

MaybeFailure SendAll(const Socket& socket, const std::string& server, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Unreachable(server, std::strerror(errno));
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return std::nullopt;
}

OrFailure<std::string> ReceiveExactly(const Socket& socket, const std::string& server, size_t count,
                                      std::chrono::steady_clock::time_point deadline) {
  std::string bytes(count, '\0');
  for (size_t at = 0; at < count;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{socket.descriptor(), POLLIN, 0};
    const int ready =
        poll(&waiting, 1, static_cast<int>(std::clamp<int64_t>(left.count(), 0, 86'400'000)));
    if (ready == 0) return Unreachable(server, "it takes too long to answer");
    const ssize_t size =
        ready < 0 ? -1 : recv(socket.descriptor(), bytes.data() + at, count - at, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Unreachable(server, std::strerror(errno));
    if (size == 0) return Unreachable(server, "it closed the connection");
    at += static_cast<size_t>(size);
  }
  return bytes;
}

}  // namespace gusu::cli
