// The sets that wait for the writer, in two lanes that take turns, so that a bulk load does not
// keep a single registration waiting. Whoever uses it holds the lock that guards it.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <vector>

#include "absl/status/status.h"
#include "storage/ledger.h"

namespace gusu::storage {

// Sets of more changes are bulk.
inline constexpr size_t kInteractiveChangesMax = 64;

struct QueuedSet {
  ChangeSet set;
  AppendCallback done;
  size_t changes = 0;
  size_t bytes = 0;
};

// What a set takes in the queue: keys, payloads and a share for the rest.
size_t BytesOf(const ChangeSet& set);

class WriteQueue {
 public:
  // What of each lane a group has taken, in changes; each group begins with none.
  using Taken = std::array<size_t, 2>;

  WriteQueue(size_t changes_max, size_t bytes_max)
      : changes_max_(changes_max), bytes_max_(bytes_max) {}

  // Moves from `set` unless it fails, with kResourceExhausted / WRITE_QUEUE_FULL.
  absl::Status Push(QueuedSet& set);
  // The next sets, until they have `changes_wanted` changes or a set would bring them above
  // `changes_max`.
  std::vector<QueuedSet> Take(size_t changes_wanted, size_t changes_max, Taken& taken);
  // Puts back the last ones of what Take gave, as if they had not been taken.
  void Return(std::vector<QueuedSet> sets, Taken& taken);
  // Takes all.
  std::vector<QueuedSet> Drain();
  // What was taken counts against the bounds until it is answered.
  void Release(size_t changes, size_t bytes);

  bool empty() const { return lanes_[0].empty() && lanes_[1].empty(); }
  // Changes that are queued or not answered.
  size_t changes() const { return changes_; }
  size_t bytes() const { return bytes_; }

 private:
  const size_t changes_max_, bytes_max_;
  std::array<std::deque<QueuedSet>, 2> lanes_;
  size_t changes_ = 0, bytes_ = 0;
};

}  // namespace gusu::storage
