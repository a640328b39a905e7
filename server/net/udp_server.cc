#include "server/net/udp_server.h"

#include <netinet/in.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/status_macros.h"
#include "server/log.h"

namespace gusu::server {
namespace {

// Room for some thousand datagrams while a thread handles a batch.
constexpr int kReceiveBufferBytes = 4 << 20;
// An answer of the longest message is 533 packets.
constexpr int kSendBufferBytes = 4 << 20;
// How long a stop waits at most for a thread that nothing wakes.
constexpr timeval kReceiveTimeout = {1, 0};

class Socket final : public UdpSender {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() override { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }

  void Add(const SocketAddress& to, std::string_view datagram) override {
    if (count_ == UdpServer::kBatchDatagrams) Flush();
    Slot& slot = slots_[count_++];
    slot.to = to;
    slot.bytes.assign(datagram);
  }

  // Sends what was added; what the system refuses is lost, and the rest goes on.
  void Flush() {
    std::array<mmsghdr, UdpServer::kBatchDatagrams> headers{};
    std::array<iovec, UdpServer::kBatchDatagrams> parts{};
    for (size_t i = 0; i < count_; ++i) {
      parts[i] = {slots_[i].bytes.data(), slots_[i].bytes.size()};
      headers[i].msg_hdr.msg_name = &slots_[i].to.bytes;
      headers[i].msg_hdr.msg_namelen = slots_[i].to.size;
      headers[i].msg_hdr.msg_iov = &parts[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    for (size_t from = 0; from < count_;) {
      const int sent = sendmmsg(descriptor_, headers.data() + from,
                                static_cast<unsigned>(count_ - from), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      from += sent > 0 ? static_cast<size_t>(sent) : 1;
    }
    count_ = 0;
  }

  void SendNow(const SocketAddress& to, std::string_view datagram) override {
    while (sendto(descriptor_, datagram.data(), datagram.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&to.bytes), to.size) < 0 &&
           errno == EINTR) {
    }
  }

 private:
  struct Slot {
    SocketAddress to;
    std::string bytes;
  };
  const int descriptor_;
  std::array<Slot, UdpServer::kBatchDatagrams> slots_;
  size_t count_ = 0;
};

absl::Status CannotListen(const SocketAddress& address, int error) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address.Text(), " port ",
                                             address.port(), " (UDP): ", strerror(error)));
}

absl::StatusOr<std::shared_ptr<Socket>> Bind(const SocketAddress& address) {
  const int descriptor = socket(address.bytes.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return CannotListen(address, errno);
  auto result = std::make_shared<Socket>(descriptor);
  const int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes, sizeof kReceiveBufferBytes);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &kSendBufferBytes, sizeof kSendBufferBytes);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout, sizeof kReceiveTimeout);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0) {
    return CannotListen(address, errno);
  }
  return result;
}

}  // namespace

class UdpServer::Worker {
 public:
  Worker(std::shared_ptr<Socket> socket, const MakeReceiver& make_receiver)
      : socket_(std::move(socket)), receiver_(make_receiver(socket_)), thread_([this] { Run(); }) {}

  ~Worker() {
    stopping_ = true;
    // Says ENOTCONN, and wakes whoever waits for a datagram.
    shutdown(socket_->descriptor(), SHUT_RD);
    thread_.join();
  }

 private:
  void Run() {
    // One byte more than a datagram may have tells one that is longer.
    std::array<std::array<char, kDatagramBytesMax + 1>, kBatchDatagrams> buffers;
    std::array<SocketAddress, kBatchDatagrams> sources;
    std::array<iovec, kBatchDatagrams> parts;
    std::array<mmsghdr, kBatchDatagrams> headers{};
    for (size_t i = 0; i < kBatchDatagrams; ++i) {
      parts[i] = {buffers[i].data(), buffers[i].size()};
      headers[i].msg_hdr.msg_name = &sources[i].bytes;
      headers[i].msg_hdr.msg_iov = &parts[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    while (!stopping_) {
      for (mmsghdr& header : headers) header.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
      const int count =
          recvmmsg(socket_->descriptor(), headers.data(), kBatchDatagrams, MSG_WAITFORONE, nullptr);
      for (int i = 0; i < count; ++i) {
        const size_t bytes = headers[i].msg_len;
        if (bytes == 0 || bytes > kDatagramBytesMax) continue;
        sources[i].size = headers[i].msg_hdr.msg_namelen;
        receiver_->Receive(sources[i], {buffers[i].data(), bytes});
      }
      socket_->Flush();
    }
  }

  const std::shared_ptr<Socket> socket_;
  const std::unique_ptr<UdpReceiver> receiver_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // the last: it uses all before it
};

UdpServer::UdpServer() = default;
UdpServer::~UdpServer() = default;

absl::StatusOr<std::unique_ptr<UdpServer>> UdpServer::Start(const SocketAddress& address,
                                                            size_t threads,
                                                            const MakeReceiver& make_receiver) {
  std::unique_ptr<UdpServer> server(new UdpServer);
  // All are bound before one reads: the kernel then spreads sources over them once and for all.
  std::vector<std::shared_ptr<Socket>> sockets;
  for (size_t i = 0; i < threads; ++i) {
    GUSU_ASSIGN_OR_RETURN(auto socket, Bind(address));
    sockets.push_back(std::move(socket));
  }
  for (auto& socket : sockets) {
    server->workers_.push_back(std::make_unique<Worker>(std::move(socket), make_receiver));
  }
  return server;
}

}  // namespace gusu::server
