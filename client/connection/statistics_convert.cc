// Counts of changes and of resolutions, as messages and back.
#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

template <typename Message>
Message StatisticsToProto(const StatisticsRequest& request) {
  Message out;
  out.set_parent(request.parent);
  out.set_from_date(request.from_date);
  out.set_to_date(request.to_date);
  out.set_page_size(request.page_size);
  return out;
}

Counts CountsFrom(const v1::Counts& counts) {
  Counts out;
  out.created = counts.created();
  out.reserved = counts.reserved();
  out.changed = counts.changed();
  out.activated = counts.activated();
  for (const v1::RetiredCount& retired : counts.retired()) {
    out.retired[Same<RetirementReason>(retired.reason())] += retired.count();
  }
  out.reinstated = counts.reinstated();
  out.range_codes_allocated = counts.range_codes_allocated();
  out.range_codes_activated = counts.range_codes_activated();
  out.range_codes_released = counts.range_codes_released();
  return out;
}

}  // namespace

v1::GetStatisticsRequest ToGetStatistics(const StatisticsRequest& request) {
  return StatisticsToProto<v1::GetStatisticsRequest>(request);
}

v1::ListUsageRequest ToListUsage(const StatisticsRequest& request) {
  return StatisticsToProto<v1::ListUsageRequest>(request);
}

v1::RecountStatisticsRequest ToProto(const RecountStatisticsRequest& request) {
  v1::RecountStatisticsRequest out;
  out.set_parent(request.parent);
  out.set_page_token(request.page_token);
  return out;
}

DayCounts FromProto(const v1::DayCounts& day) {
  return {day.prefix(),   day.date(),           day.registrant(),
          day.district(), day.industry_class(), CountsFrom(day.counts())};
}

DayUsage FromProto(const v1::DayUsage& day) {
  DayUsage out;
  out.prefix = day.prefix();
  out.date = day.date();
  out.door = day.door();
  out.asked = day.asked();
  out.answered = day.answered();
  out.never_issued = day.never_issued();
  out.latency_us_min = day.latency_us_min();
  out.latency_min_time = TimeFrom(day.has_latency_min_time(), day.latency_min_time());
  out.latency_us_mean = day.latency_us_mean();
  out.latency_us_max = day.latency_us_max();
  out.latency_max_time = TimeFrom(day.has_latency_max_time(), day.latency_max_time());
  for (const v1::SourceCount& source : day.sources()) {
    out.sources.push_back({source.address(), source.count()});
  }
  return out;
}

RecountPage FromProto(const v1::RecountStatisticsResponse& response) {
  RecountPage out;
  for (const v1::DayCounts& day : response.days()) out.days.push_back(FromProto(day));
  out.next_page_token = response.next_page_token();
  out.sequence = response.sequence();
  return out;
}

}  // namespace gusu
