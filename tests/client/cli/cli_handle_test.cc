// gusu handle, and gusu bench over the Handle door, against servers of the test's own.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "client/cli/bench_echo.h"
#include "client/cli/bench_handle.h"
#include "client/cli/bench_handle_message.h"
#include "proto/handle/key.h"
#include "proto/handle/response.h"
#include "proto/handle/site_json.h"
#include "tests/client/cli/run_gusu.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A server that answers everything with this.
std::unique_ptr<Echo> Server(handle::Operation operation, handle::ResponseCode code,
                             const std::function<void(handle::Writer&)>& write_body,
                             Transport transport = Transport::kTcp) {
  handle::Header header;
  header.operation = operation;
  header.response_code = code;
  std::string bytes;
  handle::MessageWriter message(bytes, handle::Envelope());
  write_body(message.Begin(header));
  REQUIRE(message.Finish());
  const auto envelope = handle::DecodeEnvelope(bytes);
  REQUIRE(envelope);
  auto echo = Echo::Start(transport, *envelope, bytes.substr(handle::kEnvelopeBytes));
  REQUIRE(echo.ok());
  return std::move(*echo);
}

handle::Site ExampleSite(size_t servers_count) {
  handle::Site site;
  site.serial = 7;
  site.attributes = {{"desc", "Suzhou"}};
  for (uint32_t id = 1; id <= servers_count; ++id) {
    handle::SiteServer server;
    server.id = id;
    server.address = *handle::AddressFromText("192.0.2." + std::to_string(id));
    server.public_key = handle::PrivateKey::GenerateRsa(2048).public_key().Encode();
    server.interfaces = {{handle::kQueryInterface, handle::Transport::kUdp, 2641},
                         {3, handle::Transport::kTcp, 2641}};
    site.servers.push_back(server);
  }
  return site;
}

std::unique_ptr<Echo> SiteServer(const std::string& site) {
  return Server(handle::Operation::kGetSiteInfo, handle::ResponseCode::kSuccess,
                [&](handle::Writer& body) { handle::WriteSiteInfoResponse(body, site); });
}

Ran SiteInfo(const std::string& server, const std::string& out) {
  return Run({"handle", "site-info", "--server", server, "--out", out, "--timeout", "5"});
}

TEST_CASE("handle site-info writes the site as the server tells it, and its key") {
  const TemporaryDirectory directory;
  const handle::Site site = ExampleSite(1);
  const auto server = SiteServer(EncodeSite(site));
  const Ran ran = SiteInfo(server->address(), directory.File("new"));
  CAPTURE(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(ran.out.find("primary, serial 7") != std::string::npos);
  CHECK(ran.out.find("192.0.2.1") != std::string::npos);
  CHECK(ran.out.find("TCP 2641 (queries and administration)") != std::string::npos);
  CHECK(ReadFile(directory.File("new/siteinfo.bin")) == EncodeSite(site));
  CHECK(ReadFile(directory.File("new/siteinfo.json")) == *handle::SiteJson(site));
  CHECK(ReadFile(directory.File("new/pubkey.bin")) == site.servers[0].public_key);
  CHECK(std::distance(std::filesystem::directory_iterator(directory.File("new")), {}) == 3);
}

TEST_CASE("a site of several servers has a key file for each") {
  const TemporaryDirectory directory;
  const handle::Site site = ExampleSite(2);
  const auto server = SiteServer(EncodeSite(site));
  const Ran ran = Run(
      {"--json", "handle", "site-info", "--server", server->address(), "--out", directory.path()});
  REQUIRE(ran.exit_code == 0);
  const auto json = nlohmann::json::parse(ran.out);
  CHECK(json["files"] ==
        nlohmann::json({"siteinfo.json", "siteinfo.bin", "pubkey-1.bin", "pubkey-2.bin"}));
  CHECK(json["key_sha256"].size() == 2);
  CHECK(ReadFile(directory.File("pubkey-2.bin")) == site.servers[1].public_key);
}

TEST_CASE("handle site-info says what is amiss, and writes nothing") {
  const TemporaryDirectory directory;
  const std::string out = directory.File("out");
  const auto refused = [&](const std::string& server, int exit_code, const std::string& message) {
    const Ran ran = SiteInfo(server, out);
    CAPTURE(server, ran.err);
    CHECK(ran.exit_code == exit_code);
    CHECK(ran.err.find(message) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(out));
  };
  const auto refusing =
      Server(handle::Operation::kGetSiteInfo, handle::ResponseCode::kOperationNotSupported,
             [](handle::Writer& body) { handle::WriteErrorResponse(body, "not here"); });
  refused(refusing->address(), 1,
          "HANDLE_REFUSED: " + refusing->address() + " answers response code 5: not here");
  const auto cut = SiteServer(EncodeSite(ExampleSite(1)).substr(0, 100));
  refused(cut->address(), 1, "HANDLE_MALFORMED: " + cut->address());
  handle::Site keyless = ExampleSite(1);
  keyless.servers[0].public_key = "no key";
  const auto wrong_key = SiteServer(EncodeSite(keyless));
  refused(wrong_key->address(), 1, "tells a site that cannot be written");
  refused("127.0.0.1:1", 6, "SERVER_UNREACHABLE: 127.0.0.1:1 cannot be reached");
  refused("127.0.0.1", 2, "'127.0.0.1' is not HOST:PORT");
  const Ran nowhere = Run({"handle", "site-info", "--out", out});
  CHECK(nowhere.exit_code == 2);
  CHECK(nowhere.err.find("which Handle server?") != std::string::npos);
  const Ran no_door = Run({"--data", directory.path(), "handle", "site-info", "--out", out});
  CHECK(no_door.exit_code == 6);
  CHECK(no_door.err.find("SERVER_NOT_RUNNING: no server has announced a Handle door in ") !=
        std::string::npos);
  const auto server = SiteServer(EncodeSite(ExampleSite(1)));
  const std::string file = directory.Write("file", "");
  const Ran not_writable = SiteInfo(server->address(), file + "/below");
  CHECK(not_writable.exit_code == 2);
  CHECK(not_writable.err.find("cannot make " + file + "/below") != std::string::npos);
}

// An answer to a resolve of 88.118.8/X with a value of so many bytes.
std::unique_ptr<Echo> ResolvingServer(Transport transport, size_t data_bytes) {
  const std::string data(data_bytes, 'd');
  handle::Value value;
  value.index = 1;
  value.type = "DESC";
  value.data = data;
  return Server(
      handle::Operation::kResolve, handle::ResponseCode::kSuccess,
      [&](handle::Writer& body) {
        handle::WriteResolveResponse(body, "88.118.8/X", std::array{value});
      },
      transport);
}

TEST_CASE("bench resolve goes over UDP and TCP, and compares with an echo") {
  for (const bool is_udp : {true, false}) {
    for (const size_t data_bytes : {10, 3000}) {
      const auto tcp = ResolvingServer(Transport::kTcp, data_bytes);
      const auto udp = ResolvingServer(Transport::kUdp, data_bytes);
      const std::string address = is_udp ? udp->address() : tcp->address();
      HandleLoad load{address, {"88.118.8/X"}, 16};
      Budget budget(20, 2000);
      const Measured measured = (is_udp ? RunHandleUdpLoop : RunHandleTcpLoop)(load, 0, &budget);
      CAPTURE(is_udp, data_bytes, measured.first_error.ToString());
      CHECK(measured.errors_count == 0);
      CHECK(measured.rows_count == 2000);
      CHECK(measured.latency.count() == 2000);
    }
  }
  const auto server = ResolvingServer(Transport::kTcp, 200);
  const Ran ran = Run({"--json", "bench", "resolve", "88.118.8/X", "--door", "handle-tcp",
                       "--handle", server->address(), "--count", "500", "-c", "2"});
  CAPTURE(ran.err);
  REQUIRE(ran.exit_code == 0);
  const auto json = nlohmann::json::parse(ran.out);
  CHECK(json["rows"] == 500);
  CHECK(json["lost"] == 0);
  CHECK(json["door"] == "handle-tcp");
  CHECK(json["ratio_to_echo"].get<double>() > 0);
}

TEST_CASE("an answer that is none is an error of the bench") {
  const auto refusing = Server(handle::Operation::kResolve, handle::ResponseCode::kHandleNotFound,
                               [](handle::Writer& body) { handle::WriteErrorResponse(body, ""); });
  const Ran refused = Run(
      {"bench", "resolve", "88.118.8/X", "--door", "handle-tcp", "--handle", refusing->address()});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("answers response code 100") != std::string::npos);
  const auto server = ResolvingServer(Transport::kTcp, 10);
  HandleLoad load{server->address(), {"88.118.8/X", "88.118.8/Y"}, 1};
  Budget budget(20, 4);
  const Measured measured = RunHandleTcpLoop(load, 0, &budget);
  CHECK(measured.rows_count == 2);
  CHECK(measured.errors_count == 2);
  CHECK(measured.first_error.message == "88.118.8/Y: answered with 88.118.8/X");
  const std::string long_code = "88.118.8/" + std::string(500, 'x');
  const Ran too_long =
      Run({"bench", "resolve", long_code, "--door", "handle-udp", "--handle", server->address()});
  CHECK(too_long.exit_code == 2);
  CHECK(too_long.err.find("does not go into one datagram") != std::string::npos);
}

// Forwards datagrams between one client and a server, but for the first copy of each request.
class LossyPath {
 public:
  explicit LossyPath(const std::string& server) {
    auto out = ConnectTo(server, Transport::kUdp, 0.02);
    REQUIRE(out.ok());
    out_ = std::move(*out);
    in_ = Socket(socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(bind(in_.descriptor(), reinterpret_cast<sockaddr*>(&at), size) == 0);
    getsockname(in_.descriptor(), reinterpret_cast<sockaddr*>(&at), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    thread_ = std::jthread([this](const std::stop_token& stop) { Forward(stop); });
  }
  const std::string& address() const { return address_; }

 private:
  void Forward(const std::stop_token& stop) {
    std::set<std::string> seen;
    sockaddr_in client{};
    std::array<char, handle::kPacketBytesMax> packet;
    while (!stop.stop_requested()) {
      std::array<pollfd, 2> waiting = {
          {{in_.descriptor(), POLLIN, 0}, {out_.descriptor(), POLLIN, 0}}};
      if (poll(waiting.data(), waiting.size(), 20) <= 0) continue;
      if (waiting[0].revents != 0) {
        socklen_t size = sizeof client;
        const ssize_t bytes = recvfrom(in_.descriptor(), packet.data(), packet.size(), 0,
                                       reinterpret_cast<sockaddr*>(&client), &size);
        const bool is_first = seen.insert(std::string(packet.data() + 8, 4)).second;
        if (bytes > 0 && !is_first)
          send(out_.descriptor(), packet.data(), static_cast<size_t>(bytes), 0);
      }
      if (waiting[1].revents != 0) {
        const ssize_t bytes = recv(out_.descriptor(), packet.data(), packet.size(), 0);
        if (bytes > 0) {
          sendto(in_.descriptor(), packet.data(), static_cast<size_t>(bytes), 0,
                 reinterpret_cast<sockaddr*>(&client), sizeof client);
        }
      }
    }
  }

  Socket in_;
  Socket out_;
  std::string address_;
  std::jthread thread_;
};

TEST_CASE("a request that is lost is counted and sent again, a given number of times") {
  const auto server = ResolvingServer(Transport::kUdp, 10);
  const LossyPath path(server->address());
  HandleLoad load{path.address(), {"88.118.8/X"}, 16};
  Budget budget(60, 16);
  const Measured measured = RunHandleUdpLoop(load, 0, &budget);
  CHECK(measured.rows_count == 16);
  CHECK(measured.lost_count == 16);
  CHECK(measured.errors_count == 0);

  Socket silent(socket(AF_INET, SOCK_DGRAM, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(bind(silent.descriptor(), reinterpret_cast<sockaddr*>(&at), size) == 0);
  getsockname(silent.descriptor(), reinterpret_cast<sockaddr*>(&at), &size);
  load.server = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  Budget more(60, 2);
  const Measured unanswered = RunHandleUdpLoop(load, 0, &more);
  CHECK(unanswered.rows_count == 0);
  CHECK(unanswered.lost_count == 4);
  CHECK(unanswered.errors_count == 2);
  CHECK(unanswered.first_error.message ==
        load.server + " cannot be reached: no answer to 3 datagrams");
}

}  // namespace
}  // namespace gusu::cli
