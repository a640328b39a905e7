// Counts of changes between their stored form and the API's.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

namespace gusu::storage::v1 {
class DayCountsRow;
}
namespace gusu::v1 {
class Counts;
class DayCounts;
}  // namespace gusu::v1

namespace gusu::server {

// `counts` by number of proto/change.h's Counter; a number that is not known is left out.
void FillCounts(const std::map<uint32_t, uint64_t>& counts, v1::Counts* message);

// `prefix` is as written.
void FillDayCounts(const storage::v1::DayCountsRow& row, std::string_view prefix,
                   v1::DayCounts* message);

}  // namespace gusu::server
