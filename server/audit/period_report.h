// Counts an interval of the log for the bureau's report, as the registry itself has it.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "proto/papers/report.h"
#include "server/audit/audit.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::server {

// Leaves that are counted; `gusu audit report` has no such bound.
inline constexpr uint64_t kReportLeavesMax = 1'000'000;

// [from_us, to_us) in microseconds since 1970 UTC.
struct ReportPeriod {
  uint64_t from_us = 0;
  uint64_t to_us = 0;
  uint64_t leaves_max = kReportLeavesMax;
};

// Counts into `tally`, which outlives the report, at the latest checkpoint. For the bureau:
// kPermissionDenied / ROLE_REFUSED. kOutOfRange / REPORT_TOO_LARGE for more than `leaves_max`
// leaves; kDataLoss / RECORD_CORRUPT. Takes seconds for many leaves; reads them in steps, each from
// a view of its own.
absl::StatusOr<papers::Report> CountPeriod(const storage::Ledger& ledger, const Audit& audit,
                                           const ReportPeriod& period,
                                           const papers::Calendar& calendar, const Caller& caller,
                                           papers::ReportTally* tally);

}  // namespace gusu::server
