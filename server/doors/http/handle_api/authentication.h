// Who asks over the Handle JSON API, by the header Authorization: Basic with index and handle of an
// identity and its secret, Handle with a session, or Bearer with a token.
//
// Wrong proofs are counted by the address that they come from (AddressGroup): at most kGuessesMax
// in a minute, beyond those that were under way.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/handle/key.h"
#include "proto/handle/request.h"
#include "server/attempt_limiter.h"
#include "server/doors/http/core.h"
#include "server/doors/http/handle_api/session_words.h"
#include "server/doors/http/handle_api/sessions.h"
#include "server/handle_administration/administrator.h"

namespace gusu::server {

class ApiAuthentication {
 public:
  static constexpr int kGuessesMax = 10;

  // Neither is owned; both outlive it.
  ApiAuthentication(const HttpCore* core, ApiSessions* sessions,
                    std::function<absl::Time()> clock = absl::Now);

  // A caller without a credential when the header is missing, or has a session that proved nothing
  // yet. kPermissionDenied / TLS_REQUIRED, kUnauthenticated / CREDENTIAL_INVALID or
  // SESSION_EXPIRED, kInvalidArgument / HANDLE_MALFORMED, kResourceExhausted / RATE_LIMITED.
  absl::StatusOr<Administrator> Authenticate(const HttpRequest& request);

  // Makes a session its identity's. Errors as those of Authenticate.
  absl::StatusOr<Administrator> ProveSession(const SessionWords& words, const std::string& peer);
  // Who owns the session; a caller without a credential where nobody does.
  absl::StatusOr<Administrator> OwnerOf(const std::string& session_id, const std::string& peer);

  // Whether an answer is of the identity's secret, for another server that was answered with it.
  absl::StatusOr<bool> IsAnswerOfIdentity(const handle::VerifyChallengeRequest& request,
                                          const std::string& peer);

  // Whether the header is of this scheme; then what follows it.
  static std::optional<std::string_view> Scheme(const HttpRequest& request,
                                                std::string_view scheme);

 private:
  absl::StatusOr<Administrator> ByPassword(std::string_view encoded, const std::string& peer);
  absl::Status CheckGuessesLeft(const std::string& source) const;
  // What is tried for identities that have no key.
  const handle::PublicKey& Decoy() const;
  // Of an error that is one of the proof.
  absl::Status CountGuess(const std::string& source, absl::Status status);

  const HttpCore& core_;
  ApiSessions& sessions_;
  const std::function<absl::Time()> clock_;
  AttemptLimiter guesses_;
};

// `300:88.118.8/ADMIN`. HANDLE_MALFORMED.
struct ApiIdentity {
  std::string handle;
  uint32_t index = 0;
  HandleIdentity view() const { return {handle, index}; }
};
absl::StatusOr<ApiIdentity> ReadApiIdentity(const std::string& text);

}  // namespace gusu::server
