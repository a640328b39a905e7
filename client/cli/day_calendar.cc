#include "client/cli/day_calendar.h"

#include <charconv>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

// Only for text that IsDate.
absl::CivilDay ToCivilDay(std::string_view date) {
  const auto number = [date](size_t at, size_t digits) {
    int value = 0;
    std::from_chars(date.data() + at, date.data() + at + digits, value);
    return value;
  };
  return absl::CivilDay(number(0, 4), number(5, 2), number(8, 2));
}

absl::Time ToTime(uint64_t time_us) { return absl::FromUnixMicros(static_cast<int64_t>(time_us)); }

}  // namespace

struct DayCalendar::Zone {
  absl::TimeZone zone;
};

DayCalendar::DayCalendar(std::string name, std::shared_ptr<const Zone> zone)
    : zone_(std::move(name)), rules_(std::move(zone)) {}

OrFailure<DayCalendar> DayCalendar::OfZone(const std::string& name) {
  auto zone = std::make_shared<Zone>();
  if (!absl::LoadTimeZone(name, &zone->zone)) {
    return UsageFailure("the time zone '" + name + "' is not known here",
                        std::string("for example ") + kDefaultTimeZone + " or UTC");
  }
  return DayCalendar(name, std::move(zone));
}

std::string DayCalendar::DayOf(uint64_t time_us) const {
  return absl::FormatCivilTime(absl::ToCivilDay(ToTime(time_us), rules_->zone));
}

std::string DayCalendar::DayAfter(const std::string& day) {
  return absl::FormatCivilTime(ToCivilDay(day) + 1);
}

std::string DayCalendar::ToText(uint64_t time_us) const {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Ez", ToTime(time_us), rules_->zone);
}

OrFailure<Timestamp> DayCalendar::Parse(std::string_view date_or_time) const {
  Timestamp time;
  if (IsDate(date_or_time)) {
    const absl::Time begin = absl::FromCivil(ToCivilDay(date_or_time), rules_->zone);
    time = Timestamp(std::chrono::microseconds(absl::ToUnixMicros(begin)));
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
