#include "storage/snapshot_age.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "proto/error.h"
#include "storage/engine.h"

namespace gusu::storage {

absl::Time MonotonicNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

absl::Status SnapshotAge::Check() const {
  if (clock_() - taken_ <= kSnapshotAgeMax) return absl::OkStatus();
  const std::string limit = absl::FormatDuration(kSnapshotAgeMax);
  return Error(absl::StatusCode::kAborted, "SNAPSHOT_TOO_OLD",
               absl::StrCat("the state being read is older than ", limit, "; read again"),
               {{"age_max", limit}});
}

}  // namespace gusu::storage
