// /api/sessions: sessions made (POST), shown, proved and ended (GET, PUT, DELETE of
// /api/sessions/this, which the header `Authorization: Handle sessionId="…"` names). Over TLS, or
// from the server's own machine.
#pragma once

#include <memory>
#include <string_view>

#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/authentication.h"
#include "server/doors/http/handle_api/reply.h"
#include "server/doors/http/handle_api/sessions.h"

namespace gusu::server {

class ApiSessionResource {
 public:
  // What a signature of the server's costs, of the identifiers that a source may ask for.
  static constexpr size_t kSignatureCost = 50;

  // None is owned; all outlive it.
  ApiSessionResource(const HttpCore* core, ApiAuthentication* authentication,
                     ApiSessions* sessions);

  void Answer(bool is_this, const ApiReply& reply) const;

 private:
  absl::Status Make(const ApiReply& reply) const;
  absl::Status Use(const ApiReply& reply) const;
  absl::Status Show(const ApiSessions::Fresh& session, const Administrator& owner,
                    const std::string& client_nonce, bool is_new, const ApiReply& reply) const;

  const HttpCore& core_;
  ApiAuthentication& authentication_;
  ApiSessions& sessions_;
};

}  // namespace gusu::server
