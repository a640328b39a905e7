// Bytes of the Handle protocol to a server on loopback and back, without a library of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gusu::e2e {

// A socket to HOST:PORT, UDP or TCP. Whatever is waited for longer than 20 s is taken for nothing.
class HandleSocket {
 public:
  enum class Kind { kUdp, kTcp };
  HandleSocket(const std::string& address, Kind kind);
  ~HandleSocket();
  HandleSocket(const HandleSocket&) = delete;
  HandleSocket& operator=(const HandleSocket&) = delete;

  bool connected() const { return connected_; }
  bool Send(std::string_view bytes) const;
  // A datagram, or what TCP has at once; empty: the end, or nothing came.
  std::string Receive(int patience_ms = 20'000) const;
  // One answer, envelope and message: over UDP its packets joined, in order.
  std::string ReceiveAnswer() const;

 private:
  int descriptor_;
  bool connected_ = false;
};

std::string FromHex(std::string_view hex);

}  // namespace gusu::e2e
