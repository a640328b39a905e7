#include "client/cli/day_calendar.h"

#include <optional>

#include "client/cli/time_text.h"

namespace gusu::cli {

OrFailure<DayCalendar> DayCalendar::OfZone(const std::string& name) {
  std::optional<papers::Calendar> calendar = papers::Calendar::OfZone(name);
  if (!calendar.has_value()) {
    return UsageFailure("the time zone '" + name + "' is not known here",
                        std::string("for example ") + kDefaultTimeZone + " or UTC");
  }
  return DayCalendar(*std::move(calendar));
}

OrFailure<Timestamp> DayCalendar::Parse(std::string_view date_or_time) const {
  Timestamp time;
  if (IsDate(date_or_time)) {
    const std::optional<uint64_t> begin = BeginningOf(date_or_time);
    if (!begin.has_value()) {
      return UsageFailure("'" + std::string(date_or_time) + "' is before 1970");
    }
    time = Timestamp(std::chrono::microseconds(static_cast<int64_t>(*begin)));
  } else {
    const OrFailure<Timestamp> parsed = ParseTime(date_or_time);
    if (!parsed.ok()) {
      return UsageFailure("'" + std::string(date_or_time) + "' is neither a date nor a time",
                          "for example 2026-11-23 or 2026-11-23T08:00:00+08:00");
    }
    time = *parsed;
  }
  if (time < Timestamp()) {
    return UsageFailure("'" + std::string(date_or_time) + "' is before 1970");
  }
  return time;
}

}  // namespace gusu::cli
