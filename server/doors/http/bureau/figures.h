// How much was registered and resolved in an interval: sums of the registry's statistics.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "server/caller.h"
#include "server/doors/rules.h"

namespace gusu::server {

// Rows of statistics, and of usage, that are summed for one answer.
inline constexpr size_t kFigureRowsMax = 500'000;

struct BureauFigures {
  struct Sums {
    uint64_t registrations = 0;  // records
    uint64_t range_codes = 0;    // allocated in serial ranges
    uint64_t resolutions = 0;    // codes that were asked for
  };
  Sums total;
  std::map<std::string, Sums> days;         // by YYYY-MM-DD; those on which something happened
  std::map<std::string, Sums> registrants;  // by registrants/{id}
  // Registrations by what the registrant was at the time, resolutions by what the prefix's holder
  // is today; the empty key: not known.
  std::map<std::string, Sums> districts;
  std::map<std::string, Sums> industries;
};

struct FiguresOf {
  std::string parent;     // as in GetStatistics
  std::string from_date;  // YYYY-MM-DD
  std::string to_date;    // not included
  size_t rows_max = kFigureRowsMax;
};

// Errors of GetStatistics and ListUsage; kOutOfRange / REPORT_TOO_LARGE beyond `rows_max`.
absl::StatusOr<BureauFigures> SumFigures(const DoorRules& rules, const Caller& caller,
                                         const FiguresOf& what);

}  // namespace gusu::server
