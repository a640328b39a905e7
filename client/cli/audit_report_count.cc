#include "client/cli/audit_report_count.h"

#include <algorithm>

#include "client/cli/audit_papers.h"
#include "client/cli/progress.h"
#include "gusu/leaf_range.h"

namespace gusu::cli {
namespace {

constexpr uint32_t kPageEntries = 1000;

// Reads the leaves [first, end), and proves that they are those of the tree.
template <typename Visit>
MaybeFailure ReadProven(Session& session, Client& client, const KnownCheckpoint& checkpoint,
                        uint64_t first, uint64_t end, Visit visit) {
  const uint64_t size = checkpoint.verified.tree_size;
  const auto first_proof = FetchInclusionHashes(session, client, first, size);
  if (!first_proof.ok()) return first_proof.failure();
  LeafRange range(size, first, *first_proof);
  ListEntriesRequest request;
  request.start_leaf_index = first;
  request.end_leaf_index = end;
  request.view = EntryView::kOpening;
  request.page_size = kPageEntries;
  Progress progress(session.err(), session.is_watched(), end - first);
  for (const Result<LogEntry>& entry : client.ListEntries(request)) {
    if (!entry) return session.FailureOf(entry.status());
    if (entry->leaf_index != first + range.count() || entry->leaf_index >= end) {
      return LogFailure("leaf " + std::to_string(first + range.count()) + " was asked for, and " +
                        std::to_string(entry->leaf_index) + " came");
    }
    range.Append(entry->leaf);
    if (MaybeFailure failure = visit(*entry)) return failure;
    progress.Show(range.count(), range.count(), 0);
  }
  if (range.count() != end - first) {
    return LogFailure("leaf " + std::to_string(first + range.count()) + " was not given");
  }
  const auto last_proof = FetchInclusionHashes(session, client, end - 1, size);
  if (!last_proof.ok()) return last_proof.failure();
  const Status proven = range.Verify(checkpoint.verified, *last_proof);
  if (!proven.ok()) return LogFailure("the leaves are not those of the checkpoint", proven);
  return std::nullopt;
}

OrFailure<EntryOpening> ReadEntry(const LogEntry& entry) {
  const std::string what = "leaf " + std::to_string(entry.leaf_index);
  if (entry.opening.empty()) {
    return Failure{ExitCode::kRefused, "ROLE_REFUSED", what + " came without its opening",
                   "a report needs a credential of the bureau: --token-file, or --data DIR"};
  }
  if (!Opens(entry.leaf, entry.salt, entry.opening)) {
    return LogFailure(what + " is not opened by what the server says it was");
  }
  Result<EntryOpening> opening = ReadOpening(entry.opening);
  if (!opening) return LogFailure(what, opening.status());
  if (opening->revision != CommitTimeOf(entry.leaf)) {
    return LogFailure(what + " and its opening have two times");
  }
  return *std::move(opening);
}

}  // namespace

papers::Report ToPaper(const Report& report) {
  return {ToLogState(report.checkpoint),
          report.calendar,
          ToMicroseconds(report.interval.from),
          ToMicroseconds(report.interval.to),
          report.leaves.count(),
          report.is_closed,
          report.last_leaf_time_us,
          report.profiles_count,
          true,
          report.tally};
}

OrFailure<Report> CountInterval(Session& session, Client& client, KnownCheckpoint checkpoint,
                                const DayCalendar& calendar, const TimeInterval& interval) {
  Report report{std::move(checkpoint), calendar, interval, {}, false, 0, 0, {}};
  const uint64_t size = report.checkpoint.verified.tree_size;
  const OrFailure<LeafInterval> leaves = FindLeaves(session, client, interval, size);
  if (!leaves.ok()) return leaves.failure();
  report.leaves = *leaves;
  if (size == 0) return report;
  OrFailure<RegistrantTimeline> registrants = RegistrantTimeline::Load(session, client);
  if (!registrants.ok()) return registrants.failure();

  const auto count = [&](const LogEntry& entry) -> MaybeFailure {
    if (entry.leaf.size() != kLeafBytes) return LogFailure("a leaf has not 41 bytes");
    const uint64_t time_us = CommitTimeOf(entry.leaf);
    if (auto failure = CheckPlace(entry.leaf_index, time_us, *leaves, interval)) return failure;
    if (time_us <= report.last_leaf_time_us) return LogFailure("commit times do not ascend");
    report.last_leaf_time_us = time_us;
    report.is_closed = entry.leaf_index >= leaves->end;
    if (entry.leaf_index < leaves->first || report.is_closed) return std::nullopt;
    const OrFailure<EntryOpening> opening = ReadEntry(entry);
    if (!opening.ok()) return opening.failure();
    if (auto failure = registrants->CheckListed(*opening, entry.leaf_index)) return failure;
    const papers::LoggedChange change{opening->operation, opening->resource, opening->registrant};
    const RegistrantProfile* profile = nullptr;
    if (papers::MeasureOf(change)) {
      const auto found = registrants->At(session, client, opening->registrant, opening->revision,
                                         report.checkpoint);
      if (!found.ok()) return found.failure();
      profile = *found;
    }
    report.tally.Add(change, calendar.DayOf(time_us), profile);
    return std::nullopt;
  };
  const uint64_t first = leaves->first == 0 ? 0 : leaves->first - 1;
  const uint64_t end = std::min(leaves->end + 1, size);
  if (auto failure = ReadProven(session, client, report.checkpoint, first, end, count)) {
    return *failure;
  }
  report.profiles_count = registrants->proven_count();
  return report;
}

}  // namespace gusu::cli
