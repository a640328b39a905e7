// Counts, added up and compared.
#include "gusu/statistics.h"

#include <set>

#include "gusu/client.h"

namespace gusu {
namespace {

constexpr int kAttemptsMax = 5;

using CountsByDate = std::map<std::string, Counts>;

// Counts by date as the server stores them.
Result<CountsByDate> Stored(Connection& connection, const std::string& prefix,
                            const CallOptions& call) {
  CountsByDate days;
  StatisticsRequest request;
  request.parent = prefix;
  request.page_size = 1000;
  for (Result<DayCounts>& day : connection.GetStatistics(request, call)) {
    if (!day) return std::move(day).status();
    Add(day->counts, &days[day->date]);
  }
  return days;
}

// Counts by date as records, ranges and histories say. nullopt when something changed after
// `sequence`.
Result<std::optional<CountsByDate>> Recounted(Connection& connection, const std::string& prefix,
                                              uint64_t sequence, const CallOptions& call) {
  CountsByDate days;
  RecountStatisticsRequest request{prefix, ""};
  do {
    const Result<RecountPage> page = connection.RecountStatistics(request, call);
    if (!page) return page.status();
    if (page->sequence != sequence) return std::optional<CountsByDate>();
    for (const DayCounts& day : page->days) Add(day.counts, &days[day.date]);
    request.page_token = page->next_page_token;
  } while (!request.page_token.empty());
  return std::optional<CountsByDate>(std::move(days));
}

void Compare(const std::string& date, const Counts& stored, const Counts& recounted,
             std::vector<CountDifference>* differences) {
  const auto compare = [&](std::string counter, uint64_t a, uint64_t b) {
    if (a != b) differences->push_back({date, std::move(counter), a, b});
  };
  compare("created", stored.created, recounted.created);
  compare("reserved", stored.reserved, recounted.reserved);
  compare("changed", stored.changed, recounted.changed);
  compare("activated", stored.activated, recounted.activated);
  std::set<RetirementReason> reasons;
  for (const auto& [reason, count] : stored.retired) reasons.insert(reason);
  for (const auto& [reason, count] : recounted.retired) reasons.insert(reason);
  for (const RetirementReason reason : reasons) {
    const auto in = [reason](const Counts& counts) {
      const auto found = counts.retired.find(reason);
      return found == counts.retired.end() ? 0 : found->second;
    };
    compare("retired " + std::string(ToText(reason)), in(stored), in(recounted));
  }
  compare("reinstated", stored.reinstated, recounted.reinstated);
  compare("range_codes_allocated", stored.range_codes_allocated, recounted.range_codes_allocated);
  compare("range_codes_activated", stored.range_codes_activated, recounted.range_codes_activated);
  compare("range_codes_released", stored.range_codes_released, recounted.range_codes_released);
}

StatisticsVerification Compared(CountsByDate& stored, CountsByDate& recounted) {
  StatisticsVerification out;
  for (const auto& [date, counts] : stored) recounted.try_emplace(date);
  for (const auto& [date, counts] : recounted) {
    Compare(date, stored[date], counts, &out.differences);
    Add(counts, &out.counts);
  }
  out.days_count = recounted.size();
  return out;
}

}  // namespace

void Add(const Counts& from, Counts* to) {
  to->created += from.created;
  to->reserved += from.reserved;
  to->changed += from.changed;
  to->activated += from.activated;
  for (const auto& [reason, count] : from.retired) to->retired[reason] += count;
  to->reinstated += from.reinstated;
  to->range_codes_allocated += from.range_codes_allocated;
  to->range_codes_activated += from.range_codes_activated;
  to->range_codes_released += from.range_codes_released;
}

Result<StatisticsVerification> Client::VerifyStatistics(const std::string& prefix,
                                                        CallOptions call) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    // The sequence before the stored counts are read must be that of every page counted after.
    const Result<RecountPage> before = connection_->RecountStatistics({prefix, ""}, call);
    if (!before) return before.status();
    Result<CountsByDate> stored = Stored(*connection_, prefix, call);
    if (!stored) return std::move(stored).status();
    Result<std::optional<CountsByDate>> recounted =
        Recounted(*connection_, prefix, before->sequence, call);
    if (!recounted) return std::move(recounted).status();
    if (!*recounted) continue;
    StatisticsVerification out = Compared(*stored, **recounted);
    out.sequence = before->sequence;
    return out;
  }
  return Status{StatusCode::kAborted,
                prefix + " changes while it is counted; try again when less is written",
                std::string(kReasonStatisticsChanging),
                {{"prefix", prefix}, {"attempts", std::to_string(kAttemptsMax)}}};
}

}  // namespace gusu
