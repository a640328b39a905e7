// How much was registered and resolved, by prefix and day of the registry's time zone.
//
// Counts of changes are exact: each is written in the commit that it counts. Counts of resolutions
// are written every few seconds, and a crash of the server may lose the last ten.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gusu/resources.h"

namespace gusu {

// Records and codes of serial ranges are counted apart.
struct Counts {
  uint64_t created = 0;    // records registered, whatever their first state
  uint64_t reserved = 0;   // of these, those registered as RESERVED
  uint64_t changed = 0;    // changes of records after their registration, retirements among them
  uint64_t activated = 0;  // records that became ACTIVE after being RESERVED
  std::map<RetirementReason, uint64_t> retired;
  uint64_t reinstated = 0;
  uint64_t range_codes_allocated = 0;
  uint64_t range_codes_activated = 0;
  uint64_t range_codes_released = 0;
};

// Adds every number of `from`.
GUSU_EXPORT void Add(const Counts& from, Counts* to);

// What happened below a prefix on a day.
struct DayCounts {
  std::string prefix;  // prefixes/{prefix}
  std::string date;    // YYYY-MM-DD
  // Who held the prefix at the time, and its data then.
  std::string registrant;
  std::string district;
  std::string industry_class;
  Counts counts;
};

struct StatisticsRequest {
  std::string parent;     // prefixes/{prefix}, registrants/{id}, or empty: all that one may see
  std::string from_date;  // YYYY-MM-DD, inclusive; empty: from the beginning
  std::string to_date;    // YYYY-MM-DD, exclusive; empty: to the end
  uint32_t page_size = 0;
};

// How often an address asked.
struct SourceCount {
  std::string address;
  uint64_t count = 0;  // exact while at most 400 addresses asked; else at most so many
};

// Resolutions below a prefix on a day through one door.
struct DayUsage {
  std::string prefix;  // prefixes/{prefix}
  std::string date;    // YYYY-MM-DD
  std::string door;    // GRPC, HANDLE or HTTP
  uint64_t asked = 0;
  uint64_t answered = 0;      // of these, those answered with a record
  uint64_t never_issued = 0;  // of these, those that were never issued
  // Of an identifier, within the server; the times are when that was, to the second.
  uint64_t latency_us_min = 0;
  std::optional<Timestamp> latency_min_time;
  uint64_t latency_us_mean = 0;
  uint64_t latency_us_max = 0;
  std::optional<Timestamp> latency_max_time;
  std::vector<SourceCount> sources;  // the 100 commonest; for the bureau only, kept for 180 days
};

// ---------------------------------------------------------------------------------------------
// Counting again

struct RecountStatisticsRequest {
  std::string parent;  // prefixes/{prefix}
  std::string page_token;
};

// Counts of some of a prefix's records and ranges.
struct RecountPage {
  std::vector<DayCounts> days;  // prefix, date and counts only
  std::string next_page_token;  // empty on the last page
  uint64_t sequence = 0;        // changes of the prefix so far
};

// A count that is not what records, ranges and their histories say.
struct CountDifference {
  std::string date;     // YYYY-MM-DD
  std::string counter;  // created, retired SCRAPPED, range_codes_allocated, …
  uint64_t stored = 0;
  uint64_t recounted = 0;
};

struct StatisticsVerification {
  Counts counts;  // recounted, of all days
  uint64_t days_count = 0;
  uint64_t sequence = 0;                     // changes of the prefix up to which was counted
  std::vector<CountDifference> differences;  // in the order of dates; none: all agree
};

}  // namespace gusu
