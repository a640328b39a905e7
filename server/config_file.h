// A configuration file: TOML, flat, of strings, booleans and lists of strings.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace gusu::server {

struct FileSetting {
  std::string key;
  std::vector<std::string> values;  // a boolean is "true" or "false"
  bool is_boolean = false;
  bool is_list = false;
  int line = 0;  // from 1
};

inline constexpr size_t kConfigFileBytesMax = 64 * 1024;

// In the order of lines. Fails with kInvalidArgument, naming FILE or FILE:LINE.
absl::StatusOr<std::vector<FileSetting>> ReadConfigFile(const std::string& path);

}  // namespace gusu::server
