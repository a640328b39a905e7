// Canonical bytes and commitments of serial ranges and of the patterns that they are made by.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/change.h"

namespace gusu::storage::v1 {
class RangePatternsRow;
class SerialRangeRow;
}  // namespace gusu::storage::v1

namespace gusu {

// Label of what binds a prefix's patterns, in the opening of the allocation that wrote them.
inline constexpr std::string_view kPatternsLabel = "PATTERNS";

// A range's interval and pattern, what every code of it is (a record's BODY) and what it was split
// off: all but its values, salts and times of writing. The values are bound as a record's, tier by
// tier: CanonicalTier of the row's record.
std::string CanonicalBody(const storage::v1::SerialRangeRow& range);
// The key of a permutation by its SHA-256.
std::string CanonicalBody(const storage::v1::RangePatternsRow& patterns);

// Fresh salts, as for a record, in the row's record.
std::vector<Commitment> Seal(storage::v1::SerialRangeRow& range);
Commitment Seal(storage::v1::RangePatternsRow& patterns);

}  // namespace gusu
