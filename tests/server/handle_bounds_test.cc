// What keeps spoofed sources and packets that never complete within bounds.
#include <catch2/catch.hpp>

#include "proto/handle/envelope.h"
#include "server/doors/handle/answer_limiter.h"
#include "server/doors/handle/datagrams.h"
#include "server/doors/handle/packet_sets.h"

using namespace gusu;
using gusu::server::AnswerLimiter;
using gusu::server::PacketSets;

namespace {

struct Clock {
  absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  std::function<absl::Time()> function() {
    return [this] { return now; };
  }
};

handle::Envelope EnvelopeOf(uint32_t request_id, uint32_t message_bytes, uint32_t sequence = 0) {
  handle::Envelope envelope;
  envelope.flags = handle::kTruncated;
  envelope.request_id = request_id;
  envelope.message_bytes = message_bytes;
  envelope.sequence_number = sequence;
  return envelope;
}

std::string Data(char c) { return std::string(handle::kPacketDataBytes, c); }

}  // namespace

TEST_CASE("small requests in another's name make no more than a burst of large answers") {
  Clock clock;
  AnswerLimiter::Options options;
  options.clock = clock.function();
  AnswerLimiter limiter(options);
  size_t sent_bytes = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (limiter.Admit("192.0.2.1", 80, 4000)) sent_bytes += 4000;
  }
  CHECK(sent_bytes == 17 * 4000);  // 17 times 3,840 bytes beyond what is free
  CHECK_FALSE(limiter.Admit("192.0.2.1", 80, 4000));
  CHECK(limiter.Admit("192.0.2.1", 80, 160));
  CHECK(limiter.Admit("192.0.2.2", 80, 4000));
  clock.now += absl::Seconds(1);
  CHECK(limiter.Admit("192.0.2.1", 80, 4000));
}

TEST_CASE("an address's neighbours in its /64 have one bucket, and this machine has none") {
  Clock clock;
  AnswerLimiter::Options options;
  options.clock = clock.function();
  AnswerLimiter limiter(options);
  CHECK(limiter.Admit("2001:db8::1", 80, 100'000));
  CHECK_FALSE(limiter.Admit("2001:db8::2", 80, 100'000));
  CHECK(limiter.Admit("2001:db8:0:1::2", 80, 100'000));
  for (int i = 0; i < 100; ++i) {
    CHECK(limiter.Admit("127.0.0.1", 80, 262'144));
    CHECK(limiter.Admit("::1", 80, 262'144));
  }
}

TEST_CASE("a bucket does not grow beyond its burst, nor by a clock that goes back") {
  Clock clock;
  AnswerLimiter::Options options;
  options.clock = clock.function();
  AnswerLimiter limiter(options);
  CHECK(limiter.Admit("192.0.2.1", 0, 64 * 1024));
  clock.now -= absl::Hours(1);
  CHECK_FALSE(limiter.Admit("192.0.2.1", 0, 1024));
  clock.now += absl::Hours(2);
  CHECK(limiter.Admit("192.0.2.1", 0, 64 * 1024));
  CHECK_FALSE(limiter.Admit("192.0.2.1", 0, 1024));
}

TEST_CASE("beyond its bound of sources the one that was answered longest ago is forgotten") {
  Clock clock;
  AnswerLimiter::Options options;
  options.clock = clock.function();
  options.sources_max = 2;
  AnswerLimiter limiter(options);
  CHECK(limiter.Admit("192.0.2.1", 0, 64 * 1024));
  CHECK(limiter.Admit("192.0.2.2", 0, 64 * 1024));
  CHECK_FALSE(limiter.Admit("192.0.2.1", 0, 1024));
  CHECK(limiter.Admit("192.0.2.3", 0, 64 * 1024));
  CHECK_FALSE(limiter.Admit("192.0.2.1", 0, 1024));
  CHECK(limiter.Admit("192.0.2.2", 0, 1024));
}

TEST_CASE("packets make their message in any order, and only those of one source and request") {
  PacketSets sets;
  const uint32_t bytes = 2 * handle::kPacketDataBytes + 1;
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(7, bytes, 2), "c").has_value());
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(7, bytes, 0), Data('a')).has_value());
  CHECK_FALSE(sets.Add("192.0.2.1", 2, EnvelopeOf(7, bytes, 1), Data('x')).has_value());
  CHECK_FALSE(sets.Add("192.0.2.2", 1, EnvelopeOf(7, bytes, 1), Data('x')).has_value());
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(8, bytes, 1), Data('x')).has_value());
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(7, bytes, 1), "short").has_value());
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(7, bytes, 3), Data('x')).has_value());
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(7, bytes + 1, 1), Data('x')).has_value());
  const auto whole = sets.Add("192.0.2.1", 1, EnvelopeOf(7, bytes, 1), Data('b'));
  REQUIRE(whole.has_value());
  CHECK(whole->message == Data('a') + Data('b') + "c");
  CHECK(whole->envelope.message_bytes == bytes);
  CHECK(sets.size() == 3);
  CHECK(sets.bytes() == 3 * handle::kPacketDataBytes);
}

TEST_CASE("sets that never complete are forgotten: after their time, by source, and in all") {
  Clock clock;
  PacketSets sets(clock.function());
  const uint32_t bytes = 2 * handle::kPacketDataBytes;
  for (uint32_t id = 0; id < 5; ++id) {
    sets.Add("192.0.2.1", 1, EnvelopeOf(id, bytes), Data('a'));
  }
  CHECK(sets.size() == PacketSets::kSetsOfSourceMax);
  CHECK_FALSE(sets.Add("192.0.2.1", 1, EnvelopeOf(0, bytes, 1), Data('b')).has_value());
  CHECK(sets.Add("192.0.2.1", 1, EnvelopeOf(4, bytes, 1), Data('b')).has_value());
  for (uint32_t i = 0; i < 1000; ++i) {
    sets.Add("198.51.100." + std::to_string(i), 1, EnvelopeOf(1, bytes), Data('a'));
    CHECK(sets.size() <= PacketSets::kSetsMax);
  }
  clock.now += PacketSets::kTimeMax;
  sets.Add("192.0.2.9", 1, EnvelopeOf(1, bytes), Data('a'));
  CHECK(sets.size() == 1);
  CHECK(sets.bytes() == handle::kPacketDataBytes);
}

TEST_CASE("sets keep no more bytes than their bound, and none that did not arrive") {
  Clock clock;
  PacketSets sets(clock.function());
  const uint32_t packets = 532;
  const auto bytes = static_cast<uint32_t>(packets * handle::kPacketDataBytes);
  sets.Add("192.0.2.0", 1, EnvelopeOf(1, bytes), Data('a'));
  CHECK(sets.bytes() == handle::kPacketDataBytes);
  for (uint32_t source = 0; source < 20; ++source) {
    for (uint32_t i = 0; i + 1 < packets; ++i) {
      sets.Add("192.0.2." + std::to_string(source), 1, EnvelopeOf(1, bytes, i), Data('a'));
    }
    CHECK(sets.bytes() <= PacketSets::kBytesMax);
  }
  CHECK(sets.size() == 16);
}

TEST_CASE("an answer goes in packets of 512 bytes, each with the envelope and its number") {
  std::string answer;
  handle::MessageWriter message(answer, EnvelopeOf(7, 0));
  message.Begin({}).Raw(std::string(1000, 'x'));
  REQUIRE(message.Finish());
  std::vector<std::string> packets;
  server::ForEachPacket(answer, [&](std::string_view packet) { packets.emplace_back(packet); });
  REQUIRE(packets.size() == 3);
  std::string joined;
  for (uint32_t i = 0; i < 3; ++i) {
    CHECK(packets[i].size() <= handle::kPacketBytesMax);
    const auto envelope = handle::DecodeEnvelope(packets[i]);
    REQUIRE(envelope.has_value());
    CHECK(envelope->sequence_number == i);
    CHECK(envelope->message_bytes == 1028);
    joined += packets[i].substr(handle::kEnvelopeBytes);
  }
  CHECK(joined == answer.substr(handle::kEnvelopeBytes));
}
