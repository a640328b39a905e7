// Client's methods of the registrar and of statistics.
#include "client/request_id.h"
#include "gusu/client.h"

namespace gusu {

Result<RegistrantAnswer> Client::ApplyRegistrant(ApplyRegistrantRequest request, CallOptions call) {
  return connection_->ApplyRegistrant(request, call);
}

Result<RegistrantAnswer> Client::UpdateRegistrant(UpdateRegistrantRequest request,
                                                  CallOptions call) {
  FillRequestId(request);
  return connection_->UpdateRegistrant(request, call);
}

Result<RegistrantAnswer> Client::ApproveRegistrant(ApproveRegistrantRequest request,
                                                   CallOptions call) {
  FillRequestId(request);
  return connection_->ApproveRegistrant(request, call);
}

Result<RegistrantAnswer> Client::ReturnRegistrant(ReturnRegistrantRequest request,
                                                  CallOptions call) {
  FillRequestId(request);
  return connection_->ReturnRegistrant(request, call);
}

Result<RegistrantAnswer> Client::RejectRegistrant(RejectRegistrantRequest request,
                                                  CallOptions call) {
  FillRequestId(request);
  return connection_->RejectRegistrant(request, call);
}

Result<RegistrantAnswer> Client::SuspendRegistrant(SuspendRegistrantRequest request,
                                                   CallOptions call) {
  FillRequestId(request);
  return connection_->SuspendRegistrant(request, call);
}

Result<RegistrantAnswer> Client::ActivateRegistrant(ActivateRegistrantRequest request,
                                                    CallOptions call) {
  FillRequestId(request);
  return connection_->ActivateRegistrant(request, call);
}

Result<RegistrantAnswer> Client::CloseRegistrant(CloseRegistrantRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->CloseRegistrant(request, call);
}

Result<RegistrantAnswer> Client::DesignateRegistrant(DesignateRegistrantRequest request,
                                                     CallOptions call) {
  return connection_->DesignateRegistrant(request, call);
}

Result<RegistrantAnswer> Client::RevokeDesignation(RevokeDesignationRequest request,
                                                   CallOptions call) {
  FillRequestId(request);
  return connection_->RevokeDesignation(request, call);
}

Result<Registrant> Client::GetRegistrant(const std::string& name, CallOptions call) {
  return connection_->GetRegistrant(name, call);
}

Range<Registrant> Client::ListRegistrants(ListRegistrantsRequest request, CallOptions call) {
  return connection_->ListRegistrants(request, call);
}

Result<PrefixAnswer> Client::GrantPrefix(GrantPrefixRequest request, CallOptions call) {
  return connection_->GrantPrefix(request, call);
}

Result<PrefixAnswer> Client::UpdatePrefix(UpdatePrefixRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->UpdatePrefix(request, call);
}

Result<PrefixAnswer> Client::DelegatePrefix(DelegatePrefixRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->DelegatePrefix(request, call);
}

Result<PrefixAnswer> Client::TransferPrefix(TransferPrefixRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->TransferPrefix(request, call);
}

Result<PrefixAnswer> Client::SuspendPrefix(SuspendPrefixRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->SuspendPrefix(request, call);
}

Result<PrefixAnswer> Client::ActivatePrefix(ActivatePrefixRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->ActivatePrefix(request, call);
}

Result<PrefixAnswer> Client::RetirePrefix(RetirePrefixRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->RetirePrefix(request, call);
}

Result<Prefix> Client::GetPrefix(const std::string& name, CallOptions call) {
  return connection_->GetPrefix(name, call);
}

Range<Prefix> Client::ListPrefixes(ListPrefixesRequest request, CallOptions call) {
  return connection_->ListPrefixes(request, call);
}

Result<CredentialAnswer> Client::CreateCredential(CreateCredentialRequest request,
                                                  CallOptions call) {
  return connection_->CreateCredential(request, call);
}

Range<Credential> Client::ListCredentials(ListCredentialsRequest request, CallOptions call) {
  return connection_->ListCredentials(request, call);
}

Result<CredentialAnswer> Client::RevokeCredential(RevokeCredentialRequest request,
                                                  CallOptions call) {
  return connection_->RevokeCredential(request, call);
}

Result<Template> Client::GetTemplate(const std::string& name, uint32_t version, CallOptions call) {
  return connection_->GetTemplate(name, version, call);
}

Range<Template> Client::ListTemplates(ListTemplatesRequest request, CallOptions call) {
  return connection_->ListTemplates(request, call);
}

Result<TemplateAnswer> Client::CreateTemplate(CreateTemplateRequest request, CallOptions call) {
  return connection_->CreateTemplate(request, call);
}

Result<TemplateAnswer> Client::UpdateTemplate(UpdateTemplateRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->UpdateTemplate(request, call);
}

Result<TemplateAnswer> Client::PublishTemplate(PublishTemplateRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->PublishTemplate(request, call);
}

Result<TemplateAnswer> Client::WithdrawTemplate(WithdrawTemplateRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->WithdrawTemplate(request, call);
}

Result<GrantAnswer> Client::CreateGrant(CreateGrantRequest request, CallOptions call) {
  return connection_->CreateGrant(request, call);
}

Result<GrantAnswer> Client::RevokeGrant(RevokeGrantRequest request, CallOptions call) {
  return connection_->RevokeGrant(request, call);
}

Range<Grant> Client::ListGrants(ListGrantsRequest request, CallOptions call) {
  return connection_->ListGrants(request, call);
}

Result<GroupAnswer> Client::SetGroup(SetGroupRequest request, CallOptions call) {
  FillRequestId(request);
  return connection_->SetGroup(request, call);
}

Range<Group> Client::ListGroups(ListGroupsRequest request, CallOptions call) {
  return connection_->ListGroups(request, call);
}

Range<DayCounts> Client::GetStatistics(StatisticsRequest request, CallOptions call) {
  return connection_->GetStatistics(request, call);
}

Range<DayUsage> Client::ListUsage(StatisticsRequest request, CallOptions call) {
  return connection_->ListUsage(request, call);
}

}  // namespace gusu
