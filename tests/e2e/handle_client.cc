#include "tests/e2e/handle_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>

#include "proto/handle/envelope.h"

namespace gusu::e2e {

HandleSocket::HandleSocket(const std::string& address, Kind kind)
    : descriptor_(socket(AF_INET, kind == Kind::kUdp ? SOCK_DGRAM : SOCK_STREAM, 0)) {
  const size_t colon = address.find(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
  connected_ = connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

HandleSocket::~HandleSocket() { close(descriptor_); }

bool HandleSocket::Send(std::string_view bytes) const {
  return send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

std::string HandleSocket::Receive(int patience_ms) const {
  pollfd wanted{descriptor_, POLLIN, 0};
  if (poll(&wanted, 1, patience_ms) <= 0) return {};
  std::string bytes(64 * 1024, '\0');
  const ssize_t count = recv(descriptor_, bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<size_t>(count) : 0);
  return bytes;
}

std::string HandleSocket::ReceiveAnswer() const {
  std::string answer = Receive();
  auto envelope = handle::DecodeEnvelope(answer);
  if (!envelope.has_value()) return {};
  int type = 0;
  socklen_t size = sizeof type;
  getsockopt(descriptor_, SOL_SOCKET, SO_TYPE, &type, &size);
  if (type == SOCK_STREAM) {
    while (answer.size() < handle::kEnvelopeBytes + envelope->message_bytes) {
      const std::string more = Receive();
      if (more.empty()) return {};
      answer += more;
    }
    return answer;
  }
  std::map<uint32_t, std::string> packets;
  while (true) {
    packets[envelope->sequence_number] = answer;
    if (packets.size() == handle::PacketCount(envelope->message_bytes)) break;
    answer = Receive();
    envelope = handle::DecodeEnvelope(answer);
    if (!envelope.has_value()) return {};
  }
  answer = packets[0];
  for (const auto& [number, packet] : packets) {
    if (number > 0) answer += packet.substr(handle::kEnvelopeBytes);
  }
  return answer;
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace gusu::e2e
