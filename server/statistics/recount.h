// Counts what a prefix's records and serial ranges say of their own past: what the counts that were
// kept while it happened must come to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/view.h"

namespace gusu::server {

class Recount {
 public:
  // Rows, current ones and those of the past, that a step reads before it ends.
  static constexpr size_t kRowsMax = 10'000;

  // By day since 1970-01-01, and in it by number of proto/change.h's Counter.
  using Counts = std::map<int32_t, std::map<uint32_t, uint64_t>>;

  // `prefix_key` as compared. The view outlives it.
  Recount(const storage::View& view, std::string_view prefix_key, size_t rows_max = kRowsMax);

  // Goes on from `position`, empty for the beginning: records in the order of suffixes, each from
  // its newest revision back, then ranges. kDataLoss / RECORD_CORRUPT; kInvalidArgument /
  // PAGE_TOKEN_INVALID for a position that is none.
  absl::Status Step(const std::string& position);

  const Counts& counts() const { return counts_; }
  // Empty at the end.
  const std::string& next() const { return next_; }

 private:
  struct Keyed {
    std::string key;
    storage::Row row;
  };
  struct Place {
    std::string key;        // of the row to begin with, or the least one after it
    uint64_t revision = 0;  // of that row, to go on from; 0: its newest
  };
  // What counts of a revision of a record.
  struct Moment {
    uint64_t revision = 0;
    uint32_t state = 0;
    uint32_t retirement = 0;  // reason
    bool is_first = false;    // of the record; one that came of a serial range's code does not say
  };
  static absl::StatusOr<Moment> MomentOf(const storage::Row& row);
  static absl::StatusOr<Place> ReadPlace(const std::string& position, std::string_view beginning);
  static std::string PositionOf(const Place& place);

  absl::Status StepRecords(Place place, const std::string& beginning);
  absl::Status StepRanges(Place place, const std::string& beginning);
  absl::StatusOr<std::vector<Keyed>> NextRows(const std::string& begin,
                                              const std::string& beginning);
  // From the revision on back, until the budget is used up; then `place` says where to go on.
  absl::Status CountRecord(const Keyed& record, Place* place);
  // What a revision did is what it has that the one before (nullptr: it is the first) has not.
  void CountChange(const Moment* before, const Moment& after);
  absl::Status CountRange(const Keyed& range);
  void Add(uint64_t revision, uint32_t counter, uint64_t number);
  bool IsUsedUp() const { return rows_ >= rows_max_; }

  const storage::View& view_;
  const std::string prefix_key_;
  const std::string records_, ranges_;  // what their keys begin with
  const absl::TimeZone zone_;
  Counts counts_;
  const size_t rows_max_;
  size_t rows_ = 0;  // of the step
  std::string next_;
};

}  // namespace gusu::server
