// Points in time as callers write them: RFC 3339.
#pragma once

#include <optional>
#include <string_view>

#include "absl/time/time.h"

namespace gusu::server {

// 2026-11-23T06:18:15Z, 2026-11-23T14:18:15.25+08:00: up to nine digits of a second, any offset.
// nullopt for other text, for a day or a second that the calendar does not have (leap seconds
// among them), and for a time that in UTC is not in the years 1 to 9999.
std::optional<absl::Time> ParseTimeText(std::string_view text);

}  // namespace gusu::server
