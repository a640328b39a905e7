#include "storage/registry_day.h"

#include "absl/time/civil_time.h"
#include "gusu/storage/v1/storage.pb.h"

namespace gusu::storage {

absl::TimeZone RegistryZone(const Directory& directory) {
  const auto* settings = directory.settings();
  absl::TimeZone zone;
  if (settings == nullptr || !absl::LoadTimeZone(settings->row->time_zone(), &zone)) {
    return absl::UTCTimeZone();
  }
  return zone;
}

int32_t DayOf(uint64_t time_us, const absl::TimeZone& zone) {
  const absl::CivilDay day =
      absl::ToCivilDay(absl::FromUnixMicros(static_cast<int64_t>(time_us)), zone);
  return static_cast<int32_t>(day - absl::CivilDay(1970));
}

std::string DayText(int32_t day) { return absl::FormatCivilTime(absl::CivilDay(1970) + day); }

}  // namespace gusu::storage
