// Credentials, as callers see them.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "server/registrar.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
using Credential = v1::Credential;

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

std::string NameOf(const absl::StatusOr<v1::CredentialResponse>& response) {
  REQUIRE(Show(response) == "OK");
  return response->credential().name();
}

TEST_CASE("a claim makes credentials once the registrant is active, until there is an admin") {
  RegistrarWorld world;
  REQUIRE(Show(world.Apply(world.ApplicationOf("pumps"))) == "OK");
  const std::string claim = world.ClaimOf("pumps"), parent = "registrants/pumps";
  CHECK(Show(world.Create(claim, parent, "gusu_1", Credential::REGISTRANT_WRITER)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  REQUIRE(Show(world.Approve("pumps")) == "OK");
  const auto writer = world.Create(claim, parent, "gusu_1", Credential::ROLE_UNSPECIFIED);
  REQUIRE(Show(writer) == "OK");
  CHECK(writer->credential().role() == Credential::REGISTRANT_WRITER);
  CHECK(writer->credential().state() == Credential::ACTIVE);
  const auto admin = world.Create(claim, parent, "gusu_2", Credential::REGISTRANT_ADMIN);
  REQUIRE(Show(admin) == "OK");
  CHECK(Show(world.Create(claim, parent, "gusu_3", Credential::READER)) ==
        "FAILED_PRECONDITION CLAIM_SPENT");
  // What was answered is answered again.
  CHECK(world.Create(claim, parent, "gusu_2", Credential::REGISTRANT_ADMIN)->SerializeAsString() ==
        admin->SerializeAsString());
  CHECK(Show(world.Create("gusu_2", parent, "gusu_3", Credential::READER)) == "OK");
}

TEST_CASE("a credential's leaf names it, and tells nothing of its secret") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  const auto created = world.Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_1",
                                    Credential::REGISTRANT_ADMIN);
  REQUIRE(Show(created) == "OK");
  const uint64_t leaf = created->receipt().leaf_index();
  const Change change = world.ChangeAt(leaf);
  CHECK(change.resource == created->credential().name());
  CHECK(change.actor == "registrants/pumps");
  const Hash hash = Sha256("gusu_1");
  const auto opening = world.View()->ReadOpening(leaf);
  REQUIRE(opening.ok());
  CHECK(opening->bytes.find(AsBytes(hash).substr(0, 8)) == std::string::npos);
  CHECK(opening->bytes.find(HexEncode(AsBytes(hash).substr(0, 8))) == std::string::npos);
}

TEST_CASE("credentials are made for one's own registrant, in roles of its kind") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  world.MakeActive("valves");
  const std::string pumps = "registrants/pumps";
  REQUIRE(Show(world.Create(world.ClaimOf("pumps"), pumps, "gusu_admin",
                            Credential::REGISTRANT_ADMIN)) == "OK");
  CHECK(Show(world.Create("gusu_admin", "registrants/valves", "x", Credential::READER)) ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  CHECK(Show(world.Create("gusu_admin", "bureau", "x", Credential::BUREAU_AUDITOR)) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Show(world.Create(kBureau, pumps, "x", Credential::READER)) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Show(world.Create("gusu_admin", pumps, "x", Credential::BUREAU_ADMIN)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(world.Create(kBureau, "bureau", "x", Credential::READER)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(world.Create(kBureau, "bureau", "x", Credential::ROLE_UNSPECIFIED)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(world.Create("gusu_admin", "pumps", "x", Credential::READER)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(world.Create(kBureau, "bureau", "gusu_audit", Credential::BUREAU_AUDITOR)) == "OK");
  // A secret stands for one credential.
  CHECK(Show(world.Create("gusu_admin", pumps, "gusu_audit", Credential::READER)) ==
        "ALREADY_EXISTS CREDENTIAL_TAKEN");
  CHECK(Show(world.Create("gusu_admin", pumps, "gusu_admin", Credential::READER)) ==
        "ALREADY_EXISTS CREDENTIAL_TAKEN");
}

TEST_CASE("a credential expires in a year unless said otherwise, and in five at most") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  v1::CreateCredentialRequest request;
  request.set_parent("registrants/pumps");
  request.set_secret_sha256(world.ApplicationOf("any").claim_sha256());
  const auto create = [&](absl::Duration life) {
    request.mutable_credential()->mutable_expire_time()->set_seconds(
        absl::ToUnixSeconds(world.Now() + life));
    return world.Write(&Registrar::CreateCredential, world.ClaimOf("pumps"), request);
  };
  CHECK(Show(create(absl::Hours(-1))) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(create(absl::Hours(24 * 366 * 6))) == "INVALID_ARGUMENT FIELD_INVALID");
  const auto day = create(absl::Hours(24));
  REQUIRE(Show(day) == "OK");
  CHECK(day->credential().expire_time().seconds() ==
        absl::ToUnixSeconds(world.Now() + absl::Hours(24)));
  const auto year =
      world.Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_1", Credential::READER);
  REQUIRE(Show(year) == "OK");
  CHECK(year->credential().expire_time().seconds() ==
        absl::ToUnixSeconds(world.Now() + absl::Hours(24 * 365)));
  // A repeat at another time, whose default would be another, is still a repeat.
  world.Pass(absl::Hours(1));
  CHECK(world.Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_1", Credential::READER)
            ->SerializeAsString() == year->SerializeAsString());
}

TEST_CASE("a registrant has at most a hundred credentials that stand") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  const std::string parent = "registrants/pumps";
  REQUIRE(Show(world.Create(world.ClaimOf("pumps"), parent, "gusu_0",
                            Credential::REGISTRANT_ADMIN)) == "OK");
  std::string last;
  for (int i = 1; i < 100; ++i) {
    last = NameOf(world.Create("gusu_0", parent, "gusu_" + std::to_string(i), Credential::READER));
  }
  CHECK(Show(world.Create("gusu_0", parent, "gusu_100", Credential::READER)) ==
        "FAILED_PRECONDITION CREDENTIALS_TOO_MANY");
  REQUIRE(Show(world.Revoke("gusu_0", last)) == "OK");
  CHECK(Show(world.Create("gusu_0", parent, "gusu_100", Credential::READER)) == "OK");
}

TEST_CASE("two registrants may use the same request id for credentials of their own") {
  RegistrarWorld world;
  for (const std::string id : {"pumps", "valves"}) {
    world.MakeActive(id);
    v1::CreateCredentialRequest request;
    request.set_parent("registrants/" + id);
    request.set_secret_sha256(std::string(AsBytes(Sha256("gusu_" + id))));
    request.set_request_id("first");
    CHECK(Show(world.Write(&Registrar::CreateCredential, world.ClaimOf(id), request)) == "OK");
    request.mutable_credential()->set_title("other content");
    CHECK(Show(world.Write(&Registrar::CreateCredential, world.ClaimOf(id), request)) != "OK");
  }
}

TEST_CASE("a revoked credential proves nothing, and revoking it again is the same answer") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  const std::string parent = "registrants/pumps";
  REQUIRE(Show(world.Create(world.ClaimOf("pumps"), parent, "gusu_admin",
                            Credential::REGISTRANT_ADMIN)) == "OK");
  const auto created = world.Create("gusu_admin", parent, "gusu_1", Credential::REGISTRANT_WRITER);
  const std::string name = NameOf(created);
  CHECK(world.Who("gusu_1").ok());
  const auto revoked = world.Revoke("gusu_admin", name, "lost");
  REQUIRE(Show(revoked) == "OK");
  CHECK(revoked->credential().state() == Credential::REVOKED);
  CHECK(revoked->credential().revoke_time().SerializeAsString() ==
        revoked->receipt().commit_time().SerializeAsString());
  CHECK(revoked->credential().create_time().SerializeAsString() ==
        created->credential().create_time().SerializeAsString());
  CHECK(world.ChangeAt(revoked->receipt().leaf_index()).reason == "lost");
  CHECK(Show(world.Who("gusu_1")) == "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(world.Revoke("gusu_admin", name, "again")->SerializeAsString() ==
        revoked->SerializeAsString());
  CHECK(Show(world.Revoke("gusu_admin", parent + "/credentials/absent")) ==
        "NOT_FOUND CREDENTIAL_NOT_FOUND");
}

TEST_CASE("the bureau revokes a registrant's credential with a reason, in whose name it says") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  const std::string parent = "registrants/pumps";
  const std::string claim = world.ClaimOf("pumps");
  const std::string first = NameOf(world.Create(claim, parent, "gusu_1", Credential::READER));
  const std::string second = NameOf(world.Create(claim, parent, "gusu_2", Credential::READER));
  CHECK(Show(world.Revoke(kBureau, first)) == "INVALID_ARGUMENT REASON_MISSING");
  const auto revoked = world.Revoke(kBureau, first, "leaked");
  REQUIRE(Show(revoked) == "OK");
  const Change own = world.ChangeAt(revoked->receipt().leaf_index());
  CHECK(own.actor == "bureau");
  CHECK(own.on_behalf_of.empty());
  CHECK(own.reason == "leaked");

  v1::RevokeCredentialRequest request;
  request.set_name(second);
  request.mutable_on_behalf_of()->set_registrant(parent);
  request.mutable_on_behalf_of()->set_reason("asked by telephone");
  const auto for_it = world.Write(&Registrar::RevokeCredential, kBureau, request);
  REQUIRE(Show(for_it) == "OK");
  const Change change = world.ChangeAt(for_it->receipt().leaf_index());
  CHECK(change.actor == "bureau");
  CHECK(change.on_behalf_of == parent);
  CHECK(change.reason == "asked by telephone");
}

TEST_CASE("the bureau's last admin credential cannot be revoked") {
  RegistrarWorld world;
  const std::string first = "bureau/credentials/" + world.Who(kBureau)->credential;
  CHECK(Show(world.Revoke(kBureau, first)) == "FAILED_PRECONDITION LAST_BUREAU_ADMIN");
  REQUIRE(Show(world.Create(kBureau, "bureau", "gusu_second", Credential::BUREAU_ADMIN)) == "OK");
  CHECK(Show(world.Revoke("gusu_second", first)) == "OK");
  CHECK(Show(world.Who(kBureau)) == "UNAUTHENTICATED CREDENTIAL_INVALID");
}

TEST_CASE("credentials are listed with their states, without secrets, to whom they concern") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  const std::string parent = "registrants/pumps";
  REQUIRE(Show(world.Create(world.ClaimOf("pumps"), parent, "gusu_admin",
                            Credential::REGISTRANT_ADMIN)) == "OK");
  const std::string name = NameOf(world.Create("gusu_admin", parent, "gusu_1", Credential::READER));
  REQUIRE(Show(world.Revoke("gusu_admin", name)) == "OK");
  v1::ListCredentialsRequest request;
  request.set_parent(parent);
  for (const std::string& bearer : {std::string("gusu_admin"), std::string(kBureau)}) {
    const auto list = world.Read(&Registrar::ListCredentials, bearer, request);
    REQUIRE(Show(list) == "OK");
    REQUIRE(list->credentials_size() == 2);
    int revoked = 0;
    for (const auto& each : list->credentials()) revoked += each.state() == Credential::REVOKED;
    CHECK(revoked == 1);
  }
  request.set_parent("bureau");
  CHECK(Show(world.Read(&Registrar::ListCredentials, "gusu_admin", request)) ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT");
  const auto bureau = world.Read(&Registrar::ListCredentials, kBureau, request);
  REQUIRE(Show(bureau) == "OK");
  REQUIRE(bureau->credentials_size() == 1);
  CHECK(bureau->credentials(0).role() == Credential::BUREAU_ADMIN);
}

}  // namespace
}  // namespace gusu::server
