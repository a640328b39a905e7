// The register stream against a server that breaks it in every way.
#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <vector>

#include "tests/client/fake_server.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

using grpc::StatusCode::ALREADY_EXISTS;
using grpc::StatusCode::RESOURCE_EXHAUSTED;
using grpc::StatusCode::UNAUTHENTICATED;
using grpc::StatusCode::UNAVAILABLE;

grpc::Status AnswerAll(FakeRegistry::Stream* stream) {
  v1::StreamRegisterRequest request;
  while (stream->Read(&request)) stream->Write(CreatedAll(request));
  return grpc::Status::OK;
}

std::string Identifier(int i) { return "88.118.8/R-" + std::to_string(i); }

// Writes `count` rows and returns the identifiers of the outcomes, or the reasons of their errors.
std::vector<std::string> WriteAll(Client client, int count, RegisterStreamOptions options = {},
                                  Status* finished = nullptr) {
  std::vector<std::string> outcomes;
  options.on_outcome = [&](RowOutcome outcome) {
    CHECK(outcome.row_index == outcomes.size());
    outcomes.push_back(outcome.result ? outcome.result->identifier
                                      : outcome.result.status().reason);
  };
  auto stream = client.OpenRegisterStream(options);
  for (int i = 0; i < count; ++i) {
    if (!stream->Write(RowOf(Identifier(i))).ok()) break;
  }
  const Status status = stream->Finish();
  if (finished != nullptr) *finished = status;
  return outcomes;
}

std::vector<std::string> Identifiers(int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(Identifier(i));
  return all;
}

TEST_CASE("every row of a stream gets its outcome, in order, also through a small window") {
  FakeServer server;
  size_t rows_max = 0;
  server.registry.on_stream = [&](FakeRegistry::Stream* stream) {
    v1::StreamRegisterRequest request;
    while (stream->Read(&request)) {
      rows_max = std::max(rows_max, static_cast<size_t>(request.rows_size()));
      stream->Write(CreatedAll(request));
    }
    return grpc::Status::OK;
  };
  RegisterStreamOptions options;
  options.window_rows = 37;
  options.message_rows = 10;
  Status finished;
  CHECK(WriteAll(Client(server.options()), 1000, options, &finished) == Identifiers(1000));
  CHECK(finished.ok());
  CHECK(rows_max == 10);
}

TEST_CASE("outcomes can be read instead of called back") {
  FakeServer server;
  server.registry.on_stream = AnswerAll;
  auto stream = Client(server.options()).OpenRegisterStream();
  for (int i = 0; i < 3; ++i) REQUIRE(stream->Write(RowOf(Identifier(i))).ok());
  CHECK(stream->Finish().ok());
  for (uint64_t i = 0; i < 3; ++i) {
    const auto outcome = stream->Read();
    REQUIRE(outcome);
    CHECK(outcome->row_index == i);
    CHECK(outcome->result->identifier == Identifier(static_cast<int>(i)));
  }
  CHECK(!stream->Read());
  CHECK(stream->Write(RowOf(Identifier(9))).reason == kReasonStreamFinished);
}

TEST_CASE("a stream that breaks again and again is resumed, and no row is lost or answered twice") {
  Random random("stream breaks");
  FakeServer server;
  std::mutex mutex;
  std::set<std::string> registered;
  server.registry.on_stream = [&](FakeRegistry::Stream* stream) -> grpc::Status {
    size_t messages;
    {
      std::lock_guard<std::mutex> lock(mutex);
      messages = random.Below(4);
    }
    v1::StreamRegisterRequest request;
    while (stream->Read(&request)) {
      // Every other break comes after the rows are in, and before they are answered.
      if (messages-- == 0) {
        std::lock_guard<std::mutex> lock(mutex);
        if (random.Below(2) == 0) {
          for (const auto& row : request.rows()) registered.insert(row.identifier());
        }
        return {UNAVAILABLE, "connection reset"};
      }
      v1::StreamRegisterResponse response = CreatedAll(request);
      std::lock_guard<std::mutex> lock(mutex);
      for (auto& outcome : *response.mutable_outcomes()) {
        if (!registered.insert(outcome.result().identifier()).second) {
          outcome.mutable_result()->set_outcome(v1::RegisterResult::UNCHANGED);
        }
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  };
  RegisterStreamOptions options;
  options.window_rows = 200;
  options.message_rows = 25;
  Status finished;
  CHECK(WriteAll(Client(server.options()), 2000, options, &finished) == Identifiers(2000));
  CHECK(finished.ok());
  CHECK(registered.size() == 2000);
}

TEST_CASE("rows that the server is too busy for are sent again; refused ones are told") {
  FakeServer server;
  std::set<std::string> seen;
  server.registry.on_stream = [&](FakeRegistry::Stream* stream) {
    v1::StreamRegisterRequest request;
    while (stream->Read(&request)) {
      v1::StreamRegisterResponse response = CreatedAll(request);
      for (int i = 0; i < request.rows_size(); ++i) {
        const std::string& identifier = request.rows(i).identifier();
        if (identifier == Identifier(3)) {
          *response.mutable_outcomes(i)->mutable_error() =
              RowFault(ALREADY_EXISTS, "IDENTIFIER_TAKEN");
        } else if (seen.insert(identifier).second && identifier.back() % 2 == 0) {
          *response.mutable_outcomes(i)->mutable_error() =
              RowFault(RESOURCE_EXHAUSTED, "WRITE_QUEUE_FULL");
        }
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  };
  std::vector<std::string> expected = Identifiers(10);
  expected[3] = "IDENTIFIER_TAKEN";
  CHECK(WriteAll(Client(server.options()), 10) == expected);
}

TEST_CASE("when the server stays silent, sent rows end unknown and the stream has failed") {
  FakeServer server;
  std::atomic<bool> first{true};
  server.registry.on_stream = [&](FakeRegistry::Stream* stream) {
    v1::StreamRegisterRequest request;
    if (first.exchange(false) && stream->Read(&request)) stream->Write(CreatedAll(request));
    while (stream->Read(&request)) {
    }
    return grpc::Status::OK;
  };
  ClientOptions options = server.options();
  options.deadline = std::chrono::milliseconds(200);
  RegisterStreamOptions one_by_one;
  one_by_one.message_rows = 1;
  Status finished;
  const auto outcomes = WriteAll(Client(options), 3, one_by_one, &finished);
  CHECK(outcomes == std::vector<std::string>{Identifier(0), "OUTCOME_UNKNOWN", "OUTCOME_UNKNOWN"});
  CHECK(finished.code == StatusCode::kUnavailable);
}

TEST_CASE("a refused credential fails the stream with that error, since nothing has happened") {
  FakeServer server;
  server.registry.on_stream = [](FakeRegistry::Stream*) {
    return Fault(UNAUTHENTICATED, "CREDENTIAL_INVALID");
  };
  Status finished;
  const auto outcomes = WriteAll(Client(server.options()), 1, {}, &finished);
  CHECK(outcomes == std::vector<std::string>{"CREDENTIAL_INVALID"});
  CHECK(finished.reason == "CREDENTIAL_INVALID");
}

TEST_CASE("a row that cannot travel is answered here, in its place, and the others go on") {
  FakeServer server;
  server.registry.on_stream = AnswerAll;
  std::vector<std::string> outcomes;
  RegisterStreamOptions options;
  options.on_outcome = [&](RowOutcome outcome) {
    outcomes.push_back(outcome.result ? outcome.result->identifier
                                      : outcome.result.status().reason);
  };
  auto stream = Client(server.options()).OpenRegisterStream(options);
  RegisterRow large = RowOf(Identifier(1));
  large.values.push_back(TextValue("batch", std::string(5 << 20, 'x')));
  RegisterRow minted = RowOf("");
  minted.mint = MintPattern{"88.118.8", "HP-{serial:6}"};
  for (const RegisterRow& row : {RowOf(Identifier(0)), large, RowOf("88.118.8/\xff"), minted}) {
    REQUIRE(stream->Write(row).ok());
  }
  CHECK(stream->Finish().ok());
  REQUIRE(outcomes.size() == 4);
  CHECK(outcomes[0] == Identifier(0));
  CHECK(outcomes[1] == "RECORD_TOO_LARGE");
  CHECK(outcomes[2] == "TEXT_NOT_UTF8");
  CHECK(outcomes[3].size() == 32);  // its request id, as the fake server answers
}

TEST_CASE("a stream may be abandoned with rows under way") {
  FakeServer server;
  server.registry.on_stream = [](FakeRegistry::Stream* stream) {
    v1::StreamRegisterRequest request;
    while (stream->Read(&request)) {
    }
    return grpc::Status::OK;
  };
  auto stream = Client(server.options()).OpenRegisterStream();
  REQUIRE(stream->Write(RowOf(Identifier(0))).ok());
}

}  // namespace
}  // namespace gusu::test
