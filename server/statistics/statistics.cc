#include "server/statistics/statistics.h"

#include <map>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/page_token.h"
#include "server/resource_fields.h"
#include "server/statistics/counts_message.h"
#include "server/statistics/day_pages.h"
#include "server/statistics/recount.h"
#include "server/statistics/usage_rows.h"
#include "storage/keys.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

// As written, of a prefix that is granted; else its key.
std::string WrittenPrefix(const storage::Directory& directory, std::string_view prefix_key) {
  const auto* entry = directory.FindPrefix(prefix_key);
  return entry == nullptr ? std::string(prefix_key) : entry->row->prefix();
}

absl::Status Corrupt(const char* type, const DayKey& key) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("a stored ", type, " of prefix ", key.prefix_key, " is damaged"),
               {{"type", type}, {"prefix", std::string(key.prefix_key)}});
}

template <typename Row>
bool Parse(std::string_view value, Row* row) {
  return row->ParseFromArray(value.data(), static_cast<int>(value.size()));
}

// Reads what a page of either list is about.
template <typename Request>
absl::StatusOr<DayPage> ReadPage(const PageScope& scope, const Request& request) {
  DayPage page;
  page.page_size = PageSize(request.page_size());
  GUSU_ASSIGN_OR_RETURN(page.after, scope.Read(request.page_token()));
  return page;
}

// Of one that held the prefix before: records of now are not its to count.
absl::Status NotPrefixHolder(const Caller& caller, const std::string& parent) {
  return Error(absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
               Concat("registrant ", caller.registrant, " does not hold ", parent),
               {{"registrant", RegistrantName(caller.registrant)}, {"prefix", parent}});
}

absl::StatusOr<uint64_t> SequenceOf(const storage::View& view, const std::string& prefix_key) {
  const std::string key = storage::PrefixCountersKey(prefix_key);
  storage::v1::PrefixCountersRow row;
  bool is_damaged = false;
  GUSU_RETURN_IF_ERROR(
      view.ScanStored(key, key + '\0', [&](std::string_view, std::string_view value) {
        is_damaged = !Parse(value, &row);
        return false;
      }));
  if (is_damaged) return Corrupt("PrefixCountersRow", {prefix_key, 0, ""});
  return row.sequence();
}

}  // namespace

absl::Status Statistics::GetStatistics(const v1::GetStatisticsRequest& request,
                                       const Caller& caller,
                                       v1::GetStatisticsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetStatistics, caller));
  const PageScope page_scope("GetStatistics",
                             {request.parent(), request.from_date(), request.to_date()});
  GUSU_ASSIGN_OR_RETURN(DayPage page, ReadPage(page_scope, request));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const DayScope scope,
                        ReadDayScope(view->directory(), caller, request.parent(),
                                     request.from_date(), request.to_date()));
  const bool is_of_registrant = request.parent().starts_with("registrants/");
  const auto take = [&](const DayKey& key, std::string_view value) -> absl::StatusOr<size_t> {
    storage::v1::DayCountsRow row;
    if (!Parse(value, &row)) return Corrupt("DayCountsRow", key);
    if (!scope.registrant.empty() && row.registrant() != scope.registrant) {
      // Of a prefix that it holds, a registrant sees the days before, too.
      const auto* prefix = view->directory().FindPrefix(key.prefix_key);
      if (is_of_registrant || prefix == nullptr || prefix->row->holder() != scope.registrant) {
        return 0;
      }
    }
    v1::DayCounts* day = response->add_days();
    FillDayCounts(row, WrittenPrefix(view->directory(), key.prefix_key), day);
    return day->ByteSizeLong();
  };
  GUSU_RETURN_IF_ERROR(ScanDays(*view, storage::kDayCountsTable, scope, take, &page));
  if (!page.next.empty()) response->set_next_page_token(page_scope.Token(page.next));
  return absl::OkStatus();
}

absl::Status Statistics::ListUsage(const v1::ListUsageRequest& request, const Caller& caller,
                                   v1::ListUsageResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListUsage, caller));
  const PageScope page_scope("ListUsage",
                             {request.parent(), request.from_date(), request.to_date()});
  GUSU_ASSIGN_OR_RETURN(DayPage page, ReadPage(page_scope, request));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const DayScope scope,
                        ReadDayScope(view->directory(), caller, request.parent(),
                                     request.from_date(), request.to_date()));
  const auto take = [&](const DayKey& key, std::string_view value) -> absl::StatusOr<size_t> {
    // Usage does not say who held the prefix on the day: it is shown to who holds it now.
    const auto* prefix = view->directory().FindPrefix(key.prefix_key);
    if (!scope.registrant.empty() &&
        (prefix == nullptr || prefix->row->holder() != scope.registrant)) {
      return 0;
    }
    storage::v1::UsageRow row;
    if (key.rest.size() != 1 || !Parse(value, &row)) return Corrupt("UsageRow", key);
    v1::DayUsage* day = response->add_days();
    FillUsage(row, {std::string(key.prefix_key), key.day, key.rest.front()},
              WrittenPrefix(view->directory(), key.prefix_key), caller.is_bureau(), day);
    return day->ByteSizeLong();
  };
  GUSU_RETURN_IF_ERROR(ScanDays(*view, storage::kUsageTable, scope, take, &page));
  if (!page.next.empty()) response->set_next_page_token(page_scope.Token(page.next));
  return absl::OkStatus();
}

absl::Status Statistics::RecountStatistics(const v1::RecountStatisticsRequest& request,
                                           const Caller& caller,
                                           v1::RecountStatisticsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kRecountStatistics, caller));
  if (request.parent().empty()) return FieldMissing("parent");
  const PageScope page_scope("RecountStatistics", {request.parent()});
  GUSU_ASSIGN_OR_RETURN(const std::string position, page_scope.Read(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const DayScope scope,
                        ReadDayScope(view->directory(), caller, request.parent(), "", ""));
  if (scope.prefix_key.empty()) {
    return FieldInvalid("parent", request.parent(), "prefixes/{prefix}");
  }
  if (!scope.registrant.empty()) return NotPrefixHolder(caller, request.parent());
  Recount recount(*view, scope.prefix_key);
  GUSU_RETURN_IF_ERROR(recount.Step(position));
  const std::string prefix = WrittenPrefix(view->directory(), scope.prefix_key);
  for (const auto& [day, counts] : recount.counts()) {
    v1::DayCounts* message = response->add_days();
    message->set_prefix(Concat("prefixes/", prefix));
    message->set_date(storage::DayText(day));
    FillCounts(counts, message->mutable_counts());
  }
  if (!recount.next().empty()) response->set_next_page_token(page_scope.Token(recount.next()));
  GUSU_ASSIGN_OR_RETURN(const uint64_t sequence, SequenceOf(*view, scope.prefix_key));
  response->set_sequence(sequence);
  return absl::OkStatus();
}

}  // namespace gusu::server
