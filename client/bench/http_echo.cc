#include "client/bench/http_echo.h"

#include <time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <thread>

namespace gusu::cli {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Response = http::response<http::string_body>;

double ThreadCpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// One connection, which lives as long as something is under way on it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const Response& answer)
      : socket_(std::move(socket)), answer_(answer) {}

  void Read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](const error_code& error, size_t) {
                       if (!error) self->Write();
                     });
  }

 private:
  void Write() {
    response_ = answer_;
    http::async_write(socket_, response_,
                      [self = shared_from_this()](const error_code& error, size_t) {
                        if (!error) self->Read();
                      });
  }

  tcp::socket socket_;
  const Response& answer_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  Response response_;
};

}  // namespace

class HttpEcho::State {
 public:
  explicit State(Answer answer) : answer_(http::status::ok, 11) {
    for (const auto& [name, value] : answer.headers) answer_.insert(name, value);
    answer_.body() = std::move(answer.body);
    answer_.prepare_payload();
  }
  ~State() { Stop(); }

  // Empty, or why not.
  std::string Start() {
    const tcp::endpoint any_port(asio::ip::address_v4::loopback(), 0);
    error_code error;
    acceptor_.open(any_port.protocol(), error);
    if (!error) acceptor_.bind(any_port, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return error.message();
    address_ = "127.0.0.1:" + std::to_string(acceptor_.local_endpoint(error).port());
    if (error) return error.message();
    Accept();
    thread_ = std::thread([this] {
      context_.run();
      cpu_seconds_ = ThreadCpuSeconds();
    });
    return "";
  }

  const std::string& address() const { return address_; }

  double Stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    return cpu_seconds_;
  }

 private:
  void Accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (error) return;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Connection>(std::move(socket), answer_)->Read();
      Accept();
    });
  }

  Response answer_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_};
  std::string address_;
  double cpu_seconds_ = 0;  // set by the thread at its end
  std::thread thread_;
};

OrFailure<std::unique_ptr<HttpEcho>> HttpEcho::Start(Answer answer) {
  auto state = std::make_unique<State>(std::move(answer));
  if (const std::string why = state->Start(); !why.empty()) {
    return FileFailure("cannot open a port on loopback: " + why);
  }
  return std::unique_ptr<HttpEcho>(new HttpEcho(std::move(state)));
}

HttpEcho::HttpEcho(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpEcho::~HttpEcho() = default;

const std::string& HttpEcho::address() const { return state_->address(); }

double HttpEcho::StopAndCpuSeconds() { return state_->Stop(); }

}  // namespace gusu::cli
