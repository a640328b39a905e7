// A gRPC server in this process whose answers the test gives, at a free port of loopback.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "gusu/client.h"
#include "gusu/v1/audit.grpc.pb.h"
#include "gusu/v1/registry.grpc.pb.h"
#include "gusu/v1/resolver.grpc.pb.h"
#include "tests/client/fake_log.h"

namespace gusu::test {

// As the registry fails: with an ErrorInfo.
grpc::Status Fault(grpc::StatusCode code, const std::string& reason);
// The same inside an outcome.
google::rpc::Status RowFault(grpc::StatusCode code, const std::string& reason);

class FakeRegistry final : public v1::RegistryService::Service {
 public:
  using Stream = grpc::ServerReaderWriter<v1::StreamRegisterResponse, v1::StreamRegisterRequest>;
  std::function<grpc::Status(grpc::ServerContext&, const v1::RegisterRequest&,
                             v1::RegisterResponse*)>
      on_register;
  std::function<grpc::Status(const v1::RetireRecordRequest&, v1::RecordResponse*)> on_retire;
  std::function<grpc::Status(const v1::ListRecordsRequest&, v1::ListRecordsResponse*)> on_list;
  std::function<grpc::Status(Stream*)> on_stream;
  std::function<grpc::Status(const v1::HoldRecordRequest&, v1::RecordResponse*)> on_hold;
  std::function<grpc::Status(const v1::GetRecordRequest&, v1::Record*)> on_get;
  std::function<grpc::Status(const v1::ListRevisionsRequest&, v1::ListRevisionsResponse*)>
      on_revisions;
  std::function<grpc::Status(const v1::AllocateSerialRangeRequest&, v1::SerialRangeResponse*)>
      on_allocate;
  std::function<grpc::Status(const v1::ReleaseSerialRangeRequest&, v1::SerialRangeResponse*)>
      on_release;
  std::function<grpc::Status(const v1::ListSerialRangesRequest&, v1::ListSerialRangesResponse*)>
      on_ranges;
  std::function<grpc::Status(const v1::OfferTransferRequest&, v1::TransferResponse*)> on_offer;
  std::function<grpc::Status(const v1::GetTransferRequest&, v1::Transfer*)> on_transfer;
  std::function<grpc::Status(const v1::ListTransfersRequest&, v1::ListTransfersResponse*)>
      on_transfers;

 private:
  grpc::Status HoldRecord(grpc::ServerContext*, const v1::HoldRecordRequest* request,
                          v1::RecordResponse* response) override {
    return on_hold(*request, response);
  }
  grpc::Status GetRecord(grpc::ServerContext*, const v1::GetRecordRequest* request,
                         v1::Record* response) override {
    return on_get(*request, response);
  }
  grpc::Status ListRevisions(grpc::ServerContext*, const v1::ListRevisionsRequest* request,
                             v1::ListRevisionsResponse* response) override {
    return on_revisions(*request, response);
  }
  grpc::Status AllocateSerialRange(grpc::ServerContext*,
                                   const v1::AllocateSerialRangeRequest* request,
                                   v1::SerialRangeResponse* response) override {
    return on_allocate(*request, response);
  }
  grpc::Status ReleaseSerialRange(grpc::ServerContext*,
                                  const v1::ReleaseSerialRangeRequest* request,
                                  v1::SerialRangeResponse* response) override {
    return on_release(*request, response);
  }
  grpc::Status ListSerialRanges(grpc::ServerContext*, const v1::ListSerialRangesRequest* request,
                                v1::ListSerialRangesResponse* response) override {
    return on_ranges(*request, response);
  }
  grpc::Status OfferTransfer(grpc::ServerContext*, const v1::OfferTransferRequest* request,
                             v1::TransferResponse* response) override {
    return on_offer(*request, response);
  }
  grpc::Status GetTransfer(grpc::ServerContext*, const v1::GetTransferRequest* request,
                           v1::Transfer* response) override {
    return on_transfer(*request, response);
  }
  grpc::Status ListTransfers(grpc::ServerContext*, const v1::ListTransfersRequest* request,
                             v1::ListTransfersResponse* response) override {
    return on_transfers(*request, response);
  }
  grpc::Status Register(grpc::ServerContext* context, const v1::RegisterRequest* request,
                        v1::RegisterResponse* response) override {
    return on_register(*context, *request, response);
  }
  grpc::Status RetireRecord(grpc::ServerContext*, const v1::RetireRecordRequest* request,
                            v1::RecordResponse* response) override {
    return on_retire(*request, response);
  }
  grpc::Status ListRecords(grpc::ServerContext*, const v1::ListRecordsRequest* request,
                           v1::ListRecordsResponse* response) override {
    return on_list(*request, response);
  }
  grpc::Status StreamRegister(grpc::ServerContext*, Stream* stream) override {
    return on_stream(stream);
  }
};

class FakeResolver final : public v1::ResolverService::Service {
 public:
  using Stream = grpc::ServerReaderWriter<v1::StreamResolveResponse, v1::StreamResolveRequest>;
  std::function<grpc::Status(const v1::ResolveRequest&, v1::ResolveResponse*)> on_resolve;
  std::function<grpc::Status(const v1::BatchResolveRequest&, v1::BatchResolveResponse*)> on_batch;
  std::function<grpc::Status(Stream*)> on_stream;

 private:
  grpc::Status Resolve(grpc::ServerContext*, const v1::ResolveRequest* request,
                       v1::ResolveResponse* response) override {
    return on_resolve(*request, response);
  }
  grpc::Status BatchResolve(grpc::ServerContext*, const v1::BatchResolveRequest* request,
                            v1::BatchResolveResponse* response) override {
    return on_batch(*request, response);
  }
  grpc::Status StreamResolve(grpc::ServerContext*, Stream* stream) override {
    return on_stream(stream);
  }
};

// Serves the log that it is given; what is set answers in its place.
class FakeAudit final : public v1::AuditService::Service {
 public:
  using Writer = grpc::ServerWriter<v1::WatchEntriesResponse>;

  std::shared_ptr<const FakeLog> log;
  std::string checkpoint;  // published in place of the log's
  std::string cosigned_checkpoint;
  std::function<grpc::Status(const v1::GetConsistencyProofRequest&,
                             v1::GetConsistencyProofResponse*)>
      on_consistency;
  std::function<grpc::Status(const v1::GetTileRequest&, v1::GetTileResponse*)> on_tile;
  std::function<grpc::Status(const v1::ListEntriesRequest&, v1::ListEntriesResponse*)> on_entries;
  std::function<grpc::Status(const v1::WatchEntriesRequest&, Writer*, grpc::ServerContext*)>
      on_watch;

 private:
  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::GetCheckpointRequest* request,
                             v1::GetCheckpointResponse* response) override;
  grpc::Status GetConsistencyProof(grpc::ServerContext*,
                                   const v1::GetConsistencyProofRequest* request,
                                   v1::GetConsistencyProofResponse* response) override;
  grpc::Status GetInclusionProof(grpc::ServerContext*, const v1::GetInclusionProofRequest* request,
                                 v1::GetInclusionProofResponse* response) override;
  grpc::Status GetTile(grpc::ServerContext*, const v1::GetTileRequest* request,
                       v1::GetTileResponse* response) override;
  grpc::Status ListEntries(grpc::ServerContext*, const v1::ListEntriesRequest* request,
                           v1::ListEntriesResponse* response) override {
    return on_entries(*request, response);
  }
  grpc::Status WatchEntries(grpc::ServerContext* context, const v1::WatchEntriesRequest* request,
                            Writer* writer) override {
    // The client may be done with the stream, and the test set another, before this ends.
    const auto watch = on_watch;
    return watch(*request, writer, context);
  }
};

// An entry as the service sends it.
void FillEntry(const FakeLog& log, uint64_t leaf_index, v1::LogEntry* entry);
void FillProof(const LeafProof& from, v1::LeafProof* proof);

class FakeServer {
 public:
  FakeServer();
  ~FakeServer();  // breaks what is under way

  // Options of a client of this server that waits milliseconds between tries.
  ClientOptions options() const;

  FakeRegistry registry;
  FakeResolver resolver;
  FakeAudit audit;

 private:
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// Answers every row of a message with CREATED and the row's identifier (or request id, when
// minted).
v1::StreamRegisterResponse CreatedAll(const v1::StreamRegisterRequest& request);
// Answers every identifier with a record of that identifier.
v1::StreamResolveResponse ResolvedAll(const v1::StreamResolveRequest& request);

RegisterRow RowOf(const std::string& identifier);

}  // namespace gusu::test
