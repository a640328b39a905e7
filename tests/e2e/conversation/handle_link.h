// Whole messages of the Handle protocol over a socket of a test: one request, and its answers.
#pragma once

#include <string>
#include <vector>

#include "proto/handle/message.h"

namespace gusu::e2e {

struct HandleMessage {
  handle::Envelope envelope;
  std::string bytes;  // behind the envelope
};

// `request` is a message behind its envelope. Throws when no answer comes within 20 s.
//
// Over a connection of its own; several messages when the answer says that more follow.
std::vector<HandleMessage> AskOverTcp(const std::string& address, const std::string& request);
// As one datagram, sent once.
HandleMessage AskOverUdp(const std::string& address, const std::string& request);

}  // namespace gusu::e2e
