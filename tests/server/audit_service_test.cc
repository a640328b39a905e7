// Proofs without receipts, tiles, watches and cosignatures of AuditService.
#include <tuple>

#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/text.h"
#include "proto/tile.h"
#include "storage/keys.h"
#include "tests/server/audit_files.h"
#include "tests/server/audit_world.h"

namespace gusu::server {
namespace {

// The leaves' bytes.
std::vector<std::string> Leaves(AuditWorld& world) {
  v1::ListEntriesRequest request;
  request.set_view(v1::LEAF);
  request.set_page_size(1000);
  const auto page = world.Read(&Audit::ListEntries, request, AuditWorld::Anonymous());
  REQUIRE(page.ok());
  REQUIRE(page->next_page_token().empty());
  std::vector<std::string> leaves;
  for (const v1::LogEntry& entry : page->entries()) leaves.push_back(entry.leaf());
  return leaves;
}

TEST_CASE("every tree is shown to begin with every older one, and to have each of its leaves") {
  AuditWorld world;
  world.RegisterMany(270);
  const uint64_t count = world.View()->leaf_count();
  std::vector<TreeHead> heads(1);
  std::vector<Hash> leaves;
  CompactRange range;
  for (const std::string& leaf : Leaves(world)) {
    leaves.push_back(LeafHash(leaf));
    range.Append(leaves.back());
    heads.push_back({range.size(), range.Root()});
  }
  const auto hashes_of = [](const auto& field) {
    return *HashesFromBytes(std::vector<std::string_view>(field.begin(), field.end()));
  };
  for (const uint64_t size : {uint64_t{1}, uint64_t{2}, uint64_t{7}, uint64_t{255}, uint64_t{256},
                              uint64_t{257}, count}) {
    for (uint64_t old_size = 0; old_size <= size; ++old_size) {
      v1::GetConsistencyProofRequest request;
      request.set_old_size(old_size);
      request.set_new_size(size);
      const auto proof = world.Read(&Audit::GetConsistencyProof, request, AuditWorld::Anonymous());
      REQUIRE(proof.ok());
      REQUIRE(VerifyConsistency(heads[old_size], heads[size], hashes_of(proof->hashes())).ok());
      CHECK(proof->checkpoint().empty());
    }
    for (uint64_t leaf = 0; leaf < size; ++leaf) {
      v1::GetInclusionProofRequest request;
      request.set_leaf_index(leaf);
      request.set_tree_size(size);
      const auto proof = world.Read(&Audit::GetInclusionProof, request, AuditWorld::Anonymous());
      REQUIRE(proof.ok());
      REQUIRE(VerifyInclusion(leaves[leaf], leaf, hashes_of(proof->hashes()), heads[size]).ok());
      CHECK_FALSE(proof->has_proof());
    }
  }
}

TEST_CASE("a tree or a leaf that is not there is out of range") {
  AuditWorld world;
  const auto inclusion = [&world](uint64_t leaf, uint64_t size) {
    v1::GetInclusionProofRequest request;
    request.set_leaf_index(leaf);
    request.set_tree_size(size);
    return AuditWorld::Show(
        world.Read(&Audit::GetInclusionProof, request, AuditWorld::Anonymous()).status());
  };
  const auto consistency = [&world](uint64_t old_size, uint64_t new_size) {
    v1::GetConsistencyProofRequest request;
    request.set_old_size(old_size);
    request.set_new_size(new_size);
    return AuditWorld::Show(
        world.Read(&Audit::GetConsistencyProof, request, AuditWorld::Anonymous()).status());
  };
  const std::string unknown = "OUT_OF_RANGE TREE_SIZE_UNKNOWN";
  CHECK(inclusion(7, 8) == "OK");
  CHECK(inclusion(8, 0) == unknown);
  CHECK(inclusion(7, 7) == unknown);
  CHECK(inclusion(0, 9) == unknown);
  CHECK(inclusion(~uint64_t{0}, ~uint64_t{0}) == unknown);
  CHECK(consistency(8, 8) == "OK");
  CHECK(consistency(8, 9) == unknown);
  CHECK(consistency(8, 7) == unknown);
  // Published when the log had two leaves.
  CHECK(consistency(2, 0) == "OK");
  CHECK(consistency(3, 0) == unknown);
}

TEST_CASE("a damaged tile gives no consistency proof, and is named") {
  AuditWorld world;
  world.RegisterMany(600);
  world.Flip(storage::TileKey(0, 1), 32 * (300 - 256));
  v1::GetConsistencyProofRequest request;
  request.set_old_size(299);
  request.set_new_size(400);
  const auto proof = world.Read(&Audit::GetConsistencyProof, request, AuditWorld::Anonymous());
  CHECK(AuditWorld::Show(proof.status(), "key_hex") ==
        "DATA_LOSS RECORD_CORRUPT " + HexEncode(storage::TileKey(0, 1)));
  request.set_new_size(200);
  request.set_old_size(100);
  CHECK(world.Read(&Audit::GetConsistencyProof, request, AuditWorld::Anonymous()).ok());
}

TEST_CASE("bundles have the entries, also the beginning of one that is not full") {
  AuditWorld world;
  world.RegisterMany(300);
  const std::vector<std::string> leaves = Leaves(world);
  const auto get = [&world](const std::string& path) {
    v1::GetTileRequest request;
    request.set_path(path);
    return world.Read(&Audit::GetTile, request, AuditWorld::Anonymous());
  };
  for (const auto& [path, first, width] :
       {std::tuple<const char*, size_t, uint32_t>{"tile/entries/000", 0, 256},
        {"tile/entries/000.p/3", 0, 3},
        {"tile/entries/001.p/52", 256, 52}}) {
    const auto tile = get(path);
    REQUIRE(tile.ok());
    const auto bundle = DecodeEntryBundle(tile->data(), width);
    REQUIRE(bundle.ok());
    for (size_t i = 0; i < width; ++i) CHECK((*bundle)[i] == leaves[first + i]);
  }
  CHECK(AuditWorld::Show(get("tile/entries/001.p/53").status(), "path") ==
        "NOT_FOUND TILE_NOT_FOUND tile/entries/001.p/53");
  CHECK(AuditWorld::Show(get("tile/0/001.p/53").status(), "path") ==
        "NOT_FOUND TILE_NOT_FOUND tile/0/001.p/53");
  CHECK(AuditWorld::Show(get("tile/0/1").status()) == "INVALID_ARGUMENT TILE_MALFORMED");
  CHECK(get("tile/0/001.p/52")->data().size() == 52 * 32);
}

TEST_CASE("a watch goes up to the published checkpoint, and brings it when it is there") {
  AuditWorld world;
  world.RegisterMany(300);
  world.Publish();
  world.Register(R"(identifier: "88.118.8/HP-1")");
  v1::WatchEntriesRequest request;
  request.set_view(v1::LEAF);
  const auto next = [&](uint64_t from) {
    v1::WatchEntriesResponse response;
    const absl::Status status =
        world.audit().NextOfWatch(request, from, AuditWorld::Anonymous(), &response);
    if (!status.ok()) return AuditWorld::Show(status);
    std::string text = Concat(response.entries_size(), " entries");
    if (response.entries_size() > 0) text += Concat(" from ", response.entries(0).leaf_index());
    if (response.checkpoint().empty()) return text;
    return Concat(text, " and ",
                  OpenCheckpoint(response.checkpoint(), world.Keys())->checkpoint.head.size);
  };
  CHECK(next(0) == "256 entries from 0");
  CHECK(next(256) == "52 entries from 256 and 308");
  CHECK(next(308) == "0 entries and 308");
  CHECK(next(309) == "0 entries and 309");
  CHECK(next(310) == "OUT_OF_RANGE TREE_SIZE_UNKNOWN");
  request.set_view(v1::CONTENT);
  CHECK(next(0) == "INVALID_ARGUMENT FIELD_INVALID");
}

TEST_CASE("cosignatures need a reason, witnesses, and a checkpoint of this log") {
  AuditWorld world;
  const SignerKey witness = test::Key(0x20, "witness.example/w1", SignatureType::kCosignature);
  SignedNote note = *ParseSignedNote(world.checkpoints().Published()->note);
  note.signatures.push_back(witness.Sign(note.text, 1'800'000'000));
  v1::AddCosignaturesRequest whole;
  whole.set_checkpoint(*FormatSignedNote(note));
  whole.add_witness_vkeys(witness.verifier().Text());
  whole.set_reason("handed in");
  const Caller admin = AuditWorld::Of(Role::kBureauAdmin);
  const auto fault = [&](const std::function<void(v1::AddCosignaturesRequest&)>& change) {
    v1::AddCosignaturesRequest request = whole;
    change(request);
    return AuditWorld::Show(world.Read(&Audit::AddCosignatures, request, admin).status());
  };
  CHECK(fault([](auto& r) { r.clear_reason(); }) == "INVALID_ARGUMENT REASON_MISSING");
  CHECK(fault([](auto& r) { r.clear_checkpoint(); }) == "INVALID_ARGUMENT FIELD_MISSING");
  CHECK(fault([](auto& r) { r.clear_witness_vkeys(); }) == "INVALID_ARGUMENT FIELD_MISSING");
  CHECK(fault([](auto& r) { r.set_witness_vkeys(0, "w1"); }) == "INVALID_ARGUMENT KEY_MALFORMED");
  CHECK(fault([&](auto& r) {
          for (int i = 0; i < 16; ++i) r.add_witness_vkeys(witness.verifier().Text());
        }) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(fault([&](auto& r) { r.set_checkpoint(world.checkpoints().Published()->note); }) ==
        "INVALID_ARGUMENT SIGNATURE_MISSING");
  CHECK(AuditWorld::Show(
            world.Read(&Audit::AddCosignatures, whole, AuditWorld::Auditor()).status()) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  const auto added = world.Read(&Audit::AddCosignatures, whole, admin);
  REQUIRE(added.ok());
  const auto served =
      world.Read(&Audit::GetCheckpoint, v1::GetCheckpointRequest(), AuditWorld::Anonymous());
  CHECK(served->checkpoint() == world.checkpoints().Published()->note);
  CHECK(served->cosigned_checkpoint() == added->cosigned_checkpoint());
  CHECK(served->vkeys_size() == 1);
}

TEST_CASE("files are for the bureau, and a file to verify has a name") {
  AuditWorld world;
  CHECK(AuditWorld::Show(
            world.Read(&Audit::ListFiles, v1::ListFilesRequest(), AuditWorld::Writer()).status()) ==
        "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(world.Read(&Audit::ListFiles, v1::ListFilesRequest(), AuditWorld::Auditor())
            ->files()
            .empty());
  CHECK(AuditWorld::Show(
            world.Read(&Audit::VerifyFile, v1::VerifyFileRequest(), AuditWorld::Auditor())
                .status()) == "INVALID_ARGUMENT FIELD_MISSING");
}

}  // namespace
}  // namespace gusu::server
