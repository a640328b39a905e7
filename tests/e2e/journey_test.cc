// The main job over real gRPC, TLS and tokens: from an application to a resolved code.
#include <catch2/catch.hpp>

#include "proto/hash.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

// One server for the cases of this file; each works below codes of its own.
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

template <typename Request>
Request Named(const std::string& name) {
  Request request;
  request.set_name(name);
  return request;
}

TEST_CASE("a registered product resolves for everybody, whatever the case it is asked in") {
  Scene& scene = TheScene();
  const auto registered = scene.writer.Register(Product("88.118.8/HP-1"));
  REQUIRE(registered.fault == "");
  const v1::RegisterResult& result = registered.value.result();
  CHECK(result.identifier() == "88.118.8/HP-1");
  CHECK(result.name() == "prefixes/88.118.8/records/HP-1");
  CHECK(result.outcome() == v1::RegisterResult::CREATED);
  CHECK(result.receipt().revision() > 0);

  for (const char* code : {"88.118.8/HP-1", "88.118.8/hp-1"}) {
    const auto resolved = scene.partner.Resolve(code);
    REQUIRE(resolved.fault == "");
    const v1::Record& record = resolved.value.record();
    CHECK(record.identifier() == "88.118.8/HP-1");
    CHECK(record.template_() == "product");
    CHECK(record.state() == v1::Record::ACTIVE);
    CHECK(record.level() == v1::Record::ITEM);
    CHECK(record.issued_by() == "registrants/sz-pumps");
    CHECK(record.revision() == result.receipt().revision());
    CHECK(ValueOf(record, "name") == "Pump");
    CHECK(ValueOf(record, "model") == "HP");
    CHECK(resolved.value.holder_state() == v1::Registrant::ACTIVE);
    CHECK(resolved.value.read_revision() >= record.revision());
  }
}

TEST_CASE("the same registration again is unchanged, with the first receipt") {
  Scene& scene = TheScene();
  const auto first = scene.writer.Register(Product("88.118.8/SAME-1"));
  REQUIRE(first.fault == "");
  const auto again = scene.writer.Register(Product("88.118.8/SAME-1"));
  REQUIRE(again.fault == "");
  CHECK(again.value.result().outcome() == v1::RegisterResult::UNCHANGED);
  CHECK(again.value.result().receipt().SerializeAsString() ==
        first.value.result().receipt().SerializeAsString());
  CHECK(again.value.result().etag() == first.value.result().etag());
}

TEST_CASE("equipment keeps what its owner does not show, and tells how much that is") {
  Scene& scene = TheScene();
  v1::RegisterRow row;
  row.set_identifier("88.118.8/EQ-1");
  row.set_template_("equipment");
  AddValue("name", "Press", row.mutable_values());
  AddValue("asset_number", "A-17", row.mutable_values());
  REQUIRE(scene.writer.Register(row).fault == "");
  const auto shown = scene.partner.Resolve("88.118.8/EQ-1");
  REQUIRE(shown.fault == "");
  CHECK(ValueOf(shown.value.record(), "name") == "Press");
  CHECK(ValueOf(shown.value.record(), "asset_number") == "(none)");
  CHECK(shown.value.values_withheld_count() == 1);
  const auto owned = scene.writer.Resolve("88.118.8/EQ-1");
  REQUIRE(owned.fault == "");
  CHECK(ValueOf(owned.value.record(), "asset_number") == "A-17");
}

TEST_CASE("an item shows its model's values, and its own where it has them") {
  Scene& scene = TheScene();
  v1::RegisterRow model = Product("88.118.8/M-1", "Pump of the model");
  model.set_level(v1::Record::MODEL);
  REQUIRE(scene.writer.Register(model).fault == "");
  v1::RegisterRow item;
  item.set_identifier("88.118.8/I-1");
  item.set_template_("product");
  AddValue("name", "Pump of the item", item.mutable_values());
  item.mutable_instance_of()->set_identifier("88.118.8/M-1");
  REQUIRE(scene.writer.Register(item).fault == "");
  const auto resolved = scene.partner.Resolve("88.118.8/I-1");
  REQUIRE(resolved.fault == "");
  std::vector<std::string> values;
  for (const v1::Value& value : resolved.value.record().values()) {
    values.push_back(value.type() + "=" + value.data() + " of " + value.inherited_from());
  }
  CHECK(values == std::vector<std::string>{"name=Pump of the item of ", "model=HP of 88.118.8/M-1",
                                           "manufacturer=sz-pumps Ltd. of 88.118.8/M-1"});
}

TEST_CASE("a batch is registered whole, with consecutive revisions, and minted codes follow") {
  Scene& scene = TheScene();
  v1::BatchRegisterRequest batch;
  batch.set_request_id("mint-500");
  for (int i = 0; i < 500; ++i) {
    v1::RegisterRow* row = batch.add_rows();
    *row = Product("");
    row->mutable_mint()->set_prefix("88.118.8");
    row->mutable_mint()->set_pattern("MT-{serial:6}");
  }
  const auto call = [&] {
    return scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::BatchRegister,
                             batch);
  };
  const auto first = call();
  REQUIRE(first.fault == "");
  REQUIRE(first.value.results_size() == 500);
  for (int i = 0; i < 500; ++i) {
    const auto& result = first.value.results(i);
    REQUIRE(result.receipt().leaf_index() == first.value.results(0).receipt().leaf_index() + i);
    REQUIRE(result.receipt().revision() == first.value.results(0).receipt().revision() + i);
  }
  CHECK(first.value.results(0).identifier() == "88.118.8/MT-000001");
  CHECK(first.value.results(499).identifier() == "88.118.8/MT-000500");

  const auto again = call();
  REQUIRE(again.fault == "");
  REQUIRE(again.value.results_size() == 500);
  for (int i = 0; i < 500; ++i) {
    REQUIRE(again.value.results(i).identifier() == first.value.results(i).identifier());
    REQUIRE(again.value.results(i).receipt().revision() ==
            first.value.results(i).receipt().revision());
  }
}

TEST_CASE("a delivery resolves in one call, an outcome for each code") {
  Scene& scene = TheScene();
  REQUIRE(scene.writer.Register(Product("88.118.8/D-1")).fault == "");
  v1::BatchResolveRequest request;
  for (const char* code : {"88.118.8/D-1", "88.118.8/D-NOT", "99.1/X", "nonsense"}) {
    request.add_identifiers(code);
  }
  const auto answer = scene.partner.Call(scene.partner.resolver(),
                                         &v1::ResolverService::Stub::BatchResolve, request);
  REQUIRE(answer.fault == "");
  std::vector<std::string> outcomes;
  for (const v1::ResolveOutcome& outcome : answer.value.outcomes()) {
    const auto& error = outcome.error();
    outcomes.push_back(outcome.identifier() + ": " +
                       (outcome.has_response()
                            ? ValueOf(outcome.response().record(), "name")
                            : FaultOf(grpc::Status(static_cast<grpc::StatusCode>(error.code()), "",
                                                   error.SerializeAsString()))));
  }
  CHECK(outcomes == std::vector<std::string>{"88.118.8/D-1: Pump",
                                             "88.118.8/D-NOT: NOT_FOUND IDENTIFIER_NOT_FOUND",
                                             "99.1/X: NOT_FOUND PREFIX_NOT_FOUND",
                                             "nonsense: INVALID_ARGUMENT IDENTIFIER_MALFORMED"});
}

TEST_CASE("a record's life is shown by its history, and as of every time of it") {
  Scene& scene = TheScene();
  const std::string code = "88.118.8/LIFE-1";
  const auto registered = scene.writer.Register(Product(code, "old"));
  REQUIRE(registered.fault == "");

  v1::UpdateRecordRequest update;
  update.set_name(code);
  update.set_etag(registered.value.result().etag());
  update.set_reason("new name");
  AddValue("name", "new", update.mutable_values());
  const auto updated =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::UpdateRecord, update);
  REQUIRE(updated.fault == "");
  CHECK(ValueOf(updated.value.record(), "name") == "new");

  const auto verb = [&](auto method, auto request) {
    request.set_name(code);
    request.set_reason("drill");
    const auto answer = scene.writer.Call(scene.writer.registry(), method, request);
    REQUIRE(answer.fault == "");
    return answer.value.record().state();
  };
  using Stub = v1::RegistryService::Stub;
  CHECK(verb(&Stub::SuspendRecord, v1::SuspendRecordRequest()) == v1::Record::SUSPENDED);
  CHECK(scene.partner.Resolve(code).value.record().state() == v1::Record::SUSPENDED);
  CHECK(verb(&Stub::ActivateRecord, v1::ActivateRecordRequest()) == v1::Record::ACTIVE);
  v1::RetireRecordRequest retire;
  retire.set_name(code);
  retire.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
  REQUIRE(scene.writer.Call(scene.writer.registry(), &Stub::RetireRecord, retire).fault == "");
  CHECK(scene.partner.Resolve(code).value.record().retirement().reason() ==
        v1::Retirement::SCRAPPED);
  CHECK(verb(&Stub::ReinstateRecord, v1::ReinstateRecordRequest()) == v1::Record::ACTIVE);
  v1::ModifyValuesRequest modify;
  modify.set_name(code);
  AddValue("brand", "Gusu", modify.mutable_add());
  REQUIRE(scene.writer.Call(scene.writer.registry(), &Stub::ModifyValues, modify).fault == "");

  const auto history = scene.writer.Call(scene.writer.registry(), &Stub::ListRevisions,
                                         Named<v1::ListRevisionsRequest>(code));
  REQUIRE(history.fault == "");
  std::vector<std::string> operations;
  for (const auto& revision : history.value.revisions()) {
    operations.push_back(revision.operation());
    CHECK(revision.actor() == "registrants/sz-pumps");
  }
  CHECK(operations == std::vector<std::string>{"MODIFY_VALUES", "REINSTATE", "RETIRE", "ACTIVATE",
                                               "SUSPEND", "UPDATE", "REGISTER"});

  REQUIRE(scene.writer.Call(scene.writer.registry(), &Stub::RetireRecord, retire).fault == "");
  auto again = Named<v1::ReinstateRecordRequest>(code);
  again.set_reason("made again");
  AddValue("name", "new", again.mutable_content()->mutable_values());
  const auto reinstated = scene.writer.Call(scene.writer.registry(), &Stub::ReinstateRecord, again);
  REQUIRE(reinstated.fault == "");
  CHECK(ValueOf(reinstated.value.record(), "name") == "new");
  CHECK(ValueOf(reinstated.value.record(), "brand") == "(none)");

  v1::ResolveRequest then;
  then.set_identifier(code);
  const uint64_t revision = registered.value.result().receipt().revision();
  auto* time = then.mutable_options()->mutable_as_of_time();
  time->set_seconds(static_cast<int64_t>(revision / 1000000));
  time->set_nanos(static_cast<int32_t>(revision % 1000000 * 1000));
  const auto past =
      scene.partner.Call(scene.partner.resolver(), &v1::ResolverService::Stub::Resolve, then);
  REQUIRE(past.fault == "");
  CHECK(past.value.read_revision() == revision);
  CHECK(ValueOf(past.value.record(), "name") == "old");
  CHECK(ValueOf(past.value.record(), "model") == "HP");
}

TEST_CASE("a list gives every record of a prefix once, in order, page by page") {
  Scene& scene = TheScene();
  const Enterprise valves =
      MakeEnterprise(scene.server, "sz-valves", "91320594MA1MABCD7J", "88.118.9");
  const Api writer(scene.server, valves.writer_token);
  std::vector<std::string> expected;
  v1::BatchRegisterRequest batch;
  for (int i = 10; i < 35; ++i) {
    expected.push_back("88.118.9/V-" + std::to_string(i));
    *batch.add_rows() = Product(expected.back());
  }
  REQUIRE(writer.Call(writer.registry(), &v1::RegistryService::Stub::BatchRegister, batch).fault ==
          "");
  std::vector<std::string> listed;
  v1::ListRecordsRequest request;
  request.set_parent("prefixes/88.118.9");
  request.set_page_size(10);
  int pages = 0;
  do {
    const auto page =
        writer.Call(writer.registry(), &v1::RegistryService::Stub::ListRecords, request);
    REQUIRE(page.fault == "");
    REQUIRE(page.value.records_size() <= 10);
    for (const v1::Record& record : page.value.records()) listed.push_back(record.identifier());
    request.set_page_token(page.value.next_page_token());
    REQUIRE(++pages < 10);
  } while (!request.page_token().empty());
  CHECK(listed == expected);
}

TEST_CASE("the bureau registers for an enterprise with a reason, and the history names both") {
  Scene& scene = TheScene();
  const Api bureau(scene.server, scene.server.token());
  v1::RegisterRequest request;
  *request.mutable_row() = Product("88.118.8/AS-1");
  request.mutable_on_behalf_of()->set_registrant("registrants/sz-pumps");
  request.mutable_on_behalf_of()->set_reason("drill");
  REQUIRE(bureau.Call(bureau.registry(), &v1::RegistryService::Stub::Register, request).fault ==
          "");
  const auto history =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::ListRevisions,
                        Named<v1::ListRevisionsRequest>("88.118.8/AS-1"));
  REQUIRE(history.fault == "");
  REQUIRE(history.value.revisions_size() == 1);
  CHECK(history.value.revisions(0).actor() == "bureau");
  CHECK(history.value.revisions(0).on_behalf_of() == "registrants/sz-pumps");
  CHECK(history.value.revisions(0).reason() == "drill");
}

TEST_CASE("what was asked for is what the lists show") {
  Scene& scene = TheScene();
  const Api bureau(scene.server, scene.server.token());
  const auto registrant =
      bureau.Call(bureau.registrar(), &v1::RegistrarService::Stub::GetRegistrant,
                  Named<v1::GetRegistrantRequest>("registrants/sz-pumps"));
  REQUIRE(registrant.fault == "");
  CHECK(registrant.value.state() == v1::Registrant::ACTIVE);
  CHECK(registrant.value.organization_code().value() == "91320594MA1MABCD6F");
  const auto registrants =
      bureau.Call(bureau.registrar(), &v1::RegistrarService::Stub::ListRegistrants,
                  v1::ListRegistrantsRequest());
  REQUIRE(registrants.fault == "");
  CHECK(registrants.value.registrants(0).name() == "registrants/sz-pumps");
  const auto prefixes =
      scene.writer.Call(scene.writer.registrar(), &v1::RegistrarService::Stub::ListPrefixes,
                        v1::ListPrefixesRequest());
  REQUIRE(prefixes.fault == "");
  REQUIRE(prefixes.value.prefixes_size() == 1);
  CHECK(prefixes.value.prefixes(0).prefix() == "88.118.8");
  const auto templates =
      scene.partner.Call(scene.partner.registrar(), &v1::RegistrarService::Stub::ListTemplates,
                         v1::ListTemplatesRequest());
  REQUIRE(templates.fault == "");
  std::vector<std::string> names;
  for (const auto& one : templates.value.templates()) names.push_back(one.name());
  CHECK(names == std::vector<std::string>{"templates/equipment", "templates/product"});
}

}  // namespace
}  // namespace gusu::e2e
