#include "proto/handle/packet_set.h"

#include <algorithm>

#include "proto/handle/wire.h"

namespace gusu::handle {

PacketSet::PacketSet(const Envelope& first)
    : envelope_(first), packet_count_(PacketCount(first.message_bytes)) {
  envelope_.sequence_number = 0;
}

absl::Status PacketSet::Add(const Envelope& envelope, std::string_view data) {
  Envelope same = envelope;
  same.sequence_number = 0;
  if (same != envelope_) return Malformed("packet", "has another envelope than its message");
  if (envelope.sequence_number >= packet_count_) {
    return Malformed("sequence number", "is beyond the message's end");
  }
  const size_t from = envelope.sequence_number * kPacketDataBytes;
  if (data.size() != std::min(kPacketDataBytes, envelope_.message_bytes - from)) {
    return Malformed("packet", "is not as long as its place in the message");
  }
  const auto [place, added] = packets_.try_emplace(envelope.sequence_number, data);
  if (!added && place->second != data) return Malformed("packet", "came twice with other bytes");
  if (added) bytes_ += data.size();
  return absl::OkStatus();
}

std::string PacketSet::Join() const {
  std::string message;
  message.reserve(bytes_);
  for (const auto& [sequence_number, data] : packets_) message += data;
  return message;
}

}  // namespace gusu::handle
