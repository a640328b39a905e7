// Connections that carry messages which say at their beginning how long they are; one is in work at
// a time on a connection, and the next is read when its answer is taken.
//
// Connections belong to a thread each, in turn. Stated bounds, by Limits: connections in all and of
// an address (those beyond are closed at once; of the last eighth each one that comes ends one that
// is idle, as a rule), how long one may be idle, how long a message may take to arrive and an
// answer to be taken, how long and how much a peer whose connection ends is listened to; bytes are
// kept of no more than one message and one answer of a connection, and of a message only what has
// arrived.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/net/address.h"
#include "server/net/answer.h"

namespace gusu::server {

class TcpServer {
 public:
  struct Limits {
    size_t connections_max = 1024;
    size_t connections_of_address_max = 64;  // loopback: connections_max
    absl::Duration idle_max = absl::Minutes(5);
    absl::Duration message_time_max = absl::Seconds(30);  // from its first byte to its last
    absl::Duration answer_time_max = absl::Seconds(30);
    absl::Duration check_interval = absl::Seconds(1);
  };

  struct Protocol {
    size_t header_bytes = 0;
    // How long a message is that begins with these bytes, them included; less than header_bytes:
    // the connection is closed.
    std::function<size_t(std::string_view header)> message_bytes;
    // One message, by a peer's numeric address; on the thread of its connection.
    std::function<void(std::string message, const std::string& peer, Reply reply)> handle;
  };

  // Takes the port: any free one for port 0. Connections wait until Run. kUnavailable when it is
  // taken.
  static absl::StatusOr<std::unique_ptr<TcpServer>> Bind(const SocketAddress& address,
                                                         const Protocol& protocol,
                                                         const Limits& limits);
  // Once.
  void Run(size_t threads);
  ~TcpServer();  // Drains without patience unless Drain() was called.

  uint16_t port() const;
  // Open now.
  size_t connection_count() const;

  // Accepts no more, closes connections without a message in work at once, the others when their
  // answer is taken, but at the latest after `patience`.
  void Drain(absl::Duration patience);

  struct State;

 private:
  explicit TcpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gusu::server
