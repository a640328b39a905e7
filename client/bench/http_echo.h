// A bare HTTP server on loopback: what Boost.Beast costs on this machine, and nothing else.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/failure.h"

namespace gusu::cli {

// Answers every request with the same headers and body, on a thread of its own, over connections
// that stay open.
class HttpEcho {
 public:
  struct Answer {
    // Beside Content-Length, which is added.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
  };
  static OrFailure<std::unique_ptr<HttpEcho>> Start(Answer answer);
  ~HttpEcho();
  HttpEcho(const HttpEcho&) = delete;
  HttpEcho& operator=(const HttpEcho&) = delete;

  const std::string& address() const;  // HOST:PORT
  // Stops; how much CPU time the thread used.
  double StopAndCpuSeconds();

 private:
  class State;
  explicit HttpEcho(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gusu::cli
