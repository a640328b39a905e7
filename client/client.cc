#include "gusu/client.h"

#include <algorithm>

#include "client/request_id.h"

namespace gusu {
namespace {

// Equal minted rows are different requests; a given identifier is told by its content.
void FillRowRequestId(RegisterRow& row) {
  if (row.mint) FillRequestId(row);
}

// Sees that minted rows have their request id before they are written.
class IdentifyingStream : public RegisterStream {
 public:
  explicit IdentifyingStream(std::unique_ptr<RegisterStream> stream) : stream_(std::move(stream)) {}
  Status Write(RegisterRow row) override {
    FillRowRequestId(row);
    return stream_->Write(std::move(row));
  }
  std::optional<RowOutcome> Read() override { return stream_->Read(); }
  Status Finish() override { return stream_->Finish(); }

 private:
  const std::unique_ptr<RegisterStream> stream_;
};

}  // namespace

Client::Client(ClientOptions options) : connection_(MakeConnection(std::move(options))) {}
Client::Client(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

Result<RegisterResult> Client::Register(RegisterRow row, CallOptions call) {
  return Register(RegisterRequest{std::move(row), std::nullopt}, call);
}

Result<RegisterResult> Client::Register(RegisterRequest request, CallOptions call) {
  FillRowRequestId(request.row);
  return connection_->Register(request, call);
}

Result<std::vector<RegisterResult>> Client::BatchRegister(BatchRegisterRequest request,
                                                          CallOptions call) {
  if (std::any_of(request.rows.begin(), request.rows.end(),
                  [](const RegisterRow& row) { return row.mint.has_value(); })) {
    FillRequestId(request);
  }
  return connection_->BatchRegister(request, call);
}

std::unique_ptr<RegisterStream> Client::OpenRegisterStream(RegisterStreamOptions options,
                                                           CallOptions call) {
  auto stream = connection_->OpenRegisterStream(std::move(options), call);
  if (stream == nullptr) return nullptr;
  return std::make_unique<IdentifyingStream>(std::move(stream));
}

Result<Record> Client::GetRecord(const std::string& name_or_identifier, CallOptions call) {
  return connection_->GetRecord(GetRecordRequest{name_or_identifier, ""}, call);
}

Result<Record> Client::GetRecord(GetRecordRequest request, CallOptions call) {
  return connection_->GetRecord(request, call);
}

Range<Record> Client::ListRecords(ListRecordsRequest request, CallOptions call) {
  return connection_->ListRecords(request, call);
}

Range<RecordRevision> Client::ListRevisions(ListRevisionsRequest request, CallOptions call) {
  return connection_->ListRevisions(request, call);
}

Result<RecordAnswer> Client::UpdateRecord(UpdateRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->UpdateRecord(request, call);
}

Result<RecordAnswer> Client::ModifyValues(ModifyValuesRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ModifyValues(request, call);
}

Result<RecordAnswer> Client::SuspendRecord(SuspendRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->SuspendRecord(request, call);
}

Result<RecordAnswer> Client::ActivateRecord(ActivateRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ActivateRecord(request, call);
}

Result<RecordAnswer> Client::RetireRecord(RetireRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->RetireRecord(request, call);
}

Result<RecordAnswer> Client::ReinstateRecord(ReinstateRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ReinstateRecord(request, call);
}

Result<RecordAnswer> Client::HoldRecord(HoldRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->HoldRecord(request, call);
}

Result<RecordAnswer> Client::UnholdRecord(UnholdRecordRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->UnholdRecord(request, call);
}

Result<RecordAnswer> Client::EraseValues(EraseValuesRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->EraseValues(request, call);
}

Result<SerialRangeAnswer> Client::AllocateSerialRange(AllocateSerialRangeRequest request,
                                                      CallOptions call) {
  FillRequestId(request);
  return connection_->AllocateSerialRange(request, call);
}

Result<SerialRangeAnswer> Client::ActivateSerialRange(ActivateSerialRangeRequest request,
                                                      CallOptions call) {
  return connection_->ActivateSerialRange(request, call);
}

Result<SerialRangeAnswer> Client::ReleaseSerialRange(ReleaseSerialRangeRequest request,
                                                     CallOptions call) {
  return connection_->ReleaseSerialRange(request, call);
}

Result<SerialRange> Client::GetSerialRange(const std::string& name_or_identifier,
                                           CallOptions call) {
  return connection_->GetSerialRange(name_or_identifier, call);
}

Range<SerialRange> Client::ListSerialRanges(ListSerialRangesRequest request, CallOptions call) {
  return connection_->ListSerialRanges(request, call);
}

Result<TransferAnswer> Client::OfferTransfer(OfferTransferRequest request, CallOptions call) {
  return connection_->OfferTransfer(request, call);
}

Result<TransferAnswer> Client::AcceptTransfer(AcceptTransferRequest request, CallOptions call) {
  return connection_->AcceptTransfer(request, call);
}

Result<TransferAnswer> Client::DeclineTransfer(DeclineTransferRequest request, CallOptions call) {
  return connection_->DeclineTransfer(request, call);
}

Result<TransferAnswer> Client::WithdrawTransfer(WithdrawTransferRequest request, CallOptions call) {
  return connection_->WithdrawTransfer(request, call);
}

Result<Transfer> Client::GetTransfer(const std::string& name, CallOptions call) {
  return connection_->GetTransfer(name, call);
}

Range<Transfer> Client::ListTransfers(ListTransfersRequest request, CallOptions call) {
  return connection_->ListTransfers(request, call);
}

Result<ResolveAnswer> Client::Resolve(const std::string& identifier, ResolveOptions options,
                                      CallOptions call) {
  return connection_->Resolve(identifier, options, call);
}

Result<std::vector<ResolveOutcome>> Client::BatchResolve(
    const std::vector<std::string>& identifiers, ResolveOptions options, CallOptions call) {
  return connection_->BatchResolve(identifiers, options, call);
}

Status Client::ResolveMany(const std::function<std::optional<std::string>()>& next,
                           const std::function<void(ResolveOutcome)>& on_outcome,
                           const ResolveManyOptions& options, CallOptions call) {
  return connection_->ResolveMany(next, options, on_outcome, call);
}

Result<LogCheckpoint> Client::GetCheckpoint(CallOptions call) {
  return connection_->GetCheckpoint(call);
}

Range<LogEntry> Client::ListEntries(ListEntriesRequest request, CallOptions call) {
  return connection_->ListEntries(request, call);
}

Result<InclusionProof> Client::GetInclusionProof(uint64_t leaf_index, uint64_t tree_size,
                                                 CallOptions call) {
  return connection_->GetInclusionProof(leaf_index, tree_size, call);
}

Result<ConsistencyProof> Client::GetConsistencyProof(uint64_t old_size, uint64_t new_size,
                                                     CallOptions call) {
  return connection_->GetConsistencyProof(old_size, new_size, call);
}

Result<std::string> Client::GetTile(const std::string& path, CallOptions call) {
  return connection_->GetTile(path, call);
}

Status Client::WatchEntries(WatchEntriesRequest request,
                            const std::function<bool(WatchEvent)>& on_event, CallOptions call) {
  return connection_->WatchEntries(request, on_event, call);
}

Result<std::string> Client::AddCosignatures(AddCosignaturesRequest request, CallOptions call) {
  return connection_->AddCosignatures(request, call);
}

Range<StoredRow> Client::ListRows(ListRowsRequest request, CallOptions call) {
  return connection_->ListRows(request, call);
}

Result<std::vector<StoredFile>> Client::ListFiles(CallOptions call) {
  return connection_->ListFiles(call);
}

Status Client::VerifyFile(const std::string& name, CallOptions call) {
  return connection_->VerifyFile(name, call);
}

}  // namespace gusu
