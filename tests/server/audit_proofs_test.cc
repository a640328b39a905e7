#include <google/rpc/status.pb.h>

#include "proto/error.h"
#include "proto/hash.h"
#include "proto/latest_statement.h"
#include "proto/opening.h"
#include "proto/text.h"
#include "proto/tlog_proof.h"
#include "storage/keys.h"
#include "tests/server/audit_world.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

const std::string kPump =
    R"(identifier: "88.118.8/HP-1" values { type: "NAME" data: "Pump" }
       values { type: "PRICE" data: "9.50" tier: PARTNER }
       values { type: "NOTE" data: "ours" tier: OWNER })";

// Everything that a reader without network checks; nothing of the proof is taken on trust.
bool Verifies(const v1::LeafProof& proof, const std::vector<VerifierKey>& keys) {
  const auto receipt = ParseTlogProof(proof.tlog_proof());
  if (!receipt.ok() || receipt->extra != proof.leaf() ||
      !VerifyTlogProof(*receipt, LeafHash(proof.leaf()), keys).ok()) {
    return false;
  }
  if (proof.opening().empty()) return proof.salt().empty() && proof.parts().empty();
  const auto change = DecodeOpening(proof.opening());
  if (!change.ok() || LeafBytes(change->revision, proof.salt(), proof.opening()) != proof.leaf() ||
      change->commitments.size() != static_cast<size_t>(proof.parts_size())) {
    return false;
  }
  for (int i = 0; i < proof.parts_size(); ++i) {
    const v1::ContentPart& part = proof.parts(i);
    const Commitment& commitment = change->commitments[static_cast<size_t>(i)];
    const Hash hash = part.commitment().empty() ? CommitmentHash(part.salt(), part.content())
                                                : HashFromBytes(part.commitment()).value_or(Hash());
    if (part.label() != commitment.label || (!part.erased() && hash != commitment.hash)) {
      return false;
    }
  }
  return true;
}

// `BODY shown, PUBLIC shown, OWNER committed`; without an opening `closed`.
std::string Shown(const v1::LeafProof& proof) {
  if (proof.opening().empty()) return "closed";
  std::string text;
  for (const v1::ContentPart& part : proof.parts()) {
    text += Concat(text.empty() ? "" : ", ", part.label(),
                   part.erased()               ? " erased"
                   : part.commitment().empty() ? " shown"
                                               : " committed");
  }
  return text;
}

std::string Flipped(std::string text, size_t byte) {
  text[byte] = static_cast<char>(text[byte] ^ 1);
  return text;
}

TEST_CASE("a receipt's proof holds, and with any of its fields wrong it does not") {
  AuditWorld world;
  world.RegisterMany(5);
  const v1::LeafProof proof = world.Register(kPump).proof();
  REQUIRE(Verifies(proof, world.Keys()));
  CHECK(Shown(proof) == "BODY shown, PUBLIC shown, PARTNER shown, OWNER shown");

  const auto wrong = [&](const std::function<void(v1::LeafProof&)>& change) {
    v1::LeafProof changed = proof;
    change(changed);
    return Verifies(changed, world.Keys());
  };
  for (const size_t byte : {size_t{0}, size_t{8}, size_t{40}}) {
    CHECK_FALSE(wrong([&](auto& p) { p.set_leaf(Flipped(p.leaf(), byte)); }));
  }
  const TlogProof receipt = *ParseTlogProof(proof.tlog_proof());
  const auto with = [&](const TlogProof& changed) {
    return wrong([&](auto& p) { p.set_tlog_proof(*FormatTlogProof(changed)); });
  };
  REQUIRE(receipt.hashes.size() == 3);
  for (size_t i = 0; i < receipt.hashes.size(); ++i) {
    TlogProof changed = receipt;
    changed.hashes[i][i] ^= 1;
    CHECK_FALSE(with(changed));
    changed = receipt;
    changed.hashes.erase(changed.hashes.begin() + static_cast<ptrdiff_t>(i));
    CHECK_FALSE(with(changed));
  }
  TlogProof changed = receipt;
  changed.leaf_index ^= 1;
  CHECK_FALSE(with(changed));
  changed = receipt;
  changed.hashes.push_back(Hash());
  CHECK_FALSE(with(changed));
  changed = receipt;
  changed.extra = Flipped(changed.extra, 3);
  CHECK_FALSE(with(changed));
  SignedNote note = *ParseSignedNote(receipt.checkpoint);
  note.text.replace(note.text.find("\n14\n"), 4, "\n15\n");
  changed = receipt;
  changed.checkpoint = *FormatSignedNote(note);
  CHECK_FALSE(with(changed));

  for (size_t byte = 0; byte < proof.opening().size(); ++byte) {
    CHECK_FALSE(wrong([&](auto& p) { p.set_opening(Flipped(p.opening(), byte)); }));
  }
  CHECK_FALSE(wrong([&](auto& p) { p.set_salt(Flipped(p.salt(), 31)); }));
  for (int i = 0; i < proof.parts_size(); ++i) {
    CHECK_FALSE(wrong([&](auto& p) {
      p.mutable_parts(i)->set_content(
          Flipped(p.parts(i).content(), p.parts(i).content().size() - 1));
    }));
    CHECK_FALSE(
        wrong([&](auto& p) { p.mutable_parts(i)->set_salt(Flipped(p.parts(i).salt(), 0)); }));
    CHECK_FALSE(wrong([&](auto& p) { p.mutable_parts(i)->set_label("OTHER"); }));
    CHECK_FALSE(wrong([&](auto& p) { p.mutable_parts()->DeleteSubrange(i, 1); }));
  }
}

TEST_CASE("every leaf of a log of several tiles is proven") {
  AuditWorld world;
  world.RegisterMany(600);
  world.Publish();
  for (uint64_t leaf = 0; leaf < world.View()->leaf_count(); ++leaf) {
    REQUIRE(Verifies(world.ProofOf(leaf, AuditWorld::Auditor()), world.Keys()));
  }
}

TEST_CASE("a leaf is proven by the published checkpoint when that has it, else by one of now") {
  AuditWorld world;
  world.Register(kPump);
  world.Publish();
  const uint64_t published = world.checkpoints().Published()->head.size;
  const v1::Receipt later = world.Register(R"(identifier: "88.118.8/HP-2")");
  const auto size_in = [](const v1::LeafProof& proof) {
    const TlogProof receipt = *ParseTlogProof(proof.tlog_proof());
    return ParseCheckpointBody(ParseSignedNote(receipt.checkpoint)->text)->head.size;
  };
  CHECK(size_in(world.ProofOf(0, AuditWorld::Anonymous())) == published);
  CHECK(size_in(later.proof()) == later.leaf_index() + 1);
}

TEST_CASE("opening and parts are for those whom they concern") {
  AuditWorld world;
  const uint64_t record = world.Register(kPump).leaf_index();
  v1::CreateCredentialRequest create;
  create.set_parent("registrants/sz-pumps");
  create.mutable_credential()->set_role(v1::Credential::REGISTRANT_ADMIN);
  create.set_secret_sha256(std::string(32, 's'));
  create.set_include_proof(true);
  const auto created = world.Write(&Registrar::CreateCredential, create,
                                   AuditWorld::Of(Role::kApplicant, "sz-pumps"));
  INFO(created.status());
  REQUIRE(created.ok());
  // An applicant opens its application, and a credential is another resource.
  CHECK(Shown(created->receipt().proof()) == "closed");
  const uint64_t credential = created->receipt().leaf_index();

  const auto seen = [&](const Caller& caller) {
    std::string text;
    for (const uint64_t leaf :
         {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{4}, record, credential}) {
      const v1::LeafProof proof = world.ProofOf(leaf, caller);
      CHECK(Verifies(proof, world.Keys()));
      text += Concat(Shown(proof), "; ");
    }
    return text;
  };
  // What the registry was begun as is everybody's.
  CHECK(seen(AuditWorld::Anonymous()) == "BODY shown; closed; closed; closed; closed; closed; ");
  CHECK(seen(AuditWorld::Writer("sz-valves")) ==
        "BODY shown; closed; closed; closed; closed; closed; ");
  CHECK(seen(AuditWorld::Of(Role::kApplicant, "sz-pumps")) ==
        "BODY shown; closed; BODY shown; closed; closed; closed; ");
  CHECK(seen(AuditWorld::Writer("sz-pumps")) ==
        "BODY shown; closed; BODY shown; BODY shown; "
        "BODY shown, PUBLIC shown, PARTNER shown, OWNER shown; BODY shown; ");
  CHECK(seen(AuditWorld::Auditor()) ==
        "BODY shown; BODY shown; BODY shown; BODY shown; "
        "BODY shown, PUBLIC shown, PARTNER committed, OWNER committed; BODY shown; ");
}

TEST_CASE("whoever applies gets the proof of the application, and a repeat the same leaf's") {
  AuditWorld world;
  v1::ApplyRegistrantRequest apply = RegistrarWorld::ApplicationOf("sz-taps");
  const auto silent = world.Write(&Registrar::ApplyRegistrant, apply, AuditWorld::Anonymous());
  REQUIRE(silent.ok());
  CHECK_FALSE(silent->receipt().has_proof());
  apply.set_include_proof(true);
  const auto told = world.Write(&Registrar::ApplyRegistrant, apply, AuditWorld::Anonymous());
  REQUIRE(told.ok());
  CHECK(told->receipt().leaf_index() == silent->receipt().leaf_index());
  CHECK(Shown(told->receipt().proof()) == "BODY shown");
  CHECK(Verifies(told->receipt().proof(), world.Keys()));
}

TEST_CASE("a request is the same with its proof and without") {
  AuditWorld world;
  world.Register(kPump);
  v1::RetireRecordRequest retire;
  retire.set_name("88.118.8/HP-1");
  retire.set_request_id("scrap-1");
  retire.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
  const auto first = world.Write(&Registry::RetireRecord, retire, AuditWorld::Writer());
  REQUIRE(first.ok());
  CHECK_FALSE(first->receipt().has_proof());
  retire.set_include_proof(true);
  const auto again = world.Write(&Registry::RetireRecord, retire, AuditWorld::Writer());
  INFO(again.status());
  REQUIRE(again.ok());
  CHECK(again->receipt().leaf_index() == first->receipt().leaf_index());
  CHECK(Verifies(again->receipt().proof(), world.Keys()));

  v1::BatchRegisterRequest batch;
  batch.set_request_id("batch-1");
  batch.add_rows()->set_identifier("88.118.8/B-1");
  const auto written = world.Write(&Registry::BatchRegister, batch, AuditWorld::Writer());
  REQUIRE(written.ok());
  batch.set_include_proof(true);
  const auto repeated = world.Write(&Registry::BatchRegister, batch, AuditWorld::Writer());
  REQUIRE(repeated.ok());
  CHECK(repeated->results(0).outcome() == v1::RegisterResult::UNCHANGED);
  CHECK(repeated->results(0).receipt().leaf_index() == written->results(0).receipt().leaf_index());
  CHECK(Verifies(repeated->results(0).receipt().proof(), world.Keys()));
}

TEST_CASE("an answer as of a time is proven by the revision of then, and states as of when") {
  AuditWorld world;
  const v1::Receipt first = world.Register(kPump);
  v1::ModifyValuesRequest modify;
  modify.set_name("88.118.8/HP-1");
  v1::Value* value = modify.add_modify();
  value->set_type("NAME");
  value->set_data("Better pump");
  REQUIRE(world.Write(&Registry::ModifyValues, modify, AuditWorld::Writer()).ok());

  v1::ResolveRequest request;
  request.set_identifier("88.118.8/hp-1");
  request.mutable_options()->set_include_proof(true);
  const auto now = world.Read(&Resolver::Resolve, request, AuditWorld::Anonymous());
  *request.mutable_options()->mutable_as_of_time() = first.commit_time();
  const auto then = world.Read(&Resolver::Resolve, request, AuditWorld::Anonymous());
  REQUIRE(now.ok());
  REQUIRE(then.ok());
  for (const auto* answer : {&*now, &*then}) {
    const v1::AnswerProof& proof = answer->proof();
    CHECK(Verifies(proof.record(), world.Keys()));
    CHECK(Shown(proof.record()) == "BODY shown, PUBLIC shown, PARTNER committed, OWNER committed");
    const auto statement = OpenLatestStatement(proof.statement(), world.Keys());
    REQUIRE(statement.ok());
    CHECK(statement->origin == world.checkpoints().origin());
    CHECK(statement->tree_size == world.View()->leaf_count());
    CHECK(statement->revision == answer->record().revision());
    CHECK(statement->read_revision == answer->read_revision());
    CHECK(statement->identifier_hash ==
          IdentifierHash(proof.identifier_salt(), "prefixes/88.118.8/records/HP-1"));
  }
  CHECK(then->record().revision() == first.revision());
  CHECK(then->read_revision() == first.revision());
  CHECK(then->proof().record().leaf() == first.proof().leaf());
  CHECK(now->record().revision() > first.revision());
}

TEST_CASE("an answer brings the leaves of all that it inherits from") {
  AuditWorld world;
  world.Register(R"(identifier: "88.118.8/M" level: MODEL values { type: "NAME" data: "M" })");
  world.Register(
      R"(identifier: "88.118.8/B" level: BATCH instance_of { identifier: "88.118.8/M" })");
  world.Register(R"(identifier: "88.118.8/I" instance_of { identifier: "88.118.8/B" })");
  v1::BatchResolveRequest request;
  request.add_identifiers("88.118.8/I");
  request.add_identifiers("88.118.8/M");
  request.add_identifiers("88.118.8/NONE");
  request.mutable_options()->set_include_proof(true);
  const auto response = world.Read(&Resolver::BatchResolve, request, AuditWorld::Anonymous());
  REQUIRE(response.ok());
  const v1::AnswerProof& proof = response->outcomes(0).response().proof();
  REQUIRE(proof.ancestors_size() == 2);
  CHECK(DecodeOpening(proof.ancestors(0).opening())->resource == "prefixes/88.118.8/records/B");
  CHECK(DecodeOpening(proof.ancestors(1).opening())->resource == "prefixes/88.118.8/records/M");
  for (const v1::LeafProof& ancestor : proof.ancestors()) CHECK(Verifies(ancestor, world.Keys()));
  CHECK(response->outcomes(1).response().proof().ancestors_size() == 0);
  CHECK(response->outcomes(2).has_error());
}

TEST_CASE("a proof takes no filter") {
  AuditWorld world;
  world.Register(kPump);
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/HP-1");
  request.mutable_options()->set_include_proof(true);
  request.mutable_options()->add_types("NAME");
  const auto by_type = world.Read(&Resolver::Resolve, request, AuditWorld::Anonymous());
  CHECK(AuditWorld::Show(by_type.status(), "field") ==
        "INVALID_ARGUMENT FILTER_MALFORMED options.types");
  request.mutable_options()->clear_types();
  request.mutable_options()->add_indexes(1);
  const auto by_index = world.Read(&Resolver::Resolve, request, AuditWorld::Anonymous());
  CHECK(AuditWorld::Show(by_index.status(), "field") ==
        "INVALID_ARGUMENT FILTER_MALFORMED options.indexes");
}

TEST_CASE("what was erased is told as erased, and everything else is proven as before") {
  AuditWorld world;
  const v1::Receipt first = world.Register(kPump);
  v1::EraseValuesRequest erase;
  erase.set_name("88.118.8/HP-1");
  erase.set_tier(v1::OWNER);
  erase.add_revisions(first.revision());
  erase.set_reason("asked to");
  erase.set_include_proof(true);
  const auto erased = world.Write(&Registry::EraseValues, erase, AuditWorld::Writer());
  INFO(erased.status());
  REQUIRE(erased.ok());
  CHECK(Verifies(erased->receipt().proof(), world.Keys()));
  const v1::LeafProof proof = world.ProofOf(first.leaf_index(), AuditWorld::Writer());
  CHECK(Shown(proof) == "BODY shown, PUBLIC shown, PARTNER shown, OWNER erased");
  CHECK(Verifies(proof, world.Keys()));
  CHECK(proof.leaf() == first.proof().leaf());
}

TEST_CASE("proofs of a message end at 3 MiB, and the writes are answered all the same") {
  AuditWorld world;
  v1::BatchRegisterRequest batch;
  batch.set_include_proof(true);
  for (int i = 0; i < 30; ++i) {
    v1::RegisterRow* row = batch.add_rows();
    row->set_identifier(Concat("88.118.8/BIG-", i));
    for (int v = 0; v < 2; ++v) {
      v1::Value* value = row->add_values();
      value->set_type(Concat("TEXT", v));
      value->set_data(std::string(60 * 1024, 'x'));
    }
  }
  const auto response = world.Write(&Registry::BatchRegister, batch, AuditWorld::Writer());
  REQUIRE(response.ok());
  CHECK(response->ByteSizeLong() < 4 << 20);
  int proven = 0;
  for (const v1::RegisterResult& result : response->results()) {
    if (result.receipt().has_proof()) {
      ++proven;
      CHECK(Verifies(result.receipt().proof(), world.Keys()));
      continue;
    }
    CHECK(AuditWorld::Show(FromRpcStatus(result.receipt().proof_error())) ==
          "UNAVAILABLE RETRY_REST");
  }
  CHECK(proven == 26);
}

TEST_CASE("a damaged row keeps its proof from leaving, and is named") {
  AuditWorld world;
  const v1::Receipt first = world.Register(kPump);
  world.RegisterMany(520);
  v1::ModifyValuesRequest modify;
  modify.set_name("88.118.8/HP-1");
  v1::Value* value = modify.add_modify();
  value->set_type("NAME");
  value->set_data("Better pump");
  const auto modified = world.Write(&Registry::ModifyValues, modify, AuditWorld::Writer());
  REQUIRE(modified.ok());
  world.Publish();
  const auto proven = [&world](uint64_t leaf_index) {
    v1::GetInclusionProofRequest request;
    request.set_leaf_index(leaf_index);
    return AuditWorld::Show(
        world.Read(&Audit::GetInclusionProof, request, AuditWorld::Auditor()).status(), "key_hex");
  };
  const auto corrupt = [](const std::string& key) {
    return Concat("DATA_LOSS RECORD_CORRUPT ", HexEncode(key));
  };
  const uint64_t leaf = first.leaf_index();
  const uint64_t latest = modified->receipt().leaf_index();
  const std::string record = storage::RecordKey("88.118.8/HP-1");
  const std::string history = storage::HistoryKey(record, first.revision());
  REQUIRE(proven(leaf) == "OK");
  REQUIRE(proven(latest) == "OK");

  SECTION("a tile on the way") {
    world.Flip(storage::TileKey(0, 0), 32 * (leaf ^ 1));
    CHECK(proven(leaf) == corrupt(storage::TileKey(0, 0)));
    // Of this tile its proof has the root alone, which stands in another.
    CHECK(proven(300) == "OK");
  }
  SECTION("a tile that is missing") {
    world.Damage(storage::TileKey(0, 1), std::nullopt);
    CHECK(proven(300) == corrupt(storage::TileKey(0, 1)));
  }
  SECTION("the opening") {
    const std::string stored = world.Stored(storage::OpeningKey(leaf));
    world.Flip(storage::OpeningKey(leaf), stored.find("sz-pumps"));
    CHECK(proven(leaf) == corrupt(storage::OpeningKey(leaf)));
    CHECK(proven(leaf + 1) == "OK");
  }
  SECTION("the opening that is missing") {
    world.Damage(storage::OpeningKey(leaf), std::nullopt);
    CHECK(proven(leaf) == corrupt(storage::OpeningKey(leaf)));
  }
  SECTION("the record") {
    const std::string stored = world.Stored(record);
    world.Flip(record, stored.find("Better"));
    CHECK(proven(latest) == corrupt(record));
    CHECK(proven(leaf) == "OK");
    v1::ResolveRequest request;
    request.set_identifier("88.118.8/HP-1");
    request.mutable_options()->set_include_proof(true);
    CHECK(
        AuditWorld::Show(world.Read(&Resolver::Resolve, request, AuditWorld::Anonymous()).status(),
                         "key_hex") == corrupt(record));
  }
  SECTION("the record's history") {
    const std::string stored = world.Stored(history);
    world.Flip(history, stored.find("Pump"));
    CHECK(proven(leaf) == corrupt(history));
    CHECK(proven(latest) == "OK");
  }
  SECTION("the record that is missing") {
    world.Damage(record, std::nullopt);
    CHECK(proven(latest) == corrupt(record));
  }
  SECTION("a write is answered although its proof cannot be made") {
    world.Flip(storage::TileKey(0, 0), 32 * leaf);  // beside R0
    v1::RegisterRequest request;
    request.mutable_row()->set_identifier("88.118.8/R0");
    v1::Value* name = request.mutable_row()->add_values();
    name->set_type("NAME");
    name->set_data("name of 0");
    request.set_include_proof(true);
    const auto repeated = world.Write(&Registry::Register, request, AuditWorld::Writer());
    REQUIRE(repeated.ok());
    CHECK(repeated->result().outcome() == v1::RegisterResult::UNCHANGED);
    const v1::Receipt& receipt = repeated->result().receipt();
    CHECK(AuditWorld::Show(FromRpcStatus(receipt.proof_error()), "key_hex") ==
          corrupt(storage::TileKey(0, 0)));
    CHECK_FALSE(receipt.has_proof());
  }
}

}  // namespace
}  // namespace gusu::server
