// What can stand in the way of a serial range: another range, a pattern whose codes could be its
// own, or records that are registered already; and which of a range's codes have records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/change.h"
#include "proto/range_pattern.h"
#include "proto/suffix_pattern.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RangePatternsRow;
}

namespace gusu::server {

// Codes that are to be allocated, or that are.
struct RangeWanted {
  std::string prefix;  // as written
  std::string prefix_key;
  const RangePattern& pattern;
  uint32_t pattern_number = 0;
  uint64_t first_serial = 0;
  uint64_t last_serial = 0;
};

// The codes that have records of their own.
struct CodesWithRecords {
  // Comparison keys of suffixes, ascending.
  std::vector<std::string> suffix_keys;
  // That no other code gets one: empty when more rows than kGapsMax stand among the keys of the
  // codes.
  std::vector<Precondition> no_others;
};
inline constexpr size_t kGapsMax = 1'000;
// Looks at the first `rows_max` rows among the keys of the codes, more than kGapsMax.
absl::StatusOr<CodesWithRecords> FindCodesWithRecords(const storage::View& view,
                                                      const RangeWanted& codes, size_t rows_max);

// All fail with kFailedPrecondition / RANGE_OVERLAPS, and name what is in the way.

// For a pattern that the prefix does not have yet: against those that it has, and against the
// patterns by which records below it were minted.
absl::Status CheckPatternIsApart(const storage::View& view, const RangeWanted& wanted,
                                 const storage::v1::RangePatternsRow& patterns);
// Against the ranges of the same pattern.
absl::Status CheckSerialsAreFree(const storage::View& view, const RangeWanted& wanted);
// Against records: looks at the first 10,000 whose keys lie among the codes'. That no record comes
// there meanwhile becomes a precondition, where no more than kGapsMax stand there. A record that
// stays unseen is not harmed, since a code's own record always counts before its range.
absl::Status CheckNoRecords(const storage::View& view, const RangeWanted& wanted,
                            std::vector<Precondition>* preconditions);

// The reverse: that a minting pattern can make no code of the prefix's serial ranges, which may be
// allocated already. `preconditions` gets the patterns that this rests on.
absl::Status CheckMintingIsApart(const storage::View& view, std::string_view prefix_key,
                                 const SuffixPattern& minting,
                                 std::vector<Precondition>* preconditions);

// That the prefix's patterns are still what the view has.
Precondition PatternsUnchanged(const storage::View& view, std::string_view prefix_key);

}  // namespace gusu::server
