// The audit log's structs and messages.
#include "client/connection/convert.h"
#include "google/rpc/status.pb.h"

namespace gusu {
namespace {

ContentPart PartFrom(const v1::ContentPart& part) {
  return {part.label(), part.content(), part.salt(), part.commitment(), part.erased()};
}

template <typename Repeated>
std::vector<ContentPart> PartsFrom(const Repeated& parts) {
  std::vector<ContentPart> out;
  out.reserve(static_cast<size_t>(parts.size()));
  for (const v1::ContentPart& part : parts) out.push_back(PartFrom(part));
  return out;
}

}  // namespace

v1::ListEntriesRequest ToProto(const ListEntriesRequest& request) {
  v1::ListEntriesRequest out;
  out.set_start_leaf_index(request.start_leaf_index);
  out.set_end_leaf_index(request.end_leaf_index);
  if (request.start_time) FillTime(*request.start_time, out.mutable_start_time());
  if (request.end_time) FillTime(*request.end_time, out.mutable_end_time());
  out.set_prefix(request.prefix);
  out.set_view(Same<v1::EntryView>(request.view));
  out.set_page_size(request.page_size);
  return out;
}

v1::WatchEntriesRequest ToProto(const WatchEntriesRequest& request) {
  v1::WatchEntriesRequest out;
  out.set_start_leaf_index(request.start_leaf_index);
  out.set_view(Same<v1::EntryView>(request.view));
  return out;
}

v1::AddCosignaturesRequest ToProto(const AddCosignaturesRequest& request) {
  v1::AddCosignaturesRequest out;
  out.set_checkpoint(request.checkpoint);
  for (const std::string& vkey : request.witness_vkeys) out.add_witness_vkeys(vkey);
  out.set_reason(request.reason);
  return out;
}

v1::ListRowsRequest ToProto(const ListRowsRequest& request) {
  v1::ListRowsRequest out;
  out.set_table(request.table);
  out.set_include_history(request.include_history);
  out.set_view(Same<v1::EntryView>(request.view));
  out.set_page_size(request.page_size);
  return out;
}

LeafProof FromProto(const v1::LeafProof& proof) {
  return {proof.leaf(), proof.tlog_proof(), proof.opening(), proof.salt(),
          PartsFrom(proof.parts())};
}

AnswerProof FromProto(const v1::AnswerProof& proof) {
  AnswerProof out;
  out.record = FromProto(proof.record());
  for (const v1::LeafProof& ancestor : proof.ancestors()) {
    out.ancestors.push_back(FromProto(ancestor));
  }
  out.statement = proof.statement();
  out.identifier_salt = proof.identifier_salt();
  return out;
}

LogCheckpoint FromProto(const v1::GetCheckpointResponse& response) {
  return {response.checkpoint(),
          response.cosigned_checkpoint(),
          {response.vkeys().begin(), response.vkeys().end()}};
}

StoredRow FromProto(const v1::StoredRow& row) {
  StoredRow out;
  out.table = row.table();
  out.resource = row.resource();
  out.revision = row.revision();
  out.leaf_index = row.leaf_index();
  out.current = row.current();
  out.parts = PartsFrom(row.parts());
  out.sequence = row.sequence();
  out.record_count = row.record_count();
  out.range_code_count = row.range_code_count();
  if (row.has_error()) out.error = FromProto(row.error());
  return out;
}

LogEntry FromProto(const v1::LogEntry& entry) {
  LogEntry out;
  out.leaf_index = entry.leaf_index();
  out.leaf = entry.leaf();
  out.opening = entry.opening();
  out.salt = entry.salt();
  if (entry.has_row()) out.row = FromProto(entry.row());
  return out;
}

InclusionProof FromProto(const v1::GetInclusionProofResponse& response) {
  InclusionProof out;
  out.leaf_index = response.leaf_index();
  out.tree_size = response.tree_size();
  out.hashes.assign(response.hashes().begin(), response.hashes().end());
  if (response.has_proof()) out.proof = FromProto(response.proof());
  return out;
}

ConsistencyProof FromProto(const v1::GetConsistencyProofResponse& response) {
  return {response.old_size(),
          response.new_size(),
          {response.hashes().begin(), response.hashes().end()},
          response.checkpoint()};
}

WatchEvent FromProto(const v1::WatchEntriesResponse& response) {
  WatchEvent out;
  for (const v1::LogEntry& entry : response.entries()) out.entries.push_back(FromProto(entry));
  out.checkpoint = response.checkpoint();
  return out;
}

std::vector<StoredFile> FromProto(const v1::ListFilesResponse& response) {
  std::vector<StoredFile> out;
  for (const v1::StoredFile& file : response.files()) out.push_back({file.name(), file.bytes()});
  return out;
}

}  // namespace gusu
