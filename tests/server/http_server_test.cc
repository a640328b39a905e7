// What the HTTP server carries: requests, and answers whole and in parts.
#include "server/net/http_server.h"

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "proto/text.h"
#include "tests/server/http_peer.h"
#include "tests/server/http_server_scene.h"

namespace gusu::server {
namespace {

using test::HeaderOf;
using test::HttpPeer;

// Parts 0 to 4, of which the third is empty. The next one is made when the one before was taken:
// the parts hold each other.
void InParts(const HttpRequest&, const HttpReply& reply) {
  auto next = std::make_shared<std::function<void(int)>>();
  *next = [reply, weak = std::weak_ptr(next)](int part) {
    const auto self = weak.lock();
    HttpResponse response = Text(part == 2 ? "" : Concat("part ", part, "\n"));
    if (part < 4) response.more = [self, part] { (*self)(part + 1); };
    reply(std::move(response));
  };
  (*next)(0);
}
constexpr std::string_view kAllParts = "part 0\npart 1\npart 3\npart 4\n";

}  // namespace

TEST_CASE("a connection carries many requests, in their order, however many come at once") {
  const auto server = Serve(Echo);
  HttpPeer peer(server->port());
  std::string together;
  for (int i = 0; i < 50; ++i) together += Get(Concat("/", i));
  REQUIRE(peer.Send(together));
  for (int i = 0; i < 50; ++i)
    CHECK(peer.Answer() == Concat("200: GET /", i, " from 127.0.0.1 []"));
  REQUIRE(peer.Send("POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"));
  REQUIRE(peer.Send("lo\r\n0\r\n\r\n"));
  CHECK(peer.Answer() == "200: POST /p from 127.0.0.1 [hello]");
}

TEST_CASE("a response has its length, its date, and nothing that was not asked for") {
  const auto server = Serve([](const HttpRequest& request, const HttpReply& reply) {
    HttpResponse response = Text("body");
    response.headers = {{"ETag", "\"x\""}};
    if (request.target == "/none") response.status = 204;
    if (request.target == "/same") response.status = 304;
    if (request.method == "HEAD" || request.target == "/none" || request.target == "/same") {
      response.body = request.method == "HEAD" ? "body" : "";
    }
    reply(std::move(response));
  });
  HttpPeer peer(server->port());
  REQUIRE(peer.Send(Get("/")));
  const std::string whole = peer.Response();
  CHECK(HeaderOf(whole, "Date").size() == 29);
  CHECK(whole == Concat("HTTP/1.1 200 OK\r\nDate: ", HeaderOf(whole, "Date"),
                        "\r\nETag: \"x\"\r\nContent-Length: 4\r\n\r\nbody"));
  REQUIRE(peer.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + Get("/none") + Get("/same") + Get("/")));
  CHECK(HeaderOf(peer.Response(true), "Content-Length") == "4");
  CHECK(peer.Response().find("Content-Length") == std::string::npos);
  CHECK(peer.Response().starts_with("HTTP/1.1 304 Not Modified\r\n"));
  CHECK(peer.Answer() == "200: body");
}

TEST_CASE("HTTP/1.0, and who asks for it, is closed after the answer") {
  const auto server = Serve(Echo);
  for (const std::string& request :
       {std::string("GET / HTTP/1.0\r\n\r\n"), Get("/", "Connection: close\r\n"),
        std::string("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")}) {
    HttpPeer peer(server->port());
    REQUIRE(peer.Send(request));
    const std::string response = peer.Response();
    CHECK(HeaderOf(response, "Connection") == "close");
    CHECK(peer.Ends());
  }
  HttpPeer stays(server->port());
  REQUIRE(stays.Send(Get("/", "Connection: keep-alive\r\n")));
  CHECK(HeaderOf(stays.Response(), "Connection").empty());
}

TEST_CASE("what is no request is told so, and ends its connection and no other one") {
  const auto server = Serve(Echo);
  HttpPeer good(server->port());
  REQUIRE(good.Send("GET / HT"));
  HttpPeer bad(server->port());
  REQUIRE(bad.Send(Get("/a") +
                   "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: "
                   "6\r\n\r\nhello" +
                   Get("/smuggled")));
  CHECK(bad.Answer() == "200: GET /a from 127.0.0.1 []");
  const std::string refused = bad.Response();
  CHECK(refused.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(HeaderOf(refused, "Connection") == "close");
  CHECK(test::BodyOf(refused) == "the body has more than one length\n");
  CHECK(bad.Ends());
  REQUIRE(good.Send("TP/1.1\r\nHost: a\r\n\r\n"));
  CHECK(good.Answer() == "200: GET / from 127.0.0.1 []");
}

TEST_CASE("what is refused is told to who counts it, by its status") {
  std::mutex mutex;
  std::vector<int> statuses;
  const auto server =
      Serve(Echo, HttpServer::Limits(), std::nullopt, [&mutex, &statuses](int status) {
        const std::lock_guard lock(mutex);
        statuses.push_back(status);
      });
  for (const char* bytes : {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HELLO\r\n", "GET / HTTP/2.0\r\n",
                            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n"}) {
    HttpPeer peer(server->port());
    REQUIRE(peer.Send(bytes));
    CHECK(peer.Answer() != "nothing");
  }
  const std::lock_guard lock(mutex);
  CHECK(statuses == std::vector<int>{400, 505, 413});
}

TEST_CASE("who sends more than the bounds allow gets to read why, though it still sends") {
  HttpServer::Limits limits;
  limits.body_bytes_max = 1000;
  const auto server = Serve(Echo, limits);
  HttpPeer long_body(server->port());
  REQUIRE(long_body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"));
  long_body.Send(std::string(900'000, 'x'));
  CHECK(long_body.Answer() == "413: the body is too long\n");
  CHECK(long_body.Ends());
  HttpPeer long_target(server->port());
  REQUIRE(long_target.Send("GET /" + std::string(20'000, 'x')));
  CHECK(long_target.Answer() == "414: the target is too long\n");
  HttpPeer flood(server->port());
  REQUIRE(flood.Send("GET / HTTP/1.1\r\nHost: a\r\n"));
  for (int i = 0; i < 65; ++i) flood.Send("X: y\r\n");
  CHECK(flood.Answer() == "431: there are too many headers\n");
  HttpPeer heavy(server->port());
  REQUIRE(heavy.Send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'x')));
  CHECK(heavy.Answer() == "431: the headers are too long\n");
}

TEST_CASE("who waits for 100 before sending is told to go on") {
  const auto server = Serve(Echo);
  HttpPeer peer(server->port());
  REQUIRE(
      peer.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
  CHECK(peer.Response() == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(peer.Send("hello" + Get("/next")));
  CHECK(peer.Answer() == "200: POST / from 127.0.0.1 [hello]");
  CHECK(peer.Answer() == "200: GET /next from 127.0.0.1 []");
}

TEST_CASE("a body in parts is asked for part by part, and ends as the peer's HTTP has it") {
  const Certificates certificates;
  const auto server = Serve(InParts, HttpServer::Limits(), certificates.tls());
  for (const bool tls : {false, true}) {
    HttpPeer peer(server->port(), tls);
    REQUIRE(peer.Send(Get("/a") + Get("/b")));
    const std::string first = peer.Response();
    CHECK(HeaderOf(first, "Transfer-Encoding") == "chunked");
    CHECK(HeaderOf(first, "Content-Length").empty());
    CHECK(test::BodyOf(first) == kAllParts);
    CHECK(peer.Answer() == Concat("200: ", kAllParts));
    // One request after the other, while the server listens whether the peer is there.
    REQUIRE(peer.Send(Get("/c")));
    CHECK(peer.Answer() == Concat("200: ", kAllParts));
    REQUIRE(peer.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + Get("/d")));
    const std::string head = peer.Response(true);
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    // Nobody knows how long the parts are together.
    CHECK(HeaderOf(head, "Content-Length").empty());
    CHECK(HeaderOf(head, "Transfer-Encoding") == "chunked");
    CHECK(peer.Answer() == Concat("200: ", kAllParts));
    HttpPeer old(server->port(), tls);
    REQUIRE(old.Send("GET / HTTP/1.0\r\n\r\n"));
    CHECK(old.Answer() == Concat("200: ", kAllParts));
    CHECK(old.Ends());
    if (tls) CHECK(old.end_was_told());
  }
}

TEST_CASE("an answer that comes from another thread, or after its connection, is welcome") {
  Waiting waiting;
  const auto server = Serve(waiting.Handle());
  HttpPeer stays(server->port());
  REQUIRE(stays.Send(Get("/stays")));
  const HttpReply to_stays = waiting.At(0);
  HttpReply to_leaves;
  {
    HttpPeer leaves(server->port());
    REQUIRE(leaves.Send(Get("/leaves")));
    to_leaves = waiting.At(1);
  }
  std::thread([&] { to_leaves(Text("late")); }).join();
  std::thread([&] { to_stays(Text("answer")); }).join();
  CHECK(stays.Answer() == "200: answer");
  to_stays(Text("again"));
  REQUIRE(stays.Send(Get("/next")));
  waiting.At(2)(Text("next"));
  CHECK(stays.Answer() == "200: next");
}

TEST_CASE("a header that would begin another one is never sent") {
  const auto server = Serve([](const HttpRequest&, const HttpReply& reply) {
    HttpResponse response = Text("body");
    response.headers = {{"Location", "/x\r\nSet-Cookie: a=b"}};
    reply(std::move(response));
  });
  HttpPeer peer(server->port());
  REQUIRE(peer.Send(Get("/") + Get("/")));
  for (int i = 0; i < 2; ++i) {
    const std::string response = peer.Response();
    CHECK(response.starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
    CHECK(response.find("Set-Cookie") == std::string::npos);
    CHECK(HeaderOf(response, "Content-Length") == "0");
  }
}

}  // namespace gusu::server
