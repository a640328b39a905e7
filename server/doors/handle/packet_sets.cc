#include "server/doors/handle/packet_sets.h"

#include <algorithm>

namespace gusu::server {

std::optional<PacketSets::Whole> PacketSets::Add(const std::string& address, uint16_t port,
                                                 const handle::Envelope& envelope,
                                                 std::string_view data) {
  const absl::Time now = clock_();
  while (!sets_.empty() && now - sets_.front().began >= kTimeMax) Forget(sets_.begin());
  auto entry = Find(address, port, envelope);
  if (entry == sets_.end()) {
    handle::PacketSet set(envelope);
    if (!set.Add(envelope, data).ok()) return std::nullopt;
    MakeRoom(address, data.size());
    sets_.push_back({address, port, now, std::move(set)});
    bytes_ += data.size();
    return std::nullopt;
  }
  const size_t before = entry->set.bytes();
  if (!entry->set.Add(envelope, data).ok()) return std::nullopt;
  bytes_ += entry->set.bytes() - before;
  if (!entry->set.complete()) {
    while (bytes_ > kBytesMax) Forget(sets_.begin());
    return std::nullopt;
  }
  Whole whole{entry->set.envelope(), entry->set.Join()};
  Forget(entry);
  return whole;
}

PacketSets::Sets::iterator PacketSets::Find(const std::string& address, uint16_t port,
                                            const handle::Envelope& envelope) {
  return std::find_if(sets_.begin(), sets_.end(), [&](const Entry& entry) {
    const handle::Envelope& other = entry.set.envelope();
    return other.request_id == envelope.request_id && other.session_id == envelope.session_id &&
           entry.port == port && entry.address == address;
  });
}

void PacketSets::Forget(Sets::iterator entry) {
  bytes_ -= entry->set.bytes();
  sets_.erase(entry);
}

void PacketSets::MakeRoom(const std::string& address, size_t data_bytes) {
  const auto is_of_source = [&](const Entry& entry) { return entry.address == address; };
  if (static_cast<size_t>(std::count_if(sets_.begin(), sets_.end(), is_of_source)) >=
      kSetsOfSourceMax) {
    Forget(std::find_if(sets_.begin(), sets_.end(), is_of_source));
  }
  while (sets_.size() >= kSetsMax || (!sets_.empty() && bytes_ + data_bytes > kBytesMax)) {
    Forget(sets_.begin());
  }
}

}  // namespace gusu::server
