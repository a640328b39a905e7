// What the operator chose: flags of the command line, then a TOML file with keys of the same names
// for what no flag gives, then defaults. Validated once, here: whoever holds a Config can rely on
// it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/listen_address.h"
#include "server/log.h"

namespace gusu::server {

struct Config {
  enum class Engine { kRocksDb, kMemory };

  std::string data;  // empty only with the memory engine
  Engine engine = Engine::kRocksDb;
  ListenAddress grpc{"127.0.0.1", 7440};
  bool tls = true;
  std::string tls_cert;  // both or neither
  std::string tls_key;
  std::vector<std::string> tls_names;

  // UDP and TCP; nullopt: off.
  std::optional<ListenAddress> handle = ListenAddress{"127.0.0.1", 2641};
  bool handle_admin = false;
  // Numeric: at most one of IPv4 and one of IPv6, of the same port. Not empty when `handle` is an
  // address of any interface.
  std::vector<ListenAddress> handle_sites;
  std::string handle_service;  // a handle; empty: none

  // nullopt: off.
  std::optional<ListenAddress> http = ListenAddress{"127.0.0.1", 7480};

  // What a first start stores. nullopt or empty: not given, so what is stored counts.
  std::optional<std::string> origin;
  std::vector<std::string> node_prefixes;
  std::optional<std::string> public_url;
  std::optional<std::string> time_zone;

  LogLevel log_level = LogLevel::kInfo;
  bool accept_clock = false;
};

// What an operator says about the audit log once, and only on the command line.
struct LogFlags {
  std::string anchor_from;  // --anchor-from FILE
  bool new_epoch = false;   // --new-log-epoch
  std::string after;        // --after FILE, with new_epoch and only then
  bool add_key = false;     // --add-log-key: do that, and exit
  std::string retire_key;   // --retire-log-key KEYID: likewise
};

struct CommandLine {
  Config config;
  LogFlags log;
  // --check: say whether the configuration is valid, and exit.
  bool check = false;
  // Set for --help and --version: what to print instead of serving.
  std::optional<std::string> print;
};

// Errors are kInvalidArgument, one line, and name the key and the value; those of a file begin with
// FILE:LINE.
absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv);

}  // namespace gusu::server
