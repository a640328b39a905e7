// What each verb makes of a record: the rules of changing one, without the ledger.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/value_selection.h"
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
  // Of the record as it is.
  uint64_t revision;
  const Acting& acting;
  const WriteScope& scope;
  // As it is to become: at first as it is, with every time of its own filled in.
  storage::v1::RecordRow* record;
  // What the verb rested on beyond the record and its scope.
  std::vector<Precondition>* preconditions;
  // What the verb makes of the record's earlier revisions.
  std::vector<Erasure>* erasures;
  std::vector<RowRewrite>* rewrites;
  // By when a grant must not have expired.
  absl::Time now;
  // What the caller may read of the record as it is: it is told of no other value, and no answer
  // hangs on what one holds.
  const ReadRight& right;
};

// What a row says of its own revision alone, for the next one: times that mean "this revision" as
// the numbers that they stand for; whose it is, where its prefix has passed on; and what it was
// asked as stays behind, with the first revision.
void PrepareNextRevision(uint64_t revision, uint64_t leaf_index, const std::string& prefix_holder,
                         storage::v1::RecordRow* record);

// kPermissionDenied / NOT_PREFIX_HOLDER for who does not hold the prefix and does not own the
// record.
absl::Status CheckHolderOrOwner(const RecordUnderChange& change);
// The same for who is not its custodian either.
absl::Status CheckHolderOwnerOrCustodian(const RecordUnderChange& change);
// Whether a value of this author is the caller's to alter: its own, and the issuer's for the
// prefix's holder. `author` is registrants/{id}.
bool MayAlterValuesOf(const std::string& author, const RecordUnderChange& change);

// Each checks who may do it (kPermissionDenied / NOT_PREFIX_HOLDER, VALUE_OF_OTHER_AUTHOR) and in
// which state (kFailedPrecondition / RECORD_RETIRED, RECORD_SUSPENDED, RECORD_NOT_ACTIVE,
// RECORD_NOT_SUSPENDED, RECORD_NOT_RETIRED), then changes the record.

// Values become the request's; instance_of, when the request has it (an empty one: none). Values
// that the caller may neither alter nor read stay, before those of the request: an index of one is
// VALUE_INDEX_DUPLICATE.
absl::Status Apply(const v1::UpdateRecordRequest& request, const RecordUnderChange& change);
// Removes, then modifies, then adds. What a modification does not say (type, lifetime, tier) stays.
// kNotFound / VALUE_NOT_FOUND. Who is neither holder, owner nor custodian does it by grants:
// kPermissionDenied / ATTRIBUTE_NOT_GRANTED.
absl::Status Apply(const v1::ModifyValuesRequest& request, const RecordUnderChange& change);
absl::Status Apply(const v1::SuspendRecordRequest& request, const RecordUnderChange& change);
absl::Status Apply(const v1::ActivateRecordRequest& request, const RecordUnderChange& change);
// By the owner alone: kPermissionDenied / NOT_RECORD_OWNER. kInvalidArgument / FIELD_MISSING for a
// reason that needs a successor or a text.
absl::Status Apply(const v1::RetireRecordRequest& request, const RecordUnderChange& change);
// With new values where the request has some, as UpdateRecord.
absl::Status Apply(const v1::ReinstateRecordRequest& request, const RecordUnderChange& change);

}  // namespace gusu::server
