#include "gusu/v1/registry.grpc.pb.h"
#include "server/bureau_reads.h"
#include "server/doors/grpc/services.h"
#include "server/doors/grpc/stream.h"
#include "server/doors/grpc/unary.h"
#include "server/ranges/serial_ranges.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "server/transfers/transfers.h"

namespace gusu::server {
namespace {

class RegisterStream final
    : public WindowedStream<v1::StreamRegisterRequest, v1::StreamRegisterResponse> {
 public:
  using WindowedStream::WindowedStream;

 private:
  void Process(v1::StreamRegisterRequest* request, const Caller& caller,
               Done<v1::StreamRegisterResponse> done) override {
    if (request->has_on_behalf_of()) {
      on_behalf_of_ = request->on_behalf_of();
    } else if (on_behalf_of_.has_value()) {
      *request->mutable_on_behalf_of() = *on_behalf_of_;
    }
    const uint64_t first_row_index = row_count_;
    row_count_ += static_cast<uint64_t>(request->rows_size());
    core().rules().registry->RegisterRows(*request, first_row_index, caller, std::move(done));
  }

  std::optional<v1::OnBehalfOf> on_behalf_of_;  // counts until a message gives another
  uint64_t row_count_ = 0;
};

class RegistryDoor final : public v1::RegistryService::CallbackService {
 public:
  explicit RegistryDoor(Core* core) : core_(*core) {
    SetMessageAllocatorFor_BatchRegister(&batches_);
  }

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context,
                                     const v1::RegisterRequest* request,
                                     v1::RegisterResponse* response) override {
    return Write(core_, Method::kRegister, context, core_.rules().registry, &Registry::Register,
                 request, response);
  }

  grpc::ServerUnaryReactor* BatchRegister(grpc::CallbackServerContext* context,
                                          const v1::BatchRegisterRequest* request,
                                          v1::BatchRegisterResponse* response) override {
    return Write(core_, Method::kBatchRegister, context, core_.rules().registry,
                 &Registry::BatchRegister, request, response);
  }

  grpc::ServerUnaryReactor* GetRecord(grpc::CallbackServerContext* context,
                                      const v1::GetRecordRequest* request,
                                      v1::Record* response) override {
    if (!request->reason().empty()) {
      return Write(core_, Method::kGetRecord, context, core_.rules().bureau_reads,
                   &BureauReads::GetRecord, request, response);
    }
    return Read(core_, Method::kGetRecord, context, core_.rules().resolver, &Resolver::GetRecord,
                request, response);
  }

  grpc::ServerUnaryReactor* ListRecords(grpc::CallbackServerContext* context,
                                        const v1::ListRecordsRequest* request,
                                        v1::ListRecordsResponse* response) override {
    if (!request->reason().empty()) {
      return Write(core_, Method::kListRecords, context, core_.rules().bureau_reads,
                   &BureauReads::ListRecords, request, response);
    }
    return Read(core_, Method::kListRecords, context, core_.rules().resolver,
                &Resolver::ListRecords, request, response);
  }

  grpc::ServerUnaryReactor* ListRevisions(grpc::CallbackServerContext* context,
                                          const v1::ListRevisionsRequest* request,
                                          v1::ListRevisionsResponse* response) override {
    if (!request->reason().empty()) {
      return Write(core_, Method::kListRevisions, context, core_.rules().bureau_reads,
                   &BureauReads::ListRevisions, request, response);
    }
    return Read(core_, Method::kListRevisions, context, core_.rules().resolver,
                &Resolver::ListRevisions, request, response);
  }

  grpc::ServerUnaryReactor* UpdateRecord(grpc::CallbackServerContext* context,
                                         const v1::UpdateRecordRequest* request,
                                         v1::RecordResponse* response) override {
    return Write(core_, Method::kUpdateRecord, context, core_.rules().registry,
                 &Registry::UpdateRecord, request, response);
  }

  grpc::ServerUnaryReactor* ModifyValues(grpc::CallbackServerContext* context,
                                         const v1::ModifyValuesRequest* request,
                                         v1::RecordResponse* response) override {
    return Write(core_, Method::kModifyValues, context, core_.rules().registry,
                 &Registry::ModifyValues, request, response);
  }

  grpc::ServerUnaryReactor* SuspendRecord(grpc::CallbackServerContext* context,
                                          const v1::SuspendRecordRequest* request,
                                          v1::RecordResponse* response) override {
    return Write(core_, Method::kSuspendRecord, context, core_.rules().registry,
                 &Registry::SuspendRecord, request, response);
  }

  grpc::ServerUnaryReactor* ActivateRecord(grpc::CallbackServerContext* context,
                                           const v1::ActivateRecordRequest* request,
                                           v1::RecordResponse* response) override {
    return Write(core_, Method::kActivateRecord, context, core_.rules().registry,
                 &Registry::ActivateRecord, request, response);
  }

  grpc::ServerUnaryReactor* RetireRecord(grpc::CallbackServerContext* context,
                                         const v1::RetireRecordRequest* request,
                                         v1::RecordResponse* response) override {
    return Write(core_, Method::kRetireRecord, context, core_.rules().registry,
                 &Registry::RetireRecord, request, response);
  }

  grpc::ServerUnaryReactor* ReinstateRecord(grpc::CallbackServerContext* context,
                                            const v1::ReinstateRecordRequest* request,
                                            v1::RecordResponse* response) override {
    return Write(core_, Method::kReinstateRecord, context, core_.rules().registry,
                 &Registry::ReinstateRecord, request, response);
  }

  grpc::ServerUnaryReactor* HoldRecord(grpc::CallbackServerContext* context,
                                       const v1::HoldRecordRequest* request,
                                       v1::RecordResponse* response) override {
    return Write(core_, Method::kHoldRecord, context, core_.rules().registry, &Registry::HoldRecord,
                 request, response);
  }

  grpc::ServerUnaryReactor* UnholdRecord(grpc::CallbackServerContext* context,
                                         const v1::UnholdRecordRequest* request,
                                         v1::RecordResponse* response) override {
    return Write(core_, Method::kUnholdRecord, context, core_.rules().registry,
                 &Registry::UnholdRecord, request, response);
  }

  grpc::ServerUnaryReactor* EraseValues(grpc::CallbackServerContext* context,
                                        const v1::EraseValuesRequest* request,
                                        v1::RecordResponse* response) override {
    return Write(core_, Method::kEraseValues, context, core_.rules().registry,
                 &Registry::EraseValues, request, response);
  }

  grpc::ServerUnaryReactor* AllocateSerialRange(grpc::CallbackServerContext* context,
                                                const v1::AllocateSerialRangeRequest* request,
                                                v1::SerialRangeResponse* response) override {
    return Write(core_, Method::kAllocateSerialRange, context, core_.rules().ranges,
                 &SerialRanges::Allocate, request, response);
  }

  grpc::ServerUnaryReactor* ActivateSerialRange(grpc::CallbackServerContext* context,
                                                const v1::ActivateSerialRangeRequest* request,
                                                v1::SerialRangeResponse* response) override {
    return Write(core_, Method::kActivateSerialRange, context, core_.rules().ranges,
                 &SerialRanges::Activate, request, response);
  }

  grpc::ServerUnaryReactor* ReleaseSerialRange(grpc::CallbackServerContext* context,
                                               const v1::ReleaseSerialRangeRequest* request,
                                               v1::SerialRangeResponse* response) override {
    return Write(core_, Method::kReleaseSerialRange, context, core_.rules().ranges,
                 &SerialRanges::Release, request, response);
  }

  grpc::ServerUnaryReactor* GetSerialRange(grpc::CallbackServerContext* context,
                                           const v1::GetSerialRangeRequest* request,
                                           v1::SerialRange* response) override {
    return Read(core_, Method::kGetSerialRange, context, core_.rules().ranges, &SerialRanges::Get,
                request, response);
  }

  grpc::ServerUnaryReactor* ListSerialRanges(grpc::CallbackServerContext* context,
                                             const v1::ListSerialRangesRequest* request,
                                             v1::ListSerialRangesResponse* response) override {
    return Read(core_, Method::kListSerialRanges, context, core_.rules().ranges,
                &SerialRanges::List, request, response);
  }

  grpc::ServerUnaryReactor* OfferTransfer(grpc::CallbackServerContext* context,
                                          const v1::OfferTransferRequest* request,
                                          v1::TransferResponse* response) override {
    return Write(core_, Method::kOfferTransfer, context, core_.rules().transfers,
                 &Transfers::OfferTransfer, request, response);
  }

  grpc::ServerUnaryReactor* AcceptTransfer(grpc::CallbackServerContext* context,
                                           const v1::AcceptTransferRequest* request,
                                           v1::TransferResponse* response) override {
    return Write(core_, Method::kAcceptTransfer, context, core_.rules().transfers,
                 &Transfers::AcceptTransfer, request, response);
  }

  grpc::ServerUnaryReactor* DeclineTransfer(grpc::CallbackServerContext* context,
                                            const v1::DeclineTransferRequest* request,
                                            v1::TransferResponse* response) override {
    return Write(core_, Method::kDeclineTransfer, context, core_.rules().transfers,
                 &Transfers::DeclineTransfer, request, response);
  }

  grpc::ServerUnaryReactor* WithdrawTransfer(grpc::CallbackServerContext* context,
                                             const v1::WithdrawTransferRequest* request,
                                             v1::TransferResponse* response) override {
    return Write(core_, Method::kWithdrawTransfer, context, core_.rules().transfers,
                 &Transfers::WithdrawTransfer, request, response);
  }

  grpc::ServerUnaryReactor* GetTransfer(grpc::CallbackServerContext* context,
                                        const v1::GetTransferRequest* request,
                                        v1::Transfer* response) override {
    return Read(core_, Method::kGetTransfer, context, core_.rules().transfers,
                &Transfers::GetTransfer, request, response);
  }

  grpc::ServerUnaryReactor* ListTransfers(grpc::CallbackServerContext* context,
                                          const v1::ListTransfersRequest* request,
                                          v1::ListTransfersResponse* response) override {
    return Read(core_, Method::kListTransfers, context, core_.rules().transfers,
                &Transfers::ListTransfers, request, response);
  }

  grpc::ServerBidiReactor<v1::StreamRegisterRequest, v1::StreamRegisterResponse>* StreamRegister(
      grpc::CallbackServerContext* context) override {
    return RegisterStream::Open(
        std::make_shared<RegisterStream>(&core_, Method::kStreamRegister, context));
  }

 private:
  Core& core_;
  ArenaMessages<v1::BatchRegisterRequest, v1::BatchRegisterResponse> batches_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRegistryService(Core* core) {
  return std::make_unique<RegistryDoor>(core);
}

}  // namespace gusu::server
