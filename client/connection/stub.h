// The API's calls, once each and without a second try. What it hides is gRPC: channels,
// credentials, deadlines, and errors as they come from the wire.
#pragma once

#include <chrono>
#include <memory>

#include "client/connection/wire.h"
#include "gusu/options.h"
#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"

namespace gusu {

// Threads may call it at the same time.
class Stub {
 public:
  using Deadline = std::chrono::steady_clock::time_point;
  using RegisterWire = Wire<v1::StreamRegisterRequest, v1::StreamRegisterResponse>;
  using ResolveWire = Wire<v1::StreamResolveRequest, v1::StreamResolveResponse>;
  using WatchWire = ReadWire<v1::WatchEntriesResponse>;

  // Fails with kInvalidArgument / OPTIONS_INVALID, naming the option.
  static Result<std::shared_ptr<Stub>> Make(const ClientOptions& options);
  ~Stub();

  Tried Call(Deadline, const v1::ApplyRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::UpdateRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::ApproveRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::ReturnRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::RejectRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::SuspendRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::ActivateRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::CloseRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::DesignateRegistrantRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::RevokeDesignationRequest&, v1::RegistrantResponse*);
  Tried Call(Deadline, const v1::GetRegistrantRequest&, v1::Registrant*);
  Tried Call(Deadline, const v1::ListRegistrantsRequest&, v1::ListRegistrantsResponse*);
  Tried Call(Deadline, const v1::GrantPrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::UpdatePrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::DelegatePrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::TransferPrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::SuspendPrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::ActivatePrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::RetirePrefixRequest&, v1::PrefixResponse*);
  Tried Call(Deadline, const v1::GetPrefixRequest&, v1::Prefix*);
  Tried Call(Deadline, const v1::ListPrefixesRequest&, v1::ListPrefixesResponse*);
  Tried Call(Deadline, const v1::CreateCredentialRequest&, v1::CredentialResponse*);
  Tried Call(Deadline, const v1::ListCredentialsRequest&, v1::ListCredentialsResponse*);
  Tried Call(Deadline, const v1::RevokeCredentialRequest&, v1::CredentialResponse*);
  Tried Call(Deadline, const v1::GetTemplateRequest&, v1::Template*);
  Tried Call(Deadline, const v1::ListTemplatesRequest&, v1::ListTemplatesResponse*);
  Tried Call(Deadline, const v1::CreateTemplateRequest&, v1::TemplateResponse*);
  Tried Call(Deadline, const v1::UpdateTemplateRequest&, v1::TemplateResponse*);
  Tried Call(Deadline, const v1::PublishTemplateRequest&, v1::TemplateResponse*);
  Tried Call(Deadline, const v1::WithdrawTemplateRequest&, v1::TemplateResponse*);
  Tried Call(Deadline, const v1::CreateGrantRequest&, v1::GrantResponse*);
  Tried Call(Deadline, const v1::RevokeGrantRequest&, v1::GrantResponse*);
  Tried Call(Deadline, const v1::ListGrantsRequest&, v1::ListGrantsResponse*);
  Tried Call(Deadline, const v1::SetGroupRequest&, v1::GroupResponse*);
  Tried Call(Deadline, const v1::ListGroupsRequest&, v1::ListGroupsResponse*);

  Tried Call(Deadline, const v1::GetStatisticsRequest&, v1::GetStatisticsResponse*);
  Tried Call(Deadline, const v1::RecountStatisticsRequest&, v1::RecountStatisticsResponse*);
  Tried Call(Deadline, const v1::ListUsageRequest&, v1::ListUsageResponse*);

  Tried Call(Deadline, const v1::RegisterRequest&, v1::RegisterResponse*);
  Tried Call(Deadline, const v1::BatchRegisterRequest&, v1::BatchRegisterResponse*);
  Tried Call(Deadline, const v1::GetRecordRequest&, v1::Record*);
  Tried Call(Deadline, const v1::ListRecordsRequest&, v1::ListRecordsResponse*);
  Tried Call(Deadline, const v1::ListRevisionsRequest&, v1::ListRevisionsResponse*);
  Tried Call(Deadline, const v1::UpdateRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::ModifyValuesRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::SuspendRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::ActivateRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::RetireRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::ReinstateRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::HoldRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::UnholdRecordRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::EraseValuesRequest&, v1::RecordResponse*);
  Tried Call(Deadline, const v1::AllocateSerialRangeRequest&, v1::SerialRangeResponse*);
  Tried Call(Deadline, const v1::ActivateSerialRangeRequest&, v1::SerialRangeResponse*);
  Tried Call(Deadline, const v1::ReleaseSerialRangeRequest&, v1::SerialRangeResponse*);
  Tried Call(Deadline, const v1::GetSerialRangeRequest&, v1::SerialRange*);
  Tried Call(Deadline, const v1::ListSerialRangesRequest&, v1::ListSerialRangesResponse*);
  Tried Call(Deadline, const v1::OfferTransferRequest&, v1::TransferResponse*);
  Tried Call(Deadline, const v1::AcceptTransferRequest&, v1::TransferResponse*);
  Tried Call(Deadline, const v1::DeclineTransferRequest&, v1::TransferResponse*);
  Tried Call(Deadline, const v1::WithdrawTransferRequest&, v1::TransferResponse*);
  Tried Call(Deadline, const v1::GetTransferRequest&, v1::Transfer*);
  Tried Call(Deadline, const v1::ListTransfersRequest&, v1::ListTransfersResponse*);

  Tried Call(Deadline, const v1::ResolveRequest&, v1::ResolveResponse*);
  Tried Call(Deadline, const v1::BatchResolveRequest&, v1::BatchResolveResponse*);

  Tried Call(Deadline, const v1::GetCheckpointRequest&, v1::GetCheckpointResponse*);
  Tried Call(Deadline, const v1::ListEntriesRequest&, v1::ListEntriesResponse*);
  Tried Call(Deadline, const v1::GetInclusionProofRequest&, v1::GetInclusionProofResponse*);
  Tried Call(Deadline, const v1::GetConsistencyProofRequest&, v1::GetConsistencyProofResponse*);
  Tried Call(Deadline, const v1::GetTileRequest&, v1::GetTileResponse*);
  Tried Call(Deadline, const v1::AddCosignaturesRequest&, v1::AddCosignaturesResponse*);
  Tried Call(Deadline, const v1::ListRowsRequest&, v1::ListRowsResponse*);
  Tried Call(Deadline, const v1::ListFilesRequest&, v1::ListFilesResponse*);
  Tried Call(Deadline, const v1::VerifyFileRequest&, v1::VerifyFileResponse*);

  // The stub outlives its wires, and `signal` the wire.
  std::unique_ptr<RegisterWire> OpenRegisterWire(Signal* signal);
  std::unique_ptr<ResolveWire> OpenResolveWire(Signal* signal);
  std::unique_ptr<WatchWire> OpenWatchWire(const v1::WatchEntriesRequest& request, Signal* signal);

 private:
  struct Channels;
  explicit Stub(std::unique_ptr<Channels> channels);
  const std::unique_ptr<Channels> channels_;
};

}  // namespace gusu
