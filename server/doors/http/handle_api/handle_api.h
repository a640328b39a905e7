// The Handle JSON API, /api: what clients of the Handle protocol that speak HTTP resolve and
// administer by.
//
// Every answer is an object of JSON with a response code of the protocol, but for sessions.
#pragma once

#include <memory>

#include "server/doors/http/core.h"

namespace gusu::server {

class HandleApi final : public HttpArea {
 public:
  // Not owned, outlives it.
  explicit HandleApi(const HttpCore* core);
  ~HandleApi() override;

  void Answer(const HttpCall& call) override;

 private:
  // Kept by calls that are on the pool, too.
  struct Parts;
  const HttpCore& core_;
  const std::shared_ptr<Parts> parts_;
};

}  // namespace gusu::server
