// Holds: what keeps a record as it is until the side that placed it lifts it.
#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "server/record_verb.h"

namespace gusu::v1 {
class HoldRecordRequest;
class UnholdRecordRequest;
}  // namespace gusu::v1

namespace gusu::server {

// That stand on one record at a time.
inline constexpr int kHoldsMax = 16;
inline constexpr size_t kHoldDocumentCharactersMax = 100;

// kFailedPrecondition / RECORD_HELD while any hold stands: nothing changes the record then but Hold
// and Unhold. Names the first of them.
absl::Status CheckNotHeld(const storage::v1::RecordRow& record);

// Places one, in any state of the record: of the HOLDER's side for its prefix's holder and its
// owner, of the BUREAU's for the bureau when it acts for nobody. One that stands already with the
// same side, reason and document number is not placed twice.
//
// kInvalidArgument / REASON_MISSING, FIELD_INVALID; kPermissionDenied / NOT_PREFIX_HOLDER;
// kFailedPrecondition / HOLDS_EXHAUSTED.
absl::Status Apply(const v1::HoldRecordRequest& request, const RecordUnderChange& change);

// Lifts one of the caller's own side; one that was lifted before stays so. kPermissionDenied /
// HOLD_OF_OTHER_SIDE, NOT_PREFIX_HOLDER; kNotFound / HOLD_NOT_FOUND for a number never given.
absl::Status Apply(const v1::UnholdRecordRequest& request, const RecordUnderChange& change);

}  // namespace gusu::server
