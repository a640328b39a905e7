#include "storage/commit_clock.h"

#include <algorithm>
#include <string>
#include <utility>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::storage {
namespace {

absl::Status Implausible(std::string_view message, absl::Time now) {
  return Error(absl::StatusCode::kFailedPrecondition, "CLOCK_IMPLAUSIBLE", message,
               {{"time", absl::FormatTime(now, absl::UTCTimeZone())}});
}

}  // namespace

CommitClock::CommitClock(std::function<absl::Time()> wall, AgeClock monotonic)
    : wall_(std::move(wall)), monotonic_(std::move(monotonic)), ahead_(wall_() - monotonic_()) {}

absl::Status CommitClock::CheckStart(uint64_t last_revision, absl::Duration ahead_max) const {
  const absl::Time now = wall_();
  const absl::Time last = absl::FromUnixMicros(static_cast<int64_t>(last_revision));
  if (last_revision == 0 || now - last <= ahead_max) return absl::OkStatus();
  return Implausible(Concat("the system's time ", absl::FormatTime(now, absl::UTCTimeZone()),
                            " is more than ", absl::FormatDuration(ahead_max),
                            " after the last change (", absl::FormatTime(last, absl::UTCTimeZone()),
                            "); if it is right, start with --accept-clock"),
                     now);
}

absl::StatusOr<uint64_t> CommitClock::Now() {
  const absl::Time now = wall_();
  const absl::Duration ahead = now - monotonic_();
  if (ahead - ahead_ > kClockJumpMax) {
    return Implausible(
        Concat("the system's time jumped ahead by ", absl::FormatDuration(ahead - ahead_), " to ",
               absl::FormatTime(now, absl::UTCTimeZone()), "; set it right, or restart the server"),
        now);
  }
  ahead_ = std::max(ahead_, ahead);
  return static_cast<uint64_t>(std::max<int64_t>(absl::ToUnixMicros(now), 0));
}

}  // namespace gusu::storage
