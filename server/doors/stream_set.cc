#include "server/doors/stream_set.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/error.h"

namespace gusu::server {

absl::Status ServerStopping() {
  return Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
               "the server is stopping; send again what was not answered");
}

absl::Status StreamSet::Add(const std::shared_ptr<OpenStream>& stream, const std::string& peer) {
  const std::lock_guard lock(mutex_);
  if (draining_) return ServerStopping();
  const auto of_peer = streams_of_peer_.find(peer);
  if (streams_.size() >= kStreamsMax ||
      (of_peer != streams_of_peer_.end() && of_peer->second >= kStreamsPerPeerMax)) {
    return Error(absl::StatusCode::kResourceExhausted, "STREAMS_TOO_MANY",
                 absl::StrCat("too many open streams: at most ", kStreamsPerPeerMax,
                              " of one address and ", kStreamsMax, " in all"),
                 {{"streams_max", absl::StrCat(kStreamsMax)},
                  {"streams_per_address_max", absl::StrCat(kStreamsPerPeerMax)}});
  }
  streams_[stream.get()] = Entry{stream, peer};
  ++streams_of_peer_[peer];
  return absl::OkStatus();
}

void StreamSet::Remove(const OpenStream* stream) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  const auto of_peer = streams_of_peer_.find(found->second.peer);
  if (--of_peer->second == 0) streams_of_peer_.erase(of_peer);
  streams_.erase(found);
}

void StreamSet::DrainAll() {
  std::vector<std::shared_ptr<OpenStream>> streams;
  {
    const std::lock_guard lock(mutex_);
    draining_ = true;
    for (const auto& [pointer, entry] : streams_) {
      if (auto stream = entry.stream.lock()) streams.push_back(std::move(stream));
    }
  }
  for (const auto& stream : streams) stream->Drain();
}

}  // namespace gusu::server
