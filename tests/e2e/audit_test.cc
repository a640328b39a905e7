// The audit log of a whole server over gRPC, TLS and tokens, checked with the contract's code and
// the verifier key from the server's own directory.
#include <catch2/catch.hpp>
#include <map>
#include <optional>

#include "proto/hash.h"
#include "proto/latest_statement.h"
#include "proto/opening.h"
#include "proto/tile.h"
#include "proto/tlog_proof.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

using Audit = v1::AuditService::Stub;

std::vector<VerifierKey> KeysOf(const ServerProcess& server) {
  std::string vkey = ReadWholeFile(server.data() + "/log.vkey");
  vkey.resize(vkey.find('\n'));
  const auto key = VerifierKey::Parse(vkey);
  INFO(key.status());
  REQUIRE(key.ok());
  return {*key};
}

// One server for the cases of this file; each works below codes of its own.
struct Scene {
  ServerProcess server;
  Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  Api writer{server, pumps.writer_token};
  Api bureau{server, server.token()};
  Api anybody{server, ""};
  std::vector<VerifierKey> keys = KeysOf(server);
};

Scene& TheScene() {
  static Scene scene;
  return scene;
}

// The leaf's text proves it, as of a checkpoint that the log signed; and where there is an opening,
// it is the leaf's, and binds every part that is shown. What the change was.
std::optional<Change> Verified(const v1::LeafProof& proof, const std::vector<VerifierKey>& keys) {
  const auto receipt = ParseTlogProof(proof.tlog_proof());
  INFO(receipt.status());
  REQUIRE(receipt.ok());
  CHECK(receipt->extra == proof.leaf());
  const auto opened = VerifyTlogProof(*receipt, LeafHash(proof.leaf()), keys);
  INFO(opened.status());
  REQUIRE(opened.ok());
  if (proof.opening().empty()) {
    CHECK(proof.salt().empty());
    CHECK(proof.parts().empty());
    return std::nullopt;
  }
  const auto change = DecodeOpening(proof.opening());
  REQUIRE(change.ok());
  CHECK(LeafBytes(change->revision, proof.salt(), proof.opening()) == proof.leaf());
  REQUIRE(change->commitments.size() == static_cast<size_t>(proof.parts_size()));
  for (int i = 0; i < proof.parts_size(); ++i) {
    const v1::ContentPart& part = proof.parts(i);
    const Commitment& commitment = change->commitments[static_cast<size_t>(i)];
    CHECK(part.label() == commitment.label);
    if (part.erased()) continue;
    const Hash hash = part.commitment().empty() ? CommitmentHash(part.salt(), part.content())
                                                : *HashFromBytes(part.commitment());
    CHECK(hash == commitment.hash);
  }
  return *change;
}

template <typename Request, typename Response>
Response Must(const Api& api,
              grpc::Status (Audit::*method)(grpc::ClientContext*, const Request&, Response*),
              const Request& request) {
  const auto answer = api.Call(api.audit(), method, request);
  INFO(answer.status.error_message());
  REQUIRE(answer.fault == "");
  return answer.value;
}

template <typename Request, typename Response>
std::string FaultOfCall(const Api& api,
                        grpc::Status (Audit::*method)(grpc::ClientContext*, const Request&,
                                                      Response*),
                        const Request& request) {
  return api.Call(api.audit(), method, request).fault;
}

OpenedCheckpoint Opened(const std::string& note, const std::vector<VerifierKey>& keys) {
  const auto opened = OpenCheckpoint(note, keys);
  INFO(opened.status());
  REQUIRE(opened.ok());
  return *opened;
}

// Waits for the publication that covers so many leaves: a watch brings it.
OpenedCheckpoint PublishedWith(const Api& api, uint64_t size,
                               const std::vector<VerifierKey>& keys) {
  const auto context = api.NewContext();
  v1::WatchEntriesRequest request;
  request.set_view(v1::LEAF);
  const auto reader = api.audit()->WatchEntries(context.get(), request);
  v1::WatchEntriesResponse message;
  while (reader->Read(&message)) {
    if (message.checkpoint().empty()) continue;
    OpenedCheckpoint opened = Opened(message.checkpoint(), keys);
    if (opened.checkpoint.head.size < size) continue;
    context->TryCancel();
    CHECK(reader->Finish().error_code() == grpc::StatusCode::CANCELLED);
    return opened;
  }
  FAIL("the watch ended: " << reader->Finish().error_message());
  return {};
}

std::vector<Hash> HashesOf(const google::protobuf::RepeatedPtrField<std::string>& field) {
  const auto hashes = HashesFromBytes(std::vector<std::string_view>(field.begin(), field.end()));
  REQUIRE(hashes.ok());
  return *hashes;
}

TEST_CASE("a write answers with its proof when asked, and its repetition with the same leaf's") {
  Scene& scene = TheScene();
  v1::RegisterRequest request;
  *request.mutable_row() = Product("88.118.8/PROOF-1");
  request.set_include_proof(true);
  const auto first =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::Register, request);
  REQUIRE(first.fault == "");
  const v1::Receipt& receipt = first.value.result().receipt();
  CHECK_FALSE(receipt.has_proof_error());
  const auto change = Verified(receipt.proof(), scene.keys);
  REQUIRE(change.has_value());
  CHECK(change->operation == Operation::kRegister);
  CHECK(change->resource == "prefixes/88.118.8/records/PROOF-1");
  CHECK(change->revision == receipt.revision());
  CHECK(receipt.proof().parts(1).label() == "PUBLIC");
  CHECK_FALSE(receipt.proof().parts(1).content().empty());

  const auto again =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::Register, request);
  REQUIRE(again.fault == "");
  CHECK(again.value.result().outcome() == v1::RegisterResult::UNCHANGED);
  CHECK(again.value.result().receipt().proof().leaf() == receipt.proof().leaf());
  CHECK(Verified(again.value.result().receipt().proof(), scene.keys).has_value());
}

TEST_CASE("proofs come with batches, streams and changes, and 500 rows bring them at most") {
  Scene& scene = TheScene();
  v1::BatchRegisterRequest batch;
  batch.set_include_proof(true);
  for (int i = 0; i < 500; ++i) {
    *batch.add_rows() = Product("88.118.8/BATCH-" + std::to_string(i));
  }
  const auto answer =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::BatchRegister, batch);
  REQUIRE(answer.fault == "");
  for (const v1::RegisterResult& result : answer.value.results()) {
    REQUIRE(Verified(result.receipt().proof(), scene.keys).has_value());
  }
  *batch.add_rows() = Product("88.118.8/BATCH-500");
  const auto refused =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::BatchRegister, batch);
  CHECK(refused.fault == "INVALID_ARGUMENT BATCH_TOO_LARGE");
  CHECK(FaultMetadata(refused.status, "rows_max") == "500");

  const auto context = scene.writer.NewContext();
  const auto stream = scene.writer.registry()->StreamRegister(context.get());
  v1::StreamRegisterRequest rows;
  rows.set_include_proof(true);
  *rows.add_rows() = Product("88.118.8/STREAM-1");
  *rows.add_rows() = Product("not an identifier");
  v1::StreamRegisterResponse outcomes;
  REQUIRE(stream->Write(rows));
  REQUIRE(stream->Read(&outcomes));
  stream->WritesDone();
  CHECK(stream->Finish().ok());
  CHECK(Verified(outcomes.outcomes(0).result().receipt().proof(), scene.keys).has_value());
  CHECK(outcomes.outcomes(1).has_error());

  v1::RetireRecordRequest retire;
  retire.set_name("88.118.8/BATCH-1");
  retire.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
  retire.set_include_proof(true);
  const auto retired =
      scene.writer.Call(scene.writer.registry(), &v1::RegistryService::Stub::RetireRecord, retire);
  REQUIRE(retired.fault == "");
  CHECK(Verified(retired.value.receipt().proof(), scene.keys)->operation == Operation::kRetire);
}

TEST_CASE(
    "an answer proves its record and its ancestors, and states which revision is the latest") {
  Scene& scene = TheScene();
  v1::RegisterRow model = Product("88.118.8/MODEL-1");
  model.set_level(v1::Record::MODEL);
  REQUIRE(scene.writer.Register(model).fault == "");
  v1::RegisterRow item = Product("88.118.8/ITEM-1", "Item");
  item.mutable_instance_of()->set_identifier("88.118.8/MODEL-1");
  AddValue("NOTE", "for us", item.mutable_values(), v1::OWNER);
  REQUIRE(scene.writer.Register(item).fault == "");

  v1::ResolveRequest request;
  request.set_identifier("88.118.8/item-1");
  request.mutable_options()->set_include_proof(true);
  const auto resolve = [&request](const Api& api) {
    return api.Call(api.resolver(), &v1::ResolverService::Stub::Resolve, request);
  };
  const auto answer = resolve(scene.anybody);
  REQUIRE(answer.fault == "");
  const v1::AnswerProof& proof = answer.value.proof();
  const auto change = Verified(proof.record(), scene.keys);
  REQUIRE(change.has_value());
  CHECK(change->resource == answer.value.record().name());
  REQUIRE(proof.ancestors_size() == 1);
  CHECK(Verified(proof.ancestors(0), scene.keys)->resource == "prefixes/88.118.8/records/MODEL-1");
  // BODY, PUBLIC, OWNER.
  REQUIRE(proof.record().parts_size() == 3);
  CHECK_FALSE(proof.record().parts(1).content().empty());
  CHECK(proof.record().parts(2).content().empty());
  CHECK_FALSE(proof.record().parts(2).commitment().empty());

  const auto statement = OpenLatestStatement(proof.statement(), scene.keys);
  INFO(statement.status());
  REQUIRE(statement.ok());
  CHECK(statement->revision == answer.value.record().revision());
  CHECK(statement->read_revision == answer.value.read_revision());
  CHECK(statement->identifier_hash ==
        IdentifierHash(proof.identifier_salt(), answer.value.record().name()));

  const auto own = resolve(scene.writer);
  REQUIRE(own.fault == "");
  CHECK(own.value.proof().record().parts(2).content().find("for us") != std::string::npos);
  Verified(own.value.proof().record(), scene.keys);

  request.mutable_options()->add_types("name");
  CHECK(resolve(scene.anybody).fault == "INVALID_ARGUMENT FILTER_MALFORMED");
}

TEST_CASE("a watch brings every entry and the checkpoints, and each extends the one before") {
  Scene& scene = TheScene();
  const auto context = scene.writer.NewContext();
  v1::WatchEntriesRequest request;
  const auto reader = scene.writer.audit()->WatchEntries(context.get(), request);
  CompactRange range;
  v1::WatchEntriesResponse message;
  TreeHead last;
  uint64_t wanted = 0;
  while (reader->Read(&message)) {
    for (const v1::LogEntry& entry : message.entries()) {
      REQUIRE(entry.leaf_index() == range.size());
      range.Append(LeafHash(entry.leaf()));
    }
    if (message.checkpoint().empty()) continue;
    const TreeHead head = Opened(message.checkpoint(), scene.keys).checkpoint.head;
    REQUIRE(head == TreeHead{range.size(), range.Root()});
    v1::GetConsistencyProofRequest asked;
    asked.set_old_size(last.size);
    asked.set_new_size(head.size);
    const auto proof = Must(scene.anybody, &Audit::GetConsistencyProof, asked);
    CHECK(VerifyConsistency(last, head, HashesOf(proof.hashes())).ok());
    if (wanted != 0 && head.size >= wanted) break;
    if (wanted == 0) {
      const auto registered = scene.writer.Register(Product("88.118.8/WATCH-1"));
      REQUIRE(registered.fault == "");
      wanted = registered.value.result().receipt().leaf_index() + 1;
    }
    last = head;
  }
  REQUIRE(range.size() >= wanted);
  context->TryCancel();
  CHECK(reader->Finish().error_code() == grpc::StatusCode::CANCELLED);

  request.set_start_leaf_index(1'000'000);
  const auto beyond_context = scene.anybody.NewContext();
  const auto beyond = scene.anybody.audit()->WatchEntries(beyond_context.get(), request);
  CHECK_FALSE(beyond->Read(&message));
  CHECK(FaultOf(beyond->Finish()) == "OUT_OF_RANGE TREE_SIZE_UNKNOWN");
}

TEST_CASE("tiles and entry bundles lead to the published root") {
  Scene& scene = TheScene();
  v1::GetCheckpointRequest request;
  const TreeHead head =
      Opened(Must(scene.anybody, &Audit::GetCheckpoint, request).checkpoint(), scene.keys)
          .checkpoint.head;
  const auto get = [&scene](const std::string& path) {
    v1::GetTileRequest tile;
    tile.set_path(path);
    return Must(scene.anybody, &Audit::GetTile, tile).data();
  };
  const auto root =
      ReadRoot(head.size, ReadNodesFromTiles(head.size, [&get](const TileAddress& tile) {
                 return absl::StatusOr<std::string>(get(TilePath(tile)));
               }));
  REQUIRE(root.ok());
  CHECK(*root == head.root);
  CompactRange range;
  for (const TileAddress& tile : NewEntryBundles(0, head.size)) {
    const std::string bundle = get(TilePath(tile));
    const auto entries = DecodeEntryBundle(bundle, tile.width);
    REQUIRE(entries.ok());
    for (const std::string_view entry : *entries) range.Append(LeafHash(entry));
  }
  CHECK(TreeHead{range.size(), range.Root()} == head);

  const auto fault = [&scene](const std::string& path) {
    v1::GetTileRequest tile;
    tile.set_path(path);
    return FaultOfCall(scene.anybody, &Audit::GetTile, tile);
  };
  CHECK(fault("") == "INVALID_ARGUMENT FIELD_MISSING");
  for (const char* path : {"/tile/0/000", "tile/0/0", "tile/64/000", "tile/0/000.p/0",
                           "tile/0/000.p/256", "tile/0/x000/000", "tile/-1/000", "checkpoint"}) {
    CHECK(fault(path) == "INVALID_ARGUMENT TILE_MALFORMED");
  }
  CHECK(fault("tile/0/999") == "NOT_FOUND TILE_NOT_FOUND");
  CHECK(fault("tile/entries/999") == "NOT_FOUND TILE_NOT_FOUND");
  CHECK(fault("tile/7/000.p/1") == "NOT_FOUND TILE_NOT_FOUND");
  CHECK(fault("tile/63/000") == "NOT_FOUND TILE_NOT_FOUND");
}

TEST_CASE("what a witness signed is stored by the bureau and served with the checkpoint") {
  Scene& scene = TheScene();
  const SignerKey witness =
      *SignerKey::Make("witness.example/w1", SignatureType::kCosignature, std::string(32, 'w'));
  const std::string published =
      Must(scene.anybody, &Audit::GetCheckpoint, v1::GetCheckpointRequest()).checkpoint();
  auto note = ParseSignedNote(published);
  REQUIRE(note.ok());
  note->signatures.push_back(witness.Sign(note->text, 1'800'000'000));
  v1::AddCosignaturesRequest request;
  request.set_checkpoint(*FormatSignedNote(*note));
  request.add_witness_vkeys(witness.verifier().Text());
  CHECK(FaultOfCall(scene.bureau, &Audit::AddCosignatures, request) ==
        "INVALID_ARGUMENT REASON_MISSING");
  request.set_reason("handed in by the university");
  CHECK(FaultOfCall(scene.writer, &Audit::AddCosignatures, request) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  const auto added = Must(scene.bureau, &Audit::AddCosignatures, request);
  const auto served = Must(scene.anybody, &Audit::GetCheckpoint, v1::GetCheckpointRequest());
  CHECK(served.cosigned_checkpoint() == added.cosigned_checkpoint());
  std::vector<VerifierKey> keys = scene.keys;
  keys.push_back(witness.verifier());
  CHECK(Opened(served.cosigned_checkpoint(), keys).signatures.size() == 2);
  CHECK(served.vkeys(0) == scene.keys[0].Text());
}

TEST_CASE("openings are for those whom they concern, rows for the bureau") {
  Scene& scene = TheScene();
  REQUIRE(scene.writer.Register(Product("88.118.8/RIGHTS-1")).fault == "");
  v1::ListEntriesRequest request;
  request.set_page_size(1000);
  const auto openings = [&request](const Api& api) {
    size_t count = 0;
    const auto page = Must(api, &Audit::ListEntries, request);
    for (const v1::LogEntry& entry : page.entries()) {
      if (!entry.opening().empty()) ++count;
    }
    return count;
  };
  const auto all =
      static_cast<size_t>(Must(scene.bureau, &Audit::ListEntries, request).entries_size());
  // Settings are for everybody.
  CHECK(openings(scene.anybody) == 1);
  CHECK(openings(scene.bureau) == all);
  // The bureau's own credential is not the registrant's.
  CHECK(openings(scene.writer) == all - 1);
  request.set_view(v1::CONTENT);
  CHECK(FaultOfCall(scene.anybody, &Audit::ListEntries, request) ==
        "UNAUTHENTICATED CREDENTIAL_MISSING");
  CHECK(FaultOfCall(scene.writer, &Audit::ListEntries, request) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(FaultOfCall(scene.writer, &Audit::ListRows, v1::ListRowsRequest()) ==
        "PERMISSION_DENIED ROLE_REFUSED");

  // Every leaf has its row, and every row its leaf.
  std::map<uint64_t, std::string> resources;
  const auto listed = Must(scene.bureau, &Audit::ListEntries, request);
  for (const v1::LogEntry& entry : listed.entries()) {
    INFO(entry.ShortDebugString());
    REQUIRE(entry.has_row());
    CHECK_FALSE(entry.row().has_error());
    CHECK(entry.row().leaf_index() == entry.leaf_index());
    CHECK(entry.row().resource() == DecodeOpening(entry.opening())->resource);
    resources[entry.leaf_index()] = entry.row().resource();
  }
  v1::ListRowsRequest rows;
  rows.set_include_history(true);
  rows.set_page_size(7);
  size_t matched = 0;
  do {
    const auto page = Must(scene.bureau, &Audit::ListRows, rows);
    for (const v1::StoredRow& row : page.rows()) {
      INFO(row.ShortDebugString());
      CHECK_FALSE(row.has_error());
      if (row.table() == "organization_codes" || row.table() == "counters") continue;
      ++matched;
      CHECK(resources[row.leaf_index()] == row.resource());
    }
    rows.set_page_token(page.next_page_token());
  } while (!rows.page_token().empty());
  CHECK(matched == resources.size());

  const auto files = Must(scene.bureau, &Audit::ListFiles, v1::ListFilesRequest());
  for (const v1::StoredFile& file : files.files()) {
    v1::VerifyFileRequest verify;
    verify.set_name(file.name());
    CHECK(FaultOfCall(scene.bureau, &Audit::VerifyFile, verify) == "");
  }
}

TEST_CASE("after a restart the log goes on, and what it signed before is part of it") {
  Scene& scene = TheScene();
  const auto registered = scene.writer.Register(Product("88.118.8/RESTART-1"));
  REQUIRE(registered.fault == "");
  const uint64_t leaf_index = registered.value.result().receipt().leaf_index();
  const OpenedCheckpoint before = PublishedWith(scene.anybody, leaf_index + 1, scene.keys);
  REQUIRE(scene.server.Stop() == 0);
  scene.server.Start();
  const Api anybody(scene.server, "");
  v1::GetConsistencyProofRequest request;
  request.set_old_size(before.checkpoint.head.size);
  const auto proof = Must(anybody, &Audit::GetConsistencyProof, request);
  const TreeHead after = Opened(proof.checkpoint(), scene.keys).checkpoint.head;
  CHECK(VerifyConsistency(before.checkpoint.head, after, HashesOf(proof.hashes())).ok());
  v1::GetInclusionProofRequest inclusion;
  inclusion.set_leaf_index(leaf_index);
  const auto proven = Must(anybody, &Audit::GetInclusionProof, inclusion);
  CHECK_FALSE(Verified(proven.proof(), scene.keys).has_value());
  CHECK(HashesOf(proven.hashes()) == ParseTlogProof(proven.proof().tlog_proof())->hashes);
}

}  // namespace
}  // namespace gusu::e2e
