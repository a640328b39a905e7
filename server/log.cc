#include "server/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "absl/strings/str_format.h"

namespace gusu::server {
namespace {

constexpr size_t kValueBytesMax = 2000;

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  for (unsigned char c : value) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F) return true;
  }
  return false;
}

// Cuts between UTF-8 characters.
std::string_view Cut(std::string_view value) {
  size_t size = kValueBytesMax;
  while (size > 0 && (static_cast<unsigned char>(value[size]) & 0xC0) == 0x80) --size;
  return value.substr(0, size);
}

void AppendQuoted(std::string_view value, std::string* line) {
  line->push_back('"');
  for (unsigned char c : value) {
    if (c == '"' || c == '\\') {
      line->push_back('\\');
      line->push_back(static_cast<char>(c));
    } else if (c == '\n') {
      line->append("\\n");
    } else if (c < ' ' || c == 0x7F) {
      absl::StrAppendFormat(line, "\\x%02x", c);
    } else {
      line->push_back(static_cast<char>(c));
    }
  }
  line->push_back('"');
}

}  // namespace

std::string FormatEvent(std::string_view event, LogFields fields) {
  std::string line(event);
  for (const auto& [key, value] : fields) {
    line.push_back(' ');
    line.append(key);
    line.push_back('=');
    const bool cut = value.size() > kValueBytesMax;
    const std::string shown = cut ? std::string(Cut(value)) + "…" : std::string(value);
    if (NeedsQuotes(shown)) {
      AppendQuoted(shown, &line);
    } else {
      line.append(shown);
    }
  }
  return line;
}

void StartLog(LogLevel lowest) {
  auto logger =
      std::make_shared<spdlog::logger>("gusud", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(SpdlogLevel(lowest));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

bool IsLogged(LogLevel level) { return spdlog::should_log(SpdlogLevel(level)); }

void Log(LogLevel level, std::string_view event, LogFields fields) {
  if (!IsLogged(level)) return;
  const std::string line = FormatEvent(event, fields);
  spdlog::default_logger_raw()->log(SpdlogLevel(level),
                                    spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace gusu::server
