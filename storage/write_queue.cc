#include "storage/write_queue.h"

#include <limits>
#include <string>
#include <utility>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::storage {
namespace {

constexpr size_t kChangeBytes = 512;

size_t LaneOf(const QueuedSet& set) { return set.changes > kInteractiveChangesMax ? 1 : 0; }

size_t BytesOf(const std::vector<Precondition>& preconditions) {
  size_t bytes = 0;
  for (const Precondition& precondition : preconditions) bytes += precondition.key.size();
  return bytes;
}

}  // namespace

size_t BytesOf(const ChangeSet& set) {
  size_t bytes = BytesOf(set.preconditions);
  for (const Change& change : set.changes) {
    bytes += kChangeBytes + change.reason.size() + BytesOf(change.preconditions);
    for (const RowPut& row : change.rows) bytes += row.key.size() + row.payload.size();
    for (const auto* entries : {&change.index_removes, &change.index_adds}) {
      for (const IndexEntry& entry : *entries) bytes += entry.beginning.size() + entry.name.size();
    }
  }
  return bytes;
}

absl::Status WriteQueue::Push(QueuedSet& set) {
  if (changes_ + set.changes > changes_max_ || bytes_ + set.bytes > bytes_max_) {
    return Error(absl::StatusCode::kResourceExhausted, "WRITE_QUEUE_FULL",
                 Concat(changes_, " changes wait to be written; send this again in a moment"),
                 {{"queue_changes", std::to_string(changes_)},
                  {"queue_changes_max", std::to_string(changes_max_)},
                  {"queue_bytes", std::to_string(bytes_)},
                  {"queue_bytes_max", std::to_string(bytes_max_)}});
  }
  changes_ += set.changes;
  bytes_ += set.bytes;
  lanes_[LaneOf(set)].push_back(std::move(set));
  return absl::OkStatus();
}

std::vector<QueuedSet> WriteQueue::Take(size_t changes_wanted, size_t changes_max, Taken& taken) {
  std::vector<QueuedSet> sets;
  size_t changes = 0;
  while (!empty() && changes < changes_wanted) {
    // The lane that has had less of this group.
    size_t lane = taken[1] < taken[0] ? 1 : 0;
    if (lanes_[lane].empty()) lane = 1 - lane;
    QueuedSet& set = lanes_[lane].front();
    if (changes + set.changes > changes_max) break;
    changes += set.changes;
    taken[lane] += set.changes;
    sets.push_back(std::move(set));
    lanes_[lane].pop_front();
  }
  return sets;
}

void WriteQueue::Return(std::vector<QueuedSet> sets, Taken& taken) {
  for (; !sets.empty(); sets.pop_back()) {
    const size_t lane = LaneOf(sets.back());
    taken[lane] -= sets.back().changes;
    lanes_[lane].push_front(std::move(sets.back()));
  }
}

std::vector<QueuedSet> WriteQueue::Drain() {
  Taken taken{};
  return Take(std::numeric_limits<size_t>::max(), std::numeric_limits<size_t>::max(), taken);
}

void WriteQueue::Release(size_t changes, size_t bytes) {
  changes_ -= changes;
  bytes_ -= bytes;
}

}  // namespace gusu::storage
