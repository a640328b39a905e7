// Days of a time zone: which one a time falls in, and when it begins.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "client/cli/failure.h"
#include "gusu/resources.h"

namespace gusu::cli {

inline constexpr char kDefaultTimeZone[] = "Asia/Shanghai";

// Cheap to copy.
class DayCalendar {
 public:
  // A zone of the IANA database that this machine has.
  static OrFailure<DayCalendar> OfZone(const std::string& name);

  const std::string& zone() const { return zone_; }
  // `2026-11-23`; times are microseconds since 1970 UTC, as revisions are.
  std::string DayOf(uint64_t time_us) const;
  // The day after a `2026-11-23`.
  static std::string DayAfter(const std::string& day);
  // `2026-11-23 08:00:00 +08:00`.
  std::string ToText(uint64_t time_us) const;
  // A date's beginning in this zone, or a time as RFC 3339 has it. Nothing before 1970.
  OrFailure<Timestamp> Parse(std::string_view date_or_time) const;

 private:
  struct Zone;
  DayCalendar(std::string name, std::shared_ptr<const Zone> zone);

  std::string zone_;
  std::shared_ptr<const Zone> rules_;
};

inline uint64_t ToMicroseconds(Timestamp time) {
  return static_cast<uint64_t>(time.time_since_epoch().count());
}

}  // namespace gusu::cli
