// The rules of statistics: what was registered and resolved, by prefix and day.
//
// A registrant is shown the counts of prefixes that it holds, and of days on which it held one that
// it holds no more. Counts of registrations are exact, since each was written in the commit of what
// it counts; those of resolutions are written every few seconds (usage_writer.h).
#pragma once

#include "absl/status/status.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class GetStatisticsRequest;
class GetStatisticsResponse;
class ListUsageRequest;
class ListUsageResponse;
class RecountStatisticsRequest;
class RecountStatisticsResponse;
}  // namespace gusu::v1

namespace gusu::server {

class Statistics {
 public:
  // The ledger is not owned, and outlives this.
  explicit Statistics(const storage::Ledger* ledger) : ledger_(ledger) {}

  // kPermissionDenied / NOT_PREFIX_HOLDER, NOT_OWN_REGISTRANT; kNotFound / PREFIX_NOT_FOUND,
  // REGISTRANT_NOT_FOUND; kInvalidArgument / FIELD_INVALID, PAGE_TOKEN_INVALID.
  absl::Status GetStatistics(const v1::GetStatisticsRequest& request, const Caller& caller,
                             v1::GetStatisticsResponse* response) const;
  absl::Status ListUsage(const v1::ListUsageRequest& request, const Caller& caller,
                         v1::ListUsageResponse* response) const;
  // Only for the prefix's holder and the bureau.
  absl::Status RecountStatistics(const v1::RecountStatisticsRequest& request, const Caller& caller,
                                 v1::RecountStatisticsResponse* response) const;

 private:
  const storage::Ledger* const ledger_;
};

}  // namespace gusu::server
