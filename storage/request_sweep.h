// Forgets request ids after their retention, in the order of the log and in bounded steps.
//
// An opening names the request row that its change made, so the log itself is the list of what is
// to be forgotten, and one number in the head says how far that has gone. One thread uses it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/engine.h"
#include "storage/head.h"

namespace gusu::storage {

class RequestSweep {
 public:
  explicit RequestSweep(absl::Duration retention);

  // When what Step did was not committed: it is to be done again.
  void Forget() { due_us_ = 0; }

  // Whether an opening may be old enough.
  bool Due(uint64_t now_us) const { return now_us >= due_us_; }

  // Examines up to `openings_max` openings of the head's log, adds deletions to `batch`, and
  // returns the new requests_swept_leaf_count.
  absl::StatusOr<uint64_t> Step(const Snapshot& snapshot, const Head& head, uint64_t now_us,
                                size_t openings_max, Batch& batch);

 private:
  const uint64_t retention_us_;
  uint64_t due_us_ = 0;
};

}  // namespace gusu::storage
