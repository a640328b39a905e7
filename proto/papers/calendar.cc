#include "proto/papers/calendar.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "proto/text.h"

namespace gusu::papers {
namespace {

absl::Time ToTime(uint64_t time_us) { return absl::FromUnixMicros(static_cast<int64_t>(time_us)); }

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(AbslView(text), &day) ||
      StdView(absl::FormatCivilTime(day)) != text) {
    return std::nullopt;
  }
  return day;
}

}  // namespace

std::optional<Calendar> Calendar::OfZone(const std::string& name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return Calendar(name, zone);
}

std::string Calendar::DayOf(uint64_t time_us) const {
  return absl::FormatCivilTime(absl::ToCivilDay(ToTime(time_us), zone_));
}

std::string Calendar::ToText(uint64_t time_us) const {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Ez", ToTime(time_us), zone_);
}

std::string Calendar::ToUtc(uint64_t time_us) {
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*SZ", ToTime(time_us), absl::UTCTimeZone());
}

std::optional<uint64_t> Calendar::BeginningOf(std::string_view day) const {
  const std::optional<absl::CivilDay> parsed = ParseDay(day);
  if (!parsed.has_value()) return std::nullopt;
  const int64_t time_us = absl::ToUnixMicros(absl::FromCivil(*parsed, zone_));
  if (time_us < 0) return std::nullopt;
  return static_cast<uint64_t>(time_us);
}

std::string Calendar::DayAfter(const std::string& day, int days) {
  return absl::FormatCivilTime(ParseDay(day).value_or(absl::CivilDay()) + days);
}

}  // namespace gusu::papers
