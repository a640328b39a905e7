#include "client/cli/audit_interval.h"

#include <algorithm>

namespace gusu::cli {
namespace {

// The first leaf committed at `time` or after it; `tree_size` when there is none.
OrFailure<uint64_t> FirstLeafFrom(const Session& session, Client& client, Timestamp time,
                                  uint64_t tree_size) {
  if (tree_size == 0) return tree_size;
  ListEntriesRequest request;
  request.end_leaf_index = tree_size;
  request.start_time = time;
  request.view = EntryView::kLeaf;
  request.page_size = 1;
  for (const Result<LogEntry>& entry : client.ListEntries(request)) {
    if (!entry) return session.FailureOf(entry.status());
    return std::min(entry->leaf_index, tree_size);
  }
  return tree_size;
}

}  // namespace

OrFailure<TimeInterval> ParseInterval(const std::string& from, const std::string& to,
                                      const DayCalendar& calendar) {
  const OrFailure<Timestamp> begin = calendar.Parse(from);
  if (!begin.ok()) return begin.failure();
  const OrFailure<Timestamp> end = calendar.Parse(to);
  if (!end.ok()) return end.failure();
  if (*end <= *begin) {
    return UsageFailure("--to " + to + " is not after --from " + from,
                        "--to is the first day, or time, that is not counted");
  }
  return TimeInterval{*begin, *end};
}

OrFailure<LeafInterval> FindLeaves(const Session& session, Client& client,
                                   const TimeInterval& interval, uint64_t tree_size) {
  const OrFailure<uint64_t> first = FirstLeafFrom(session, client, interval.from, tree_size);
  if (!first.ok()) return first.failure();
  const OrFailure<uint64_t> end = FirstLeafFrom(session, client, interval.to, tree_size);
  if (!end.ok()) return end.failure();
  if (*end < *first) return LogFailure("commit times of the log do not ascend");
  return LeafInterval{*first, *end};
}

MaybeFailure CheckPlace(uint64_t leaf_index, uint64_t commit_time_us, const LeafInterval& leaves,
                        const TimeInterval& interval) {
  const bool is_before = commit_time_us < ToMicroseconds(interval.from);
  const bool is_after = commit_time_us >= ToMicroseconds(interval.to);
  const bool fits = leaf_index < leaves.first ? is_before
                    : leaf_index < leaves.end ? !is_before && !is_after
                                              : is_after;
  if (fits) return std::nullopt;
  return LogFailure("leaf " + std::to_string(leaf_index) +
                    " was not committed when its place in the log says");
}

}  // namespace gusu::cli
