// Sockets: real ones, on loopback.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "server/net/admission.h"
#include "server/net/tcp_server.h"
#include "server/net/udp_server.h"

using namespace gusu::server;

namespace {

const ListenAddress kLoopback{"127.0.0.1", 0};

// A message is a byte that says how many follow; 0xff is no message.
TcpServer::Protocol Counted(std::function<void(std::string, Reply)> handle) {
  TcpServer::Protocol protocol;
  protocol.header_bytes = 1;
  protocol.message_bytes = [](std::string_view header) -> size_t {
    const auto count = static_cast<unsigned char>(header[0]);
    return count == 0xff ? 0 : 1 + size_t{count};
  };
  protocol.handle = [handle = std::move(handle)](std::string message, const std::string& peer,
                                                 Reply reply) {
    if (peer == "127.0.0.1") handle(std::move(message), std::move(reply));
  };
  return protocol;
}

void Echo(std::string message, const Reply& reply) { reply({std::move(message), false, nullptr}); }

std::unique_ptr<TcpServer> Serve(const TcpServer::Protocol& protocol,
                                 const TcpServer::Limits& limits = TcpServer::Limits()) {
  auto server = TcpServer::Bind(FindAddress(kLoopback).value(), protocol, limits);
  REQUIRE(server.ok());
  (*server)->Run(2);
  return *std::move(server);
}

class Connection {
 public:
  explicit Connection(uint16_t port, int type = SOCK_STREAM)
      : descriptor_(socket(AF_INET, type, 0)) {
    SocketAddress address = FindAddress(kLoopback).value();
    address.set_port(port);
    // A case that would hang fails instead.
    const timeval patience = {20, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ =
        connect(descriptor_, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0;
  }
  ~Connection() { close(descriptor_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }
  void Send(const std::string& bytes) const { CHECK(TrySend(bytes)); }
  // False when the other side has closed.
  bool TrySend(const std::string& bytes) const {
    return send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // `count` bytes, or what comes before the connection ends.
  std::string Receive(size_t count) const {
    std::string bytes(count, '\0');
    size_t filled = 0;
    while (filled < count) {
      const ssize_t got = recv(descriptor_, bytes.data() + filled, count - filled, 0);
      if (got <= 0) break;
      filled += static_cast<size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
  }
  std::string ReceiveDatagram() const {
    std::string bytes(2048, '\0');
    const ssize_t got = recv(descriptor_, bytes.data(), bytes.size(), 0);
    bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return bytes;
  }
  bool Ends() const {
    char byte = 0;
    const ssize_t got = recv(descriptor_, &byte, 1, 0);
    return got == 0 || (got < 0 && errno != EAGAIN);
  }

 private:
  int descriptor_;
  bool connected_ = false;
};

std::string Message(const std::string& text) {
  return std::string(1, static_cast<char>(text.size())) + text;
}

}  // namespace

TEST_CASE("a connection carries many messages, split and joined as the network likes") {
  const auto server = Serve(Counted(Echo));
  const Connection connection(server->port());
  const std::string three = Message("one") + Message("") + Message("three");
  connection.Send(three);
  CHECK(connection.Receive(three.size()) == three);
  for (const char c : Message("slowly")) connection.Send(std::string(1, c));
  CHECK(connection.Receive(7) == Message("slowly"));
}

TEST_CASE("what is no message ends its connection, and no other one") {
  const auto server = Serve(Counted(Echo));
  const Connection good(server->port());
  const Connection bad(server->port());
  bad.Send("\xff");
  CHECK(bad.Ends());
  good.Send(Message("x"));
  CHECK(good.Receive(2) == Message("x"));
}

TEST_CASE("answers in parts wait for each other, and the next message for the last part") {
  const auto handle = [](std::string message, Reply reply) {
    if (message != Message("list")) return reply({message, false, nullptr});
    // The next part is made when the one before was taken: the parts hold each other.
    auto next = std::make_shared<std::function<void(int)>>();
    *next = [reply, weak = std::weak_ptr(next)](int part) {
      const auto self = weak.lock();
      reply({std::string(1000, static_cast<char>('a' + part)), false,
             part < 4 ? std::function<void()>([self, part] { (*self)(part + 1); }) : nullptr});
    };
    (*next)(0);
  };
  const auto server = Serve(Counted(handle));
  const Connection connection(server->port());
  connection.Send(Message("list") + Message("x"));
  std::string expected;
  for (int part = 0; part < 5; ++part) expected += std::string(1000, static_cast<char>('a' + part));
  CHECK(connection.Receive(5002) == expected + Message("x"));
}

TEST_CASE("an answer that comes from another thread, or after its connection, is welcome") {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Reply> waiting;
  const auto server = Serve(Counted([&](std::string, Reply reply) {
    const std::lock_guard lock(mutex);
    waiting.push_back(std::move(reply));
    changed.notify_all();
  }));
  const auto wait_for = [&](size_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting.size() == count; });
  };
  const Connection stays(server->port());
  stays.Send(Message("x"));
  wait_for(1);
  {
    const Connection leaves(server->port());
    leaves.Send(Message("y"));
    wait_for(2);
  }
  waiting[1]({"late", false, nullptr});
  waiting[0]({"answer", true, nullptr});
  CHECK(stays.Receive(6) == "answer");
  CHECK(stays.Ends());
  waiting[0]({"again", false, nullptr});
}

TEST_CASE("connections beyond the bound are closed, and let in again when others leave") {
  TcpServer::Limits limits;
  limits.connections_max = 2;
  const auto server = Serve(Counted(Echo), limits);
  const Connection first(server->port());
  first.Send(Message("x"));
  CHECK(first.Receive(2) == Message("x"));
  {
    const Connection second(server->port());
    second.Send(Message("x"));
    CHECK(second.Receive(2) == Message("x"));
    const Connection third(server->port());
    CHECK(third.Ends());
  }
  // The server learns of the end when it reads it.
  bool let_in = false;
  for (int attempt = 0; attempt < 1000 && !let_in; ++attempt) {
    const Connection next(server->port());
    let_in = next.TrySend(Message("x")) && next.Receive(2) == Message("x");
  }
  CHECK(let_in);
}

TEST_CASE("the last answer of a connection is read to its end by who has sent more behind") {
  const std::string last(8 << 20, 'x');
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Reply> waiting;
  const auto server = Serve(Counted([&](std::string, Reply reply) {
    const std::lock_guard lock(mutex);
    waiting = std::move(reply);
    changed.notify_all();
  }));
  const Connection asks(server->port());
  asks.Send(Message("x"));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting.has_value(); });
  }
  // The server reads none of it before it answers.
  asks.Send(std::string(20'000, 'x'));
  (*waiting)({last, true, nullptr});
  CHECK(asks.Receive(last.size()).size() == last.size());
  CHECK(asks.Ends());
}

TEST_CASE("there is room in all and for each address, of the last eighth few") {
  using Entry = Admission::Entry;
  Admission admission(32, 16);
  for (int i = 0; i < 14; ++i) CHECK(admission.Enter("192.0.2.1") == Entry::kTaken);
  for (int i = 0; i < 2; ++i) CHECK(admission.Enter("192.0.2.1") == Entry::kAddressCrowded);
  CHECK(admission.Enter("192.0.2.1") == Entry::kRefused);
  for (int i = 0; i < 12; ++i) CHECK(admission.Enter("192.0.2.2") == Entry::kTaken);
  CHECK(admission.Enter("192.0.2.3") == Entry::kCrowded);
  // The server's own machine has no bound of its own.
  CHECK(admission.Enter("127.0.0.1") == Entry::kCrowded);
  CHECK(admission.Enter("192.0.2.2") == Entry::kCrowded);
  CHECK(admission.Enter("192.0.2.2") == Entry::kCrowded);
  CHECK(admission.count() == 32);
  CHECK(admission.Enter("192.0.2.4") == Entry::kRefused);
  for (int i = 0; i < 16; ++i) admission.Leave("192.0.2.1");
  CHECK(admission.count() == 16);
  CHECK(admission.Enter("192.0.2.1") == Entry::kTaken);
}

TEST_CASE("who has a network of IPv6 has no more connections than who has an address of IPv4") {
  using Entry = Admission::Entry;
  Admission admission(100, 2);
  CHECK(admission.Enter("2001:db8:0:1::1") == Entry::kTaken);
  CHECK(admission.Enter("2001:db8:0:1:ffff::2") == Entry::kTaken);
  CHECK(admission.Enter("2001:db8:0:1::3") == Entry::kRefused);
  CHECK(admission.Enter("2001:db8:0:2::1") == Entry::kTaken);
  admission.Leave("2001:db8:0:1:ffff::2");
  CHECK(admission.Enter("2001:db8:0:1::3") == Entry::kTaken);
}

TEST_CASE("where connections run short, who is idle longest makes way") {
  TcpServer::Limits limits;
  limits.connections_max = 16;
  const auto server = Serve(Counted(Echo), limits);
  const Connection half(server->port());
  half.Send(Message("x") + "\x05");
  CHECK(half.Receive(2) == Message("x"));
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < 50; ++i) {
    connections.push_back(std::make_unique<Connection>(server->port()));
    connections.back()->Send(Message("x"));
    CHECK(connections.back()->Receive(2) == Message("x"));
    CHECK(server->connection_count() <= limits.connections_max);
  }
  for (int i = 0; i < 30; ++i) CHECK(connections[i]->Ends());
  half.Send("hello");
  CHECK(half.Receive(6) == Message("hello"));
}

TEST_CASE("who is idle, sends slowly, or takes no answer is closed") {
  TcpServer::Limits limits;
  limits.idle_max = absl::Milliseconds(400);
  limits.message_time_max = absl::Milliseconds(400);
  limits.answer_time_max = absl::Milliseconds(400);
  limits.check_interval = absl::Milliseconds(20);
  const auto server = Serve(Counted([](std::string message, Reply reply) {
                              if (message == Message("much")) message = std::string(64 << 20, 'x');
                              reply({message, false, nullptr});
                            }),
                            limits);
  const Connection idle(server->port());
  const Connection half(server->port());
  half.Send(
      "\x05"
      "ab");
  const Connection stubborn(server->port());
  stubborn.Send(Message("much"));
  CHECK(stubborn.Receive(1) == "x");
  CHECK(idle.Ends());
  CHECK(half.Ends());
  // Whoever comes after an answer began, and is idle, is closed after the answer's time.
  CHECK(Connection(server->port()).Ends());
  CHECK(stubborn.Receive(64 << 20).size() < (64 << 20));
}

TEST_CASE("draining ends idle connections at once and waits for answers") {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Reply> waiting;
  const auto server = Serve(Counted([&](std::string, Reply reply) {
    const std::lock_guard lock(mutex);
    waiting = std::move(reply);
    changed.notify_all();
  }));
  const Connection idle(server->port());
  auto asks = std::make_unique<Connection>(server->port());
  asks->Send(Message("x"));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting.has_value(); });
  }
  std::thread drain([&] { server->Drain(absl::Seconds(20)); });
  CHECK(idle.Ends());
  (*waiting)({"answer", false, nullptr});
  CHECK(asks->Receive(6) == "answer");
  CHECK(asks->Ends());
  asks.reset();
  drain.join();
  CHECK_FALSE(Connection(server->port()).connected());
}

TEST_CASE("a port that is taken is refused by name") {
  const auto server = Serve(Counted(Echo));
  SocketAddress address = FindAddress(kLoopback).value();
  address.set_port(server->port());
  const auto second = TcpServer::Bind(address, Counted(Echo), TcpServer::Limits());
  CHECK(second.status().code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(second.status().message()), Catch::Contains("Address already in use"));
}

namespace {

// Sends datagrams back: those that begin with "later" from another thread.
struct EchoReceiver : UdpReceiver {
  explicit EchoReceiver(std::shared_ptr<UdpSender> own_sender) : sender(std::move(own_sender)) {}
  void Receive(const SocketAddress& from, std::string_view datagram) override {
    if (datagram.substr(0, 5) == "later") {
      std::thread([sender = sender, from, bytes = std::string(datagram)] {
        sender->SendNow(from, bytes);
      }).join();
    } else {
      sender->Add(from, datagram);
    }
  }
  const std::shared_ptr<UdpSender> sender;
};

uint16_t FreeUdpPort() {
  const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  SocketAddress address = FindAddress(kLoopback).value();
  bind(descriptor, reinterpret_cast<const sockaddr*>(&address.bytes), address.size);
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&address.bytes), &address.size);
  close(descriptor);
  return address.port();
}

}  // namespace

TEST_CASE("datagrams are answered in batches, whichever thread answers; long ones are dropped") {
  SocketAddress address = FindAddress(kLoopback).value();
  address.set_port(FreeUdpPort());
  auto server = UdpServer::Start(address, 2, [](std::shared_ptr<UdpSender> sender) {
    return std::make_unique<EchoReceiver>(std::move(sender));
  });
  REQUIRE(server.ok());
  const Connection client(address.port(), SOCK_DGRAM);
  client.Send(std::string(513, 'x'));
  for (int i = 0; i < 40; ++i) client.Send("datagram " + std::to_string(i));
  for (int i = 0; i < 40; ++i) CHECK(client.ReceiveDatagram() == "datagram " + std::to_string(i));
  client.Send("later");
  CHECK(client.ReceiveDatagram() == "later");
  client.Send(std::string(512, 'y'));
  CHECK(client.ReceiveDatagram() == std::string(512, 'y'));
  server->reset();
}
