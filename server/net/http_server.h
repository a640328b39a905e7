// HTTP/1.1 with keep-alive, TLS and plain on one port, told apart by the first byte.
//
// Connections belong to a thread each, in turn; one request is in work at a time on a connection.
// What is no well-formed request, or more than the limits allow, is answered here (400, 408, 413,
// 414, 417, 431, 501, 505) and ends the connection. Beyond the bounds of connections they are
// closed at once; of the last eighth each one that comes ends one that is idle, as a rule. A peer
// that ends its side while parts of an answer follow is taken to have left.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/net/address.h"
#include "server/net/http_message.h"

namespace gusu::server {

class HttpServer {
 public:
  struct Limits {
    size_t connections_max = 1024;
    size_t connections_of_address_max = 64;  // loopback: connections_max
    size_t target_bytes_max = 8 * 1024;
    size_t header_bytes_max = 16 * 1024;  // request line and headers together
    size_t header_count_max = 64;
    size_t body_bytes_max = 4 << 20;
    absl::Duration handshake_time_max = absl::Seconds(10);
    absl::Duration idle_max = absl::Minutes(1);
    absl::Duration header_time_max = absl::Seconds(15);   // from its first byte
    absl::Duration request_time_max = absl::Seconds(60);  // likewise, to its last
    absl::Duration answer_time_max = absl::Seconds(60);  // for the peer to take a response, or part
    absl::Duration check_interval = absl::Seconds(1);
  };
  // PEM; both are read again within a second of a change.
  struct Tls {
    std::string certificate_path;
    std::string key_path;
  };
  // On the thread of the connection.
  using Handle = std::function<void(HttpRequest request, HttpReply reply)>;
  // What is answered here, by its status; on the thread of the connection.
  using Refused = std::function<void(int status)>;

  // Takes the port: any free one for port 0. Connections wait until Run. Without `tls` plain only.
  // kUnavailable when the port is taken, kFailedPrecondition for files that cannot be used.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Bind(const SocketAddress& address,
                                                          const std::optional<Tls>& tls,
                                                          Handle handle, const Limits& limits,
                                                          Refused refused = nullptr);
  // Once.
  void Run(size_t threads);
  ~HttpServer();  // Drains without patience unless Drain() was called.

  uint16_t port() const;
  // Open now.
  size_t connection_count() const;

  // Accepts no more, closes connections without a request in work at once, the others when their
  // response is taken, which a peer that does not end its side has 2 s for, but at the latest after
  // `patience`.
  void Drain(absl::Duration patience);

  struct State;

 private:
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gusu::server
