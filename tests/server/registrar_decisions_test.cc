// What the bureau decides about registrants: suspension, closing with a successor, designations.
#include <catch2/catch.hpp>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "server/registrar.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
constexpr const char* kPumps = "registrants/pumps";

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

TEST_CASE(
    "a registrant is suspended and activated, each time with a reason, and again is the same") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  CHECK(Show(world.Call(&Registrar::ActivateRegistrant, kBureau, kPumps)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_SUSPENDED");
  CHECK(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps, "")) ==
        "INVALID_ARGUMENT REASON_MISSING");
  const auto suspended = world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps, "fee unpaid");
  REQUIRE(Show(suspended) == "OK");
  CHECK(suspended->registrant().state() == v1::Registrant::SUSPENDED);
  CHECK(suspended->registrant().state_reason() == "fee unpaid");
  const Change change = world.ChangeAt(suspended->receipt().leaf_index());
  CHECK(change.operation == Operation::kSuspendRegistrant);
  CHECK(change.registrant == "pumps");
  CHECK(change.actor == "bureau");
  CHECK(change.reason == "fee unpaid");
  CHECK(world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps, "fee unpaid")
            ->SerializeAsString() == suspended->SerializeAsString());
  CHECK(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps, "another")) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  // It reads, and writes nothing.
  v1::GetRegistrantRequest get;
  get.set_name(kPumps);
  CHECK(Show(world.Read(&Registrar::GetRegistrant, world.AdminOf("pumps"), get)) == "OK");
  CHECK(Show(world.Create(world.AdminOf("pumps"), kPumps, "gusu_more", v1::Credential::READER)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");

  const auto active = world.Call(&Registrar::ActivateRegistrant, kBureau, kPumps, "paid");
  REQUIRE(Show(active) == "OK");
  CHECK(active->registrant().state() == v1::Registrant::ACTIVE);
  CHECK(active->registrant().state_reason().empty());
}

TEST_CASE("the bureau alone decides about registrants") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  const std::string admin = world.AdminOf("pumps"), refused = "PERMISSION_DENIED ROLE_REFUSED";
  CHECK(Show(world.Call(&Registrar::ReturnRegistrant, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::RejectRegistrant, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::SuspendRegistrant, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::ActivateRegistrant, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::CloseRegistrant, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::DesignateRegistrant, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::RevokeDesignation, admin, kPumps)) == refused);
  CHECK(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, "registrants/absent")) ==
        "NOT_FOUND REGISTRANT_NOT_FOUND");
  CHECK(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, "pumps")) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps, std::string(501, 'x'))) ==
        "INVALID_ARGUMENT FIELD_INVALID");
}

v1::CloseRegistrantRequest ClosingOfPumps(const std::string& successor) {
  v1::CloseRegistrantRequest request;
  request.set_name(kPumps);
  request.set_reason("merged");
  request.set_successor(successor);
  return request;
}

TEST_CASE("a closing passes every prefix to the successor in one commit") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  world.MakeAdmin("valves");
  for (const char* prefix : {"88.118.8", "88.118.8.1", "88.118.9"}) {
    REQUIRE(Show(world.Grant(prefix, "pumps")) == "OK");
  }
  const uint64_t leaf_count = world.View()->leaf_count();
  CHECK(Show(world.Write(&Registrar::CloseRegistrant, kBureau, ClosingOfPumps(""))) ==
        "FAILED_PRECONDITION SUCCESSOR_MISSING");
  const auto request = ClosingOfPumps("registrants/valves");
  const auto closed = world.Write(&Registrar::CloseRegistrant, kBureau, request);
  REQUIRE(Show(closed) == "OK");
  CHECK(closed->registrant().state() == v1::Registrant::CLOSED);
  CHECK(closed->registrant().successor() == "registrants/valves");
  CHECK(closed->registrant().state_reason() == "merged");
  CHECK(closed->receipt().leaf_index() == leaf_count);
  CHECK(world.View()->leaf_count() == leaf_count + 4);
  v1::ListPrefixesRequest list;
  list.set_holder("registrants/valves");
  CHECK(world.List(list) == "88.118.8 88.118.8.1 88.118.9 ");
  list.set_holder(kPumps);
  CHECK(world.List(list) == "");
  const Change passed = world.ChangeAt(leaf_count + 1);
  CHECK(passed.operation == Operation::kTransferPrefix);
  CHECK(passed.resource == "prefixes/88.118.8");
  CHECK(passed.registrant == "pumps");
  CHECK(world.View()->directory().FindPrefix("88.118.8")->row->passing_count() == 1);
  CHECK(world.Write(&Registrar::CloseRegistrant, kBureau, request)->SerializeAsString() ==
        closed->SerializeAsString());

  // Its credentials prove nothing any more, and nobody opens it again.
  CHECK(RegistrarWorld::Show(world.Who(world.AdminOf("pumps")).status()) ==
        "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(Show(world.Call(&Registrar::ActivateRegistrant, kBureau, kPumps)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_SUSPENDED");
  CHECK(Show(world.Grant("88.118.10", "pumps")) == "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
}

TEST_CASE("a closed registrant's organisation code is free for whoever applies anew") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  REQUIRE(Show(world.Write(&Registrar::CloseRegistrant, kBureau, ClosingOfPumps(""))) == "OK");
  auto anew = world.ApplicationOf("anew");
  *anew.mutable_registrant()->mutable_organization_code() =
      world.ApplicationOf("pumps").registrant().organization_code();
  REQUIRE(Show(world.Apply(anew)) == "OK");
  CHECK(Show(world.Approve("anew")) == "OK");
}

TEST_CASE("a closing is refused for a successor that cannot hold the prefixes") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  REQUIRE(Show(world.Apply(world.ApplicationOf("pending"))) == "OK");
  auto partner = world.ApplicationOf("partner");
  partner.mutable_registrant()->set_kind(v1::Registrant::PARTNER);
  REQUIRE(Show(world.Apply(partner)) == "OK");
  REQUIRE(Show(world.Approve("partner")) == "OK");
  REQUIRE(Show(world.Grant("88.118.8", "pumps")) == "OK");
  const auto close = [&](const std::string& successor) {
    return Show(world.Write(&Registrar::CloseRegistrant, kBureau, ClosingOfPumps(successor)));
  };
  CHECK(close(kPumps) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(close("registrants/absent") == "NOT_FOUND REGISTRANT_NOT_FOUND");
  CHECK(close("registrants/pending") == "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  CHECK(close("registrants/partner") == "FAILED_PRECONDITION REGISTRANT_IS_PARTNER");
  CHECK(world.Registrant("pumps").state() == v1::Registrant::ACTIVE);
  CHECK(world.Prefix("88.118.8").holder() == kPumps);
}

v1::DesignateRegistrantRequest Honour() {
  v1::DesignateRegistrantRequest request;
  request.set_name(kPumps);
  v1::Designation& designation = *request.mutable_designation();
  designation.set_id("little-giant-2026");
  designation.set_title("专精特新小巨人");
  designation.set_english_title("Little Giant");
  designation.set_programme("SRDI");
  designation.set_certificate_number("JS-2026-17");
  designation.set_issued_on("2026-02-28");
  designation.set_valid_until("2029-02-28");
  return request;
}

TEST_CASE("a designation is given, shown to everybody, and taken back without being forgotten") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  world.MakeAdmin("valves");
  const auto given = world.Write(&Registrar::DesignateRegistrant, kBureau, Honour());
  REQUIRE(Show(given) == "OK");
  REQUIRE(given->registrant().designations_size() == 1);
  CHECK(given->registrant().designations(0).SerializeAsString() ==
        Honour().designation().SerializeAsString());
  v1::GetRegistrantRequest get;
  get.set_name(kPumps);
  CHECK(world.Read(&Registrar::GetRegistrant, "gusu_valves", get)->designations_size() == 1);

  auto second = Honour();
  second.mutable_designation()->set_id("second");
  REQUIRE(Show(world.Write(&Registrar::DesignateRegistrant, kBureau, second)) == "OK");

  v1::RevokeDesignationRequest revoke;
  revoke.set_name(kPumps);
  revoke.set_designation_id("little-giant-2026");
  revoke.set_reason("moved away");
  const auto revoked = world.Write(&Registrar::RevokeDesignation, kBureau, revoke);
  REQUIRE(Show(revoked) == "OK");
  REQUIRE(revoked->registrant().designations_size() == 2);
  CHECK(revoked->registrant().designations(0).revoked());
  CHECK(revoked->registrant().designations(0).revocation_reason() == "moved away");
  CHECK_FALSE(revoked->registrant().designations(1).revoked());
  CHECK(world.ChangeAt(revoked->receipt().leaf_index()).operation == Operation::kRevokeDesignation);

  // Both again, as they were answered then, although more has happened since.
  CHECK(world.Write(&Registrar::DesignateRegistrant, kBureau, Honour())->SerializeAsString() ==
        given->SerializeAsString());
  CHECK(world.Write(&Registrar::RevokeDesignation, kBureau, revoke)->SerializeAsString() ==
        revoked->SerializeAsString());
  revoke.set_reason("another");
  CHECK(Show(world.Write(&Registrar::RevokeDesignation, kBureau, revoke)) ==
        "FAILED_PRECONDITION DESIGNATION_REVOKED");
  revoke.set_designation_id("absent");
  CHECK(Show(world.Write(&Registrar::RevokeDesignation, kBureau, revoke)) ==
        "NOT_FOUND DESIGNATION_NOT_FOUND");
  auto other = Honour();
  other.mutable_designation()->set_title("Other");
  CHECK(Show(world.Write(&Registrar::DesignateRegistrant, kBureau, other)) ==
        "ALREADY_EXISTS DESIGNATION_TAKEN");
}

TEST_CASE("a designation that lacks or misstates something names the field") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  auto request = Honour();
  v1::Designation& designation = *request.mutable_designation();
  std::string reason = "FIELD_INVALID", field;
  SECTION("no id") {
    designation.clear_id();
    reason = "FIELD_MISSING", field = "id";
  }
  SECTION("an id with capitals") { designation.set_id("A"), field = "id"; }
  SECTION("no title") {
    designation.clear_title();
    reason = "FIELD_MISSING", field = "title";
  }
  SECTION("a long title") { designation.set_title(std::string(201, 'x')), field = "title"; }
  SECTION("no day of issue") {
    designation.clear_issued_on();
    reason = "FIELD_MISSING", field = "issued_on";
  }
  SECTION("a day that no year has") {
    designation.set_issued_on("2026-02-29"), field = "issued_on";
  }
  SECTION("a day in short") { designation.set_issued_on("2026-2-8"), field = "issued_on"; }
  SECTION("an end before the beginning") {
    designation.set_valid_until("2026-02-27"), field = "valid_until";
  }
  const auto refused = world.Write(&Registrar::DesignateRegistrant, kBureau, request);
  CHECK(Show(refused) == "INVALID_ARGUMENT " + reason);
  CHECK(ErrorMetadataValue(refused.status(), "field") == "designation." + field);
  CHECK(world.Registrant("pumps").designations().empty());
}

TEST_CASE("designations of a registrant have a stated maximum") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  auto request = Honour();
  for (int i = 0; i < Registrar::kDesignationsMax; ++i) {
    request.mutable_designation()->set_id("honour-" + std::to_string(i));
    REQUIRE(Show(world.Write(&Registrar::DesignateRegistrant, kBureau, request)) == "OK");
  }
  request.mutable_designation()->set_id("one-more");
  CHECK(Show(world.Write(&Registrar::DesignateRegistrant, kBureau, request)) ==
        "FAILED_PRECONDITION DESIGNATIONS_TOO_MANY");
}

}  // namespace
}  // namespace gusu::server
