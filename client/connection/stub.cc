#include "client/connection/stub.h"

#include <grpc/compression.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <vector>

#include "client/connection/convert.h"
#include "client/connection/endpoint.h"
#include "google/rpc/status.pb.h"
#include "gusu/v1/audit.grpc.pb.h"
#include "gusu/v1/registrar.grpc.pb.h"
#include "gusu/v1/registry.grpc.pb.h"
#include "gusu/v1/resolver.grpc.pb.h"
#include "gusu/v1/statistics.grpc.pb.h"

namespace gusu {
namespace {

// Above the server's own limit of an answer (4 MiB), for servers that allow more.
constexpr int kAnswerBytesMax = 16 << 20;
// How long one try to connect may take, and how soon the next one follows.
constexpr int kConnectTryMs = 3000;
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectMaxMs = 2000;

// Whether gRPC says that no connection was made, so that the request never left.
bool NeverSent(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return false;
  for (const char* beginning : {"failed to connect to all addresses", "DNS resolution failed"}) {
    if (status.error_message().rfind(beginning, 0) == 0) return true;
  }
  return false;
}

Status FromGrpc(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  Status out = FromProto(details);
  out.code = static_cast<StatusCode>(status.error_code());
  out.message = status.error_message();
  if (out.code == StatusCode::kUnavailable && out.reason.empty()) {
    out.reason = kReasonServerUnreachable;
  }
  return out;
}

// Errors that the registry itself answers with carry a reason and mean that nothing happened, but
// for the one that says otherwise. The transport's own mean it only when nothing was sent.
bool MayHaveHappened(const grpc::Status& grpc_status, const Status& status) {
  switch (status.code) {
    case StatusCode::kOk:
      return false;
    case StatusCode::kUnavailable:
      if (status.reason == kReasonServerUnreachable) return !NeverSent(grpc_status);
      return status.reason == "COMMIT_OUTCOME_UNKNOWN";
    case StatusCode::kCancelled:
    case StatusCode::kUnknown:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kInternal:
    case StatusCode::kDataLoss:
      return status.reason.empty();
    default:
      return false;
  }
}

Tried TriedFrom(const grpc::Status& answered) {
  if (answered.ok()) return {};
  Status status = FromGrpc(answered);
  const bool may_have_happened = MayHaveHappened(answered, status);
  return {std::move(status), may_have_happened};
}

// gRPC counts deadlines on the system's clock.
std::chrono::system_clock::time_point OnSystemClock(Stub::Deadline deadline) {
  return std::chrono::system_clock::now() +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(
             deadline - std::chrono::steady_clock::now());
}

// What wires have in common. `Interface` is what the driver sees, `Reactor` gRPC's side.
template <typename Interface, typename Reactor, typename Response>
class GrpcWireBase : public Interface, public Reactor {
 public:
  using Events = typename Interface::Events;

  GrpcWireBase(Signal* signal, const std::string& bearer) : signal_(signal) {
    if (!bearer.empty()) context_.AddMetadata("authorization", "Bearer " + bearer);
  }

  grpc::ClientContext* context() { return &context_; }
  void Start() {
    // Held until the end, since reads and writes are started from outside of reactions.
    Reactor::AddHold();
    Reactor::StartCall();
  }

  void StartRead(Response* response) override { Reactor::StartRead(response); }
  void Cancel() override { context_.TryCancel(); }
  void Release() override {
    if (!std::exchange(is_released_, true)) Reactor::RemoveHold();
  }
  Events TakeEvents() override {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::exchange(events_, {});
  }

 protected:
  // For destructors of what is made: reactions may come until it returns.
  void End() {
    context_.TryCancel();
    Release();
    std::unique_lock<std::mutex> lock(mutex_);
    ended_.wait(lock, [this] { return is_ended_; });
  }

  template <typename Change>
  void Post(Change change) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      change(events_);
    }
    signal_->Notify();
  }

 private:
  void OnReadDone(bool ok) override {
    Post([ok](Events& events) { events.read = ok; });
  }
  void OnDone(const grpc::Status& status) override {
    Post([&](Events& events) { events.closed = TriedFrom(status); });
    // Last: the destructor may be waiting for it.
    std::lock_guard<std::mutex> lock(mutex_);
    is_ended_ = true;
    ended_.notify_one();
  }

  Signal* const signal_;
  grpc::ClientContext context_;
  bool is_released_ = false;  // of the driving thread
  std::mutex mutex_;
  std::condition_variable ended_;
  Events events_;          // guarded by mutex_
  bool is_ended_ = false;  // guarded by mutex_
};

template <typename Request, typename Response>
class GrpcWire final : public GrpcWireBase<Wire<Request, Response>,
                                           grpc::ClientBidiReactor<Request, Response>, Response> {
 public:
  using Reactor = grpc::ClientBidiReactor<Request, Response>;
  using Base = GrpcWireBase<Wire<Request, Response>, Reactor, Response>;
  using Base::Base;
  ~GrpcWire() override { Base::End(); }

  void StartWrite(const Request* request) override { Reactor::StartWrite(request); }
  void StartWritesDone() override { Reactor::StartWritesDone(); }

 private:
  void OnWriteDone(bool ok) override {
    Base::Post([ok](typename Base::Events& events) { events.written = ok; });
  }
};

template <typename Request, typename Response>
class GrpcReadWire final
    : public GrpcWireBase<ReadWire<Response>, grpc::ClientReadReactor<Response>, Response> {
 public:
  using Base = GrpcWireBase<ReadWire<Response>, grpc::ClientReadReactor<Response>, Response>;
  GrpcReadWire(Request request, Signal* signal, const std::string& bearer)
      : Base(signal, bearer), request_(std::move(request)) {}
  ~GrpcReadWire() override { Base::End(); }

  const Request* request() const { return &request_; }

 private:
  const Request request_;
};

}  // namespace

struct Stub::Channels {
  struct Channel {
    std::unique_ptr<v1::RegistrarService::Stub> registrar;
    std::unique_ptr<v1::RegistryService::Stub> registry;
    std::unique_ptr<v1::ResolverService::Stub> resolver;
    std::unique_ptr<v1::AuditService::Stub> audit;
    std::unique_ptr<v1::StatisticsService::Stub> statistics;
  };

  const Channel& Next() { return all[next_index.fetch_add(1) % all.size()]; }

  // The stub of the service that `Method` belongs to.
  static v1::RegistrarService::Stub* Of(const Channel& channel, v1::RegistrarService::Stub*) {
    return channel.registrar.get();
  }
  static v1::RegistryService::Stub* Of(const Channel& channel, v1::RegistryService::Stub*) {
    return channel.registry.get();
  }
  static v1::ResolverService::Stub* Of(const Channel& channel, v1::ResolverService::Stub*) {
    return channel.resolver.get();
  }
  static v1::AuditService::Stub* Of(const Channel& channel, v1::AuditService::Stub*) {
    return channel.audit.get();
  }
  static v1::StatisticsService::Stub* Of(const Channel& channel, v1::StatisticsService::Stub*) {
    return channel.statistics.get();
  }

  template <typename Service, typename Request, typename Response>
  Tried Unary(grpc::Status (Service::*method)(grpc::ClientContext*, const Request&, Response*),
              Deadline deadline, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(OnSystemClock(deadline));
    if (!bearer.empty()) context.AddMetadata("authorization", "Bearer " + bearer);
    Service* service = Of(Next(), static_cast<Service*>(nullptr));
    return TriedFrom((service->*method)(&context, request, response));
  }

  std::string bearer;
  std::vector<Channel> all;
  std::atomic<size_t> next_index{0};
};

Result<std::shared_ptr<Stub>> Stub::Make(const ClientOptions& options) {
  Result<Endpoint> endpoint = ReadEndpoint(options);
  if (!endpoint) return endpoint.status();

  std::shared_ptr<grpc::ChannelCredentials> credentials;
  grpc::ChannelArguments arguments;
  if (endpoint->plaintext) {
    credentials = grpc::InsecureChannelCredentials();
  } else {
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = endpoint->ca_pem;
    credentials = grpc::SslCredentials(tls);
    if (!endpoint->tls_name.empty()) arguments.SetSslTargetNameOverride(endpoint->tls_name);
  }
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectTryMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  // Repeating is the connection's, which knows what is safe.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A connection of its own for each channel.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (options.compression) arguments.SetCompressionAlgorithm(GRPC_COMPRESS_GZIP);
  arguments.SetUserAgentPrefix((options.user_agent.empty() ? "" : options.user_agent + " ") +
                               "gusu-client/" GUSU_VERSION);

  auto channels = std::make_unique<Channels>();
  channels->bearer = endpoint->bearer;
  for (size_t i = 0; i < options.connections; ++i) {
    auto channel = grpc::CreateCustomChannel(endpoint->target, credentials, arguments);
    channels->all.push_back(
        {v1::RegistrarService::NewStub(channel), v1::RegistryService::NewStub(channel),
         v1::ResolverService::NewStub(channel), v1::AuditService::NewStub(channel),
         v1::StatisticsService::NewStub(channel)});
  }
  return std::shared_ptr<Stub>(new Stub(std::move(channels)));
}

Stub::Stub(std::unique_ptr<Channels> channels) : channels_(std::move(channels)) {}
Stub::~Stub() = default;

#define GUSU_CALL(Service, Method, Request, Response)                                       \
  Tried Stub::Call(Deadline deadline, const v1::Request& request, v1::Response* response) { \
    return channels_->Unary(&v1::Service::Stub::Method, deadline, request, response);       \
  }
GUSU_CALL(RegistrarService, ApplyRegistrant, ApplyRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, UpdateRegistrant, UpdateRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, ApproveRegistrant, ApproveRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, ReturnRegistrant, ReturnRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, RejectRegistrant, RejectRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, SuspendRegistrant, SuspendRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, ActivateRegistrant, ActivateRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, CloseRegistrant, CloseRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, DesignateRegistrant, DesignateRegistrantRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, RevokeDesignation, RevokeDesignationRequest, RegistrantResponse)
GUSU_CALL(RegistrarService, GetRegistrant, GetRegistrantRequest, Registrant)
GUSU_CALL(RegistrarService, ListRegistrants, ListRegistrantsRequest, ListRegistrantsResponse)
GUSU_CALL(RegistrarService, GrantPrefix, GrantPrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, UpdatePrefix, UpdatePrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, DelegatePrefix, DelegatePrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, TransferPrefix, TransferPrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, SuspendPrefix, SuspendPrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, ActivatePrefix, ActivatePrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, RetirePrefix, RetirePrefixRequest, PrefixResponse)
GUSU_CALL(RegistrarService, GetPrefix, GetPrefixRequest, Prefix)
GUSU_CALL(RegistrarService, ListPrefixes, ListPrefixesRequest, ListPrefixesResponse)
GUSU_CALL(RegistrarService, CreateCredential, CreateCredentialRequest, CredentialResponse)
GUSU_CALL(RegistrarService, ListCredentials, ListCredentialsRequest, ListCredentialsResponse)
GUSU_CALL(RegistrarService, RevokeCredential, RevokeCredentialRequest, CredentialResponse)
GUSU_CALL(RegistrarService, GetTemplate, GetTemplateRequest, Template)
GUSU_CALL(RegistrarService, ListTemplates, ListTemplatesRequest, ListTemplatesResponse)
GUSU_CALL(RegistrarService, CreateTemplate, CreateTemplateRequest, TemplateResponse)
GUSU_CALL(RegistrarService, UpdateTemplate, UpdateTemplateRequest, TemplateResponse)
GUSU_CALL(RegistrarService, PublishTemplate, PublishTemplateRequest, TemplateResponse)
GUSU_CALL(RegistrarService, WithdrawTemplate, WithdrawTemplateRequest, TemplateResponse)
GUSU_CALL(RegistrarService, CreateGrant, CreateGrantRequest, GrantResponse)
GUSU_CALL(RegistrarService, RevokeGrant, RevokeGrantRequest, GrantResponse)
GUSU_CALL(RegistrarService, ListGrants, ListGrantsRequest, ListGrantsResponse)
GUSU_CALL(RegistrarService, SetGroup, SetGroupRequest, GroupResponse)
GUSU_CALL(RegistrarService, ListGroups, ListGroupsRequest, ListGroupsResponse)
GUSU_CALL(StatisticsService, GetStatistics, GetStatisticsRequest, GetStatisticsResponse)
GUSU_CALL(StatisticsService, RecountStatistics, RecountStatisticsRequest, RecountStatisticsResponse)
GUSU_CALL(StatisticsService, ListUsage, ListUsageRequest, ListUsageResponse)
GUSU_CALL(RegistryService, Register, RegisterRequest, RegisterResponse)
GUSU_CALL(RegistryService, BatchRegister, BatchRegisterRequest, BatchRegisterResponse)
GUSU_CALL(RegistryService, GetRecord, GetRecordRequest, Record)
GUSU_CALL(RegistryService, ListRecords, ListRecordsRequest, ListRecordsResponse)
GUSU_CALL(RegistryService, ListRevisions, ListRevisionsRequest, ListRevisionsResponse)
GUSU_CALL(RegistryService, UpdateRecord, UpdateRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, ModifyValues, ModifyValuesRequest, RecordResponse)
GUSU_CALL(RegistryService, SuspendRecord, SuspendRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, ActivateRecord, ActivateRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, RetireRecord, RetireRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, ReinstateRecord, ReinstateRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, HoldRecord, HoldRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, UnholdRecord, UnholdRecordRequest, RecordResponse)
GUSU_CALL(RegistryService, EraseValues, EraseValuesRequest, RecordResponse)
GUSU_CALL(RegistryService, AllocateSerialRange, AllocateSerialRangeRequest, SerialRangeResponse)
GUSU_CALL(RegistryService, ActivateSerialRange, ActivateSerialRangeRequest, SerialRangeResponse)
GUSU_CALL(RegistryService, ReleaseSerialRange, ReleaseSerialRangeRequest, SerialRangeResponse)
GUSU_CALL(RegistryService, GetSerialRange, GetSerialRangeRequest, SerialRange)
GUSU_CALL(RegistryService, ListSerialRanges, ListSerialRangesRequest, ListSerialRangesResponse)
GUSU_CALL(RegistryService, OfferTransfer, OfferTransferRequest, TransferResponse)
GUSU_CALL(RegistryService, AcceptTransfer, AcceptTransferRequest, TransferResponse)
GUSU_CALL(RegistryService, DeclineTransfer, DeclineTransferRequest, TransferResponse)
GUSU_CALL(RegistryService, WithdrawTransfer, WithdrawTransferRequest, TransferResponse)
GUSU_CALL(RegistryService, GetTransfer, GetTransferRequest, Transfer)
GUSU_CALL(RegistryService, ListTransfers, ListTransfersRequest, ListTransfersResponse)
GUSU_CALL(ResolverService, Resolve, ResolveRequest, ResolveResponse)
GUSU_CALL(ResolverService, BatchResolve, BatchResolveRequest, BatchResolveResponse)
GUSU_CALL(AuditService, GetCheckpoint, GetCheckpointRequest, GetCheckpointResponse)
GUSU_CALL(AuditService, ListEntries, ListEntriesRequest, ListEntriesResponse)
GUSU_CALL(AuditService, GetInclusionProof, GetInclusionProofRequest, GetInclusionProofResponse)
GUSU_CALL(AuditService, GetConsistencyProof, GetConsistencyProofRequest,
          GetConsistencyProofResponse)
GUSU_CALL(AuditService, GetTile, GetTileRequest, GetTileResponse)
GUSU_CALL(AuditService, AddCosignatures, AddCosignaturesRequest, AddCosignaturesResponse)
GUSU_CALL(AuditService, ListRows, ListRowsRequest, ListRowsResponse)
GUSU_CALL(AuditService, ListFiles, ListFilesRequest, ListFilesResponse)
GUSU_CALL(AuditService, VerifyFile, VerifyFileRequest, VerifyFileResponse)
#undef GUSU_CALL

std::unique_ptr<Stub::RegisterWire> Stub::OpenRegisterWire(Signal* signal) {
  auto wire = std::make_unique<GrpcWire<v1::StreamRegisterRequest, v1::StreamRegisterResponse>>(
      signal, channels_->bearer);
  channels_->Next().registry->async()->StreamRegister(wire->context(), wire.get());
  wire->Start();
  return wire;
}

std::unique_ptr<Stub::ResolveWire> Stub::OpenResolveWire(Signal* signal) {
  auto wire = std::make_unique<GrpcWire<v1::StreamResolveRequest, v1::StreamResolveResponse>>(
      signal, channels_->bearer);
  channels_->Next().resolver->async()->StreamResolve(wire->context(), wire.get());
  wire->Start();
  return wire;
}

std::unique_ptr<Stub::WatchWire> Stub::OpenWatchWire(const v1::WatchEntriesRequest& request,
                                                     Signal* signal) {
  auto wire = std::make_unique<GrpcReadWire<v1::WatchEntriesRequest, v1::WatchEntriesResponse>>(
      request, signal, channels_->bearer);
  channels_->Next().audit->async()->WatchEntries(wire->context(), wire->request(), wire.get());
  wire->Start();
  return wire;
}

}  // namespace gusu
