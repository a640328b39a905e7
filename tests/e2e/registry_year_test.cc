// An enterprise's year, over the API: its own kind of product, models and lots, a thousand million
// bolts, what goes wrong, what is sold, and what the year comes to.
#include "gusu/v1/statistics.grpc.pb.h"
#include "proto/text.h"
#include "tests/e2e/scene.h"

namespace gusu::e2e {
namespace {

using Registrar = v1::RegistrarService::Stub;
using Registry = v1::RegistryService::Stub;
using Resolver = v1::ResolverService::Stub;

// One server and one year; the cases follow one another as its months do.
struct Year {
  ServerProcess server;
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Api admin{server, pumps.admin_token};
  Api bureau{server, server.token()};
  Api anybody{server, ""};
  Api water{server, MakePartner(server, "sz-water")};

  v1::ResolveResponse Resolve(const Api& api, const std::string& identifier,
                              const std::string& options = "") const {
    return Do(api, api.resolver(), &Resolver::Resolve,
              Concat("identifier: \"", identifier, "\" options { ", options, " }"));
  }
};

Year& TheYear() {
  static Year year;
  return year;
}

uint64_t RegisterPump(const Year& year, const std::string& rest) {
  return Do(year.admin, year.admin.registry(), &Registry::Register,
            Concat("row { template: \"88.118.8/META_PUMP\" ", rest, " }"))
      .result()
      .receipt()
      .revision();
}

TEST_CASE("January: the enterprise describes its pumps in a template of its own") {
  Year& year = TheYear();
  const Api& admin = year.admin;
  const std::string pump =
      "template_id: \"88.118.8/META_PUMP\" template { english_name: \"Pump\" chinese_name: "
      "\"\u6CF5\" "
      "attributes { name: \"name\" type: STRING required: true default_tier: PUBLIC "
      "english_name: \"Name\" } "
      "attributes { name: \"serial\" type: STRING indexed: true unique: true default_tier: PUBLIC "
      "english_name: \"Serial\" } "
      "attributes { name: \"head\" type: DECIMAL unit: \"m\" default_tier: PUBLIC "
      "english_name: \"Head\" } "
      "attributes { name: \"price\" type: DECIMAL default_tier: OWNER english_name: \"Price\" } }";
  Do(admin, admin.registrar(), &Registrar::CreateTemplate, pump);
  CHECK(Refusal(admin, admin.registry(), &Registry::Register,
                "row { identifier: \"88.118.8/HP-0\" template: \"88.118.8/META_PUMP\" "
                "values { type: \"name\" data: \"Pump\" } }") ==
        "FAILED_PRECONDITION TEMPLATE_NOT_PUBLISHED");
  const auto published = Do(admin, admin.registrar(), &Registrar::PublishTemplate,
                            "name: \"templates/88.118.8%2FMETA_PUMP\" reason: \"ready\"");
  CHECK(published.template_().state() == v1::Template::PUBLISHED);
  CHECK(published.template_().version() == 1);
}

TEST_CASE(
    "February: a correction of a model is seen by its pumps at once, but not by those fixed") {
  Year& year = TheYear();
  const uint64_t model = RegisterPump(
      year,
      "identifier: \"88.118.8/M-1\" level: MODEL values { type: \"name\" data: \"HP pump\" } "
      "values { type: \"head\" data: \"31.5\" }");
  RegisterPump(
      year,
      "identifier: \"88.118.8/HP-1\" instance_of { identifier: \"88.118.8/M-1\" } "
      "values { type: \"serial\" data: \"S-1\" } values { type: \"price\" data: \"1200\" }");
  RegisterPump(year, Concat("identifier: \"88.118.8/HP-2\" instance_of { identifier: "
                            "\"88.118.8/M-1\" revision: ",
                            model, " } values { type: \"serial\" data: \"S-2\" }"));
  CHECK(Refusal(
            year.admin, year.admin.registry(), &Registry::Register,
            "row { identifier: \"88.118.8/HP-3\" template: \"88.118.8/META_PUMP\" "
            "values { type: \"name\" data: \"P\" } values { type: \"serial\" data: \"S-2\" } }") ==
        "ALREADY_EXISTS VALUE_NOT_UNIQUE");

  Do(year.admin, year.admin.registry(), &Registry::ModifyValues,
     "name: \"88.118.8/M-1\" modify { type: \"head\" data: \"32.0\" } "
     "reason: \"measured again\"");
  const auto corrected = year.Resolve(year.anybody, "88.118.8/HP-1");
  CHECK(ValueOf(corrected.record(), "head") == "32.0");
  CHECK(ValueOf(corrected.record(), "name") == "HP pump");
  CHECK(corrected.values_withheld_count() == 1);  // the price
  CHECK(ValueOf(year.Resolve(year.anybody, "88.118.8/HP-2").record(), "head") == "31.5");
}

TEST_CASE("March: a thousand million bolts in one call, some in use, some never") {
  Year& year = TheYear();
  const Api& admin = year.admin;
  Do(admin, admin.registry(), &Registry::AllocateSerialRange,
     "parent: \"prefixes/88.118.8\" pattern: \"BOLT-{serial:10}\" count: 1000000000 "
     "template: \"product\" values { type: \"name\" data: \"Bolt M8\" }");
  Do(admin, admin.registry(), &Registry::ActivateSerialRange,
     "first_identifier: \"88.118.8/BOLT-0000000001\" last_identifier: "
     "\"88.118.8/BOLT-0000100000\"");
  Do(admin, admin.registry(), &Registry::ReleaseSerialRange,
     "first_identifier: \"88.118.8/BOLT-0999999001\" last_identifier: \"88.118.8/BOLT-1000000000\" "
     "reason: \"labels lost\"");
  const auto state = [&](const std::string& serial) {
    const auto resolved = year.Resolve(year.anybody, Concat("88.118.8/BOLT-", serial));
    CHECK(ValueOf(resolved.record(), "name") == "Bolt M8");
    return resolved.record().state();
  };
  CHECK(state("0000000001") == v1::Record::ACTIVE);
  CHECK(state("0000100001") == v1::Record::RESERVED);
  CHECK(state("0999999001") == v1::Record::RETIRED);
  CHECK(Refusal(year.anybody, year.anybody.resolver(), &Resolver::Resolve,
                "identifier: \"88.118.8/BOLT-1000000001\"") == "NOT_FOUND IDENTIFIER_NOT_FOUND");
  CHECK(Refusal(admin, admin.registry(), &Registry::AllocateSerialRange,
                "parent: \"prefixes/88.118.8\" pattern: \"BOLT-{serial:10}\" first_serial: 5 "
                "count: 10") == "FAILED_PRECONDITION RANGE_OVERLAPS");
}

TEST_CASE("April: a lot is held, and nothing of it changes until it is free again") {
  Year& year = TheYear();
  const Api& admin = year.admin;
  const auto held = Do(admin, admin.registry(), &Registry::HoldRecord,
                       "name: \"88.118.8/HP-2\" reason: \"leak test\" document_number: \"Q-17\"");
  REQUIRE(held.record().holds_size() == 1);
  CHECK(held.record().holds(0).side() == v1::Hold::HOLDER);
  const std::string update =
      "name: \"88.118.8/HP-2\" add { type: \"head\" data: \"30.9\" } reason: \"measured\"";
  CHECK(Refusal(admin, admin.registry(), &Registry::ModifyValues, update) ==
        "FAILED_PRECONDITION RECORD_HELD");
  CHECK(year.Resolve(year.anybody, "88.118.8/HP-2").record().holds(0).reason() == "leak test");
  Do(admin, admin.registry(), &Registry::UnholdRecord,
     "name: \"88.118.8/HP-2\" number: 1 reason: \"tight\"");
  CHECK(year.Resolve(year.anybody, "88.118.8/HP-2").record().holds().empty());
}

TEST_CASE("June: pumps are sold; the customer takes one, declines one, and owns what it took") {
  Year& year = TheYear();
  RegisterPump(year,
               "identifier: \"88.118.8/HP-4\" values { type: \"name\" data: \"Pump\" } "
               "values { type: \"price\" data: \"900\" }");
  const auto offered =
      Do(year.admin, year.admin.registry(), &Registry::OfferTransfer,
         "transfer { to: \"registrants/sz-water\" ownership: true custody: true "
         "items { identifier: \"88.118.8/HP-1\" } items { identifier: \"88.118.8/HP-4\" } "
         "reference: \"DN-2026-117\" }");
  const std::string& name = offered.transfer().name();
  const auto incoming =
      Do(year.water, year.water.registry(), &Registry::ListTransfers, "direction: INCOMING");
  REQUIRE(incoming.transfers_size() == 1);
  CHECK(incoming.transfers(0).reference() == "DN-2026-117");
  const auto accepted = Do(year.water, year.water.registry(), &Registry::AcceptTransfer,
                           Concat("name: \"", name, "\" identifiers: \"88.118.8/hp-1\""));
  Do(year.water, year.water.registry(), &Registry::DeclineTransfer,
     Concat("name: \"", name, "\" reason: \"arrived damaged\""));
  const auto now = year.Resolve(year.water, "88.118.8/HP-1");
  CHECK(now.record().owner() == "registrants/sz-water");
  CHECK(now.record().issued_by() == "registrants/sz-pumps");
  CHECK(ValueOf(now.record(), "price") == "1200");
  CHECK(year.Resolve(year.anybody, "88.118.8/HP-4").record().owner() == "registrants/sz-pumps");
  // What was so before is still known to have been so, with the rights of now.
  const auto before =
      year.Resolve(year.water, "88.118.8/HP-1",
                   Concat("as_of_time { ", TimeOf(accepted.receipt().revision() - 1), " }"));
  CHECK(before.record().owner() == "registrants/sz-pumps");
}

TEST_CASE("September: what is scrapped answers for ever, and names what came after it") {
  Year& year = TheYear();
  const Api& admin = year.admin;
  Do(admin, admin.registry(), &Registry::RetireRecord,
     "name: \"88.118.8/HP-4\" retirement { reason: SUPERSEDED successor: \"88.118.8/HP-2\" }");
  const auto retired = year.Resolve(year.anybody, "88.118.8/HP-4");
  CHECK(retired.record().state() == v1::Record::RETIRED);
  CHECK(retired.record().retirement().successor() == "88.118.8/HP-2");
  // The customer ends what is its own; the maker does not reinstate it by itself elsewhere.
  Do(year.water, year.water.registry(), &Registry::RetireRecord,
     "name: \"88.118.8/HP-1\" retirement { reason: SCRAPPED }");
  CHECK(Refusal(admin, admin.registry(), &Registry::Register,
                "row { identifier: \"88.118.8/HP-1\" template: \"product\" "
                "values { type: \"name\" data: \"Another\" } }") ==
        "FAILED_PRECONDITION RECORD_RETIRED");
  Do(admin, admin.registry(), &Registry::ReinstateRecord,
     "name: \"88.118.8/HP-4\" reason: \"found again\"");
  CHECK(year.Resolve(year.anybody, "88.118.8/HP-4").record().state() == v1::Record::ACTIVE);
}

TEST_CASE("October: what is looked for is found, as it is and as it was") {
  Year& year = TheYear();
  const auto list = [&](const std::string& filters) {
    return Codes(Do(year.admin, year.admin.registry(), &Registry::ListRecords,
                    Concat("parent: \"prefixes/88.118.8\" ", filters)));
  };
  CHECK(list("attributes { name: \"serial\" equals: \"S-2\" }") == "88.118.8/HP-2");
  CHECK(list("attributes { name: \"serial\" begins_with: \"S-\" }") ==
        "88.118.8/HP-1 88.118.8/HP-2");
  CHECK(list("state: RETIRED") == "88.118.8/HP-1");
  CHECK(list("level: MODEL") == "88.118.8/M-1");
  CHECK(list("owner: \"registrants/sz-water\"") == "88.118.8/HP-1");
  const auto revisions =
      Do(year.admin, year.admin.registry(), &Registry::ListRevisions, "name: \"88.118.8/HP-1\"");
  std::string operations;
  for (const auto& revision : revisions.revisions()) operations += revision.operation() + " ";
  CHECK(operations == "RETIRE TRANSFER REGISTER ");
  const uint64_t registered = revisions.revisions(2).record().revision();
  CHECK(list(Concat("as_of_time { ", TimeOf(registered), " }")) == "88.118.8/HP-1 88.118.8/M-1");
}

TEST_CASE("December: the statistics are what a count of everything comes to") {
  Year& year = TheYear();
  const auto statistics = v1::StatisticsService::NewStub(year.admin.channel());
  using Statistics = v1::StatisticsService::Stub;
  const auto kept =
      Do(year.admin, statistics.get(), &Statistics::GetStatistics, "parent: \"prefixes/88.118.8\"");
  const auto counted = Do(year.admin, statistics.get(), &Statistics::RecountStatistics,
                          "parent: \"prefixes/88.118.8\"");
  v1::Counts total;
  for (const v1::DayCounts& day : kept.days()) total.MergeFrom(day.counts());
  REQUIRE(kept.days_size() == counted.days_size());
  for (int i = 0; i < kept.days_size(); ++i) {
    CHECK(kept.days(i).date() == counted.days(i).date());
    CHECK(kept.days(i).counts().ShortDebugString() == counted.days(i).counts().ShortDebugString());
  }
  if (kept.days_size() == 1) {  // not over midnight
    CHECK(total.created() == 4);
    CHECK(total.range_codes_allocated() == 1'000'000'000);
    CHECK(total.range_codes_activated() == 100'000);
    CHECK(total.range_codes_released() == 1'000);
    CHECK(total.reinstated() == 1);
  }
}

TEST_CASE("the year's end: a successor takes the prefix, and every code goes on answering") {
  Year& year = TheYear();
  const Enterprise heir = MakeEnterprise(year.server, "sz-group", "91320594MA1MABCD7J", "88.118.7");
  const auto open = Do(year.admin, year.admin.registry(), &Registry::OfferTransfer,
                       "transfer { to: \"registrants/sz-water\" ownership: true "
                       "items { identifier: \"88.118.8/HP-4\" } reference: \"too late\" }");
  Do(year.bureau, year.bureau.registrar(), &Registrar::CloseRegistrant,
     "name: \"registrants/sz-pumps\" successor: \"registrants/sz-group\" reason: \"merged\"");
  CHECK(Refusal(year.admin, year.admin.registry(), &Registry::Register,
                "row { identifier: \"88.118.8/HP-9\" }") != "");
  CHECK(Refusal(year.water, year.water.registry(), &Registry::AcceptTransfer,
                Concat("name: \"", open.transfer().name(), "\"")) ==
        "FAILED_PRECONDITION TRANSFER_NOT_OPEN");
  const auto pump = year.Resolve(year.anybody, "88.118.8/HP-2").record();
  CHECK(pump.issued_by() == "registrants/sz-pumps");
  CHECK(pump.owner() == "registrants/sz-group");
  CHECK(year.Resolve(year.anybody, "88.118.8/HP-1").record().owner() == "registrants/sz-water");
  CHECK(year.Resolve(year.anybody, "88.118.8/BOLT-0000000001").record().state() ==
        v1::Record::ACTIVE);
  const Api group(year.server, heir.admin_token);
  Do(group, group.registry(), &Registry::Register,
     "row { identifier: \"88.118.8/HP-9\" template: \"product\" "
     "values { type: \"name\" data: \"Pump\" } }");
}

TEST_CASE("an auditor's word on the year: log and store agree, row by row, in both directions") {
  const Verified verified = VerifyLog(TheYear().server);
  INFO(verified.output);
  CHECK(verified.exit_code == 0);
  CHECK(verified.output.find("OK: ") != std::string::npos);
}

}  // namespace
}  // namespace gusu::e2e
