// The bureau's report of an interval of the log: as a page to print and as a table to compute with.
// Whoever counts, a verifier with `gusu audit report` or the registry's own console, prints it so.
#pragma once

#include <cstdint>
#include <string>

#include "proto/papers/calendar.h"
#include "proto/papers/log_state.h"
#include "proto/papers/report_tally.h"

namespace gusu::papers {

struct Report {
  LogState log;  // which every number was counted at
  Calendar calendar;
  // Microseconds since 1970 UTC: [from_us, to_us).
  uint64_t from_us = 0;
  uint64_t to_us = 0;
  uint64_t leaves_count = 0;  // of the interval
  // A leaf of the tree was committed after the interval: nothing can be added to it.
  bool is_closed = false;
  uint64_t last_leaf_time_us = 0;  // of the last leaf read; 0: the log is empty
  uint64_t profiles_count = 0;     // revisions of registrants that changes were attributed by
  // Whether each leaf was proven to be the log's before it was counted; else the page says that the
  // registry itself counted, and how to check it.
  bool is_proven = true;
  const ReportTally& tally;  // outlives the report
};

// A page; of registrants the `registrants_max` with most registrations, the others in one row. The
// same report is always the same bytes.
std::string ToHtml(const Report& report, Language language, size_t registrants_max);

// section,key,name,measure,count,from,to,origin,tree_size,root_hex: one number a row. Sections:
// total, operation, day, district, industry, registrant.
std::string ToCsv(const Report& report);

// By days, or by months when there are more than 92: from the first to the last one of the
// interval, those without a change too.
std::vector<Group> Periods(const Report& report);

}  // namespace gusu::papers
