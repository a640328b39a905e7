// Keys of the tables of counts and usage, which begin alike: table, prefix, 0x00, day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gusu::server {

struct DayKey {
  std::string_view prefix_key;
  int32_t day = 0;        // since 1970-01-01
  std::string_view rest;  // what stands after the day
};

// Into `key`; nullopt for what is not a key of `table`.
std::optional<DayKey> ParseDayKey(std::string_view key, char table);

// What the keys of a prefix begin with, and those of one of its days.
std::string PrefixBeginning(char table, std::string_view prefix_key);
std::string DayBeginning(char table, std::string_view prefix_key, int32_t day);

}  // namespace gusu::server
