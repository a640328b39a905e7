// Profiles: ~/.config/gusu/config.toml (or below $XDG_CONFIG_HOME).
//
//   [profiles.default]
//   server = "registry.example.cn:7440"
//   ca = "/home/me/.config/gusu/ca/default.crt"
//   token-file = "/home/me/sz-pumps.token"
//   vkey = "/home/me/registry.vkey"
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/cli/failure.h"

namespace gusu::cli {

struct Profile {
  std::string server;
  std::string ca;
  std::string token_file;
  std::string vkey;  // a file
};

// The directory of the configuration, without a slash at its end; empty when there is no home.
std::string ConfigDirectory(const std::string& xdg_config_home, const std::string& home);

// The profile of that name in the text, or nothing. Fails on text that is not TOML and on keys that
// are not known, naming the line or the key.
OrFailure<std::optional<Profile>> FindProfile(std::string_view toml, const std::string& name);
// As FindProfile; no file is no profile.
OrFailure<std::optional<Profile>> LoadProfile(const std::string& path, const std::string& name);

// The text with a profile's `server` and `ca` set; comments and everything else stay.
OrFailure<std::string> WithTrust(std::string_view toml, const std::string& name,
                                 const std::string& server, const std::string& ca);

// Letters, digits, "-" and "_".
bool IsProfileName(std::string_view name);

// The whole file; empty when there is none.
OrFailure<std::string> ReadTextFile(const std::string& path);
// Replaces the file in one step; makes its directory (0700) when needed.
MaybeFailure ReplaceFile(const std::string& path, std::string_view content);

}  // namespace gusu::cli
