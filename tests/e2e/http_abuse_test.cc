// The HTTP door of a whole server: what means no good ends alone, and everybody else is served.
#include <signal.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/text.h"
#include "tests/e2e/api.h"
#include "tests/random.h"
#include "tests/server/http_peer.h"

namespace gusu::e2e {
namespace {

using test::HttpPeer;

uint16_t PortOf(const ServerProcess& server) {
  const std::string address = server.http_address();
  return static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

std::string Get(const std::string& target, const std::string& headers = "") {
  return Concat("GET ", target, " HTTP/1.1\r\nHost: id.example\r\n", headers, "\r\n");
}

void CheckServes(uint16_t port) {
  for (const bool tls : {false, true}) {
    HttpPeer peer(port, tls);
    REQUIRE(peer.connected());
    REQUIRE(peer.Send(Get("/healthz")));
    CHECK(peer.Answer() == "200: serving\n");
  }
}

struct Hostile {
  const char* what;
  std::string bytes;
  std::string status;  // of the last answer
};

const std::vector<Hostile>& Requests() {
  static const std::string kPost = "POST /v1/x HTTP/1.1\r\nHost: a\r\n";
  static const std::vector<Hostile> requests = {
      {"two lengths", kPost + "Content-Length: 4\r\nContent-Length: 40\r\n\r\n" + Get("/bureau"),
       "400"},
      {"a length and chunks",
       kPost + "Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Get("/bureau"),
       "400"},
      {"chunks that another server would not see",
       kPost + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "501"},
      {"a blank before the colon", kPost + "Content-Length : 4\r\n\r\nGET ", "400"},
      {"a folded header", kPost + "X: a\r\n Content-Length: 4\r\n\r\nGET ", "400"},
      {"a bare line end", "GET / HTTP/1.1\nHost: a\n\n", "400"},
      {"a bare return", Get("/", "X: a\rContent-Length: 4\r\n"), "400"},
      {"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
      {"two hosts", Get("/", "Host: b\r\n"), "400"},
      {"a proxy's target", "GET http://id.example/ HTTP/1.1\r\nHost: id.example\r\n\r\n", "400"},
      {"a tunnel", "CONNECT id.example:443 HTTP/1.1\r\nHost: id.example\r\n\r\n", "501"},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
      {"a header flood",
       "GET / HTTP/1.1\r\nHost: a\r\n" +
           [] {
             std::string flood;
             for (int i = 0; i < 1000; ++i) flood += Concat("X-", i, ": y\r\n");
             return flood;
           }(),
       "431"},
      {"a long header", Get("/", "X: " + std::string(100'000, 'x') + "\r\n"), "431"},
      {"a long target", Get("/" + std::string(100'000, 'x')), "414"},
      {"a body beyond the bound", kPost + "Content-Length: 4194305\r\n\r\n", "413"},
      {"a body without an end", kPost + "Content-Length: 99999999999999999999\r\n\r\n", "413"},
      {"a chunk beyond the bound", kPost + "Transfer-Encoding: chunked\r\n\r\n400001\r\n", "413"},
      {"a chunk that is none", kPost + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "400"},
      {"parents of the root", Get("/../../etc/passwd"), "400"},
      {"the same, encoded", Get("/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), "400"},
      {"a tile's parents", Get("/tile/../../log.key"), "400"},
      // Looked for as people paste codes: without what does not show.
      {"NUL", Get("/88.118.8/a%00b"), "303"},
      {"bytes that are no UTF-8", Get("/88.118.8/%FF"), "400"},
      {"an overlong slash", Get("/88.118.8%C0%AFx"), "400"},
      {"a percent sign alone", Get("/88.118.8/50%"), "400"},
      {"a secret that is none", Get("/checkpoint", "Authorization: Bearer x\r\n"), "401"},
  };
  return requests;
}

}  // namespace

TEST_CASE("requests that servers could take differently, or that are too much, are refused") {
  const ServerProcess server;
  const uint16_t port = PortOf(server);
  for (const bool tls : {false, true}) {
    for (const Hostile& request : Requests()) {
      INFO(request.what);
      HttpPeer peer(port, tls);
      peer.Send(request.bytes);
      const std::string response = peer.Response();
      CHECK(response.substr(9, 3) == request.status);
      CHECK(response.find("bureau") == std::string::npos);
      CHECK(response.find("root:") == std::string::npos);
      // What was refused as a request is the connection's last.
      if (test::HeaderOf(response, "Connection") == "close") CHECK(peer.Ends());
    }
  }
  CheckServes(port);
  CHECK(server.log().find(" error ") == std::string::npos);
}

TEST_CASE("noise, halves of requests and peers that leave do not disturb others") {
  const ServerProcess server;
  const uint16_t port = PortOf(server);
  test::Random random("noise over HTTP");
  std::vector<std::unique_ptr<HttpPeer>> left_open;
  for (int i = 0; i < 400; ++i) {
    auto peer = std::make_unique<HttpPeer>(port);
    REQUIRE(peer->connected());
    const Hostile& request = Requests()[random.Below(Requests().size())];
    std::string bytes = random.Below(3) == 0 ? random.Bytes(random.Below(200)) : request.bytes;
    if (random.Below(2) == 0) bytes.resize(random.Below(bytes.size() + 1));
    if (random.Below(2) == 0 && !bytes.empty()) {
      bytes[random.Below(bytes.size())] = random.Bytes(1)[0];
    }
    peer->Send(bytes);
    if (random.Below(3) == 0) peer->EndSending();
    if (random.Below(2) == 0) left_open.push_back(std::move(peer));
  }
  CheckServes(port);
  // A browser that asks for pages and leaves before they come.
  for (int i = 0; i < 100; ++i) HttpPeer(port, i % 2 == 0).Send(Get("/") + Get("/") + Get("/"));
  CheckServes(port);
  CHECK(server.log().find(" error ") == std::string::npos);
}

TEST_CASE("connections beyond the bound wait for nobody, and leave the door open") {
  const ServerProcess server;
  const uint16_t port = PortOf(server);
  std::vector<std::unique_ptr<HttpPeer>> peers;
  // Those that only wait make way for others.
  for (int i = 0; i < 1100; ++i) {
    peers.push_back(std::make_unique<HttpPeer>(port));
    REQUIRE(peers.back()->Send(Get("/healthz")));
    REQUIRE(peers.back()->Answer() == "200: serving\n");
  }
  CHECK(peers.front()->Ends());
  peers.clear();
  // Those that have begun a request do not.
  const std::string half = "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel";
  while (peers.size() < 1024) {
    auto peer = std::make_unique<HttpPeer>(port);
    // Of those before the server learns when it reads their end.
    if (!peer->Send(Get("/healthz") + half) || peer->Answer() != "200: serving\n") continue;
    peers.push_back(std::move(peer));
  }
  HttpPeer beyond(port);
  CHECK(beyond.Ends());
  REQUIRE(peers.front()->Send("lo"));
  CHECK(peers.front()->Answer().starts_with("404: "));
  peers.clear();
  bool let_in = false;
  for (int attempt = 0; attempt < 1000 && !let_in; ++attempt) {
    HttpPeer next(port);
    let_in = next.Send(Get("/healthz")) && next.Answer() == "200: serving\n";
  }
  CHECK(let_in);
}

TEST_CASE("a server that stops finishes what it answers and waits for no idle peer") {
  ServerProcess server;
  const uint16_t port = PortOf(server);
  std::vector<std::unique_ptr<HttpPeer>> idle;
  for (int i = 0; i < 20; ++i) {
    idle.push_back(std::make_unique<HttpPeer>(port, i % 2 == 0));
    idle.back()->Send(i % 3 == 0 ? "GET / HTTP/1.1\r\nHost" : Get("/healthz"));
    if (i % 3 != 0) CHECK(idle.back()->Answer() == "200: serving\n");
  }
  CHECK(server.Stop() == 0);
  for (const auto& peer : idle) CHECK(peer->Ends());
  CHECK(server.log().find("stopped") != std::string::npos);
  CHECK(server.http_address().empty());
}

TEST_CASE("what is public is the same over plain HTTP and TLS, and secrets are the loopback's") {
  const ServerProcess server;
  const uint16_t port = PortOf(server);
  for (const bool tls : {false, true}) {
    HttpPeer peer(port, tls);
    REQUIRE(peer.Send(Get("/v1/registrants", "Authorization: Bearer " + server.token() + "\r\n") +
                      Get("/metrics") + Get("/readyz")));
    CHECK(peer.Response().substr(9, 3) == "200");
    CHECK(peer.Response().find("gusu_calls_total{door=\"http\"") != std::string::npos);
    CHECK(peer.Answer() == "200: ready\n");
  }
}

}  // namespace gusu::e2e
