#include "client/cli/time_text.h"

#include <chrono>
#include <ctime>

#include "client/cli/key_value.h"

namespace gusu::cli {
namespace {

constexpr char kTimeExample[] = "2026-11-23T08:00:00+08:00";

}  // namespace

bool IsDate(std::string_view text) {
  return text.size() == 10 && ParseTimestamp(std::string(text) + "T00:00:00Z").has_value();
}

OrFailure<Timestamp> ParseTime(std::string_view text) {
  if (const std::optional<Timestamp> time = ParseTimestamp(text)) return *time;
  return UsageFailure("'" + std::string(text) + "' is not a time as RFC 3339 has it",
                      std::string("for example ") + kTimeExample);
}

OrFailure<std::optional<Timestamp>> ParseTimeIfGiven(std::string_view text) {
  if (text.empty()) return std::optional<Timestamp>();
  OrFailure<Timestamp> time = ParseTime(text);
  if (!time.ok()) return time.failure();
  return std::optional<Timestamp>(*time);
}

OrFailure<Timestamp> ParseExpiry(std::string_view text, Timestamp now) {
  if (IsDate(text)) return ParseTime(std::string(text) + "T00:00:00Z");
  uint64_t count = 0;
  const bool may_be_duration = text.size() >= 2 && text.size() <= 6;
  if (may_be_duration && ParseNumber(text.substr(0, text.size() - 1), &count)) {
    if (text.back() == 'h') return Timestamp(now + std::chrono::hours(count));
    if (text.back() == 'd') return Timestamp(now + std::chrono::days(count));
    if (text.back() == 'y') return Timestamp(now + std::chrono::days(count * 365));
  }
  OrFailure<Timestamp> time = ParseTime(text);
  if (time.ok()) return time;
  return UsageFailure("'" + std::string(text) + "' is neither a date, a time nor a duration",
                      std::string("for example 2027-11-23, ") + kTimeExample + " or 90d");
}

std::string ToLocalText(const std::optional<Timestamp>& time) {
  if (!time) return "";
  const std::time_t clock =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(*time));
  std::tm parts{};
  localtime_r(&clock, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &parts);
  return text;
}

std::string RevisionToLocalText(uint64_t revision) {
  return ToLocalText(Timestamp(std::chrono::microseconds(revision)));
}

}  // namespace gusu::cli
