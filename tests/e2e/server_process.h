// A gusud of this build, in a process of its own on a fresh data directory, at free ports of
// loopback.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/temporary_directory.h"

namespace gusu::e2e {

class ServerProcess {
 public:
  // Starts and waits until the server listens; throws with its log when it does not.
  explicit ServerProcess(std::vector<std::string> more_flags = {});
  ~ServerProcess();  // kills what still runs
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // On the same data directory, at the same address.
  void Start();
  // Sends the signal, if any, waits for the end, and returns the exit code, or 128 + the signal
  // that ended the process.
  int Stop(int signal = SIGTERM);
  void Signal(int signal) const;
  int Wait();

  const std::string& address() const { return address_; }  // HOST:PORT
  // Of the other doors, likewise; empty when `more_flags` turned one off.
  std::string handle_address() const { return AddressIn("handle.address"); }
  std::string http_address() const { return AddressIn("http.address"); }
  std::string data() const { return directory_.File("data"); }
  std::string token() const;
  std::string ca() const;  // PEM
  std::string log() const;
  pid_t pid() const { return pid_; }

 private:
  std::string AddressIn(const std::string& file) const;

  TemporaryDirectory directory_;
  std::vector<std::string> more_flags_;
  std::string address_;
  pid_t pid_ = -1;
};

// Runs gusud with these flags until it ends by itself, or is killed after 30 s.
struct Ended {
  int exit_code = -1;
  std::string standard_output;
  std::string standard_error;
};
Ended RunServer(const std::vector<std::string>& flags);

std::string ReadWholeFile(const std::string& path);

}  // namespace gusu::e2e
