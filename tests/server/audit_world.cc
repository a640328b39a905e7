#include "tests/server/audit_world.h"

#include <google/protobuf/text_format.h>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/first_start.h"
#include "tests/server/audit_files.h"
#include "tests/server/registrar_world.h"
#include "tests/storage/ledger_fixture.h"

namespace gusu::server {
namespace {

storage::Ledger::Options OptionsOfTest() {
  storage::Ledger::Options options;
  options.clock = [] { return absl::FromUnixSeconds(1'767'225'600); };
  options.accept_clock = true;
  return options;
}

}  // namespace

AuditWorld::AuditWorld() : ledger_(storage::OpenLedger(engine_, OptionsOfTest())) {
  const absl::Time now = absl::FromUnixSeconds(1'767'225'600);
  RegistrySettings settings;
  settings.origin = test::kOrigin;
  settings.log_vkeys = {test::Key(0).verifier().Text()};
  REQUIRE(EnsureInitialized(*ledger_, settings, Sha256("gusu_bureau"), now).ok());
  Publish();
  Enroll("sz-pumps", "88.118.8");
  Enroll("sz-valves", "88.118.9");
  REQUIRE(View()->leaf_count() == kFirstRecord);
}

void AuditWorld::Publish() {
  audit_.reset();
  checkpoints_.reset();
  Checkpoints::Options options;
  options.origin = test::kOrigin;
  options.signers = {test::Key(0)};
  options.publish_interval = absl::Hours(1000);
  auto anchor = Anchor::InMemory(test::NoteOf({}, {test::Key(0)}));
  REQUIRE(anchor.ok());
  auto started = Checkpoints::Start(ledger_.get(), *std::move(anchor), options);
  INFO(started.status());
  REQUIRE(started.ok());
  checkpoints_ = *std::move(started);
  const auto clock = [] { return absl::FromUnixSeconds(1'767'225'601); };
  proofs_ = std::make_unique<Proofs>(ledger_.get(), checkpoints_.get());
  registry_ = std::make_unique<Registry>(ledger_.get(), proofs_.get());
  registrar_ = std::make_unique<Registrar>(ledger_.get(), proofs_.get(), clock);
  resolver_ = std::make_unique<Resolver>(ledger_.get(), proofs_.get(), clock);
  audit_ = std::make_unique<Audit>(ledger_.get(), checkpoints_.get(), proofs_.get());
}

void AuditWorld::Enroll(const std::string& id, const std::string& prefix) {
  const Caller bureau = Of(Role::kBureauAdmin);
  REQUIRE(Write(&Registrar::ApplyRegistrant, RegistrarWorld::ApplicationOf(id), Anonymous()).ok());
  v1::ApproveRegistrantRequest approve;
  approve.set_name("registrants/" + id);
  REQUIRE(Write(&Registrar::ApproveRegistrant, approve, bureau).ok());
  v1::GrantPrefixRequest grant;
  grant.set_prefix(prefix);
  grant.set_holder("registrants/" + id);
  REQUIRE(Write(&Registrar::GrantPrefix, grant, bureau).ok());
}

Caller AuditWorld::Of(Role role, const std::string& registrant) {
  Caller caller;
  caller.role = role;
  caller.registrant = registrant;
  return caller;
}

v1::Receipt AuditWorld::Register(const std::string& row) {
  v1::RegisterRequest request;
  REQUIRE(google::protobuf::TextFormat::ParseFromString(row, request.mutable_row()));
  request.set_include_proof(true);
  const auto response = Write(&Registry::Register, request, Writer());
  INFO(response.status());
  REQUIRE(response.ok());
  return response->result().receipt();
}

void AuditWorld::RegisterMany(int count) {
  for (int begin = 0; begin < count; begin += 500) {
    v1::BatchRegisterRequest request;
    for (int i = begin; i < std::min(count, begin + 500); ++i) {
      v1::RegisterRow* row = request.add_rows();
      row->set_identifier(Concat("88.118.8/R", i));
      v1::Value* value = row->add_values();
      value->set_type("NAME");
      value->set_data(Concat("name of ", i));
    }
    REQUIRE(Write(&Registry::BatchRegister, request, Writer()).ok());
  }
}

v1::LeafProof AuditWorld::ProofOf(uint64_t leaf_index, const Caller& caller) {
  v1::GetInclusionProofRequest request;
  request.set_leaf_index(leaf_index);
  const auto response = Read(&Audit::GetInclusionProof, request, caller);
  INFO(response.status());
  REQUIRE(response.ok());
  return response->proof();
}

std::string AuditWorld::Stored(const std::string& key) {
  const auto value = (*engine_.Latest())->Get(key);
  REQUIRE((value.ok() && value->has_value()));
  return **value;
}

void AuditWorld::Damage(const std::string& key, const std::optional<std::string>& value) {
  storage::Batch batch;
  if (value.has_value()) {
    batch.Put(key, *value);
  } else {
    batch.Delete(key);
  }
  REQUIRE(engine_.Commit(batch).outcome == storage::CommitResult::Outcome::kApplied);
  // Views show a state of the engine from the next group on.
  v1::RegisterRequest request;
  request.mutable_row()->set_identifier(Concat("88.118.9/NUDGE-", nudges_++));
  REQUIRE(Write(&Registry::Register, request, Writer("sz-valves")).ok());
}

void AuditWorld::Flip(const std::string& key, size_t byte) {
  std::string value = Stored(key);
  REQUIRE(byte < value.size());
  value[byte] = static_cast<char>(value[byte] ^ 1);
  Damage(key, value);
}

std::string AuditWorld::Show(const absl::Status& status, const std::string& metadata) {
  if (status.ok()) return "OK";
  std::string text = Concat(absl::StatusCodeToString(status.code()), " ", ErrorReason(status));
  if (!metadata.empty()) text += Concat(" ", ErrorMetadataValue(status, metadata));
  return text;
}

}  // namespace gusu::server
