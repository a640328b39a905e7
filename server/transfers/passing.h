// The codes of a transfer: whether they can pass, and the changes by which they do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/identifier.h"
#include "server/ranges/range_lookup.h"
#include "server/ranges/range_part.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RecordRow;
}

namespace gusu::server {

// What passes, and between whom (ids).
struct Passing {
  std::string from;
  std::string to;
  bool ownership = false;
  bool custody = false;
};

// A code as a view has it.
struct PassingCode {
  Identifier identifier;
  // Of the record's row, or of the range's.
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::shared_ptr<const storage::v1::RecordRow> record;
  // Of a code that has no record of its own: the range that it is of.
  std::optional<RangeCode> range;
};

// In the order given. kNotFound / IDENTIFIER_NOT_FOUND, PREFIX_NOT_FOUND.
absl::StatusOr<std::vector<PassingCode>> ReadCodes(const storage::View& view,
                                                   const std::vector<Identifier>& identifiers);

// The ranges that hold the codes from one to another, both included; more than one when the range
// was split in between. As FindRangePart; kFailedPrecondition / RANGE_STATE when they are of two
// patterns, or of more than `parts_max` ranges.
absl::StatusOr<std::vector<RangePart>> PartsBetween(const storage::View& view,
                                                    const Identifier& first, const Identifier& last,
                                                    size_t parts_max);

// The codes of the parts, which follow one another, that have records of their own, as far as these
// are `from`'s and can ever pass: they pass with the range. Records of others and RETIRED ones stay
// what they are. That no other code gets a record becomes a precondition. kFailedPrecondition /
// RANGE_STATE when more than kGapsMax rows (server/ranges/range_conflicts.h) stand among the codes.
absl::StatusOr<std::vector<PassingCode>> RecordsWithin(const storage::View& view,
                                                       const Passing& passing,
                                                       const std::vector<RangePart>& parts,
                                                       const std::string& prefix_holder,
                                                       std::vector<Precondition>* preconditions);

// Whether what is to pass is `from`'s: ownership the owner's, custody the owner's or the
// custodian's.
bool IsOfferers(const Passing& passing, const storage::v1::RecordRow& record,
                const std::string& prefix_holder);

// kFailedPrecondition / RECORD_RETIRED, RECORD_HELD.
absl::Status CheckCanPass(const storage::v1::RecordRow& record);

// The change by which a code passes. `change` says operation and who does it. A code without a
// record of its own gets one.
absl::StatusOr<Change> PassCode(const storage::View& view, const Passing& passing,
                                const PassingCode& code, const std::string& prefix_holder,
                                Change change);

// The changes by which a part of a range passes: see ChangesOfPart.
std::vector<Change> PassPart(const Passing& passing, const RangePart& part,
                             const std::string& prefix_holder, Change change);

}  // namespace gusu::server
