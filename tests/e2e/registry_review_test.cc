// The bureau's review day: applications that are decided, data that is corrected, honours, measures
// against who breaks the rules, and looking into what is not public, which leaves a trace.
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/text.h"
#include "tests/e2e/scene.h"

namespace gusu::e2e {
namespace {

using Registrar = v1::RegistrarService::Stub;
using Registry = v1::RegistryService::Stub;
using Resolver = v1::ResolverService::Stub;
using AuditLog = v1::AuditService::Stub;

struct Day {
  ServerProcess server;
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Api admin{server, pumps.admin_token};
  Api bureau{server, server.token()};
  Api anybody{server, ""};

  // An application for `id`; its claim.
  std::string Apply(const std::string& id, const std::string& code) const {
    const std::string claim = NewClaimSecret();
    v1::ApplyRegistrantRequest apply;
    apply.set_registrant_id(id);
    apply.set_claim_sha256(std::string(AsBytes(Sha256(claim))));
    apply.mutable_registrant()->set_legal_name(Concat(id, " Ltd."));
    apply.mutable_registrant()->mutable_organization_code()->set_value(code);
    REQUIRE(anybody.Call(anybody.registrar(), &Registrar::ApplyRegistrant, apply).fault == "");
    return claim;
  }
  template <typename Request>
  std::string Try(UnaryCall<Request, v1::RegistrantResponse, Registrar> method,
                  const std::string& request) const {
    return Refusal(bureau, bureau.registrar(), method, request);
  }
  v1::Registrant Get(const Api& api, const std::string& id) const {
    return Do(api, api.registrar(), &Registrar::GetRegistrant,
              Concat("name: \"registrants/", id, "\""));
  }
  std::string List(const std::string& filters) const {
    const auto page = Do(bureau, bureau.registrar(), &Registrar::ListRegistrants, filters);
    std::string ids;
    for (const v1::Registrant& registrant : page.registrants()) {
      ids += (ids.empty() ? "" : " ") + registrant.name().substr(registrant.name().find('/') + 1);
    }
    return ids;
  }
};

Day& TheDay() {
  static Day day;
  return day;
}

TEST_CASE("an application is returned, corrected with its claim, and approved") {
  Day& day = TheDay();
  const std::string claim = day.Apply("sz-valves", "91320594MA1MABCD7J");
  CHECK(day.List("state: PENDING") == "sz-valves");
  CHECK(day.Try(&Registrar::ReturnRegistrant, "name: \"registrants/sz-valves\"") ==
        "INVALID_ARGUMENT REASON_MISSING");
  CHECK(
      day.Try(&Registrar::ReturnRegistrant,
              "name: \"registrants/sz-valves\" reason: \"the name is not that of the register\"") ==
      "");
  const Api applicant(day.server, claim);
  CHECK(day.Get(applicant, "sz-valves").state_reason() == "the name is not that of the register");
  CHECK(
      day.Try(&Registrar::ApproveRegistrant, "name: \"registrants/sz-valves\" reason: \"seen\"") ==
      "FAILED_PRECONDITION REGISTRANT_NOT_PENDING");
  Do(applicant, applicant.registrar(), &Registrar::UpdateRegistrant,
     "name: \"registrants/sz-valves\" registrant { legal_name: \"Suzhou Valves Co., Ltd.\" "
     "organization_code { value: \"91320594MA1MABCD7J\" } }");
  CHECK(day.Try(&Registrar::ApproveRegistrant,
                "name: \"registrants/sz-valves\" reason: \"seen\"") == "");
  CHECK(day.Get(day.bureau, "sz-valves").legal_name() == "Suzhou Valves Co., Ltd.");
}

TEST_CASE("who applies first with another's code blocks nobody, and is rejected") {
  Day& day = TheDay();
  day.Apply("squatter", "91320505MA1MDABC1C");
  day.Apply("sz-mills", "91320505MA1MDABC1C");
  CHECK(day.Try(&Registrar::ApproveRegistrant, "name: \"registrants/sz-mills\" reason: \"seen\"") ==
        "");
  CHECK(day.Try(&Registrar::ApproveRegistrant, "name: \"registrants/squatter\" reason: \"seen\"") ==
        "ALREADY_EXISTS ORGANIZATION_CODE_TAKEN");
  CHECK(day.Try(&Registrar::RejectRegistrant,
                "name: \"registrants/squatter\" reason: \"not its code\"") == "");
  CHECK(day.List("state: REJECTED") == "squatter");
  CHECK(day.List("state: ACTIVE name_contains: \"mills\"") == "sz-mills");
}

TEST_CASE("legal data of an approved registrant changes only when the bureau has looked at it") {
  Day& day = TheDay();
  const std::string amended =
      "name: \"registrants/sz-pumps\" reason: \"renamed\" registrant { "
      "legal_name: \"Suzhou Pumps and Fans Ltd.\" "
      "organization_code { value: \"91320594MA1MABCD6F\" } }";
  Do(day.admin, day.admin.registrar(), &Registrar::UpdateRegistrant, amended);
  CHECK(day.Get(day.admin, "sz-pumps").legal_name() == "sz-pumps Ltd.");
  CHECK(day.List("has_amendment: true") == "sz-pumps");
  CHECK(day.Try(&Registrar::ApproveRegistrant,
                "name: \"registrants/sz-pumps\" reason: \"certificate seen\"") == "");
  CHECK(day.Get(day.admin, "sz-pumps").legal_name() == "Suzhou Pumps and Fans Ltd.");
  CHECK(day.List("has_amendment: true").empty());
}

TEST_CASE("an honour is given, and taken back with a reason, and both stay known") {
  Day& day = TheDay();
  const auto designated = Do(
      day.bureau, day.bureau.registrar(), &Registrar::DesignateRegistrant,
      "name: \"registrants/sz-pumps\" reason: \"board of 3 June\" designation { id: \"board-2026\" "
      "title: \"\u4E13\u7CBE\u7279\u65B0\" english_title: \"Specialised enterprise\" "
      "programme: \"2026\" certificate_number: \"C-1\" issued_on: \"2026-06-03\" }");
  REQUIRE(designated.registrant().designations_size() == 1);
  const std::string id = designated.registrant().designations(0).id();
  Do(day.bureau, day.bureau.registrar(), &Registrar::RevokeDesignation,
     Concat("name: \"registrants/sz-pumps\" designation_id: \"", id, "\" reason: \"expired\""));
  const v1::Registrant registrant = day.Get(day.admin, "sz-pumps");
  REQUIRE(registrant.designations_size() == 1);
  CHECK(registrant.designations(0).revoked());
  CHECK(registrant.designations(0).revocation_reason() == "expired");
}

TEST_CASE("a suspended registrant writes nothing, and its codes go on answering") {
  Day& day = TheDay();
  Do(day.admin, day.admin.registry(), &Registry::Register,
     "row { identifier: \"88.118.8/HP-1\" values { type: \"name\" data: \"Pump\" } "
     "values { type: \"price\" data: \"1200\" tier: OWNER } }");
  CHECK(day.Try(&Registrar::SuspendRegistrant,
                "name: \"registrants/sz-pumps\" reason: \"false declarations\"") == "");
  const std::string register_another = "row { identifier: \"88.118.8/HP-2\" }";
  CHECK(Refusal(day.admin, day.admin.registry(), &Registry::Register, register_another) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  const auto resolved =
      Do(day.anybody, day.anybody.resolver(), &Resolver::Resolve, "identifier: \"88.118.8/HP-1\"");
  CHECK(resolved.holder_state() == v1::Registrant::SUSPENDED);
  CHECK(ValueOf(resolved.record(), "name") == "Pump");
  CHECK(day.Try(&Registrar::ActivateRegistrant,
                "name: \"registrants/sz-pumps\" reason: \"fine paid\"") == "");
  CHECK(Refusal(day.admin, day.admin.registry(), &Registry::Register, register_another) == "");
}

TEST_CASE("what the bureau holds, only the bureau frees") {
  Day& day = TheDay();
  const auto held =
      Do(day.bureau, day.bureau.registry(), &Registry::HoldRecord,
         "name: \"88.118.8/HP-2\" reason: \"under inquiry\" document_number: \"I-9\"");
  REQUIRE(held.record().holds_size() == 1);
  CHECK(held.record().holds(0).side() == v1::Hold::BUREAU);
  const std::string unhold = "name: \"88.118.8/HP-2\" number: 1 reason: \"done\"";
  CHECK(Refusal(day.admin, day.admin.registry(), &Registry::UnholdRecord, unhold) != "");
  CHECK(Refusal(day.admin, day.admin.registry(), &Registry::RetireRecord,
                "name: \"88.118.8/HP-2\" retirement { reason: SCRAPPED }") ==
        "FAILED_PRECONDITION RECORD_HELD");
  CHECK(Refusal(day.bureau, day.bureau.registry(), &Registry::UnholdRecord, unhold) == "");
}

TEST_CASE("the bureau reads what is not public only with a reason, and the registrant sees that") {
  Day& day = TheDay();
  const std::string pump = "identifier: \"88.118.8/HP-1\"";
  const auto without = Do(day.bureau, day.bureau.resolver(), &Resolver::Resolve, pump);
  CHECK(ValueOf(without.record(), "price") == "(none)");
  CHECK(without.values_withheld_count() == 1);
  const std::string with_reason = pump + " options { reason: \"inquiry I-9\" }";
  const auto with = Do(day.bureau, day.bureau.resolver(), &Resolver::Resolve, with_reason);
  CHECK(ValueOf(with.record(), "price") == "1200");
  CHECK(Refusal(day.admin, day.admin.resolver(), &Resolver::Resolve, with_reason) ==
        "INVALID_ARGUMENT FIELD_INVALID");

  const auto entries = Do(day.admin, day.admin.audit(), &AuditLog::ListEntries,
                          "prefix: \"prefixes/88.118.8\" view: OPENING page_size: 1000");
  std::string readings;
  for (const v1::LogEntry& entry : entries.entries()) {
    const auto change = DecodeOpening(entry.opening());
    REQUIRE(change.ok());
    if (change->operation != Operation::kRead) continue;
    readings += Concat(change->resource, " by ", change->actor, ": ", change->reason, "\n");
  }
  CHECK(readings == "prefixes/88.118.8/records/HP-1 by bureau: inquiry I-9\n");
}

TEST_CASE("a prefix that another registry keeps refers to it, and takes nothing here") {
  Day& day = TheDay();
  Do(day.bureau, day.bureau.registrar(), &Registrar::GrantPrefix,
     "prefix: \"88.118.20\" holder: \"registrants/sz-valves\" reason: \"own registry\"");
  Do(day.bureau, day.bureau.registrar(), &Registrar::DelegatePrefix,
     "name: \"prefixes/88.118.20\" reason: \"own registry\" "
     "sites { address: \"192.0.2.7\" protocol: GRPC port: 7440 }");
  const auto referred =
      Do(day.anybody, day.anybody.resolver(), &Resolver::Resolve, "identifier: \"88.118.20/V-1\"");
  CHECK(!referred.has_record());
  CHECK(referred.referral().prefix() == "prefixes/88.118.20");
  REQUIRE(referred.referral().sites_size() == 1);
  CHECK(referred.referral().sites(0).address() == "192.0.2.7");
  CHECK(Refusal(day.bureau, day.bureau.registry(), &Registry::Register,
                "row { identifier: \"88.118.20/V-1\" } on_behalf_of { "
                "registrant: \"registrants/sz-valves\" reason: \"by letter\" }") ==
        "FAILED_PRECONDITION PREFIX_DELEGATED");
}

TEST_CASE("at the day's end log and store agree, with every decision and every reading") {
  const Verified verified = VerifyLog(TheDay().server);
  INFO(verified.output);
  CHECK(verified.exit_code == 0);
}

}  // namespace
}  // namespace gusu::e2e
