// One request in work, and the areas of paths that answer.
#pragma once

#include <memory>

#include "server/doors/http/target.h"
#include "server/net/http_message.h"

namespace gusu::server {

// Whoever answers later copies it: the request lives as long as one of them.
struct HttpCall {
  std::shared_ptr<const HttpRequest> request;
  HttpTarget target;
  HttpReply reply;  // exactly once
};

// Answers the paths of one area. May be called from any thread.
class HttpArea {
 public:
  virtual ~HttpArea() = default;
  virtual void Answer(const HttpCall& call) = 0;
  // Ends the streams that are open, and those that are asked for later.
  virtual void Drain() {}
};

}  // namespace gusu::server
