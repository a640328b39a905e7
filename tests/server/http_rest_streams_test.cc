// Streams of /v1: lines of JSON in and out, and the watch of the log.
#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_split.h"
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "server/doors/http/rest/row_stream.h"
#include "tests/server/http_world.h"

namespace gusu::server {
namespace {

const std::vector<HttpHeader> kWriter = {HttpWorld::Bearer(HttpWorld::kPumpsWriter)};

template <typename Response>
std::vector<Response> Lines(const std::string& body) {
  REQUIRE((body.empty() || body.back() == '\n'));
  std::vector<Response> lines;
  for (const auto line : absl::StrSplit(body, '\n', absl::SkipEmpty())) {
    Response response;
    INFO(std::string(line));
    REQUIRE(google::protobuf::util::JsonStringToMessage(std::string(line), &response).ok());
    lines.push_back(std::move(response));
  }
  return lines;
}

TEST_CASE("registrations of a stream are answered line by line, in order") {
  HttpWorld world;
  const HttpResponse answer = world.Ask(
      "POST", "/v1/records:streamRegister", kWriter,
      "{\"rows\": [{\"identifier\": \"88.118.8/S-1\"}, {\"identifier\": \"88.118.8/HP-1\"}]}\r\n"
      "\n"
      "  {\"rows\": [{\"identifier\": \"88.118.8/S-2\"}]}");
  CHECK(answer.status == 200);
  CHECK(answer.Header("Content-Type") == "application/x-ndjson");
  const auto lines = Lines<v1::StreamRegisterResponse>(answer.body);
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[0].outcomes_size() == 2);
  CHECK(lines[0].outcomes(0).result().outcome() == v1::RegisterResult::CREATED);
  CHECK(lines[0].outcomes(1).row_index() == 1);
  CHECK(lines[0].outcomes(1).error().code() == static_cast<int>(absl::StatusCode::kAlreadyExists));
  REQUIRE(lines[1].outcomes_size() == 1);
  CHECK(lines[1].outcomes(0).row_index() == 2);
  CHECK(lines[1].outcomes(0).result().identifier() == "88.118.8/S-2");
}

TEST_CASE("the bureau names the registrant once, for the lines that follow too") {
  HttpWorld world;
  const HttpResponse answer =
      world.Ask("POST", "/v1/records:streamRegister", {HttpWorld::Bearer(HttpWorld::kBureauAdmin)},
                R"({"rows": [{"identifier": "88.118.8/B-1"}], "on_behalf_of": )"
                R"({"registrant": "registrants/sz-pumps", "reason": "r"}})"
                "\n{\"rows\": [{\"identifier\": \"88.118.8/B-2\"}]}\n");
  const auto lines = Lines<v1::StreamRegisterResponse>(answer.body);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].outcomes(0).result().identifier() == "88.118.8/B-2");
}

TEST_CASE("many lines are answered in parts, whatever their number") {
  HttpWorld world;
  std::string body;
  for (int i = 0; i < 500; ++i) {
    body += Concat("{\"rows\": [{\"identifier\": \"88.118.8/MANY-", i, "\"}]}\n");
  }
  const auto lines = Lines<v1::StreamRegisterResponse>(
      world.Ask("POST", "/v1/records:streamRegister", kWriter, body).body);
  REQUIRE(lines.size() == 500);
  for (uint64_t i = 0; i < lines.size(); ++i) {
    CHECK(lines[i].outcomes(0).row_index() == i);
    CHECK(lines[i].outcomes(0).result().identifier() == Concat("88.118.8/MANY-", i));
  }
}

TEST_CASE("codes of a stream are resolved line by line, with the options given last") {
  HttpWorld world;
  const HttpResponse answer =
      world.Ask("POST", "/v1/records:streamResolve", {},
                "{\"identifiers\": [\"88.118.8/HP-1\"], \"options\": {\"types\": [\"URL\"]}}\n"
                "{\"identifiers\": [\"88.118.8/hp-1\", \"88.118.8/NEVER\"]}\n"
                "{\"identifiers\": [\"88.118.8/HP-1\"], \"options\": {}}\n");
  const auto lines = Lines<v1::StreamResolveResponse>(answer.body);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].outcomes(0).response().record().values_size() == 1);
  CHECK(lines[1].outcomes(0).response().record().values_size() == 1);
  CHECK(lines[1].outcomes(1).error().code() == static_cast<int>(absl::StatusCode::kNotFound));
  CHECK(lines[2].outcomes(0).response().record().values_size() == 2);
}

TEST_CASE("a peer that takes no part is answered no further, and what was left is not done") {
  HttpWorld world;
  std::string body;
  for (int i = 0; i < 300; ++i) {
    body += Concat("{\"rows\": [{\"identifier\": \"88.118.8/SLOW-", i, "\"}]}\n");
  }
  const auto inbox =
      world.Send(HttpWorld::Request("POST", "/v1/records:streamRegister", kWriter, body));
  HttpResponse first = inbox->Take();
  CHECK(first.status == 200);
  REQUIRE(first.more != nullptr);
  first.more = nullptr;  // the peer is gone
  // The next request is answered after all that was in work before.
  world.Write(&Registry::Register, HttpWorld::kPumpsWriter, "row { identifier: '88.118.8/LAST' }");
  int done = 0;
  for (int i = 0; i < 300; ++i) {
    const HttpResponse one = world.Get(Concat("/v1/records:resolve?identifier=88.118.8/SLOW-", i));
    if (one.status == 200) ++done;
  }
  CHECK(done >= 1);
  CHECK(done <= 2 * static_cast<int>(RowStream::kMessagesMax));
  CHECK(inbox->responses.empty());
}

TEST_CASE("a line that fails ends the stream: with its status at first, as a line later") {
  HttpWorld world;
  const HttpResponse at_once =
      world.Ask("POST", "/v1/records:streamResolve", {}, "{\"identifiers\": 7}\n");
  CHECK(at_once.status == 400);
  CHECK(at_once.Header("Content-Type") == "application/json");
  CHECK(at_once.body.find("\"field\": \"identifiers\"") != std::string::npos);

  const HttpResponse later = world.Ask("POST", "/v1/records:streamResolve", {},
                                       "{\"identifiers\": [\"88.118.8/HP-1\"]}\nthis is no JSON\n"
                                       "{\"identifiers\": [\"88.118.8/HP-1\"]}\n");
  CHECK(later.status == 200);
  const std::vector<std::string> lines = absl::StrSplit(later.body, '\n', absl::SkipEmpty());
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].starts_with(R"({"error":{"code":3,"message":"line 2: the JSON of the body, at)"));
  CHECK(lines[1].find(R"("reason":"BODY_MALFORMED")") != std::string::npos);

  // Lines are counted as an editor counts them.
  const HttpResponse third =
      world.Ask("POST", "/v1/records:streamResolve", {}, "\n\n{\"identifiers\": [\"x\", {}]}\n");
  CHECK(third.status == 400);
  CHECK(third.body.find("line 3: field identifiers[1]: ") != std::string::npos);
  CHECK(third.body.find("\"reason\": \"FIELD_INVALID\"") != std::string::npos);
  CHECK(third.body.find("\"field\": \"identifiers[1]\"") != std::string::npos);

  CHECK(world.Ask("POST", "/v1/records:streamRegister", {}, "").status == 401);
  CHECK(world.Ask("POST", "/v1/records:streamRegister?x=1", kWriter, "").status == 400);
  const HttpResponse empty = world.Ask("POST", "/v1/records:streamRegister", kWriter, " \n");
  CHECK(empty.status == 200);
  CHECK(empty.body.empty());
}

TEST_CASE("a watch sends what there is, then waits, and ends when the server does") {
  HttpWorld world;
  const uint64_t published = world.rules().audit->PublishedSize();
  const auto inbox = world.Send(HttpWorld::Request("GET", "/v1/log/entries:watch?view=LEAF"));
  HttpResponse first = inbox->Take();
  CHECK(first.status == 200);
  CHECK(first.Header("Content-Type") == "application/x-ndjson");
  const auto lines = Lines<v1::WatchEntriesResponse>(first.body);
  REQUIRE(lines.size() == 1);
  CHECK(static_cast<uint64_t>(lines[0].entries_size()) == published);
  CHECK(!lines[0].checkpoint().empty());
  REQUIRE(first.more != nullptr);
  std::exchange(first.more, nullptr)();  // as the server: what is called is not kept
  world.router().Drain();
  const HttpResponse last = inbox->Take();
  CHECK(last.more == nullptr);
  CHECK(last.body.starts_with(R"({"error":{"code":14,)"));
  CHECK(last.body.find("SERVER_STOPPING") != std::string::npos);
  const HttpResponse after = world.Get("/v1/log/entries:watch");
  CHECK(after.status == 503);
  CHECK(world.Ask("POST", "/v1/records:streamResolve", {}, "{}").status == 503);
}

TEST_CASE("a watch that nobody takes ends, and another's place is free again") {
  HttpWorld world;
  for (size_t i = 0; i < 2 * kStreamsPerPeerMax; ++i) {
    const auto inbox = world.Send(HttpWorld::Request("GET", "/v1/log/entries:watch"));
    HttpResponse first = inbox->Take();
    REQUIRE(first.status == 200);
    first.more = nullptr;
  }
}

TEST_CASE("there is a most of streams from one address") {
  HttpWorld world;
  std::vector<std::shared_ptr<HttpWorld::Inbox>> watches;
  std::vector<HttpResponse> first_parts;
  for (size_t i = 0; i < kStreamsPerPeerMax; ++i) {
    watches.push_back(world.Send(HttpWorld::Request("GET", "/v1/log/entries:watch")));
    first_parts.push_back(watches.back()->Take());
    REQUIRE(first_parts.back().status == 200);
  }
  const HttpResponse refused = world.Get("/v1/log/entries:watch");
  CHECK(refused.status == 429);
  CHECK(refused.body.find("STREAMS_TOO_MANY") != std::string::npos);
}

TEST_CASE("a watch of what is not there, or not for it, is refused") {
  HttpWorld world;
  CHECK(world.Get("/v1/log/entries:watch?start_leaf_index=1000000").status == 400);
  CHECK(world.Get("/v1/log/entries:watch?view=CONTENT").status == 400);
  CHECK(world.Get("/v1/log/entries:watch?start=1").status == 400);
}

}  // namespace
}  // namespace gusu::server
