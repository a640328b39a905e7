// What a socket's server sends back for one request, and how it is told.
#pragma once

#include <functional>
#include <string>

namespace gusu::server {

struct WireAnswer {
  std::string bytes;   // empty: nothing is sent
  bool close = false;  // a connection ends when the bytes are taken
  // Set while more answers to the same request follow: called, on some thread of the server, once
  // the peer has taken these bytes; makes the next answer through the same Reply. Not called, but
  // destroyed, when the peer is gone. So no more than one answer waits for a slow peer.
  std::function<void()> more;
};

// Called exactly once for a request, and once more for each `more` that was called; from any
// thread, also long after the server has stopped.
using Reply = std::function<void(WireAnswer)>;

}  // namespace gusu::server
