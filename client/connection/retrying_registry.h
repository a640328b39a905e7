// Calls of the connection that read and change records, serial ranges and transfers.
#pragma once

#include "client/connection/retrying_calls.h"

namespace gusu {

class RetryingRegistry : public RetryingCalls {
 public:
  using RetryingCalls::RetryingCalls;

  Result<Record> GetRecord(const GetRecordRequest& request, const CallOptions& call) override;
  Range<Record> ListRecords(const ListRecordsRequest& request, const CallOptions& call) override;
  Range<RecordRevision> ListRevisions(const ListRevisionsRequest& request,
                                      const CallOptions& call) override;
  Result<RecordAnswer> UpdateRecord(const UpdateRecordRequest& request,
                                    const CallOptions& call) override;
  Result<RecordAnswer> ModifyValues(const ModifyValuesRequest& request,
                                    const CallOptions& call) override;
  Result<RecordAnswer> SuspendRecord(const SuspendRecordRequest& request,
                                     const CallOptions& call) override;
  Result<RecordAnswer> ActivateRecord(const ActivateRecordRequest& request,
                                      const CallOptions& call) override;
  Result<RecordAnswer> RetireRecord(const RetireRecordRequest& request,
                                    const CallOptions& call) override;
  Result<RecordAnswer> ReinstateRecord(const ReinstateRecordRequest& request,
                                       const CallOptions& call) override;
  Result<RecordAnswer> HoldRecord(const HoldRecordRequest& request,
                                  const CallOptions& call) override;
  Result<RecordAnswer> UnholdRecord(const UnholdRecordRequest& request,
                                    const CallOptions& call) override;
  Result<RecordAnswer> EraseValues(const EraseValuesRequest& request,
                                   const CallOptions& call) override;

  Result<SerialRangeAnswer> AllocateSerialRange(const AllocateSerialRangeRequest& request,
                                                const CallOptions& call) override;
  Result<SerialRangeAnswer> ActivateSerialRange(const ActivateSerialRangeRequest& request,
                                                const CallOptions& call) override;
  Result<SerialRangeAnswer> ReleaseSerialRange(const ReleaseSerialRangeRequest& request,
                                               const CallOptions& call) override;
  Result<SerialRange> GetSerialRange(const std::string& name, const CallOptions& call) override;
  Range<SerialRange> ListSerialRanges(const ListSerialRangesRequest& request,
                                      const CallOptions& call) override;

  Result<TransferAnswer> OfferTransfer(const OfferTransferRequest& request,
                                       const CallOptions& call) override;
  Result<TransferAnswer> AcceptTransfer(const AcceptTransferRequest& request,
                                        const CallOptions& call) override;
  Result<TransferAnswer> DeclineTransfer(const DeclineTransferRequest& request,
                                         const CallOptions& call) override;
  Result<TransferAnswer> WithdrawTransfer(const WithdrawTransferRequest& request,
                                          const CallOptions& call) override;
  Result<Transfer> GetTransfer(const std::string& name, const CallOptions& call) override;
  Range<Transfer> ListTransfers(const ListTransfersRequest& request,
                                const CallOptions& call) override;
};

}  // namespace gusu
