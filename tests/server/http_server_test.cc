// The HTTP server with real sockets: what it carries, and each of its bounds.
#include "server/net/http_server.h"

#include <openssl/ssl.h>

#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "proto/text.h"
#include "server/tls_files.h"
#include "tests/server/http_peer.h"
#include "tests/temporary_directory.h"

namespace gusu::server {
namespace {

using test::HeaderOf;
using test::HttpPeer;

const ListenAddress kLoopback{"127.0.0.1", 0};

// `GET /x tls HEADER=VALUE… [body]`.
void Echo(HttpRequest request, const HttpReply& reply) {
  HttpResponse response;
  response.body = Concat(request.method, " ", request.target, request.tls ? " tls" : "", " from ",
                         request.peer, " [", request.body, "]");
  reply(std::move(response));
}

std::unique_ptr<HttpServer> Serve(const HttpServer::Handle& handle,
                                  const HttpServer::Limits& limits = HttpServer::Limits(),
                                  const std::optional<HttpServer::Tls>& tls = std::nullopt) {
  auto server = HttpServer::Bind(FindAddress(kLoopback).value(), tls, handle, limits);
  INFO(server.status());
  REQUIRE(server.ok());
  (*server)->Run(2);
  return *std::move(server);
}

std::string Get(std::string_view target, std::string_view headers = "") {
  return Concat("GET ", target, " HTTP/1.1\r\nHost: a\r\n", headers, "\r\n");
}

// Replies that wait until a case has seen them.
struct Waiting {
  HttpServer::Handle Handle() {
    return [this](HttpRequest request, HttpReply reply) {
      const std::lock_guard lock(mutex);
      requests.push_back(std::move(request));
      replies.push_back(std::move(reply));
      changed.notify_all();
    };
  }
  HttpReply At(size_t index) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return replies.size() > index; });
    return replies[index];
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<HttpRequest> requests;
  std::vector<HttpReply> replies;
};

HttpResponse Text(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

// A certificate of its own, and what it is made again with.
struct Certificates {
  TemporaryDirectory directory;
  TlsFiles files = EnsureTlsFiles(directory.File(""), {"localhost"}, absl::Now()).value();
  HttpServer::Tls tls() const { return {files.certificate_path, files.key_path}; }
};

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
  const auto server = Serve([](const HttpRequest&, const HttpReply& reply) {
    // The next part is made when the one before was taken: the parts hold each other.
    auto next = std::make_shared<std::function<void(int)>>();
    *next = [reply, weak = std::weak_ptr(next)](int part) {
      const auto self = weak.lock();
      HttpResponse response = Text(part == 2 ? "" : Concat("part ", part, "\n"));
      if (part < 4) response.more = [self, part] { (*self)(part + 1); };
      reply(std::move(response));
    };
    (*next)(0);
  });
  const std::string body = "part 0\npart 1\npart 3\npart 4\n";
  HttpPeer peer(server->port());
  REQUIRE(peer.Send(Get("/a") + Get("/b") + "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"));
  const std::string first = peer.Response();
  CHECK(HeaderOf(first, "Transfer-Encoding") == "chunked");
  CHECK(HeaderOf(first, "Content-Length").empty());
  CHECK(test::BodyOf(first) == body);
  CHECK(peer.Answer() == "200: " + body);
  CHECK(peer.Response(true).starts_with("HTTP/1.1 200 OK\r\n"));
  HttpPeer old(server->port());
  REQUIRE(old.Send("GET / HTTP/1.0\r\n\r\n"));
  CHECK(old.Answer() == "200: " + body);
  CHECK(old.Ends());
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
  // The server learns of the end when it reads it.
  bool let_in = false;
  for (int attempt = 0; attempt < 1000 && !let_in; ++attempt) {
    HttpPeer next(server->port());
    let_in = next.Send(Get("/")) && next.Answer().starts_with("200");
  }
  CHECK(let_in);
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

TEST_CASE("TLS and plain share the port, told apart by the first byte") {
  const Certificates certificates;
  const auto server = Serve(Echo, HttpServer::Limits(), certificates.tls());
  HttpPeer plain(server->port());
  HttpPeer tls(server->port(), true);
  REQUIRE(tls.connected());
  CHECK(tls.tls_version() == "TLSv1.3");
  CHECK(tls.tls_protocol() == "http/1.1");
  std::string together;
  for (int i = 0; i < 20; ++i) together += Get("/x");
  REQUIRE(tls.Send(together));
  REQUIRE(plain.Send(together));
  for (int i = 0; i < 20; ++i) CHECK(tls.Answer() == "200: GET /x tls from 127.0.0.1 []");
  for (int i = 0; i < 20; ++i) CHECK(plain.Answer() == "200: GET /x from 127.0.0.1 []");
  const std::string body(300'000, 'x');
  REQUIRE(tls.Send(Concat("POST /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ",
                          body.size(), "\r\n\r\n", body)));
  CHECK(tls.Answer() == Concat("200: POST /p tls from 127.0.0.1 [", body, "]"));
  CHECK(tls.Ends());
  HttpPeer wrong(server->port(), true);
  REQUIRE(wrong.Send("HELLO\r\n"));
  CHECK(wrong.Answer() == "400: the request line is not METHOD TARGET HTTP/1.1\n");
  HttpPeer noise(server->port());
  REQUIRE(
      noise.Send("\x16 this is no TLS, though it begins as such; it is long enough to be seen"));
  CHECK(noise.Receive(1000).find("HTTP") == std::string::npos);
  CHECK(noise.Ends());
}

TEST_CASE("without a certificate the port is plain, and TLS is turned away") {
  const auto server = Serve(Echo);
  CHECK_FALSE(HttpPeer(server->port(), true).connected());
  HttpPeer plain(server->port());
  REQUIRE(plain.Send(Get("/")));
  CHECK(plain.Answer().starts_with("200"));
}

TEST_CASE("a certificate that changes is shown to the next peer, and one that is broken is not") {
  Certificates certificates;
  const Certificates others;
  HttpServer::Limits limits;
  limits.check_interval = absl::Milliseconds(10);
  const auto server = Serve(Echo, limits, certificates.tls());
  const auto shown = [&server] { return HttpPeer(server->port(), true).certificate(); };
  const auto replace = [](const std::string& path, const std::string& from) {
    std::filesystem::copy_file(from, path + ".new");
    std::filesystem::rename(path + ".new", path);
  };
  const std::string first = shown();
  REQUIRE(!first.empty());
  HttpPeer before(server->port(), true);
  // First the certificate alone: with the old key it is none.
  replace(certificates.files.certificate_path, others.files.certificate_path);
  CHECK(shown() == first);
  replace(certificates.files.key_path, others.files.key_path);
  std::string second = first;
  for (int attempt = 0; attempt < 2000 && second == first; ++attempt) second = shown();
  CHECK(second != first);
  REQUIRE(before.Send(Get("/")));
  CHECK(before.Answer().starts_with("200"));
  std::filesystem::remove(certificates.files.key_path);
  CHECK(shown() == second);
}

TEST_CASE("files that are no certificate, or no key of it, are refused by name") {
  Certificates certificates;
  const Certificates others;
  const auto refused = [](const HttpServer::Tls& tls) {
    const auto server =
        HttpServer::Bind(FindAddress(kLoopback).value(), tls, Echo, HttpServer::Limits());
    CHECK(server.status().code() == absl::StatusCode::kFailedPrecondition);
    return std::string(server.status().message());
  };
  const std::string missing = certificates.directory.File("missing");
  CHECK(refused({missing, certificates.files.key_path}).starts_with("cannot use " + missing));
  CHECK(refused({certificates.files.certificate_path, others.files.key_path})
            .starts_with("cannot use " + others.files.key_path));
}

TEST_CASE("draining ends idle connections at once and waits for answers") {
  Waiting waiting;
  const auto server = Serve(waiting.Handle());
  HttpPeer idle(server->port());
  HttpPeer half(server->port());
  REQUIRE(half.Send("GET / HTTP"));
  HttpPeer asks(server->port());
  REQUIRE(asks.Send(Get("/") + Get("/never")));
  const HttpReply reply = waiting.At(0);
  std::thread drain([&] { server->Drain(absl::Seconds(20)); });
  CHECK(idle.Ends());
  CHECK(half.Ends());
  reply(Text("answer"));
  CHECK(asks.Answer() == "200: answer");
  CHECK(asks.Ends());
  drain.join();
  CHECK(waiting.requests.size() == 1);
  CHECK_FALSE(HttpPeer(server->port()).connected());
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
