#include "server/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "server/config_file.h"

#ifndef GUSU_VERSION
#define GUSU_VERSION "unknown"
#endif

namespace gusu::server {
namespace {

constexpr size_t kOriginBytesMax = 200;
constexpr size_t kKeyIdCharacters = 8;

constexpr char kFooter[] = R"(
Example:
  gusud --data /var/lib/gusu --grpc 0.0.0.0:7440 --tls-name registry.example.org

The same as a file, for gusud --config gusud.toml (flags go before it):
  data = "/var/lib/gusu"
  grpc = "0.0.0.0:7440"
  tls-name = ["registry.example.org"]

origin, node-prefix, public-url and time-zone are stored at the first start and cannot differ later.
deploy/OPERATIONS.md says when the flags about the log are needed; they have no key in a file.
SIGTERM and SIGINT finish the calls that are under way, for at most 10 s, and stop; a second one
stops at once.

Exit codes: 0 stopped as asked, 1 failed, 2 wrong configuration, 3 data directory or store,
4 address in use.)";

// One flag, as text. The order of the table is the order of --help.
struct Texts {
  std::string config, data, engine, grpc, tls, tls_cert, tls_key, handle, handle_admin,
      handle_service, http, origin, public_url, time_zone, log_level, anchor_from, after,
      retire_log_key;
  std::vector<std::string> tls_names, handle_sites, node_prefixes;
  bool accept_clock = false, check = false, new_log_epoch = false, add_log_key = false;
};

void AddLogOptions(CLI::App* app, Texts* texts) {
  app->add_flag(
      "--add-log-key", texts->add_log_key,
      "Add a key to DIR/log.key, with which the log is signed from the next start on, and "
      "exit");
  app->add_option("--retire-log-key", texts->retire_log_key,
                  "Take a key out of DIR/log.key, by the 8 digits in its verifier key, and exit")
      ->type_name("KEYID");
  app->add_option("--anchor-from", texts->anchor_from,
                  "Start though DIR/anchor is lost, by a checkpoint of this log that a witness or "
                  "an auditor kept")
      ->type_name("FILE");
  app->add_flag("--new-log-epoch", texts->new_log_epoch,
                "Go on with the log under a new name and key, after a loss that no copy mends");
  app->add_option("--after", texts->after,
                  "With --new-log-epoch: the last checkpoint known of the log")
      ->type_name("FILE");
}

void AddHandleOptions(CLI::App* app, Texts* texts) {
  app->add_option("--handle", texts->handle,
                  "Address of the Handle door, UDP and TCP, or off; port 0 takes any free one")
      ->type_name("HOST:PORT|off")
      ->default_str("127.0.0.1:2641");
  app->add_option("--handle-admin", texts->handle_admin,
                  "on, or off: records are changed over the Handle door, too")
      ->type_name("on|off")
      ->default_str("off");
  app->add_option("--handle-site", texts->handle_sites,
                  "Numeric address that HS_SITE tells clients; once for IPv4 and once for IPv6. "
                  "Default: the address of --handle")
      ->type_name("ADDRESS:PORT");
  app->add_option("--handle-service", texts->handle_service,
                  "Handle whose HS_SITE values serve all prefixes here: what HS_SERV tells clients")
      ->type_name("HANDLE");
}

void AddHttpOptions(CLI::App* app, Texts* texts) {
  app->add_option(
         "--http", texts->http,
         "Address of the HTTP door, plain and over TLS, or off; port 0 takes any free one. "
         "Secrets are taken over TLS and from this machine only")
      ->type_name("HOST:PORT|off")
      ->default_str("127.0.0.1:7480");
}

void AddOptions(CLI::App* app, Texts* texts) {
  app->add_option("--config", texts->config, "TOML file with the same names as these flags")
      ->type_name("FILE");
  app->add_option(
         "--data", texts->data,
         "Directory of all that the server keeps; made when missing. Required, except with "
         "the memory engine")
      ->type_name("DIR");
  app->add_option("--engine", texts->engine, "rocksdb, or memory: forgets all when it stops")
      ->type_name("NAME")
      ->default_str("rocksdb");
  app->add_option("--grpc", texts->grpc, "Address of the gRPC door; port 0 takes any free one")
      ->type_name("HOST:PORT")
      ->default_str("127.0.0.1:7440");
  app->add_option("--tls", texts->tls, "on, or off: plaintext, on loopback addresses only")
      ->type_name("on|off")
      ->default_str("on");
  app->add_option("--tls-cert", texts->tls_cert,
                  "Certificate chain, PEM, reloaded when it changes. Default: one of a local CA, "
                  "made and renewed in the data directory")
      ->type_name("FILE");
  app->add_option("--tls-key", texts->tls_key, "Its private key, PEM")->type_name("FILE");
  app->add_option("--tls-name", texts->tls_names,
                  "Further DNS name or IP address that the made certificate is for; repeatable")
      ->type_name("NAME");
  AddHttpOptions(app, texts);
  AddHandleOptions(app, texts);
  app->add_option("--origin", texts->origin,
                  "Name of the log. Default: host name / 8 random hexadecimal digits")
      ->type_name("NAME");
  app->add_option("--node-prefix", texts->node_prefixes,
                  "Prefix that this node is authoritative for; repeatable")
      ->type_name("PREFIX")
      ->default_str("88.118");
  app->add_option("--public-url", texts->public_url, "Where people reach this registry on the web")
      ->type_name("URL");
  app->add_option("--time-zone", texts->time_zone, "IANA name: what a day is")
      ->type_name("NAME")
      ->default_str("Asia/Shanghai");
  app->add_option("--log-level", texts->log_level, "debug, info, warning or error")
      ->type_name("LEVEL")
      ->default_str("info");
  app->add_flag("--accept-clock", texts->accept_clock,
                "Start although the clock is a day or more ahead of the last change");
  app->add_flag("--check", texts->check, "Validate the configuration and exit");
  AddLogOptions(app, texts);
}

absl::Status Fault(const std::string& key, const std::string& value, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat(key, " \"", absl::CHexEscape(value), "\": ", what));
}

bool IsOnlyOnCommandLine(std::string_view key) {
  constexpr std::string_view kKeys[] = {"config",      "check",         "help",
                                        "version",     "add-log-key",   "retire-log-key",
                                        "anchor-from", "new-log-epoch", "after"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

// Gives each setting of the file to the option of its name, unless the command line has it.
absl::Status ApplyFile(const std::string& path, CLI::App* app) {
  GUSU_ASSIGN_OR_RETURN(const std::vector<FileSetting> settings, ReadConfigFile(path));
  for (const FileSetting& setting : settings) {
    const std::string where = absl::StrCat(path, ":", setting.line, ": ");
    CLI::Option* option =
        IsOnlyOnCommandLine(setting.key) ? nullptr : app->get_option_no_throw("--" + setting.key);
    if (option == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(where, "unknown key \"", setting.key, "\""));
    }
    const bool is_flag = option->get_expected_max() == 0;
    if (is_flag != setting.is_boolean) {
      return absl::InvalidArgumentError(absl::StrCat(
          where, setting.key, " must be ", is_flag ? "true or false" : "a string in quotes"));
    }
    if (setting.is_list && option->get_expected_max() < 2) {
      return absl::InvalidArgumentError(absl::StrCat(where, setting.key, " takes one value"));
    }
    if (option->count() > 0) continue;
    for (const std::string& value : setting.values) option->add_result(value);
    if (!setting.values.empty()) option->run_callback();
  }
  return absl::OkStatus();
}

absl::Status TakeTls(const Texts& texts, Config* config) {
  if (!texts.tls.empty() && texts.tls != "on" && texts.tls != "off") {
    return Fault("tls", texts.tls, "must be on or off");
  }
  config->tls = texts.tls != "off";
  if (!config->tls && !config->grpc.IsLoopback()) {
    return Fault("tls", "off",
                 absl::StrCat("plaintext is only for loopback addresses, and grpc is ",
                              config->grpc.ToString()));
  }
  if (texts.tls_cert.empty() != texts.tls_key.empty()) {
    return texts.tls_key.empty() ? Fault("tls-cert", texts.tls_cert, "tls-key is missing")
                                 : Fault("tls-key", texts.tls_key, "tls-cert is missing");
  }
  if (!config->tls && !texts.tls_cert.empty()) {
    return Fault("tls-cert", texts.tls_cert, "has no effect with tls off");
  }
  for (const std::string& name : texts.tls_names) {
    if (!IsHostName(name) && !IsIpAddress(name)) {
      return Fault("tls-name", name, "is neither a DNS name nor an IP address");
    }
    if (!config->tls || !texts.tls_cert.empty()) {
      return Fault("tls-name", name, "counts only for the certificate that the server makes");
    }
  }
  config->tls_cert = texts.tls_cert;
  config->tls_key = texts.tls_key;
  config->tls_names = texts.tls_names;
  return absl::OkStatus();
}

absl::Status TakeHttp(const Texts& texts, Config* config) {
  if (texts.http == "off") {
    config->http = std::nullopt;
  } else if (!texts.http.empty()) {
    const auto address = ParseListenAddress(texts.http);
    if (!address.ok()) {
      return Fault("http", texts.http, std::string(address.status().message()) + ", or off");
    }
    config->http = *address;
  }
  return absl::OkStatus();
}

absl::Status TakeHandleSites(const Texts& texts, Config* config) {
  for (const std::string& text : texts.handle_sites) {
    const auto site = ParseListenAddress(text);
    if (!site.ok() || !IsIpAddress(site->host) || site->port == 0 || site->IsAny()) {
      return Fault("handle-site", text,
                   "must be a numeric ADDRESS:PORT that clients reach, such as 192.0.2.1:2641");
    }
    for (const ListenAddress& other : config->handle_sites) {
      const bool same_family =
          absl::StrContains(other.host, ':') == absl::StrContains(site->host, ':');
      if (same_family || other.port != site->port) {
        return Fault("handle-site", text,
                     absl::StrCat("beside ", other.ToString(),
                                  " there can be one address of the other family (IPv4, IPv6), "
                                  "of the same port"));
      }
    }
    config->handle_sites.push_back(*site);
  }
  if (config->handle->IsAny() && config->handle_sites.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("handle-site is missing: handle \"", config->handle->ToString(),
                     "\" does not say at which address clients reach this server"));
  }
  return absl::OkStatus();
}

absl::Status TakeHandle(const Texts& texts, Config* config) {
  if (texts.handle == "off") {
    config->handle = std::nullopt;
  } else if (!texts.handle.empty()) {
    const auto address = ParseListenAddress(texts.handle);
    if (!address.ok()) {
      return Fault("handle", texts.handle, std::string(address.status().message()) + ", or off");
    }
    config->handle = *address;
  }
  if (!config->handle.has_value()) {
    for (const auto& [key, given] : {std::pair{"handle-admin", texts.handle_admin == "on"},
                                     std::pair{"handle-site", !texts.handle_sites.empty()},
                                     std::pair{"handle-service", !texts.handle_service.empty()}}) {
      if (given) return Fault("handle", "off", absl::StrCat(key, " has no effect then"));
    }
    return absl::OkStatus();
  }
  if (!texts.handle_admin.empty() && texts.handle_admin != "on" && texts.handle_admin != "off") {
    return Fault("handle-admin", texts.handle_admin, "must be on or off");
  }
  config->handle_admin = texts.handle_admin == "on";
  if (!texts.handle_service.empty()) {
    const auto service = Identifier::Parse(texts.handle_service);
    if (!service.ok()) {
      return Fault("handle-service", texts.handle_service, std::string(service.status().message()));
    }
    config->handle_service = texts.handle_service;
  }
  return TakeHandleSites(texts, config);
}

// A name that can stand in the log's signed notes: no space, no control, no "+".
absl::Status CheckOrigin(const std::string& origin) {
  if (origin.empty() || origin.size() > kOriginBytesMax) {
    return Fault("origin", origin, "must be 1 to 200 bytes");
  }
  for (unsigned char c : origin) {
    if (c <= ' ' || c == '+' || c >= 0x7F) {
      return Fault("origin", origin, "must be ASCII without spaces and \"+\"");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPublicUrl(const std::string& url) {
  absl::string_view rest = url;
  if (!absl::ConsumePrefix(&rest, "https://") && !absl::ConsumePrefix(&rest, "http://")) {
    return Fault("public-url", url, "must begin with https:// or http://");
  }
  if (rest.empty() || rest.front() == '/') return Fault("public-url", url, "has no host");
  for (unsigned char c : rest) {
    if (c <= ' ' || c >= 0x7F || c == '?' || c == '#') {
      return Fault("public-url", url, "must be ASCII without spaces, \"?\" and \"#\"");
    }
  }
  return absl::OkStatus();
}

absl::Status TakeStored(const Texts& texts, const CLI::App& app, Config* config) {
  if (app.count("--origin") > 0) {
    GUSU_RETURN_IF_ERROR(CheckOrigin(texts.origin));
    config->origin = texts.origin;
  }
  for (const std::string& prefix : texts.node_prefixes) {
    const auto parsed = ParsePrefix(prefix);
    if (!parsed.ok()) return Fault("node-prefix", prefix, std::string(parsed.status().message()));
    config->node_prefixes.push_back(*parsed);
  }
  if (app.count("--public-url") > 0) {
    GUSU_RETURN_IF_ERROR(CheckPublicUrl(texts.public_url));
    config->public_url = texts.public_url;
  }
  if (app.count("--time-zone") > 0) {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(texts.time_zone, &zone)) {
      return Fault("time-zone", texts.time_zone, "this machine knows no such time zone");
    }
    config->time_zone = texts.time_zone;
  }
  return absl::OkStatus();
}

absl::Status TakeLogLevel(const std::string& text, Config* config) {
  if (text == "debug") {
    config->log_level = LogLevel::kDebug;
  } else if (text.empty() || text == "info") {
    config->log_level = LogLevel::kInfo;
  } else if (text == "warning") {
    config->log_level = LogLevel::kWarning;
  } else if (text == "error") {
    config->log_level = LogLevel::kError;
  } else {
    return Fault("log-level", text, "must be debug, info, warning or error");
  }
  return absl::OkStatus();
}

bool IsKeyId(std::string_view text) {
  return text.size() == kKeyIdCharacters && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

absl::StatusOr<LogFlags> TakeLog(const Texts& texts, const Config& config) {
  const LogFlags log = {texts.anchor_from, texts.new_log_epoch, texts.after, texts.add_log_key,
                        texts.retire_log_key};
  if (log.new_epoch && log.after.empty()) {
    return absl::InvalidArgumentError(
        "new-log-epoch: give --after FILE, the last checkpoint known of the log");
  }
  if (!log.new_epoch && !log.after.empty()) {
    return Fault("after", log.after, "has no effect without new-log-epoch");
  }
  const int asked = (log.anchor_from.empty() ? 0 : 1) + (log.new_epoch ? 1 : 0) +
                    (log.add_key ? 1 : 0) + (log.retire_key.empty() ? 0 : 1);
  if (asked > 1) {
    return absl::InvalidArgumentError(
        "only one of anchor-from, new-log-epoch, add-log-key and retire-log-key at a time");
  }
  if (asked > 0 && config.engine == Config::Engine::kMemory) {
    return Fault("engine", "memory", "keeps neither a log's key nor its anchor");
  }
  if (!log.retire_key.empty() && !IsKeyId(log.retire_key)) {
    return Fault("retire-log-key", log.retire_key,
                 "must be the 8 digits (0-9, a-f) in the middle of a verifier key");
  }
  return log;
}

absl::StatusOr<Config> Validate(const Texts& texts, const CLI::App& app) {
  Config config;
  if (texts.engine == "memory") {
    config.engine = Config::Engine::kMemory;
  } else if (!texts.engine.empty() && texts.engine != "rocksdb") {
    return Fault("engine", texts.engine, "must be rocksdb or memory");
  }
  config.data = texts.data;
  if (config.data.empty() && config.engine != Config::Engine::kMemory) {
    return absl::InvalidArgumentError("data is missing: give --data DIR");
  }
  if (!texts.grpc.empty()) {
    const auto address = ParseListenAddress(texts.grpc);
    if (!address.ok()) return Fault("grpc", texts.grpc, std::string(address.status().message()));
    config.grpc = *address;
  }
  GUSU_RETURN_IF_ERROR(TakeTls(texts, &config));
  GUSU_RETURN_IF_ERROR(TakeHttp(texts, &config));
  GUSU_RETURN_IF_ERROR(TakeHandle(texts, &config));
  GUSU_RETURN_IF_ERROR(TakeStored(texts, app, &config));
  GUSU_RETURN_IF_ERROR(TakeLogLevel(texts.log_level, &config));
  config.accept_clock = texts.accept_clock;
  return config;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(int argc, const char* const* argv) {
  CLI::App app("gusud: the identifier registry and resolution server.", "gusud");
  app.set_help_flag("--help", "Print this and exit");
  app.set_version_flag("--version", "gusud " GUSU_VERSION, "Print the version and exit");
  app.footer(kFooter);
  Texts texts;
  AddOptions(&app, &texts);

  CommandLine result;
  try {  // CLI11 reports by exceptions; none leaves this function
    app.parse(argc, argv);
    if (!texts.config.empty()) GUSU_RETURN_IF_ERROR(ApplyFile(texts.config, &app));
  } catch (const CLI::CallForHelp&) {
    result.print = app.help();
    return result;
  } catch (const CLI::CallForVersion&) {
    result.print = "gusud " GUSU_VERSION "\n";
    return result;
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(absl::StrReplaceAll(error.what(), {{"\n", " "}}));
  }
  GUSU_ASSIGN_OR_RETURN(result.config, Validate(texts, app));
  GUSU_ASSIGN_OR_RETURN(result.log, TakeLog(texts, result.config));
  result.check = texts.check;
  return result;
}

}  // namespace gusu::server
