// StreamRegister and StreamResolve: order, window, errors of a message, half-close, cancellation.
#include <catch2/catch.hpp>
#include <thread>

#include "proto/hash.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

struct Scene {
  ServerProcess server;
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Api writer{server, pumps.writer_token};
  Api partner{server, ""};
};

Scene& TheScene() {
  static Scene scene;
  return scene;
}

v1::StreamRegisterRequest Rows(const std::string& begin, int first, int count) {
  v1::StreamRegisterRequest request;
  for (int i = first; i < first + count; ++i) {
    *request.add_rows() = Product("88.118.8/" + begin + std::to_string(i));
  }
  return request;
}

TEST_CASE("messages sent together are answered in order, a row's failure being its own") {
  Scene& scene = TheScene();
  const auto context = scene.writer.NewContext();
  const auto stream = scene.writer.registry()->StreamRegister(context.get());
  REQUIRE(stream->Write(Rows("S-", 0, 100)));
  v1::StreamRegisterRequest mixed = Rows("S-", 100, 3);
  mixed.mutable_rows(1)->set_identifier("99.9/NOT-MINE");
  REQUIRE(stream->Write(mixed));
  REQUIRE(stream->Write(Rows("S-", 103, 1)));

  uint64_t rows = 0;
  uint64_t revision = 0;
  for (const int expected : {100, 3, 1}) {
    v1::StreamRegisterResponse response;
    REQUIRE(stream->Read(&response));
    REQUIRE(response.outcomes_size() == expected);
    for (const v1::RowOutcome& outcome : response.outcomes()) {
      REQUIRE(outcome.row_index() == rows);
      if (rows == 101) {
        REQUIRE(outcome.error().code() == grpc::NOT_FOUND);
      } else {
        REQUIRE(outcome.result().outcome() == v1::RegisterResult::CREATED);
        REQUIRE(outcome.result().receipt().revision() > revision);
        revision = outcome.result().receipt().revision();
      }
      ++rows;
    }
  }
  stream->WritesDone();
  v1::StreamRegisterResponse none;
  CHECK_FALSE(stream->Read(&none));
  CHECK(stream->Finish().ok());
  CHECK(scene.partner.Resolve("88.118.8/S-103").fault == "");
}

TEST_CASE("a stream that is sent again is answered UNCHANGED with the first receipts") {
  Scene& scene = TheScene();
  std::vector<uint64_t> revisions[2];
  for (auto& seen : revisions) {
    const auto context = scene.writer.NewContext();
    const auto stream = scene.writer.registry()->StreamRegister(context.get());
    std::thread sender([&] {
      for (int i = 0; i < 20; ++i) stream->Write(Rows("AGAIN-", i * 50, 50));
      stream->WritesDone();
    });
    v1::StreamRegisterResponse response;
    while (stream->Read(&response)) {
      for (const auto& outcome : response.outcomes()) {
        seen.push_back(outcome.result().receipt().revision());
      }
    }
    sender.join();
    CHECK(stream->Finish().ok());
  }
  CHECK(revisions[0].size() == 1000);
  CHECK(revisions[0] == revisions[1]);
}

TEST_CASE("a message with too many rows ends the stream after the answers before it") {
  Scene& scene = TheScene();
  const auto context = scene.writer.NewContext();
  const auto stream = scene.writer.registry()->StreamRegister(context.get());
  REQUIRE(stream->Write(Rows("TM-", 0, 2)));
  REQUIRE(stream->Write(Rows("TM-", 0, 1001)));
  v1::StreamRegisterResponse response;
  REQUIRE(stream->Read(&response));
  CHECK(response.outcomes_size() == 2);
  CHECK_FALSE(stream->Read(&response));
  CHECK(FaultOf(stream->Finish()) == "INVALID_ARGUMENT BATCH_TOO_LARGE");
}

TEST_CASE("the options of a message of StreamResolve count until another gives its own") {
  Scene& scene = TheScene();
  REQUIRE(scene.writer.Register(Product("88.118.8/OPT-1")).fault == "");
  const auto context = scene.partner.NewContext();
  const auto stream = scene.partner.resolver()->StreamResolve(context.get());
  v1::StreamResolveRequest request;
  request.add_identifiers("88.118.8/OPT-1");
  request.mutable_options()->add_types("model");
  REQUIRE(stream->Write(request));
  request.clear_options();
  REQUIRE(stream->Write(request));
  request.mutable_options()->add_types("name");
  REQUIRE(stream->Write(request));
  stream->WritesDone();
  std::vector<std::string> types;
  v1::StreamResolveResponse response;
  while (stream->Read(&response)) {
    REQUIRE(response.outcomes_size() == 1);
    const auto& record = response.outcomes(0).response().record();
    REQUIRE(record.values_size() == 1);
    types.push_back(record.values(0).type());
  }
  CHECK(stream->Finish().ok());
  CHECK(types == std::vector<std::string>{"model", "model", "name"});
}

TEST_CASE("a caller without the right is told before it sends") {
  Scene& scene = TheScene();
  const auto context = scene.partner.NewContext();
  const auto stream = scene.partner.registry()->StreamRegister(context.get());
  v1::StreamRegisterResponse response;
  CHECK_FALSE(stream->Read(&response));
  CHECK(FaultOf(stream->Finish()) == "UNAUTHENTICATED CREDENTIAL_MISSING");
}

TEST_CASE("a revoked credential ends the stream that it opened") {
  Scene& scene = TheScene();
  const Api admin(scene.server, scene.pumps.admin_token);
  const std::string token = NewTokenSecret();
  v1::CreateCredentialRequest create;
  create.set_parent(scene.pumps.name);
  create.set_secret_sha256(std::string(AsBytes(Sha256(token))));
  const auto created =
      admin.Call(admin.registrar(), &v1::RegistrarService::Stub::CreateCredential, create);
  REQUIRE(created.fault == "");
  const Api api(scene.server, token);
  const auto context = api.NewContext();
  const auto stream = api.registry()->StreamRegister(context.get());
  v1::StreamRegisterResponse response;
  REQUIRE(stream->Write(Rows("RV-", 0, 1)));
  REQUIRE(stream->Read(&response));
  v1::RevokeCredentialRequest revoke;
  revoke.set_name(created.value.credential().name());
  revoke.set_reason("drill");
  REQUIRE(
      admin.Call(admin.registrar(), &v1::RegistrarService::Stub::RevokeCredential, revoke).fault ==
      "");
  stream->Write(Rows("RV-", 1, 1));
  CHECK_FALSE(stream->Read(&response));
  CHECK(FaultOf(stream->Finish()) == "UNAUTHENTICATED CREDENTIAL_INVALID");
}

TEST_CASE("streams that are cancelled in every state leave a server that answers") {
  Scene& scene = TheScene();
  for (int i = 0; i < 60; ++i) {
    const auto context = scene.writer.NewContext();
    const auto stream = scene.writer.registry()->StreamRegister(context.get());
    for (int message = 0; message < i % 6; ++message) {
      stream->Write(Rows("C" + std::to_string(i) + "-", message * 40, 40));
    }
    v1::StreamRegisterResponse response;
    if (i % 3 == 1 && i % 6 > 0) stream->Read(&response);
    if (i % 3 == 2) stream->WritesDone();
    context->TryCancel();
    while (stream->Read(&response)) {
    }
    const grpc::Status status = stream->Finish();
    CHECK((status.ok() || status.error_code() == grpc::CANCELLED));
  }
  CHECK(scene.writer.Register(Product("88.118.8/AFTER-CANCEL")).fault == "");
}

TEST_CASE("more streams of one address than are allowed are refused, and ended ones make room") {
  Scene& scene = TheScene();
  struct Opened {
    std::unique_ptr<grpc::ClientContext> context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::StreamResolveRequest, v1::StreamResolveResponse>>
        stream;
  };
  v1::StreamResolveRequest request;
  request.add_identifiers("88.118.8/NEVER");
  v1::StreamResolveResponse response;
  std::vector<Opened> open;
  std::string fault;
  for (int i = 0; i < 200 && fault.empty(); ++i) {
    Opened one{scene.writer.NewContext(), nullptr};
    one.stream = scene.writer.resolver()->StreamResolve(one.context.get());
    one.stream->Write(request);
    if (one.stream->Read(&response)) {
      open.push_back(std::move(one));
    } else {
      fault = FaultOf(one.stream->Finish());
    }
  }
  CHECK(fault == "RESOURCE_EXHAUSTED STREAMS_TOO_MANY");
  CHECK(open.size() == 128);
  for (Opened& one : open) {
    one.stream->WritesDone();
    CHECK(one.stream->Finish().ok());
  }
  const auto context = scene.writer.NewContext();
  const auto stream = scene.writer.resolver()->StreamResolve(context.get());
  REQUIRE(stream->Write(request));
  CHECK(stream->Read(&response));
  stream->WritesDone();
  CHECK(stream->Finish().ok());
}

}  // namespace
}  // namespace gusu::e2e
