#include "client/audit/status_from.h"
#include "gusu/audit.h"
#include "proto/hash.h"
#include "proto/opening.h"

namespace gusu {

Result<EntryOpening> ReadOpening(const std::string& opening) {
  absl::StatusOr<Change> change = DecodeOpening(opening);
  if (!change.ok()) return StatusFrom(change.status());
  EntryOpening out;
  out.operation = OperationName(change->operation);
  out.resource = change->resource;
  if (!change->registrant.empty()) out.registrant = "registrants/" + change->registrant;
  out.actor = change->actor;
  out.credential = change->credential;
  out.on_behalf_of = change->on_behalf_of;
  out.reason = change->reason;
  out.revision = change->revision;
  out.previous_leaf_count = change->previous_leaf_count;
  out.sequence = change->sequence;
  for (const Commitment& commitment : change->commitments) {
    out.commitments.push_back({commitment.label, std::string(AsBytes(commitment.hash))});
  }
  for (const Erasure& erasure : change->erasures) {
    out.erasures.push_back({erasure.leaf_index, erasure.label});
  }
  return out;
}

}  // namespace gusu
