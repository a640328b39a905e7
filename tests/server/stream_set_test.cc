// How many streams there may be at a door.
#include "server/doors/stream_set.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

struct Stream final : OpenStream {
  void Drain() override { ++drained; }
  int drained = 0;
};

// Adds `count` streams of a peer, and keeps them.
struct Door {
  std::string Add(const std::string& peer, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      auto stream = std::make_shared<Stream>();
      const absl::Status status = set.Add(stream, peer);
      if (!status.ok()) return ErrorReason(status);
      streams.push_back(std::move(stream));
    }
    return "all";
  }
  StreamSet set;
  std::vector<std::shared_ptr<Stream>> streams;
};

}  // namespace

TEST_CASE("streams have a bound in all and one for each address, and leave room when they end") {
  Door door;
  CHECK(door.Add("192.0.2.1", kStreamsPerPeerMax) == "all");
  CHECK(door.Add("192.0.2.1", 1) == "STREAMS_TOO_MANY");
  door.set.Remove(door.streams[0].get());
  door.set.Remove(door.streams[0].get());
  CHECK(door.set.count() == kStreamsPerPeerMax - 1);
  CHECK(door.Add("192.0.2.1", 2) == "STREAMS_TOO_MANY");
  for (int i = 2; i <= 4; ++i) {
    CHECK(door.Add(Concat("192.0.2.", i), kStreamsPerPeerMax) == "all");
  }
  CHECK(door.set.count() == kStreamsMax);
  CHECK(door.Add("192.0.2.9", 1) == "STREAMS_TOO_MANY");
}

TEST_CASE("who has a network of IPv6 has no more streams than who has an address of IPv4") {
  Door door;
  CHECK(door.Add("2001:db8:0:1::1", kStreamsPerPeerMax / 2) == "all");
  CHECK(door.Add("2001:db8:0:1:ffff::2", kStreamsPerPeerMax / 2) == "all");
  CHECK(door.Add("2001:db8:0:1::3", 1) == "STREAMS_TOO_MANY");
  CHECK(door.Add("2001:db8:0:2::1", 1) == "all");
}

TEST_CASE("draining ends the streams that are open, and those that would come later") {
  Door door;
  CHECK(door.Add("192.0.2.1", 3) == "all");
  door.set.Remove(door.streams[1].get());
  door.set.DrainAll();
  CHECK(door.streams[0]->drained == 1);
  CHECK(door.streams[1]->drained == 0);
  CHECK(door.streams[2]->drained == 1);
  CHECK(door.Add("192.0.2.1", 1) == "SERVER_STOPPING");
}

}  // namespace gusu::server
