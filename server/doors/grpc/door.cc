#include "server/doors/grpc/door.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/doors/grpc/core.h"
#include "server/doors/grpc/services.h"
#include "server/log.h"
#include "server/metrics/metrics.h"

namespace gusu::server {
namespace {

constexpr int kMessageBytesMax = 4 << 20;
constexpr int kHeaderBytesMax = 8 * 1024;
constexpr int kConnectionCallsMax = 256;
constexpr int kConnectionIdleMs = 10 * 60 * 1000;
constexpr int kHandshakeMs = 10 * 1000;
constexpr int kKeepaliveMs = 60 * 1000;
constexpr int kKeepaliveTimeoutMs = 20 * 1000;
constexpr int kPingIntervalMsMin = 10 * 1000;
constexpr int kPingStrikesMax = 3;
// What gRPC may hold of messages on their way in and out.
constexpr size_t kTransportBytesMax = 512 << 20;
// Of the reflection service, the only one that is served by threads of its own.
constexpr int kReflectionThreadsMax = 8;
constexpr unsigned kCertificateRefreshSeconds = 1;

// The services that serve as long as the server does, and those that write.
constexpr const char* kReadingServices[] = {"gusu.v1.ResolverService", "gusu.v1.AuditService",
                                            "gusu.v1.StatisticsService"};
constexpr const char* kWritingServices[] = {"gusu.v1.RegistrarService", "gusu.v1.RegistryService"};

// Whatever gRPC has to say: clients can make it say much, with handshakes that fail.
void LogOfGrpc(gpr_log_func_args* arguments) {
  Log(LogLevel::kDebug, "grpc", {{"message", arguments->message}});
}

std::shared_ptr<grpc::ServerCredentials> Credentials(const std::optional<GrpcDoor::Tls>& tls) {
  if (!tls.has_value()) return grpc::InsecureServerCredentials();
  auto provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      tls->key_path, tls->certificate_path, kCertificateRefreshSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(std::move(provider));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  return grpc::experimental::TlsServerCredentials(options);
}

void SetLimits(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(kMessageBytesMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kHeaderBytesMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kConnectionCallsMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kConnectionIdleMs);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kPingIntervalMsMin);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kPingStrikesMax);
  // Two servers on one port would share its calls.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  grpc::ResourceQuota quota("gusud");
  quota.Resize(kTransportBytesMax);
  quota.SetMaxThreads(kReflectionThreadsMax);
  builder->SetResourceQuota(quota);
  builder->SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder->SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder->SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
}

// Why the address cannot be listened on: gRPC tells only that it cannot.
std::string WhyNot(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int lookup =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (lookup != 0) return gai_strerror(lookup);
  std::string why = "refused by the system";
  const int probe = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (probe >= 0) setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (probe < 0 || bind(probe, found->ai_addr, found->ai_addrlen) != 0 || listen(probe, 1) != 0) {
    why = strerror(errno);
  }
  if (probe >= 0) close(probe);
  freeaddrinfo(found);
  return why;
}

// Health and reflection are plugins of the whole process.
void PrepareProcess() {
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function(LogOfGrpc);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

}  // namespace

class GrpcDoor::State {
 public:
  State(ListenAddress address, const Rules& rules)
      : metrics_(rules.metrics),
        address_(std::move(address)),
        core_(rules),
        services_{MakeRegistrarService(&core_), MakeRegistryService(&core_),
                  MakeResolverService(&core_), MakeAuditService(&core_),
                  MakeStatisticsService(&core_)} {}

  absl::Status Start(const std::optional<Tls>& tls) {
    grpc::ServerBuilder builder;
    SetLimits(&builder);
    int port = 0;
    builder.AddListeningPort(address_.ToString(), Credentials(tls), &port);
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", address_.ToString(), ": ", WhyNot(address_)));
    }
    address_.port = static_cast<uint16_t>(port);
    for (const char* service : kReadingServices) {
      server_->GetHealthCheckService()->SetServingStatus(service, true);
    }
    SetWritable(true);
    if (metrics_ != nullptr) {
      streams_ = metrics_->Watch({"gusu_grpc_streams", "Streams of the gRPC door that are open",
                                  [this] { return static_cast<double>(core_.streams().count()); }});
    }
    return absl::OkStatus();
  }

  const ListenAddress& address() const { return address_; }

  void SetWritable(bool writable) {
    for (const char* service : kWritingServices) {
      server_->GetHealthCheckService()->SetServingStatus(service, writable);
    }
  }

  void Drain(absl::Duration patience) {
    if (server_ == nullptr || drained_) return;
    drained_ = true;
    // From here on every service is NOT_SERVING, whatever is set later.
    server_->GetHealthCheckService()->Shutdown();
    core_.streams().DrainAll();
    server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(patience));
    server_->Wait();
  }

 private:
  Metrics* const metrics_;
  ListenAddress address_;
  Core core_;
  std::shared_ptr<void> streams_;  // the figure, while the core is there
  const std::unique_ptr<grpc::Service> services_[5];
  std::unique_ptr<grpc::Server> server_;
  bool drained_ = false;
};

GrpcDoor::GrpcDoor(std::unique_ptr<State> state) : state_(std::move(state)) {}

GrpcDoor::~GrpcDoor() { Drain(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<GrpcDoor>> GrpcDoor::Start(const ListenAddress& address,
                                                          const std::optional<Tls>& tls,
                                                          const Rules& rules) {
  PrepareProcess();
  auto state = std::make_unique<State>(address, rules);
  if (absl::Status status = state->Start(tls); !status.ok()) return status;
  return std::unique_ptr<GrpcDoor>(new GrpcDoor(std::move(state)));
}

const ListenAddress& GrpcDoor::address() const { return state_->address(); }

void GrpcDoor::SetWritable(bool writable) { state_->SetWritable(writable); }

void GrpcDoor::Drain(absl::Duration patience) { state_->Drain(patience); }

}  // namespace gusu::server
