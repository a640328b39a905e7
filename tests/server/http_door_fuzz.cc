#include "tests/server/http_door_fuzz.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/router.h"
#include "server/net/http_request_reader.h"
#include "server/net/http_server.h"
#include "tests/server/http_world.h"

namespace gusu::test {
namespace {

using server::HttpRequest;
using server::HttpRequestReader;
using server::HttpResponse;
using server::HttpWorld;

// What nobody without a credential may be sent.
constexpr std::string_view kOwnersValue = "owner-only-5be1f1";
constexpr std::string_view kMarker = "<xss";

void Claim(bool holds, std::string_view what, std::string_view detail) {
  if (holds) return;
  fprintf(stderr, "the HTTP door broke a promise: %.*s\n%.*s\n", static_cast<int>(what.size()),
          what.data(), static_cast<int>(std::min<size_t>(detail.size(), 2000)), detail.data());
  abort();
}

HttpRequestReader::Limits LimitsOfServer() {
  const server::HttpServer::Limits limits;
  return {limits.target_bytes_max, limits.header_bytes_max, limits.header_count_max,
          limits.body_bytes_max};
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7F';
  });
}

struct Read {
  std::vector<HttpRequest> requests;
  HttpRequestReader::State state = HttpRequestReader::State::kIdle;
  int refused = 0;
};

// The same bytes in pieces of this size, at first.
Read ReadAll(std::string_view bytes, size_t piece) {
  HttpRequestReader reader(LimitsOfServer());
  Read read;
  for (;;) {
    switch (read.state = reader.Advance()) {
      case HttpRequestReader::State::kWhole:
        read.requests.push_back(reader.Take());
        continue;
      case HttpRequestReader::State::kRefused:
        read.refused = reader.refusal().status;
        Claim(read.refused >= 400 && read.refused < 600 && !reader.keep_alive(),
              "a refusal ends the connection", "");
        Claim(reader.Advance() == HttpRequestReader::State::kRefused, "a refusal is the end", "");
        return read;
      case HttpRequestReader::State::kContinue:
        read.state = reader.Advance();
        break;
      default:
        break;
    }
    if (bytes.empty()) return read;
    const std::span<char> room = reader.Room();
    const size_t count = std::min({piece, bytes.size(), room.size()});
    std::memcpy(room.data(), bytes.data(), count);
    reader.Received(count);
    bytes.remove_prefix(count);
    // A long input by single bytes would take long, and tell nothing more.
    if (read.requests.size() > 2 && piece < 64) piece = 64;
  }
}

void CheckRequest(const HttpRequest& request) {
  const HttpRequestReader::Limits limits = LimitsOfServer();
  Claim(!request.method.empty() && request.method.size() <= HttpRequestReader::kMethodBytesMax,
        "a method", request.method);
  Claim(request.target.size() <= limits.target_bytes_max && request.target.front() == '/' &&
            !HasControl(request.target),
        "a target", request.target);
  Claim(request.body.size() <= limits.body_bytes_max, "a body within its bound", request.method);
  Claim(request.headers.size() <= limits.header_count_max, "headers within their bound", "");
  Claim(request.HeaderCount("Content-Length") + request.HeaderCount("Transfer-Encoding") <= 1,
        "one length", request.target);
  for (const server::HttpHeader& header : request.headers) {
    Claim(!header.name.empty() && !HasControl(header.name) && !HasControl(header.value), "a header",
          header.value);
  }
}

bool BringsCredential(const HttpRequest& request) {
  return request.HeaderCount("Authorization") > 0 || request.HeaderCount("Cookie") > 0 ||
         request.body.find("gusu_") != std::string::npos ||
         request.body.find("secret") != std::string::npos;
}

class Play {
 public:
  explicit Play(HttpWorld& world) : world_(world), router_(world.rules()) {}

  void Ask(const HttpRequest& request) {
    const auto inbox = std::make_shared<HttpWorld::Inbox>();
    const uint64_t leaves_before = world_.View()->leaf_count();
    router_.Handle(request, [inbox](HttpResponse response) { inbox->Put(std::move(response)); });
    HttpResponse response = TakeFrom(*inbox);
    CheckAnswer(request, response);
    if (request.method == "HEAD") response.more = nullptr;  // as the server
    std::string body = response.body;
    std::function<void()> more = std::move(response.more);
    for (int parts = 1; more != nullptr && parts < kPartsMax; ++parts) {
      more();
      HttpResponse part = TakeFrom(*inbox);
      body += part.body;
      more = std::move(part.more);
    }
    more = nullptr;
    {
      const std::lock_guard lock(inbox->mutex);
      Claim(inbox->responses.empty(), "one answer", request.target);
    }
    CheckBody(request, response, body);
    const bool wrote = world_.View()->leaf_count() != leaves_before;
    const bool applied = request.target.starts_with("/v1/registrants");
    const bool may_carry = request.tls || request.peer == "127.0.0.1";
    Claim(!wrote || applied || (BringsCredential(request) && may_carry), "nothing is written",
          request.target);
    wrote_ = wrote_ || wrote;
  }

  bool wrote() const { return wrote_; }

 private:
  // A stream that waits for something to happen ends when the door drains.
  HttpResponse TakeFrom(HttpWorld::Inbox& inbox) {
    {
      std::unique_lock lock(inbox.mutex);
      if (inbox.arrived.wait_for(lock, std::chrono::seconds(1),
                                 [&inbox] { return !inbox.responses.empty(); })) {
        HttpResponse response = std::move(inbox.responses.front());
        inbox.responses.pop_front();
        return response;
      }
    }
    router_.Drain();
    return inbox.Take();
  }

  void CheckAnswer(const HttpRequest& request, const HttpResponse& response) {
    Claim(response.status >= 200 && response.status < 600 && response.status != 500,
          "a status that is no fault",
          Concat(request.target, " ", response.status, " ", response.body));
    for (const server::HttpHeader& header : response.headers) {
      Claim(!header.name.empty() && !HasControl(header.name) && !HasControl(header.value),
            "headers that can be sent", Concat(header.name, ": ", header.value));
    }
    for (const char* name : {"Cache-Control", "X-Content-Type-Options", "Referrer-Policy",
                             "Content-Security-Policy"}) {
      Claim(!response.Header(name).empty(), "headers of every answer", name);
    }
  }

  void CheckBody(const HttpRequest& request, const HttpResponse& response,
                 const std::string& body) {
    if (!response.Header("Content-Encoding").empty()) return;
    const std::string_view type = response.Header("Content-Type");
    if (type.starts_with("application/json") && !body.empty()) {
      Claim(nlohmann::json::accept(body), "JSON is JSON", body);
    }
    if (type.starts_with("text/html")) {
      Claim(IsUtf8(body), "a page is UTF-8", request.target);
      Claim(body.find(kMarker) == std::string::npos, "a page shows no foreign tag", body);
    }
    for (const char* secret : {HttpWorld::kPumpsSecret, HttpWorld::kValvesSecret}) {
      Claim(body.find(secret) == std::string::npos || BringsCredential(request), "no secret",
            request.target);
    }
    Claim(body.find(kOwnersValue) == std::string::npos || BringsCredential(request),
          "the owner's values are the owner's", request.target);
  }

  HttpWorld& world_;
  server::HttpRouter router_;
  bool wrote_ = false;
};

std::unique_ptr<HttpWorld> MakeWorld() {
  HttpWorld::Options options;
  // Limits by address would let an input depend on those before it.
  for (auto* rate : {&options.limits.applications, &options.limits.resolutions,
                     &options.limits.loopback_applications, &options.limits.loopback_resolutions}) {
    *rate = {1e9, 1e9};
  }
  auto world = std::make_unique<HttpWorld>(options);
  world->Write(&server::Registry::Register, HttpWorld::kPumpsWriter,
               Concat("row { identifier: '88.118.8/KEPT' values { index: 1 type: 'KEPT' data: '",
                      kOwnersValue, "' tier: OWNER } }"));
  return world;
}

}  // namespace

void FuzzHttpDoor(std::string_view input) noexcept {
  // Made at once: what OpenSSL registers for the process's end must come before its own end.
  static std::unique_ptr<HttpWorld> world = MakeWorld();
  if (input.empty()) return;
  const char who = input.front();
  input.remove_prefix(1);
  Read whole = ReadAll(input, input.size() + 1);
  const Read cut = ReadAll(input, 1 + input.size() % 7);
  Claim(whole.state == cut.state && whole.refused == cut.refused &&
            whole.requests.size() == cut.requests.size(),
        "it does not matter how bytes are cut", "");
  if (world == nullptr) world = MakeWorld();
  Play play(*world);
  for (size_t i = 0; i < whole.requests.size(); ++i) {
    HttpRequest& request = whole.requests[i];
    Claim(request.target == cut.requests[i].target && request.body == cut.requests[i].body,
          "it does not matter how bytes are cut", request.target);
    CheckRequest(request);
    if (i >= kRequestsMax) continue;
    request.peer = who == 'l' ? "127.0.0.1" : "192.0.2.1";
    request.tls = who == 't';
    play.Ask(request);
  }
  if (play.wrote()) world.reset();
}

}  // namespace gusu::test
