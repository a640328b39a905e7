#include "server/doors/handle/door.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "proto/status_macros.h"
#include "server/doors/handle/challenged_administration.h"
#include "server/doors/handle/datagrams.h"
#include "server/doors/handle/site.h"
#include "server/doors/handle/site_key.h"
#include "server/metrics/metrics.h"
#include "server/net/tcp_server.h"
#include "server/work_pool.h"

namespace gusu::server {
namespace {

// UDP and TCP share the port. One that is free for TCP may be taken for UDP: then the next.
constexpr int kPortAttemptsMax = 16;
constexpr std::string_view kTooLong = "the message is longer than the protocol allows";
constexpr std::string_view kTooBusy = "the server has too many messages waiting; try again later";
constexpr size_t kMessageLengthAt = 16;

// An envelope alone, as one of an empty message; nullopt when it is none.
std::optional<handle::Envelope> ReadAlone(std::string_view header) {
  std::string bytes(header.substr(0, handle::kEnvelopeBytes));
  if (bytes.size() < handle::kEnvelopeBytes) return std::nullopt;
  handle::Writer(bytes).PutInt(kMessageLengthAt, 0);
  return handle::DecodeEnvelope(bytes);
}

// Of a message that is too long the envelope alone is taken, to be refused.
size_t FrameBytes(std::string_view header) {
  if (const auto envelope = handle::DecodeEnvelope(header)) {
    return handle::kEnvelopeBytes + envelope->message_bytes;
  }
  return ReadAlone(header).has_value() ? handle::kEnvelopeBytes : 0;
}

size_t ThreadCount() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace

class HandleDoor::State {
  // What a message in work needs: kept by the tasks on the pool, too.
  struct Core {
    Core(HandleSite own_site, HandleResolve::Sources sources, RateLimiter* rate_limiter)
        : site(std::move(own_site)), handler(WithSite(std::move(sources), &site), rate_limiter) {}
    static HandleResolve::Sources WithSite(HandleResolve::Sources sources, const HandleSite* site) {
      sources.site = site;
      return sources;
    }
    const HandleSite site;
    MessageHandler handler;
    AnswerLimiter limiter;
    std::unique_ptr<ChallengedAdministration> administration;
  };

 public:
  State(Options options, const Rules& rules) : options_(std::move(options)), rules_(rules) {}

  ~State() { Drain(absl::ZeroDuration()); }

  absl::Status Start() {
    GUSU_ASSIGN_OR_RETURN(SocketAddress address, FindAddress(options_.address));
    GUSU_ASSIGN_OR_RETURN(handle::PrivateKey key, ReadOrMakeSiteKey(options_.key_path));
    absl::Status status;
    for (int attempt = 0; attempt < kPortAttemptsMax; ++attempt) {
      status = Listen(address, key);
      if (status.ok() || options_.address.port != 0 || !absl::IsUnavailable(status)) break;
    }
    return status;
  }

  const ListenAddress& address() const { return options_.address; }
  const HandleSite& site() const { return core_->site; }
  const MessageHandler& messages() const { return core_->handler; }

  void Drain(absl::Duration patience) {
    udp_.reset();
    if (tcp_ != nullptr) tcp_->Drain(patience);
    connections_.reset();
    tcp_.reset();
  }

 private:
  // What handles messages stands before the first socket is read.
  absl::Status Listen(SocketAddress address, const handle::PrivateKey& key) {
    TcpServer::Protocol protocol;
    protocol.header_bytes = handle::kEnvelopeBytes;
    protocol.message_bytes = FrameBytes;
    protocol.handle = [this](std::string bytes, const std::string& peer, Reply reply) {
      TakeFromConnection(std::move(bytes), peer, std::move(reply));
    };
    GUSU_ASSIGN_OR_RETURN(tcp_, TcpServer::Bind(address, protocol, TcpServer::Limits()));
    address.set_port(tcp_->port());
    const uint16_t asked_port = std::exchange(options_.address.port, tcp_->port());
    const absl::Status status = Serve(address, key);
    if (!status.ok()) {
      options_.address.port = asked_port;
      tcp_.reset();
    }
    return status;
  }

  absl::Status Serve(const SocketAddress& address, const handle::PrivateKey& key) {
    HandleSite::Description description;
    description.addresses = options_.site_addresses;
    if (description.addresses.empty()) {
      description.addresses = {{address.Text(), options_.address.port}};
    }
    description.name = options_.site_name;
    description.administration = options_.administration;
    GUSU_ASSIGN_OR_RETURN(HandleSite site, HandleSite::Make(description, key, options_.site_path));
    HandleResolve::Sources sources;
    sources.resolver = rules_.resolver;
    sources.ledger = rules_.ledger;
    sources.identities = rules_.identities;
    sources.service = options_.service;
    core_ = std::make_shared<Core>(std::move(site), std::move(sources), rules_.rate_limiter);
    if (rules_.metrics != nullptr) core_->handler.CountIn(rules_.metrics);
    if (options_.administration) Administer();
    const auto make_receiver = [this](std::shared_ptr<UdpSender> sender) {
      return std::make_unique<HandleDatagrams>(
          std::shared_ptr<const MessageHandler>(core_, &core_->handler),
          std::shared_ptr<AnswerLimiter>(core_, &core_->limiter), rules_.pool, std::move(sender));
    };
    GUSU_ASSIGN_OR_RETURN(udp_, UdpServer::Start(address, ThreadCount(), make_receiver));
    if (rules_.metrics != nullptr) {
      connections_ = rules_.metrics->Watch(
          {"gusu_handle_connections", "Connections of the Handle door that are open",
           [server = tcp_.get()] { return static_cast<double>(server->connection_count()); }});
    }
    tcp_->Run(ThreadCount());
    return absl::OkStatus();
  }

  void Administer() {
    ChallengedAdministration::Rules rules;
    rules.registry = rules_.registry;
    rules.resolver = rules_.resolver;
    rules.ledger = rules_.ledger;
    rules.vault = rules_.vault;
    rules.rate_limiter = rules_.rate_limiter;
    rules.pool = rules_.pool;
    rules.site = &core_->site;
    rules.handler = &core_->handler;
    core_->administration = std::make_unique<ChallengedAdministration>(std::move(rules));
    core_->handler.Administer(core_->administration.get());
  }

  void TakeFromConnection(std::string bytes, const std::string& peer, Reply reply) {
    const auto envelope = handle::DecodeEnvelope(bytes);
    if (!envelope.has_value()) {
      const AnswerForm form(core_->site, *ReadAlone(bytes), {}, {});
      return reply({form.Refusal(handle::ResponseCode::kProtocolError, kTooLong), true, nullptr});
    }
    auto task = [core = core_, envelope = *envelope, bytes = std::move(bytes), peer, reply] {
      // What is answered later keeps what answers are made with.
      const Reply keeping = [core, reply](WireAnswer answer) { reply(std::move(answer)); };
      core->handler.Handle(envelope, std::string_view(bytes).substr(handle::kEnvelopeBytes),
                           {peer, handle::Transport::kTcp}, keeping);
    };
    if (rules_.pool == nullptr) return task();
    if (rules_.pool->Submit(std::move(task))) return;
    const AnswerForm form(core_->site, *envelope, {}, {});
    reply({form.Refusal(handle::ResponseCode::kServerTooBusy, kTooBusy), false, nullptr});
  }

  Options options_;
  const Rules rules_;
  std::shared_ptr<Core> core_;
  std::unique_ptr<UdpServer> udp_;
  std::shared_ptr<void> connections_;  // the figure, while the server is there
  std::unique_ptr<TcpServer> tcp_;
};

HandleDoor::HandleDoor(std::unique_ptr<State> state) : state_(std::move(state)) {}

HandleDoor::~HandleDoor() = default;

absl::StatusOr<std::unique_ptr<HandleDoor>> HandleDoor::Start(const Options& options,
                                                              const Rules& rules) {
  auto state = std::make_unique<State>(options, rules);
  if (absl::Status status = state->Start(); !status.ok()) return status;
  return std::unique_ptr<HandleDoor>(new HandleDoor(std::move(state)));
}

const ListenAddress& HandleDoor::address() const { return state_->address(); }

const HandleSite& HandleDoor::site() const { return state_->site(); }
const MessageHandler& HandleDoor::messages() const { return state_->messages(); }

void HandleDoor::Drain(absl::Duration patience) { state_->Drain(patience); }

}  // namespace gusu::server
