#include "client/cli/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace gusu::cli {
namespace {

Failure ConfigFailure(const std::string& what) {
  return UsageFailure("the configuration is wrong: " + what);
}

OrFailure<Profile> ReadProfile(const toml::table& table, const std::string& name) {
  Profile profile;
  for (const auto& [key, node] : table) {
    const std::string where = "profiles." + name + "." + std::string(key.str());
    std::string* target = key.str() == "server"       ? &profile.server
                          : key.str() == "ca"         ? &profile.ca
                          : key.str() == "token-file" ? &profile.token_file
                          : key.str() == "vkey"       ? &profile.vkey
                                                      : nullptr;
    if (target == nullptr) {
      return ConfigFailure(where + " is none of server, ca, token-file, vkey");
    }
    if (!node.is_string()) return ConfigFailure(where + " is not a string");
    *target = node.value_or(std::string());
  }
  return profile;
}

std::string TomlString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string_view Trimmed(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return "";
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

// Whether the line sets `key`.
bool Sets(std::string_view line, std::string_view key) {
  line = Trimmed(line);
  return line.starts_with(key) && Trimmed(line.substr(key.size())).starts_with("=");
}

void SetInTable(std::vector<std::string>* lines, const std::string& heading, const std::string& key,
                const std::string& value) {
  const std::string setting = key + " = " + TomlString(value);
  auto at = std::find_if(lines->begin(), lines->end(),
                         [&](const std::string& line) { return Trimmed(line) == heading; });
  if (at == lines->end()) {
    if (!lines->empty()) lines->push_back("");
    lines->push_back(heading);
    lines->push_back(setting);
    return;
  }
  for (auto line = ++at; line != lines->end() && !Trimmed(*line).starts_with("["); ++line) {
    if (!Sets(*line, key)) continue;
    *line = setting;
    return;
  }
  lines->insert(at, setting);
}

}  // namespace

std::string ConfigDirectory(const std::string& xdg_config_home, const std::string& home) {
  // A relative XDG_CONFIG_HOME is to be ignored, as its specification says.
  if (xdg_config_home.starts_with("/")) return xdg_config_home + "/gusu";
  return home.empty() ? "" : home + "/.config/gusu";
}

OrFailure<std::optional<Profile>> FindProfile(std::string_view toml, const std::string& name) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    return ConfigFailure("line " + std::to_string(parsed.error().source().begin.line) + ": " +
                         std::string(parsed.error().description()));
  }
  for (const auto& [key, node] : parsed.table()) {
    if (key.str() != "profiles" || !node.is_table()) {
      return ConfigFailure("'" + std::string(key.str()) + "' is not known; it has [profiles.NAME]");
    }
  }
  const toml::node* node = parsed.table().at_path("profiles").node();
  const toml::table* profiles = node == nullptr ? nullptr : node->as_table();
  const toml::node* found = profiles == nullptr ? nullptr : profiles->get(name);
  if (found == nullptr) return std::optional<Profile>();
  if (!found->is_table()) return ConfigFailure("profiles." + name + " is not a table");
  OrFailure<Profile> profile = ReadProfile(*found->as_table(), name);
  if (!profile.ok()) return profile.failure();
  return std::optional<Profile>(std::move(*profile));
}

OrFailure<std::optional<Profile>> LoadProfile(const std::string& path, const std::string& name) {
  OrFailure<std::string> text = ReadTextFile(path);
  if (!text.ok()) return text.failure();
  OrFailure<std::optional<Profile>> profile = FindProfile(*text, name);
  if (profile.ok()) return profile;
  Failure failure = profile.failure();
  failure.message = path + ": " + failure.message;
  return failure;
}

OrFailure<std::string> WithTrust(std::string_view toml, const std::string& name,
                                 const std::string& server, const std::string& ca) {
  std::vector<std::string> lines;
  std::istringstream text{std::string(toml)};
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  const std::string heading = "[profiles." + name + "]";
  SetInTable(&lines, heading, "ca", ca);
  SetInTable(&lines, heading, "server", server);
  std::string changed;
  for (const std::string& line : lines) changed += line + "\n";
  const OrFailure<std::optional<Profile>> check = FindProfile(changed, name);
  const bool set =
      check.ok() && check->has_value() && (*check)->server == server && (*check)->ca == ca;
  if (!set) {
    return ConfigFailure("cannot set server and ca in " + heading + "; set them by hand");
  }
  return changed;
}

bool IsProfileName(std::string_view name) {
  return !name.empty() && name.find_first_not_of(
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
                              "wxyz0123456789-_") == std::string_view::npos;
}

OrFailure<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file && errno == ENOENT) return std::string();
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return FileFailure("cannot read " + path + ": " + std::strerror(errno));
  return text;
}

MaybeFailure ReplaceFile(const std::string& path, std::string_view content) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) {
    std::filesystem::create_directories(directory, error);
    if (!error) {
      std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
    }
  }
  std::string temporary = path + ".XXXXXX";
  const int file = error ? -1 : mkstemp(temporary.data());
  if (file < 0) return FileFailure("cannot write " + path + ": " + std::strerror(errno));
  const bool written =
      write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      fsync(file) == 0;
  close(file);
  if (written && std::rename(temporary.c_str(), path.c_str()) == 0) return std::nullopt;
  const std::string why = std::strerror(errno);
  unlink(temporary.c_str());
  return FileFailure("cannot write " + path + ": " + why);
}

}  // namespace gusu::cli
