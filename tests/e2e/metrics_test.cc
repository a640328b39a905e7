// What a whole server tells of itself: each door's calls, streams, the ledger and its engine.
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <sstream>
#include <thread>

#include "tests/e2e/handle_scene.h"
#include "tests/server/http_peer.h"

namespace gusu::e2e {
namespace {

using Kind = HandleSocket::Kind;
using Headers = std::vector<std::pair<std::string, std::string>>;

// A connection to the HTTP door that stays open.
class HttpClient {
 public:
  explicit HttpClient(const ServerProcess& server, bool tls = false)
      : peer_(PortOf(server.http_address()), tls) {}

  // The response as it came.
  std::string Ask(const std::string& method, const std::string& target,
                  const Headers& headers = {}) {
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: registry\r\n";
    for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
    REQUIRE(peer_.Send(request + "\r\n"));
    return peer_.Response(method == "HEAD");
  }
  int StatusOf(const std::string& method, const std::string& target, const Headers& headers = {}) {
    const std::string response = Ask(method, target, headers);
    REQUIRE(response.starts_with("HTTP/1.1 "));
    return std::stoi(response.substr(9, 3));
  }

 private:
  static uint16_t PortOf(const std::string& address) {
    return static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  test::HttpPeer peer_;
};

// By name with labels; 0 for what is not told.
struct Figures {
  std::map<std::string, double> samples;
  double operator[](const std::string& name) const {
    const auto found = samples.find(name);
    return found == samples.end() ? 0 : found->second;
  }
  double Calls(const std::string& door, const std::string& method, const std::string& code) const {
    return (*this)["gusu_calls_total{door=\"" + door + "\",method=\"" + method + "\",code=\"" +
                   code + "\"}"];
  }
  double Timed(const std::string& door, const std::string& method) const {
    return (*this)["gusu_call_seconds_count{door=\"" + door + "\",method=\"" + method + "\"}"];
  }
};

Figures Read(const ServerProcess& server) {
  const std::string response = HttpClient(server).Ask("GET", "/metrics");
  REQUIRE(response.starts_with("HTTP/1.1 200 "));
  REQUIRE(response.find("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n") !=
          std::string::npos);
  Figures figures;
  std::istringstream lines(response.substr(response.find("\r\n\r\n") + 4));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const size_t space = line.rfind(' ');
    REQUIRE(space != std::string::npos);
    figures.samples.emplace(line.substr(0, space), std::stod(line.substr(space + 1)));
  }
  return figures;
}

TEST_CASE("a call through gRPC is counted by its method and status") {
  HandleScene& scene = TheHandleScene();
  const Api partner(scene.server, "");
  const Figures before = Read(scene.server);
  CHECK(scene.writer.Register(Product("88.118.8/M-1")).fault == "");
  for (int i = 0; i < 3; ++i) CHECK(partner.Resolve("88.118.8/M-1").fault == "");
  CHECK(partner.Resolve("88.118.8/M-2").fault == "NOT_FOUND IDENTIFIER_NOT_FOUND");
  CHECK(partner.GetRecord("88.118.8/M-1").fault == "UNAUTHENTICATED CREDENTIAL_MISSING");
  const Figures after = Read(scene.server);
  const auto grown = [&](const std::string& method, const std::string& code) {
    return after.Calls("grpc", method, code) - before.Calls("grpc", method, code);
  };
  CHECK(grown("Register", "OK") == 1);
  CHECK(grown("Resolve", "OK") == 3);
  CHECK(grown("Resolve", "NOT_FOUND") == 1);
  CHECK(grown("GetRecord", "UNAUTHENTICATED") == 1);
  CHECK(after.Timed("grpc", "Resolve") - before.Timed("grpc", "Resolve") == 4);
  CHECK(after["gusu_call_errors_total{door=\"grpc\",method=\"Resolve\"}"] == 0);
}

TEST_CASE("each message of a stream is counted, and how the stream ends when it is cut short") {
  HandleScene& scene = TheHandleScene();
  const Figures before = Read(scene.server);
  {
    const auto context = scene.writer.NewContext();
    const auto stream = scene.writer.resolver()->StreamResolve(context.get());
    for (int i = 0; i < 5; ++i) {
      v1::StreamResolveRequest request;
      request.add_identifiers("88.118.8/NONE");
      REQUIRE(stream->Write(request));
      v1::StreamResolveResponse response;
      REQUIRE(stream->Read(&response));
    }
    stream->WritesDone();
    CHECK(stream->Finish().ok());
  }
  const Figures after = Read(scene.server);
  CHECK(after.Calls("grpc", "StreamResolve", "OK") - before.Calls("grpc", "StreamResolve", "OK") ==
        5);
  CHECK(after.Timed("grpc", "StreamResolve") - before.Timed("grpc", "StreamResolve") == 5);
  {
    const Api auditor(scene.server, scene.server.token());
    const auto context = auditor.NewContext();
    const auto stream = auditor.audit()->WatchEntries(context.get(), v1::WatchEntriesRequest());
    v1::WatchEntriesResponse response;
    REQUIRE(stream->Read(&response));
    CHECK(Read(scene.server)["gusu_grpc_streams"] == 1);
    context->TryCancel();
    CHECK(stream->Finish().error_code() == grpc::StatusCode::CANCELLED);
  }
  // The server hears of it some time later.
  const auto deadline = std::chrono::steady_clock::now() + kCallTimeMax;
  Figures cut = Read(scene.server);
  while (cut.Calls("grpc", "WatchEntries", "CANCELLED") == 0 &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
    cut = Read(scene.server);
  }
  CHECK(cut.Calls("grpc", "WatchEntries", "CANCELLED") == 1);
  CHECK(cut.Calls("grpc", "WatchEntries", "OK") >= 1);
  CHECK(cut["gusu_grpc_streams"] == 0);
}

TEST_CASE("a message of the Handle protocol is counted by its operation and response code") {
  HandleScene& scene = TheHandleScene();
  const Figures before = Read(scene.server);
  for (const Kind kind : {Kind::kUdp, Kind::kTcp}) {
    const HandleSocket socket = scene.Connect(kind);
    REQUIRE(socket.Send(ResolveBytes("88.118.8/NONE")));
    REQUIRE(CodeOf(socket.ReceiveAnswer()) == 100);
  }
  {
    // The envelope says encrypted.
    std::string unreadable = ResolveBytes("88.118.8/NONE");
    unreadable[2] = '\x40';
    const HandleSocket socket = scene.Connect(Kind::kTcp);
    REQUIRE(socket.Send(unreadable));
    REQUIRE(CodeOf(socket.ReceiveAnswer()) == 4);
  }
  const Figures after = Read(scene.server);
  const auto grown = [&](const std::string& method, const std::string& code) {
    return after.Calls("handle", method, code) - before.Calls("handle", method, code);
  };
  CHECK(grown("resolve", "100") == 2);
  CHECK(grown("unreadable", "4") == 1);
  CHECK(after.Timed("handle", "resolve") - before.Timed("handle", "resolve") == 2);
}

TEST_CASE("a request over HTTP is counted by the first segment of its path, method and status") {
  HandleScene& scene = TheHandleScene();
  const Figures before = Read(scene.server);
  HttpClient client(scene.server);
  CHECK(client.StatusOf("GET", "/healthz") == 200);
  CHECK(client.StatusOf("HEAD", "/healthz") == 200);
  CHECK(client.StatusOf("BREW", "/healthz") == 405);
  CHECK(client.StatusOf("GET", "/v1/records:resolve?identifier=88.118.8%2FNONE") == 404);
  CHECK(client.StatusOf("GET", "/%ff") == 400);
  const Figures after = Read(scene.server);
  const auto grown = [&](const std::string& method, const std::string& code) {
    return after.Calls("http", method, code) - before.Calls("http", method, code);
  };
  CHECK(grown("healthz GET", "200") == 1);
  CHECK(grown("healthz HEAD", "200") == 1);
  CHECK(grown("healthz other", "405") == 1);
  CHECK(grown("v1 GET", "404") == 1);
  CHECK(grown("pages GET", "400") == 1);
  // Each reading counts the one before.
  CHECK(grown("metrics GET", "200") == 1);
  CHECK(after["gusu_http_connections"] == 2);
}

TEST_CASE("a request that is none, and reaches no area, is counted as refused") {
  HandleScene& scene = TheHandleScene();
  const Figures before = Read(scene.server);
  CHECK(HttpClient(scene.server).StatusOf("TRACE", "/healthz") == 501);
  CHECK(HttpClient(scene.server).StatusOf("GET", "healthz") == 400);
  CHECK(HttpClient(scene.server).StatusOf("GET", "/" + std::string(9000, 'x')) == 414);
  const Figures after = Read(scene.server);
  for (const char* status : {"501", "400", "414"}) {
    INFO(status);
    CHECK(after.Calls("http", "refused", status) - before.Calls("http", "refused", status) == 1);
  }
  CHECK(after["gusu_call_errors_total{door=\"http\",method=\"refused\"}"] == 0);
}

TEST_CASE("ledger and engine tell what a change costs") {
  HandleScene& scene = TheHandleScene();
  const Figures before = Read(scene.server);
  CHECK(scene.writer.Register(Product("88.118.8/M-3")).fault == "");
  const Figures after = Read(scene.server);
  CHECK(after["gusu_log_leaves"] - before["gusu_log_leaves"] == 1);
  CHECK(after["gusu_ledger_changes_total"] - before["gusu_ledger_changes_total"] == 1);
  CHECK(after["gusu_ledger_commit_seconds_count"] > before["gusu_ledger_commit_seconds_count"]);
  CHECK(after["gusu_engine_log_syncs_total"] > before["gusu_engine_log_syncs_total"]);
  CHECK(after["gusu_ledger_writable"] == 1);
  CHECK(after["gusu_log_published_leaves"] <= after["gusu_log_leaves"]);
}

TEST_CASE("figures are for the server's own machine and for the bureau") {
  HandleScene& scene = TheHandleScene();
  HttpClient plain(scene.server);
  CHECK(plain.StatusOf("GET", "/metrics", {{"X-Forwarded-For", "192.0.2.1"}}) == 401);
  CHECK(plain.StatusOf("POST", "/metrics") == 405);
  const auto bearer = [](const std::string& token) {
    return std::pair<std::string, std::string>("Authorization", "Bearer " + token);
  };
  CHECK(plain.StatusOf("GET", "/metrics", {bearer(scene.pumps.writer_token)}) == 403);
  CHECK(plain.StatusOf("GET", "/metrics", {bearer("nonsense")}) == 401);
  HttpClient tls(scene.server, true);
  CHECK(tls.StatusOf("GET", "/metrics",
                     {bearer(scene.server.token()), {"X-Forwarded-For", "192.0.2.1"}}) == 200);
}

}  // namespace
}  // namespace gusu::e2e
