#include "server/statistics/statistics_key.h"

namespace gusu::server {
namespace {

constexpr size_t kDayBytes = 4;

}  // namespace

std::optional<DayKey> ParseDayKey(std::string_view key, char table) {
  if (key.empty() || key.front() != table) return std::nullopt;
  const size_t end = key.find('\0');
  if (end == key.npos || key.size() < end + 1 + kDayBytes) return std::nullopt;
  DayKey parsed;
  parsed.prefix_key = key.substr(1, end - 1);
  uint32_t day = 0;
  for (char c : key.substr(end + 1, kDayBytes)) day = day << 8 | static_cast<uint8_t>(c);
  parsed.day = static_cast<int32_t>(day);
  parsed.rest = key.substr(end + 1 + kDayBytes);
  return parsed;
}

std::string PrefixBeginning(char table, std::string_view prefix_key) {
  std::string key(1, table);
  key += prefix_key;
  return key += '\0';
}

std::string DayBeginning(char table, std::string_view prefix_key, int32_t day) {
  std::string key = PrefixBeginning(table, prefix_key);
  for (int shift = 24; shift >= 0; shift -= 8) {
    key += static_cast<char>(static_cast<uint32_t>(day) >> shift);
  }
  return key;
}

}  // namespace gusu::server
