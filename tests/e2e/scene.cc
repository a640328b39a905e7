#include "tests/e2e/scene.h"

#include <sys/wait.h>

#include <array>
#include <chrono>
#include <cstdio>

#include "proto/hash.h"
#include "proto/text.h"

namespace gusu::e2e {
namespace {

// Until the published checkpoint covers all that is in the log now: a second or so.
void AwaitPublished(const Api& bureau) {
  using Audit = v1::AuditService::Stub;
  const uint64_t size =
      Do(bureau, bureau.audit(), &Audit::ListEntries, "view: LEAF page_size: 1").tree_size();
  const auto deadline = std::chrono::steady_clock::now() + kCallTimeMax;
  while (true) {
    const std::string note = Do(bureau, bureau.audit(), &Audit::GetCheckpoint, "").checkpoint();
    // The second line is the tree's size.
    if (std::stoull(note.substr(note.find('\n') + 1)) >= size) return;
    REQUIRE(std::chrono::steady_clock::now() < deadline);
  }
}

}  // namespace

std::string TimeOf(uint64_t revision) {
  return Concat("seconds: ", revision / 1'000'000, " nanos: ", revision % 1'000'000 * 1'000);
}

std::string MakePartner(const ServerProcess& server, const std::string& id) {
  const std::string claim = NewClaimSecret();
  const std::string token = NewTokenSecret();
  v1::ApplyRegistrantRequest apply;
  apply.set_registrant_id(id);
  apply.set_claim_sha256(std::string(AsBytes(Sha256(claim))));
  v1::Registrant* registrant = apply.mutable_registrant();
  registrant->set_kind(v1::Registrant::PARTNER);
  registrant->set_legal_name(Concat(id, " Ltd."));
  registrant->mutable_organization_code()->set_scheme(v1::OrganizationCode::OTHER);
  registrant->mutable_organization_code()->set_authority("register of partners");
  registrant->mutable_organization_code()->set_value(Concat("P-", id));
  const Api anonymous(server, "");
  using Registrar = v1::RegistrarService::Stub;
  REQUIRE(anonymous.Call(anonymous.registrar(), &Registrar::ApplyRegistrant, apply).fault == "");
  const Api bureau(server, server.token());
  Do(bureau, bureau.registrar(), &Registrar::ApproveRegistrant,
     Concat("name: \"registrants/", id, "\" reason: \"documents seen\""));
  v1::CreateCredentialRequest create;
  create.set_parent(Concat("registrants/", id));
  create.mutable_credential()->set_role(v1::Credential::REGISTRANT_ADMIN);
  create.set_secret_sha256(std::string(AsBytes(Sha256(token))));
  const Api applicant(server, claim);
  REQUIRE(applicant.Call(applicant.registrar(), &Registrar::CreateCredential, create).fault == "");
  return token;
}

Verified VerifyLog(const ServerProcess& server) {
  AwaitPublished(Api(server, server.token()));
  Verified verified;
  const std::string command =
      Concat("'", GUSU_PATH, "' --data '", server.data(), "' audit verify 2>&1");
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> bytes;
  while (const size_t count = std::fread(bytes.data(), 1, bytes.size(), pipe)) {
    verified.output.append(bytes.data(), count);
  }
  const int status = pclose(pipe);
  verified.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return verified;
}

std::string Codes(const v1::ListRecordsResponse& page) {
  std::string codes;
  for (const v1::Record& record : page.records()) {
    codes += (codes.empty() ? "" : " ") + record.identifier();
  }
  return codes;
}

}  // namespace gusu::e2e
