// The packets of one message that came over UDP, put together again in whatever order they come.
//
// A set holds what arrived and nothing in advance: at most the message's bytes, and some hundred
// bytes a packet. Which sets there are, of whom, and how long one may wait is its owner's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "proto/handle/envelope.h"

namespace gusu::handle {

class PacketSet {
 public:
  // Of the message that `first` is a packet of, whichever of them it is.
  explicit PacketSet(const Envelope& first);

  // `data` is what stands behind the packet's envelope. HANDLE_MALFORMED, and the set as before,
  // for a packet of another message or length, one beyond the message's end, one that is longer or
  // shorter than its place, and one that came before with other bytes. The same once more is OK.
  absl::Status Add(const Envelope& envelope, std::string_view data);

  bool complete() const { return packets_.size() == packet_count_; }
  // What the set holds, for its owner's own bound.
  size_t bytes() const { return bytes_; }
  const Envelope& envelope() const { return envelope_; }  // with sequence number 0
  // The whole message; of a complete set only.
  std::string Join() const;

 private:
  Envelope envelope_;
  size_t packet_count_;
  std::map<uint32_t, std::string> packets_;  // by sequence number
  size_t bytes_ = 0;
};

}  // namespace gusu::handle
