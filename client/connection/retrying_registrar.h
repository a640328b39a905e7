// Calls of the connection on registrants, prefixes, credentials, templates, grants and statistics.
#pragma once

#include "client/connection/retrying_registry.h"

namespace gusu {

class RetryingRegistrar : public RetryingRegistry {
 public:
  using RetryingRegistry::RetryingRegistry;

  Result<RegistrantAnswer> ApplyRegistrant(const ApplyRegistrantRequest& request,
                                           const CallOptions& call) override;
  Result<RegistrantAnswer> UpdateRegistrant(const UpdateRegistrantRequest& request,
                                            const CallOptions& call) override;
  Result<RegistrantAnswer> ApproveRegistrant(const ApproveRegistrantRequest& request,
                                             const CallOptions& call) override;
  Result<RegistrantAnswer> ReturnRegistrant(const ReturnRegistrantRequest& request,
                                            const CallOptions& call) override;
  Result<RegistrantAnswer> RejectRegistrant(const RejectRegistrantRequest& request,
                                            const CallOptions& call) override;
  Result<RegistrantAnswer> SuspendRegistrant(const SuspendRegistrantRequest& request,
                                             const CallOptions& call) override;
  Result<RegistrantAnswer> ActivateRegistrant(const ActivateRegistrantRequest& request,
                                              const CallOptions& call) override;
  Result<RegistrantAnswer> CloseRegistrant(const CloseRegistrantRequest& request,
                                           const CallOptions& call) override;
  Result<RegistrantAnswer> DesignateRegistrant(const DesignateRegistrantRequest& request,
                                               const CallOptions& call) override;
  Result<RegistrantAnswer> RevokeDesignation(const RevokeDesignationRequest& request,
                                             const CallOptions& call) override;
  Result<Registrant> GetRegistrant(const std::string& name, const CallOptions& call) override;
  Range<Registrant> ListRegistrants(const ListRegistrantsRequest& request,
                                    const CallOptions& call) override;

  Result<PrefixAnswer> GrantPrefix(const GrantPrefixRequest& request,
                                   const CallOptions& call) override;
  Result<PrefixAnswer> UpdatePrefix(const UpdatePrefixRequest& request,
                                    const CallOptions& call) override;
  Result<PrefixAnswer> DelegatePrefix(const DelegatePrefixRequest& request,
                                      const CallOptions& call) override;
  Result<PrefixAnswer> TransferPrefix(const TransferPrefixRequest& request,
                                      const CallOptions& call) override;
  Result<PrefixAnswer> SuspendPrefix(const SuspendPrefixRequest& request,
                                     const CallOptions& call) override;
  Result<PrefixAnswer> ActivatePrefix(const ActivatePrefixRequest& request,
                                      const CallOptions& call) override;
  Result<PrefixAnswer> RetirePrefix(const RetirePrefixRequest& request,
                                    const CallOptions& call) override;
  Result<Prefix> GetPrefix(const std::string& name, const CallOptions& call) override;
  Range<Prefix> ListPrefixes(const ListPrefixesRequest& request, const CallOptions& call) override;

  Result<CredentialAnswer> CreateCredential(const CreateCredentialRequest& request,
                                            const CallOptions& call) override;
  Range<Credential> ListCredentials(const ListCredentialsRequest& request,
                                    const CallOptions& call) override;
  Result<CredentialAnswer> RevokeCredential(const RevokeCredentialRequest& request,
                                            const CallOptions& call) override;

  Result<Template> GetTemplate(const std::string& name, uint32_t version,
                               const CallOptions& call) override;
  Range<Template> ListTemplates(const ListTemplatesRequest& request,
                                const CallOptions& call) override;
  Result<TemplateAnswer> CreateTemplate(const CreateTemplateRequest& request,
                                        const CallOptions& call) override;
  Result<TemplateAnswer> UpdateTemplate(const UpdateTemplateRequest& request,
                                        const CallOptions& call) override;
  Result<TemplateAnswer> PublishTemplate(const PublishTemplateRequest& request,
                                         const CallOptions& call) override;
  Result<TemplateAnswer> WithdrawTemplate(const WithdrawTemplateRequest& request,
                                          const CallOptions& call) override;

  Result<GrantAnswer> CreateGrant(const CreateGrantRequest& request,
                                  const CallOptions& call) override;
  Result<GrantAnswer> RevokeGrant(const RevokeGrantRequest& request,
                                  const CallOptions& call) override;
  Range<Grant> ListGrants(const ListGrantsRequest& request, const CallOptions& call) override;
  Result<GroupAnswer> SetGroup(const SetGroupRequest& request, const CallOptions& call) override;
  Range<Group> ListGroups(const ListGroupsRequest& request, const CallOptions& call) override;

  Range<DayCounts> GetStatistics(const StatisticsRequest& request,
                                 const CallOptions& call) override;
  Range<DayUsage> ListUsage(const StatisticsRequest& request, const CallOptions& call) override;
  Result<RecountPage> RecountStatistics(const RecountStatisticsRequest& request,
                                        const CallOptions& call) override;
};

}  // namespace gusu
