// The Handle door of a whole server: what a reference server answered, and what clients send that
// mean no good.
#include <sys/types.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "proto/handle/credential.h"
#include "proto/handle/site.h"
#include "proto/hash.h"
#include "tests/e2e/handle_scene.h"
#include "tests/random.h"

namespace gusu::e2e {
namespace {

using Kind = HandleSocket::Kind;

// What differs from server to server: the site's serial, and of each value when it was written.
std::string Masked(std::string answer) {
  constexpr size_t kSerialAt = handle::kEnvelopeBytes + 12;
  answer.replace(kSerialAt, 2, 2, '\0');
  const auto envelope = handle::DecodeEnvelope(answer);
  const std::string_view view = std::string_view(answer).substr(handle::kEnvelopeBytes);
  const auto message = handle::DecodeMessage(*envelope, view);
  REQUIRE(message.ok());
  const auto body = handle::SplitDigest(*message);
  REQUIRE(body.ok());
  const auto response = handle::DecodeResolveResponse(body->body);
  if (message->header.response_code != handle::ResponseCode::kSuccess || !response.ok()) {
    return HexEncode(answer);
  }
  std::string values;
  handle::Writer writer(values);
  for (handle::Value value : response->values) {
    value.timestamp_s = 0;
    handle::Write(writer, value);
  }
  const std::string_view own = response->values.bytes();
  answer.replace(static_cast<size_t>(own.data() - answer.data()), own.size(), values);
  return HexEncode(answer);
}

// Envelope and header as they are; of the site what both servers must say alike.
std::string MaskedSite(const std::string& answer) {
  const auto envelope = handle::DecodeEnvelope(answer);
  const auto message =
      handle::DecodeMessage(*envelope, std::string_view(answer).substr(handle::kEnvelopeBytes));
  REQUIRE(message.ok());
  auto site = handle::DecodeSite(message->body);
  REQUIRE(site.ok());
  site->serial = 0;
  REQUIRE(site->attributes.size() == 1);
  site->attributes[0].second = "described";
  REQUIRE(site->servers.size() == 1);
  handle::SiteServer& server = site->servers[0];
  CHECK(handle::PublicKey::Decode(server.public_key).ok());
  server.public_key.clear();
  // The captured server spoke HTTP as well, at a port of its own.
  std::vector<handle::SiteInterface> shared;
  for (handle::SiteInterface interface : server.interfaces) {
    interface.port = 0;
    if (interface.transport != handle::Transport::kHttp) shared.push_back(interface);
  }
  server.interfaces = shared;
  std::string header = answer.substr(0, handle::kEnvelopeBytes + 20);
  header.replace(16, 4, 4, '\0');                           // the message's length
  header.replace(handle::kEnvelopeBytes + 12, 2, 2, '\0');  // the site's serial
  return HexEncode(header + handle::EncodeSite(*site));
}

TEST_CASE("the captured requests are answered as they were captured") {
  HandleScene& scene = TheHandleScene();
  const auto all = ReadCaptured();
  REQUIRE(all.size() == 10);
  for (const Captured& captured : all) {
    CAPTURE(captured.title);
    // Each over both.
    for (const Kind kind : {Kind::kUdp, Kind::kTcp}) {
      const HandleSocket socket = scene.Connect(kind);
      REQUIRE(socket.Send(captured.request));
      const std::string answer = socket.ReceiveAnswer();
      REQUIRE_FALSE(answer.empty());
      if (captured.title == "TCP get site info") {
        CHECK(MaskedSite(answer) == MaskedSite(captured.answer));
      } else {
        CHECK(Masked(answer) == Masked(captured.answer));
      }
    }
  }
}

TEST_CASE("a connection stays open from request to request") {
  const HandleSocket socket = TheHandleScene().Connect(Kind::kTcp);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(socket.Send(ResolveBytes("88.118.8/ABC000123")));
    CHECK(CodeOf(socket.ReceiveAnswer()) == 1);
  }
}

TEST_CASE("a certified answer comes in two packets and is signed by the key in HS_SITE") {
  HandleScene& scene = TheHandleScene();
  const HandleSocket socket = scene.Connect(Kind::kUdp);
  REQUIRE(socket.Send(ResolveBytes("0.NA/88.118.8", 0x19000000 | handle::kCertify)));
  const std::string answer = socket.ReceiveAnswer();
  REQUIRE(answer.size() > handle::kPacketBytesMax);
  const auto envelope = handle::DecodeEnvelope(answer);
  const auto message =
      handle::DecodeMessage(*envelope, std::string_view(answer).substr(handle::kEnvelopeBytes));
  REQUIRE(message.ok());
  const auto response = handle::DecodeResolveResponse(message->body);
  REQUIRE(response.ok());
  REQUIRE(response->values.begin()->type == "HS_SITE");
  const auto site = handle::DecodeSite(response->values.begin()->data);
  REQUIRE(site.ok());
  const auto key = handle::PublicKey::Decode(site->servers.at(0).public_key);
  REQUIRE(key.ok());
  CHECK(handle::IsSignedBy(*envelope, *message, *key));
}

TEST_CASE("a request of several packets is answered when the last of them has come") {
  const HandleSocket socket = TheHandleScene().Connect(Kind::kUdp);
  std::string bytes;
  handle::Envelope envelope;
  envelope.flags = handle::kTruncated;
  envelope.request_id = 7;
  handle::MessageWriter message(bytes, envelope);
  handle::Header header;
  header.operation = handle::Operation::kResolve;
  header.flags = 0x19000000;
  handle::Writer& body = message.Begin(header);
  handle::WriteResolveRequest(body, "88.118.8/ABC000123");
  body.Raw(std::string(1000, 'x'));  // what a client of the wild appends
  REQUIRE(message.Finish());
  const std::string data = bytes.substr(handle::kEnvelopeBytes);
  for (const uint32_t i : {2, 0, 1}) {
    std::string packet = bytes.substr(0, handle::kEnvelopeBytes);
    handle::Writer(packet).PutInt(12, i);
    REQUIRE(socket.Send(packet.append(handle::PacketData(data, i))));
  }
  CHECK(CodeOf(socket.ReceiveAnswer()) == 1);
}

// Resident memory of the server, in MiB.
size_t ResidentMib(const ServerProcess& server) {
  std::istringstream status(ReadWholeFile("/proc/" + std::to_string(server.pid()) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.substr(0, 6) == "VmRSS:") return std::stoul(line.substr(6)) / 1024;
  }
  return 0;
}

void CheckStillAnswers(HandleScene& scene) {
  const std::string request = ResolveBytes("88.118.8/ABC000123");
  // A datagram may find the server's buffer full of others; clients send it again.
  const HandleSocket udp = scene.Connect(Kind::kUdp);
  std::string answer;
  for (int i = 0; i < 40 && answer.empty(); ++i) {
    REQUIRE(udp.Send(request));
    answer = udp.Receive(500);
  }
  CHECK(CodeOf(answer) == 1);
  const HandleSocket tcp = scene.Connect(Kind::kTcp);
  REQUIRE(tcp.Send(request));
  CHECK(CodeOf(tcp.ReceiveAnswer()) == 1);
}

TEST_CASE("what has no envelope is not answered over UDP, and ends a connection") {
  HandleScene& scene = TheHandleScene();
  const std::string good = ResolveBytes("88.118.8/ABC000123");
  const HandleSocket udp = scene.Connect(Kind::kUdp);
  for (const std::string& bytes :
       {std::string("x"), good.substr(0, 19), "\x07" + good.substr(1), std::string(513, '\x02')}) {
    REQUIRE(udp.Send(bytes));
  }
  REQUIRE(udp.Send(good));
  CHECK(CodeOf(udp.Receive()) == 1);  // the first that comes back
  const HandleSocket tcp = scene.Connect(Kind::kTcp);
  REQUIRE(tcp.Send("\x07" + good.substr(1)));
  CHECK(tcp.Receive().empty());
  CheckStillAnswers(scene);
}

TEST_CASE("messages whose lengths wrap, contradict each other or are too long are refused") {
  HandleScene& scene = TheHandleScene();
  const std::string good = ResolveBytes("88.118.8/ABC000123");
  // Where lengths and counts stand: the body's, the handle's, the lists', the credential's.
  for (const size_t at :
       {size_t{40}, size_t{44}, good.size() - 12, good.size() - 8, good.size() - 4}) {
    for (const char* length : {"ffffffff", "7fffffff", "80000000", "fffffffc", "00040001"}) {
      std::string bad = good;
      bad.replace(at, 4, FromHex(length));
      for (const Kind kind : {Kind::kUdp, Kind::kTcp}) {
        CAPTURE(at, length);
        const HandleSocket socket = scene.Connect(kind);
        REQUIRE(socket.Send(bad));
        CHECK(CodeOf(socket.ReceiveAnswer()) == 4);
      }
    }
  }
  for (const char* length : {"00040001", "7fffffff", "ffffffff"}) {
    std::string bad = good;
    bad.replace(16, 4, FromHex(length));
    const HandleSocket socket = scene.Connect(Kind::kTcp);
    REQUIRE(socket.Send(bad.substr(0, handle::kEnvelopeBytes)));
    CHECK(CodeOf(socket.ReceiveAnswer()) == 4);
    CHECK(socket.Receive().empty());
  }
}

TEST_CASE("random bytes and packets that never make a message cost no memory that stays") {
  HandleScene& scene = TheHandleScene();
  test::Random random("handle_e2e");
  CheckStillAnswers(scene);
  const size_t before = ResidentMib(scene.server);
  const std::string good = ResolveBytes("88.118.8/ABC000123");
  const HandleSocket udp = scene.Connect(Kind::kUdp);
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = good.substr(0, handle::kEnvelopeBytes) + random.Bytes(random.Below(492));
    // One packet of a message of the greatest length, each of another request.
    if (i % 2 == 0) bytes.replace(16, 4, FromHex("00040000"));
    bytes.replace(8, 4, random.Bytes(4));
    udp.Send(bytes);
  }
  CheckStillAnswers(scene);
  // 4 MiB a thread of packets, and the sockets' buffers are the system's.
  CHECK(ResidentMib(scene.server) < before + 64);
}

TEST_CASE("half-open connections and half messages do not keep others from being answered") {
  HandleScene& scene = TheHandleScene();
  const std::string good = ResolveBytes("88.118.8/ABC000123");
  std::vector<std::unique_ptr<HandleSocket>> held;
  for (int i = 0; i < 200; ++i) {
    auto socket = std::make_unique<HandleSocket>(scene.server.handle_address(), Kind::kTcp);
    REQUIRE(socket->connected());
    if (i % 2 == 0) REQUIRE(socket->Send(good.substr(0, 1 + i % good.size())));
    held.push_back(std::move(socket));
  }
  CheckStillAnswers(scene);
  // Each goes on where it was.
  REQUIRE(held[2]->Send(good.substr(3)));
  CHECK(CodeOf(held[2]->ReceiveAnswer()) == 1);
}

TEST_CASE("a client that asks and does not read holds its own answers back, and nobody else's") {
  HandleScene& scene = TheHandleScene();
  const size_t before = ResidentMib(scene.server);
  const std::string request = ResolveBytes("88.118.8/ADMIN");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += request;
  const HandleSocket greedy = scene.Connect(Kind::kTcp);
  REQUIRE(greedy.Send(many));
  CheckStillAnswers(scene);
  CHECK(ResidentMib(scene.server) < before + 16);
  for (size_t bytes = 0; bytes < 1000 * 510;) {
    const std::string part = greedy.Receive();
    REQUIRE_FALSE(part.empty());
    bytes += part.size();
  }
}

}  // namespace
}  // namespace gusu::e2e
