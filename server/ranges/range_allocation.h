// Allocating a serial range: from a request to the change set that does it.
#pragma once

#include "absl/status/statusor.h"
#include "server/submission.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class AllocateSerialRangeRequest;
}

namespace gusu::server {

inline constexpr int kRangePatternsMax = 32;
inline constexpr uint64_t kRangeCodesMax = 1'000'000'000;
inline constexpr size_t kRangeValuesBytesMax = 64 * 1024;

// One change. Among its preconditions are the prefix's patterns as they are, so that of two
// allocations of a prefix the second is planned again, and its quota.
//
// kInvalidArgument: FIELD_MISSING, FIELD_INVALID, SUFFIX_REFUSED for a pattern that makes no codes
// of the prefix, what a record's values are refused for. kFailedPrecondition: RANGE_OVERLAPS,
// naming the range, the minting pattern or the record in the way, RANGE_PATTERNS_FULL, what a
// registration's prefix, template and instance_of are refused for.
absl::StatusOr<storage::ChangeSet> PlanAllocation(const storage::View& view,
                                                  const v1::AllocateSerialRangeRequest& request,
                                                  const Actor& actor);

}  // namespace gusu::server
