// Paths of /v1: which method of the API each stands for, and what is none.
#include <set>

#include "gusu/v1/audit.pb.h"
#include "proto/text.h"
#include "server/doors/http/rest/methods.h"
#include "server/doors/http/rest/route_match.h"
#include "tests/server/http_world.h"

namespace gusu::server {
namespace {

// `RetireRecord name=prefixes/…`, or the methods of HTTP that the path takes.
std::string Find(const std::string& http_method, const std::string& path) {
  const auto target = ParseTarget(path);
  REQUIRE(target.ok());
  const auto match = FindRoute(http_method, target->segments);
  if (!match.ok()) return std::string(match.status().message());
  if (match->route == nullptr) return Concat("takes ", match->allowed);
  std::string shown(MethodName(match->route->method));
  if (!match->field.name.empty()) shown += Concat(" ", match->field.name, "=", match->field.value);
  return shown;
}

TEST_CASE("every method has a path, and every path a name of its own") {
  std::set<Method> methods;
  std::set<std::string> paths;
  int previous = -1;
  for (const RestRoute& route : RestRoutes()) {
    INFO(route.path);
    methods.insert(route.method);
    CHECK(static_cast<int>(route.method) >= previous);
    previous = static_cast<int>(route.method);
    CHECK(paths.insert(Concat(route.http_method, " ", route.path)).second);
    CHECK(route.full_name.ends_with(Concat(".", MethodName(route.method))));
    CHECK((FindRestMethod(route.method) == nullptr) == (route.form != RestForm::kUnary));
    // An example of the path leads to the route.
    std::string example = "/v1";
    const RestPattern pattern = ParsePattern(route.path);
    for (const std::string_view segment : pattern.segments) {
      example += Concat("/", segment == "*" ? "x" : segment);
    }
    if (!pattern.verb.empty()) example += Concat(":", pattern.verb);
    CHECK(Find(std::string(route.http_method), example).starts_with(MethodName(route.method)));
  }
  CHECK(methods.size() == kMethodCount);
}

TEST_CASE("a path's segments are a resource's name, in whatever encoding they come") {
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records/HP%2f1") ==
        "GetRecord name=prefixes/88.118.8/records/HP%2F1");
  CHECK(Find("GET", "/v1/prefixes/88%2E118.8/records/%48P-1") ==
        "GetRecord name=prefixes/88.118.8/records/HP-1");
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records/a:b+c") ==
        "GetRecord name=prefixes/88.118.8/records/a%3Ab%2Bc");
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records/HP-1/revisions") ==
        "ListRevisions name=prefixes/88.118.8/records/HP-1");
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records") == "ListRecords parent=prefixes/88.118.8");
  CHECK(Find("GET", "/v1/prefixes/-/records") == "ListRecords parent=prefixes/-");
  CHECK(Find("POST", "/v1/prefixes/88.118.8/records/a:b:retire") ==
        "RetireRecord name=prefixes/88.118.8/records/a%3Ab");
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records/a:retire") ==
        "GetRecord name=prefixes/88.118.8/records/a%3Aretire");
  CHECK(Find("PUT", "/v1/registrants/a/groups/b") == "SetGroup group.name=registrants/a/groups/b");
  CHECK(Find("POST", "/v1/bureau/credentials") == "CreateCredential parent=bureau");
  CHECK(Find("POST", "/v1/store/files/000012.sst:verify") == "VerifyFile name=000012.sst");
  CHECK(Find("GET", "/v1/records:resolve") == "Resolve");
}

TEST_CASE("a path that is none, and one that takes another method, are told apart") {
  for (const char* path :
       {"/v1", "/v1/", "/v1/prefixes/", "/v1/prefixes//records", "/v1/prefixes/88.118.8/records/",
        "/v1/prefixes/88.118.8/records/a/b", "/v1/records:nothing", "/v1/Prefixes",
        "/v1/prefixes/88.118.8/records/a/revisions/", "/v1/../v1/prefixes"}) {
    INFO(path);
    CHECK(Find("GET", path) == "takes ");
  }
  CHECK(Find("DELETE", "/v1/prefixes/88.118.8/records/a") == "takes GET, HEAD, PUT");
  CHECK(Find("GET", "/v1/prefixes/88.118.8:retire") == "GetPrefix name=prefixes/88.118.8%3Aretire");
  CHECK(Find("POST", "/v1/prefixes/88.118.8/records/:retire") == "takes GET, HEAD, PUT");
  CHECK(Find("POST", "/v1/log/entries:watch") == "takes GET, HEAD");
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records/%zz").find("%zz") != std::string::npos);
  CHECK(Find("GET", "/v1/prefixes/88.118.8/records/%ff").find("%ff") != std::string::npos);

  HttpWorld world;
  const HttpResponse none = world.Get("/v1/nothing");
  CHECK(none.status == 404);
  CHECK(none.body.find("\"reason\": \"PATH_NOT_FOUND\"") != std::string::npos);
  const HttpResponse other = world.Ask("DELETE", "/v1/prefixes/88.118.8");
  CHECK(other.status == 405);
  CHECK(other.body.find("\"reason\": \"METHOD_NOT_ALLOWED\"") != std::string::npos);
  CHECK(other.Header("Allow") == "PATCH, GET, HEAD");
  CHECK(world.Get("/v1/prefixes/88.118.8/records/%zz").status == 400);
}

TEST_CASE("what a path says is not said again otherwise, and a body's fields are not parameters") {
  HttpWorld world;
  const std::vector<HttpHeader> writer = {HttpWorld::Bearer(HttpWorld::kPumpsWriter)};
  const HttpResponse other =
      world.Ask("POST", "/v1/prefixes/88.118.8/records/HP-1:suspend", writer,
                R"({"name": "prefixes/88.118.8/records/HP-2", "reason": "r"})");
  CHECK(other.status == 400);
  CHECK(other.body.find("\"value\": \"prefixes/88.118.8/records/HP-2\"") != std::string::npos);
  const HttpResponse parameter =
      world.Ask("POST", "/v1/prefixes/88.118.8/records/HP-1:suspend?reason=r", writer);
  CHECK(parameter.status == 400);
  CHECK(parameter.body.find("\"field\": \"reason\"") != std::string::npos);
  const HttpResponse twice = world.Get("/v1/prefixes/88.118.8?name=prefixes/88.118.9", writer);
  CHECK(twice.status == 400);
  const HttpResponse body = world.Ask("GET", "/v1/templates", {}, " \n{\"page_size\": 1}");
  CHECK(body.status == 400);
  CHECK(body.body.find("\"reason\": \"BODY_MALFORMED\"") != std::string::npos);
  CHECK(body.body.find("\"octet\": \"3\"") != std::string::npos);
  CHECK(world.Ask("GET", "/v1/templates?page_size=1", {}, "\r\n").status == 200);
  const HttpResponse watch = world.Ask("GET", "/v1/log/entries:watch", {}, "{}");
  CHECK(watch.status == 400);
  // Nothing of it was done.
  CHECK(world.Get("/v1/records:resolve?identifier=88.118.8/HP-1").body.find("\"ACTIVE\"") !=
        std::string::npos);
}

TEST_CASE("a condition that the request does not carry itself is refused, not passed over") {
  HttpWorld world;
  const std::string suspend = "/v1/prefixes/88.118.8/records/HP-1:suspend";
  for (const char* name : {"If-Match", "if-none-match", "If-Unmodified-Since"}) {
    const HttpResponse response =
        world.Ask("POST", suspend, {HttpWorld::Bearer(HttpWorld::kPumpsWriter), {name, "\"a\""}},
                  R"({"reason": "r"})");
    INFO(name);
    CHECK(response.status == 400);
    CHECK(response.body.find("\"reason\": \"FIELD_INVALID\"") != std::string::npos);
    CHECK(response.body.find("the body's field etag") != std::string::npos);
  }
  const std::string resolve = "/v1/records:resolve?identifier=88.118.8/HP-1";
  CHECK(world.Get(resolve).body.find("\"ACTIVE\"") != std::string::npos);
  // A cache that asks again harms nobody.
  CHECK(world.Get(resolve, {{"If-None-Match", "\"a\""}}).status == 200);
}

TEST_CASE("HEAD is answered as GET is, without the body, where GET is") {
  HttpWorld world;
  CHECK(world.Ask("HEAD", "/v1/records:resolve?identifier=88.118.8/HP-1").status == 200);
  CHECK(world.Ask("HEAD", "/v1/records:resolve?identifier=88.118.8/NEVER").status == 404);
  CHECK(world.Ask("HEAD", "/v1/log/entries:watch").status == 200);
  CHECK(world.Ask("HEAD", "/v1/records:register").Header("Allow") == "POST");
}

TEST_CASE("codes of the API are statuses of HTTP, and the reasons stay") {
  HttpWorld world;
  const auto check = [&](const HttpResponse& response, int status, const std::string& reason) {
    INFO(response.body);
    CHECK(response.status == status);
    CHECK(response.Header("Content-Type") == "application/json");
    CHECK(response.body.find(Concat("\"reason\": \"", reason, "\"")) != std::string::npos);
  };
  const HttpHeader writer = HttpWorld::Bearer(HttpWorld::kPumpsWriter);
  check(world.Get("/v1/records:resolve?identifier=x"), 400, "IDENTIFIER_MALFORMED");
  check(world.Get("/v1/records:resolve?identifier=88.118.8/NEVER"), 404, "IDENTIFIER_NOT_FOUND");
  check(world.Get("/v1/records:resolve?identifier=88.118.8/HP-1&options.indexes=3"), 403,
        "TIER_REFUSED");
  check(world.Get("/v1/prefixes/88.118.8", {HttpWorld::Bearer("gusu_nobody")}), 401,
        "CREDENTIAL_INVALID");
  check(world.Ask("POST", "/v1/records:register", {writer},
                  R"({"row": {"identifier": "88.118.8/HP-1"}})"),
        409, "IDENTIFIER_TAKEN");
  check(world.Ask("POST", "/v1/prefixes/88.118.8/records/HP-1:suspend", {writer},
                  R"({"reason": "r", "etag": "0"})"),
        409, "ETAG_MISMATCH");
  check(world.Ask("POST", "/v1/prefixes/88.118.8/records/OLD:suspend", {writer},
                  R"({"reason": "r"})"),
        400, "RECORD_RETIRED");
  check(world.Ask("POST", "/v1/records:register", {writer}, R"({"row": )"), 400, "BODY_MALFORMED");

  HttpRequest plain = HttpWorld::Request("GET", "/v1/prefixes", {writer});
  plain.peer = "192.0.2.1";
  check(world.Ask(plain), 403, "TLS_REQUIRED");
  plain.tls = true;
  CHECK(world.Ask(plain).status == 200);
}

TEST_CASE("callers without a credential are limited by address, by how many codes they ask for") {
  HttpWorld::Options options;
  options.limits.loopback_resolutions = {0.001, 3};
  HttpWorld world(options);
  const std::string body = R"({"identifiers": ["88.118.8/HP-1", "88.118.8/HP-1"]})";
  CHECK(world.Ask("POST", "/v1/records:batchResolve", {}, body).status == 200);
  const HttpResponse limited = world.Ask("POST", "/v1/records:batchResolve", {}, body);
  CHECK(limited.status == 429);
  CHECK(limited.body.find("RATE_LIMITED") != std::string::npos);
  CHECK(!limited.Header("Retry-After").empty());
  CHECK(world.Get("/v1/records:resolve?identifier=88.118.8/HP-1").status == 200);
  CHECK(world.Get("/v1/records:resolve?identifier=88.118.8/HP-1").status == 429);
}

TEST_CASE("a reading of the bureau with a reason is logged, and shows what is not public") {
  HttpWorld world;
  const std::vector<HttpHeader> auditor = {HttpWorld::Bearer(HttpWorld::kBureauAuditor)};
  const uint64_t leaves = world.View()->leaf_count();
  const std::string target = "/v1/records:resolve?identifier=88.118.8/HP-1";
  CHECK(world.Get(target, auditor).body.find("\"COST\"") == std::string::npos);
  CHECK(world.View()->leaf_count() == leaves);
  const HttpResponse whole = world.Get(target + "&options.reason=complaint", auditor);
  CHECK(whole.body.find("\"COST\"") != std::string::npos);
  CHECK(world.View()->leaf_count() == leaves + 1);
  CHECK(world.Get("/v1/prefixes/88.118.8/records/HP-1?reason=complaint", auditor).status == 200);
  CHECK(world.Get("/v1/prefixes/88.118.8/records?reason=complaint", auditor).status == 200);
  CHECK(
      world.Get("/v1/prefixes/88.118.8/records/HP-1/revisions?reason=complaint", auditor).status ==
      200);
  CHECK(world
            .Ask("POST", "/v1/records:batchResolve", auditor,
                 R"({"identifiers": ["88.118.8/HP-1"], "options": {"reason": "complaint"}})")
            .body.find("\"COST\"") != std::string::npos);
  CHECK(world.View()->leaf_count() == leaves + 5);
}

TEST_CASE("answers of /v1 are for scripts of any site, and for no cache") {
  HttpWorld world;
  const HttpResponse answer = world.Get("/v1/records:resolve?identifier=88.118.8/HP-1");
  CHECK(answer.Header("Access-Control-Allow-Origin") == "*");
  CHECK(answer.Header("Cache-Control") == "no-store");
  CHECK(answer.Header("X-Content-Type-Options") == "nosniff");
  const HttpResponse preflight = world.Ask("OPTIONS", "/v1/records:register");
  CHECK(preflight.status == 204);
  CHECK(preflight.Header("Access-Control-Allow-Headers").find("Authorization") !=
        std::string::npos);
}

TEST_CASE("a file of the store is verified by its name") {
  HttpWorld world;
  const HttpResponse none = world.Ask("POST", "/v1/store/files/000012.sst:verify",
                                      {HttpWorld::Bearer(HttpWorld::kBureauAuditor)});
  const absl::Status rule =
      world.rules().audit->VerifyFile(FromText<v1::VerifyFileRequest>("name: '000012.sst'"),
                                      world.Who(HttpWorld::kBureauAuditor), nullptr);
  INFO(none.body << rule);
  CHECK((none.status == 200) == rule.ok());
  if (rule.ok()) CHECK(none.body == "{}");
  CHECK(world.Ask("POST", "/v1/store/files/x:verify", {HttpWorld::Bearer(HttpWorld::kPumpsAdmin)})
            .status == 403);
}

TEST_CASE("a method that needs a credential says so before it looks at the request") {
  HttpWorld world;
  const std::set<std::string_view> for_all = {
      "ApplyRegistrant", "GetTemplate",       "ListTemplates",       "Resolve",
      "BatchResolve",    "StreamResolve",     "GetCheckpoint",       "ListEntries",
      "GetTile",         "GetInclusionProof", "GetConsistencyProof", "WatchEntries"};
  for (const RestRoute& route : RestRoutes()) {
    const RestPattern pattern = ParsePattern(route.path);
    std::string path = "/v1";
    for (const std::string_view segment : pattern.segments) {
      path += Concat("/", segment == "*" ? "x" : segment);
    }
    if (!pattern.verb.empty()) path += Concat(":", pattern.verb);
    const bool is_get = route.http_method == "GET";
    const HttpResponse response =
        world.Ask(std::string(route.http_method), is_get ? path + "?no_such_field=1" : path, {},
                  is_get ? "" : "this is no JSON");
    INFO(path << response.body);
    if (for_all.contains(MethodName(route.method))) {
      CHECK(response.status == 400);
    } else {
      CHECK(response.status == 401);
      CHECK(response.Header("WWW-Authenticate") == "Bearer realm=\"gusu\"");
      CHECK(response.body.find("CREDENTIAL_MISSING") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace gusu::server
