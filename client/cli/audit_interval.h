// Which leaves were committed in an interval of time, and that there are no others.
#pragma once

#include <cstdint>

#include "client/cli/audit_leaf.h"
#include "client/cli/day_calendar.h"

namespace gusu::cli {

struct TimeInterval {
  Timestamp from;
  Timestamp to;  // not in it
};
// Dates, or times as RFC 3339 has them.
OrFailure<TimeInterval> ParseInterval(const std::string& from, const std::string& to,
                                      const DayCalendar& calendar);

struct LeafInterval {
  uint64_t first = 0;
  uint64_t end = 0;  // not in it
  uint64_t count() const { return end - first; }
  bool operator==(const LeafInterval&) const = default;
};

// As the server says it, below `tree_size`. Commit times ascend in a log, so that the leaves of an
// interval follow one another: who proves the leaves before and after it proves that it is whole.
OrFailure<LeafInterval> FindLeaves(const Session& session, Client& client,
                                   const TimeInterval& interval, uint64_t tree_size);

// Whether a leaf at `leaf_index` with this commit time stands where the interval puts it: before
// it, in it, or after it. Fails otherwise.
MaybeFailure CheckPlace(uint64_t leaf_index, uint64_t commit_time_us, const LeafInterval& leaves,
                        const TimeInterval& interval);

}  // namespace gusu::cli
