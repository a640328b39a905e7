#include "server/doors/http/bureau/days_interval.h"

#include "absl/time/clock.h"
#include "proto/error.h"
#include "proto/text.h"
#include "server/doors/http/bureau/page.h"

namespace gusu::server {
namespace {

absl::Status Invalid(std::string_view field, const std::string& value, std::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
               Concat("field ", field, ", ", Quote(value), ": ", why),
               {{"field", std::string(field)}, {"value", value}});
}

}  // namespace

absl::StatusOr<DaysInterval> ReadInterval(const BureauRequest& request, int days_default) {
  using papers::Calendar;
  const std::string today =
      request.calendar.DayOf(static_cast<uint64_t>(absl::ToUnixMicros(absl::Now())));
  DaysInterval interval;
  interval.last = request.Parameter("to");
  if (interval.last.empty()) interval.last = today;
  interval.first = request.Parameter("from");
  const auto last_us = request.calendar.BeginningOf(interval.last);
  if (!last_us.has_value()) {
    return Invalid("to", interval.last, "YYYY-MM-DD, of a day that there is");
  }
  if (interval.first.empty()) interval.first = Calendar::DayAfter(interval.last, 1 - days_default);
  const auto from_us = request.calendar.BeginningOf(interval.first);
  if (!from_us.has_value()) {
    return Invalid("from", interval.first, "YYYY-MM-DD, of a day that there is");
  }
  if (interval.last < interval.first) {
    return Invalid("to", interval.last, Concat("it is before from, ", interval.first));
  }
  const std::string last_max = Calendar::DayAfter(interval.first, kIntervalDaysMax - 1);
  if (interval.last > last_max) {
    return Invalid("to", interval.last,
                   Concat("at most ", kIntervalDaysMax, " days, to ", last_max));
  }
  interval.from_us = *from_us;
  interval.to_us =
      request.calendar.BeginningOf(Calendar::DayAfter(interval.last)).value_or(*last_us);
  return interval;
}

HtmlWriter& WriteIntervalFields(HtmlWriter& html, const BureauRequest& request,
                                const DaysInterval& interval) {
  WriteField(html, request, {"from", {"起", "From"}, "date", interval.first, true});
  return WriteField(html, request,
                    {"to", {"止（含）", "To, included"}, "date", interval.last, true});
}

std::vector<std::string> DaysOf(const DaysInterval& interval) {
  std::vector<std::string> days;
  for (std::string day = interval.first; day <= interval.last;
       day = papers::Calendar::DayAfter(day)) {
    days.push_back(day);
  }
  return days;
}

}  // namespace gusu::server
