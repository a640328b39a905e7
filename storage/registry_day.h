// What a day is: a calendar day of the registry's time zone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "storage/directory.h"

namespace gusu::storage {

// Of the settings; UTC before the first start and where the machine lacks the zone.
absl::TimeZone RegistryZone(const Directory& directory);

// Days since 1970-01-01 of a time in microseconds since 1970 UTC.
int32_t DayOf(uint64_t time_us, const absl::TimeZone& zone);

// YYYY-MM-DD of such a day.
std::string DayText(int32_t day);

}  // namespace gusu::storage
