// Requests of several packets that are not whole yet, of one thread.
//
// Bounds: kSetsMax sets, kSetsOfSourceMax of one address, kBytesMax of packets that arrived, and
// kTimeMax from a set's first packet. Where there is no room the oldest set (of the address, or of
// all) makes it: what never completes keeps nobody waiting.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/handle/packet_set.h"

namespace gusu::server {

class PacketSets {
 public:
  static constexpr size_t kSetsMax = 64;
  static constexpr size_t kSetsOfSourceMax = 4;
  static constexpr size_t kBytesMax = 4 << 20;
  static constexpr absl::Duration kTimeMax = absl::Seconds(5);

  explicit PacketSets(std::function<absl::Time()> clock = absl::Now) : clock_(std::move(clock)) {}

  struct Whole {
    handle::Envelope envelope;
    std::string message;
  };
  // Adds a packet of `address` and `port`; the message, when it was the last one missing. A packet
  // that belongs to no message of its envelope is dropped.
  std::optional<Whole> Add(const std::string& address, uint16_t port,
                           const handle::Envelope& envelope, std::string_view data);

  size_t size() const { return sets_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string address;
    uint16_t port;
    absl::Time began;
    handle::PacketSet set;
  };
  using Sets = std::list<Entry>;  // the oldest first

  Sets::iterator Find(const std::string& address, uint16_t port, const handle::Envelope& envelope);
  void Forget(Sets::iterator entry);
  void MakeRoom(const std::string& address, size_t data_bytes);

  const std::function<absl::Time()> clock_;
  Sets sets_;
  size_t bytes_ = 0;
};

}  // namespace gusu::server
