// Forgetting values: what EraseValues makes of a record and of its earlier revisions.
#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "server/record_verb.h"

namespace gusu::v1 {
class EraseValuesRequest;
}

namespace gusu::server {

// Revisions that one request names.
inline constexpr int kErasedRevisionsMax = 500;
// Of the rows that one request rewrites, all together.
inline constexpr size_t kErasedBytesMax = 24 << 20;

// Whoever may change a record's values may erase those that it may change, in any state of the
// record. Every value of the tier in every revision named must be such a one; only the bureau, when
// it acts for the prefix's holder, erases the values of all authors.
//
// The rows of those revisions lose the tier's values and its salt, and what the record was
// registered as, of which a hash is kept, is forgotten with them. The record's new revision has all
// values of the current one, but none of the tier when that one was named.
//
// kInvalidArgument / FIELD_MISSING, FIELD_INVALID, REASON_MISSING, BATCH_TOO_LARGE;
// kPermissionDenied / NOT_PREFIX_HOLDER, VALUE_OF_OTHER_AUTHOR; kNotFound / REVISION_NOT_FOUND;
// kFailedPrecondition / VALUES_NOT_THERE for a revision without values of the tier.
absl::Status Apply(const v1::EraseValuesRequest& request, const RecordUnderChange& change);

}  // namespace gusu::server
