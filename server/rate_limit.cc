#include "server/rate_limit.h"

#include <cmath>
#include <utility>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

bool IsLoopback(std::string_view group) {
  return group.substr(0, 4) == "127." || group == "::1" || group.substr(0, 5) == "unix:";
}

}  // namespace

RateLimiter::RateLimiter(Options options)
    : options_(std::move(options)),
      applications_({options_.addresses_max, options_.clock}),
      resolutions_({options_.addresses_max, options_.clock}) {}

absl::Status RateLimiter::Admit(Method method, const Caller& caller, size_t cost) {
  if (caller.role != Role::kAnonymous) return absl::OkStatus();
  const std::string address = AddressGroup(caller.peer);
  const bool loopback = IsLoopback(address);
  const auto units = static_cast<double>(cost);
  switch (method) {
    case Method::kApplyRegistrant:
      return Take(applications_, loopback ? options_.loopback_applications : options_.applications,
                  address, units);
    case Method::kResolve:
    case Method::kBatchResolve:
    case Method::kStreamResolve:
    case Method::kGetCheckpoint:
    case Method::kListEntries:
    case Method::kGetInclusionProof:
    case Method::kGetConsistencyProof:
    case Method::kGetTile:
    case Method::kWatchEntries:
      return Take(resolutions_, loopback ? options_.loopback_resolutions : options_.resolutions,
                  address, units);
    default:
      return absl::OkStatus();
  }
}

absl::Status RateLimiter::Take(SourceBuckets& buckets, const SourceBuckets::Rate& rate,
                               const std::string& address, double cost) {
  const absl::Duration wait = buckets.Take(address, rate, cost);
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  const auto retry_after_ms = static_cast<int64_t>(std::ceil(absl::ToDoubleMilliseconds(wait)));
  return Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
               Concat("too many calls without a credential from ", address, "; wait ",
                      retry_after_ms, " ms"),
               {{"address", address}, {"retry_after_ms", std::to_string(retry_after_ms)}});
}

}  // namespace gusu::server
