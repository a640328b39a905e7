// One Handle message to its answer, whatever brought it: decodes, asks the rules, encodes. Holds no
// rule and keeps nothing of a message.
#pragma once

#include <string>
#include <string_view>

#include "server/doors/handle/call.h"
#include "server/doors/handle/call_counts.h"
#include "server/doors/handle/resolve.h"

namespace gusu::server {

class HandleAdministration;
class Metrics;
class RateLimiter;

// May be called from any thread.
class MessageHandler {
 public:
  // What signing an answer costs of the identifiers that a source may ask for.
  static constexpr size_t kCertifyCost = 50;

  // The limiter is not owned and outlives the handler.
  MessageHandler(const HandleResolve::Sources& sources, RateLimiter* rate_limiter);

  // Before the first message; not owned, outlives the last one. Without it, operations that need to
  // know who asks are not supported, and values that are not public do not exist.
  void Administer(HandleAdministration* administration) { administration_ = administration; }

  // Likewise: counts messages there.
  void CountIn(Metrics* metrics) { counts_ = HandleCallCounts(metrics); }

  // `message` is what stands behind the envelope; both are valid during the call. `reply` is called
  // once, with empty bytes where a datagram is better not answered; now, or by an operation that
  // writes later.
  void Handle(const handle::Envelope& envelope, std::string_view message, const HandlePeer& peer,
              const Reply& reply) const;

  // Answers a message that was challenged, as the caller that was proved.
  void Resolve(const HandleCall& call, const Caller& caller) const;

 private:
  absl::Status Admit(const HandleCall& call, const Caller& caller) const;
  void Dispatch(const HandleCall& call) const;
  void AnswerSiteInfo(const HandleCall& call) const;
  void RefuseUnreadable(const handle::Envelope& envelope, std::string_view message,
                        const absl::Status& fault, const Reply& reply) const;

  const HandleSite& site_;
  const HandleResolve resolve_;
  RateLimiter* const rate_limiter_;
  HandleAdministration* administration_ = nullptr;
  HandleCallCounts counts_;
};

}  // namespace gusu::server
