// What the operator chose: flags of the command line, then a TOML file with keys of the same names
// for what no flag gives, then defaults. Validated once, here: whoever holds a Config can rely on
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/log.h"

namespace gusu::server {

struct ListenAddress {
  std::string host;   // as given; an IPv6 address without its brackets
  uint16_t port = 0;  // 0: any free one

  // HOST:PORT, with brackets around an IPv6 address.
  std::string ToString() const;
  // 127.0.0.0/8, ::1 or localhost.
  bool IsLoopback() const;
};

// Fails with kInvalidArgument, saying what is expected.
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

struct Config {
  enum class Engine { kRocksDb, kMemory };

  std::string data;  // empty only with the memory engine
  Engine engine = Engine::kRocksDb;
  ListenAddress grpc{"127.0.0.1", 7440};
  bool tls = true;
  std::string tls_cert;  // both or neither
  std::string tls_key;
  std::vector<std::string> tls_names;

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
