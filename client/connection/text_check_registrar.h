// Text that cannot travel, as client/connection/text_check.h: of the registrar and of statistics.
#pragma once

#include "client/connection/text_check.h"

namespace gusu {

Status CheckText(const ApplyRegistrantRequest& request);
Status CheckText(const UpdateRegistrantRequest& request);
// Of approving, returning, rejecting, suspending, activating and retiring.
Status CheckText(const Decision& request);
Status CheckText(const CloseRegistrantRequest& request);
Status CheckText(const DesignateRegistrantRequest& request);
Status CheckText(const RevokeDesignationRequest& request);
Status CheckText(const ListRegistrantsRequest& request);
Status CheckText(const CreateCredentialRequest& request);
Status CheckText(const ListCredentialsRequest& request);
Status CheckText(const RevokeCredentialRequest& request);
Status CheckText(const GrantPrefixRequest& request);
Status CheckText(const UpdatePrefixRequest& request);
Status CheckText(const DelegatePrefixRequest& request);
Status CheckText(const TransferPrefixRequest& request);
Status CheckText(const ListPrefixesRequest& request);
Status CheckText(const CreateTemplateRequest& request);
Status CheckText(const UpdateTemplateRequest& request);
Status CheckText(const PublishTemplateRequest& request);
Status CheckText(const WithdrawTemplateRequest& request);
Status CheckText(const ListTemplatesRequest& request);
// Also kInvalidArgument / FIELD_INVALID when there is not exactly one grantee or scope: the message
// holds no more than one.
Status CheckText(const CreateGrantRequest& request);
Status CheckText(const RevokeGrantRequest& request);
Status CheckText(const ListGrantsRequest& request);
Status CheckText(const SetGroupRequest& request);
Status CheckText(const ListGroupsRequest& request);
Status CheckText(const StatisticsRequest& request);
Status CheckText(const RecountStatisticsRequest& request);

}  // namespace gusu
