// What the connection repeats, and what it ends with when repeating does not help.
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/client/fake_server.h"

namespace gusu::test {
namespace {

using grpc::StatusCode::ABORTED;
using grpc::StatusCode::ALREADY_EXISTS;
using grpc::StatusCode::INTERNAL;
using grpc::StatusCode::RESOURCE_EXHAUSTED;
using grpc::StatusCode::UNAVAILABLE;

grpc::Status Created(const v1::RegisterRequest& request, v1::RegisterResponse* response) {
  response->mutable_result()->set_identifier(request.row().identifier());
  response->mutable_result()->set_outcome(v1::RegisterResult::CREATED);
  return grpc::Status::OK;
}

TEST_CASE("a write is repeated while the server is away, busy, or unsure, as the same request") {
  FakeServer server;
  std::vector<std::string> request_ids;
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest& request,
                                    v1::RegisterResponse* response) -> grpc::Status {
    request_ids.push_back(request.row().request_id());
    switch (request_ids.size()) {
      case 1:
        return Fault(UNAVAILABLE, "COMMIT_OUTCOME_UNKNOWN");
      case 2:
        return Fault(RESOURCE_EXHAUSTED, "WRITE_QUEUE_FULL");
      case 3:
        return Fault(RESOURCE_EXHAUSTED, "RATE_LIMITED");
      case 4:
        return {UNAVAILABLE, "going away"};
      default:
        return Created(request, response);
    }
  };
  RegisterRow row = RowOf("");
  row.mint = MintPattern{"88.118.8", "HP-{serial:6}"};
  const Result<RegisterResult> result = Client(server.options()).Register(row);
  REQUIRE(result.ok());
  CHECK(result->outcome == Outcome::kCreated);
  REQUIRE(request_ids.size() == 5);
  CHECK(request_ids[0].size() == 32);
  CHECK(std::count(request_ids.begin(), request_ids.end(), request_ids[0]) == 5);
}

TEST_CASE("a refusal is told at once, with its reason and what it is about") {
  FakeServer server;
  int calls = 0;
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest&,
                                    v1::RegisterResponse*) {
    ++calls;
    return Fault(ALREADY_EXISTS, "IDENTIFIER_TAKEN");
  };
  const auto result = Client(server.options()).Register(RowOf("88.118.8/HP-1"));
  CHECK(calls == 1);
  CHECK(result.status() == Status{StatusCode::kAlreadyExists,
                                  "the test says IDENTIFIER_TAKEN",
                                  "IDENTIFIER_TAKEN",
                                  {{"said_by", "test"}}});
}

TEST_CASE("a write that was sent and never answered for sure ends with its outcome unknown") {
  FakeServer server;
  int calls = 0;
  std::string request_id;
  server.registry.on_retire = [&](const v1::RetireRecordRequest& request, v1::RecordResponse*) {
    ++calls;
    request_id = request.request_id();
    return calls == 1 ? Fault(UNAVAILABLE, "COMMIT_OUTCOME_UNKNOWN")
                      : Fault(RESOURCE_EXHAUSTED, "WRITE_QUEUE_FULL");
  };
  ClientOptions options = server.options();
  options.retry.attempts_max = 3;
  RetireRecordRequest request;
  request.name = "88.118.8/HP-1";
  const Status status = Client(options).RetireRecord(request).status();
  CHECK(calls == 3);
  CHECK(status.code == StatusCode::kUnknownOutcome);
  CHECK(status.reason == kReasonOutcomeUnknown);
  CHECK(status.metadata.at("request_id") == request_id);
  CHECK(request_id.size() == 32);
}

TEST_CASE("a refusal after a try of unknown outcome is the answer, since it is the same request") {
  FakeServer server;
  int calls = 0;
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest&,
                                    v1::RegisterResponse*) {
    return ++calls == 1 ? Fault(UNAVAILABLE, "COMMIT_OUTCOME_UNKNOWN")
                        : Fault(ALREADY_EXISTS, "IDENTIFIER_TAKEN");
  };
  CHECK(Client(server.options()).Register(RowOf("88.118.8/HP-1")).status().reason ==
        "IDENTIFIER_TAKEN");
}

TEST_CASE("a queue that stays full is a failure, not an unknown outcome") {
  FakeServer server;
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest&,
                                    v1::RegisterResponse*) {
    return Fault(RESOURCE_EXHAUSTED, "WRITE_QUEUE_FULL");
  };
  ClientOptions options = server.options();
  options.retry.attempts_max = 2;
  const Status status = Client(options).Register(RowOf("88.118.8/HP-1")).status();
  CHECK(status.code == StatusCode::kResourceExhausted);
  CHECK(status.reason == "WRITE_QUEUE_FULL");
}

TEST_CASE("at the deadline a write's outcome is unknown, and a read has only failed") {
  FakeServer server;
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  const auto hold = [&] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return released; });
    return grpc::Status::OK;
  };
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest&,
                                    v1::RegisterResponse*) { return hold(); };
  server.resolver.on_resolve = [&](const v1::ResolveRequest&, v1::ResolveResponse*) {
    return hold();
  };
  Client client(server.options());
  const CallOptions soon{std::chrono::milliseconds(50)};
  CHECK(client.Register(RowOf("88.118.8/HP-1"), soon).status().code == StatusCode::kUnknownOutcome);
  CHECK(client.Resolve("88.118.8/HP-1", {}, soon).status().code == StatusCode::kDeadlineExceeded);
  std::lock_guard<std::mutex> lock(mutex);
  released = true;
  changed.notify_all();
}

TEST_CASE("with no server there, nothing happened, and the status says why") {
  ClientOptions options;
  {
    FakeServer gone;
    options = gone.options();
  }
  options.retry.attempts_max = 2;
  const Status status = Client(options).Register(RowOf("88.118.8/HP-1")).status();
  CHECK(status.code == StatusCode::kUnavailable);
  CHECK(status.reason == kReasonServerUnreachable);
  CHECK_THAT(status.message, Catch::Contains("onnect"));
}

TEST_CASE("an internal error without a reason leaves a write's outcome unknown") {
  FakeServer server;
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest&,
                                    v1::RegisterResponse*) {
    return grpc::Status(INTERNAL, "broke");
  };
  CHECK(Client(server.options()).Register(RowOf("88.118.8/HP-1")).status().code ==
        StatusCode::kUnknownOutcome);
}

TEST_CASE("which errors are repeated can be chosen") {
  FakeServer server;
  int calls = 0;
  server.registry.on_register = [&](grpc::ServerContext&, const v1::RegisterRequest& request,
                                    v1::RegisterResponse* response) {
    return ++calls < 3 ? Fault(ABORTED, "ETAG_MISMATCH") : Created(request, response);
  };
  ClientOptions options = server.options();
  options.retry.is_retryable = [](const Status& status) {
    return status.code == StatusCode::kAborted;
  };
  CHECK(Client(options).Register(RowOf("88.118.8/HP-1")).ok());
  CHECK(calls == 3);
}

TEST_CASE("the token travels as a bearer, and wrong options are told by every call") {
  FakeServer server;
  std::string authorization;
  server.registry.on_register = [&](grpc::ServerContext& context,
                                    const v1::RegisterRequest& request,
                                    v1::RegisterResponse* response) {
    const auto found = context.client_metadata().find("authorization");
    authorization = std::string(found->second.data(), found->second.size());
    return Created(request, response);
  };
  ClientOptions options = server.options();
  options.token = "gusu_secret";
  REQUIRE(Client(options).Register(RowOf("88.118.8/HP-1")).ok());
  CHECK(authorization == "Bearer gusu_secret");

  options.server = "registry.example:7440";
  Client wrong(options);
  CHECK(wrong.Register(RowOf("88.118.8/HP-1")).status().reason == kReasonOptionsInvalid);
  CHECK(wrong.OpenRegisterStream()->Write(RowOf("88.118.8/HP-1")).reason == kReasonOptionsInvalid);
  CHECK(
      wrong.ResolveMany(std::vector<std::string>{"88.118.8/HP-1"}, [](ResolveOutcome) {}).reason ==
      kReasonOptionsInvalid);
}

TEST_CASE("text that is not UTF-8 is refused by the name of its field, and is not sent") {
  FakeServer server;
  Client client(server.options());
  RegisterRow row = RowOf("88.118.8/HP-1");
  row.values[0].type = "na\xffme";
  const Status status = client.Register(row).status();
  CHECK(status.reason == "TEXT_NOT_UTF8");
  CHECK(status.metadata.at("field") == "row.values[0].type");
  CHECK(client.Resolve("88.118.8/\xff").status().reason == "IDENTIFIER_MALFORMED");
}

TEST_CASE("a client may be used from many threads") {
  FakeServer server;
  std::atomic<int> calls{0};
  server.resolver.on_resolve = [&](const v1::ResolveRequest& request,
                                   v1::ResolveResponse* response) {
    ++calls;
    response->mutable_record()->set_identifier(request.identifier());
    return grpc::Status::OK;
  };
  ClientOptions options = server.options();
  options.connections = 2;
  Client client(options);
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([copy = client, &right, t]() mutable {
      for (int i = 0; i < 50; ++i) {
        const std::string identifier = "88.118.8/" + std::to_string(t * 1000 + i);
        const auto answer = copy.Resolve(identifier);
        right += answer.ok() && answer->record.identifier == identifier;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 200);
  CHECK(calls == 200);
}

}  // namespace
}  // namespace gusu::test
