// The wall clock, as far as the log may follow it: one leap into the future would stand in it for
// ever. One thread uses it.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/snapshot_age.h"

namespace gusu::storage {

// How far the wall clock may gain on the monotonic one between two readings.
inline constexpr absl::Duration kClockJumpMax = absl::Minutes(5);

class CommitClock {
 public:
  CommitClock(std::function<absl::Time()> wall, AgeClock monotonic);

  // kFailedPrecondition / CLOCK_IMPLAUSIBLE when the clock is more than `ahead_max` ahead of the
  // last commit.
  absl::Status CheckStart(uint64_t last_revision, absl::Duration ahead_max) const;

  // Microseconds since 1970 UTC. kFailedPrecondition / CLOCK_IMPLAUSIBLE after a jump ahead, for as
  // long as the clock stays there; a clock that went back is told as it is.
  absl::StatusOr<uint64_t> Now();

 private:
  const std::function<absl::Time()> wall_;
  const AgeClock monotonic_;
  // The furthest that the wall clock was ahead of the monotonic one.
  absl::Duration ahead_;
};

}  // namespace gusu::storage
