// /api/prefixes: which prefixes have their handles here. They are granted by the bureau, over the
// registry's own API.
#pragma once

#include <string>

#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/authentication.h"
#include "server/doors/http/handle_api/reply.h"

namespace gusu::server {

class ApiPrefixes {
 public:
  // Of one answer; whoever holds more sees the first ones in their order.
  static constexpr size_t kPrefixesMax = 10'000;

  // Neither is owned; both outlive it.
  ApiPrefixes(const HttpCore* core, ApiAuthentication* authentication);

  // Of one prefix; of all that the caller may list for an empty one.
  void Answer(const std::string& prefix, ApiReply reply) const;

 private:
  absl::Status ShowOne(const std::string& prefix, const ApiReply& reply) const;
  absl::Status List(const ApiReply& reply) const;

  const HttpCore& core_;
  ApiAuthentication& authentication_;
};

}  // namespace gusu::server
