#include "server/doors/http/door.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "proto/status_macros.h"
#include "server/doors/http/router.h"
#include "server/metrics/metrics.h"

namespace gusu::server {
namespace {

size_t ThreadCount() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace

class HttpDoor::State {
 public:
  explicit State(const DoorRules& rules)
      : metrics_(rules.metrics), router_(std::make_shared<HttpRouter>(rules)) {}

  ~State() { Drain(absl::ZeroDuration()); }

  absl::Status Start(const Options& options) {
    GUSU_ASSIGN_OR_RETURN(const SocketAddress address, FindAddress(options.address));
    GUSU_ASSIGN_OR_RETURN(
        server_, HttpServer::Bind(
                     address, options.tls,
                     [router = router_](HttpRequest request, HttpReply reply) {
                       // Whoever answers later keeps what answers are made with.
                       router->Handle(std::move(request),
                                      [router, reply = std::move(reply)](HttpResponse response) {
                                        reply(std::move(response));
                                      });
                     },
                     options.limits, CountRefused()));
    address_ = {options.address.host, server_->port()};
    if (metrics_ != nullptr) {
      connections_ = metrics_->Watch(
          {"gusu_http_connections", "Connections of the HTTP door that are open",
           [server = server_.get()] { return static_cast<double>(server->connection_count()); }});
    }
    server_->Run(ThreadCount());
    return absl::OkStatus();
  }

  const ListenAddress& address() const { return address_; }

  // What came was no request, or too much: no area saw it.
  HttpServer::Refused CountRefused() const {
    if (metrics_ == nullptr) return nullptr;
    return [counter = metrics_->CounterOf(Door::kHttp, "refused")](int status) {
      counter->Count(status);
    };
  }

  void Drain(absl::Duration patience) {
    router_->Drain();
    if (server_ != nullptr) server_->Drain(patience);
    connections_.reset();
    server_.reset();
  }

 private:
  Metrics* const metrics_;
  const std::shared_ptr<HttpRouter> router_;
  std::shared_ptr<void> connections_;  // the figure, while the server is there
  std::unique_ptr<HttpServer> server_;
  ListenAddress address_;
};

HttpDoor::HttpDoor(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpDoor::~HttpDoor() = default;

absl::StatusOr<std::unique_ptr<HttpDoor>> HttpDoor::Start(const Options& options,
                                                          const DoorRules& rules) {
  auto state = std::make_unique<State>(rules);
  if (absl::Status status = state->Start(options); !status.ok()) return status;
  return std::unique_ptr<HttpDoor>(new HttpDoor(std::move(state)));
}

const ListenAddress& HttpDoor::address() const { return state_->address(); }

void HttpDoor::Drain(absl::Duration patience) { state_->Drain(patience); }

}  // namespace gusu::server
