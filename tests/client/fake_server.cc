#include "tests/client/fake_server.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace gusu::test {

google::rpc::Status RowFault(grpc::StatusCode code, const std::string& reason) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("the test says " + reason);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("gusu");
  (*info.mutable_metadata())["said_by"] = "test";
  status.add_details()->PackFrom(info);
  return status;
}

grpc::Status Fault(grpc::StatusCode code, const std::string& reason) {
  const google::rpc::Status status = RowFault(code, reason);
  return {code, status.message(), status.SerializeAsString()};
}

void FillEntry(const FakeLog& log, uint64_t leaf_index, v1::LogEntry* entry) {
  const LogEntry from = log.Entry(leaf_index);
  entry->set_leaf_index(leaf_index);
  entry->set_leaf(from.leaf);
  entry->set_opening(from.opening);
  entry->set_salt(from.salt);
}

void FillProof(const LeafProof& from, v1::LeafProof* proof) {
  proof->set_leaf(from.leaf);
  proof->set_tlog_proof(from.tlog_proof);
  proof->set_opening(from.opening);
  proof->set_salt(from.salt);
  for (const ContentPart& part : from.parts) {
    v1::ContentPart* to = proof->add_parts();
    to->set_label(part.label);
    to->set_content(part.content);
    to->set_salt(part.salt);
    to->set_commitment(part.commitment);
    to->set_erased(part.erased);
  }
}

grpc::Status FakeAudit::GetCheckpoint(grpc::ServerContext*, const v1::GetCheckpointRequest*,
                                      v1::GetCheckpointResponse* response) {
  response->set_checkpoint(checkpoint.empty() ? log->Checkpoint() : checkpoint);
  response->set_cosigned_checkpoint(cosigned_checkpoint);
  response->add_vkeys(log->vkey());
  return grpc::Status::OK;
}

grpc::Status FakeAudit::GetConsistencyProof(grpc::ServerContext*,
                                            const v1::GetConsistencyProofRequest* request,
                                            v1::GetConsistencyProofResponse* response) {
  if (on_consistency) return on_consistency(*request, response);
  const uint64_t new_size = request->new_size() == 0 ? log->size() : request->new_size();
  if (new_size > log->size()) return Fault(grpc::StatusCode::OUT_OF_RANGE, "TREE_SIZE_UNKNOWN");
  response->set_old_size(request->old_size());
  response->set_new_size(new_size);
  for (std::string& hash : log->Consistency(request->old_size(), new_size)) {
    response->add_hashes(std::move(hash));
  }
  if (request->new_size() == 0) response->set_checkpoint(log->Checkpoint());
  return grpc::Status::OK;
}

grpc::Status FakeAudit::GetInclusionProof(grpc::ServerContext*,
                                          const v1::GetInclusionProofRequest* request,
                                          v1::GetInclusionProofResponse* response) {
  response->set_leaf_index(request->leaf_index());
  response->set_tree_size(log->size());
  FillProof(log->Prove(request->leaf_index()), response->mutable_proof());
  return grpc::Status::OK;
}

grpc::Status FakeAudit::GetTile(grpc::ServerContext*, const v1::GetTileRequest* request,
                                v1::GetTileResponse* response) {
  if (on_tile) return on_tile(*request, response);
  response->set_data(log->Tile(request->path()));
  return grpc::Status::OK;
}

FakeServer::FakeServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(&registry);
  builder.RegisterService(&resolver);
  builder.RegisterService(&audit);
  server_ = builder.BuildAndStart();
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

ClientOptions FakeServer::options() const {
  ClientOptions options;
  options.server = "127.0.0.1:" + std::to_string(port_);
  options.plaintext = true;
  options.retry.backoff_initial = std::chrono::milliseconds(1);
  options.retry.backoff_max = std::chrono::milliseconds(4);
  return options;
}

v1::StreamRegisterResponse CreatedAll(const v1::StreamRegisterRequest& request) {
  v1::StreamRegisterResponse response;
  for (const v1::RegisterRow& row : request.rows()) {
    v1::RegisterResult* result = response.add_outcomes()->mutable_result();
    result->set_identifier(row.has_mint() ? row.request_id() : row.identifier());
    result->set_outcome(v1::RegisterResult::CREATED);
  }
  return response;
}

v1::StreamResolveResponse ResolvedAll(const v1::StreamResolveRequest& request) {
  v1::StreamResolveResponse response;
  for (const std::string& identifier : request.identifiers()) {
    v1::ResolveOutcome* outcome = response.add_outcomes();
    outcome->set_identifier(identifier);
    outcome->mutable_response()->mutable_record()->set_identifier(identifier);
  }
  return response;
}

RegisterRow RowOf(const std::string& identifier) {
  RegisterRow row;
  row.identifier = identifier;
  row.template_id = "product";
  row.values = {TextValue("name", "Pump")};
  return row;
}

}  // namespace gusu::test
