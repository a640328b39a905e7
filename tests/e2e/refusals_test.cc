// Bad input, each with its own code and reason.
#include <catch2/catch.hpp>

#include "proto/hash.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

struct Scene {
  ServerProcess server;
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Enterprise valves = MakeEnterprise(server, "sz-valves", "91320594MA1MABCD7J", "88.118.9");
  Api writer{server, pumps.writer_token};
  Api partner{server, ""};
};

Scene& TheScene() {
  static Scene scene;
  return scene;
}

std::string RegisterFault(const Api& api, const v1::RegisterRow& row) {
  const auto answer = api.Register(row);
  CHECK(answer.status.error_details().size() < 4096);
  return answer.fault;
}

TEST_CASE("codes that are not there say why: malformed, unknown prefix, never issued") {
  Scene& scene = TheScene();
  CHECK(scene.partner.Resolve("").fault == "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  CHECK(scene.partner.Resolve("88.118.8").fault == "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  CHECK(scene.partner.Resolve("88.118.8/" + std::string(250, 'x')).fault ==
        "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  CHECK(scene.partner.Resolve("88.999/X").fault == "NOT_FOUND PREFIX_NOT_FOUND");
  CHECK(scene.partner.Resolve("88.118.8/NEVER").fault == "NOT_FOUND IDENTIFIER_NOT_FOUND");
  CHECK(RegisterFault(scene.writer, Product("88.118.8/ x")) ==
        "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
}

TEST_CASE("a taken identifier names the fields that differ") {
  Scene& scene = TheScene();
  REQUIRE(scene.writer.Register(Product("88.118.8/TAKEN")).fault == "");
  const auto answer = scene.writer.Register(Product("88.118.8/taken", "Other"));
  CHECK(answer.fault == "ALREADY_EXISTS IDENTIFIER_TAKEN");
  CHECK_THAT(answer.status.error_message(),
             Catch::Contains("88.118.8/taken", Catch::CaseSensitive::No));
}

TEST_CASE("nobody registers below another's prefix") {
  Scene& scene = TheScene();
  CHECK(RegisterFault(scene.writer, Product("88.118.9/MINE")) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
}

TEST_CASE("a code of which the caller may read nothing says so") {
  Scene& scene = TheScene();
  v1::RegisterRow row;
  row.set_identifier("88.118.8/SECRET");
  AddValue("note", "x", row.mutable_values(), v1::OWNER);
  REQUIRE(scene.writer.Register(row).fault == "");
  CHECK(scene.partner.Resolve("88.118.8/SECRET").fault == "PERMISSION_DENIED TIER_REFUSED");
  CHECK(scene.writer.Resolve("88.118.8/SECRET").fault == "");
}

TEST_CASE("a write needs a credential that is known and not revoked, and a role that may") {
  Scene& scene = TheScene();
  CHECK(RegisterFault(scene.partner, Product("88.118.8/T-1")) ==
        "UNAUTHENTICATED CREDENTIAL_MISSING");
  const Api stranger(scene.server, NewTokenSecret());
  CHECK(RegisterFault(stranger, Product("88.118.8/T-1")) == "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(stranger.Resolve("88.118.8/T-1").fault == "UNAUTHENTICATED CREDENTIAL_INVALID");

  const Api admin(scene.server, scene.valves.admin_token);
  v1::RevokeCredentialRequest revoke;
  revoke.set_name(scene.valves.writer_credential);
  revoke.set_reason("lost");
  const Api valves(scene.server, scene.valves.writer_token);
  REQUIRE(RegisterFault(valves, Product("88.118.9/BEFORE")) == "");
  REQUIRE(
      admin.Call(admin.registrar(), &v1::RegistrarService::Stub::RevokeCredential, revoke).fault ==
      "");
  CHECK(RegisterFault(valves, Product("88.118.9/AFTER")) == "UNAUTHENTICATED CREDENTIAL_INVALID");

  v1::GrantPrefixRequest grant;
  grant.set_prefix("88.118.10");
  grant.set_holder(scene.pumps.name);
  CHECK(scene.writer.Call(scene.writer.registrar(), &v1::RegistrarService::Stub::GrantPrefix, grant)
            .fault == "PERMISSION_DENIED ROLE_REFUSED");
}

TEST_CASE("an authorization that is not one bearer token is refused") {
  Scene& scene = TheScene();
  const auto fault_with = [&](std::vector<std::string> headers) {
    grpc::ClientContext context;
    for (const std::string& header : headers) context.AddMetadata("authorization", header);
    v1::ResolveRequest request;
    request.set_identifier("88.118.8/NEVER");
    v1::ResolveResponse response;
    return FaultOf(scene.partner.resolver()->Resolve(&context, request, &response));
  };
  const std::string good = scene.pumps.writer_token;
  CHECK(fault_with({"bearer " + good}) == "NOT_FOUND IDENTIFIER_NOT_FOUND");
  CHECK(fault_with({good}) == "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(fault_with({"Basic " + good}) == "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(fault_with({"Bearer "}) == "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(fault_with({"Bearer " + good, "Bearer " + good}) == "UNAUTHENTICATED CREDENTIAL_INVALID");
}

TEST_CASE("a violated template names the attribute") {
  Scene& scene = TheScene();
  v1::RegisterRow row;
  row.set_identifier("88.118.8/TV-1");
  row.set_template_("product");
  AddValue("model", "HP", row.mutable_values());
  const auto answer = scene.writer.Register(row);
  CHECK(answer.fault == "INVALID_ARGUMENT TEMPLATE_VIOLATED");
  CHECK_THAT(answer.status.error_message(), Catch::Contains("name"));
}

TEST_CASE("what is too large is refused by the limit that it breaks") {
  Scene& scene = TheScene();
  const auto free = [](const std::string& identifier) {
    v1::RegisterRow row;
    row.set_identifier(identifier);
    return row;
  };
  v1::RegisterRow value = free("88.118.8/BIG-1");
  AddValue("note", std::string((64 << 10) + 1, 'x'), value.mutable_values());
  CHECK_THAT(RegisterFault(scene.writer, value), Catch::StartsWith("INVALID_ARGUMENT "));

  v1::RegisterRow record = free("88.118.8/BIG-2");
  for (int i = 0; i < 4; ++i) {
    AddValue("note" + std::to_string(i), std::string(60 << 10, 'x'), record.mutable_values());
  }
  CHECK(RegisterFault(scene.writer, record) == "INVALID_ARGUMENT RECORD_TOO_LARGE");

  v1::RegisterRow values = free("88.118.8/BIG-3");
  for (int i = 0; i < 257; ++i) AddValue("n" + std::to_string(i), "x", values.mutable_values());
  CHECK_THAT(RegisterFault(scene.writer, values), Catch::StartsWith("INVALID_ARGUMENT "));

  v1::BatchRegisterRequest batch;
  for (int i = 0; i < 2001; ++i) *batch.add_rows() = Product("88.118.8/B-" + std::to_string(i));
  CHECK(scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::BatchRegister, batch)
            .fault == "INVALID_ARGUMENT BATCH_TOO_LARGE");
  v1::BatchResolveRequest many;
  for (int i = 0; i < 2001; ++i) many.add_identifiers("88.118.8/X");
  CHECK(scene.partner.Call(scene.partner.resolver(), &v1::ResolverService::Stub::BatchResolve, many)
            .fault == "INVALID_ARGUMENT BATCH_TOO_LARGE");

  v1::RegisterRow message = free("88.118.8/BIG-4");
  AddValue("note", std::string((4 << 20) + 1, 'x'), message.mutable_values());
  CHECK(scene.writer.Register(message).status.error_code() == grpc::RESOURCE_EXHAUSTED);
  CHECK(scene.partner.Resolve("88.118.8/BIG-4").fault == "NOT_FOUND IDENTIFIER_NOT_FOUND");
}

TEST_CASE("a batch with one bad row registers none, and its error stays small") {
  Scene& scene = TheScene();
  v1::BatchRegisterRequest batch;
  for (int i = 0; i < 2000; ++i) {
    *batch.add_rows() = Product("88.118.8/ALL-" + std::to_string(i) + (i > 0 ? " " : ""));
  }
  const auto answer =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::BatchRegister, batch);
  CHECK(answer.fault == "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  CHECK(answer.status.error_details().size() < 4096);
  CHECK(FaultMetadata(answer.status, "faults_count") == "1999");
  CHECK(scene.writer.Resolve("88.118.8/ALL-0").fault == "NOT_FOUND IDENTIFIER_NOT_FOUND");
}

TEST_CASE("a stale etag and a foreign page token are refused") {
  Scene& scene = TheScene();
  REQUIRE(scene.writer.Register(Product("88.118.8/E-1")).fault == "");
  v1::UpdateRecordRequest update;
  update.set_name("88.118.8/E-1");
  update.set_etag("0");
  AddValue("name", "x", update.mutable_values());
  CHECK(scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::UpdateRecord, update)
            .fault == "ABORTED ETAG_MISMATCH");
  v1::ListRecordsRequest list;
  list.set_parent("prefixes/88.118.8");
  list.set_page_token("never given");
  CHECK(scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::ListRecords, list)
            .fault == "INVALID_ARGUMENT PAGE_TOKEN_INVALID");
}

TEST_CASE("a request id is not used for two requests") {
  Scene& scene = TheScene();
  const auto update = [&](const std::string& name) {
    v1::UpdateRecordRequest request;
    request.set_name("88.118.8/R-1");
    request.set_request_id("one");
    AddValue("name", name, request.mutable_values());
    return scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::UpdateRecord,
                             request);
  };
  REQUIRE(scene.writer.Register(Product("88.118.8/R-1")).fault == "");
  const auto first = update("a");
  REQUIRE(first.fault == "");
  const auto again = update("a");
  REQUIRE(again.fault == "");
  CHECK(again.value.receipt().SerializeAsString() == first.value.receipt().SerializeAsString());
  CHECK(update("b").fault == "INVALID_ARGUMENT REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace gusu::e2e
