#include "client/cli/bench_echo.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace gusu::cli {
namespace {

constexpr size_t kBatch = 16;
constexpr size_t kRequestIdAt = 8;  // in an envelope
constexpr size_t kRequestIdBytes = 4;
constexpr size_t kConnectionsMax = 64;
constexpr size_t kReceiveBytes = 64 * 1024;
constexpr int kStopLookMs = 20;  // how often the thread looks whether it is to stop

double ThreadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void CopyRequestId(const char* request, char* answer) {
  std::memcpy(answer + kRequestIdAt, request + kRequestIdAt, kRequestIdBytes);
}

std::string Behind(const handle::Envelope& envelope, std::string_view data) {
  std::string bytes;
  handle::Writer writer(bytes);
  EncodeEnvelope(writer, envelope);
  writer.Raw(data);
  return bytes;
}

// A free port of loopback.
Socket Listen(Transport transport, std::string* address) {
  const int type = transport == Transport::kTcp ? SOCK_STREAM : SOCK_DGRAM;
  Socket listening(socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* generic = reinterpret_cast<sockaddr*>(&at);
  if (bind(listening.descriptor(), generic, size) != 0 ||
      (transport == Transport::kTcp && listen(listening.descriptor(), kConnectionsMax) != 0) ||
      getsockname(listening.descriptor(), generic, &size) != 0) {
    return {};
  }
  timeval timeout{0, kStopLookMs * 1000};
  setsockopt(listening.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  *address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  return listening;
}

// A connection of the TCP echo.
struct Peer {
  Socket socket;
  std::string received;  // at most a request and what one call receives
};

// Answers what came whole. False when the connection is over.
bool ServePeer(Peer* peer, std::string* answer) {
  const size_t had = peer->received.size();
  peer->received.resize(had + kReceiveBytes);
  const ssize_t size =
      recv(peer->socket.descriptor(), peer->received.data() + had, kReceiveBytes, 0);
  if (size <= 0) return false;
  peer->received.resize(had + static_cast<size_t>(size));
  std::string answers;
  std::string_view rest = peer->received;
  for (auto envelope = handle::DecodeEnvelope(rest); envelope;
       envelope = handle::DecodeEnvelope(rest)) {
    const size_t end = handle::kEnvelopeBytes + envelope->message_bytes;
    if (rest.size() < end) break;
    CopyRequestId(rest.data(), answer->data());
    answers += *answer;
    rest.remove_prefix(end);
  }
  peer->received.erase(0, peer->received.size() - rest.size());
  return answers.empty() || !SendAll(peer->socket, "", answers);
}

}  // namespace

OrFailure<std::unique_ptr<Echo>> Echo::Start(Transport transport, const handle::Envelope& envelope,
                                             const std::string& message) {
  std::string address;
  Socket socket = Listen(transport, &address);
  if (address.empty()) {
    return FileFailure("cannot open a port on loopback: " + std::string(std::strerror(errno)));
  }
  std::unique_ptr<Echo> echo(new Echo(std::move(socket), std::move(address)));
  echo->answer_ = Behind(envelope, message);
  handle::Envelope packet = envelope;
  for (size_t i = 0; i < handle::PacketCount(message.size()); ++i) {
    packet.sequence_number = static_cast<uint32_t>(i);
    echo->packets_.push_back(Behind(packet, handle::PacketData(message, i)));
  }
  echo->thread_ = std::jthread([transport, self = echo.get()](const std::stop_token& stop) {
    transport == Transport::kUdp ? self->ServeUdp(stop) : self->ServeTcp(stop);
    self->cpu_seconds_ = ThreadCpuSeconds();
  });
  return echo;
}

Echo::~Echo() { StopAndCpuSeconds(); }

double Echo::StopAndCpuSeconds() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  return cpu_seconds_;
}

void Echo::ServeUdp(const std::stop_token& stop) {
  std::array<std::array<char, handle::kPacketBytesMax>, kBatch> requests;
  std::array<sockaddr_in, kBatch> peers;
  std::array<mmsghdr, kBatch> in;
  std::array<iovec, kBatch> in_vectors;
  std::vector<std::string> answers(kBatch);
  while (!stop.stop_requested()) {
    for (size_t i = 0; i < kBatch; ++i) {
      in_vectors[i] = {requests[i].data(), requests[i].size()};
      in[i] = {};
      in[i].msg_hdr = {&peers[i], sizeof peers[i], &in_vectors[i], 1, nullptr, 0, 0};
    }
    const int count = recvmmsg(socket_.descriptor(), in.data(), kBatch, MSG_WAITFORONE, nullptr);
    if (count <= 0) continue;
    for (const std::string& packet : packets_) {
      std::array<mmsghdr, kBatch> out{};
      std::array<iovec, kBatch> out_vectors{};
      for (int i = 0; i < count; ++i) {
        answers[i] = packet;
        CopyRequestId(requests[i].data(), answers[i].data());
        out_vectors[i] = {answers[i].data(), answers[i].size()};
        out[i].msg_hdr = {&peers[i], sizeof peers[i], &out_vectors[i], 1, nullptr, 0, 0};
      }
      for (int sent = 0; sent < count;) {
        const int now =
            sendmmsg(socket_.descriptor(), &out[sent], static_cast<unsigned>(count - sent), 0);
        if (now <= 0) break;  // lost, as datagrams may be
        sent += now;
      }
    }
  }
}

void Echo::ServeTcp(const std::stop_token& stop) {
  std::vector<Peer> peers;
  while (!stop.stop_requested()) {
    std::vector<pollfd> waiting = {{socket_.descriptor(), POLLIN, 0}};
    for (const Peer& peer : peers) waiting.push_back({peer.socket.descriptor(), POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), kStopLookMs) <= 0) continue;
    for (size_t i = peers.size(); i > 0; --i) {
      if (waiting[i].revents != 0 && !ServePeer(&peers[i - 1], &answer_)) {
        peers.erase(peers.begin() + static_cast<ptrdiff_t>(i - 1));
      }
    }
    if (waiting[0].revents == 0 || peers.size() >= kConnectionsMax) continue;
    const int accepted = accept4(socket_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted >= 0) peers.push_back({Socket(accepted), ""});
  }
}

}  // namespace gusu::cli
