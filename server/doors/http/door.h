// The HTTP door: pages, JSON, labels, the audit log's files and figures for operators on one port,
// over TLS and plain. Decodes requests, asks the rules, encodes their answers. Holds no rule.
//
// Stated bounds: those of HttpServer::Limits, and of each area (server/doors/http/README.md).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/doors/rules.h"
#include "server/listen_address.h"
#include "server/net/http_server.h"

namespace gusu::server {

class HttpDoor {
 public:
  struct Options {
    ListenAddress address;
    std::optional<HttpServer::Tls> tls;
    HttpServer::Limits limits;
  };

  // Listens from then on. kUnavailable when the address cannot be listened on, kFailedPrecondition
  // for files that cannot be used.
  static absl::StatusOr<std::unique_ptr<HttpDoor>> Start(const Options& options,
                                                         const DoorRules& rules);
  // Drains without patience unless Drain() was called.
  ~HttpDoor();

  // With the port that was taken, where any was asked for.
  const ListenAddress& address() const;

  // Ends streams, reads no more, and waits until what is in work is answered, at most `patience`.
  void Drain(absl::Duration patience);

 private:
  class State;
  explicit HttpDoor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gusu::server
