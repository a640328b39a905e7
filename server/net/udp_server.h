// Datagrams: a socket of its own for each thread on one port (SO_REUSEPORT), read and answered in
// batches of 16.
//
// A source's datagrams always come to the same thread. What is asked and answered within a batch
// goes out with one system call; an answer that comes later is sent by whoever has it.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/net/address.h"

namespace gusu::server {

// One thread's way back to the sources of its datagrams.
class UdpSender {
 public:
  virtual ~UdpSender() = default;
  // Only on the thread of the receiver, and only while it handles a datagram.
  virtual void Add(const SocketAddress& to, std::string_view datagram) = 0;
  // From any thread, at once, also after the server has stopped. What the system has no room for is
  // lost, as on the way.
  virtual void SendNow(const SocketAddress& to, std::string_view datagram) = 0;
};

// Handles the datagrams of one thread.
class UdpReceiver {
 public:
  virtual ~UdpReceiver() = default;
  // `datagram` is valid during the call.
  virtual void Receive(const SocketAddress& from, std::string_view datagram) = 0;
};

class UdpServer {
 public:
  static constexpr size_t kBatchDatagrams = 16;
  // Longer datagrams are dropped unread.
  static constexpr size_t kDatagramBytesMax = 512;

  // Made for each thread, before the first datagram.
  using MakeReceiver = std::function<std::unique_ptr<UdpReceiver>(std::shared_ptr<UdpSender>)>;

  // Reads from then on. `address` has the port. kUnavailable when it is taken.
  static absl::StatusOr<std::unique_ptr<UdpServer>> Start(const SocketAddress& address,
                                                          size_t threads,
                                                          const MakeReceiver& make_receiver);
  // Finishes the batches in work.
  ~UdpServer();

 private:
  class Worker;
  UdpServer();
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace gusu::server
