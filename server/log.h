// The server's log: one line an event on standard error, in logfmt.
//
//   2026-01-31T08:00:00.123Z info listening door=grpc address=127.0.0.1:7440
//
// Any thread may log. Values are quoted and escaped where needed, so that one event is always one
// line. Secrets are never values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace gusu::server {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Called once, before the first Log. Events below `lowest` are dropped.
void StartLog(LogLevel lowest);

// For fields that cost something to make.
bool IsLogged(LogLevel level);

void Log(LogLevel level, std::string_view event, LogFields fields = {});

// The line without time and level. A value longer than 2,000 bytes is cut, with "…".
std::string FormatEvent(std::string_view event, LogFields fields);

}  // namespace gusu::server
