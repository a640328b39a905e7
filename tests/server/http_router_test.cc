// What the HTTP door does for every area, played through its router.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/merkle.h"
#include "proto/text.h"
#include "proto/tile.h"
#include "server/doors/http/answer.h"
#include "server/doors/http/compression.h"
#include "server/doors/http/core.h"
#include "server/doors/http/finish.h"
#include "tests/random.h"
#include "tests/server/http_world.h"

namespace gusu::server {
namespace {

std::string Unpacked(const std::string& packed) {
  std::string bytes(1 << 20, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  bytes.resize(stream.total_out);
  inflateEnd(&stream);
  return bytes;
}

// `404 text/plain; charset=utf-8: body`.
std::string Show(const HttpResponse& response) {
  return Concat(response.status, " ", response.Header("Content-Type"), ": ", response.body);
}

HttpResponse Finished(HttpResponse response, std::vector<HttpHeader> headers = {},
                      const FinishRules& rules = {}) {
  Finish(HttpWorld::Request("GET", "/x", std::move(headers)), rules, &response);
  return response;
}

// Calls of one area and method that were answered with the status.
uint64_t Counted(HttpWorld& world, const std::string& method, int status) {
  uint64_t counted = 0;
  for (const CallCounter* counter : world.metrics().counters()) {
    if (counter->door() != Door::kHttp || counter->method() != method) continue;
    for (const auto& [code, times] : counter->Read().codes) {
      if (code == status) counted += times;
    }
  }
  return counted;
}

}  // namespace

TEST_CASE("the log's checkpoint and tiles are files that anybody may keep") {
  HttpWorld world;
  const HttpResponse checkpoint = world.Get("/checkpoint");
  CHECK(Show(checkpoint) ==
        Concat("200 text/plain; charset=utf-8: ", world.checkpoints().Published()->note));
  CHECK(checkpoint.Header("Cache-Control") == "public, max-age=2");
  CHECK(checkpoint.Header("Access-Control-Allow-Origin") == "*");

  const uint64_t size = world.View()->leaf_count();
  REQUIRE(size < kTileWidth);
  const HttpResponse tile = world.Get(Concat("/tile/0/000.p/", size));
  CHECK(tile.status == 200);
  CHECK(tile.body.size() == 32 * size);
  CHECK(tile.Header("Content-Type") == "application/octet-stream");
  CHECK(tile.Header("Cache-Control") == "public, max-age=31536000, immutable");
  // The entries hash to what the tile holds.
  const HttpResponse bundle = world.Get(Concat("/tile/entries/000.p/", size));
  const auto entries = DecodeEntryBundle(bundle.body, static_cast<uint32_t>(size));
  REQUIRE(entries.ok());
  for (size_t i = 0; i < size; ++i) {
    const Hash leaf = LeafHash((*entries)[i]);
    CHECK(tile.body.substr(32 * i, 32) == AsBytes(leaf));
  }

  const HttpResponse again = world.Get(Concat("/tile/0/000.p/", size),
                                       {{"If-None-Match", std::string(tile.Header("ETag"))}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(again.Header("ETag") == tile.Header("ETag"));
  CHECK(again.Header("Cache-Control") == tile.Header("Cache-Control"));
}

TEST_CASE("a full tile stays what it was, however the log grows") {
  HttpWorld world;
  for (int i = 0; world.View()->leaf_count() < kTileWidth; ++i) {
    world.Write(&Registry::Register, HttpWorld::kPumpsWriter,
                Concat("row { identifier: '88.118.8/T", i, "' }"));
  }
  const HttpResponse full = world.Get("/tile/0/000");
  REQUIRE(full.status == 200);
  CHECK(full.body.size() == kTileBytesMax);
  CHECK(world.Get("/tile/1/000.p/1").body.size() == 32);
  CHECK(world.Get("/tile/entries/000").status == 200);
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter, "row { identifier: '88.118.8/LAST' }");
  const HttpResponse later = world.Get("/tile/0/000");
  CHECK(later.body == full.body);
  CHECK(later.Header("ETag") == full.Header("ETag"));
}

TEST_CASE("a tile that is none, in whatever form it is asked for, is refused with its reason") {
  HttpWorld world;
  for (const char* path :
       {"/tile/0/0", "/tile/0/000.p/256", "/tile/0/000.p/0", "/tile/64/000", "/tile/0/x000/000",
        "/tile/0/%30%30%30", "/tile/0/../0/000", "/tile//000", "/tile/entries/", "/tile/"}) {
    const HttpResponse response = world.Get(path);
    INFO(path);
    CHECK(response.status == 400);
    CHECK(response.body.find("\"TILE_MALFORMED\"") != std::string::npos);
    CHECK(response.Header("Cache-Control") == "no-store");
  }
  for (const char* path : {"/tile/0/000", "/tile/7/000", "/tile/entries/000", "/tile/0/001.p/1"}) {
    const HttpResponse response = world.Get(path);
    INFO(path);
    CHECK(response.status == 404);
    CHECK(response.body.find("\"TILE_NOT_FOUND\"") != std::string::npos);
  }
  CHECK(world.Get("/tile").status == 404);
  CHECK(world.Get("/checkpoint/x").status == 404);
  const HttpResponse posted = world.Ask("POST", "/checkpoint");
  CHECK(posted.status == 405);
  CHECK(posted.Header("Allow") == "GET, HEAD");
}

TEST_CASE("HEAD is answered as GET is, and OPTIONS without asking the area") {
  HttpWorld world;
  const HttpResponse get = world.Get("/checkpoint");
  const HttpResponse head = world.Ask("HEAD", "/checkpoint");
  CHECK(head.status == 200);
  // The server sends none of it, but says how long it is.
  CHECK(head.body == get.body);
  CHECK(head.Header("ETag") == get.Header("ETag"));

  const HttpResponse preflight =
      world.Ask("OPTIONS", "/checkpoint",
                {{"Origin", "https://other.example"}, {"Access-Control-Request-Method", "GET"}});
  CHECK(preflight.status == 204);
  CHECK(preflight.Header("Access-Control-Allow-Origin") == "*");
  CHECK(preflight.Header("Access-Control-Allow-Methods") ==
        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  CHECK(preflight.Header("Access-Control-Allow-Credentials").empty());
  const HttpResponse own = world.Ask("OPTIONS", "/metrics");
  CHECK(own.status == 204);
  CHECK(own.Header("Access-Control-Allow-Origin").empty());
  CHECK(own.Header("Access-Control-Allow-Methods").empty());
}

TEST_CASE("a target that is none is refused before any area sees it") {
  HttpWorld world;
  const HttpResponse response = world.Get("/checkpoint?a=%");
  CHECK(response.status == 400);
  CHECK(response.body.find("\"TARGET_MALFORMED\"") != std::string::npos);
  CHECK(response.Header("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("a target that is none is refused in the words of its area, and counted there") {
  HttpWorld world;
  CHECK(Show(world.Get("/api/handles/88.118.8/HP-1?type=%")) ==
        "400 application/json; charset=utf-8: {\"responseCode\":4,\"message\":\"target type=%: "
        "\\\"%\\\" at byte 5 has no two hexadecimal digits\"}");
  const HttpResponse page =
      world.Get("/88.118.8/HP-1?x=%ff", {{"Accept", "text/html"}, {"Accept-Language", "en"}});
  CHECK(page.status == 400);
  CHECK(page.Header("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.body.find("The address is malformed") != std::string::npos);
  const HttpResponse data = world.Get("/88.118.8/HP-1?x=%ff", {{"Accept", "application/json"}});
  CHECK(data.Header("Content-Type") == "application/json");
  CHECK(data.body.find("\"TARGET_MALFORMED\"") != std::string::npos);
  // A console's answers are not other sites' to read.
  const HttpResponse console = world.Get("/bureau?x=%");
  CHECK(console.status == 400);
  CHECK(console.Header("Access-Control-Allow-Origin").empty());
  CHECK(world.Get("/v1/%ff?x=%").Header("Content-Type") == "application/json");
  CHECK(world.Get("/#x").status == 400);
  CHECK(Counted(world, "bureau GET", 400) == 1);
  CHECK(Counted(world, "api GET", 400) == 1);
  CHECK(Counted(world, "pages GET", 400) == 3);
}

TEST_CASE("health is whether the process serves, readiness whether it may be written to") {
  HttpWorld world;
  CHECK(Show(world.Get("/healthz")) == "200 text/plain; charset=utf-8: serving\n");
  CHECK(Show(world.Get("/readyz")) == "200 text/plain; charset=utf-8: ready\n");
  CHECK(world.Ask("POST", "/readyz").status == 405);
  CHECK(world.Get("/readyz/x").status == 404);
  world.router().Drain();
  CHECK(Show(world.Get("/readyz")) == "503 text/plain; charset=utf-8: the server is stopping\n");
  CHECK(world.Get("/healthz").status == 200);
}

TEST_CASE("a registry that cannot be written to is not ready, and says why") {
  HttpWorld world;
  world.ledger().Stop();
  const HttpResponse response = world.Get("/readyz");
  CHECK(response.status == 503);
  CHECK(response.body.starts_with("the registry is not writable: "));
  CHECK(world.Get("/healthz").status == 200);
  CHECK(world.Get("/checkpoint").status == 200);
}

TEST_CASE("figures are for the server's own machine and for the bureau") {
  HttpWorld world;
  const auto ask = [&world](const std::string& peer, std::vector<HttpHeader> headers,
                            bool tls = true) {
    HttpRequest request = HttpWorld::Request("GET", "/metrics", std::move(headers));
    request.peer = peer;
    request.tls = tls;
    return world.Ask(std::move(request));
  };
  CHECK(ask("127.0.0.1", {}).status == 200);
  CHECK(ask("::1", {}).status == 200);
  CHECK(ask("127.0.0.1", {}).body.find("gusu_") != std::string::npos);
  const HttpResponse stranger = ask("192.0.2.1", {});
  CHECK(stranger.status == 401);
  CHECK(stranger.Header("WWW-Authenticate") == "Bearer realm=\"gusu\"");
  // A proxy of the same machine asks for somebody else.
  CHECK(ask("127.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}).status == 401);
  CHECK(ask("127.0.0.1", {{"forwarded", "for=192.0.2.1"}}).status == 401);
  CHECK(ask("127.0.0.1", {{"X-Real-IP", "192.0.2.1"}}).status == 401);
  CHECK(ask("::1", {{"X-Forwarded-Proto", "https"}}).status == 401);
  CHECK(ask("192.0.2.1", {HttpWorld::Bearer(HttpWorld::kBureauAuditor)}).status == 200);
  CHECK(ask("192.0.2.1", {HttpWorld::Bearer(HttpWorld::kBureauAuditor)}, false).status == 403);
  CHECK(ask("192.0.2.1", {HttpWorld::Bearer(HttpWorld::kPumpsAdmin)}).status == 403);
  CHECK(ask("127.0.0.1", {HttpWorld::Bearer(HttpWorld::kPumpsAdmin)}).status == 403);
  CHECK(ask("127.0.0.1", {HttpWorld::Bearer("gusu_nobody")}).status == 401);
}

TEST_CASE("secrets are taken over TLS and from the server's own machine alone") {
  HttpWorld world;
  const HttpCore core(world.rules());
  const auto who = [&core](std::vector<HttpHeader> headers, const std::string& peer, bool tls) {
    HttpRequest request = HttpWorld::Request("GET", "/", std::move(headers));
    request.peer = peer;
    request.tls = tls;
    const auto caller = core.Authenticated(request);
    return caller.ok() ? std::string(RoleName(caller->role)) : ErrorReason(caller.status());
  };
  const HttpHeader writer = HttpWorld::Bearer(HttpWorld::kPumpsWriter);
  CHECK(who({writer}, "192.0.2.1", true) == "REGISTRANT_WRITER");
  CHECK(who({writer}, "127.0.0.1", false) == "REGISTRANT_WRITER");
  CHECK(who({writer}, "::1", false) == "REGISTRANT_WRITER");
  CHECK(who({writer}, "192.0.2.1", false) == "TLS_REQUIRED");
  CHECK(who({}, "192.0.2.1", false) == "ANONYMOUS");
  CHECK(who({{"Authorization", "bearer gusu_pumps_reader"}}, "::1", false) == "READER");
  for (const char* value : {"", "Bearer", "Bearer ", "Bearer gusu_nobody", "Basic YTpi",
                            "gusu_bureau", "Bearer  gusu_bureau"}) {
    INFO(value);
    CHECK(who({{"Authorization", value}}, "127.0.0.1", false) == "CREDENTIAL_INVALID");
  }
  CHECK(who({writer, writer}, "127.0.0.1", false) == "CREDENTIAL_INVALID");
}

TEST_CASE(
    "callers without a credential are limited by their address, and told when to come again") {
  HttpWorld::Options options;
  options.limits.loopback_resolutions = {0.5, 1};
  HttpWorld world(options);
  CHECK(world.Get("/checkpoint").status == 200);
  const HttpResponse limited = world.Get("/checkpoint");
  CHECK(limited.status == 429);
  CHECK(limited.body.find("\"RATE_LIMITED\"") != std::string::npos);
  CHECK((limited.Header("Retry-After") == "1" || limited.Header("Retry-After") == "2"));
  CHECK(world.Get("/checkpoint", {HttpWorld::Bearer(HttpWorld::kPumpsReader)}).status == 200);
}

TEST_CASE("errors are google.rpc.Status, and a fault of the server is told in its log alone") {
  const HttpResponse told = StatusAnswer(
      "Resolve", Error(absl::StatusCode::kNotFound, "RECORD_NOT_FOUND", "no \"x\"", {{"k", "v"}}));
  CHECK(Show(told) == R"(404 application/json: {
 "code": 5,
 "message": "no \"x\"",
 "details": [
  {
   "@type": "type.googleapis.com/google.rpc.ErrorInfo",
   "reason": "RECORD_NOT_FOUND",
   "domain": "gusu",
   "metadata": {
    "k": "v"
   }
  }
 ]
}
)");
  const HttpResponse fault = StatusAnswer("Resolve", absl::InternalError("secret of the engine"));
  CHECK(fault.status == 500);
  CHECK(fault.body.find("engine") == std::string::npos);
  CHECK(fault.body.find("\"INTERNAL\"") != std::string::npos);
}

TEST_CASE("each code has its status of HTTP") {
  const std::vector<std::pair<absl::StatusCode, int>> statuses = {
      {absl::StatusCode::kOk, 200},
      {absl::StatusCode::kCancelled, 499},
      {absl::StatusCode::kUnknown, 500},
      {absl::StatusCode::kInvalidArgument, 400},
      {absl::StatusCode::kDeadlineExceeded, 504},
      {absl::StatusCode::kNotFound, 404},
      {absl::StatusCode::kAlreadyExists, 409},
      {absl::StatusCode::kPermissionDenied, 403},
      {absl::StatusCode::kResourceExhausted, 429},
      {absl::StatusCode::kFailedPrecondition, 400},
      {absl::StatusCode::kAborted, 409},
      {absl::StatusCode::kOutOfRange, 400},
      {absl::StatusCode::kUnimplemented, 501},
      {absl::StatusCode::kInternal, 500},
      {absl::StatusCode::kUnavailable, 503},
      {absl::StatusCode::kDataLoss, 500},
      {absl::StatusCode::kUnauthenticated, 401}};
  for (const auto& [code, status] : statuses) {
    CHECK(HttpStatusOf(absl::Status(code, "")) == status);
  }
}

TEST_CASE("long text is packed for those who take it, under a tag of its own") {
  const std::string page(5000, 'x');
  HttpResponse answer = Answer(200, "text/html; charset=utf-8", page);
  answer.SetHeader("ETag", "\"1\"");
  answer.SetHeader("Vary", "Accept-Language");
  const HttpResponse packed = Finished(answer, {{"Accept-Encoding", "br, gzip;q=0.5"}});
  CHECK(packed.Header("Content-Encoding") == "gzip");
  CHECK(packed.Header("ETag") == "W/\"1\"");
  CHECK(packed.Header("Vary") == "Accept-Language, Accept-Encoding");
  CHECK(packed.body.size() < 100);
  CHECK(Unpacked(packed.body) == page);

  CHECK(Finished(answer, {{"If-None-Match", "W/\"1\""}}).status == 304);
  CHECK(Finished(answer, {{"If-None-Match", "\"1\""}}).Header("Vary") ==
        "Accept-Language, Accept-Encoding");

  const HttpResponse plain = Finished(answer, {{"Accept-Encoding", "gzip;q=0, identity"}});
  CHECK(plain.body == page);
  CHECK(plain.Header("Vary") == "Accept-Language, Accept-Encoding");
  CHECK(plain.Header("Content-Encoding").empty());

  const std::vector<HttpHeader> takes = {{"Accept-Encoding", "gzip"}};
  CHECK(Finished(answer, takes, {.is_public = false, .compress = false}).body == page);
  CHECK(Finished(Answer(200, "image/png", page), takes).body == page);
  CHECK(Finished(Answer(200, "text/plain", std::string(1023, 'x')), takes).body.size() == 1023);
  CHECK(Finished(Answer(200, "text/plain", std::string(1024, 'x')), takes).body.size() < 1000);
  HttpResponse part = Answer(200, "application/x-ndjson", page);
  part.more = [] {};
  CHECK(Finished(part, takes).body == page);
  // What cannot become shorter stays as it is.
  const std::string noise = test::Random("http packing").Bytes(2000);
  CHECK(Finished(Answer(200, "text/plain", noise), takes).body == noise);
}

TEST_CASE("which codings a caller takes") {
  for (const char* takes : {"gzip", "GZIP", "deflate, gzip", "x-gzip", "*", "br;q=1, *;q=0.1",
                            "gzip;q=0.001", "gzip ; q=1"}) {
    INFO(takes);
    CHECK(AcceptsGzip(takes));
  }
  for (const char* refuses : {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0",
                              "*, gzip;q=0", "gzipped", "gzip;q=x"}) {
    INFO(refuses);
    CHECK(!AcceptsGzip(refuses));
  }
}

TEST_CASE("a caller who has an answer already is not sent it again") {
  HttpResponse answer = TextAnswer(200, "body");
  answer.SetHeader("ETag", "\"a\"");
  const auto status = [&answer](const char* listed) {
    const HttpResponse finished = Finished(answer, {{"If-None-Match", listed}});
    CHECK((finished.status == 200) == (finished.body == "body"));
    return finished.status;
  };
  for (const char* listed : {"\"a\"", "W/\"a\"", "\"b\", \"a\"", " \"b\" ,W/\"a\"", "*"}) {
    INFO(listed);
    CHECK(status(listed) == 304);
  }
  for (const char* listed : {"", "a", "\"b\"", "\"a", "\"b\" \"c\"", "'a'", "b, \"a\""}) {
    INFO(listed);
    CHECK(status(listed) == 200);
  }
  CHECK(Finished(answer, {{"If-None-Match", "\"b\""}, {"if-none-match", "\"a\""}}).status == 304);
  answer.status = 404;
  CHECK(Finished(answer, {{"If-None-Match", "*"}}).status == 404);
  CHECK(Finished(TextAnswer(200, "x"), {{"If-None-Match", "*"}}).status == 200);
}

TEST_CASE("every answer has its headers of security, and an area's own stay") {
  const HttpResponse page = Finished(Answer(200, "text/html; charset=utf-8", ""));
  CHECK(page.Header("Cache-Control") == "no-store");
  CHECK(page.Header("X-Content-Type-Options") == "nosniff");
  CHECK(page.Header("Referrer-Policy") == "no-referrer");
  CHECK(page.Header("Content-Security-Policy") ==
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'; "
        "media-src 'self' blob:");
  CHECK(page.Header("Access-Control-Allow-Origin").empty());
  const HttpResponse drawing = Finished(Answer(200, "image/svg+xml", ""));
  const std::string_view image = drawing.Header("Content-Security-Policy");
  CHECK(image.find("script-src") == std::string_view::npos);
  CHECK(image.find("sandbox") != std::string_view::npos);
  CHECK(Finished(JsonAnswer(200, "{}")).Header("Content-Security-Policy") ==
        "default-src 'none'; frame-ancestors 'none'");
  HttpResponse own = TextAnswer(200, "");
  own.SetHeader("cache-control", "private");
  CHECK(Finished(own).Header("Cache-Control") == "private");
  CHECK(Finished(own).headers.size() == Finished(TextAnswer(200, "")).headers.size());
}

TEST_CASE("calls are counted by area, method and status") {
  HttpWorld world;
  world.Get("/checkpoint");
  world.Get("/checkpoint");
  world.Ask("HEAD", "/checkpoint");
  world.Get("/tile/0/0");
  world.Ask("BREW", "/checkpoint");
  CHECK(Counted(world, "checkpoint GET", 200) == 2);
  CHECK(Counted(world, "checkpoint HEAD", 200) == 1);
  CHECK(Counted(world, "tile GET", 400) == 1);
  CHECK(Counted(world, "checkpoint other", 405) == 1);
}

}  // namespace gusu::server
