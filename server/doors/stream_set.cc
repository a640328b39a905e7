#include "server/doors/stream_set.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/error.h"
#include "server/source_buckets.h"

namespace gusu::server {

absl::Status ServerStopping() {
  return Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
               "the server is stopping; send again what was not answered");
}

absl::Status StreamSet::Add(const std::shared_ptr<OpenStream>& stream, const std::string& peer) {
  const std::string address = AddressGroup(peer);
  const std::lock_guard lock(mutex_);
  if (draining_) return ServerStopping();
  const auto of_address = streams_of_address_.find(address);
  if (streams_.size() >= kStreamsMax ||
      (of_address != streams_of_address_.end() && of_address->second >= kStreamsPerPeerMax)) {
    return Error(absl::StatusCode::kResourceExhausted, "STREAMS_TOO_MANY",
                 absl::StrCat("too many open streams: at most ", kStreamsPerPeerMax,
                              " of one address and ", kStreamsMax, " in all"),
                 {{"streams_max", absl::StrCat(kStreamsMax)},
                  {"streams_per_address_max", absl::StrCat(kStreamsPerPeerMax)}});
  }
  streams_[stream.get()] = Entry{stream, address};
  ++streams_of_address_[address];
  return absl::OkStatus();
}

void StreamSet::Remove(const OpenStream* stream) {
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  const auto of_address = streams_of_address_.find(found->second.address);
  if (--of_address->second == 0) streams_of_address_.erase(of_address);
  streams_.erase(found);
}

size_t StreamSet::count() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
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
