// Times as text: what people type and what is shown to them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/cli/failure.h"
#include "gusu/resources.h"

namespace gusu::cli {

// YYYY-MM-DD, a day that exists.
bool IsDate(std::string_view text);
// RFC 3339 with an offset: `2026-11-23T08:00:00+08:00`.
OrFailure<Timestamp> ParseTime(std::string_view text);
// Nothing for an empty text.
OrFailure<std::optional<Timestamp>> ParseTimeIfGiven(std::string_view text);
// As ParseTime, or a date (its beginning in UTC), or `90d`, `12h`, `5y`: that long after `now`.
OrFailure<Timestamp> ParseExpiry(std::string_view text, Timestamp now);

// `2026-11-23 08:00:00 +0800` in the zone of this process; empty without a time.
std::string ToLocalText(const std::optional<Timestamp>& time);
// For a revision: microseconds since 1970 UTC.
std::string RevisionToLocalText(uint64_t revision);

}  // namespace gusu::cli
