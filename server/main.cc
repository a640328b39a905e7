// gusud: configuration, data directory, store, rules, door; then it waits for a signal.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "server/audit/audit.h"
#include "server/audit/checkpoints.h"
#include "server/audit/proofs.h"
#include "server/bureau_reads.h"
#include "server/config.h"
#include "server/credential_vault.h"
#include "server/data_directory.h"
#include "server/doors/grpc/door.h"
#include "server/doors/handle/door.h"
#include "server/doors/handle/identities.h"
#include "server/doors/http/door.h"
#include "server/grants/grants.h"
#include "server/log.h"
#include "server/metrics/metrics.h"
#include "server/ranges/serial_ranges.h"
#include "server/rate_limit.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "server/registry_start.h"
#include "server/resolver.h"
#include "server/statistics/statistics.h"
#include "server/statistics/usage_writer.h"
#include "server/templates/templates.h"
#include "server/tls_files.h"
#include "server/transfers/transfers.h"
#include "server/work_pool.h"
#include "storage/ledger.h"
#include "storage/memory/memory_engine.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace gusu::server {
namespace {

enum ExitCode { kStopped = 0, kFailed = 1, kWrongConfiguration = 2, kNoStore = 3, kNoAddress = 4 };

constexpr absl::Duration kDrainPatience = absl::Seconds(10);
constexpr absl::Duration kCertificateCheckInterval = absl::Hours(1);
constexpr size_t kPoolThreads = 16;
constexpr size_t kPoolTasksMax = 1024;

int Fail(ExitCode code, const absl::Status& status) {
  Log(LogLevel::kError, "start_failed", {{"error", std::string(status.message())}});
  return code;
}

absl::StatusOr<std::unique_ptr<storage::Engine>> OpenEngine(const Config& config,
                                                            const DataDirectory& directory) {
  if (config.engine == Config::Engine::kMemory) return std::make_unique<storage::MemoryEngine>();
  storage::RocksDbOptions options;
  options.log = [](std::string_view message) {
    Log(LogLevel::kError, "store", {{"message", message}});
  };
  return storage::OpenRocksDbEngine(directory.store_path(), std::move(options));
}

absl::StatusOr<std::optional<TlsFiles>> PrepareTls(const Config& config,
                                                   const DataDirectory& directory) {
  if (!config.tls) return std::nullopt;
  if (!config.tls_cert.empty()) {
    return CheckTlsFiles(config.tls_cert, config.tls_key, absl::Now());
  }
  return EnsureTlsFiles(directory.tls_path(), ServerNames(config.tls_names), absl::Now());
}

// Renews the made certificate in time; the door takes the new one by itself.
void RenewTls(const Config& config, const DataDirectory& directory) {
  const auto files = PrepareTls(config, directory);
  if (!files.ok()) {
    Log(LogLevel::kError, "certificate_not_renewed",
        {{"error", std::string(files.status().message())}});
  } else if (files->has_value() && (*files)->renewed) {
    Log(LogLevel::kInfo, "certificate_renewed",
        {{"certificate", (*files)->certificate_path},
         {"expires", absl::FormatTime((*files)->expire_time, absl::UTCTimeZone())}});
  }
}

LogFiles FilesOfLog(const Config& config, const DataDirectory& directory) {
  // What is in memory signs with a key that is in memory, too.
  if (config.engine == Config::Engine::kMemory) return {{"", directory.log_vkey_path()}, ""};
  return {{directory.log_key_path(), directory.log_vkey_path()}, directory.anchor_path()};
}

// A store in memory has a log of its own, and no business beside the key of another.
absl::Status CheckIsNotStored(const Config& config, const DataDirectory& directory) {
  if (config.engine != Config::Engine::kMemory || access(directory.log_key_path().c_str(), F_OK)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "data directory ", directory.path(),
      " belongs to a stored registry: the memory engine needs another --data, or none"));
}

absl::StatusOr<LogStart> Initialize(const Config& config, const LogFlags& flags,
                                    const DataDirectory& directory, storage::Ledger* ledger) {
  return StartRegistry(
      *ledger, {config.origin, config.node_prefixes, config.public_url, config.time_zone, {}},
      FilesOfLog(config, directory), {flags.anchor_from, flags.new_epoch, flags.after},
      [&directory]() -> absl::StatusOr<Hash> {
        GUSU_ASSIGN_OR_RETURN(const std::string token, directory.ReadOrMakeToken());
        return Sha256(token);
      },
      absl::Now());
}

absl::StatusOr<std::unique_ptr<Checkpoints>> StartCheckpoints(const Config& config,
                                                              const DataDirectory& directory,
                                                              const storage::Ledger* ledger,
                                                              LogStart log) {
  for (const SignerKey& signer : log.signers) {
    Log(LogLevel::kInfo, "log_key", {{"vkey", signer.verifier().Text()}});
  }
  Checkpoints::Options options;
  options.origin = log.origin;
  options.signers = std::move(log.signers);
  if (config.engine != Config::Engine::kMemory) options.cosigned_path = directory.cosigned_path();
  return Checkpoints::Start(ledger, *std::move(log.anchor), std::move(options));
}

// --add-log-key and --retire-log-key: what they did, for the operator to read.
absl::StatusOr<std::string> ChangeLogKeys(const Config& config, const LogFlags& flags) {
  struct stat status {};
  if (stat(config.data.c_str(), &status) != 0) {
    return absl::NotFoundError(absl::StrCat("there is no data directory ", config.data));
  }
  // Holds the lock, so that no server reads the file meanwhile.
  GUSU_ASSIGN_OR_RETURN(const DataDirectory directory, DataDirectory::Open(config.data));
  const LogKeyFiles files = {directory.log_key_path(), directory.log_vkey_path()};
  return flags.add_key ? AddLogKey(files)
                       : RetireLogKey(files, directory.anchor_path(), flags.retire_key);
}

// The doors of a running server; nullptr: off.
struct Doors {
  std::unique_ptr<GrpcDoor> grpc;  // always on
  std::unique_ptr<HandleDoor> handle;
  std::unique_ptr<HttpDoor> http;
};

void LogServing(const Config& config, const DataDirectory& directory,
                const std::optional<TlsFiles>& tls, const Doors& doors) {
  Log(LogLevel::kInfo, "listening",
      {{"door", "grpc"},
       {"address", doors.grpc->address().ToString()},
       {"tls", tls ? "on" : "off"}});
  if (doors.handle != nullptr) {
    Log(LogLevel::kInfo, "listening",
        {{"door", "handle"},
         {"address", doors.handle->address().ToString()},
         {"administration", config.handle_admin ? "on" : "off"}});
  }
  if (doors.http != nullptr) {
    Log(LogLevel::kInfo, "listening",
        {{"door", "http"},
         {"address", doors.http->address().ToString()},
         {"tls", tls ? "on" : "off"}});
  }
  Log(LogLevel::kInfo, "serving",
      {{"data", directory.path()},
       {"engine", config.engine == Config::Engine::kMemory ? "memory" : "rocksdb"},
       {"token", directory.token_path()}});
  if (!tls.has_value()) return;
  Log(LogLevel::kInfo, "certificate",
      {{"certificate", tls->certificate_path},
       {"ca", tls->ca_path},
       {"ca_sha256", tls->ca_fingerprint},
       {"expires", absl::FormatTime(tls->expire_time, absl::UTCTimeZone())}});
}

// nullptr when the door is off.
absl::StatusOr<std::unique_ptr<HandleDoor>> StartHandleDoor(const Config& config,
                                                            const DataDirectory& directory,
                                                            const std::string& origin,
                                                            const HandleDoor::Rules& rules) {
  if (!config.handle.has_value()) return nullptr;
  HandleDoor::Options options;
  options.address = *config.handle;
  options.site_addresses = config.handle_sites;
  options.site_name = origin;
  options.service = config.handle_service;
  options.administration = config.handle_admin;
  // What is in memory signs with a key that is in memory, too.
  if (config.engine != Config::Engine::kMemory) {
    options.key_path = directory.handle_key_path();
    options.site_path = directory.handle_site_path();
  }
  auto door = HandleDoor::Start(options, rules);
  if (door.ok() || !absl::IsUnavailable(door.status())) return door;
  return absl::UnavailableError(
      absl::StrCat(door.status().message(), "; --handle gives another address, or off"));
}

// nullptr when the door is off.
absl::StatusOr<std::unique_ptr<HttpDoor>> StartHttpDoor(const Config& config,
                                                        const std::optional<TlsFiles>& tls,
                                                        const DoorRules& rules) {
  if (!config.http.has_value()) return nullptr;
  HttpDoor::Options options;
  options.address = *config.http;
  if (tls.has_value()) options.tls = {tls->certificate_path, tls->key_path};
  auto door = HttpDoor::Start(options, rules);
  if (door.ok() || !absl::IsUnavailable(door.status())) return door;
  return absl::UnavailableError(
      absl::StrCat(door.status().message(), "; --http gives another address, or off"));
}

absl::Status AnnounceAddresses(const DataDirectory& directory, const Doors& doors) {
  if (doors.handle != nullptr) {
    GUSU_RETURN_IF_ERROR(directory.WriteHandleAddress(doors.handle->address().ToString()));
  }
  if (doors.http != nullptr) {
    GUSU_RETURN_IF_ERROR(directory.WriteHttpAddress(doors.http->address().ToString()));
  }
  // The last: whoever waits for it finds the others.
  return directory.WriteGrpcAddress(doors.grpc->address().ToString());
}

// All at once, so that together they take no longer than one.
void Drain(const Doors& doors) {
  std::thread handle([&doors] {
    if (doors.handle != nullptr) doors.handle->Drain(kDrainPatience);
  });
  std::thread http([&doors] {
    if (doors.http != nullptr) doors.http->Drain(kDrainPatience);
  });
  doors.grpc->Drain(kDrainPatience);
  handle.join();
  http.join();
}

// Settings and flags are wrong; store, anchor and keys do not fit each other; or it did not work.
ExitCode CodeOf(const absl::Status& status) {
  const std::string reason = ErrorReason(status);
  for (const char* wrong : {"SETTING_INVALID", "SETTING_DIFFERS", "LOG_WAY_REFUSED"}) {
    if (reason == wrong) return kWrongConfiguration;
  }
  return absl::IsFailedPrecondition(status) || absl::IsDataLoss(status) ? kNoStore : kFailed;
}

ExitCode CodeOfDoor(const absl::Status& status) {
  return absl::IsUnavailable(status) ? kNoAddress : kNoStore;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Until a stop signal; meanwhile the chores of a running server.
void WaitForStop(const Config& config, const DataDirectory& directory, storage::Ledger* ledger,
                 GrpcDoor* door) {
  const sigset_t signals = StopSignals();
  const timespec second = {1, 0};
  absl::Time next_certificate_check = absl::Now() + kCertificateCheckInterval;
  bool writable = true;
  int signal = -1;
  while ((signal = sigtimedwait(&signals, nullptr, &second)) < 0) {
    const absl::Status status = ledger->Writable();
    if (status.ok() != writable) {
      writable = status.ok();
      door->SetWritable(writable);
      Log(writable ? LogLevel::kInfo : LogLevel::kError, writable ? "writable" : "not_writable",
          {{"status", std::string(status.message())}});
    }
    if (config.tls && absl::Now() >= next_certificate_check) {
      next_certificate_check = absl::Now() + kCertificateCheckInterval;
      RenewTls(config, directory);
    }
  }
  Log(LogLevel::kInfo, "stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
  // A second signal ends the process at once.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

int Serve(const Config& config, const LogFlags& flags) {
  const auto directory =
      config.data.empty() ? DataDirectory::OpenTemporary() : DataDirectory::Open(config.data);
  if (!directory.ok()) return Fail(kNoStore, directory.status());
  if (const absl::Status status = CheckIsNotStored(config, *directory); !status.ok()) {
    return Fail(kNoStore, status);
  }
  auto engine = OpenEngine(config, *directory);
  if (!engine.ok()) return Fail(kNoStore, engine.status());
  const bool may_block = (*engine)->MayBlock();
  storage::Ledger::Options options;
  options.accept_clock = config.accept_clock;
  const auto ledger = storage::Ledger::Open(*std::move(engine), std::move(options));
  if (!ledger.ok()) return Fail(kNoStore, ledger.status());
  auto log = Initialize(config, flags, *directory, ledger->get());
  if (!log.ok()) return Fail(CodeOf(log.status()), log.status());
  const auto tls = PrepareTls(config, *directory);
  if (!tls.ok()) return Fail(kWrongConfiguration, tls.status());

  const std::string origin = log->origin;
  const auto checkpoints = StartCheckpoints(config, *directory, ledger->get(), *std::move(log));
  if (!checkpoints.ok()) return Fail(kNoStore, checkpoints.status());
  const Proofs proofs(ledger->get(), checkpoints->get());
  Registry registry(ledger->get(), &proofs);
  // What is in memory is encrypted with a key that is in memory, too.
  CredentialVault vault(
      config.engine == Config::Engine::kMemory ? "" : directory->credential_key_path());
  Registrar registrar(ledger->get(), &proofs, absl::Now, &vault);
  Resolver resolver(ledger->get(), &proofs);
  BureauReads bureau_reads(ledger->get(), &resolver);
  Grants grants(ledger->get(), &proofs);
  SerialRanges ranges(ledger->get(), &proofs);
  const Statistics statistics(ledger->get());
  UsageWriter usage(ledger->get());
  resolver.CountIn(usage.recorder());
  Templates templates(ledger->get(), &proofs);
  Transfers transfers(ledger->get(), &proofs);
  const Audit audit(ledger->get(), checkpoints->get(), &proofs);
  RateLimiter rate_limiter;
  std::unique_ptr<WorkPool> pool;
  if (may_block) pool = std::make_unique<WorkPool>(kPoolThreads, kPoolTasksMax);
  std::optional<GrpcDoor::Tls> door_tls;
  if (tls->has_value()) door_tls = {(*tls)->certificate_path, (*tls)->key_path};
  const CredentialIdentities identities;
  Metrics metrics;
  DoorRules rules;
  rules.registry = &registry;
  rules.registrar = &registrar;
  rules.resolver = &resolver;
  rules.bureau_reads = &bureau_reads;
  rules.grants = &grants;
  rules.ranges = &ranges;
  rules.templates = &templates;
  rules.transfers = &transfers;
  rules.statistics = &statistics;
  rules.audit = &audit;
  rules.checkpoints = checkpoints->get();
  rules.identities = &identities;
  rules.vault = &vault;
  rules.ledger = ledger->get();
  rules.rate_limiter = &rate_limiter;
  rules.metrics = &metrics;
  rules.pool = pool.get();
  Doors doors;
  auto grpc = GrpcDoor::Start(config.grpc, door_tls, rules);
  if (!grpc.ok()) return Fail(kNoAddress, grpc.status());
  doors.grpc = *std::move(grpc);
  auto handle = StartHandleDoor(config, *directory, origin, rules);
  if (!handle.ok()) return Fail(CodeOfDoor(handle.status()), handle.status());
  doors.handle = *std::move(handle);
  if (doors.handle != nullptr) {
    rules.handle_site = &doors.handle->site();
    rules.handle_messages = &doors.handle->messages();
  }
  auto http = StartHttpDoor(config, *tls, rules);
  if (!http.ok()) return Fail(CodeOfDoor(http.status()), http.status());
  doors.http = *std::move(http);
  LogServing(config, *directory, *tls, doors);
  const absl::Status announced = AnnounceAddresses(*directory, doors);
  if (!announced.ok()) return Fail(kNoStore, announced);

  WaitForStop(config, *directory, ledger->get(), doors.grpc.get());
  Drain(doors);
  usage.Stop();
  (*ledger)->Stop();
  (*checkpoints)->Stop();
  if (const absl::Status status = directory->RemoveAddresses(); !status.ok()) {
    Log(LogLevel::kWarning, "address_left", {{"error", std::string(status.message())}});
  }
  Log(LogLevel::kInfo, "stopped");
  return kStopped;
}

int Main(int argc, const char* const* argv) {
  // Before the first thread: all of them inherit it.
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // What the server makes is its own user's alone.
  umask(077);
  const auto command = ParseCommandLine(argc, argv);
  if (!command.ok()) {
    fprintf(stderr, "gusud: %s\n", std::string(command.status().message()).c_str());
    return kWrongConfiguration;
  }
  if (command->print.has_value()) {
    fputs(command->print->c_str(), stdout);
    return kStopped;
  }
  if (command->check) {
    puts("configuration is valid");
    return kStopped;
  }
  if (command->log.add_key || !command->log.retire_key.empty()) {
    const auto done = ChangeLogKeys(command->config, command->log);
    if (done.ok()) {
      fputs(done->c_str(), stdout);
      return kStopped;
    }
    fprintf(stderr, "gusud: %s\n", std::string(done.status().message()).c_str());
    return kNoStore;
  }
  StartLog(command->config.log_level);
  return Serve(command->config, command->log);
}

}  // namespace
}  // namespace gusu::server

int main(int argc, char** argv) { return gusu::server::Main(argc, argv); }
