// Counts of one commit group by prefix, day and holder: what its changes add to the rows of counts.
// The writer's thread uses it, for one commit.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "storage/directory.h"
#include "storage/engine.h"
#include "storage/working_rows.h"

namespace gusu::storage {

class DayCounts {
 public:
  // The directory before the group, which outlives this.
  explicit DayCounts(const Directory& directory) : directory_(directory) {}

  // Counts a change that has its revision and its prefix. Reads the row that it adds to once a
  // group. kDataLoss when that cannot be read.
  absl::Status Add(const Change& change, WorkingRows& rows);

  // What Rollback goes back to.
  size_t mark() const { return added_.size(); }
  void Rollback(size_t mark);

  // The rows with what was added.
  void MoveTo(Batch& batch) const;

 private:
  using Counts = std::map<uint32_t, uint64_t>;
  struct Row {
    int32_t day = 0;
    std::string registrant, district, industry_class;
    Counts counts;
    uint64_t changes = 0;  // of this group; 0: nothing to write
  };
  struct Added {
    Row* row;
    uint32_t counter;
    uint64_t number;
  };

  int32_t Day(uint64_t revision);
  absl::StatusOr<Row*> RowOf(const Change& change, WorkingRows& rows);

  const Directory& directory_;
  std::optional<absl::TimeZone> zone_;
  // The day that was asked for last, and the times in it: [begin, end), microseconds since 1970
  // UTC.
  int32_t day_ = 0;
  uint64_t day_begin_us_ = 0, day_end_us_ = 0;
  std::map<std::string, Row> rows_;  // by key
  // The row that was added to last: changes of a group are mostly of one prefix.
  std::string last_prefix_key_;
  int32_t last_day_ = 0;
  Row* last_row_ = nullptr;
  std::vector<Added> added_;
};

}  // namespace gusu::storage
