#include "tests/e2e/conversation/handle_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "proto/handle/packet_set.h"

namespace gusu::e2e {
namespace {

constexpr time_t kAnswerSecondsMax = 20;

[[noreturn]] void Fail(const std::string& what) {
  throw std::runtime_error("Handle door: " + what + ": " + std::strerror(errno));
}

// A connected socket of IPv4.
class Link {
 public:
  Link(const std::string& address, int type)
      : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    const size_t colon = address.rfind(':');
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &at.sin_addr);
    const timeval timeout{kAnswerSecondsMax, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
      close(descriptor_);
      Fail("cannot connect to " + address);
    }
  }
  ~Link() { close(descriptor_); }
  Link(const Link&) = delete;

  void Send(const std::string& bytes) const {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) Fail("cannot send");
  }
  std::string Datagram() const {
    std::string packet(handle::kPacketBytesMax, '\0');
    const ssize_t size = recv(descriptor_, packet.data(), packet.size(), 0);
    if (size < 0) Fail("no answer");
    packet.resize(static_cast<size_t>(size));
    return packet;
  }
  std::string Exactly(size_t count) const {
    std::string bytes(count, '\0');
    for (size_t at = 0; at < count;) {
      const ssize_t size = recv(descriptor_, bytes.data() + at, count - at, 0);
      if (size <= 0) Fail("the answer breaks off");
      at += static_cast<size_t>(size);
    }
    return bytes;
  }

 private:
  const int descriptor_;
};

handle::Envelope EnvelopeOf(const std::string& bytes) {
  const std::optional<handle::Envelope> envelope = handle::DecodeEnvelope(bytes);
  if (!envelope) throw std::runtime_error("Handle door: an answer without an envelope");
  return *envelope;
}

bool MoreFollow(const HandleMessage& message) {
  const auto header = handle::DecodeHeader(message.bytes);
  return header.ok() && header->Has(handle::kContinuous);
}

}  // namespace

std::vector<HandleMessage> AskOverTcp(const std::string& address, const std::string& request) {
  const Link link(address, SOCK_STREAM);
  link.Send(request);
  std::vector<HandleMessage> answers;
  do {
    const handle::Envelope envelope = EnvelopeOf(link.Exactly(handle::kEnvelopeBytes));
    answers.push_back({envelope, link.Exactly(envelope.message_bytes)});
  } while (MoreFollow(answers.back()));
  return answers;
}

HandleMessage AskOverUdp(const std::string& address, const std::string& request) {
  const Link link(address, SOCK_DGRAM);
  link.Send(request);
  std::optional<handle::PacketSet> packets;
  do {
    const std::string packet = link.Datagram();
    const handle::Envelope envelope = EnvelopeOf(packet);
    if (!packets) packets.emplace(envelope);
    const auto added =
        packets->Add(envelope, std::string_view(packet).substr(handle::kEnvelopeBytes));
    if (!added.ok()) throw std::runtime_error("Handle door: " + added.ToString());
  } while (!packets->complete());
  return {packets->envelope(), packets->Join()};
}

}  // namespace gusu::e2e
