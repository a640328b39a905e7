// Which registry, as whom: each setting from the command line, else the environment, else the
// profile, else its default.
#pragma once

#include <optional>
#include <string>

#include "client/cli/failure.h"

namespace gusu::cli {

inline constexpr char kDefaultServer[] = "127.0.0.1:7440";
inline constexpr char kDefaultProfile[] = "default";
inline constexpr double kDefaultTimeoutSeconds = 30;

// What was given on the command line; empty where nothing was.
struct GlobalFlags {
  std::string server;
  std::string ca;
  std::string token_file;
  std::string profile;
  // Data directory of a server on this machine: its address, CA and bureau token.
  std::string data;
  // registrants/{id} for which the bureau acts.
  std::string as;
  std::string reason;
  double timeout_seconds = kDefaultTimeoutSeconds;
  bool json = false;
  // For a server on this machine that was started with --tls off.
  bool plaintext = false;
};

// The environment's variables that count.
struct Environment {
  std::string server;      // GUSU_SERVER
  std::string ca;          // GUSU_CA
  std::string token_file;  // GUSU_TOKEN_FILE
  std::string vkey_file;   // GUSU_VKEY
  std::string xdg_config_home;
  std::string home;

  static Environment OfProcess();
};

struct Settings {
  std::string server;
  // PEM file of the certificate authority; empty when none is known.
  std::string ca_file;
  // Empty: without a credential.
  std::string token_file;
  // Verifier keys of the log, one a line; empty when none are known.
  std::string vkey_file;
  std::string profile;
  std::string config_directory;
};

// Fails when the data directory has no running server, and, but for a command that makes profiles,
// when a profile is named that does not exist.
enum class MissingProfile { kFails, kIsEmpty };
OrFailure<Settings> ResolveSettings(const GlobalFlags& flags, const Environment& environment,
                                    MissingProfile missing_profile = MissingProfile::kFails);

}  // namespace gusu::cli
