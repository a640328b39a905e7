// The library against a real server, over TLS with tokens. The program of this test also links
// gRPC, protobuf and the API's messages of its own.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <thread>

#include "gusu/auditor.h"
#include "gusu/spool.h"
#include "tests/e2e/api.h"
#include "tests/temporary_directory.h"

namespace gusu::test {
namespace {

constexpr char kOrganizationCode[] = "91320594MA1MABCD6F";
constexpr std::chrono::seconds kTimeMax{60};

ClientOptions OptionsOf(const e2e::ServerProcess& server, const std::string& token) {
  ClientOptions options;
  options.server = server.address();
  options.ca_pem = server.ca();
  options.token = token;
  return options;
}

RegisterRow Product(const std::string& identifier, const std::string& name = "Pump") {
  RegisterRow row;
  row.identifier = identifier;
  row.template_id = "product";
  row.values = {TextValue("name", name), TextValue("model", "HP")};
  return row;
}

TEST_CASE("from an application to a resolved code, with the library alone") {
  e2e::ServerProcess server;
  Client anybody(OptionsOf(server, ""));
  Client bureau(OptionsOf(server, server.token()));

  const std::string claim = MakeClaimSecret();
  ApplyRegistrantRequest application;
  application.registrant_id = "sz-pumps";
  application.registrant.legal_name = "Suzhou Pumps";
  application.registrant.organization_code.value = kOrganizationCode;
  application.claim_sha256 = Sha256Of(claim);
  const auto applied = anybody.ApplyRegistrant(application);
  REQUIRE(applied.status() == Status{});
  CHECK(applied->registrant.state == RegistrantState::kPending);
  CHECK(applied->registrant.district == "320594");

  const auto approved = bureau.ApproveRegistrant({"registrants/sz-pumps", "checked", "", ""});
  REQUIRE(approved.status() == Status{});
  CHECK(approved->registrant.state == RegistrantState::kActive);
  GrantPrefixRequest grant;
  grant.prefix = "88.118.8";
  grant.holder = "registrants/sz-pumps";
  REQUIRE(bureau.GrantPrefix(grant).status() == Status{});

  const std::string token = MakeTokenSecret();
  Client applicant(OptionsOf(server, claim));
  CreateCredentialRequest create;
  create.parent = "registrants/sz-pumps";
  create.credential.role = Role::kRegistrantAdmin;
  create.secret_sha256 = Sha256Of(token);
  const auto created = applicant.CreateCredential(create);
  REQUIRE(created.status() == Status{});

  Client enterprise(OptionsOf(server, token));
  const auto first = enterprise.Register(Product("88.118.8/HP-1"));
  REQUIRE(first.status() == Status{});
  CHECK(first->outcome == Outcome::kCreated);
  const auto again = enterprise.Register(Product("88.118.8/HP-1"));
  REQUIRE(again.status() == Status{});
  CHECK(again->outcome == Outcome::kUnchanged);
  CHECK(again->receipt.revision == first->receipt.revision);
  const auto other = enterprise.Register(Product("88.118.8/HP-1", "Valve"));
  CHECK(other.status().code == StatusCode::kAlreadyExists);
  CHECK(other.status().reason == "IDENTIFIER_TAKEN");

  RegisterRow minted = Product("");
  minted.mint = MintPattern{"88.118.8", "M-{serial:6}"};
  const auto batch = enterprise.BatchRegister({{minted, minted}, std::nullopt, ""});
  REQUIRE(batch.status() == Status{});
  CHECK((*batch)[0].identifier == "88.118.8/M-000001");
  CHECK((*batch)[1].identifier == "88.118.8/M-000002");

  const auto answer = anybody.Resolve("88.118.8/hp-1");
  REQUIRE(answer.status() == Status{});
  CHECK(answer->record.identifier == "88.118.8/HP-1");
  CHECK(answer->record.state == State::kActive);
  CHECK(answer->read_revision >= first->receipt.revision);
  CHECK(anybody.Resolve("88.118.8/none").status().reason == "IDENTIFIER_NOT_FOUND");
  CHECK(anybody.Resolve("99.1/none").status().reason == "PREFIX_NOT_FOUND");

  UpdateRecordRequest update;
  update.name = "88.118.8/HP-1";
  update.values = Product("", "Pump 2").values;
  update.etag = first->etag;
  const auto updated = enterprise.UpdateRecord(update);
  REQUIRE(updated.status() == Status{});
  CHECK(enterprise.UpdateRecord(update).status().reason == "ETAG_MISMATCH");
  ResolveOptions before;
  before.as_of_time = Timestamp(std::chrono::microseconds(first->receipt.revision));
  before.types = {"name"};
  REQUIRE(anybody.Resolve("88.118.8/HP-1", before).ok());
  CHECK(anybody.Resolve("88.118.8/HP-1", before)->record.values[0].data == "Pump");

  RetireRecordRequest retire;
  retire.name = "88.118.8/HP-1";
  retire.retirement.reason = RetirementReason::kScrapped;
  REQUIRE(enterprise.RetireRecord(retire).status() == Status{});
  CHECK(anybody.Resolve("88.118.8/HP-1")->record.state == State::kRetired);
  std::vector<std::string> operations;
  for (const auto& revision : enterprise.ListRevisions({"88.118.8/HP-1", 1})) {
    REQUIRE(revision.status() == Status{});
    operations.push_back(revision->operation);
  }
  CHECK(operations == std::vector<std::string>{"RETIRE", "UPDATE", "REGISTER"});
  std::vector<std::string> listed;
  for (const auto& record : enterprise.ListRecords({"prefixes/88.118.8", {}, {}, 2})) {
    REQUIRE(record.status() == Status{});
    listed.push_back(record->identifier);
  }
  CHECK(listed ==
        std::vector<std::string>{"88.118.8/HP-1", "88.118.8/M-000001", "88.118.8/M-000002"});

  REQUIRE(bureau.RevokeCredential({created->credential.name, "lost", "", {}}).status() == Status{});
  CHECK(enterprise.Register(Product("88.118.8/HP-3")).status().reason == "CREDENTIAL_INVALID");
}

TEST_CASE("a stream goes on over a server that is killed and started again") {
  e2e::ServerProcess server;
  const e2e::Enterprise enterprise =
      e2e::MakeEnterprise(server, "sz-pumps", kOrganizationCode, "88.118.8");
  Client client(OptionsOf(server, enterprise.writer_token));
  constexpr uint64_t kRows = 3000;
  std::vector<RowOutcome> outcomes;
  RegisterStreamOptions options;
  options.window_rows = 500;
  options.message_rows = 50;
  bool restarted = false;
  options.on_outcome = [&](RowOutcome outcome) {
    outcomes.push_back(std::move(outcome));
    if (restarted || outcomes.size() < kRows / 3) return;
    restarted = true;
    server.Stop(SIGKILL);
    server.Start();
  };
  auto stream = client.OpenRegisterStream(options);
  for (uint64_t i = 0; i < kRows; ++i) {
    REQUIRE(stream->Write(Product("88.118.8/S-" + std::to_string(i))).ok());
  }
  CHECK(stream->Finish() == Status{});
  REQUIRE(outcomes.size() == kRows);
  std::vector<std::string> identifiers;
  for (uint64_t i = 0; i < kRows; ++i) {
    REQUIRE(outcomes[i].result.status() == Status{});
    CHECK(outcomes[i].row_index == i);
    identifiers.push_back(outcomes[i].result->identifier);
  }
  // What was answered before the kill is there with its revision.
  size_t resolved = 0;
  const Status status = client.ResolveMany(identifiers, [&](ResolveOutcome outcome) {
    if (!outcome.answer) return;
    const size_t i = resolved++;
    CHECK(outcome.answer->record.identifier == identifiers[i]);
    CHECK(outcome.answer->record.revision == outcomes[i].result->receipt.revision);
  });
  CHECK(status == Status{});
  CHECK(resolved == kRows);
  const auto batch = client.BatchResolve(identifiers);
  REQUIRE(batch.ok());
  CHECK(batch->size() == kRows);
}

TEST_CASE("a spool takes rows while the server is down, and reports them when it is back") {
  e2e::ServerProcess server;
  const e2e::Enterprise enterprise =
      e2e::MakeEnterprise(server, "sz-pumps", kOrganizationCode, "88.118.8");
  ClientOptions options = OptionsOf(server, enterprise.writer_token);
  options.deadline = std::chrono::milliseconds(500);
  server.Stop(SIGKILL);

  TemporaryDirectory directory;
  std::vector<std::string> reports;
  SpoolOptions quick;
  quick.pause_max = std::chrono::milliseconds(100);
  auto spool = Spool::Open(
      Client(options), directory.File("spool"),
      [&](SpoolOutcome outcome) {
        reports.push_back(outcome.result ? outcome.result->identifier
                                         : outcome.result.status().reason);
      },
      quick);
  REQUIRE(spool.status() == Status{});
  REQUIRE(
      (*spool)->AppendAll({Product("88.118.8/A"), Product("99.9/B"), Product("88.118.8/C")}).ok());
  CHECK((*spool)->stats().rows_waiting == 3);
  server.Start();
  REQUIRE((*spool)->WaitUntilReported(kTimeMax));
  REQUIRE(reports.size() == 3);
  CHECK(reports[0] == "88.118.8/A");
  CHECK(reports[1] == "PREFIX_NOT_FOUND");
  CHECK(reports[2] == "88.118.8/C");
}

TEST_CASE("a server that shows another CA is not spoken to") {
  e2e::ServerProcess server;
  e2e::ServerProcess other;
  ClientOptions options = OptionsOf(server, server.token());
  options.ca_pem = other.ca();
  options.retry.attempts_max = 1;
  const Status status = Client(options).GetTemplate("templates/product").status();
  CHECK(status.code == StatusCode::kUnavailable);
  CHECK(status.reason == kReasonServerUnreachable);
}

TEST_CASE("answers and receipts of a server prove themselves, and an auditor follows its log") {
  e2e::ServerProcess server;
  const e2e::Enterprise enterprise =
      e2e::MakeEnterprise(server, "sz-pumps", kOrganizationCode, "88.118.8");
  Client client(OptionsOf(server, enterprise.writer_token));
  Client anybody(OptionsOf(server, ""));
  std::string vkey;
  std::getline(std::ifstream(server.data() + "/log.vkey"), vkey);

  RegisterRow model = Product("88.118.8/HP");
  model.level = Level::kModel;
  REQUIRE(client.Register(model).status() == Status{});
  RegisterRow item;
  item.identifier = "88.118.8/HP-1";
  item.instance_of = InstanceOf{"88.118.8/HP", 0};
  item.values = {TextValue("URL", "https://pumps.example/1"),
                 TextValue("note", "mine", Tier::kOwner)};
  const auto registered = client.Register({item, std::nullopt, true});
  REQUIRE(registered.status() == Status{});
  REQUIRE(registered->receipt.proof_error == Status{});
  REQUIRE(registered->receipt.proof);
  const auto receipt = VerifyLeaf(*registered->receipt.proof, {vkey});
  REQUIRE(receipt.status() == Status{});
  CHECK(receipt->leaf_index == registered->receipt.leaf_index);
  CHECK(receipt->parts.size() == 3);

  ResolveOptions with_proof;
  with_proof.include_proof = true;
  const auto answer = anybody.Resolve("88.118.8/HP-1", with_proof);
  REQUIRE(answer.status() == Status{});
  REQUIRE(answer->proof);
  const auto verified = VerifyAnswer(*answer->proof, {vkey}, "88.118.8/hp-1");
  REQUIRE(verified.status() == Status{});
  CHECK(verified->record.not_shown == std::vector<std::string>{"OWNER"});
  CHECK(verified->content.values.at(0).data == "https://pumps.example/1");
  CHECK(verified->ancestor_contents.at(0).values.at(0).data == "Pump");
  CHECK(verified->stated_revision == registered->receipt.revision);
  const std::string foreign_key =
      "registry.example/log1+4517142d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
  CHECK(VerifyAnswer(*answer->proof, {foreign_key}).status().reason == "SIGNATURE_MISSING");

  const TemporaryDirectory directory;
  Auditor auditor(anybody, {{vkey}, directory.File("state")});
  uint64_t entries_count = 0, last_size = 0;
  bool alarmed = false;
  const Status followed = auditor.Follow(
      [&](const AuditStep& step) {
        alarmed |= step.alarm.has_value();
        if (last_size == 0) entries_count = step.checkpoint.tree_size;
        last_size = step.checkpoint.tree_size;
        return last_size <= registered->receipt.leaf_index;
      },
      [&](const LogEntry&) { ++entries_count; });
  CHECK(followed == Status{});
  CHECK(!alarmed);
  CHECK(last_size == registered->receipt.leaf_index + 1);
  CHECK(entries_count == last_size);
}

}  // namespace
}  // namespace gusu::test
