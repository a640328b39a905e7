#include "server/doors/handle/challenges.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "proto/handle/response.h"
#include "proto/hash.h"
#include "server/net/address.h"
#include "server/rate_limit.h"

namespace gusu::server {
namespace {

// What is expired is told to be so for as long again.
constexpr int kTimesKept = 2;

}  // namespace

Challenges::Challenges(Options options) : options_(std::move(options)) {
  tcp_.bounds = options_.tcp;
  udp_.bounds = options_.udp;
}

Challenges::Issued Challenges::Issue(const HandlePeer& peer, const handle::Envelope& envelope,
                                     std::string_view message, std::string_view digest) {
  const std::string source = AddressGroup(peer.address);
  const bool is_udp = peer.transport == handle::Transport::kUdp;
  const absl::Time now = options_.clock();
  Entry entry{0, source, now, {envelope, std::string(message), "", std::string(digest)}};
  entry.request.envelope.message_bytes = static_cast<uint32_t>(message.size());
  entry.request.nonce = RandomBytes(handle::kNonceBytes);
  const std::lock_guard lock(mutex_);
  Table& table = is_udp ? udp_ : tcp_;
  if (is_udp) {
    if (const Entry* known = FindAgain(table, source, envelope.request_id, digest, now)) {
      return {known->session_id, known->request.nonce};
    }
  }
  MakeRoom(table, source, entry.bytes(), now);
  entry.session_id = UnusedId();
  const Issued issued{entry.session_id, entry.request.nonce};
  table.bytes += entry.bytes();
  table.by_source[source].push_back(issued.session_id);
  table.entries.push_back(std::move(entry));
  table.by_id.emplace(issued.session_id, std::prev(table.entries.end()));
  return issued;
}

std::optional<Challenges::Spent> Challenges::Spend(const HandlePeer& peer, uint32_t session_id) {
  const std::string source = AddressGroup(peer.address);
  const absl::Time now = options_.clock();
  const std::lock_guard lock(mutex_);
  // A request over UDP may be answered over TCP.
  for (Table* table : {&tcp_, &udp_}) {
    const auto found = table->by_id.find(session_id);
    if (found == table->by_id.end() || found->second->source != source) continue;
    const Entries::iterator entry = found->second;
    Spent spent{IsExpired(*entry, now), {}};
    table->bytes -= entry->bytes();
    spent.request = std::exchange(entry->request, {});
    Forget(*table, entry);
    return spent;
  }
  return std::nullopt;
}

size_t Challenges::size() const {
  const std::lock_guard lock(mutex_);
  return tcp_.entries.size() + udp_.entries.size();
}

size_t Challenges::bytes() const {
  const std::lock_guard lock(mutex_);
  return tcp_.bytes + udp_.bytes;
}

void Challenges::Forget(Table& table, Entries::iterator entry) const {
  const auto source = table.by_source.find(entry->source);
  std::deque<uint32_t>& ids = source->second;
  ids.erase(std::find(ids.begin(), ids.end(), entry->session_id));
  if (ids.empty()) table.by_source.erase(source);
  table.bytes -= entry->bytes();
  table.by_id.erase(entry->session_id);
  table.entries.erase(entry);
}

void Challenges::MakeRoom(Table& table, const std::string& source, size_t bytes,
                          absl::Time now) const {
  Entries& entries = table.entries;
  while (!entries.empty() && now - entries.front().issued > kTimesKept * options_.time_max) {
    Forget(table, entries.begin());
  }
  if (!IsLoopbackAddress(source)) {
    const auto own = table.by_source.find(source);
    if (own != table.by_source.end() && own->second.size() >= options_.requests_of_source_max) {
      Forget(table, table.by_id.at(own->second.front()));
    }
  }
  while (!entries.empty() && (entries.size() >= table.bounds.requests_max ||
                              table.bytes + bytes > table.bounds.bytes_max)) {
    Forget(table, entries.begin());
  }
}

const Challenges::Entry* Challenges::FindAgain(const Table& table, const std::string& source,
                                               uint32_t request_id, std::string_view digest,
                                               absl::Time now) const {
  const auto own = table.by_source.find(source);
  if (own == table.by_source.end()) return nullptr;
  for (const uint32_t id : own->second) {
    const Entry& entry = *table.by_id.at(id);
    if (entry.request.envelope.request_id == request_id && entry.request.digest == digest &&
        !IsExpired(entry, now)) {
      return &entry;
    }
  }
  return nullptr;
}

// Nobody guesses it, so nobody spends the challenge of another.
uint32_t Challenges::UnusedId() const {
  uint32_t id = 0;
  while (id == 0 || tcp_.by_id.contains(id) || udp_.by_id.contains(id)) {
    const std::string bytes = RandomBytes(sizeof(id));
    std::memcpy(&id, bytes.data(), sizeof(id));
  }
  return id;
}

}  // namespace gusu::server
