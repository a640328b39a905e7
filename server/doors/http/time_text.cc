#include "server/doors/http/time_text.h"

#include "absl/time/civil_time.h"

namespace gusu::server {
namespace {

constexpr int kYearMax = 9999;
constexpr size_t kFractionDigitsMax = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool TakeOne(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

// Exactly `count` digits, of a number from `min` to `max`.
std::optional<int> TakeNumber(std::string_view& text, size_t count, int min, int max) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (!IsDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  if (number < min || number > max) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

std::optional<absl::CivilDay> TakeDay(std::string_view& text) {
  const auto year = TakeNumber(text, 4, 1, kYearMax);
  if (!year || !TakeOne(text, '-')) return std::nullopt;
  const auto month = TakeNumber(text, 2, 1, 12);
  if (!month || !TakeOne(text, '-')) return std::nullopt;
  const auto day = TakeNumber(text, 2, 1, 31);
  if (!day) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  return civil.day() == *day ? std::optional(civil) : std::nullopt;  // else it was normalised
}

// 06:18:15, with or without .25 behind it.
std::optional<absl::Duration> TakeTimeOfDay(std::string_view& text) {
  const auto hour = TakeNumber(text, 2, 0, 23);
  if (!hour || !TakeOne(text, ':')) return std::nullopt;
  const auto minute = TakeNumber(text, 2, 0, 59);
  if (!minute || !TakeOne(text, ':')) return std::nullopt;
  const auto second = TakeNumber(text, 2, 0, 59);
  if (!second) return std::nullopt;
  const absl::Duration whole = absl::Hours(*hour) + absl::Minutes(*minute) + absl::Seconds(*second);
  if (!TakeOne(text, '.')) return whole;
  int64_t nanoseconds = 0;
  size_t digits = 0;
  for (; digits < kFractionDigitsMax && !text.empty() && IsDigit(text[0]); ++digits) {
    nanoseconds = nanoseconds * 10 + (text[0] - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < kFractionDigitsMax; ++digits) nanoseconds *= 10;
  return whole + absl::Nanoseconds(nanoseconds);
}

// How far east of UTC: Z or +08:00.
std::optional<absl::Duration> TakeOffset(std::string_view& text) {
  if (TakeOne(text, 'Z')) return absl::ZeroDuration();
  const bool is_west = text.starts_with('-');
  if (!TakeOne(text, '-') && !TakeOne(text, '+')) return std::nullopt;
  const auto hours = TakeNumber(text, 2, 0, 23);
  if (!hours || !TakeOne(text, ':')) return std::nullopt;
  const auto minutes = TakeNumber(text, 2, 0, 59);
  if (!minutes) return std::nullopt;
  const absl::Duration offset = absl::Hours(*hours) + absl::Minutes(*minutes);
  return is_west ? -offset : offset;
}

}  // namespace

std::optional<absl::Time> ParseTimeText(std::string_view text) {
  const auto day = TakeDay(text);
  if (!day || !TakeOne(text, 'T')) return std::nullopt;
  const auto time_of_day = TakeTimeOfDay(text);
  if (!time_of_day) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::Time time = absl::FromCivil(*day, utc) + *time_of_day - *offset;
  if (time < absl::FromCivil(absl::CivilYear(1), utc) ||
      time >= absl::FromCivil(absl::CivilYear(kYearMax + 1), utc)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace gusu::server
