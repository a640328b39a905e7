#include "server/config_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "proto/status_macros.h"

namespace gusu::server {
namespace {

absl::StatusOr<std::string> ReadBounded(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat("config \"", path, "\": ", strerror(errno)));
  }
  std::string content(kConfigFileBytesMax + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad() || (file.gcount() == 0 && !file.eof())) {
    return absl::InvalidArgumentError(absl::StrCat("config \"", path, "\" cannot be read"));
  }
  content.resize(static_cast<size_t>(file.gcount()));
  if (content.size() > kConfigFileBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("config \"", path, "\" is larger than 64 KiB"));
  }
  return content;
}

std::optional<FileSetting> ToSetting(const toml::node& node) {
  FileSetting setting;
  if (const auto* text = node.as_string()) {
    setting.values.push_back(text->get());
  } else if (const auto* boolean = node.as_boolean()) {
    setting.is_boolean = true;
    setting.values.emplace_back(boolean->get() ? "true" : "false");
  } else if (const auto* list = node.as_array()) {
    setting.is_list = true;
    for (const toml::node& element : *list) {
      const auto* text_element = element.as_string();
      if (text_element == nullptr) return std::nullopt;
      setting.values.push_back(text_element->get());
    }
  } else {
    return std::nullopt;
  }
  return setting;
}

}  // namespace

absl::StatusOr<std::vector<FileSetting>> ReadConfigFile(const std::string& path) {
  GUSU_ASSIGN_OR_RETURN(const std::string content, ReadBounded(path));
  toml::table table;
  try {  // toml++ reports by exceptions; none leaves this function
    table = toml::parse(content, path);
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ":", error.source().begin.line, ": ", std::string(error.description())));
  }
  std::vector<FileSetting> settings;
  for (const auto& [key, node] : table) {
    std::optional<FileSetting> setting = ToSetting(node);
    if (!setting) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", key.source().begin.line, ": ", std::string(key.str()),
                       " must be a string in quotes, true or false, or a list of strings"));
    }
    setting->key = std::string(key.str());
    setting->line = static_cast<int>(key.source().begin.line);
    settings.push_back(*std::move(setting));
  }
  std::sort(settings.begin(), settings.end(),
            [](const FileSetting& a, const FileSetting& b) { return a.line < b.line; });
  return settings;
}

}  // namespace gusu::server
