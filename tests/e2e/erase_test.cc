// That erased values are gone from the database's files: values, salt, and the hash of what was
// registered; and that what was proven stays so.
#include <rocksdb/db.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "proto/tlog_proof.h"
#include "storage/keys.h"
#include "storage/row.h"
#include "tests/e2e/api.h"

namespace gusu::e2e {
namespace {

namespace stored = storage::v1;

std::unique_ptr<rocksdb::DB> OpenStore(const ServerProcess& server) {
  rocksdb::Options options;
  // What is written now can be searched for as it is.
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* store = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, server.data() + "/db", &store);
  INFO(status.ToString());
  REQUIRE(status.ok());
  return std::unique_ptr<rocksdb::DB>(store);
}

stored::RecordRow ReadRow(rocksdb::DB& store, const std::string& key) {
  std::string bytes;
  REQUIRE(store.Get(rocksdb::ReadOptions(), key, &bytes).ok());
  stored::RecordRow record;
  REQUIRE(record.ParseFromString(storage::DecodeRow(bytes)->payload));
  return record;
}

// Writes every file anew, as RocksDB does by itself with time.
void Compact(rocksdb::DB& store) {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  REQUIRE(store.CompactRange(options, nullptr, nullptr).ok());
}

// The names of the files below the data directory in which the bytes stand.
std::string FilesWith(const ServerProcess& server, const std::string& bytes) {
  REQUIRE(bytes.size() >= 16);
  std::string names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(server.data())) {
    if (!entry.is_regular_file()) continue;
    if (ReadWholeFile(entry.path().string()).find(bytes) != std::string::npos) {
      names += entry.path().filename().string() + " ";
    }
  }
  return names;
}

v1::RegisterRow WithSecret(const std::string& identifier, const std::string& name,
                           const std::string& secret) {
  v1::RegisterRow row = Product(identifier, name);
  AddValue("NOTE", secret, row.mutable_values(), v1::OWNER);
  return row;
}

Answer<v1::RecordResponse> Erase(const Api& api, const std::string& identifier,
                                 const std::vector<uint64_t>& revisions) {
  v1::EraseValuesRequest request;
  request.set_name(identifier);
  request.set_tier(v1::OWNER);
  for (const uint64_t revision : revisions) request.add_revisions(revision);
  request.set_reason("asked to forget");
  return api.Call(api.registry(), &v1::RegistryService::Stub::EraseValues, request);
}

TEST_CASE("what was erased is gone from every file once the store is compacted") {
  ServerProcess server;
  const Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  const std::string secret = "secret " + HexEncode(RandomBytes(16));
  const std::string name = "name " + HexEncode(RandomBytes(16));
  const std::string kept = "kept " + HexEncode(RandomBytes(16));
  uint64_t first_revision = 0, second_revision = 0;
  {
    const Api writer(server, pumps.writer_token);
    const auto registered = writer.Register(WithSecret("88.118.8/E-1", name, secret));
    REQUIRE(registered.fault == "");
    first_revision = registered.value.result().receipt().revision();
    REQUIRE(writer.Register(WithSecret("88.118.8/E-2", "Pump", kept)).fault == "");
    v1::SuspendRecordRequest suspend;
    suspend.set_name("88.118.8/E-1");
    suspend.set_reason("inspection");
    const auto suspended =
        writer.Call(writer.registry(), &v1::RegistryService::Stub::SuspendRecord, suspend);
    REQUIRE(suspended.fault == "");
    second_revision = suspended.value.receipt().revision();
  }
  REQUIRE(server.Stop() == 0);

  const std::string key = storage::RecordKey("88.118.8/E-1");
  stored::RecordRow first, second, other;
  {
    const auto store = OpenStore(server);
    first = ReadRow(*store, storage::HistoryKey(key, first_revision));
    second = ReadRow(*store, key);
    other = ReadRow(*store, storage::RecordKey("88.118.8/E-2"));
    Compact(*store);
  }
  REQUIRE(first.create_digest().size() == 32);
  CHECK(second.create_digest().empty());
  const std::vector<std::string> to_go = {secret, first.create_digest(), first.owner_salt(),
                                          second.owner_salt()};
  const std::vector<std::string> to_stay = {name, kept, other.create_digest(), other.owner_salt(),
                                            first.public_salt()};
  for (const auto& bytes : to_go) CHECK(FilesWith(server, bytes) != "");
  for (const auto& bytes : to_stay) CHECK(FilesWith(server, bytes) != "");

  server.Start();
  {
    const Api writer(server, pumps.writer_token);
    const auto erased = Erase(writer, "88.118.8/E-1", {first_revision, second_revision});
    REQUIRE(erased.fault == "");
    CHECK(ValueOf(erased.value.record(), "NOTE") == "(none)");
    CHECK(ValueOf(erased.value.record(), "name") == name);
  }
  REQUIRE(server.Stop() == 0);
  Compact(*OpenStore(server));
  for (const auto& bytes : to_go) CHECK(FilesWith(server, bytes) == "");
  for (const auto& bytes : to_stay) CHECK(FilesWith(server, bytes) != "");

  server.Start();
  const Api writer(server, pumps.writer_token);
  v1::ListRevisionsRequest history;
  history.set_name("88.118.8/E-1");
  const auto revisions =
      writer.Call(writer.registry(), &v1::RegistryService::Stub::ListRevisions, history);
  REQUIRE(revisions.fault == "");
  REQUIRE(revisions.value.revisions_size() == 3);
  for (const v1::RecordRevision& revision : revisions.value.revisions()) {
    const bool is_erasure = revision.operation() == "ERASE_VALUES";
    CHECK(ValueOf(revision.record(), "NOTE") == "(none)");
    CHECK(ValueOf(revision.record(), "name") == name);
    CHECK(revision.record().erased_tiers_size() == (is_erasure ? 0 : 1));
  }
  const auto kept_record = writer.GetRecord("88.118.8/E-2");
  REQUIRE(kept_record.fault == "");
  CHECK(ValueOf(kept_record.value, "NOTE") == kept);
}

v1::LeafProof ProofOf(const Api& api, uint64_t leaf_index) {
  v1::GetInclusionProofRequest request;
  request.set_leaf_index(leaf_index);
  const auto answer = api.Call(api.audit(), &v1::AuditService::Stub::GetInclusionProof, request);
  REQUIRE(answer.fault == "");
  return answer.value.proof();
}

// The leaf is in the tree that was signed, and opened by what comes with it.
bool Verifies(const v1::LeafProof& proof, const std::vector<VerifierKey>& keys) {
  const auto receipt = ParseTlogProof(proof.tlog_proof());
  const auto opening = DecodeOpening(proof.opening());
  return receipt.ok() && VerifyTlogProof(*receipt, LeafHash(proof.leaf()), keys).ok() &&
         opening.ok() &&
         LeafBytes(opening->revision, proof.salt(), proof.opening()) == proof.leaf();
}

// `BODY shown, OWNER erased`, where what is shown is what the opening binds.
std::string PartsOf(const v1::LeafProof& proof) {
  std::string text;
  const Change change = DecodeOpening(proof.opening()).value();
  REQUIRE(change.commitments.size() == static_cast<size_t>(proof.parts_size()));
  for (int i = 0; i < proof.parts_size(); ++i) {
    const v1::ContentPart& part = proof.parts(i);
    const bool is_bound = CommitmentHash(part.salt(), part.content()) == change.commitments[i].hash;
    text += (i == 0 ? "" : ", ") + part.label();
    text += part.erased() ? " erased" : is_bound ? " shown" : " wrong";
  }
  return text;
}

TEST_CASE("every proof stays valid when values are erased") {
  ServerProcess server;
  const Enterprise pumps = MakeEnterprise(server, "sz-pumps", "91320594MA1MABCD6F", "88.118.8");
  const Api writer(server, pumps.writer_token);
  std::string vkey = ReadWholeFile(server.data() + "/log.vkey");
  vkey.pop_back();
  const std::vector<VerifierKey> keys = {VerifierKey::Parse(vkey).value()};
  const auto registered = writer.Register(WithSecret("88.118.8/E-1", "Pump", "a secret"));
  REQUIRE(registered.fault == "");
  const v1::Receipt& receipt = registered.value.result().receipt();
  const v1::LeafProof before = ProofOf(writer, receipt.leaf_index());
  REQUIRE(Verifies(before, keys));
  CHECK(PartsOf(before) == "BODY shown, PUBLIC shown, OWNER shown");

  REQUIRE(Erase(writer, "88.118.8/E-1", {receipt.revision()}).fault == "");
  const v1::LeafProof after = ProofOf(writer, receipt.leaf_index());
  CHECK(Verifies(after, keys));
  CHECK(PartsOf(after) == "BODY shown, PUBLIC shown, OWNER erased");
  CHECK(after.leaf() == before.leaf());
  CHECK(after.opening() == before.opening());
  // What was given before is still what the log, as it is now, begins with.
  v1::GetConsistencyProofRequest request;
  const TreeHead old_head =
      OpenCheckpoint(ParseTlogProof(before.tlog_proof())->checkpoint, keys)->checkpoint.head;
  const TreeHead new_head =
      OpenCheckpoint(ParseTlogProof(after.tlog_proof())->checkpoint, keys)->checkpoint.head;
  request.set_old_size(old_head.size);
  request.set_new_size(new_head.size);
  const auto answer =
      writer.Call(writer.audit(), &v1::AuditService::Stub::GetConsistencyProof, request);
  REQUIRE(answer.fault == "");
  const auto hashes = HashesFromBytes({answer.value.hashes().begin(), answer.value.hashes().end()});
  REQUIRE(hashes.ok());
  CHECK(VerifyConsistency(old_head, new_head, *hashes).ok());
}

}  // namespace
}  // namespace gusu::e2e
