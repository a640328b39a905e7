// Between the library's plain structs and the API's messages, field by field.
#pragma once

#include "client/connection/registrar_convert.h"
#include "gusu/audit.h"
#include "gusu/requests.h"
#include "gusu/serial_range.h"
#include "gusu/transfer.h"
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"

namespace google::rpc {
class Status;
}

namespace gusu {

v1::OnBehalfOf ToProto(const OnBehalfOf& on_behalf_of);
v1::RegisterRow ToProto(const RegisterRow& row);
v1::RegisterRequest ToProto(const RegisterRequest& request);
v1::BatchRegisterRequest ToProto(const BatchRegisterRequest& request);
v1::ListRecordsRequest ToProto(const ListRecordsRequest& request);
v1::ListRevisionsRequest ToProto(const ListRevisionsRequest& request);
v1::UpdateRecordRequest ToProto(const UpdateRecordRequest& request);
v1::ModifyValuesRequest ToProto(const ModifyValuesRequest& request);
v1::SuspendRecordRequest ToProto(const SuspendRecordRequest& request);
v1::ActivateRecordRequest ToProto(const ActivateRecordRequest& request);
v1::RetireRecordRequest ToProto(const RetireRecordRequest& request);
v1::ReinstateRecordRequest ToProto(const ReinstateRecordRequest& request);
v1::GetRecordRequest ToProto(const GetRecordRequest& request);
v1::HoldRecordRequest ToProto(const HoldRecordRequest& request);
v1::UnholdRecordRequest ToProto(const UnholdRecordRequest& request);
v1::AllocateSerialRangeRequest ToProto(const AllocateSerialRangeRequest& request);
v1::ActivateSerialRangeRequest ToProto(const ActivateSerialRangeRequest& request);
v1::ReleaseSerialRangeRequest ToProto(const ReleaseSerialRangeRequest& request);
v1::ListSerialRangesRequest ToProto(const ListSerialRangesRequest& request);
v1::OfferTransferRequest ToProto(const OfferTransferRequest& request);
v1::AcceptTransferRequest ToProto(const AcceptTransferRequest& request);
v1::DeclineTransferRequest ToProto(const DeclineTransferRequest& request);
v1::WithdrawTransferRequest ToProto(const WithdrawTransferRequest& request);
v1::ListTransfersRequest ToProto(const ListTransfersRequest& request);
v1::EraseValuesRequest ToProto(const EraseValuesRequest& request);
v1::ResolveOptions ToProto(const ResolveOptions& options);
v1::ListEntriesRequest ToProto(const ListEntriesRequest& request);
v1::WatchEntriesRequest ToProto(const WatchEntriesRequest& request);
v1::AddCosignaturesRequest ToProto(const AddCosignaturesRequest& request);
v1::ListRowsRequest ToProto(const ListRowsRequest& request);

Receipt FromProto(const v1::Receipt& receipt);
Record FromProto(const v1::Record& record);
RecordRevision FromProto(const v1::RecordRevision& revision);
RecordAnswer FromProto(const v1::RecordResponse& response);
RegisterResult FromProto(const v1::RegisterResult& result);
ResolveAnswer FromProto(const v1::ResolveResponse& response);
RegisterRow FromProto(const v1::RegisterRow& row);
Site FromProto(const v1::Site& site);
Referral FromProto(const v1::Referral& referral);
SerialRange FromProto(const v1::SerialRange& range);
SerialRangeAnswer FromProto(const v1::SerialRangeResponse& response);
Transfer FromProto(const v1::Transfer& transfer);
TransferAnswer FromProto(const v1::TransferResponse& response);

LeafProof FromProto(const v1::LeafProof& proof);
AnswerProof FromProto(const v1::AnswerProof& proof);
LogCheckpoint FromProto(const v1::GetCheckpointResponse& response);
LogEntry FromProto(const v1::LogEntry& entry);
StoredRow FromProto(const v1::StoredRow& row);
InclusionProof FromProto(const v1::GetInclusionProofResponse& response);
ConsistencyProof FromProto(const v1::GetConsistencyProofResponse& response);
WatchEvent FromProto(const v1::WatchEntriesResponse& response);
std::vector<StoredFile> FromProto(const v1::ListFilesResponse& response);

// The enumerations of both sides have the same numbers.
template <typename To, typename From>
To Same(From value) {
  return static_cast<To>(static_cast<int>(value));
}

void FillTime(Timestamp time, google::protobuf::Timestamp* out);

// The error of one row or identifier, with the reason and metadata of its ErrorInfo.
Status FromProto(const google::rpc::Status& status);

}  // namespace gusu
