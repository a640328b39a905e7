// What all servers of connections have in common: a port, threads that connections belong to in
// turn, admission, and a regular look at each connection's deadline. Where a bound of connections
// is nearly reached, each one that comes ends one that waits for a request: the one of its own
// thread that has waited longest, of its address where it is the address that has too many.
//
// For the .cc files of this folder alone, since it includes Asio; they define
// BOOST_ASIO_NO_DEPRECATED before. A Connection is made as
//   Connection(std::shared_ptr<Loop>, tcp::socket, std::string peer)
// and has Start(), Check(now), Drain(), Close(), peer() and idle_since(), since when it waits for
// the first byte of a request (or ConnectionClock::time_point::max()), all called on its loop's
// thread. It stands in loop->connections from Start to Close, and leaves the admission when it
// closes.
#pragma once

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/log.h"
#include "server/net/address.h"
#include "server/net/admission.h"
#include "server/source_buckets.h"

namespace gusu::server {

using ConnectionClock = std::chrono::steady_clock;

// A peer whose connection ends may still be sending: it is listened to for so long, and so much, or
// it would not get to read the last answer.
constexpr auto kLingerTime = std::chrono::seconds(2);
constexpr size_t kLingerBytesMax = 1 << 20;

// A thread and its connections. Connections hold it, so that whoever answers late can still post.
template <typename Connection, typename Settings>
struct ConnectionLoop {
  ConnectionLoop(std::shared_ptr<const Settings> own_settings, Admission* own_admission)
      : settings(std::move(own_settings)), admission(own_admission) {}

  const std::shared_ptr<const Settings> settings;
  Admission* const admission;  // outlives the thread
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  boost::asio::steady_timer check{context};
  // On the loop's thread only:
  std::unordered_set<std::shared_ptr<Connection>> connections;
  bool draining = false;
  bool ending = false;
};

// Settings have `limits` with connections_max, connections_of_address_max and check_interval.
template <typename Connection, typename Settings>
class ConnectionServer {
 public:
  using Loop = ConnectionLoop<Connection, Settings>;
  using Tcp = boost::asio::ip::tcp;
  using ErrorCode = boost::system::error_code;

  explicit ConnectionServer(std::shared_ptr<const Settings> settings)
      : settings_(std::move(settings)),
        admission_(settings_->limits.connections_max,
                   settings_->limits.connections_of_address_max) {}

  // Connections wait until Run. kUnavailable when the port is taken.
  absl::Status Listen(const SocketAddress& address) {
    const Tcp::endpoint endpoint = EndpointOf(address);
    ErrorCode error;
    acceptor_.open(endpoint.protocol(), error);
    // So that a restart does not wait for what the last server's connections leave behind.
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (!error) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("cannot listen on ", address.Text(), " port ",
                                               address.port(), " (TCP): ", error.message()));
  }

  // Once. `tick` is called on the first thread, each check_interval.
  void Run(size_t thread_count, std::function<void()> tick = nullptr) {
    while (loops_.size() < thread_count) {
      loops_.push_back(std::make_shared<Loop>(settings_, &admission_));
    }
    for (const std::shared_ptr<Loop>& loop : loops_) {
      CheckConnections(loop, loop == loops_[0] ? tick : nullptr);
      threads_.emplace_back([loop] { loop->context.run(); });
    }
    boost::asio::post(acceptor_.get_executor(), [this] { Accept(); });
  }

  void Drain(absl::Duration patience) {
    if (threads_.empty()) return;
    boost::asio::post(acceptor_.get_executor(), [this] {
      ErrorCode ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    ForEachConnection([](Connection& connection) { connection.Drain(); });
    admission_.WaitForNone(patience);
    ForEachConnection([](Connection& connection) { connection.Close(); });
    for (const std::shared_ptr<Loop>& loop : loops_) {
      boost::asio::post(loop->context, [loop] {
        // A look that is due already would not be cancelled.
        loop->ending = true;
        loop->check.cancel();
        loop->work.reset();
      });
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  uint16_t port() const { return port_; }
  size_t connection_count() const { return admission_.count(); }

 private:
  static constexpr auto kAcceptPause = std::chrono::milliseconds(100);

  static Tcp::endpoint EndpointOf(const SocketAddress& address) {
    Tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), &address.bytes, address.size);
    endpoint.resize(address.size);
    return endpoint;
  }

  static std::string TextOf(const Tcp::endpoint& endpoint) {
    SocketAddress address;
    std::memcpy(&address.bytes, endpoint.data(), endpoint.size());
    return address.Text();
  }

  static void CheckConnections(const std::shared_ptr<Loop>& loop, std::function<void()> tick) {
    loop->check.expires_after(absl::ToChronoNanoseconds(loop->settings->limits.check_interval));
    loop->check.async_wait([loop, tick = std::move(tick)](ErrorCode error) {
      if (error || loop->ending) return;
      if (tick != nullptr) tick();
      const ConnectionClock::time_point now = ConnectionClock::now();
      // Closing takes a connection out of the set.
      const std::vector<std::shared_ptr<Connection>> all(loop->connections.begin(),
                                                         loop->connections.end());
      for (const auto& connection : all) connection->Check(now);
      CheckConnections(loop, tick);
    });
  }

  void Accept() {
    acceptor_.async_accept(
        loops_[next_loop_]->context, [this](ErrorCode error, Tcp::socket socket) {
          if (!acceptor_.is_open()) return;
          // No descriptors, no memory: asking again at once would be in vain. A peer that has left
          // is no reason to wait.
          if (error && error != boost::asio::error::connection_aborted) {
            Log(LogLevel::kWarning, "accept_failed", {{"error", error.message()}});
            pause_.expires_after(kAcceptPause);
            pause_.async_wait([this](ErrorCode stopped) {
              if (!stopped) Accept();
            });
            return;
          }
          if (!error) Take(std::move(socket));
          Accept();
        });
  }

  void Take(Tcp::socket socket) {
    const std::shared_ptr<Loop> loop = loops_[next_loop_];
    ErrorCode error;
    const Tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;
    std::string peer = TextOf(remote);
    const Admission::Entry entry = admission_.Enter(peer);
    if (entry == Admission::Entry::kRefused) return;
    socket.set_option(Tcp::no_delay(true), error);
    socket.non_blocking(true, error);
    next_loop_ = (next_loop_ + 1) % loops_.size();
    auto connection = std::make_shared<Connection>(loop, std::move(socket), std::move(peer));
    boost::asio::post(loop->context, [connection, loop, entry] {
      if (entry == Admission::Entry::kAddressCrowded) {
        CloseIdlest(*loop, AddressGroup(connection->peer()));
      }
      if (entry == Admission::Entry::kCrowded) CloseIdlest(*loop, std::nullopt);
      connection->Start();
      if (loop->draining) connection->Drain();
    });
  }

  // Of one AddressGroup, or of all. No effect when none is idle.
  static void CloseIdlest(const Loop& loop, const std::optional<std::string>& address) {
    std::shared_ptr<Connection> idlest;
    ConnectionClock::time_point since = ConnectionClock::time_point::max();
    for (const std::shared_ptr<Connection>& connection : loop.connections) {
      if (connection->idle_since() >= since) continue;
      if (address.has_value() && AddressGroup(connection->peer()) != *address) continue;
      since = connection->idle_since();
      idlest = connection;
    }
    if (idlest != nullptr) idlest->Close();
  }

  void ForEachConnection(void (*act)(Connection&)) {
    for (const std::shared_ptr<Loop>& loop : loops_) {
      boost::asio::post(loop->context, [loop, act] {
        loop->draining = true;
        const std::vector<std::shared_ptr<Connection>> all(loop->connections.begin(),
                                                           loop->connections.end());
        for (const auto& connection : all) act(*connection);
      });
    }
  }

  const std::shared_ptr<const Settings> settings_;
  Admission admission_;
  std::vector<std::shared_ptr<Loop>> loops_{std::make_shared<Loop>(settings_, &admission_)};
  // On the first loop, which hands connections to all of them in turn.
  Tcp::acceptor acceptor_{loops_[0]->context};
  boost::asio::steady_timer pause_{acceptor_.get_executor()};
  size_t next_loop_ = 0;  // on the acceptor's thread
  uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace gusu::server
