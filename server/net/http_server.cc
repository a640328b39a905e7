#include "server/net/http_server.h"

#define BOOST_ASIO_NO_DEPRECATED
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "server/net/connection_server.h"
#include "server/net/http_request_reader.h"
#include "server/net/http_response_text.h"
#include "server/net/tls_certificate.h"

namespace gusu::server {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = ConnectionClock;

// The first byte of a TLS record that holds a handshake; no method of HTTP begins with it.
constexpr unsigned char kTlsHandshake = 0x16;
constexpr auto kNever = Clock::time_point::max();

std::chrono::nanoseconds ToChrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

struct Settings {
  HttpServer::Handle handle;
  HttpServer::Refused refused;  // may be empty
  HttpServer::Limits limits;
  const TlsCertificate* certificate = nullptr;  // nullptr: plain only
};

class Connection;

using Loop = ConnectionLoop<Connection, Settings>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, tcp::socket socket, std::string peer)
      : loop_(std::move(loop)),
        socket_(std::move(socket)),
        peer_(std::move(peer)),
        reader_({limits().target_bytes_max, limits().header_bytes_max, limits().header_count_max,
                 limits().body_bytes_max}) {}

  // All on the loop's thread.
  void Start() {
    loop_->connections.insert(shared_from_this());
    BeginIdle();
    socket_.async_wait(tcp::socket::wait_read,
                       [self = shared_from_this()](error_code error) { self->Greet(error); });
  }

  void Check(Clock::time_point now) {
    if (now < deadline_) return;
    if (state_ == State::kReading && is_request_coming_) {
      return Refuse({408, "the request took too long to come"});
    }
    Close();
  }

  void Drain() {
    if (state_ == State::kGreeting || state_ == State::kReading) Close();
  }

  void Close() {
    if (state_ == State::kClosed) return;
    state_ = State::kClosed;
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    more_ = nullptr;
    loop_->admission->Leave(peer_);
    loop_->connections.erase(shared_from_this());
  }

  const std::string& peer() const { return peer_; }
  Clock::time_point idle_since() const {
    const bool is_idle = (state_ == State::kGreeting && tls_ == nullptr) ||
                         (state_ == State::kReading && !is_request_coming_);
    return is_idle ? idle_since_ : kNever;
  }

 private:
  enum class State { kGreeting, kReading, kWorking, kWriting, kLingering, kClosed };
  enum class AfterWrite { kReadOn, kMore, kNextRequest, kEnd };

  const HttpServer::Limits& limits() const { return loop_->settings->limits; }

  // By its first byte a peer tells whether it speaks TLS.
  void Greet(error_code error) {
    if (state_ == State::kClosed) return;
    unsigned char first = 0;
    if (!error) socket_.receive(asio::buffer(&first, 1), tcp::socket::message_peek, error);
    if (error) return Close();
    if (first != kTlsHandshake) return Read();
    if (loop_->settings->certificate == nullptr) return Close();
    const std::shared_ptr<SSL_CTX> shared = loop_->settings->certificate->context();
    SSL_CTX_up_ref(shared.get());  // the context takes one for itself
    context_ = std::make_unique<ssl::context>(shared.get());
    tls_ = std::make_unique<ssl::stream<tcp::socket&>>(socket_, *context_);
    deadline_ = Clock::now() + ToChrono(limits().handshake_time_max);
    tls_->async_handshake(ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
      if (self->state_ == State::kClosed) return;
      if (failed) return self->Close();
      self->BeginIdle();
      self->Read();
    });
  }

  void BeginIdle() {
    is_request_coming_ = false;
    idle_since_ = Clock::now();
    deadline_ = idle_since_ + ToChrono(limits().idle_max);
  }

  void Read() {
    state_ = State::kReading;
    StartReading();
  }

  void StartReading() {
    if (is_read_pending_) return;
    const std::span<char> room = reader_.Room();
    const auto buffer = asio::buffer(room.data(), room.size());
    is_read_pending_ = true;
    auto received = [self = shared_from_this()](error_code error, size_t count) {
      self->is_read_pending_ = false;
      self->Received(error, count);
    };
    if (tls_ != nullptr) {
      tls_->async_read_some(buffer, std::move(received));
    } else {
      socket_.async_read_some(buffer, std::move(received));
    }
  }

  void Received(error_code error, size_t count) {
    switch (state_) {
      case State::kReading:
        if (error) return Close();
        BeginRequest();
        reader_.Received(count);
        return Advance();
      // Between the parts of an answer.
      case State::kWorking:
        if (error) return Close();
        return reader_.Received(count);
      case State::kWriting:
        if (!error) reader_.Received(count);
        return;
      case State::kLingering:
        return tls_ == nullptr ? Linger() : EndTls();
      case State::kGreeting:
      case State::kClosed:
        return;
    }
  }

  // The first byte of a request sets its times; those after do not prolong them.
  void BeginRequest() {
    if (is_request_coming_) return;
    is_request_coming_ = true;
    const Clock::time_point now = Clock::now();
    request_deadline_ = now + ToChrono(limits().request_time_max);
    deadline_ = std::min(request_deadline_, now + ToChrono(limits().header_time_max));
  }

  // Hands on the request that has come whole, or reads on.
  void Advance() {
    switch (reader_.Advance()) {
      case HttpRequestReader::State::kIdle:  // what came was an empty line
        BeginIdle();
        return Read();
      case HttpRequestReader::State::kHeader:
        return Read();
      case HttpRequestReader::State::kBody:
        deadline_ = request_deadline_;
        return Read();
      case HttpRequestReader::State::kContinue:
        head_ = "HTTP/1.1 100 Continue\r\n\r\n";
        body_.clear();
        tail_ = {};
        return Write(AfterWrite::kReadOn);
      case HttpRequestReader::State::kWhole:
        return Work();
      case HttpRequestReader::State::kRefused:
        return Refuse(reader_.refusal());
    }
  }

  void Refuse(const HttpRequestReader::Refusal& refusal) {
    if (loop_->settings->refused) loop_->settings->refused(refusal.status);
    HttpResponse response;
    response.status = refusal.status;
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                        {"Cache-Control", "no-store"}};
    response.body = std::string(refusal.what) + "\n";
    head_ = HttpHead(&response, HttpFraming::kLength, true);
    body_ = std::move(response.body);
    tail_ = {};
    Write(AfterWrite::kEnd);
  }

  void Work() {
    HttpRequest request = reader_.Take();
    request.peer = peer_;
    request.tls = tls_ != nullptr;
    is_head_ = request.method == "HEAD";
    is_answer_begun_ = false;
    state_ = State::kWorking;
    deadline_ = kNever;
    std::weak_ptr<Connection> weak = weak_from_this();
    loop_->settings->handle(std::move(request), [weak = std::move(weak)](HttpResponse response) {
      const std::shared_ptr<Connection> self = weak.lock();
      if (self == nullptr) return;
      asio::dispatch(self->loop_->context, [weak, response = std::move(response)]() mutable {
        if (const auto connection = weak.lock()) connection->Answer(std::move(response));
      });
    });
  }

  void Answer(HttpResponse response) {
    if (state_ != State::kWorking) return;
    head_.clear();
    if (!std::exchange(is_answer_begun_, true)) BeginAnswer(&response);
    const bool is_last = response.more == nullptr;
    more_ = std::move(response.more);
    body_ = std::move(response.body);
    if (is_head_) body_.clear();
    tail_ = {};
    if (framing_ == HttpFraming::kChunked) {
      ChunkFrame frame = FrameChunk(body_.size(), is_last);
      head_ += frame.before;
      tail_ = frame.after;
    }
    if (!is_last) return Write(AfterWrite::kMore);
    Write(close_after_ ? AfterWrite::kEnd : AfterWrite::kNextRequest);
  }

  void BeginAnswer(HttpResponse* response) {
    framing_ = response->more == nullptr ? HttpFraming::kLength
               : reader_.is_http_1_0()   ? HttpFraming::kClose
                                         : HttpFraming::kChunked;
    close_after_ = !reader_.keep_alive() || response->close || loop_->draining;
    head_ = HttpHead(response, framing_, close_after_);
    if (is_head_) response->more = nullptr;
    if (response->more == nullptr) framing_ = HttpFraming::kLength;
  }

  void Write(AfterWrite then) {
    after_write_ = then;
    state_ = State::kWriting;
    deadline_ = Clock::now() + ToChrono(limits().answer_time_max);
    std::array<asio::const_buffer, 3> buffers = {asio::buffer(head_), asio::buffer(body_),
                                                 asio::buffer(tail_.data(), tail_.size())};
    auto written = [self = shared_from_this()](error_code error, size_t) { self->Written(error); };
    if (tls_ != nullptr) return asio::async_write(*tls_, buffers, std::move(written));
    // Most answers fit into the system's buffer: no wait for the socket then.
    error_code error;
    size_t sent = socket_.write_some(buffers, error);
    if (error && error != asio::error::would_block && error != asio::error::try_again) {
      return Close();
    }
    if (error) sent = 0;
    if (sent == asio::buffer_size(buffers)) return Written({});
    for (asio::const_buffer& buffer : buffers) {
      const size_t gone = std::min(sent, buffer.size());
      buffer += gone;
      sent -= gone;
    }
    asio::async_write(socket_, buffers, std::move(written));
  }

  void Written(error_code error) {
    if (state_ != State::kWriting) return;
    if (error) return Close();
    body_ = std::string();
    switch (after_write_) {
      case AfterWrite::kReadOn:
        deadline_ = request_deadline_;
        return Advance();
      case AfterWrite::kMore:
        state_ = State::kWorking;
        deadline_ = kNever;
        // A peer that leaves meanwhile is noticed at once, not by the part that it does not take.
        if (!reader_.HasBytes()) StartReading();
        // On its own turn: a part given at once would pile up calls.
        return asio::post(loop_->context, [more = std::exchange(more_, nullptr)] { more(); });
      case AfterWrite::kNextRequest:
        return loop_->draining ? End() : BeginNext();
      case AfterWrite::kEnd:
        return End();
    }
  }

  void BeginNext() {
    BeginIdle();
    if (!reader_.HasBytes()) return Read();
    // Requests that came together are taken one a turn.
    BeginRequest();
    state_ = State::kReading;
    asio::post(loop_->context, [self = shared_from_this()] {
      if (self->state_ == State::kReading) self->Advance();
    });
  }

  // Says that no more comes, and listens until the peer has understood.
  void End() {
    state_ = State::kLingering;
    deadline_ = Clock::now() + kLingerTime;
    if (tls_ == nullptr) return EndSending();
    if (!is_read_pending_) return EndTls();
    // The end of TLS reads, too: it begins when the read under way is given up.
    error_code ignored;
    socket_.cancel(ignored);
  }

  void EndTls() {
    tls_->async_shutdown([self = shared_from_this()](error_code) { self->EndSending(); });
  }

  void EndSending() {
    if (state_ != State::kLingering) return;
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    if (error) return Close();
    if (!is_read_pending_) Linger();
  }

  void Linger() {
    const std::span<char> room = reader_.Room();
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this()](error_code error, size_t count) {
                              if (self->state_ != State::kLingering) return;
                              self->lingered_bytes_ += count;
                              if (error || self->lingered_bytes_ > kLingerBytesMax) {
                                return self->Close();
                              }
                              self->Linger();
                            });
  }

  const std::shared_ptr<Loop> loop_;
  tcp::socket socket_;
  // Of TLS; nullptr: plain.
  std::unique_ptr<ssl::context> context_;
  std::unique_ptr<ssl::stream<tcp::socket&>> tls_;
  const std::string peer_;
  State state_ = State::kGreeting;
  Clock::time_point deadline_ = kNever;
  Clock::time_point idle_since_ = kNever;

  HttpRequestReader reader_;
  bool is_read_pending_ = false;
  bool is_request_coming_ = false;  // a byte of it has come
  Clock::time_point request_deadline_ = kNever;

  // Of the request in work:
  bool is_head_ = false;
  bool is_answer_begun_ = false;
  bool close_after_ = false;
  HttpFraming framing_ = HttpFraming::kLength;
  std::function<void()> more_;

  // What is being written.
  std::string head_;
  std::string body_;
  std::string_view tail_;
  AfterWrite after_write_ = AfterWrite::kEnd;
  size_t lingered_bytes_ = 0;
};

}  // namespace

struct HttpServer::State {
  State(Handle handle, Refused refused, const Limits& limits,
        std::unique_ptr<TlsCertificate> own_certificate)
      : certificate(std::move(own_certificate)),
        server(std::make_shared<const Settings>(
            Settings{std::move(handle), std::move(refused), limits, certificate.get()})) {}

  const std::unique_ptr<TlsCertificate> certificate;  // nullptr: plain only
  ConnectionServer<Connection, Settings> server;
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() { state_->server.Drain(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Bind(const SocketAddress& address,
                                                             const std::optional<Tls>& tls,
                                                             Handle handle, const Limits& limits,
                                                             Refused refused) {
  std::unique_ptr<TlsCertificate> certificate;
  if (tls.has_value()) {
    certificate = std::make_unique<TlsCertificate>(tls->certificate_path, tls->key_path);
    if (const absl::Status status = certificate->Load(); !status.ok()) return status;
  }
  auto state = std::make_unique<State>(std::move(handle), std::move(refused), limits,
                                       std::move(certificate));
  if (const absl::Status status = state->server.Listen(address); !status.ok()) return status;
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

void HttpServer::Run(size_t threads) {
  std::function<void()> tick;
  if (TlsCertificate* certificate = state_->certificate.get()) {
    tick = [certificate] { certificate->LoadWhenChanged(); };
  }
  state_->server.Run(std::max<size_t>(threads, 1), std::move(tick));
}

uint16_t HttpServer::port() const { return state_->server.port(); }

size_t HttpServer::connection_count() const { return state_->server.connection_count(); }

void HttpServer::Drain(absl::Duration patience) { state_->server.Drain(patience); }

}  // namespace gusu::server
