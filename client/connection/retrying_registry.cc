#include "client/connection/retrying_registry.h"

namespace gusu {

Result<Record> RetryingRegistry::GetRecord(const GetRecordRequest& request,
                                           const CallOptions& call) {
  if (Status fault = CheckText(request); !fault.ok()) return fault;
  return Converted(Read<v1::Record>(ToProto(request), call));
}

Range<Record> RetryingRegistry::ListRecords(const ListRecordsRequest& request,
                                            const CallOptions& call) {
  return PagesUnless<Record, v1::ListRecordsResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.records(); });
}

Range<RecordRevision> RetryingRegistry::ListRevisions(const ListRevisionsRequest& request,
                                                      const CallOptions& call) {
  return PagesUnless<RecordRevision, v1::ListRevisionsResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.revisions(); });
}

Result<RecordAnswer> RetryingRegistry::UpdateRecord(const UpdateRecordRequest& request,
                                                    const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::ModifyValues(const ModifyValuesRequest& request,
                                                    const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::SuspendRecord(const SuspendRecordRequest& request,
                                                     const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::ActivateRecord(const ActivateRecordRequest& request,
                                                      const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::RetireRecord(const RetireRecordRequest& request,
                                                    const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::ReinstateRecord(const ReinstateRecordRequest& request,
                                                       const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::HoldRecord(const HoldRecordRequest& request,
                                                  const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::UnholdRecord(const UnholdRecordRequest& request,
                                                    const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<RecordAnswer> RetryingRegistry::EraseValues(const EraseValuesRequest& request,
                                                   const CallOptions& call) {
  return Converted(Write<v1::RecordResponse>(request, call));
}

Result<SerialRangeAnswer> RetryingRegistry::AllocateSerialRange(
    const AllocateSerialRangeRequest& request, const CallOptions& call) {
  return Converted(Write<v1::SerialRangeResponse>(request, call));
}

Result<SerialRangeAnswer> RetryingRegistry::ActivateSerialRange(
    const ActivateSerialRangeRequest& request, const CallOptions& call) {
  return Converted(Write<v1::SerialRangeResponse>(request, call));
}

Result<SerialRangeAnswer> RetryingRegistry::ReleaseSerialRange(
    const ReleaseSerialRangeRequest& request, const CallOptions& call) {
  return Converted(Write<v1::SerialRangeResponse>(request, call));
}

Result<SerialRange> RetryingRegistry::GetSerialRange(const std::string& name,
                                                     const CallOptions& call) {
  return Converted(ReadByName<v1::GetSerialRangeRequest, v1::SerialRange>(name, call));
}

Range<SerialRange> RetryingRegistry::ListSerialRanges(const ListSerialRangesRequest& request,
                                                      const CallOptions& call) {
  return Pages<SerialRange, v1::ListSerialRangesResponse>(
      ToProto(request), "parent", request.parent, call,
      [](const auto& page) -> auto& { return page.serial_ranges(); });
}

Result<TransferAnswer> RetryingRegistry::OfferTransfer(const OfferTransferRequest& request,
                                                       const CallOptions& call) {
  return Converted(Write<v1::TransferResponse>(request, call));
}

Result<TransferAnswer> RetryingRegistry::AcceptTransfer(const AcceptTransferRequest& request,
                                                        const CallOptions& call) {
  return Converted(Write<v1::TransferResponse>(request, call));
}

Result<TransferAnswer> RetryingRegistry::DeclineTransfer(const DeclineTransferRequest& request,
                                                         const CallOptions& call) {
  return Converted(Write<v1::TransferResponse>(request, call));
}

Result<TransferAnswer> RetryingRegistry::WithdrawTransfer(const WithdrawTransferRequest& request,
                                                          const CallOptions& call) {
  return Converted(Write<v1::TransferResponse>(request, call));
}

Result<Transfer> RetryingRegistry::GetTransfer(const std::string& name, const CallOptions& call) {
  return Converted(ReadByName<v1::GetTransferRequest, v1::Transfer>(name, call));
}

Range<Transfer> RetryingRegistry::ListTransfers(const ListTransfersRequest& request,
                                                const CallOptions& call) {
  return Pages<Transfer, v1::ListTransfersResponse>(
      ToProto(request), "parent", request.parent, call,
      [](const auto& page) -> auto& { return page.transfers(); });
}

}  // namespace gusu
