// Resolving many: batches with rests, and streams that break.
#include <catch2/catch.hpp>
#include <vector>

#include "tests/client/fake_server.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

using grpc::StatusCode::NOT_FOUND;
using grpc::StatusCode::PERMISSION_DENIED;
using grpc::StatusCode::UNAVAILABLE;

std::vector<std::string> Identifiers(size_t count) {
  std::vector<std::string> all;
  for (size_t i = 0; i < count; ++i) all.push_back("88.118.8/R-" + std::to_string(i));
  return all;
}

std::vector<std::string> Resolved(const std::vector<ResolveOutcome>& outcomes) {
  std::vector<std::string> all;
  for (const ResolveOutcome& outcome : outcomes) {
    all.push_back(outcome.answer ? outcome.answer->record.identifier
                                 : outcome.answer.status().reason);
  }
  return all;
}

// Marks all but the first `keep` outcomes as the rest that did not fit.
template <typename Response>
void CutOff(int keep, Response* response) {
  for (int i = keep; i < response->outcomes_size(); ++i) {
    *response->mutable_outcomes(i)->mutable_error() = RowFault(UNAVAILABLE, "RETRY_REST");
  }
}

TEST_CASE("a batch asks again for the rest, and for more than one message holds") {
  FakeServer server;
  std::vector<int> asked;
  server.resolver.on_batch = [&](const v1::BatchResolveRequest& request,
                                 v1::BatchResolveResponse* response) {
    asked.push_back(request.identifiers_size());
    v1::StreamResolveRequest same;
    *same.mutable_identifiers() = request.identifiers();
    *response->mutable_outcomes() = ResolvedAll(same).outcomes();
    CutOff(1500, response);
    return grpc::Status::OK;
  };
  const auto all = Identifiers(4100);
  const auto outcomes = Client(server.options()).BatchResolve(all);
  REQUIRE(outcomes.ok());
  CHECK(Resolved(*outcomes) == all);
  CHECK(asked == std::vector<int>{2000, 2000, 1100});
}

TEST_CASE("an identifier that cannot travel, or is not there, fails alone") {
  FakeServer server;
  server.resolver.on_batch = [&](const v1::BatchResolveRequest& request,
                                 v1::BatchResolveResponse* response) {
    v1::StreamResolveRequest same;
    *same.mutable_identifiers() = request.identifiers();
    *response->mutable_outcomes() = ResolvedAll(same).outcomes();
    *response->mutable_outcomes(1)->mutable_error() = RowFault(NOT_FOUND, "IDENTIFIER_NOT_FOUND");
    return grpc::Status::OK;
  };
  const auto outcomes =
      Client(server.options()).BatchResolve({"88.118.8/A", "88.118.8/\xff", "88.118.8/B"});
  REQUIRE(outcomes.ok());
  CHECK(Resolved(*outcomes) ==
        std::vector<std::string>{"88.118.8/A", "IDENTIFIER_MALFORMED", "IDENTIFIER_NOT_FOUND"});
  CHECK((*outcomes)[1].identifier == "88.118.8/\xff");
}

TEST_CASE("a server that answers nothing but rests is told apart from a slow one") {
  FakeServer server;
  server.resolver.on_batch = [&](const v1::BatchResolveRequest& request,
                                 v1::BatchResolveResponse* response) {
    for (int i = 0; i < request.identifiers_size(); ++i) response->add_outcomes();
    CutOff(0, response);
    return grpc::Status::OK;
  };
  CHECK(Client(server.options()).BatchResolve({"88.118.8/A"}).status().code ==
        StatusCode::kInternal);
}

TEST_CASE("a resolve stream that breaks and cuts answers off gives each outcome once, in order") {
  Random random("resolve stream");
  FakeServer server;
  server.resolver.on_stream = [&](FakeResolver::Stream* stream) -> grpc::Status {
    v1::StreamResolveRequest request;
    while (stream->Read(&request)) {
      if (random.Below(6) == 0) return {UNAVAILABLE, "connection reset"};
      v1::StreamResolveResponse response = ResolvedAll(request);
      if (random.Below(3) == 0) CutOff(1, &response);
      stream->Write(response);
    }
    return grpc::Status::OK;
  };
  const auto all = Identifiers(3000);
  ResolveManyOptions options;
  options.message_identifiers = 40;
  std::vector<ResolveOutcome> outcomes;
  const Status status =
      Client(server.options())
          .ResolveMany(
              all, [&](ResolveOutcome o) { outcomes.push_back(std::move(o)); }, options);
  CHECK(status == Status{});
  CHECK(Resolved(outcomes) == all);
}

TEST_CASE("a resolve stream that is refused says so") {
  FakeServer server;
  server.resolver.on_stream = [](FakeResolver::Stream*) {
    return Fault(PERMISSION_DENIED, "ROLE_REFUSED");
  };
  CHECK(Client(server.options())
            .ResolveMany(Identifiers(3), [](ResolveOutcome) { FAIL("there is none"); })
            .reason == "ROLE_REFUSED");
}

TEST_CASE("no identifiers are no call") {
  FakeServer server;
  CHECK(Client(server.options())
            .ResolveMany(std::vector<std::string>(), [](ResolveOutcome) { FAIL("there is none"); })
            .ok());
  CHECK(Client(server.options()).BatchResolve({})->empty());
}

}  // namespace
}  // namespace gusu::test
