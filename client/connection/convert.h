// Between the library's plain structs and the API's messages, field by field.
#pragma once

#include "gusu/audit.h"
#include "gusu/requests.h"
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"

namespace google::rpc {
class Status;
}

namespace gusu {

v1::ApplyRegistrantRequest ToProto(const ApplyRegistrantRequest& request);
v1::ApproveRegistrantRequest ToProto(const ApproveRegistrantRequest& request);
v1::ListRegistrantsRequest ToProto(const ListRegistrantsRequest& request);
v1::GrantPrefixRequest ToProto(const GrantPrefixRequest& request);
v1::ListPrefixesRequest ToProto(const ListPrefixesRequest& request);
v1::CreateCredentialRequest ToProto(const CreateCredentialRequest& request);
v1::ListCredentialsRequest ToProto(const ListCredentialsRequest& request);
v1::RevokeCredentialRequest ToProto(const RevokeCredentialRequest& request);
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
v1::EraseValuesRequest ToProto(const EraseValuesRequest& request);
v1::ResolveOptions ToProto(const ResolveOptions& options);
v1::ListEntriesRequest ToProto(const ListEntriesRequest& request);
v1::WatchEntriesRequest ToProto(const WatchEntriesRequest& request);
v1::AddCosignaturesRequest ToProto(const AddCosignaturesRequest& request);
v1::ListRowsRequest ToProto(const ListRowsRequest& request);

Registrant FromProto(const v1::Registrant& registrant);
Prefix FromProto(const v1::Prefix& prefix);
Credential FromProto(const v1::Credential& credential);
Template FromProto(const v1::Template& definition);
Receipt FromProto(const v1::Receipt& receipt);
Record FromProto(const v1::Record& record);
RecordRevision FromProto(const v1::RecordRevision& revision);
RegistrantAnswer FromProto(const v1::RegistrantResponse& response);
PrefixAnswer FromProto(const v1::PrefixResponse& response);
CredentialAnswer FromProto(const v1::CredentialResponse& response);
RecordAnswer FromProto(const v1::RecordResponse& response);
RegisterResult FromProto(const v1::RegisterResult& result);
ResolveAnswer FromProto(const v1::ResolveResponse& response);
RegisterRow FromProto(const v1::RegisterRow& row);

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
