// From a code to the serial range that it belongs to.
//
// A resolve within a range costs one seek, however many codes the range has: the code's pattern
// gives its serial, and ranges are keyed by their ends, so the first row at or after the serial is
// the only candidate. No code is of two patterns.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/identifier.h"
#include "proto/range_pattern.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class RangePatternRow;
class RecordRow;
class SerialRangeRow;
}  // namespace gusu::storage::v1

namespace gusu::server {

// A code of a serial range, at one time.
struct RangeCode {
  std::string key;            // of the range's row
  std::string resource_name;  // prefixes/{prefix}/serialRanges/{pattern number}-{last serial}
  // Of the range's row.
  uint64_t revision = 0;
  uint64_t leaf_index = 0;
  std::shared_ptr<const storage::v1::SerialRangeRow> row;
  uint64_t serial = 0;
  // As if the code were registered: the range's content with the code's identifier, its case that
  // of the pattern. Times that are 0 mean the range's revision.
  std::shared_ptr<const storage::v1::RecordRow> record;
};

// The range that a code was of as of `as_of`, whether or not a record overrides it; nullopt when it
// was of none. kDataLoss / RECORD_CORRUPT when a row cannot be read.
absl::StatusOr<std::optional<RangeCode>> FindRangeCode(const storage::View& view,
                                                       const Identifier& identifier,
                                                       uint64_t as_of);

// Whether a prefix has patterns at all: without any, none of its codes is of a range.
bool HasRanges(const storage::View& view, std::string_view prefix_key);

// FindRangeCode for many codes of one view: keeps the patterns of the last prefix and the last
// range, so that codes of one range cost one seek together. For one thread.
class RangeLookup {
 public:
  // The view outlives the lookup.
  RangeLookup(const storage::View& view, uint64_t as_of) : view_(view), as_of_(as_of) {}

  absl::StatusOr<std::optional<RangeCode>> Find(const Identifier& identifier);

 private:
  struct Found {
    std::string key;
    uint64_t revision = 0;
    uint64_t leaf_index = 0;
    std::shared_ptr<const storage::v1::SerialRangeRow> row;
  };
  absl::Status ReadPatterns(std::string_view prefix_key);
  absl::StatusOr<std::optional<Found>> FindRow(uint32_t pattern_number, uint64_t serial) const;
  absl::StatusOr<std::optional<Found>> RowAsOf(const Found& now, uint64_t serial) const;

  const storage::View& view_;
  const uint64_t as_of_;
  std::string prefix_key_;
  std::vector<RangePattern> patterns_;
  std::optional<Found> last_;
};

// The pattern as a prefix uses it. kDataLoss / RECORD_CORRUPT when the row holds none.
absl::StatusOr<RangePattern> PatternOf(const storage::v1::RangePatternRow& row);

// prefixes/{prefix}/serialRanges/{pattern number}-{last serial}.
std::string SerialRangeName(std::string_view prefix, uint32_t pattern_number, uint64_t last_serial);

struct SerialRangePath {
  std::string prefix;  // as written in the name
  uint32_t pattern_number = 0;
  uint64_t last_serial = 0;
};
// nullopt for what is not the name of a range.
std::optional<SerialRangePath> ParseSerialRangeName(std::string_view name);

}  // namespace gusu::server
