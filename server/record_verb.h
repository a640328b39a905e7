// What each verb makes of a record: the rules of changing one, without the ledger.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/write_scope.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}
namespace gusu::v1 {
class ActivateRecordRequest;
class ModifyValuesRequest;
class ReinstateRecordRequest;
class RetireRecordRequest;
class SuspendRecordRequest;
class UpdateRecordRequest;
}  // namespace gusu::v1

namespace gusu::server {

// A record that is to be changed, and who changes it.
struct RecordUnderChange {
  const storage::View& view;
  const Acting& acting;
  const WriteScope& scope;
  // As it is to become: at first as it is, with every time of its own filled in.
  storage::v1::RecordRow* record;
  // What the verb rested on beyond the record and its scope.
  std::vector<Precondition>* preconditions;
};

// The row's times that mean "this row's revision", as the numbers that they stand for.
void FillOwnRevisions(uint64_t revision, uint64_t leaf_index, storage::v1::RecordRow* record);

// Each checks who may do it (kPermissionDenied / NOT_PREFIX_HOLDER, VALUE_OF_OTHER_AUTHOR) and in
// which state (kFailedPrecondition / RECORD_RETIRED, RECORD_SUSPENDED, RECORD_NOT_ACTIVE,
// RECORD_NOT_SUSPENDED, RECORD_NOT_RETIRED), then changes the record.

// Values become the request's; instance_of, when the request has it (an empty one: none).
absl::Status Apply(const v1::UpdateRecordRequest& request, const RecordUnderChange& change);
// Removes, then modifies, then adds. What a modification does not say (type, lifetime, tier) stays.
// kNotFound / VALUE_NOT_FOUND.
absl::Status Apply(const v1::ModifyValuesRequest& request, const RecordUnderChange& change);
absl::Status Apply(const v1::SuspendRecordRequest& request, const RecordUnderChange& change);
absl::Status Apply(const v1::ActivateRecordRequest& request, const RecordUnderChange& change);
// kInvalidArgument / FIELD_MISSING for a reason that needs a successor or a text.
absl::Status Apply(const v1::RetireRecordRequest& request, const RecordUnderChange& change);
absl::Status Apply(const v1::ReinstateRecordRequest& request, const RecordUnderChange& change);

}  // namespace gusu::server
