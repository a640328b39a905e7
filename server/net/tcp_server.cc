#include "server/net/tcp_server.h"

#define BOOST_ASIO_NO_DEPRECATED
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "server/net/connection_server.h"

namespace gusu::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = ConnectionClock;

constexpr size_t kReadBytes = 4096;
// A message beyond one read grows by what arrives, at most that much at a time.
constexpr size_t kGrowthBytes = 64 * 1024;
constexpr auto kNever = Clock::time_point::max();

std::chrono::nanoseconds ToChrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

struct Settings {
  TcpServer::Protocol protocol;
  TcpServer::Limits limits;
};

class Connection;

using Loop = ConnectionLoop<Connection, Settings>;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, tcp::socket socket, std::string peer)
      : loop_(std::move(loop)), socket_(std::move(socket)), peer_(std::move(peer)) {}

  // All on the loop's thread.
  void Start() {
    loop_->connections.insert(shared_from_this());
    idle_since_ = Clock::now();
    deadline_ = idle_since_ + ToChrono(loop_->settings->limits.idle_max);
    TakeMessage();
  }

  void Check(Clock::time_point now) {
    if (now >= deadline_) Close();
  }

  void Drain() {
    if (state_ == State::kReading) Close();
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
    return state_ == State::kReading && filled_ == 0 ? idle_since_ : kNever;
  }

 private:
  enum class State { kReading, kWorking, kWriting, kLingering, kClosed };

  // Hands on the message that stands whole in the buffer, or reads on.
  void TakeMessage() {
    const TcpServer::Protocol& protocol = loop_->settings->protocol;
    if (message_bytes_ == 0 && filled_ >= protocol.header_bytes) {
      message_bytes_ = protocol.message_bytes({buffer_.data(), protocol.header_bytes});
      if (message_bytes_ < protocol.header_bytes) return Close();
    }
    if (message_bytes_ == 0 || filled_ < message_bytes_) return Read();
    std::string message(buffer_.data(), message_bytes_);
    std::memmove(buffer_.data(), buffer_.data() + message_bytes_, filled_ - message_bytes_);
    filled_ -= message_bytes_;
    message_bytes_ = 0;
    // A long message leaves no long buffer behind.
    if (buffer_.size() > 2 * kReadBytes && filled_ <= kReadBytes) {
      buffer_.resize(kReadBytes);
      buffer_.shrink_to_fit();
    }
    state_ = State::kWorking;
    deadline_ = kNever;
    std::weak_ptr<Connection> weak = weak_from_this();
    protocol.handle(std::move(message), peer_, [weak = std::move(weak)](WireAnswer answer) {
      const std::shared_ptr<Connection> self = weak.lock();
      if (self == nullptr) return;
      asio::dispatch(self->loop_->context, [weak, answer = std::move(answer)]() mutable {
        if (const auto connection = weak.lock()) connection->Write(std::move(answer));
      });
    });
  }

  void Read() {
    const size_t room = std::max(kReadBytes, std::min(message_bytes_, filled_ + kGrowthBytes));
    if (buffer_.size() < room || buffer_.size() == filled_) {
      buffer_.resize(std::max(room, filled_ + kReadBytes));
    }
    state_ = State::kReading;
    socket_.async_read_some(asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_),
                            [self = shared_from_this()](error_code error, size_t count) {
                              self->Received(error, count);
                            });
  }

  void Received(error_code error, size_t count) {
    if (state_ == State::kLingering) {
      lingered_bytes_ += count;
      return error || lingered_bytes_ > kLingerBytesMax ? Close() : Linger();
    }
    if (state_ == State::kClosed) return;
    if (error) return Close();
    // The first byte of a message sets its time; those after do not prolong it.
    if (filled_ == 0) deadline_ = Clock::now() + ToChrono(loop_->settings->limits.message_time_max);
    filled_ += count;
    TakeMessage();
  }

  void Write(WireAnswer answer) {
    if (state_ != State::kWorking) return;
    close_after_ = answer.close || (loop_->draining && answer.more == nullptr);
    more_ = std::move(answer.more);
    answer_ = std::move(answer.bytes);
    if (answer_.empty()) return Written({});
    state_ = State::kWriting;
    deadline_ = Clock::now() + ToChrono(loop_->settings->limits.answer_time_max);
    // Most answers fit into the system's buffer: no wait for the socket then.
    error_code error;
    const size_t sent = socket_.write_some(asio::buffer(answer_), error);
    if (!error && sent == answer_.size()) return Written({});
    if (error && error != asio::error::would_block && error != asio::error::try_again) {
      return Close();
    }
    asio::async_write(
        socket_,
        asio::buffer(answer_.data() + (error ? 0 : sent), answer_.size() - (error ? 0 : sent)),
        [self = shared_from_this()](error_code late, size_t) { self->Written(late); });
  }

  void Written(error_code error) {
    if (state_ == State::kClosed) return;
    if (error) return Close();
    answer_.clear();
    if (answer_.capacity() > 2 * kReadBytes) answer_.shrink_to_fit();
    if (more_ != nullptr) {
      state_ = State::kWorking;
      deadline_ = kNever;
      // On its own turn: an answer given at once would pile up calls.
      asio::post(loop_->context, [more = std::exchange(more_, nullptr)] { more(); });
      return;
    }
    if (close_after_) return End();
    idle_since_ = Clock::now();
    deadline_ = idle_since_ + ToChrono(filled_ > 0 ? loop_->settings->limits.message_time_max
                                                   : loop_->settings->limits.idle_max);
    state_ = State::kReading;
    // Likewise: messages that came together are taken one a turn.
    if (filled_ > 0) {
      asio::post(loop_->context, [self = shared_from_this()] {
        if (self->state_ == State::kReading) self->TakeMessage();
      });
    } else {
      Read();
    }
  }

  // Says that no more comes, and listens until the peer has understood.
  void End() {
    state_ = State::kLingering;
    deadline_ = Clock::now() + kLingerTime;
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    if (error) return Close();
    buffer_.resize(kReadBytes);
    Linger();
  }

  void Linger() {
    socket_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](error_code error, size_t count) {
                              self->Received(error, count);
                            });
  }

  const std::shared_ptr<Loop> loop_;
  tcp::socket socket_;
  const std::string peer_;
  State state_ = State::kReading;
  Clock::time_point deadline_ = kNever;
  Clock::time_point idle_since_ = kNever;
  std::vector<char> buffer_;
  size_t filled_ = 0;         // bytes of the buffer that came
  size_t message_bytes_ = 0;  // of the message in the buffer; 0: not known yet
  std::string answer_;        // what is being written
  std::function<void()> more_;
  bool close_after_ = false;
  size_t lingered_bytes_ = 0;
};

}  // namespace

struct TcpServer::State {
  explicit State(std::shared_ptr<const Settings> settings) : server(std::move(settings)) {}
  ConnectionServer<Connection, Settings> server;
};

TcpServer::TcpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

TcpServer::~TcpServer() { state_->server.Drain(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<TcpServer>> TcpServer::Bind(const SocketAddress& address,
                                                           const Protocol& protocol,
                                                           const Limits& limits) {
  auto state =
      std::make_unique<State>(std::make_shared<const Settings>(Settings{protocol, limits}));
  if (const absl::Status status = state->server.Listen(address); !status.ok()) return status;
  return std::unique_ptr<TcpServer>(new TcpServer(std::move(state)));
}

void TcpServer::Run(size_t threads) { state_->server.Run(std::max<size_t>(threads, 1)); }

uint16_t TcpServer::port() const { return state_->server.port(); }

size_t TcpServer::connection_count() const { return state_->server.connection_count(); }

void TcpServer::Drain(absl::Duration patience) { state_->server.Drain(patience); }

}  // namespace gusu::server
