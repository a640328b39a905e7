#include "server/net/tcp_server.h"

#define BOOST_ASIO_NO_DEPRECATED
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/log.h"

namespace gusu::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr size_t kReadBytes = 4096;
// A message beyond one read grows by what arrives, at most that much at a time.
constexpr size_t kGrowthBytes = 64 * 1024;
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr auto kNever = Clock::time_point::max();

std::chrono::nanoseconds ToChrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

// How many connections there are, and of which address.
class Admission {
 public:
  explicit Admission(const TcpServer::Limits& limits) : limits_(limits) {}

  bool Enter(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    const size_t of_address_max =
        IsLoopbackAddress(peer) ? limits_.connections_max : limits_.connections_of_address_max;
    const auto found = of_address_.find(peer);
    if (count_ >= limits_.connections_max ||
        (found != of_address_.end() && found->second >= of_address_max)) {
      return false;
    }
    ++count_;
    ++of_address_[peer];
    return true;
  }

  void Leave(const std::string& peer) {
    const std::lock_guard lock(mutex_);
    const auto found = of_address_.find(peer);
    if (--found->second == 0) of_address_.erase(found);
    if (--count_ == 0) none_left_.notify_all();
  }

  void WaitForNone(absl::Duration patience) {
    std::unique_lock lock(mutex_);
    none_left_.wait_for(lock, ToChrono(patience), [this] { return count_ == 0; });
  }

 private:
  const TcpServer::Limits limits_;
  std::mutex mutex_;
  std::condition_variable none_left_;
  size_t count_ = 0;
  std::unordered_map<std::string, size_t> of_address_;
};

class Connection;

// A thread and its connections. Connections hold it, so that whoever answers late can still post.
struct Loop {
  Loop(const TcpServer::Protocol& own_protocol, const TcpServer::Limits& own_limits,
       Admission* own_admission)
      : protocol(own_protocol), limits(own_limits), admission(own_admission) {}

  const TcpServer::Protocol protocol;
  const TcpServer::Limits limits;
  Admission* const admission;  // outlives the thread
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer check{context};
  // On the loop's thread only:
  std::unordered_set<std::shared_ptr<Connection>> connections;
  bool draining = false;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Loop> loop, tcp::socket socket, std::string peer)
      : loop_(std::move(loop)), socket_(std::move(socket)), peer_(std::move(peer)) {}

  // All on the loop's thread.
  void Start() {
    loop_->connections.insert(shared_from_this());
    deadline_ = Clock::now() + ToChrono(loop_->limits.idle_max);
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

 private:
  enum class State { kReading, kWorking, kWriting, kClosed };

  // Hands on the message that stands whole in the buffer, or reads on.
  void TakeMessage() {
    const TcpServer::Protocol& protocol = loop_->protocol;
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
    protocol.handle(std::move(message), peer_, [weak = std::move(weak)](Answer answer) {
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
    if (state_ == State::kClosed) return;
    if (error) return Close();
    // The first byte of a message sets its time; those after do not prolong it.
    if (filled_ == 0) deadline_ = Clock::now() + ToChrono(loop_->limits.message_time_max);
    filled_ += count;
    TakeMessage();
  }

  void Write(Answer answer) {
    if (state_ != State::kWorking) return;
    close_after_ = answer.close || (loop_->draining && answer.more == nullptr);
    more_ = std::move(answer.more);
    answer_ = std::move(answer.bytes);
    if (answer_.empty()) return Written({});
    state_ = State::kWriting;
    deadline_ = Clock::now() + ToChrono(loop_->limits.answer_time_max);
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
    if (close_after_) return Close();
    deadline_ = Clock::now() +
                ToChrono(filled_ > 0 ? loop_->limits.message_time_max : loop_->limits.idle_max);
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

  const std::shared_ptr<Loop> loop_;
  tcp::socket socket_;
  const std::string peer_;
  State state_ = State::kReading;
  Clock::time_point deadline_ = kNever;
  std::vector<char> buffer_;
  size_t filled_ = 0;         // bytes of the buffer that came
  size_t message_bytes_ = 0;  // of the message in the buffer; 0: not known yet
  std::string answer_;        // what is being written
  std::function<void()> more_;
  bool close_after_ = false;
};

void CheckConnections(const std::shared_ptr<Loop>& loop) {
  loop->check.expires_after(ToChrono(loop->limits.check_interval));
  loop->check.async_wait([loop](error_code error) {
    if (error) return;
    const Clock::time_point now = Clock::now();
    // Closing takes a connection out of the set.
    const std::vector<std::shared_ptr<Connection>> all(loop->connections.begin(),
                                                       loop->connections.end());
    for (const auto& connection : all) connection->Check(now);
    CheckConnections(loop);
  });
}

tcp::endpoint EndpointOf(const SocketAddress& address) {
  tcp::endpoint endpoint;
  std::memcpy(endpoint.data(), &address.bytes, address.size);
  endpoint.resize(address.size);
  return endpoint;
}

std::string TextOf(const tcp::endpoint& endpoint) {
  SocketAddress address;
  std::memcpy(&address.bytes, endpoint.data(), endpoint.size());
  return address.Text();
}

}  // namespace

struct TcpServer::State {
  State(const Protocol& own_protocol, const Limits& own_limits)
      : protocol(own_protocol), limits(own_limits), admission(own_limits) {}

  absl::Status Listen(const SocketAddress& address) {
    const tcp::endpoint endpoint = EndpointOf(address);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    // So that a restart does not wait for what the last server's connections leave behind.
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port = acceptor.local_endpoint(error).port();
    if (!error) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address.Text(), " port ",
                                               address.port(), " (TCP): ", error.message()));
  }

  void Run(size_t thread_count) {
    while (loops.size() < thread_count) {
      loops.push_back(std::make_shared<Loop>(protocol, limits, &admission));
    }
    for (const std::shared_ptr<Loop>& loop : loops) {
      CheckConnections(loop);
      threads.emplace_back([loop] { loop->context.run(); });
    }
    asio::post(acceptor.get_executor(), [this] { Accept(); });
  }

  void Accept() {
    acceptor.async_accept(loops[next_loop]->context, [this](error_code error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (error == asio::error::no_descriptors) {
        Log(LogLevel::kWarning, "accept_failed", {{"error", error.message()}});
        pause.expires_after(kAcceptPause);
        pause.async_wait([this](error_code stopped) {
          if (!stopped) Accept();
        });
        return;
      }
      if (!error) Take(std::move(socket));
      Accept();
    });
  }

  void Take(tcp::socket socket) {
    const std::shared_ptr<Loop> loop = loops[next_loop];
    error_code error;
    const tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;
    std::string peer = TextOf(remote);
    if (!admission.Enter(peer)) return;
    socket.set_option(tcp::no_delay(true), error);
    socket.non_blocking(true, error);
    next_loop = (next_loop + 1) % loops.size();
    auto connection = std::make_shared<Connection>(loop, std::move(socket), std::move(peer));
    asio::post(loop->context, [connection, loop] {
      connection->Start();
      if (loop->draining) connection->Drain();
    });
  }

  void Drain(absl::Duration patience) {
    if (threads.empty()) return;
    asio::post(acceptor.get_executor(), [this] {
      error_code ignored;
      acceptor.close(ignored);
      pause.cancel();
    });
    ForEachConnection([](Connection& connection) { connection.Drain(); });
    admission.WaitForNone(patience);
    ForEachConnection([](Connection& connection) { connection.Close(); });
    for (const std::shared_ptr<Loop>& loop : loops) {
      asio::post(loop->context, [loop] {
        loop->check.cancel();
        loop->work.reset();
      });
    }
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }

  void ForEachConnection(void (*act)(Connection&)) {
    for (const std::shared_ptr<Loop>& loop : loops) {
      asio::post(loop->context, [loop, act] {
        loop->draining = true;
        const std::vector<std::shared_ptr<Connection>> all(loop->connections.begin(),
                                                           loop->connections.end());
        for (const auto& connection : all) act(*connection);
      });
    }
  }

  const Protocol protocol;
  const Limits limits;
  Admission admission;
  std::vector<std::shared_ptr<Loop>> loops{std::make_shared<Loop>(protocol, limits, &admission)};
  // On the first loop, which hands connections to all of them in turn.
  tcp::acceptor acceptor{loops[0]->context};
  asio::steady_timer pause{acceptor.get_executor()};
  size_t next_loop = 0;  // on the acceptor's thread
  uint16_t port = 0;
  std::vector<std::thread> threads;
};

TcpServer::TcpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

TcpServer::~TcpServer() { state_->Drain(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<TcpServer>> TcpServer::Bind(const SocketAddress& address,
                                                           const Protocol& protocol,
                                                           const Limits& limits) {
  auto state = std::make_unique<State>(protocol, limits);
  if (const absl::Status status = state->Listen(address); !status.ok()) return status;
  return std::unique_ptr<TcpServer>(new TcpServer(std::move(state)));
}

void TcpServer::Run(size_t threads) { state_->Run(std::max<size_t>(threads, 1)); }

uint16_t TcpServer::port() const { return state_->port; }

void TcpServer::Drain(absl::Duration patience) { state_->Drain(patience); }

}  // namespace gusu::server
