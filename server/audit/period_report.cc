#include "server/audit/period_report.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/audit.pb.h"
#include "proto/error.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/log_state.h"
#include "server/resource_fields.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

// Leaves that are read from one view.
constexpr uint64_t kStepLeaves = 20'000;

struct Leaves {
  uint64_t first = 0;
  uint64_t end = 0;  // not among them
};

// The first leaf below `tree_size` that was committed at `time_us` or later; `tree_size`: none.
absl::StatusOr<uint64_t> FirstLeafFrom(const Audit& audit, const Caller& caller, uint64_t time_us,
                                       uint64_t tree_size) {
  if (tree_size == 0) return tree_size;
  v1::ListEntriesRequest request;
  request.set_end_leaf_index(tree_size);
  FillTime(time_us, request.mutable_start_time());
  request.set_view(v1::LEAF);
  request.set_page_size(1);
  v1::ListEntriesResponse response;
  GUSU_RETURN_IF_ERROR(audit.ListEntries(request, caller, &response));
  return response.entries().empty() ? tree_size : response.entries(0).leaf_index();
}

// Who registrants were when, each read once: as many profiles as they have revisions.
class Profiles {
 public:
  // In the state of `revision`; nullptr: there was no such registrant.
  absl::StatusOr<const papers::RegistrantProfile*> At(const storage::View& view,
                                                      const std::string& registrant,
                                                      uint64_t revision) {
    const auto [found, is_new] = revisions_.try_emplace(registrant);
    if (is_new) GUSU_RETURN_IF_ERROR(Load(view, registrant, &found->second));
    const auto after = found->second.upper_bound(revision);
    if (after == found->second.begin()) return nullptr;
    Revision& at = std::prev(after)->second;
    if (!std::exchange(at.is_used, true)) ++used_count_;
    return &at.profile;
  }
  uint64_t used_count() const { return used_count_; }

 private:
  struct Revision {
    papers::RegistrantProfile profile;
    bool is_used = false;
  };
  using Revisions = std::map<uint64_t, Revision>;

  static absl::Status Load(const storage::View& view, const std::string& registrant,
                           Revisions* revisions) {
    const std::string key = storage::RegistrantKey(registrant);
    absl::Status status;
    const auto visit = [&](const storage::Row& row) {
      storage::v1::RegistrantRow message;
      if (!message.ParseFromString(row.payload)) {
        status = storage::RowCorrupt(key, "it is no registrant");
        return false;
      }
      (*revisions)[row.revision].profile = {message.legal_name(), message.district(),
                                            message.industry_class()};
      return true;
    };
    GUSU_RETURN_IF_ERROR(view.ScanRevisions(key, std::numeric_limits<uint64_t>::max() - 1, visit));
    return status;
  }

  std::map<std::string, Revisions> revisions_;
  uint64_t used_count_ = 0;
};

class PeriodCount {
 public:
  PeriodCount(const papers::Calendar& calendar, const Leaves& leaves, papers::ReportTally* tally)
      : calendar_(calendar), leaves_(leaves), tally_(*tally) {}

  // The leaves [first, end) of the log, all of which the view has.
  absl::Status Read(const storage::View& view, uint64_t first, uint64_t end) {
    absl::Status status;
    const auto visit = [&](uint64_t leaf_index, const storage::Opening& opening) {
      status = Add(view, leaf_index, opening);
      return status.ok();
    };
    GUSU_RETURN_IF_ERROR(view.ScanOpenings(first, end, visit));
    return status;
  }
  uint64_t last_leaf_time_us() const { return last_leaf_time_us_; }
  uint64_t profiles_count() const { return profiles_.used_count(); }

 private:
  absl::Status Add(const storage::View& view, uint64_t leaf_index,
                   const storage::Opening& opening) {
    const absl::StatusOr<Change> change = DecodeOpening(opening.bytes);
    if (!change.ok()) {
      return storage::RowCorrupt(storage::OpeningKey(leaf_index),
                                 StdView(change.status().message()));
    }
    last_leaf_time_us_ = change->revision;
    if (leaf_index < leaves_.first || leaf_index >= leaves_.end) return absl::OkStatus();
    const papers::LoggedChange logged{
        std::string(OperationName(change->operation)), change->resource,
        change->registrant.empty() ? "" : RegistrantName(change->registrant)};
    const papers::RegistrantProfile* profile = nullptr;
    if (papers::MeasureOf(logged).has_value() && !change->registrant.empty()) {
      GUSU_ASSIGN_OR_RETURN(profile, profiles_.At(view, change->registrant, change->revision));
    }
    tally_.Add(logged, calendar_.DayOf(change->revision), profile);
    return absl::OkStatus();
  }

  const papers::Calendar& calendar_;
  const Leaves leaves_;
  papers::ReportTally& tally_;
  Profiles profiles_;
  uint64_t last_leaf_time_us_ = 0;
};

absl::Status CheckSize(const Leaves& leaves, uint64_t leaves_max) {
  const uint64_t count = leaves.end - leaves.first;
  if (count <= leaves_max) return absl::OkStatus();
  return Error(absl::StatusCode::kOutOfRange, "REPORT_TOO_LARGE",
               Concat("the period has ", count, " leaves, and at most ", leaves_max,
                      " are counted here; take a shorter one, or gusu audit report"),
               {{"leaves", std::to_string(count)}, {"leaves_max", std::to_string(leaves_max)}});
}

}  // namespace

absl::StatusOr<papers::Report> CountPeriod(const storage::Ledger& ledger, const Audit& audit,
                                           const ReportPeriod& period,
                                           const papers::Calendar& calendar, const Caller& caller,
                                           papers::ReportTally* tally) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRows, caller));
  v1::GetCheckpointResponse latest;
  GUSU_RETURN_IF_ERROR(audit.GetCheckpoint(v1::GetCheckpointRequest(), caller, &latest));
  GUSU_ASSIGN_OR_RETURN(const std::vector<VerifierKey> keys,
                        ParseKeys({latest.vkeys().begin(), latest.vkeys().end()}));
  GUSU_ASSIGN_OR_RETURN(papers::LogState log, ReadLogState(latest.checkpoint(), keys));
  const uint64_t size = log.tree_size;
  Leaves leaves;
  GUSU_ASSIGN_OR_RETURN(leaves.first, FirstLeafFrom(audit, caller, period.from_us, size));
  GUSU_ASSIGN_OR_RETURN(leaves.end, FirstLeafFrom(audit, caller, period.to_us, size));
  GUSU_RETURN_IF_ERROR(CheckSize(leaves, period.leaves_max));
  PeriodCount count(calendar, leaves, tally);
  // With the leaf before and the one after, as who proves the interval reads it.
  const uint64_t end = std::min(leaves.end + 1, size);
  for (uint64_t next = leaves.first == 0 ? 0 : leaves.first - 1; next < end;) {
    const uint64_t step_end = std::min(next + kStepLeaves, end);
    GUSU_ASSIGN_OR_RETURN(const auto view, ledger.Latest());
    GUSU_RETURN_IF_ERROR(count.Read(*view, next, step_end));
    next = step_end;
  }
  return papers::Report{std::move(log),
                        calendar,
                        period.from_us,
                        period.to_us,
                        leaves.end - leaves.first,
                        leaves.end < size,
                        count.last_leaf_time_us(),
                        count.profiles_count(),
                        false,
                        *tally};
}

}  // namespace gusu::server
