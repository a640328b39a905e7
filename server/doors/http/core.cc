#include "server/doors/http/core.h"

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/net/address.h"
#include "server/rate_limit.h"
#include "storage/ledger.h"

namespace gusu::server {

absl::Status HttpCore::CheckMaySendSecret(const HttpRequest& request) {
  if (request.tls || IsLoopbackAddress(request.peer)) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "TLS_REQUIRED",
               "secrets are taken over TLS, and from the server's own machine: use https");
}

absl::StatusOr<Caller> HttpCore::Authenticated(const HttpRequest& request) const {
  const size_t count = request.HeaderCount("Authorization");
  if (count == 0) return AuthenticatedBy("", request.peer);
  GUSU_RETURN_IF_ERROR(CheckMaySendSecret(request));
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view value = request.Header("Authorization");
  if (count > 1 || value.size() <= kScheme.size() ||
      !absl::EqualsIgnoreCase(AbslView(value.substr(0, kScheme.size())), AbslView(kScheme))) {
    return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID",
                 "Authorization must be given once, as: Bearer TOKEN");
  }
  return AuthenticatedBy(std::string(value.substr(kScheme.size())), request.peer);
}

absl::StatusOr<Caller> HttpCore::AuthenticatedBy(std::string bearer,
                                                 const std::string& peer) const {
  Proof proof;
  proof.bearer = std::move(bearer);
  proof.peer = peer;
  proof.door = Door::kHttp;
  GUSU_ASSIGN_OR_RETURN(const auto view, rules_.ledger->Latest());
  return Authenticate(*view, proof, absl::Now());
}

absl::Status HttpCore::Admit(Method method, const Caller& caller, size_t cost) const {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  return cost == 0 ? absl::OkStatus() : rules_.rate_limiter->Admit(method, caller, cost);
}

absl::Status HttpCore::PoolFull() {
  return Error(absl::StatusCode::kResourceExhausted, "CALL_QUEUE_FULL",
               "the server has too many calls waiting; try again later");
}

}  // namespace gusu::server
