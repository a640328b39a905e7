// Who may call what, and how a caller proves who it is.
#include "server/access.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr std::array<Role, 7> kRoles = {
    Role::kAnonymous,       Role::kApplicant,     Role::kReader,     Role::kRegistrantWriter,
    Role::kRegistrantAdmin, Role::kBureauAuditor, Role::kBureauAdmin};

// One column for each role, in the order of kRoles: y may call.
struct Line {
  Method method;
  const char* name;
  const char* may;
};
constexpr Line kTable[] = {
    {Method::kApplyRegistrant, "ApplyRegistrant", "yyyyyyy"},
    {Method::kApproveRegistrant, "ApproveRegistrant", "------y"},
    {Method::kGetRegistrant, "GetRegistrant", "-yyyyyy"},
    {Method::kListRegistrants, "ListRegistrants", "-----yy"},
    {Method::kGrantPrefix, "GrantPrefix", "------y"},
    {Method::kGetPrefix, "GetPrefix", "--yyyyy"},
    {Method::kListPrefixes, "ListPrefixes", "--yyyyy"},
    {Method::kCreateCredential, "CreateCredential", "-y--y-y"},
    {Method::kListCredentials, "ListCredentials", "----yyy"},
    {Method::kRevokeCredential, "RevokeCredential", "----y-y"},
    {Method::kGetTemplate, "GetTemplate", "yyyyyyy"},
    {Method::kListTemplates, "ListTemplates", "yyyyyyy"},
    {Method::kRegister, "Register", "---yy-y"},
    {Method::kBatchRegister, "BatchRegister", "---yy-y"},
    {Method::kStreamRegister, "StreamRegister", "---yy-y"},
    {Method::kGetRecord, "GetRecord", "--yyyyy"},
    {Method::kListRecords, "ListRecords", "--yyyyy"},
    {Method::kListRevisions, "ListRevisions", "--yyyyy"},
    {Method::kUpdateRecord, "UpdateRecord", "---yy-y"},
    {Method::kModifyValues, "ModifyValues", "---yy-y"},
    {Method::kSuspendRecord, "SuspendRecord", "---yy-y"},
    {Method::kActivateRecord, "ActivateRecord", "---yy-y"},
    {Method::kRetireRecord, "RetireRecord", "---yy-y"},
    {Method::kReinstateRecord, "ReinstateRecord", "---yy-y"},
    {Method::kEraseValues, "EraseValues", "---yy-y"},
    {Method::kResolve, "Resolve", "yyyyyyy"},
    {Method::kBatchResolve, "BatchResolve", "yyyyyyy"},
    {Method::kStreamResolve, "StreamResolve", "yyyyyyy"},
    {Method::kGetCheckpoint, "GetCheckpoint", "yyyyyyy"},
    {Method::kListEntries, "ListEntries", "yyyyyyy"},
    {Method::kGetInclusionProof, "GetInclusionProof", "yyyyyyy"},
    {Method::kGetConsistencyProof, "GetConsistencyProof", "yyyyyyy"},
    {Method::kGetTile, "GetTile", "yyyyyyy"},
    {Method::kWatchEntries, "WatchEntries", "yyyyyyy"},
    {Method::kAddCosignatures, "AddCosignatures", "------y"},
    {Method::kListRows, "ListRows", "-----yy"},
    {Method::kListFiles, "ListFiles", "-----yy"},
    {Method::kVerifyFile, "VerifyFile", "-----yy"},
};

TEST_CASE("each role may call what the table says, and nothing else") {
  REQUIRE(std::size(kTable) == static_cast<size_t>(kMethodCount));
  for (const Line& line : kTable) {
    CHECK(MethodName(line.method) == line.name);
    for (size_t i = 0; i < kRoles.size(); ++i) {
      Caller caller;
      caller.role = kRoles[i];
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

TEST_CASE("the tiers that a caller reads follow from what it is to the record") {
  const auto tier = [](Role role, const std::string& registrant) {
    Caller caller;
    caller.role = role;
    caller.registrant = registrant;
    return ReadableTier(caller, "owner", "issuer");
  };
  CHECK(tier(Role::kAnonymous, "") == v1::PUBLIC);
  CHECK(tier(Role::kApplicant, "owner") == v1::PUBLIC);
  CHECK(tier(Role::kReader, "other") == v1::PUBLIC);
  CHECK(tier(Role::kReader, "issuer") == v1::PARTNER);
  CHECK(tier(Role::kReader, "owner") == v1::OWNER);
  CHECK(tier(Role::kRegistrantAdmin, "owner") == v1::OWNER);
  CHECK(tier(Role::kBureauAuditor, "") == v1::OWNER);
}

}  // namespace
}  // namespace gusu::server
