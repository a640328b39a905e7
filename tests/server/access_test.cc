// Who may call what, and how a caller proves who it is.
#include "server/access.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "tests/server/access_table.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

TEST_CASE("each role may call what the table says, and nothing else") {
  REQUIRE(std::size(kAccessTable) == static_cast<size_t>(kMethodCount));
  for (const AccessLine& line : kAccessTable) {
    CHECK(MethodName(line.method) == line.name);
    for (size_t i = 0; i < kTableRoles.size(); ++i) {
      Caller caller;
      caller.role = kTableRoles[i];
      CAPTURE(line.name, RoleName(caller.role));
      std::string expected = "OK";
      if (line.may[i] != 'y') {
        expected = caller.role == Role::kAnonymous ? "UNAUTHENTICATED CREDENTIAL_MISSING"
                                                   : "PERMISSION_DENIED ROLE_REFUSED";
      }
      CHECK(RegistrarWorld::Show(CheckRole(line.method, caller)) == expected);
    }
  }
}

TEST_CASE("the table has every method of the API, and no other") {
  std::set<std::string> of_api, of_table;
  for (const google::protobuf::FileDescriptor* file :
       {v1::RegisterRequest::descriptor()->file(), v1::ApplyRegistrantRequest::descriptor()->file(),
        v1::ResolveRequest::descriptor()->file(), v1::ListEntriesRequest::descriptor()->file(),
        v1::GetStatisticsRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        of_api.insert(file->service(i)->method(j)->name());
      }
    }
  }
  for (const AccessLine& line : kAccessTable) of_table.insert(line.name);
  CHECK(of_table == of_api);
}

TEST_CASE("a refused role is told what it is, what it called, and who may") {
  Caller caller;
  caller.role = Role::kReader;
  const absl::Status status = CheckRole(Method::kRegister, caller);
  CHECK(status.message() ==
        "a credential of role READER may not call Register; allowed: REGISTRANT_WRITER, "
        "REGISTRANT_ADMIN, BUREAU_ADMIN");
  CHECK(ErrorMetadataValue(status, "role") == "READER");
  CHECK(ErrorMetadataValue(status, "method") == "Register");
}

TEST_CASE("without a bearer a caller is anonymous, and keeps its address and door") {
  RegistrarWorld world;
  Proof proof;
  proof.peer = "192.0.2.7";
  proof.door = Door::kGrpc;
  const auto caller = Authenticate(*world.View(), proof, world.Now());
  REQUIRE(caller.ok());
  CHECK(caller->role == Role::kAnonymous);
  CHECK(caller->peer == "192.0.2.7");
  CHECK(caller->door == Door::kGrpc);
  CHECK(caller->proof_key.empty());
}

TEST_CASE("a token stands for its role and registrant, and its row is what writes rest on") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  REQUIRE(world
              .Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_reader",
                      v1::Credential::READER)
              .ok());
  const auto caller = world.Who("gusu_reader");
  REQUIRE(caller.ok());
  CHECK(caller->role == Role::kReader);
  CHECK(caller->registrant == "pumps");
  CHECK_FALSE(caller->credential.empty());
  CHECK(caller->proof_key == storage::CredentialKey("pumps", caller->credential));
  CHECK(world.View()->directory().RevisionAt(caller->proof_key) == caller->proof_revision);

  const auto bureau = world.Who(RegistrarWorld::kBureauToken);
  REQUIRE(bureau.ok());
  CHECK(bureau->role == Role::kBureauAdmin);
  CHECK(bureau->registrant.empty());
}

TEST_CASE("a claim stands for its applicant") {
  RegistrarWorld world;
  REQUIRE(world.Apply(world.ApplicationOf("pumps")).ok());
  const auto caller = world.Who(world.ClaimOf("pumps"));
  REQUIRE(caller.ok());
  CHECK(caller->role == Role::kApplicant);
  CHECK(caller->registrant == "pumps");
  CHECK(caller->proof_key == storage::RegistrantKey("pumps"));
}

TEST_CASE("an unknown, a revoked and an expired bearer are refused alike") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  const auto created = world.Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_admin",
                                    v1::Credential::REGISTRANT_ADMIN);
  REQUIRE(created.ok());
  const absl::Status unknown = world.Who("gusu_unknown").status();
  CHECK(RegistrarWorld::Show(unknown) == "UNAUTHENTICATED CREDENTIAL_INVALID");
  CHECK(world.Who("gusu_claim_unknown").status() == unknown);

  REQUIRE(world
              .Create(RegistrarWorld::kBureauToken, "bureau", "gusu_auditor",
                      v1::Credential::BUREAU_AUDITOR)
              .ok());
  const auto caller = world.Who("gusu_auditor");
  REQUIRE(caller.ok());
  REQUIRE(
      world.Revoke(RegistrarWorld::kBureauToken, "bureau/credentials/" + caller->credential).ok());
  CHECK(world.Who("gusu_auditor").status() == unknown);

  world.Pass(absl::Hours(365 * 24) - absl::Seconds(1));
  CHECK(world.Who("gusu_admin").ok());
  world.Pass(absl::Seconds(2));
  CHECK(world.Who("gusu_admin").status() == unknown);
}

TEST_CASE("the credentials of a closed registrant prove nothing any more, and say no more") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  REQUIRE(world
              .Create(world.ClaimOf("pumps"), "registrants/pumps", "gusu_admin",
                      v1::Credential::REGISTRANT_ADMIN)
              .ok());
  REQUIRE(world.Who("gusu_admin").ok());
  v1::CloseRegistrantRequest request;
  request.set_name("registrants/pumps");
  request.set_reason("merged");
  REQUIRE(world.Write(&Registrar::CloseRegistrant, RegistrarWorld::kBureauToken, request).ok());
  CHECK(world.Who("gusu_admin").status() == world.Who("gusu_unknown").status());
}

struct ActingAnswer {
  std::string status;
  std::string registrant, actor, on_behalf_of, reason;
  bool operator==(const ActingAnswer&) const = default;
};

ActingAnswer Act(Role role, const std::string& own, const std::string& registrant,
                 const std::string& reason) {
  Caller caller;
  caller.role = role;
  caller.registrant = own;
  v1::OnBehalfOf on_behalf_of;
  on_behalf_of.set_registrant(registrant);
  on_behalf_of.set_reason(reason);
  const auto acting = ActingFor(caller, on_behalf_of);
  if (!acting.ok()) return {RegistrarWorld::Show(acting.status()), "", "", "", ""};
  return {"OK", acting->registrant, acting->actor, acting->on_behalf_of, acting->reason};
}

TEST_CASE("a registrant acts for itself, and the bureau's admin for a registrant with a reason") {
  const std::string pumps = "registrants/pumps";
  CHECK(Act(Role::kRegistrantWriter, "pumps", "", "") ==
        ActingAnswer{"OK", "pumps", pumps, "", ""});
  CHECK(Act(Role::kBureauAdmin, "", pumps, "drill") ==
        ActingAnswer{"OK", "pumps", "bureau", pumps, "drill"});
  CHECK(Act(Role::kBureauAdmin, "", "", "drill").status == "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Act(Role::kBureauAdmin, "", pumps, "").status == "INVALID_ARGUMENT REASON_MISSING");
  CHECK(Act(Role::kBureauAdmin, "", "pumps", "drill").status == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Act(Role::kBureauAuditor, "", pumps, "drill").status == "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Act(Role::kRegistrantAdmin, "pumps", "registrants/valves", "drill").status ==
        "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Act(Role::kAnonymous, "", "", "").status == "PERMISSION_DENIED ROLE_REFUSED");
}

}  // namespace
}  // namespace gusu::server
