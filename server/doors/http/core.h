// What every call of the HTTP door goes through: who asks, and where the answer is worked out.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "server/access.h"
#include "server/doors/http/call.h"
#include "server/doors/rules.h"
#include "server/work_pool.h"

namespace gusu::server {

class HttpCore {
 public:
  explicit HttpCore(const DoorRules& rules) : rules_(rules) {}

  const DoorRules& rules() const { return rules_; }

  // Whether a secret may be sent over this connection: TLS, or from the server's own machine.
  // kPermissionDenied / TLS_REQUIRED.
  static absl::Status CheckMaySendSecret(const HttpRequest& request);

  // Who asks by `Authorization: Bearer TOKEN`; without it a caller without a credential.
  // CREDENTIAL_INVALID, also for another scheme; TLS_REQUIRED.
  absl::StatusOr<Caller> Authenticated(const HttpRequest& request) const;
  // The same for a bearer that the request did not carry itself: a session's.
  absl::StatusOr<Caller> AuthenticatedBy(std::string bearer, const std::string& peer) const;

  // Whether the caller may call the method at all, and now: callers without a credential are
  // limited by address. `cost` is how many identifiers the call asks for; 0 is not limited.
  absl::Status Admit(Method method, const Caller& caller, size_t cost) const;

  // Runs `task` here, or on the pool when there is one. kResourceExhausted / CALL_QUEUE_FULL,
  // without running it, when the pool's queue is full.
  template <typename Task>
  absl::Status Run(Task task) const {
    if (rules_.pool == nullptr) {
      task();
      return absl::OkStatus();
    }
    return rules_.pool->Submit(std::move(task)) ? absl::OkStatus() : PoolFull();
  }

 private:
  static absl::Status PoolFull();
  const DoorRules rules_;
};

}  // namespace gusu::server
