// /api/verifications/{index:handle}: whether an answer to a challenge is of the identity's secret,
// for another server that was answered with it.
#pragma once

#include <string>

#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/authentication.h"
#include "server/doors/http/handle_api/parameters.h"
#include "server/doors/http/handle_api/reply.h"

namespace gusu::server {

class ApiVerifications {
 public:
  // Neither is owned; both outlive it.
  ApiVerifications(const HttpCore* core, ApiAuthentication* authentication);

  void Answer(const std::string& identity, ApiReply reply) const;

 private:
  absl::Status Verify(const std::string& identity, const ApiParameters& parameters,
                      const ApiReply& reply) const;

  const HttpCore& core_;
  ApiAuthentication& authentication_;
};

}  // namespace gusu::server
