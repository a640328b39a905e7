// Requests that wait for their senders to prove who they are, each under a session id of its own.
//
// Stated bounds, over UDP and TCP apart, so that senders who can lie about their address keep out
// nobody else: requests, their bytes, and requests of one source (AddressGroup; this machine may
// fill the table). Where there is no room the oldest one (of the source, or of all) makes it. A
// challenge is good for Options::time_max and spent by its first answer. May be called from any
// thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/handle/message.h"
#include "server/doors/handle/call.h"

namespace gusu::server {

struct PendingRequest {
  // Of the request, with as many bytes as `message` has.
  handle::Envelope envelope;
  std::string message;  // header and body
  std::string nonce;
  std::string digest;  // of the request, as the challenge states it
};

class Challenges {
 public:
  struct Bounds {
    size_t requests_max;
    size_t bytes_max;
  };
  struct Options {
    Bounds tcp = {3'072, 6 << 20};
    Bounds udp = {1'024, 2 << 20};
    size_t requests_of_source_max = 16;
    absl::Duration time_max = absl::Minutes(1);
    std::function<absl::Time()> clock = absl::Now;
  };

  Challenges() : Challenges(Options()) {}
  explicit Challenges(Options options);

  struct Issued {
    uint32_t session_id;
    std::string nonce;
  };
  // Keeps the request. Over UDP, where requests are sent again, one that is kept already is given
  // the challenge that it has.
  Issued Issue(const HandlePeer& peer, const handle::Envelope& envelope, std::string_view message,
               std::string_view digest);

  struct Spent {
    bool expired = false;
    PendingRequest request;
  };
  // The request that the peer's source was challenged for under this id, which is then forgotten;
  // nullopt when there is none. One that expired is known as such for a while.
  std::optional<Spent> Spend(const HandlePeer& peer, uint32_t session_id);

  size_t size() const;
  size_t bytes() const;

 private:
  struct Entry {
    uint32_t session_id;
    std::string source;
    absl::Time issued;
    PendingRequest request;
    size_t bytes() const { return request.message.size(); }
  };
  using Entries = std::list<Entry>;  // the oldest first
  struct Table {
    Bounds bounds;
    Entries entries;
    size_t bytes = 0;
    std::unordered_map<uint32_t, Entries::iterator> by_id;
    std::unordered_map<std::string, std::deque<uint32_t>> by_source;  // the oldest first
  };

  void Forget(Table& table, Entries::iterator entry) const;
  void MakeRoom(Table& table, const std::string& source, size_t bytes, absl::Time now) const;
  const Entry* FindAgain(const Table& table, const std::string& source, uint32_t request_id,
                         std::string_view digest, absl::Time now) const;
  uint32_t UnusedId() const;
  bool IsExpired(const Entry& entry, absl::Time now) const {
    return now - entry.issued > options_.time_max;
  }

  const Options options_;
  mutable std::mutex mutex_;  // guards what follows
  Table tcp_;
  Table udp_;
};

}  // namespace gusu::server
