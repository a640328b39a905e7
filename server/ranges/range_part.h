// A part of a serial range on which something is done, and the changes that do it: the part becomes
// a range of its own, and so does what is left on either side of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/identifier.h"
#include "server/ranges/range_lookup.h"
#include "storage/view.h"

namespace gusu::server {

// Codes with consecutive serials of one range.
struct RangePart {
  RangeCode first;  // of the view
  uint64_t last_serial = 0;

  uint64_t count() const { return last_serial - first.serial + 1; }
};

// The part between two codes, both included. kNotFound / IDENTIFIER_NOT_FOUND or PREFIX_NOT_FOUND
// for a code of no range, kFailedPrecondition / RANGE_STATE when they are not of one range,
// kInvalidArgument / FIELD_INVALID when the second comes before the first.
absl::StatusOr<RangePart> FindRangePart(const storage::View& view, const Identifier& first,
                                        const Identifier& last);

// One to three changes for one set: first `change` on the part, whose record `edit` changes, then a
// SPLIT_RANGE for each rest. `change` says operation, reason, counts and who does it; the rest
// (resource, row, commitments, prefix, that the range is still as it was) is filled in here.
//
// Of `edit` is kept what it makes of the record; its identifier is empty. `prefix_holder` as for
// PrepareNextRevision.
std::vector<Change> ChangesOfPart(const RangePart& part, const std::string& prefix_holder,
                                  Change change,
                                  const std::function<void(storage::v1::RecordRow*)>& edit);

}  // namespace gusu::server
