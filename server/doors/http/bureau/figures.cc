#include "server/doors/http/bureau/figures.h"

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/registrar.h"
#include "server/statistics/statistics.h"

namespace gusu::server {
namespace {

constexpr uint32_t kPageRows = 1'000;

absl::Status TooLarge(size_t rows_max) {
  return Error(absl::StatusCode::kOutOfRange, "REPORT_TOO_LARGE",
               Concat("the period has more than ", rows_max,
                      " rows of statistics; take a shorter one, or one registrant"),
               {{"rows_max", std::to_string(rows_max)}});
}

// Who holds a prefix today, and what it is; each prefix is asked for once.
class Holders {
 public:
  Holders(const Registrar& registrar, const Caller& caller)
      : registrar_(registrar), caller_(caller) {}

  struct Holder {
    std::string name;  // registrants/{id}; empty: nobody any more
    std::string district;
    std::string industry_class;
  };
  const Holder& Of(const std::string& prefix_name) {
    const auto [found, is_new] = holders_.try_emplace(prefix_name);
    if (is_new) found->second = Read(prefix_name);
    return found->second;
  }

 private:
  Holder Read(const std::string& prefix_name) const {
    v1::GetPrefixRequest get;
    get.set_name(prefix_name);
    v1::Prefix prefix;
    if (!registrar_.GetPrefix(get, caller_, &prefix).ok()) return {};
    v1::GetRegistrantRequest get_holder;
    get_holder.set_name(prefix.holder());
    v1::Registrant holder;
    if (!registrar_.GetRegistrant(get_holder, caller_, &holder).ok()) return {};
    return {holder.name(), holder.district(), holder.industry_class()};
  }

  const Registrar& registrar_;
  const Caller& caller_;
  std::map<std::string, Holder> holders_;
};

void AddCounts(const v1::DayCounts& day, BureauFigures* figures) {
  for (BureauFigures::Sums* sums :
       {&figures->total, &figures->days[day.date()], &figures->registrants[day.registrant()],
        &figures->districts[day.district()], &figures->industries[day.industry_class()]}) {
    sums->registrations += day.counts().created();
    sums->range_codes += day.counts().range_codes_allocated();
  }
}

void AddUsage(const v1::DayUsage& day, const Holders::Holder& holder, BureauFigures* figures) {
  for (BureauFigures::Sums* sums :
       {&figures->total, &figures->days[day.date()], &figures->registrants[holder.name],
        &figures->districts[holder.district], &figures->industries[holder.industry_class]}) {
    sums->resolutions += day.asked();
  }
}

// Calls `add` for each row of all pages.
template <typename Request, typename Response, typename Add>
absl::Status ForEachDay(const Statistics& statistics, const Caller& caller, Request request,
                        size_t rows_max,
                        absl::Status (Statistics::*read)(const Request&, const Caller&, Response*)
                            const,
                        Add add) {
  size_t rows = 0;
  request.set_page_size(kPageRows);
  do {
    Response page;
    GUSU_RETURN_IF_ERROR((statistics.*read)(request, caller, &page));
    rows += static_cast<size_t>(page.days_size());
    if (rows > rows_max) return TooLarge(rows_max);
    for (const auto& day : page.days()) add(day);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

template <typename Request>
Request RequestFor(const FiguresOf& what) {
  Request request;
  request.set_parent(what.parent);
  request.set_from_date(what.from_date);
  request.set_to_date(what.to_date);
  return request;
}

}  // namespace

absl::StatusOr<BureauFigures> SumFigures(const DoorRules& rules, const Caller& caller,
                                         const FiguresOf& what) {
  BureauFigures figures;
  GUSU_RETURN_IF_ERROR(ForEachDay(
      *rules.statistics, caller, RequestFor<v1::GetStatisticsRequest>(what), what.rows_max,
      &Statistics::GetStatistics, [&](const v1::DayCounts& day) { AddCounts(day, &figures); }));
  Holders holders(*rules.registrar, caller);
  GUSU_RETURN_IF_ERROR(ForEachDay(
      *rules.statistics, caller, RequestFor<v1::ListUsageRequest>(what), what.rows_max,
      &Statistics::ListUsage,
      [&](const v1::DayUsage& day) { AddUsage(day, holders.Of(day.prefix()), &figures); }));
  return figures;
}

}  // namespace gusu::server
