#include <algorithm>
#include <catch2/catch.hpp>

#include "../random.h"
#include "proto/error.h"
#include "proto/handle/packet_set.h"

using namespace gusu::handle;  // NOLINT(google-build-using-namespace): all of it is looked at

namespace {

constexpr size_t kMessageBytes = 2 * kPacketDataBytes + 100;

std::string MessageOf(size_t bytes) {
  std::string message;
  while (message.size() < bytes) message += static_cast<char>(message.size() * 7 / 3);
  return message;
}

Envelope EnvelopeOf(uint32_t sequence_number, uint32_t message_bytes = kMessageBytes) {
  Envelope envelope;
  envelope.flags = kTruncated;
  envelope.request_id = 7;
  envelope.sequence_number = sequence_number;
  envelope.message_bytes = message_bytes;
  return envelope;
}

bool Refused(const absl::Status& status) { return gusu::ErrorReason(status) == "HANDLE_MALFORMED"; }

}  // namespace

TEST_CASE("a message has as many packets of 492 bytes as it needs, and one at least") {
  CHECK(PacketCount(0) == 1);
  CHECK(PacketCount(1) == 1);
  CHECK(PacketCount(492) == 1);
  CHECK(PacketCount(493) == 2);
  CHECK(PacketCount(545) == 2);
  CHECK(PacketCount(kMessageBytesMax) == 533);
  const std::string message = MessageOf(kMessageBytes);
  CHECK(PacketData(message, 0) == message.substr(0, 492));
  CHECK(PacketData(message, 2) == message.substr(984));
  CHECK(PacketData(message, 3).empty());
}

TEST_CASE("packets make their message in any order, and a repeated one changes nothing") {
  gusu::test::Random random("handle_packet_set_test");
  for (const size_t bytes :
       {size_t{1}, size_t{492}, size_t{493}, kMessageBytes, kMessageBytesMax}) {
    const std::string message = MessageOf(bytes);
    std::vector<uint32_t> order;
    for (uint32_t i = 0; i < PacketCount(bytes); ++i) order.insert(order.end(), {i, i});
    std::shuffle(order.begin(), order.end(), random.engine());
    PacketSet set(EnvelopeOf(order[0], static_cast<uint32_t>(bytes)));
    for (const uint32_t i : order) {
      REQUIRE(set.Add(EnvelopeOf(i, static_cast<uint32_t>(bytes)), PacketData(message, i)).ok());
    }
    REQUIRE(set.complete());
    CHECK(set.bytes() == bytes);
    CHECK(set.Join() == message);
    CHECK(set.envelope() == EnvelopeOf(0, static_cast<uint32_t>(bytes)));
  }
}

TEST_CASE("a packet that contradicts its message is refused, and the set goes on as it was") {
  const std::string message = MessageOf(kMessageBytes);
  PacketSet set(EnvelopeOf(1));
  REQUIRE(set.Add(EnvelopeOf(1), PacketData(message, 1)).ok());
  CHECK_FALSE(set.complete());

  CHECK(Refused(set.Add(EnvelopeOf(0, kMessageBytes + 1), PacketData(message, 0))));
  Envelope other = EnvelopeOf(0);
  other.request_id = 8;
  CHECK(Refused(set.Add(other, PacketData(message, 0))));
  other = EnvelopeOf(0);
  other.session_id = 8;
  CHECK(Refused(set.Add(other, PacketData(message, 0))));
  other = EnvelopeOf(0);
  other.version = {2, 3};
  CHECK(Refused(set.Add(other, PacketData(message, 0))));

  CHECK(Refused(set.Add(EnvelopeOf(3), "")));
  CHECK(Refused(set.Add(EnvelopeOf(0xffffffff), PacketData(message, 0))));
  CHECK(Refused(set.Add(EnvelopeOf(0), message.substr(0, 491))));
  CHECK(Refused(set.Add(EnvelopeOf(0), message.substr(0, 493))));
  CHECK(Refused(set.Add(EnvelopeOf(0), "")));
  CHECK(Refused(set.Add(EnvelopeOf(2), message.substr(984, 99))));
  CHECK(Refused(set.Add(EnvelopeOf(1), std::string(492, 'x'))));
  CHECK(set.bytes() == 492);

  REQUIRE(set.Add(EnvelopeOf(2), PacketData(message, 2)).ok());
  REQUIRE(set.Add(EnvelopeOf(0), PacketData(message, 0)).ok());
  CHECK(set.complete());
  CHECK(set.Join() == message);
}

TEST_CASE("a set holds what came, whatever length was claimed") {
  PacketSet set(EnvelopeOf(0, kMessageBytesMax));
  REQUIRE(set.Add(EnvelopeOf(5, kMessageBytesMax), std::string(492, 'x')).ok());
  CHECK(set.bytes() == 492);
  CHECK_FALSE(set.complete());
}
