// A bare echo on loopback: what datagrams and connections cost on this machine, and nothing else.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "client/cli/failure.h"
#include "client/cli/socket.h"
#include "proto/handle/envelope.h"

namespace gusu::cli {

// Answers every request with the same message and the request's id, on a thread of its own: over
// UDP up to 16 datagrams a call of the system, over TCP what a call receives.
class Echo {
 public:
  static OrFailure<std::unique_ptr<Echo>> Start(Transport transport,
                                                const handle::Envelope& envelope,
                                                const std::string& message);
  ~Echo();
  Echo(const Echo&) = delete;

  const std::string& address() const { return address_; }
  // Stops; how much CPU time the thread used.
  double StopAndCpuSeconds();

 private:
  Echo(Socket socket, std::string address) : socket_(std::move(socket)), address_(address) {}
  void ServeUdp(const std::stop_token& stop);
  void ServeTcp(const std::stop_token& stop);

  const Socket socket_;
  const std::string address_;
  std::vector<std::string> packets_;  // of the answer, each behind its envelope
  std::string answer_;                // the same as one message
  double cpu_seconds_ = 0;            // set by the thread at its end
  std::jthread thread_;
};

}  // namespace gusu::cli
