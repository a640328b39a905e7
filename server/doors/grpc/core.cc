#include "server/doors/grpc/core.h"

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "server/metrics/metrics.h"
#include "server/rate_limit.h"
#include "storage/ledger.h"

namespace gusu::server {
namespace {

absl::StatusOr<Proof> ProofOf(const grpc::ServerContextBase& context) {
  Proof proof;
  proof.door = Door::kGrpc;
  proof.peer = PeerAddress(context.peer());
  const auto [begin, end] = context.client_metadata().equal_range("authorization");
  if (begin == end) return proof;
  constexpr std::string_view kScheme = "bearer ";
  const std::string value(begin->second.data(), begin->second.size());
  if (std::next(begin) != end || value.size() <= kScheme.size() ||
      !absl::EqualsIgnoreCase(value.substr(0, kScheme.size()), std::string(kScheme))) {
    return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID",
                 "authorization must be given once, as: Bearer TOKEN");
  }
  proof.bearer = value.substr(kScheme.size());
  return proof;
}

}  // namespace

std::string PeerAddress(std::string_view peer) {
  const size_t scheme = peer.find(':');
  const size_t port = peer.rfind(':');
  if (scheme == port || (peer.substr(0, scheme) != "ipv4" && peer.substr(0, scheme) != "ipv6")) {
    return std::string(peer);
  }
  std::string_view address = peer.substr(scheme + 1, port - scheme - 1);
  for (const std::string_view opening : {"%5B", "["}) {
    if (address.substr(0, opening.size()) == opening) address.remove_prefix(opening.size());
  }
  for (const std::string_view closing : {"%5D", "]"}) {
    if (address.size() >= closing.size() &&
        address.substr(address.size() - closing.size()) == closing) {
      address.remove_suffix(closing.size());
    }
  }
  return std::string(address);
}

Core::Core(const GrpcDoor::Rules& rules) : rules_(rules) {
  if (rules_.metrics == nullptr) return;
  for (int i = 0; i < kMethodCount; ++i) {
    counters_[static_cast<size_t>(i)] =
        rules_.metrics->CounterOf(Door::kGrpc, MethodName(static_cast<Method>(i)));
  }
}

absl::StatusOr<Caller> Core::Admit(Method method, const grpc::ServerContextBase& context,
                                   size_t cost) const {
  GUSU_ASSIGN_OR_RETURN(const Proof proof, ProofOf(context));
  GUSU_ASSIGN_OR_RETURN(const auto view, rules_.ledger->Latest());
  GUSU_ASSIGN_OR_RETURN(Caller caller, Authenticate(*view, proof, absl::Now()));
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  if (cost > 0) GUSU_RETURN_IF_ERROR(rules_.rate_limiter->Admit(method, caller, cost));
  return caller;
}

absl::Status Core::PoolFull() {
  return Error(absl::StatusCode::kResourceExhausted, "CALL_QUEUE_FULL",
               "the server has too many calls waiting; try again later");
}

}  // namespace gusu::server
