// Administration by challenge and response: a request that needs to know who asks is kept and
// answered with a nonce; the answer to that proves an identity, and the request runs as its caller.
//
// Wrong answers are counted by the address that they come from (AddressGroup): at most kGuessesMax
// in kGuessesTime, beyond those that were under way; then the server is too busy for it.
#pragma once

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/attempt_limiter.h"
#include "server/doors/handle/admin_write.h"
#include "server/doors/handle/administration.h"
#include "server/doors/handle/challenges.h"
#include "server/doors/handle/listing.h"

namespace gusu::server {

class CredentialVault;
class HandleSite;
class MessageHandler;
class RateLimiter;

// May be called from any thread.
class ChallengedAdministration final : public HandleAdministration {
 public:
  static constexpr int kGuessesMax = 10;
  static constexpr absl::Duration kGuessesTime = absl::Minutes(1);
  // Answers for other servers, over UDP, where everybody can be the source: of all together.
  static constexpr int kDatagramChecksPerSecond = 50;

  // None is owned; all outlive the last answer.
  struct Rules {
    Registry* registry = nullptr;
    const Resolver* resolver = nullptr;
    const storage::Ledger* ledger = nullptr;
    CredentialVault* vault = nullptr;
    RateLimiter* rate_limiter = nullptr;
    WorkPool* pool = nullptr;
    const HandleSite* site = nullptr;
    // Answers what was to be resolved.
    const MessageHandler* handler = nullptr;
    std::function<absl::Time()> clock = absl::Now;
  };
  explicit ChallengedAdministration(Rules rules);

  void Administer(const HandleCall& call) override;
  void ChallengeReader(const HandleCall& call) override { Challenge(call); }

  const Challenges& challenges() const { return challenges_; }

 private:
  void AskWho(const HandleCall& call);
  void Challenge(const HandleCall& call);
  void TakeAnswer(const HandleCall& call);
  void Run(const HandleCall& call, Administrator administrator);
  void Read(const HandleCall& call, const Administrator& administrator) const;
  void CheckForOther(const HandleCall& call);

  const Rules rules_;
  Challenges challenges_;
  AttemptLimiter guesses_;
  AttemptLimiter datagram_checks_;
};

}  // namespace gusu::server
