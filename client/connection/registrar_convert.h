// Between structs and messages: registrants, prefixes, credentials, templates, grants, statistics.
// For connection/convert.h, which includes it.
#pragma once

#include "gusu/requests.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/statistics.pb.h"

namespace gusu {

v1::ApplyRegistrantRequest ToProto(const ApplyRegistrantRequest& request);
v1::UpdateRegistrantRequest ToProto(const UpdateRegistrantRequest& request);
v1::ApproveRegistrantRequest ToProto(const ApproveRegistrantRequest& request);
v1::ReturnRegistrantRequest ToProto(const ReturnRegistrantRequest& request);
v1::RejectRegistrantRequest ToProto(const RejectRegistrantRequest& request);
v1::SuspendRegistrantRequest ToProto(const SuspendRegistrantRequest& request);
v1::ActivateRegistrantRequest ToProto(const ActivateRegistrantRequest& request);
v1::CloseRegistrantRequest ToProto(const CloseRegistrantRequest& request);
v1::DesignateRegistrantRequest ToProto(const DesignateRegistrantRequest& request);
v1::RevokeDesignationRequest ToProto(const RevokeDesignationRequest& request);
v1::ListRegistrantsRequest ToProto(const ListRegistrantsRequest& request);
v1::CreateCredentialRequest ToProto(const CreateCredentialRequest& request);
v1::ListCredentialsRequest ToProto(const ListCredentialsRequest& request);
v1::RevokeCredentialRequest ToProto(const RevokeCredentialRequest& request);

v1::GrantPrefixRequest ToProto(const GrantPrefixRequest& request);
v1::UpdatePrefixRequest ToProto(const UpdatePrefixRequest& request);
v1::DelegatePrefixRequest ToProto(const DelegatePrefixRequest& request);
v1::TransferPrefixRequest ToProto(const TransferPrefixRequest& request);
v1::SuspendPrefixRequest ToProto(const SuspendPrefixRequest& request);
v1::ActivatePrefixRequest ToProto(const ActivatePrefixRequest& request);
v1::RetirePrefixRequest ToProto(const RetirePrefixRequest& request);
v1::ListPrefixesRequest ToProto(const ListPrefixesRequest& request);

v1::CreateTemplateRequest ToProto(const CreateTemplateRequest& request);
v1::UpdateTemplateRequest ToProto(const UpdateTemplateRequest& request);
v1::PublishTemplateRequest ToProto(const PublishTemplateRequest& request);
v1::WithdrawTemplateRequest ToProto(const WithdrawTemplateRequest& request);
v1::ListTemplatesRequest ToProto(const ListTemplatesRequest& request);

v1::CreateGrantRequest ToProto(const CreateGrantRequest& request);
v1::RevokeGrantRequest ToProto(const RevokeGrantRequest& request);
v1::ListGrantsRequest ToProto(const ListGrantsRequest& request);
v1::SetGroupRequest ToProto(const SetGroupRequest& request);
v1::ListGroupsRequest ToProto(const ListGroupsRequest& request);

v1::GetStatisticsRequest ToGetStatistics(const StatisticsRequest& request);
v1::ListUsageRequest ToListUsage(const StatisticsRequest& request);
v1::RecountStatisticsRequest ToProto(const RecountStatisticsRequest& request);

v1::OrganizationCode ToProto(const OrganizationCode& code);

OrganizationCode FromProto(const v1::OrganizationCode& code);
Registrant FromProto(const v1::Registrant& registrant);
Credential FromProto(const v1::Credential& credential);
Prefix FromProto(const v1::Prefix& prefix);
Template FromProto(const v1::Template& definition);
Grant FromProto(const v1::Grant& grant);
Group FromProto(const v1::Group& group);
DayCounts FromProto(const v1::DayCounts& day);
DayUsage FromProto(const v1::DayUsage& day);
RegistrantAnswer FromProto(const v1::RegistrantResponse& response);
PrefixAnswer FromProto(const v1::PrefixResponse& response);
CredentialAnswer FromProto(const v1::CredentialResponse& response);
TemplateAnswer FromProto(const v1::TemplateResponse& response);
GrantAnswer FromProto(const v1::GrantResponse& response);
GroupAnswer FromProto(const v1::GroupResponse& response);
RecountPage FromProto(const v1::RecountStatisticsResponse& response);

}  // namespace gusu
