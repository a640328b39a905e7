// How connections to the HTTP server end: by their bounds, by who leaves, and when it stops.
#include <catch2/catch.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "proto/text.h"
#include "server/net/http_server.h"
#include "tests/server/http_peer.h"
#include "tests/server/http_server_scene.h"

namespace gusu::server {
namespace {

using test::HttpPeer;

// Whether a server of one connection lets another one in, once it has learned that a peer left.
bool IsLetIn(uint16_t port) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    HttpPeer next(port);
    if (next.Send(Get("/next")) && next.Answer().starts_with("200")) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a peer that leaves between the parts of an answer is noticed before the next part") {
  const Certificates certificates;
  for (const bool tls : {false, true}) {
    for (const bool only_ends : {false, true}) {
      std::mutex mutex;
      std::condition_variable changed;
      bool wants_more = false;
      HttpServer::Limits limits;
      limits.connections_max = 1;
      const auto server = Serve(
          [&](const HttpRequest& request, const HttpReply& reply) {
            if (request.target == "/next") return reply(Text("next"));
            HttpResponse response = Text("part 0");
            // The next part never comes.
            response.more = [&] {
              const std::lock_guard lock(mutex);
              wants_more = true;
              changed.notify_all();
            };
            reply(std::move(response));
          },
          limits, certificates.tls());
      auto peer = std::make_unique<HttpPeer>(server->port(), tls);
      REQUIRE(peer->Send(Get("/")));
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return wants_more; });
      }
      if (only_ends) {
        peer->EndSending();
      } else {
        peer.reset();
      }
      INFO("TLS " << tls << ", ends its side only " << only_ends);
      CHECK(IsLetIn(server->port()));
    }
  }
}

TEST_CASE("connections beyond the bound are closed, and let in again when others leave") {
  HttpServer::Limits limits;
  limits.connections_max = 2;
  const auto server = Serve(Echo, limits);
  HttpPeer first(server->port());
  REQUIRE(first.Send(Get("/")));
  CHECK(first.Answer().starts_with("200"));
  {
    HttpPeer second(server->port());
    REQUIRE(second.Send(Get("/")));
    CHECK(second.Answer().starts_with("200"));
    CHECK(server->connection_count() == 2);
    HttpPeer third(server->port());
    CHECK(third.Ends());
  }
  CHECK(IsLetIn(server->port()));
}

TEST_CASE("where connections run short, who is idle longest makes way, and who is at work stays") {
  Waiting waiting;
  HttpServer::Limits limits;
  limits.connections_max = 16;
  const auto server = Serve(
      [&waiting](HttpRequest request, HttpReply reply) {
        if (request.target == "/waits") return waiting.Handle()(std::move(request), reply);
        Echo(std::move(request), reply);
      },
      limits);
  HttpPeer at_work(server->port());
  REQUIRE(at_work.Send(Get("/waits")));
  const HttpReply reply = waiting.At(0);
  // Behind the answer stands the beginning of another request.
  HttpPeer half(server->port());
  REQUIRE(half.Send(Get("/") + "GET /half HTTP/1.1\r\n"));
  CHECK(half.Answer().starts_with("200"));
  std::vector<std::unique_ptr<HttpPeer>> peers;
  for (int i = 0; i < 100; ++i) {
    peers.push_back(std::make_unique<HttpPeer>(server->port()));
    // Every other one has not asked for anything yet when the next ones come.
    if (i % 2 == 0) continue;
    REQUIRE(peers.back()->Send(Get("/")));
    CHECK(peers.back()->Answer() == "200: GET / from 127.0.0.1 []");
    CHECK(server->connection_count() <= limits.connections_max);
  }
  for (int i = 0; i < 80; ++i) CHECK(peers[i]->Ends());
  REQUIRE(peers.back()->Send(Get("/again")));
  CHECK(peers.back()->Answer() == "200: GET /again from 127.0.0.1 []");
  REQUIRE(half.Send("Host: a\r\n\r\n"));
  CHECK(half.Answer() == "200: GET /half from 127.0.0.1 []");
  reply(Text("answer"));
  CHECK(at_work.Answer() == "200: answer");
}

TEST_CASE("who sends an empty line and no request is closed without a word") {
  HttpServer::Limits limits;
  limits.idle_max = absl::Milliseconds(300);
  limits.header_time_max = absl::Milliseconds(100);
  limits.check_interval = absl::Milliseconds(20);
  const auto server = Serve(Echo, limits);
  HttpPeer peer(server->port());
  REQUIRE(peer.Send(Get("/") + "\r\n"));
  CHECK(peer.Answer() == "200: GET / from 127.0.0.1 []");
  CHECK(peer.Ends());
}

TEST_CASE("who is idle, sends slowly, or takes no answer is closed, each in its time") {
  HttpServer::Limits limits;
  limits.idle_max = absl::Milliseconds(400);
  limits.header_time_max = absl::Milliseconds(400);
  limits.request_time_max = absl::Milliseconds(500);
  limits.handshake_time_max = absl::Milliseconds(400);
  limits.answer_time_max = absl::Milliseconds(400);
  limits.check_interval = absl::Milliseconds(20);
  const Certificates certificates;
  const auto server = Serve(
      [](const HttpRequest&, const HttpReply& reply) { reply(Text(std::string(64 << 20, 'x'))); },
      limits, certificates.tls());
  HttpPeer silent(server->port());
  HttpPeer half_header(server->port());
  REQUIRE(half_header.Send("GET / HTTP/1.1\r\nHost: a\r\n"));
  HttpPeer half_body(server->port());
  REQUIRE(half_body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"));
  HttpPeer half_handshake(server->port());
  REQUIRE(half_handshake.Send("\x16\x03\x01\x02"));
  HttpPeer stubborn(server->port());
  REQUIRE(stubborn.Send(Get("/")));
  CHECK(stubborn.Receive(8) == "HTTP/1.1");
  CHECK(silent.Ends());
  CHECK(half_header.Answer() == "408: the request took too long to come\n");
  CHECK(half_body.Answer() == "408: the request took too long to come\n");
  CHECK(half_handshake.Ends());
  // A peer that began later has been closed before the stubborn one reads on.
  CHECK(HttpPeer(server->port()).Ends());
  CHECK(stubborn.Receive(64 << 20).size() < (64 << 20));
}

TEST_CASE("who still sends, byte by byte, has no more time than others") {
  HttpServer::Limits limits;
  limits.header_time_max = absl::Milliseconds(300);
  limits.check_interval = absl::Milliseconds(20);
  const auto server = Serve(Echo, limits);
  HttpPeer peer(server->port());
  std::thread drip([&peer] {
    // Until the server has had enough; it listens for two seconds more.
    for (int i = 0; i < 400 && peer.Send("G"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  const std::string answer = peer.Answer();
  drip.join();
  CHECK(answer == "408: the request took too long to come\n");
}

TEST_CASE("draining ends idle connections at once and waits for answers") {
  Waiting waiting;
  const auto server = Serve(waiting.Handle());
  HttpPeer idle(server->port());
  HttpPeer half(server->port());
  REQUIRE(half.Send("GET / HTTP"));
  auto asks = std::make_unique<HttpPeer>(server->port());
  REQUIRE(asks->Send(Get("/") + Get("/never")));
  const HttpReply reply = waiting.At(0);
  std::thread drain([&] { server->Drain(absl::Seconds(20)); });
  CHECK(idle.Ends());
  CHECK(half.Ends());
  reply(Text("answer"));
  CHECK(asks->Answer() == "200: answer");
  CHECK(asks->Ends());
  asks.reset();
  drain.join();
  CHECK(waiting.requests.size() == 1);
  CHECK_FALSE(HttpPeer(server->port()).connected());
}

TEST_CASE("draining lets a peer read its answer to the end, though it has sent more behind") {
  const std::string body(8 << 20, 'x');
  Waiting waiting;
  const auto server = Serve(waiting.Handle());
  HttpPeer idle(server->port());
  auto asks = std::make_unique<HttpPeer>(server->port());
  REQUIRE(asks->Send(Get("/")));
  const HttpReply reply = waiting.At(0);
  // The server reads none of it.
  REQUIRE(asks->Send(std::string(20'000, 'x')));
  std::thread drain([&] { server->Drain(absl::Seconds(20)); });
  CHECK(idle.Ends());
  reply(Text(body));
  const std::string answer = asks->Answer();
  CHECK(answer.size() == body.size() + 5);
  CHECK(asks->Ends());
  asks.reset();
  drain.join();
}

TEST_CASE("a port that is taken is refused by name") {
  const auto server = Serve(Echo);
  SocketAddress address = FindAddress(kLoopback).value();
  address.set_port(server->port());
  const auto second = HttpServer::Bind(address, std::nullopt, Echo, HttpServer::Limits());
  CHECK(second.status().code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(second.status().message()), Catch::Contains("Address already in use"));
}

}  // namespace gusu::server
