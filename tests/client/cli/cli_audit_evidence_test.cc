#include <catch2/catch.hpp>
#include <sstream>

#include "client/cli/audit_evidence_pack.h"
#include "gusu/json.h"
#include "tests/client/cli/papers_registry.h"

namespace gusu::cli {
namespace {

using test::AddValue;
using test::PapersRegistry;
using test::ProductRow;

// Leaf 1 registers the model, 2 the item, which 4 and 5 change; two more follow.
std::shared_ptr<PapersRegistry> Registry() {
  auto registry = std::make_shared<PapersRegistry>();
  registry->WriteRegistrant(Operation::kApproveRegistrant, "sz-pumps", "苏州泵业", "320506",
                            "3441");
  auto model = ProductRow("88.118.8/HP", Level::kModel);
  AddValue(&model, "name", "Pump");
  registry->WriteRecord(Operation::kRegister, model);
  auto item = ProductRow("88.118.8/HP-1", Level::kItem, "88.118.8/HP");
  AddValue(&item, "serial", "<b>S-1</b>");
  AddValue(&item, "price", "120", Tier::kPartner);
  registry->WriteRecord(Operation::kRegister, item);
  registry->WriteOthers(1);
  item.set_state(3);
  item.set_suspension_reason("inspection");
  registry->WriteRecord(Operation::kSuspend, item, "inspection");
  item.set_state(2);
  item.clear_suspension_reason();
  registry->WriteRecord(Operation::kActivate, item, "inspected");
  registry->WriteOthers(2);
  // As a caller without the right to PARTNER gets it.
  registry->change_proof = [](InclusionProof& proof) {
    if (!proof.proof || proof.proof->parts.size() < 3) return;
    proof.proof->parts[2].content = proof.proof->parts[2].salt = "";
  };
  return registry;
}

struct Gathered {
  std::ostringstream out, err;
  Session session{GlobalFlags(), out, err};

  OrFailure<Evidence> Gather(const std::shared_ptr<PapersRegistry>& registry,
                             const std::string& identifier = "88.118.8/hp-1") {
    Client client(registry);
    return GatherEvidence(session, client, identifier, "", {registry->log.vkey()});
  }
};

const std::string& FileOf(const papers::Archive& pack, const std::string& name) {
  for (const papers::Archive::File& entry : pack.files()) {
    if (entry.name == name) return entry.content;
  }
  FAIL("the pack has no " << name);
  static const std::string none;
  return none;
}

TEST_CASE("a pack holds every revision, proven in one checkpoint") {
  const auto registry = Registry();
  Gathered gathered;
  const auto evidence = gathered.Gather(registry);
  REQUIRE(evidence.ok());
  const papers::Archive pack = papers::ToPack(ToPaper(*evidence), papers::Language::kBoth,
                                              *DayCalendar::OfZone("Asia/Shanghai"));
  std::vector<std::string> names;
  for (const papers::Archive::File& entry : pack.files()) names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"evidence.html", "VERIFY.md", "checkpoint", "vkey",
                                          "answer-proof.json", "revisions/1.json",
                                          "revisions/1.tlog-proof", "revisions/2.json",
                                          "revisions/2.tlog-proof", "revisions/3.json",
                                          "revisions/3.tlog-proof", "manifest.sha256"});
  CHECK(FileOf(pack, "checkpoint") == registry->log.Checkpoint());
  CHECK(FileOf(pack, "vkey") == registry->log.vkey() + "\n");
  const uint64_t leaves[] = {2, 4, 5};
  for (size_t i = 0; i < 3; ++i) {
    const std::string stem = "revisions/" + std::to_string(i + 1);
    const Result<LeafProof> proof = LeafProofFromJson(FileOf(pack, stem + ".json"));
    REQUIRE(proof.ok());
    CHECK(proof->tlog_proof == FileOf(pack, stem + ".tlog-proof"));
    const Result<VerifiedLeaf> leaf = VerifyLeaf(*proof, {registry->log.vkey()});
    REQUIRE(leaf.ok());
    CHECK(leaf->leaf_index == leaves[i]);
    CHECK(leaf->not_shown == std::vector<std::string>{"PARTNER"});
  }
  const Result<AnswerProof> answer = AnswerProofFromJson(FileOf(pack, "answer-proof.json"));
  REQUIRE(answer.ok());
  CHECK(VerifyAnswer(*answer, {registry->log.vkey()}, "88.118.8/HP-1").ok());
  CHECK(test::IsGolden("evidence.html", FileOf(pack, "evidence.html")));
  CHECK(FileOf(pack, "evidence.html").find("<b>S-1") == std::string::npos);
}

TEST_CASE("the same evidence is the same archive, byte for byte") {
  Gathered gathered;
  const auto registry = Registry();
  const auto calendar = DayCalendar::OfZone("UTC");
  const auto first = gathered.Gather(registry);
  const auto second = gathered.Gather(registry);
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  const auto bytes = ToPack(ToPaper(*first), papers::Language::kEnglish, *calendar).ToBytes();
  REQUIRE(bytes.ok());
  CHECK(*bytes == *ToPack(ToPaper(*second), papers::Language::kEnglish, *calendar).ToBytes());
  CHECK(bytes->substr(0, 4) == "PK\x03\x04");
}

std::string FailureOf(const OrFailure<Evidence>& evidence) {
  if (evidence.ok()) return "";
  return std::to_string(static_cast<int>(evidence.failure().exit_code)) + " " +
         evidence.failure().reason + ": " + evidence.failure().message;
}

TEST_CASE("who may not see a code's history, and a code that is none, are told so") {
  Gathered gathered;
  auto registry = Registry();
  CHECK(FailureOf(gathered.Gather(registry, "88.118.8/none")) ==
        "3 IDENTIFIER_NOT_FOUND: identifier 88.118.8/none is not registered");
  registry->shows_openings = false;
  CHECK(FailureOf(gathered.Gather(registry)) == "4 NOT_PREFIX_HOLDER: it is another registrant's");
}

TEST_CASE("nothing is packed that does not verify") {
  Gathered gathered;
  auto registry = Registry();
  SECTION("a revision whose leaf is another") {
    registry->change_proof = [](InclusionProof& proof) {
      if (proof.leaf_index == 4 && proof.proof) proof.proof->leaf[30] ^= 1;
    };
    CHECK(FailureOf(gathered.Gather(registry)).find("1 PROOF_INVALID: leaf 4 is not proven: ") ==
          0);
  }
  SECTION("a revision left out in the middle") {
    registry->change_revisions = [](std::vector<RecordRevision>& revisions) {
      revisions.erase(revisions.begin() + 1);
    };
    CHECK(FailureOf(gathered.Gather(registry)) ==
          "1 LOG_DIFFERS: leaf 5 is not the revision after the one before it");
  }
  SECTION("the registration left out") {
    registry->change_revisions = [](std::vector<RecordRevision>& revisions) {
      revisions.pop_back();
    };
    CHECK(FailureOf(gathered.Gather(registry)) ==
          "1 LOG_DIFFERS: leaf 4 is not the revision after the one before it");
  }
  SECTION("the latest revision left out") {
    registry->change_revisions = [](std::vector<RecordRevision>& revisions) {
      revisions.erase(revisions.begin());
    };
    CHECK(FailureOf(gathered.Gather(registry)) ==
          "1 LOG_DIFFERS: the revisions listed are not up to that of the answer, leaf 5");
  }
  SECTION("another code's revision in the place of one") {
    registry->change_revisions = [](std::vector<RecordRevision>& revisions) {
      revisions[1].receipt.leaf_index = 1;
    };
    CHECK(FailureOf(gathered.Gather(registry)) ==
          "1 LOG_DIFFERS: leaf 1 is not the revision after the one before it");
  }
  SECTION("a key that is not the log's") {
    Client client(registry);
    const auto evidence = GatherEvidence(gathered.session, client, "88.118.8/HP-1", "",
                                         {gusu::test::FakeLog("registry.example/log1", 9).vkey()});
    CHECK(FailureOf(evidence).find("1 SIGNATURE_MISSING: the answer does not verify: ") == 0);
  }
}

}  // namespace
}  // namespace gusu::cli
