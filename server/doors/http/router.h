// From a request to the area that answers it, and what all answers have in common: compression,
// conditional requests, CORS, headers of security, and counting.
//
// Knows no socket: tests play requests through it.
#pragma once

#include <memory>

#include "server/doors/http/core.h"

namespace gusu::server {

class HttpRouter {
 public:
  explicit HttpRouter(const DoorRules& rules);
  ~HttpRouter();

  // May be called from any thread. Areas see HEAD as GET; its answer's body is not to be sent, nor
  // its `more` called.
  void Handle(HttpRequest request, HttpReply reply);
  // Ends streams.
  void Drain();

 private:
  struct Areas;
  const HttpCore core_;
  const std::unique_ptr<Areas> areas_;
};

}  // namespace gusu::server
