#include "client/cli/settings.h"

#include <cstdlib>
#include <filesystem>

#include "client/cli/config_file.h"

namespace gusu::cli {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string FirstGiven(std::initializer_list<std::string> candidates) {
  for (const std::string& candidate : candidates) {
    if (!candidate.empty()) return candidate;
  }
  return "";
}

// What a local server leaves in its data directory.
OrFailure<Profile> ReadDataDirectory(const std::string& data) {
  OrFailure<std::string> address = ReadTextFile(data + "/grpc.address");
  if (!address.ok()) return address.failure();
  Profile found;
  found.server = address->substr(0, address->find_first_of(" \r\n"));
  if (found.server.empty()) {
    return Failure{ExitCode::kUnreachable, "SERVER_NOT_RUNNING",
                   "no server has announced its address in " + data + "/grpc.address",
                   "start one with: gusud --data " + data};
  }
  // A server with a certificate of the operator's own has no local authority.
  const std::string ca = data + "/tls/ca.crt";
  if (std::filesystem::exists(ca)) found.ca = ca;
  const std::string token = data + "/bureau-admin.token";
  if (std::filesystem::exists(token)) found.token_file = token;
  return found;
}

}  // namespace

Environment Environment::OfProcess() {
  return {Variable("GUSU_SERVER"), Variable("GUSU_CA"),         Variable("GUSU_TOKEN_FILE"),
          Variable("GUSU_VKEY"),   Variable("XDG_CONFIG_HOME"), Variable("HOME")};
}

OrFailure<Settings> ResolveSettings(const GlobalFlags& flags, const Environment& environment,
                                    MissingProfile missing_profile) {
  Settings settings;
  settings.profile = FirstGiven({flags.profile, kDefaultProfile});
  settings.config_directory = ConfigDirectory(environment.xdg_config_home, environment.home);
  Profile profile;
  if (!settings.config_directory.empty()) {
    const std::string path = settings.config_directory + "/config.toml";
    OrFailure<std::optional<Profile>> loaded = LoadProfile(path, settings.profile);
    if (!loaded.ok()) return loaded.failure();
    if (!loaded->has_value() && !flags.profile.empty() &&
        missing_profile == MissingProfile::kFails) {
      return UsageFailure("there is no profile '" + flags.profile + "' in " + path,
                          "gusu trust --profile " + flags.profile + " --server ADDRESS makes it");
    }
    profile = loaded->value_or(Profile());
  }
  Profile data;
  if (!flags.data.empty()) {
    OrFailure<Profile> read = ReadDataDirectory(flags.data);
    if (!read.ok()) return read.failure();
    data = std::move(*read);
  }
  settings.server =
      FirstGiven({flags.server, data.server, environment.server, profile.server, kDefaultServer});
  settings.ca_file = FirstGiven({flags.ca, data.ca, environment.ca, profile.ca});
  settings.token_file =
      FirstGiven({flags.token_file, data.token_file, environment.token_file, profile.token_file});
  settings.vkey_file = FirstGiven({environment.vkey_file, profile.vkey});
  return settings;
}

}  // namespace gusu::cli
