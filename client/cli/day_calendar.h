// Days of a time zone: which one a time falls in, and when it begins; as somebody types them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "client/cli/failure.h"
#include "gusu/resources.h"
#include "proto/papers/calendar.h"

namespace gusu::cli {

inline constexpr char kDefaultTimeZone[] = "Asia/Shanghai";

// Cheap to copy.
class DayCalendar : public papers::Calendar {
 public:
  // A zone of the IANA database that this machine has.
  static OrFailure<DayCalendar> OfZone(const std::string& name);

  // A date's beginning in this zone, or a time as RFC 3339 has it. Nothing before 1970.
  OrFailure<Timestamp> Parse(std::string_view date_or_time) const;

 private:
  explicit DayCalendar(papers::Calendar calendar) : papers::Calendar(std::move(calendar)) {}
};

inline uint64_t ToMicroseconds(Timestamp time) {
  return static_cast<uint64_t>(time.time_since_epoch().count());
}

}  // namespace gusu::cli
