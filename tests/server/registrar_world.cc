#include "tests/server/registrar_world.h"

#include <functional>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/organization_code.h"
#include "server/first_start.h"
#include "storage/memory/memory_engine.h"

namespace gusu::server {
namespace {

// 2026-01-01 in UTC.
constexpr int64_t kStartUs = 1'767'225'600'000'000;

std::string Sha256Of(const std::string& text) {
  const Hash hash = Sha256(text);
  return std::string(AsBytes(hash));
}

// A unified social credit code that depends on the id.
std::string CodeOf(const std::string& id) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  std::string code = "91320594MA1";
  const Hash hash = Sha256(id);
  for (size_t i = 0; i < 6; ++i) code += kDigits[hash[i] % kDigits.size()];
  return code + UnifiedSocialCreditCheckCharacter(code);
}

std::unique_ptr<storage::Ledger> OpenLedger(std::function<absl::Time()> clock) {
  storage::Ledger::Options options;
  options.clock = std::move(clock);
  options.accept_clock = true;
  auto ledger =
      storage::Ledger::Open(std::make_unique<storage::MemoryEngine>(), std::move(options));
  REQUIRE(ledger.ok());
  return *std::move(ledger);
}

}  // namespace

RegistrarWorld::RegistrarWorld()
    : now_us_(kStartUs),
      // The ledger asks for the time before each commit.
      ledger_(OpenLedger([this] {
        const std::lock_guard lock(committing_);
        return Now();
      })),
      registrar_(
          ledger_.get(), nullptr, [this] { return Now(); }, &vault_) {
  RegistrySettings settings;
  settings.origin = "registry.example/test";
  REQUIRE(EnsureInitialized(*ledger_, settings, Sha256(kBureauToken), Now()).ok());
}

absl::StatusOr<Caller> RegistrarWorld::Who(const std::string& bearer) const {
  Proof proof;
  proof.bearer = bearer;
  proof.peer = "192.0.2.1";
  return Authenticate(*View(), proof, Now());
}

std::string RegistrarWorld::Show(const absl::Status& status) {
  std::string text = absl::StatusCodeToString(status.code());
  if (!status.ok()) text += " " + ErrorReason(status);
  return text;
}

absl::StatusOr<v1::RegistrantResponse> RegistrarWorld::Apply(
    const v1::ApplyRegistrantRequest& request) {
  return Write(&Registrar::ApplyRegistrant, "", request);
}

absl::StatusOr<v1::RegistrantResponse> RegistrarWorld::Approve(const std::string& id) {
  v1::ApproveRegistrantRequest request;
  request.set_name("registrants/" + id);
  return Write(&Registrar::ApproveRegistrant, kBureauToken, request);
}

absl::StatusOr<v1::PrefixResponse> RegistrarWorld::Grant(const std::string& prefix,
                                                         const std::string& holder) {
  v1::GrantPrefixRequest request;
  request.set_prefix(prefix);
  request.set_holder("registrants/" + holder);
  return Write(&Registrar::GrantPrefix, kBureauToken, request);
}

absl::StatusOr<v1::CredentialResponse> RegistrarWorld::Create(const std::string& bearer,
                                                              const std::string& parent,
                                                              const std::string& token,
                                                              v1::Credential::Role role) {
  v1::CreateCredentialRequest request;
  request.set_parent(parent);
  request.mutable_credential()->set_role(role);
  request.set_secret_sha256(Sha256Of(token));
  return Write(&Registrar::CreateCredential, bearer, request);
}

absl::StatusOr<v1::CredentialResponse> RegistrarWorld::Revoke(const std::string& bearer,
                                                              const std::string& name,
                                                              const std::string& reason) {
  v1::RevokeCredentialRequest request;
  request.set_name(name);
  request.set_reason(reason);
  return Write(&Registrar::RevokeCredential, bearer, request);
}

v1::ApplyRegistrantRequest RegistrarWorld::ApplicationOf(const std::string& id) {
  v1::ApplyRegistrantRequest request;
  request.set_registrant_id(id);
  request.mutable_registrant()->set_legal_name("Company " + id);
  request.mutable_registrant()->mutable_organization_code()->set_value(CodeOf(id));
  request.mutable_registrant()->mutable_contact()->set_person("Person " + id);
  request.set_claim_sha256(Sha256Of(ClaimOf(id)));
  return request;
}

std::string RegistrarWorld::ClaimOf(const std::string& id) {
  std::string secret = id;
  secret.resize(43, 'A');
  return "gusu_claim_" + secret;
}

void RegistrarWorld::MakeActive(const std::string& id) {
  REQUIRE(Show(Apply(ApplicationOf(id)).status()) == "OK");
  REQUIRE(Show(Approve(id).status()) == "OK");
}

void RegistrarWorld::MakeAdmin(const std::string& id) {
  MakeActive(id);
  REQUIRE(
      Show(Create(ClaimOf(id), "registrants/" + id, AdminOf(id), v1::Credential::REGISTRANT_ADMIN)
               .status()) == "OK");
}

v1::Registrant RegistrarWorld::Registrant(const std::string& id) {
  v1::GetRegistrantRequest request;
  request.set_name("registrants/" + id);
  auto registrant = Read(&Registrar::GetRegistrant, kBureauToken, request);
  REQUIRE(Show(registrant.status()) == "OK");
  return *registrant;
}

v1::Prefix RegistrarWorld::Prefix(const std::string& prefix) {
  v1::GetPrefixRequest request;
  request.set_name("prefixes/" + prefix);
  auto shown = Read(&Registrar::GetPrefix, kBureauToken, request);
  REQUIRE(Show(shown.status()) == "OK");
  return *shown;
}

std::string RegistrarWorld::List(v1::ListRegistrantsRequest request) {
  std::string names;
  do {
    const auto page = Read(&Registrar::ListRegistrants, kBureauToken, request);
    if (!page.ok()) return Show(page.status());
    for (const auto& registrant : page->registrants()) {
      names += registrant.name().substr(std::string("registrants/").size()) + " ";
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return names;
}

std::string RegistrarWorld::List(v1::ListPrefixesRequest request, const std::string& bearer) {
  std::string names;
  do {
    const auto page = Read(&Registrar::ListPrefixes, bearer, request);
    if (!page.ok()) return Show(page.status());
    for (const auto& prefix : page->prefixes()) names += prefix.prefix() + " ";
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return names;
}

Change RegistrarWorld::ChangeAt(uint64_t leaf_index) const {
  absl::StatusOr<Change> change = View()->ReadChange(leaf_index);
  REQUIRE(change.ok());
  return *change;
}

}  // namespace gusu::server
