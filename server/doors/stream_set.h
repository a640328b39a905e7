// The streams that are open at a door: how many there may be, and how all of them are ended.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"

namespace gusu::server {

inline constexpr size_t kStreamsMax = 512;
inline constexpr size_t kStreamsPerPeerMax = 128;

class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Reads no more, answers what is in work, and ends. May be called from any thread, also after the
  // stream's end.
  virtual void Drain() = 0;
};

class StreamSet {
 public:
  // kResourceExhausted / STREAMS_TOO_MANY beyond the limits, kUnavailable / SERVER_STOPPING after
  // DrainAll. `peer` is a numeric address; those of IPv6 count by their first 64 bits.
  absl::Status Add(const std::shared_ptr<OpenStream>& stream, const std::string& peer);
  // No effect for a stream that was not added.
  void Remove(const OpenStream* stream);
  void DrainAll();
  // Open now.
  size_t count() const;

 private:
  struct Entry {
    std::weak_ptr<OpenStream> stream;
    std::string address;  // an AddressGroup
  };
  mutable std::mutex mutex_;  // guards what follows
  bool draining_ = false;
  std::map<const OpenStream*, Entry> streams_;
  std::map<std::string, size_t> streams_of_address_;
};

// How a stream ends that the server stops.
absl::Status ServerStopping();

}  // namespace gusu::server
