// The maximum age of snapshots, as every engine enforces it.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace gusu::storage {

using AgeClock = std::function<absl::Time()>;

// A clock that never jumps; its zero means nothing.
absl::Time MonotonicNow();

class SnapshotAge {
 public:
  explicit SnapshotAge(const AgeClock& clock) : clock_(clock), taken_(clock()) {}

  // kAborted / SNAPSHOT_TOO_OLD once kSnapshotAgeMax has passed since construction.
  absl::Status Check() const;

 private:
  const AgeClock clock_;
  const absl::Time taken_;
};

}  // namespace gusu::storage
