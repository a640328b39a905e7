// Counts an interval of the log for the bureau's report, and proves what it counts.
#pragma once

#include <string>

#include "client/cli/audit_interval.h"
#include "client/cli/audit_registrants.h"
#include "proto/papers/report.h"

namespace gusu::cli {

struct Report {
  KnownCheckpoint checkpoint;  // which every number was counted at
  DayCalendar calendar;
  TimeInterval interval;
  LeafInterval leaves;
  // A leaf of the tree was committed after the interval: nothing can be added to it.
  bool is_closed = false;
  uint64_t last_leaf_time_us = 0;  // of the last leaf read; 0: the log is empty
  uint64_t profiles_count = 0;     // revisions of registrants that changes were attributed by
  papers::ReportTally tally;
};

// As it is printed. The report outlives it.
papers::Report ToPaper(const Report& report);

// Reads each leaf of the interval with its opening, and the one before and after it. Fails unless
// they lead to the checkpoint's root, follow one another without a gap, were committed where the
// interval puts them, and are opened by what was counted. Needs the bureau's rights.
OrFailure<Report> CountInterval(Session& session, Client& client, KnownCheckpoint checkpoint,
                                const DayCalendar& calendar, const TimeInterval& interval);

}  // namespace gusu::cli
