#include "server/as_of.h"

#include <algorithm>
#include <optional>

#include "absl/time/civil_time.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

// YYYY-MM-DD, digit by digit, of a day that the calendar has.
std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&text](size_t at, size_t count) {
    int value = 0;
    for (const char c : text.substr(at, count)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 1 || day < 1) return std::nullopt;
  const absl::CivilDay civil(year, month, day);
  if (civil.month() != month || civil.day() != day) return std::nullopt;  // it was normalised
  return civil;
}

absl::Status InFuture(std::string_view field, std::string_view asked, absl::Time now) {
  const std::string now_text = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
  return Error(absl::StatusCode::kInvalidArgument, "AS_OF_IN_FUTURE",
               Concat(field, " ", asked, " is later than now, ", now_text),
               {{"field", std::string(field)}, {"value", std::string(asked)}, {"now", now_text}});
}

absl::StatusOr<absl::TimeZone> RegistryTimeZone(const storage::View& view) {
  const storage::Directory::SettingsEntry* settings = view.directory().settings();
  absl::TimeZone zone;
  if (settings == nullptr || !absl::LoadTimeZone(settings->row->time_zone(), &zone)) {
    const std::string name = settings == nullptr ? "" : settings->row->time_zone();
    return Error(absl::StatusCode::kFailedPrecondition, "TIME_ZONE_UNKNOWN",
                 Concat("the registry's time zone \"", name,
                        "\" is not known here: give options.as_of_time"),
                 {{"time_zone", name}});
  }
  return zone;
}

// nullopt for today: now.
absl::StatusOr<std::optional<absl::Time>> EndOfDay(const std::string& text,
                                                   const storage::View& view, absl::Time now) {
  const std::optional<absl::CivilDay> day = ParseDay(text);
  if (!day) return FieldInvalid("options.as_of_date", Quote(text), "it must be a day, YYYY-MM-DD");
  GUSU_ASSIGN_OR_RETURN(const absl::TimeZone zone, RegistryTimeZone(view));
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  if (*day > today) return InFuture("options.as_of_date", text, now);
  if (*day == today) return std::optional<absl::Time>();
  return std::optional<absl::Time>(absl::FromCivil(*day + 1, zone) - absl::Microseconds(1));
}

}  // namespace

absl::StatusOr<uint64_t> AsOfRevision(const v1::ResolveOptions& options, const storage::View& view,
                                      absl::Time now) {
  switch (options.as_of_case()) {
    case v1::ResolveOptions::kAsOfTime: {
      GUSU_ASSIGN_OR_RETURN(const uint64_t asked,
                            TimeOf(options.as_of_time(), "options.as_of_time"));
      // The last commit is past, whatever this machine's clock says now.
      if (asked > view.last_revision() && absl::FromUnixMicros(static_cast<int64_t>(asked)) > now) {
        return InFuture("options.as_of_time", RevisionTime(asked), now);
      }
      return std::min(asked, view.last_revision());
    }
    case v1::ResolveOptions::kAsOfDate: {
      GUSU_ASSIGN_OR_RETURN(const std::optional<absl::Time> end,
                            EndOfDay(options.as_of_date(), view, now));
      if (!end) return view.last_revision();
      const int64_t end_us = std::max<int64_t>(0, absl::ToUnixMicros(*end));
      return std::min(static_cast<uint64_t>(end_us), view.last_revision());
    }
    default:
      return view.last_revision();
  }
}

std::string RevisionTime(uint64_t revision) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ",
                          absl::FromUnixMicros(static_cast<int64_t>(revision)),
                          absl::UTCTimeZone());
}

}  // namespace gusu::server
