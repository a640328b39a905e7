// gusud: configuration, data directory, store, rules, door; then it waits for a signal.
#include <signal.h>
#include <sys/stat.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "server/config.h"
#include "server/data_directory.h"
#include "server/doors/grpc/door.h"
#include "server/first_start.h"
#include "server/log.h"
#include "server/rate_limit.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "server/tls_files.h"
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

// The first start's settings and the bureau's token; later starts compare the settings.
absl::Status Initialize(const Config& config, const DataDirectory& directory,
                        storage::Ledger* ledger) {
  const RegistrySettings settings = {config.origin, config.node_prefixes, config.public_url,
                                     config.time_zone};
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger->Latest());
  Hash token_sha256{};
  if (view->directory().settings() == nullptr) {
    // Durable in its file before the registry knows its hash.
    GUSU_ASSIGN_OR_RETURN(const std::string token, directory.ReadOrMakeToken());
    token_sha256 = Sha256(token);
  }
  return EnsureInitialized(*ledger, settings, token_sha256, absl::Now());
}

void LogStart(const Config& config, const DataDirectory& directory,
              const std::optional<TlsFiles>& tls, const GrpcDoor& door) {
  Log(LogLevel::kInfo, "listening",
      {{"door", "grpc"}, {"address", door.address().ToString()}, {"tls", tls ? "on" : "off"}});
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

int Serve(const Config& config) {
  const auto directory =
      config.data.empty() ? DataDirectory::OpenTemporary() : DataDirectory::Open(config.data);
  if (!directory.ok()) return Fail(kNoStore, directory.status());
  auto engine = OpenEngine(config, *directory);
  if (!engine.ok()) return Fail(kNoStore, engine.status());
  const bool may_block = (*engine)->MayBlock();
  storage::Ledger::Options options;
  options.accept_clock = config.accept_clock;
  const auto ledger = storage::Ledger::Open(*std::move(engine), std::move(options));
  if (!ledger.ok()) return Fail(kNoStore, ledger.status());
  if (const absl::Status status = Initialize(config, *directory, ledger->get()); !status.ok()) {
    return Fail(absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status)
                    ? kWrongConfiguration
                    : kFailed,
                status);
  }
  const auto tls = PrepareTls(config, *directory);
  if (!tls.ok()) return Fail(kWrongConfiguration, tls.status());

  Registry registry(ledger->get());
  Registrar registrar(ledger->get());
  Resolver resolver(ledger->get());
  RateLimiter rate_limiter;
  std::unique_ptr<WorkPool> pool;
  if (may_block) pool = std::make_unique<WorkPool>(kPoolThreads, kPoolTasksMax);
  std::optional<GrpcDoor::Tls> door_tls;
  if (tls->has_value()) door_tls = {(*tls)->certificate_path, (*tls)->key_path};
  const auto door =
      GrpcDoor::Start(config.grpc, door_tls,
                      {&registry, &registrar, &resolver, ledger->get(), &rate_limiter, pool.get()});
  if (!door.ok()) return Fail(kNoAddress, door.status());
  LogStart(config, *directory, *tls, **door);
  const absl::Status announced = directory->WriteGrpcAddress((*door)->address().ToString());
  if (!announced.ok()) return Fail(kNoStore, announced);

  WaitForStop(config, *directory, ledger->get(), door->get());
  (*door)->Drain(kDrainPatience);
  (*ledger)->Stop();
  if (const absl::Status status = directory->RemoveGrpcAddress(); !status.ok()) {
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
  StartLog(command->config.log_level);
  return Serve(command->config);
}

}  // namespace
}  // namespace gusu::server

int main(int argc, char** argv) { return gusu::server::Main(argc, argv); }
