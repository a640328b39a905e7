// Messages of the Handle protocol in the bodies of POST /: envelope and message in, one answer or
// several out, as over TCP.
#pragma once

#include "server/doors/http/core.h"

namespace gusu::server {

// Whether the request is such a message: by its Content-Type and Accept.
bool IsHandleMessage(const HttpRequest& request);

class HandleMessages final : public HttpArea {
 public:
  // Not owned, outlives it.
  explicit HandleMessages(const HttpCore* core) : core_(*core) {}
  void Answer(const HttpCall& call) override;

 private:
  const HttpCore& core_;
};

}  // namespace gusu::server
