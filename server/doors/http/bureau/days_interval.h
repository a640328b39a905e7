// The days that a chart or a report is of, as they were typed.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "server/doors/http/bureau/request.h"

namespace gusu::server {

struct DaysInterval {
  std::string first;  // YYYY-MM-DD
  std::string last;   // included
  // Microseconds since 1970 UTC: [from_us, to_us).
  uint64_t from_us = 0;
  uint64_t to_us = 0;
};

// Of the parameters from and to; without them, the last `days_default` days. kInvalidArgument /
// FIELD_INVALID for what is no day, an end before the beginning, and more than kIntervalDaysMax.
inline constexpr int kIntervalDaysMax = 3'660;
absl::StatusOr<DaysInterval> ReadInterval(const BureauRequest& request, int days_default);

// The two fields of a form of search.
HtmlWriter& WriteIntervalFields(HtmlWriter& html, const BureauRequest& request,
                                const DaysInterval& interval);

// Every day of it, in order.
std::vector<std::string> DaysOf(const DaysInterval& interval);

}  // namespace gusu::server
