// The gRPC door: decodes calls of gusu.v1, asks the rules, encodes their answers. Holds no rule.
//
// Stated bounds: 4 MiB a request message, 8 KiB of headers, 256 calls at once on a connection, 512
// streams at once on the server and 128 of one address, 4 messages in work on a stream. A
// connection without a call is closed after 10 minutes, one that does not answer pings after 80
// seconds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config.h"
#include "server/doors/rules.h"

namespace gusu::server {

class GrpcDoor {
 public:
  // Files in PEM; both are read again within a second of a change.
  struct Tls {
    std::string certificate_path;
    std::string key_path;
  };
  using Rules = DoorRules;

  // Listens from then on. nullopt: plaintext. kUnavailable when the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<GrpcDoor>> Start(const ListenAddress& address,
                                                         const std::optional<Tls>& tls,
                                                         const Rules& rules);
  // Drains without patience unless Drain() was called.
  ~GrpcDoor();

  // With the port that was taken, where any was asked for.
  const ListenAddress& address() const;

  // What the health service tells of the services that write. May be called from any thread.
  void SetWritable(bool writable);

  // Tells the health service's watchers, accepts no more calls, lets streams end after the messages
  // that are in work, and waits; what is not finished within `patience` is cancelled.
  void Drain(absl::Duration patience);

 private:
  class State;
  explicit GrpcDoor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gusu::server
