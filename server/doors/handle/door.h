// The Handle door: existing Handle clients resolve, and where it is allowed administrate, over UDP
// and TCP on one port. Decodes messages, asks the rules, encodes their answers. Holds no rule.
//
// Stated bounds: those of TcpServer::Limits, PacketSets, AnswerLimiter and Challenges; a message
// is at most 262,144 bytes, and one that says to be longer ends its connection.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config.h"
#include "server/doors/rules.h"

namespace gusu::server {

class HandleDoor {
 public:
  using Rules = DoorRules;
  struct Options {
    ListenAddress address;
    // What HS_SITE tells; empty: the address that is listened on.
    std::vector<ListenAddress> site_addresses;
    std::string site_name;
    std::string service;  // a handle for HS_SERV; empty: none
    bool administration = false;
    std::string key_path;   // of the server's RSA key; empty: in memory only
    std::string site_path;  // of the HS_SITE told last; likewise
  };

  // Listens from then on. kUnavailable when the address cannot be listened on, kFailedPrecondition
  // for files that cannot be used.
  static absl::StatusOr<std::unique_ptr<HandleDoor>> Start(const Options& options,
                                                           const Rules& rules);
  // Drains without patience unless Drain() was called.
  ~HandleDoor();

  // With the port that was taken, where any was asked for.
  const ListenAddress& address() const;

  // For the doors that answer for this one; valid as long as it.
  const HandleSite& site() const;
  const MessageHandler& messages() const;

  // Reads no more; waits until what is in work is answered, at most `patience` over TCP.
  void Drain(absl::Duration patience);

 private:
  class State;
  explicit HandleDoor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gusu::server
