#include "server/submission.h"

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::server {

Caller ReaderOf(const Actor& actor) {
  Caller reader = actor.caller;
  if (actor.acting.on_behalf_of.empty()) return reader;
  reader.role = Role::kRegistrantWriter;
  reader.registrant = actor.acting.registrant;
  return reader;
}

Quotas::Quotas(const std::vector<Precondition>& preconditions) {
  for (size_t i = 0; i < preconditions.size(); ++i) {
    const Precondition& precondition = preconditions[i];
    if (precondition.kind == Precondition::Kind::kQuota) {
      quotas_.push_back({i, precondition.key, precondition.limit});
    }
  }
}

absl::Status Quotas::ErrorFor(const storage::Refused& refused) const {
  if (refused.change_index.has_value()) return absl::OkStatus();
  for (const Quota& quota : quotas_) {
    if (quota.precondition_index != refused.precondition_index) continue;
    return Error(absl::StatusCode::kFailedPrecondition, "QUOTA_EXCEEDED",
                 Concat("prefix ", quota.prefix_key, " may hold ", quota.limit, " records"),
                 {{"prefix", quota.prefix_key}, {"quota", std::to_string(quota.limit)}});
  }
  return absl::OkStatus();
}

absl::Status RetriesExhausted() {
  return Error(absl::StatusCode::kAborted, "CONFLICT_RETRIES_EXHAUSTED",
               Concat("others changed the same resources ", kResubmissionsMax + 1,
                      " times in a row; call again"),
               {{"attempts", std::to_string(kResubmissionsMax + 1)}});
}

}  // namespace gusu::server
