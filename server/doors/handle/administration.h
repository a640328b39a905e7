// What of the Handle protocol needs to know who asks. The message handler calls it where
// administration is on; it answers through the call's reply, at once or later.
#pragma once

#include "server/doors/handle/call.h"

namespace gusu::server {

class HandleAdministration {
 public:
  virtual ~HandleAdministration() = default;

  // Operations 100 to 105 (over TCP), and the answer to a challenge and the check of one (over UDP
  // too).
  virtual void Administer(const HandleCall& call) = 0;

  // A resolve that would withhold values that it asks for: asks who asks. When that is proved,
  // MessageHandler::Resolve answers.
  virtual void ChallengeReader(const HandleCall& call) = 0;
};

}  // namespace gusu::server
