#include "server/resolver.h"

#include <algorithm>

#include "google/rpc/status.pb.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/record_message.h"
#include "server/resolution.h"
#include "server/resource_fields.h"
#include "server/statistics/usage.h"

namespace gusu::server {
namespace {

using ViewPointer = std::shared_ptr<const storage::View>;

// Identifiers read ahead at once: bounds the rows held to 64 records of at most 192 KiB.
constexpr int kReadAheadIdentifiers = 64;

absl::Status CheckCount(int count, int count_max) {
  if (count >= 1 && count <= count_max) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, count == 0 ? "FIELD_MISSING" : "BATCH_TOO_LARGE",
               Concat("identifiers are ", count, "; 1 to ", count_max, " can be asked for at once"),
               {{"field", "identifiers"},
                {"count", std::to_string(count)},
                {"count_max", std::to_string(count_max)}});
}

absl::Status RetryRest() {
  return Error(
      absl::StatusCode::kUnavailable, "RETRY_REST",
      Concat("the answer reached ", Resolver::kAnswerBytesMax, " bytes: ask for the rest again"),
      {{"answer_bytes_max", std::to_string(Resolver::kAnswerBytesMax)}});
}

// Adds an outcome for each identifier to `response`. The first is always answered, so that whoever
// asks for the rest again gets on.
template <typename Response>
void ResolveEach(const google::protobuf::RepeatedPtrField<std::string>& identifiers,
                 Resolution& resolution, UsageMeter& meter, Response* response) {
  const google::rpc::Status retry_rest = ToRpcStatus(RetryRest());
  // What the answer has at least: every identifier, and a word about it.
  size_t bytes = static_cast<size_t>(identifiers.size()) * retry_rest.ByteSizeLong();
  for (const std::string& identifier : identifiers) bytes += identifier.size();
  for (int i = 0; i < identifiers.size(); ++i) {
    v1::ResolveOutcome* outcome = response->add_outcomes();
    outcome->set_identifier(identifiers[i]);
    if (i > 0 && bytes >= Resolver::kAnswerBytesMax) {
      *outcome->mutable_error() = retry_rest;
      continue;
    }
    if (i % kReadAheadIdentifiers == 0) {
      const int count = std::min(kReadAheadIdentifiers, identifiers.size() - i);
      resolution.ReadAhead({identifiers.data() + i, static_cast<size_t>(count)});
      meter.ReadAhead(static_cast<size_t>(count));
    }
    const absl::Status status = resolution.Resolve(identifiers[i], outcome->mutable_response());
    meter.Count(identifiers[i], status, outcome->response().has_record());
    if (!status.ok()) *outcome->mutable_error() = ToRpcStatus(status);
    bytes += outcome->ByteSizeLong() - identifiers[i].size();
  }
}

}  // namespace

Resolver::Resolver(const storage::Ledger* ledger, const Proofs* proofs,
                   std::function<absl::Time()> clock)
    : ledger_(ledger), proofs_(proofs), clock_(std::move(clock)) {}

absl::Status Resolver::Resolve(const v1::ResolveRequest& request, const Caller& caller,
                               v1::ResolveResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kResolve, caller));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  const absl::Time now = clock_();
  UsageMeter meter(usage_, caller, view->directory(), now);
  GUSU_ASSIGN_OR_RETURN(Resolution resolution,
                        Resolution::Begin(*view, proofs_, request.options(), caller, now));
  absl::Status status = resolution.Resolve(request.identifier(), response);
  meter.Count(request.identifier(), status, response->has_record());
  return status;
}

absl::Status Resolver::BatchResolve(const v1::BatchResolveRequest& request, const Caller& caller,
                                    v1::BatchResolveResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kBatchResolve, caller));
  GUSU_RETURN_IF_ERROR(CheckCount(request.identifiers_size(), kBatchIdentifiersMax));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  const absl::Time now = clock_();
  UsageMeter meter(usage_, caller, view->directory(), now);
  GUSU_ASSIGN_OR_RETURN(Resolution resolution,
                        Resolution::Begin(*view, proofs_, request.options(), caller, now));
  ResolveEach(request.identifiers(), resolution, meter, response);
  return absl::OkStatus();
}

absl::Status Resolver::ResolveMany(const v1::StreamResolveRequest& request,
                                   const v1::ResolveOptions& options, const Caller& caller,
                                   v1::StreamResolveResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kStreamResolve, caller));
  GUSU_RETURN_IF_ERROR(CheckCount(request.identifiers_size(), kStreamMessageIdentifiersMax));
  GUSU_ASSIGN_OR_RETURN(const ViewPointer view, ledger_->Latest());
  const absl::Time now = clock_();
  UsageMeter meter(usage_, caller, view->directory(), now);
  GUSU_ASSIGN_OR_RETURN(Resolution resolution,
                        Resolution::Begin(*view, proofs_, options, caller, now));
  ResolveEach(request.identifiers(), resolution, meter, response);
  return absl::OkStatus();
}

}  // namespace gusu::server
