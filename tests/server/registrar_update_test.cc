// What a registrant says of itself after it has applied: corrections and amendments.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

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

// `pumps` as it applied, to be changed and sent.
v1::UpdateRegistrantRequest UpdateOfPumps() {
  v1::UpdateRegistrantRequest request;
  request.set_name(kPumps);
  *request.mutable_registrant() = RegistrarWorld::ApplicationOf("pumps").registrant();
  return request;
}

auto Send(RegistrarWorld& world, const std::string& bearer,
          const v1::UpdateRegistrantRequest& request) {
  return world.Write(&Registrar::UpdateRegistrant, bearer, request);
}

TEST_CASE("all of the legal data is kept, with its defaults") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  v1::Registrant& registrant = *request.mutable_registrant();
  registrant.set_industry_class("c3441");
  registrant.mutable_location()->set_latitude(31.2989);
  registrant.mutable_location()->set_longitude(-120.5853);
  registrant.mutable_location()->set_datum(v1::Location::CGCS2000);
  registrant.add_documents_sha256(std::string(32, 'd'));
  REQUIRE(Show(world.Apply(request)) == "OK");
  const v1::Registrant shown = world.Registrant("pumps");
  CHECK(shown.industry_class() == "C3441");
  CHECK(shown.industry_edition() == 2017);
  CHECK(shown.location().latitude() == 31.2989);
  CHECK(shown.location().longitude() == -120.5853);
  CHECK(shown.location().datum() == v1::Location::CGCS2000);
  REQUIRE(shown.documents_sha256_size() == 1);
  CHECK(shown.documents_sha256(0) == std::string(32, 'd'));
}

TEST_CASE("legal data that cannot be are refused, naming the field") {
  RegistrarWorld world;
  auto request = world.ApplicationOf("pumps");
  v1::Registrant& registrant = *request.mutable_registrant();
  v1::Location& location = *registrant.mutable_location();
  location.set_datum(v1::Location::WGS84);
  std::string reason = "FIELD_INVALID", field;
  SECTION("a class without its letter") {
    registrant.set_industry_class("3441"), field = "industry_class";
  }
  SECTION("a class of five digits") {
    registrant.set_industry_class("C34411"), field = "industry_class";
  }
  SECTION("an edition before the first") {
    registrant.set_industry_class("C34");
    registrant.set_industry_edition(17), field = "industry_edition";
  }
  SECTION("an edition of no class") {
    registrant.set_industry_edition(2017);
    reason = "FIELD_MISSING", field = "industry_class";
  }
  SECTION("a latitude beyond the pole") {
    location.set_latitude(90.1), field = "location.latitude";
  }
  SECTION("a longitude that is no number") {
    location.set_longitude(std::nan("")), field = "location.longitude";
  }
  SECTION("a location on no datum") {
    location.clear_datum();
    reason = "FIELD_MISSING", field = "location.datum";
  }
  SECTION("a document that is no hash") {
    registrant.add_documents_sha256("short"), field = "documents_sha256[0]";
  }
  SECTION("33 documents") {
    for (int i = 0; i < 33; ++i) registrant.add_documents_sha256(std::string(32, 'd'));
    field = "documents_sha256";
  }
  const auto refused = world.Apply(request);
  CHECK(Show(refused) == "INVALID_ARGUMENT " + reason);
  CHECK(ErrorMetadataValue(refused.status(), "field") == "registrant." + field);
  CHECK(world.View()->leaf_count() == 2);
}

TEST_CASE("a returned application is corrected by its claim, and is PENDING again") {
  RegistrarWorld world;
  const auto applied = world.Apply(world.ApplicationOf("pumps"));
  REQUIRE(Show(applied) == "OK");
  const auto returned =
      world.Call(&Registrar::ReturnRegistrant, kBureau, kPumps, "the seal is missing");
  REQUIRE(Show(returned) == "OK");
  CHECK(returned->registrant().state() == v1::Registrant::RETURNED);
  CHECK(returned->registrant().state_reason() == "the seal is missing");
  CHECK(Show(world.Approve("pumps")) == "FAILED_PRECONDITION REGISTRANT_NOT_PENDING");

  auto request = UpdateOfPumps();
  request.mutable_registrant()->set_legal_name("Pumps Limited");
  request.mutable_registrant()->set_kind(v1::Registrant::INSTITUTE);
  request.set_reason("as on the seal");
  const auto corrected = Send(world, world.ClaimOf("pumps"), request);
  REQUIRE(Show(corrected) == "OK");
  CHECK(corrected->registrant().state() == v1::Registrant::PENDING);
  CHECK(corrected->registrant().state_reason().empty());
  CHECK(corrected->registrant().legal_name() == "Pumps Limited");
  CHECK(corrected->registrant().kind() == v1::Registrant::INSTITUTE);
  CHECK(corrected->registrant().create_time().SerializeAsString() ==
        applied->registrant().create_time().SerializeAsString());
  const Change change = world.ChangeAt(corrected->receipt().leaf_index());
  CHECK(change.operation == Operation::kUpdateRegistrant);
  CHECK(change.actor == "applicant");
  CHECK(change.reason == "as on the seal");
  // Again is the same answer, and no change.
  CHECK(Send(world, world.ClaimOf("pumps"), request)->SerializeAsString() ==
        corrected->SerializeAsString());
  CHECK(Show(world.Approve("pumps")) == "OK");
  CHECK(world.Registrant("pumps").legal_name() == "Pumps Limited");
}

TEST_CASE("a correction is for the applicant, the registrant and the bureau in its name") {
  RegistrarWorld world;
  REQUIRE(Show(world.Apply(world.ApplicationOf("pumps"))) == "OK");
  world.MakeAdmin("valves");
  auto request = UpdateOfPumps();
  request.mutable_registrant()->set_address("2 Pump Road");
  for (const std::string& other : {world.ClaimOf("valves"), world.AdminOf("valves")}) {
    CHECK(Show(Send(world, other, request)) == "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  }
  CHECK(Show(Send(world, "", request)) == "UNAUTHENTICATED CREDENTIAL_MISSING");
  CHECK(Show(Send(world, kBureau, request)) == "PERMISSION_DENIED ROLE_REFUSED");
  request.mutable_on_behalf_of()->set_registrant("registrants/valves");
  request.mutable_on_behalf_of()->set_reason("on the telephone");
  CHECK(Show(Send(world, kBureau, request)) == "INVALID_ARGUMENT FIELD_INVALID");
  request.mutable_on_behalf_of()->set_registrant(kPumps);
  const auto changed = Send(world, kBureau, request);
  REQUIRE(Show(changed) == "OK");
  const Change change = world.ChangeAt(changed->receipt().leaf_index());
  CHECK(change.actor == "bureau");
  CHECK(change.on_behalf_of == kPumps);
  CHECK(change.reason == "on the telephone");
}

TEST_CASE(
    "of an approved registrant, the contact changes at once and the rest waits for approval") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  auto request = UpdateOfPumps();
  request.mutable_registrant()->mutable_contact()->set_person("Li Wei");
  REQUIRE(Show(Send(world, world.AdminOf("pumps"), request)) == "OK");
  CHECK(world.Registrant("pumps").contact().person() == "Li Wei");
  CHECK_FALSE(world.Registrant("pumps").has_amendment());

  request.mutable_registrant()->set_legal_name("Pumps Limited");
  request.set_reason("renamed");
  const auto amended = Send(world, world.AdminOf("pumps"), request);
  REQUIRE(Show(amended) == "OK");
  const v1::Registrant& waiting = amended->registrant();
  CHECK(waiting.state() == v1::Registrant::ACTIVE);
  CHECK(waiting.legal_name() == "Company pumps");
  CHECK(waiting.amendment().proposed().legal_name() == "Pumps Limited");
  CHECK(waiting.amendment().reason() == "renamed");
  CHECK(waiting.amendment().state() == v1::Amendment::PENDING);
  CHECK(waiting.amendment().submit_time().SerializeAsString() ==
        waiting.update_time().SerializeAsString());
  CHECK(Send(world, world.AdminOf("pumps"), request)->SerializeAsString() ==
        amended->SerializeAsString());

  // Others see what is approved.
  world.MakeAdmin("valves");
  v1::GetRegistrantRequest get;
  get.set_name(kPumps);
  CHECK_FALSE(world.Read(&Registrar::GetRegistrant, "gusu_valves", get)->has_amendment());

  const auto approved = world.Approve("pumps");
  REQUIRE(Show(approved) == "OK");
  CHECK(approved->registrant().legal_name() == "Pumps Limited");
  CHECK_FALSE(approved->registrant().has_amendment());
  CHECK(world.Approve("pumps")->SerializeAsString() == approved->SerializeAsString());
}

TEST_CASE("an amendment is returned, rejected, or taken back by saying what is approved") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  auto request = UpdateOfPumps();
  request.mutable_registrant()->set_legal_name("Pumps Limited");
  const auto amended = Send(world, world.AdminOf("pumps"), request);
  REQUIRE(Show(amended) == "OK");
  const auto returned = world.Call(&Registrar::ReturnRegistrant, kBureau, kPumps, "no document");
  REQUIRE(Show(returned) == "OK");
  const v1::Amendment& amendment = returned->registrant().amendment();
  CHECK(returned->registrant().state() == v1::Registrant::ACTIVE);
  CHECK(amendment.state() == v1::Amendment::RETURNED);
  CHECK(amendment.state_reason() == "no document");
  CHECK(amendment.submit_time().SerializeAsString() ==
        amended->registrant().amendment().submit_time().SerializeAsString());
  CHECK(Show(world.Approve("pumps")) == "FAILED_PRECONDITION REGISTRANT_NOT_PENDING");

  SECTION("sent again, the same, it waits again") {
    const auto again = Send(world, world.AdminOf("pumps"), request);
    REQUIRE(Show(again) == "OK");
    CHECK(again->registrant().amendment().state() == v1::Amendment::PENDING);
    CHECK(Show(world.Approve("pumps")) == "OK");
  }
  SECTION("rejected, it is gone") {
    const auto rejected = world.Call(&Registrar::RejectRegistrant, kBureau, kPumps);
    REQUIRE(Show(rejected) == "OK");
    CHECK_FALSE(rejected->registrant().has_amendment());
    CHECK(rejected->registrant().state() == v1::Registrant::ACTIVE);
  }
  SECTION("what is approved, said again, takes it back") {
    const auto back = Send(world, world.AdminOf("pumps"), UpdateOfPumps());
    REQUIRE(Show(back) == "OK");
    CHECK_FALSE(back->registrant().has_amendment());
  }
}

TEST_CASE("an amended organisation code is taken at approval, and the old one is free") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  world.MakeAdmin("valves");
  auto request = UpdateOfPumps();
  auto* code = request.mutable_registrant()->mutable_organization_code();
  *code = world.ApplicationOf("valves").registrant().organization_code();
  REQUIRE(Show(Send(world, world.AdminOf("pumps"), request)) == "OK");
  CHECK(Show(world.Approve("pumps")) == "ALREADY_EXISTS ORGANIZATION_CODE_TAKEN");

  *code = world.ApplicationOf("fresh").registrant().organization_code();
  REQUIRE(Show(Send(world, world.AdminOf("pumps"), request)) == "OK");
  REQUIRE(Show(world.Approve("pumps")) == "OK");
  CHECK(world.Registrant("pumps").organization_code().value() == code->value());

  auto heir = world.ApplicationOf("heir");
  *heir.mutable_registrant()->mutable_organization_code() =
      world.ApplicationOf("pumps").registrant().organization_code();
  REQUIRE(Show(world.Apply(heir)) == "OK");
  CHECK(Show(world.Approve("heir")) == "OK");
  // And now it is the heir's.
  REQUIRE(Show(Send(world, world.AdminOf("pumps"), UpdateOfPumps())) == "OK");
  CHECK(Show(world.Approve("pumps")) == "ALREADY_EXISTS ORGANIZATION_CODE_TAKEN");
}

TEST_CASE("an update is refused for what it cannot change") {
  RegistrarWorld world;
  world.MakeAdmin("pumps");
  auto request = UpdateOfPumps();
  request.mutable_registrant()->set_legal_name("Pumps Limited");
  SECTION("the kind of an approved registrant") {
    request.mutable_registrant()->set_kind(v1::Registrant::PARTNER);
    const auto refused = Send(world, world.AdminOf("pumps"), request);
    CHECK(Show(refused) == "INVALID_ARGUMENT FIELD_INVALID");
    CHECK(ErrorMetadataValue(refused.status(), "field") == "registrant.kind");
  }
  SECTION("by the claim, once it is approved") {
    CHECK(Show(Send(world, world.ClaimOf("pumps"), request)) == "FAILED_PRECONDITION CLAIM_SPENT");
  }
  SECTION("after it changed") {
    request.set_etag("0");
    CHECK(Show(Send(world, world.AdminOf("pumps"), request)) == "ABORTED ETAG_MISMATCH");
  }
  SECTION("another registrant's name within") {
    request.mutable_registrant()->set_name("registrants/valves");
    CHECK(Show(Send(world, world.AdminOf("pumps"), request)) == "INVALID_ARGUMENT FIELD_INVALID");
  }
  SECTION("text that is not UTF-8") {
    request.mutable_registrant()->set_address("\xff road");
    const auto refused = Send(world, world.AdminOf("pumps"), request);
    CHECK(Show(refused) == "INVALID_ARGUMENT FIELD_INVALID");
    CHECK(ErrorMetadataValue(refused.status(), "field") == "registrant.address");
  }
  SECTION("a request id of another request") {
    request.set_request_id("r1");
    REQUIRE(Show(Send(world, world.AdminOf("pumps"), request)) == "OK");
    request.mutable_registrant()->set_legal_name("Pumps and Valves");
    CHECK(Show(Send(world, world.AdminOf("pumps"), request)) ==
          "INVALID_ARGUMENT REQUEST_ID_REUSED");
  }
  SECTION("while it is suspended") {
    REQUIRE(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, kPumps)) == "OK");
    CHECK(Show(Send(world, world.AdminOf("pumps"), request)) ==
          "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  }
  CHECK(world.Registrant("pumps").legal_name() == "Company pumps");
}

TEST_CASE("a rejected application stays as it is, and frees nothing that it never had") {
  RegistrarWorld world;
  REQUIRE(Show(world.Apply(world.ApplicationOf("pumps"))) == "OK");
  const auto rejected = world.Call(&Registrar::RejectRegistrant, kBureau, kPumps, "not a company");
  REQUIRE(Show(rejected) == "OK");
  CHECK(rejected->registrant().state() == v1::Registrant::REJECTED);
  CHECK(rejected->registrant().state_reason() == "not a company");
  auto request = UpdateOfPumps();
  request.mutable_registrant()->set_legal_name("Pumps Limited");
  CHECK(Show(Send(world, world.ClaimOf("pumps"), request)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  CHECK(Show(world.Approve("pumps")) == "FAILED_PRECONDITION REGISTRANT_NOT_PENDING");
  CHECK(Show(world.Call(&Registrar::ReturnRegistrant, kBureau, kPumps)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_PENDING");
}

}  // namespace
}  // namespace gusu::server
