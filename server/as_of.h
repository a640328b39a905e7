// As of when a read answers.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/view.h"

namespace gusu::v1 {
class ResolveOptions;
}

namespace gusu::server {

// The revision as of which the options ask, at most the view's last one: an answer as of a later
// time is an answer as of the last change. Without a time it is the last one.
//
// kInvalidArgument: AS_OF_IN_FUTURE for a time beyond `now`, or a day beyond today in the
// registry's time zone; FIELD_INVALID for what is not a time or a day.
absl::StatusOr<uint64_t> AsOfRevision(const v1::ResolveOptions& options, const storage::View& view,
                                      absl::Time now);

// 2026-03-01T08:00:00.000001Z, for messages.
std::string RevisionTime(uint64_t revision);

}  // namespace gusu::server
