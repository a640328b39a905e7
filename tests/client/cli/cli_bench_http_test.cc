// What gusu bench sends to the HTTP door, how it reads answers, and its echo.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "client/bench/http_echo.h"
#include "client/cli/bench_http.h"
#include "client/cli/bench_http_message.h"
#include "tests/client/cli/run_gusu.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

const std::string kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 13\r\nVary: "
    "Accept\r\n\r\n"
    "{\"record\":{}}";

// What is wrong with these bytes.
std::string FaultOf(const std::string& bytes) {
  const auto answer = ReadHttpAnswer(bytes);
  return answer.ok() ? "none" : answer.status().message;
}

TEST_CASE("a code is percent-encoded whole, whatever its characters") {
  CHECK(HttpResolveRequest("127.0.0.1:7480", "88.118.8/批次 +&?=#%-._~") ==
        "GET /v1/records:resolve?identifier=88.118.8%2F%E6%89%B9%E6%AC%A1%20%2B%26%3F%3D%23%25-._~ "
        "HTTP/1.1\r\nHost: 127.0.0.1:7480\r\nAccept: application/json\r\n\r\n");
  CHECK(HttpResolveRequest("h:1", "a\r\nX: y").find("%0D%0AX%3A%20y HTTP/1.1\r\n") !=
        std::string::npos);
}

TEST_CASE("an answer is read once it is whole, and no byte of the next one") {
  for (size_t size = 0; size < kAnswer.size(); ++size) {
    const auto part = ReadHttpAnswer(kAnswer.substr(0, size));
    REQUIRE(part.ok());
    CHECK_FALSE(part->has_value());
  }
  const auto whole = ReadHttpAnswer(kAnswer + kAnswer);
  REQUIRE(whole.ok());
  REQUIRE(whole->has_value());
  const HttpAnswer& answer = **whole;
  CHECK(answer.status == 200);
  CHECK(answer.body == "{\"record\":{}}");
  CHECK(answer.bytes == kAnswer.size());
  CHECK(answer.headers == std::vector<std::pair<std::string, std::string>>{
                              {"Content-Type", "application/json"}, {"Vary", "Accept"}});
}

TEST_CASE("what is no answer is told as such") {
  const std::string end = "\r\n\r\n";
  CHECK(FaultOf("SSH-2.0-x" + end).find("status line") != std::string::npos);
  CHECK(FaultOf("HTTP/1.1 2x0 OK\r\nContent-Length: 0" + end).find("status line") !=
        std::string::npos);
  CHECK(FaultOf("HTTP/1.1 200 OK\r\nDate" + end).find("a header") != std::string::npos);
  CHECK(FaultOf("HTTP/1.1 200 OK\r\nDate: now" + end).find("Content-Length") != std::string::npos);
  for (const char* length : {"", "1x", "-1", "99999999999999999999999"}) {
    CHECK(FaultOf("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + end) != "none");
  }
  CHECK(FaultOf("HTTP/1.1 200 OK\r\nContent-Length: 4194305" + end).find("too long") !=
        std::string::npos);
  CHECK(FaultOf(std::string(64 * 1024 + 1, 'a')).find("do not end") != std::string::npos);
}

TEST_CASE("an error of the registry comes back as it was told") {
  HttpAnswer answer;
  answer.status = 404;
  answer.body =
      R"({"code":5,"message":"identifier 88.118.8/X is not registered","details":[{)"
      R"("@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IDENTIFIER_NOT_FOUND"}]})";
  const Status expected{
      StatusCode::kNotFound, "identifier 88.118.8/X is not registered", "IDENTIFIER_NOT_FOUND", {}};
  CHECK(StatusOfHttpAnswer(answer) == expected);
  answer.body = "<html>";
  CHECK(StatusOfHttpAnswer(answer).code == StatusCode::kInternal);
  CHECK(StatusOfHttpAnswer(answer).message.find("404") != std::string::npos);
  answer.body = R"({"code":"five"})";
  CHECK(StatusOfHttpAnswer(answer).code == StatusCode::kInternal);
  answer.status = 200;
  CHECK(StatusOfHttpAnswer(answer).ok());
}

TEST_CASE("the loop gets every answer of the echo, over connections that stay open") {
  const std::string body = "{" + std::string(2'000, ' ') + "}";
  auto echo = HttpEcho::Start({{{"Content-Type", "application/json"}, {"ETag", "\"a\""}}, body});
  REQUIRE(echo.ok());
  HttpLoad load{(*echo)->address(), {}, 8};
  load.requests = {HttpResolveRequest(load.server, "a"), HttpResolveRequest(load.server, "b")};
  Budget budget(3600, 500);
  const Measured measured =
      RunWorkers(2, [&](size_t worker) { return RunHttpLoop(load, worker, &budget); });
  CHECK(measured.first_error.message == "");
  CHECK(measured.rows_count == 500);
  CHECK(measured.latency.count() == 500);
  CHECK(measured.errors_count == 0);
  CHECK((*echo)->StopAndCpuSeconds() > 0);
}

TEST_CASE("bench resolve goes over HTTP and compares with an echo") {
  auto server = HttpEcho::Start({{{"Content-Type", "application/json"}}, "{}"});
  REQUIRE(server.ok());
  const std::vector<std::string> command = {"--json", "bench", "resolve", "88.118.8/X", "--door",
                                            "http",   "-c",    "2",       "--count",    "500"};
  std::vector<std::string> by_address = command;
  by_address.insert(by_address.end(), {"--http", (*server)->address()});
  // Or the server that announced itself in a data directory.
  const TemporaryDirectory data;
  data.Write("http.address", (*server)->address() + "\n");
  std::vector<std::string> by_data = command;
  by_data.insert(by_data.begin(), {"--data", data.path()});
  for (const auto& words : {by_address, by_data}) {
    const Ran ran = Run(words);
    CAPTURE(ran.err);
    REQUIRE(ran.exit_code == 0);
    const auto json = nlohmann::json::parse(ran.out);
    CHECK(json["rows"] == 500);
    CHECK(json["errors"] == 0);
    CHECK(json["door"] == "http");
    CHECK(json["echo"]["calls_per_second"].get<double>() > 0);
    CHECK(json["ratio_to_echo"].get<double>() > 0);
  }
}

TEST_CASE("bench resolve over HTTP says which server it lacks, and which options are not its own") {
  const std::vector<std::string> command = {"bench", "resolve", "88.118.8/X", "--door", "http"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = command;
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  };
  CHECK(with({}).exit_code == 2);
  CHECK(with({}).err.find("which HTTP server?") != std::string::npos);
  CHECK(with({"--http", "localhost"}).exit_code == 2);
  CHECK(with({"--http", "localhost"}).err.find("'localhost' is not HOST:PORT") !=
        std::string::npos);
  CHECK(with({"--http", "127.0.0.1:1", "--batch", "2"}).exit_code == 2);
  CHECK(with({"--http", "127.0.0.1:1"}).exit_code == 6);
  const TemporaryDirectory empty;
  const Ran none =
      Run({"--data", empty.path(), "bench", "resolve", "88.118.8/X", "--door", "http"});
  CHECK(none.exit_code == 6);
  CHECK(none.err.find(empty.path() + "/http.address") != std::string::npos);
}

TEST_CASE("a server that is not there, or that goes, is an error of the loop") {
  auto echo = HttpEcho::Start({{}, "no object"});
  REQUIRE(echo.ok());
  HttpLoad load{(*echo)->address(), {HttpResolveRequest((*echo)->address(), "a")}, 1};
  Budget refused(3600, 10);
  const Measured wrong = RunHttpLoop(load, 0, &refused);
  CHECK(wrong.rows_count == 0);
  CHECK(wrong.errors_count == 10);
  echo->reset();
  Budget budget(3600, 10);
  const Measured gone = RunHttpLoop(load, 0, &budget);
  CHECK(gone.errors_count == 1);
  CHECK(gone.first_error.reason == kReasonServerUnreachable);
}

}  // namespace
}  // namespace gusu::cli
