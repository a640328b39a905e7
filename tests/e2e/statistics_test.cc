// Templates of one's own and the statistics of a whole server, over its ends and its crashes.
#include <catch2/catch.hpp>
#include <csignal>
#include <memory>
#include <string>

#include "gusu/v1/statistics.grpc.pb.h"
#include "proto/text.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

using Registrar = v1::RegistrarService::Stub;
using StatisticsStub = v1::StatisticsService::Stub;

// Of a prefix, by whoever has the token.
class Counts {
 public:
  Counts(const ServerProcess& server, const std::string& token, const std::string& prefix)
      : api_(server, token), stub_(v1::StatisticsService::NewStub(api_.channel())) {
    parent_ = Concat("prefixes/", prefix);
  }

  // `created 2 changed 1`, over all days.
  std::string Kept() const {
    v1::GetStatisticsRequest request;
    request.set_parent(parent_);
    const auto answer = api_.Call(stub_.get(), &StatisticsStub::GetStatistics, request);
    return answer.fault.empty() ? Sum(answer.value.days()) : answer.fault;
  }
  std::string CountedAgain() const {
    v1::RecountStatisticsRequest request;
    request.set_parent(parent_);
    const auto answer = api_.Call(stub_.get(), &StatisticsStub::RecountStatistics, request);
    return answer.fault.empty() ? Sum(answer.value.days()) : answer.fault;
  }
  // `GRPC asked 3 answered 2 never 1 from 127.0.0.1 3`, a line a row.
  std::string Usage() const {
    v1::ListUsageRequest request;
    request.set_parent(parent_);
    const auto answer = api_.Call(stub_.get(), &StatisticsStub::ListUsage, request);
    if (!answer.fault.empty()) return answer.fault;
    std::string shown;
    for (const v1::DayUsage& day : answer.value.days()) {
      CHECK(day.latency_us_max() >= day.latency_us_min());
      CHECK(day.latency_max_time().seconds() > 1'700'000'000);
      shown += Concat(day.door(), " asked ", day.asked(), " answered ", day.answered(), " never ",
                      day.never_issued());
      for (const v1::SourceCount& source : day.sources()) {
        shown += Concat(" from ", source.address(), " ", source.count());
      }
      shown += "\n";
    }
    return shown;
  }

 private:
  static std::string Sum(const google::protobuf::RepeatedPtrField<v1::DayCounts>& days) {
    uint64_t created = 0, changed = 0, retired = 0;
    for (const v1::DayCounts& day : days) {
      created += day.counts().created();
      changed += day.counts().changed();
      for (const v1::RetiredCount& each : day.counts().retired()) retired += each.count();
    }
    return Concat("created ", created, " changed ", changed, " retired ", retired);
  }

  Api api_;
  std::unique_ptr<StatisticsStub> stub_;
  std::string parent_;
};

TEST_CASE("what was registered and resolved is counted over ends and crashes of the server") {
  ServerProcess server;
  const Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  const auto bureau = [&server] { return Counts(server, server.token(), "88.118.8"); };
  {
    const Api writer(server, pumps.writer_token);
    const Api anonymous(server, "");
    REQUIRE(writer.Register(Product("88.118.8/HP-1")).fault == "");
    REQUIRE(anonymous.Resolve("88.118.8/HP-1").fault == "");
    REQUIRE(anonymous.Resolve("88.118.8/hp-1").fault == "");
    REQUIRE(anonymous.Resolve("88.118.8/HP-2").fault == "NOT_FOUND IDENTIFIER_NOT_FOUND");
  }
  CHECK(server.Stop(SIGTERM) == 0);
  server.Start();
  CHECK(bureau().Usage() == "GRPC asked 3 answered 2 never 1 from 127.0.0.1 3\n");
  CHECK(bureau().Kept() == "created 1 changed 0 retired 0");
  {
    const Api writer(server, pumps.writer_token);
    REQUIRE(writer.Register(Product("88.118.8/HP-2")).fault == "");
    v1::RetireRecordRequest retire;
    retire.set_name("88.118.8/HP-1");
    retire.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
    REQUIRE(
        writer.Call(writer.registry(), &v1::RegistryService::Stub::RetireRecord, retire).fault ==
        "");
  }
  server.Stop(SIGKILL);
  server.Start();
  CHECK(bureau().Kept() == "created 2 changed 1 retired 1");
  CHECK(bureau().CountedAgain() == "created 2 changed 1 retired 1");
  CHECK(bureau().Usage() == "GRPC asked 3 answered 2 never 1 from 127.0.0.1 3\n");
  const Counts own(server, pumps.writer_token, "88.118.8");
  CHECK(own.Kept() == "created 2 changed 1 retired 1");
  CHECK(own.Usage() == "GRPC asked 3 answered 2 never 1\n");
  CHECK(Counts(server, "", "88.118.8").Kept() == "UNAUTHENTICATED CREDENTIAL_MISSING");
}

TEST_CASE("an enterprise makes a template of its own, registers with it, and withdraws it") {
  ServerProcess server({"--engine", "memory"});
  const Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  const Api admin(server, pumps.admin_token);
  const Api writer(server, pumps.writer_token);
  const Api anonymous(server, "");

  v1::CreateTemplateRequest create;
  create.set_template_id("88.118.8/META_PUMP");
  v1::Template::Attribute* power = create.mutable_template_()->add_attributes();
  power->set_name("power");
  power->set_type(v1::Template::DECIMAL);
  power->set_unit("kW");
  power->set_required(true);
  CHECK(writer.Call(writer.registrar(), &Registrar::CreateTemplate, create).fault ==
        "PERMISSION_DENIED ROLE_REFUSED");
  const auto created = admin.Call(admin.registrar(), &Registrar::CreateTemplate, create);
  REQUIRE(created.fault == "");
  CHECK(created.value.template_().name() == "templates/88.118.8%2FMETA_PUMP");

  v1::RegisterRow row;
  row.set_identifier("88.118.8/P-1");
  row.set_template_("88.118.8/META_PUMP");
  CHECK(writer.Register(row).fault == "FAILED_PRECONDITION TEMPLATE_NOT_PUBLISHED");
  v1::GetTemplateRequest get;
  get.set_name(created.value.template_().name());
  CHECK(anonymous.Call(anonymous.registrar(), &Registrar::GetTemplate, get).fault ==
        "NOT_FOUND TEMPLATE_NOT_FOUND");

  v1::PublishTemplateRequest publish;
  publish.set_name(created.value.template_().name());
  publish.set_include_proof(true);
  const auto published = admin.Call(admin.registrar(), &Registrar::PublishTemplate, publish);
  REQUIRE(published.fault == "");
  CHECK(published.value.template_().version() == 1);
  CHECK(published.value.receipt().has_proof());
  CHECK(anonymous.Call(anonymous.registrar(), &Registrar::GetTemplate, get).fault == "");
  CHECK(writer.Register(row).fault == "INVALID_ARGUMENT TEMPLATE_VIOLATED");
  AddValue("power", "7.5", row.mutable_values());
  REQUIRE(writer.Register(row).fault == "");
  CHECK(ValueOf(anonymous.Resolve("88.118.8/P-1").value.record(), "power") == "7.5");

  v1::WithdrawTemplateRequest withdraw;
  withdraw.set_name(created.value.template_().name());
  withdraw.set_reason("replaced");
  REQUIRE(admin.Call(admin.registrar(), &Registrar::WithdrawTemplate, withdraw).fault == "");
  row.set_identifier("88.118.8/P-2");
  CHECK(writer.Register(row).fault == "FAILED_PRECONDITION TEMPLATE_NOT_PUBLISHED");
  CHECK(ValueOf(anonymous.Resolve("88.118.8/P-1").value.record(), "power") == "7.5");
}

}  // namespace
}  // namespace gusu::e2e
