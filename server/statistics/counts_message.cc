#include "server/statistics/counts_message.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/change.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "storage/registry_day.h"

namespace gusu::server {

void FillCounts(const std::map<uint32_t, uint64_t>& counts, v1::Counts* message) {
  const auto of = [&counts](Counter counter) -> uint64_t {
    const auto found = counts.find(counter);
    return found == counts.end() ? 0 : found->second;
  };
  message->set_created(of(kCreated));
  message->set_reserved(of(kReserved));
  message->set_changed(of(kChanged));
  message->set_activated(of(kActivated));
  message->set_reinstated(of(kReinstated));
  message->set_range_codes_allocated(of(kRangeCodesAllocated));
  message->set_range_codes_activated(of(kRangeCodesActivated));
  message->set_range_codes_released(of(kRangeCodesReleased));
  for (auto each = counts.lower_bound(kRetiredBase); each != counts.end(); ++each) {
    const auto reason = static_cast<int>(each->first - kRetiredBase);
    if (!v1::Retirement::Reason_IsValid(reason) || each->second == 0) continue;
    v1::RetiredCount* retired = message->add_retired();
    retired->set_reason(static_cast<v1::Retirement::Reason>(reason));
    retired->set_count(each->second);
  }
}

void FillDayCounts(const storage::v1::DayCountsRow& row, std::string_view prefix,
                   v1::DayCounts* message) {
  message->set_prefix(Concat("prefixes/", prefix));
  message->set_date(storage::DayText(row.day()));
  message->set_registrant(RegistrantName(row.registrant()));
  message->set_district(row.district());
  message->set_industry_class(row.industry_class());
  FillCounts({row.counts().begin(), row.counts().end()}, message->mutable_counts());
}

}  // namespace gusu::server
