// Checking proofs: what they show is told apart from what is only stated, and nothing that is wrong
// anywhere in them is taken for shown.
#include <catch2/catch.hpp>
#include <functional>

#include "gusu/client.h"
#include "gusu/json.h"
#include "proto/checkpoint.h"
#include "tests/client/audit_answer.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

// What a proof shows, without what the server only says of parts that it does not show.
std::string ShownOf(VerifiedLeaf leaf) {
  leaf.not_shown.clear();
  leaf.erased.clear();
  return ToJson(leaf);
}

std::string ShownOf(const VerifiedAnswer& answer) {
  std::string shown = ShownOf(answer.record) + ToJson(answer.content);
  for (const VerifiedLeaf& leaf : answer.ancestors) shown += ShownOf(leaf);
  for (const Record& content : answer.ancestor_contents) shown += ToJson(content);
  return shown + std::to_string(answer.stated_revision) + " " +
         std::to_string(answer.stated_read_revision) + " " +
         std::to_string(answer.stated_tree_size) + " " + std::to_string(answer.stated_time_us);
}

std::string ReasonOf(const AnswerProof& proof, const FakeLog& log,
                     const std::string& identifier = "") {
  const Result<VerifiedAnswer> verified = VerifyAnswer(proof, {log.vkey()}, identifier);
  return verified ? "" : verified.status().reason;
}

TEST_CASE("an answer is proven from its own bytes, with its batch and its model") {
  const FakeLog log = LogOfPumps();
  const Result<VerifiedAnswer> verified =
      VerifyAnswer(AnswerOfPump(log), {log.vkey()}, "88.118.8/hp/1");
  REQUIRE(verified.status() == Status{});
  CHECK(verified->record.checkpoint.origin == "registry.example/log1");
  CHECK(verified->record.checkpoint.tree_size == 8);
  CHECK(verified->record.leaf_index == 5);
  CHECK(verified->record.commit_time_us == FakeLog::kFirstRevision + 5'000'000);
  CHECK(verified->record.opening->operation == "UPDATE");
  CHECK(verified->record.opening->registrant == "registrants/sz-pumps");
  CHECK(verified->record.not_shown == std::vector<std::string>{"OWNER"});
  CHECK(verified->record.erased.empty());
  CHECK(
      ToJson(verified->content) ==
      R"({"name":"prefixes/88.118.8/records/HP%2F1","identifier":"88.118.8/HP/1","level":"ITEM",)"
      R"("instance_of":{"identifier":"88.118.8/HP-B1"},"template":"product","template_version":1,)"
      R"("issued_by":"registrants/sz-pumps","owner":"registrants/sz-pumps",)"
      R"("custodian":"registrants/sz-pumps","state":"ACTIVE","values":[)"
      R"({"index":2003,"type":"serial","data":"0001","ttl_seconds":86400,"tier":"PUBLIC",)"
      R"("author":"registrants/sz-pumps"},)"
      R"({"index":1,"type":"URL","data":"https://pumps.example/1",)"
      R"("cache_until":"2030-03-17T17:46:40Z","tier":"PUBLIC","author":"registrants/sz-pumps",)"
      R"("language":"en","references":[{"identifier":"88.118.8/HP","index":100}]},)"
      R"({"index":2010,"type":"price","data":"120","ttl_seconds":86400,"tier":"PARTNER",)"
      R"("author":"registrants/sz-pumps"}],)"
      R"("origin":{"system":"old","original_registration_time":"1999-12-31T23:59:59Z"},)"
      R"("effective_time":"2020-09-13T12:26:40Z","update_time":"2023-11-14T22:13:25Z",)"
      R"("revision":1700000005000000,"leaf_index":5})");
  REQUIRE(verified->ancestors.size() == 2);
  CHECK(verified->ancestors[1].leaf_index == 1);
  CHECK(verified->ancestor_contents[0].identifier == "88.118.8/HP-B1");
  CHECK(verified->ancestor_contents[1].values.at(0).data == "Pump");
  CHECK(verified->stated_revision == FakeLog::kFirstRevision + 5'000'000);
  CHECK(verified->stated_read_revision == FakeLog::kFirstRevision + 7'000'000);
  CHECK(verified->stated_tree_size == 8);
  CHECK(verified->stated_time_us == FakeLog::kFirstRevision + 86'400'000'000);
}

// Every field that has bytes of its own.
using Field = std::pair<std::string, std::function<std::string&(AnswerProof&)>>;

void AddFieldsOf(const std::string& name, size_t parts_count,
                 const std::function<LeafProof&(AnswerProof&)>& leaf, std::vector<Field>& fields) {
  const auto add = [&](const std::string& field, std::string LeafProof::*member) {
    fields.emplace_back(name + "." + field, [leaf, member](AnswerProof& proof) -> std::string& {
      return leaf(proof).*member;
    });
  };
  add("leaf", &LeafProof::leaf);
  add("tlog_proof", &LeafProof::tlog_proof);
  add("opening", &LeafProof::opening);
  add("salt", &LeafProof::salt);
  for (size_t i = 0; i < parts_count; ++i) {
    const std::string part = name + ".parts[" + std::to_string(i) + "]";
    const auto add_of_part = [&](const std::string& field, std::string ContentPart::*member) {
      fields.emplace_back(part + "." + field,
                          [leaf, member, i](AnswerProof& proof) -> std::string& {
                            return leaf(proof).parts[i].*member;
                          });
    };
    add_of_part("label", &ContentPart::label);
    add_of_part("content", &ContentPart::content);
    add_of_part("salt", &ContentPart::salt);
    add_of_part("commitment", &ContentPart::commitment);
  }
}

std::vector<Field> FieldsOf(const AnswerProof& answer) {
  std::vector<Field> fields;
  AddFieldsOf(
      "record", answer.record.parts.size(),
      [](AnswerProof& proof) -> LeafProof& { return proof.record; }, fields);
  for (size_t i = 0; i < answer.ancestors.size(); ++i) {
    AddFieldsOf(
        "ancestors[" + std::to_string(i) + "]", answer.ancestors[i].parts.size(),
        [i](AnswerProof& proof) -> LeafProof& { return proof.ancestors[i]; }, fields);
  }
  fields.emplace_back("statement",
                      [](AnswerProof& proof) -> std::string& { return proof.statement; });
  fields.emplace_back("identifier_salt",
                      [](AnswerProof& proof) -> std::string& { return proof.identifier_salt; });
  return fields;
}

TEST_CASE("a proof with any byte changed, added or cut off is refused") {
  Random random("audit verify");
  const FakeLog log = LogOfPumps();
  const AnswerProof right = AnswerOfPump(log);
  REQUIRE(ReasonOf(right, log).empty());
  for (const auto& [name, field] : FieldsOf(right)) {
    INFO(name);
    AnswerProof wrong = right;
    std::string& bytes = field(wrong);
    const std::string right_bytes = bytes;
    for (size_t i = 0; i < right_bytes.size(); ++i) {
      INFO("byte " << i);
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << random.Below(8)));
      CHECK(!ReasonOf(wrong, log).empty());
      bytes = right_bytes;
    }
    bytes = right_bytes + "x";
    CHECK(!ReasonOf(wrong, log).empty());
    if (right_bytes.empty()) continue;
    bytes = right_bytes.substr(0, right_bytes.size() - 1);
    CHECK(!ReasonOf(wrong, log).empty());
  }
}

TEST_CASE("a field that is left out is refused, or takes what it showed out of what is proven") {
  const FakeLog log = LogOfPumps();
  const AnswerProof right = AnswerOfPump(log);
  const std::string shown = ShownOf(*VerifyAnswer(right, {log.vkey()}));
  for (const auto& [name, field] : FieldsOf(right)) {
    INFO(name);
    AnswerProof without = right;
    if (field(without).empty()) continue;
    field(without).clear();
    const Result<VerifiedAnswer> verified = VerifyAnswer(without, {log.vkey()});
    // Only the server's word on what it does not show can be left out without a trace.
    CHECK(verified.ok() == (name == "record.parts[3].commitment"));
    if (verified) CHECK(ShownOf(*verified) == shown);
  }
}

TEST_CASE("what is right by itself is refused in the wrong place") {
  const FakeLog log = LogOfPumps();
  const AnswerProof right = AnswerOfPump(log);
  const auto reason_when = [&](const std::function<void(AnswerProof&)>& change) {
    AnswerProof wrong = right;
    change(wrong);
    return ReasonOf(wrong, log);
  };
  const std::string invalid = "PROOF_INVALID";
  // Another record's, and an older revision's, proof or statement.
  CHECK(reason_when([&](AnswerProof& proof) { proof.record = log.Prove(4); }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) { proof.record = log.Prove(3); }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) {
          proof.statement = log.ProveAnswer(3, {}).statement;
        }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) {
          proof.statement = log.ProveAnswer(4, {}).statement;
        }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) { proof.statement = log.Checkpoint(); }) ==
        "STATEMENT_MALFORMED");
  // Leaves, openings and receipts of others.
  CHECK(reason_when([&](AnswerProof& proof) { proof.record.leaf = log.leaf(4); }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) {
          proof.record.opening = log.Prove(4).opening;
          proof.record.salt = log.Prove(4).salt;
        }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) {
          proof.record.tlog_proof = log.Prove(4).tlog_proof;
        }) == invalid);
  // Ancestors: in another order, one between left out, one too many, none of the chain.
  CHECK(reason_when([](AnswerProof& proof) {
          std::swap(proof.ancestors[0], proof.ancestors[1]);
        }) == invalid);
  CHECK(reason_when([](AnswerProof& proof) { proof.ancestors.erase(proof.ancestors.begin()); }) ==
        invalid);
  CHECK(reason_when([&](AnswerProof& proof) { proof.ancestors.push_back(log.Prove(1)); }) ==
        invalid);
  CHECK(reason_when([&](AnswerProof& proof) { proof.ancestors[0] = log.Prove(4); }) == invalid);
  CHECK(reason_when([&](AnswerProof& proof) { proof.ancestors[0] = log.Prove(0); }) == invalid);
  // Parts: of another leaf, twice, without commitment, said to be erased and shown.
  CHECK(reason_when([&](AnswerProof& proof) { proof.record.parts[1] = log.Prove(3).parts[1]; }) ==
        invalid);
  CHECK(reason_when([](AnswerProof& proof) {
          proof.record.parts.push_back(proof.record.parts[1]);
        }) == invalid);
  CHECK(reason_when([](AnswerProof& proof) { proof.record.parts[1].erased = true; }) == invalid);
  CHECK(reason_when([](AnswerProof& proof) {
          proof.record.parts[1].commitment = proof.record.parts[3].commitment;
        }) == invalid);
  CHECK(reason_when([](AnswerProof& proof) {
          proof.record.parts.erase(proof.record.parts.begin());  // BODY
        }) == invalid);
  CHECK(reason_when([](AnswerProof& proof) {
          proof.record.opening.clear();
          proof.record.salt.clear();
          proof.record.parts.clear();
        }) == invalid);
  // Not the one that was asked for.
  CHECK(ReasonOf(right, log, "88.118.8/HP/2") == invalid);
  CHECK(ReasonOf(right, log, "HP") == "IDENTIFIER_MALFORMED");
}

TEST_CASE("a statement must be of a state that has what it speaks of") {
  const FakeLog log = LogOfPumps();
  const AnswerProof right = AnswerOfPump(log);
  const auto reason_with = [&](const std::function<void(LatestStatement&)>& change) {
    LatestStatement statement = log.Statement(5, right.identifier_salt);
    change(statement);
    AnswerProof wrong = right;
    wrong.statement = log.Sign(FormatLatestStatement(statement).value());
    return ReasonOf(wrong, log);
  };
  CHECK(reason_with([](LatestStatement&) {}).empty());
  CHECK(reason_with([](LatestStatement& statement) { statement.tree_size = 6; }).empty());
  CHECK(reason_with([](LatestStatement& statement) { statement.tree_size = 5; }) ==
        "PROOF_INVALID");
  CHECK(reason_with([](LatestStatement& statement) { ++statement.read_revision; }).empty());
  CHECK(reason_with([](LatestStatement& statement) { ++statement.revision; }) == "PROOF_INVALID");
  CHECK(reason_with([](LatestStatement& statement) { statement.identifier_hash[0] ^= 1; }) ==
        "PROOF_INVALID");
  CHECK(reason_with([](LatestStatement& statement) { statement.origin = "registry.example/x"; }) ==
        "ORIGIN_DIFFERS");
  // Two logs of which both keys are known.
  const FakeLog other("registry.example/log2", '\2');
  LatestStatement statement = log.Statement(5, right.identifier_salt);
  statement.origin = other.origin();
  AnswerProof mixed = right;
  mixed.statement = other.Sign(FormatLatestStatement(statement).value());
  CHECK(VerifyAnswer(mixed, {log.vkey(), other.vkey()}).status().reason == "PROOF_INVALID");
}

TEST_CASE("an ancestor is the one that the link names, in the state that was read") {
  FakeLog log = LogOfPumps();
  storage::v1::RecordRow model = RowOfLevel("88.118.8/HP", 1, "");
  AddValue(model, 2000, "name", "Better pump", 1);
  const uint64_t newer_model = log.AppendRecord(Operation::kUpdate, model);
  const uint64_t newer_batch =
      log.AppendRecord(Operation::kUpdate, RowOfLevel("88.118.8/HP-B1", 2, "88.118.8/HP"));
  // The batch names a fixed revision of the model.
  CHECK(ReasonOf(log.ProveAnswer(5, {2, 1}), log).empty());
  CHECK(ReasonOf(log.ProveAnswer(5, {2, newer_model}), log) == "PROOF_INVALID");
  // Fewer ancestors are proven than there are: nothing is said of the others.
  CHECK(ReasonOf(log.ProveAnswer(5, {2}), log).empty());
  CHECK(ReasonOf(log.ProveAnswer(5, {newer_batch, newer_model}), log).empty());
  // An answer as of a time has no ancestor from later.
  AnswerProof as_of = log.ProveAnswer(5, {newer_batch});
  LatestStatement statement = log.Statement(5, as_of.identifier_salt);
  statement.read_revision = log.change(6).revision;
  as_of.statement = log.Sign(FormatLatestStatement(statement).value());
  CHECK(ReasonOf(as_of, log) == "PROOF_INVALID");
}

TEST_CASE("only the log's own keys count, and each of them is enough") {
  FakeLog log = LogOfPumps();
  const AnswerProof answer = AnswerOfPump(log);
  const std::string old_vkey = log.vkey();
  const auto reason = [](const AnswerProof& proof, const std::vector<std::string>& vkeys) {
    return VerifyAnswer(proof, vkeys).status().reason;
  };
  CHECK(reason(answer, {}) == "SIGNATURE_MISSING");
  CHECK(reason(answer, {"nonsense"}) == "KEY_MALFORMED");
  const SignerKey impostor = KeyOf(log.origin(), '\7');
  CHECK(reason(answer, {impostor.verifier().Text()}) == "SIGNATURE_MISSING");
  const SignerKey elsewhere = KeyOf("registry.example/log2", '\1');
  CHECK(reason(answer, {elsewhere.verifier().Text()}) == "SIGNATURE_MISSING");
  // During a change of keys both sign.
  const SignerKey newer = KeyOf(log.origin(), '\3');
  log.SetSigners({KeyOf(log.origin(), '\1'), newer});
  const AnswerProof overlap = AnswerOfPump(log);
  CHECK(reason(overlap, {old_vkey}).empty());
  CHECK(reason(overlap, {newer.verifier().Text()}).empty());
  log.SetSigners({newer});
  CHECK(reason(AnswerOfPump(log), {old_vkey}) == "SIGNATURE_MISSING");
}

TEST_CASE("a leaf is proven without its opening, and nothing is said of what it was") {
  const FakeLog log = LogOfPumps();
  LeafProof proof = log.Prove(5);
  Result<VerifiedLeaf> verified = VerifyLeaf(proof, {log.vkey()});
  REQUIRE(verified.ok());
  CHECK(verified->parts.size() == 4);
  // What was erased binds nothing any more.
  proof.parts[2] = {"PARTNER", "", "", "", true};
  proof.parts.erase(proof.parts.begin() + 3);
  verified = VerifyLeaf(proof, {log.vkey()});
  REQUIRE(verified.ok());
  CHECK(verified->erased == std::vector<std::string>{"PARTNER"});
  CHECK(verified->not_shown == std::vector<std::string>{"OWNER"});
  proof.opening.clear();
  CHECK(VerifyLeaf(proof, {log.vkey()}).status().reason == "PROOF_INVALID");
  proof.salt.clear();
  proof.parts.clear();
  verified = VerifyLeaf(proof, {log.vkey()});
  REQUIRE(verified.ok());
  CHECK(verified->leaf_index == 5);
  CHECK(verified->commit_time_us == FakeLog::kFirstRevision + 5'000'000);
  CHECK(!verified->opening);
}

TEST_CASE("a checkpoint tells the witnesses whose keys are known") {
  const FakeLog log = LogOfPumps();
  const SignerKey witness = KeyOf("witness.example/w1", '\4', SignatureType::kCosignature);
  const SignerKey unknown = KeyOf("witness.example/w2", '\5', SignatureType::kCosignature);
  const std::string note =
      SignCheckpoint({log.origin(), log.Head(8), {}}, {KeyOf(log.origin(), '\1'), witness, unknown},
                     1'700'000'100)
          .value();
  Result<VerifiedCheckpoint> checkpoint =
      VerifyCheckpoint(note, {log.vkey(), witness.verifier().Text()});
  REQUIRE(checkpoint.ok());
  CHECK(
      ToJson(*checkpoint) ==
      R"({"origin":"registry.example/log1","tree_size":8,"root":)" +
          ToJson(*VerifyCheckpoint(log.Checkpoint(8), {log.vkey()}))
              .substr(
                  std::string(R"({"origin":"registry.example/log1","tree_size":8,"root":)").size(),
                  46) +
          R"(,"cosignatures":[{"witness":"witness.example/w1","time":"2023-11-14T22:15:00Z"}]})");
  // A witness does not stand for the log.
  CHECK(VerifyCheckpoint(note, {witness.verifier().Text()}).status().reason == "ORIGIN_DIFFERS");
}

}  // namespace
}  // namespace gusu::test
