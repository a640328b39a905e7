#include "gusu/v1/audit.grpc.pb.h"
#include "server/audit/audit.h"
#include "server/doors/grpc/services.h"
#include "server/doors/grpc/unary.h"
#include "server/doors/grpc/watch_stream.h"

namespace gusu::server {
namespace {

class AuditDoor final : public v1::AuditService::CallbackService {
 public:
  explicit AuditDoor(Core* core) : core_(*core) {
    SetMessageAllocatorFor_ListEntries(&entries_);
    SetMessageAllocatorFor_ListRows(&rows_);
  }

  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context,
                                          const v1::GetCheckpointRequest* request,
                                          v1::GetCheckpointResponse* response) override {
    return Read(core_, Method::kGetCheckpoint, context, core_.rules().audit, &Audit::GetCheckpoint,
                request, response);
  }

  grpc::ServerUnaryReactor* ListEntries(grpc::CallbackServerContext* context,
                                        const v1::ListEntriesRequest* request,
                                        v1::ListEntriesResponse* response) override {
    return Read(core_, Method::kListEntries, context, core_.rules().audit, &Audit::ListEntries,
                request, response);
  }

  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override {
    return Read(core_, Method::kGetInclusionProof, context, core_.rules().audit,
                &Audit::GetInclusionProof, request, response);
  }

  grpc::ServerUnaryReactor* GetConsistencyProof(
      grpc::CallbackServerContext* context, const v1::GetConsistencyProofRequest* request,
      v1::GetConsistencyProofResponse* response) override {
    return Read(core_, Method::kGetConsistencyProof, context, core_.rules().audit,
                &Audit::GetConsistencyProof, request, response);
  }

  grpc::ServerUnaryReactor* GetTile(grpc::CallbackServerContext* context,
                                    const v1::GetTileRequest* request,
                                    v1::GetTileResponse* response) override {
    return Read(core_, Method::kGetTile, context, core_.rules().audit, &Audit::GetTile, request,
                response);
  }

  grpc::ServerUnaryReactor* AddCosignatures(grpc::CallbackServerContext* context,
                                            const v1::AddCosignaturesRequest* request,
                                            v1::AddCosignaturesResponse* response) override {
    return Read(core_, Method::kAddCosignatures, context, core_.rules().audit,
                &Audit::AddCosignatures, request, response);
  }

  grpc::ServerUnaryReactor* ListRows(grpc::CallbackServerContext* context,
                                     const v1::ListRowsRequest* request,
                                     v1::ListRowsResponse* response) override {
    return Read(core_, Method::kListRows, context, core_.rules().audit, &Audit::ListRows, request,
                response);
  }

  grpc::ServerUnaryReactor* ListFiles(grpc::CallbackServerContext* context,
                                      const v1::ListFilesRequest* request,
                                      v1::ListFilesResponse* response) override {
    return Read(core_, Method::kListFiles, context, core_.rules().audit, &Audit::ListFiles, request,
                response);
  }

  grpc::ServerUnaryReactor* VerifyFile(grpc::CallbackServerContext* context,
                                       const v1::VerifyFileRequest* request,
                                       v1::VerifyFileResponse* response) override {
    return Read(core_, Method::kVerifyFile, context, core_.rules().audit, &Audit::VerifyFile,
                request, response);
  }

  grpc::ServerWriteReactor<v1::WatchEntriesResponse>* WatchEntries(
      grpc::CallbackServerContext* context, const v1::WatchEntriesRequest* request) override {
    return WatchStream::Open(&core_, context, request);
  }

 private:
  Core& core_;
  ArenaMessages<v1::ListEntriesRequest, v1::ListEntriesResponse> entries_;
  ArenaMessages<v1::ListRowsRequest, v1::ListRowsResponse> rows_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAuditService(Core* core) {
  return std::make_unique<AuditDoor>(core);
}

}  // namespace gusu::server
