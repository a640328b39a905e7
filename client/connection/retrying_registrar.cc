#include "client/connection/retrying_registrar.h"

#include "client/connection/text_check_registrar.h"

namespace gusu {

Result<RegistrantAnswer> RetryingRegistrar::ApplyRegistrant(const ApplyRegistrantRequest& request,
                                                            const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::UpdateRegistrant(const UpdateRegistrantRequest& request,
                                                             const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::ApproveRegistrant(
    const ApproveRegistrantRequest& request, const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::ReturnRegistrant(const ReturnRegistrantRequest& request,
                                                             const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::RejectRegistrant(const RejectRegistrantRequest& request,
                                                             const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::SuspendRegistrant(
    const SuspendRegistrantRequest& request, const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::ActivateRegistrant(
    const ActivateRegistrantRequest& request, const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::CloseRegistrant(const CloseRegistrantRequest& request,
                                                            const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::DesignateRegistrant(
    const DesignateRegistrantRequest& request, const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<RegistrantAnswer> RetryingRegistrar::RevokeDesignation(
    const RevokeDesignationRequest& request, const CallOptions& call) {
  return Converted(Write<v1::RegistrantResponse>(request, call));
}

Result<Registrant> RetryingRegistrar::GetRegistrant(const std::string& name,
                                                    const CallOptions& call) {
  return Converted(ReadByName<v1::GetRegistrantRequest, v1::Registrant>(name, call));
}

Range<Registrant> RetryingRegistrar::ListRegistrants(const ListRegistrantsRequest& request,
                                                     const CallOptions& call) {
  return PagesUnless<Registrant, v1::ListRegistrantsResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.registrants(); });
}

Result<PrefixAnswer> RetryingRegistrar::GrantPrefix(const GrantPrefixRequest& request,
                                                    const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<PrefixAnswer> RetryingRegistrar::UpdatePrefix(const UpdatePrefixRequest& request,
                                                     const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<PrefixAnswer> RetryingRegistrar::DelegatePrefix(const DelegatePrefixRequest& request,
                                                       const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<PrefixAnswer> RetryingRegistrar::TransferPrefix(const TransferPrefixRequest& request,
                                                       const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<PrefixAnswer> RetryingRegistrar::SuspendPrefix(const SuspendPrefixRequest& request,
                                                      const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<PrefixAnswer> RetryingRegistrar::ActivatePrefix(const ActivatePrefixRequest& request,
                                                       const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<PrefixAnswer> RetryingRegistrar::RetirePrefix(const RetirePrefixRequest& request,
                                                     const CallOptions& call) {
  return Converted(Write<v1::PrefixResponse>(request, call));
}

Result<Prefix> RetryingRegistrar::GetPrefix(const std::string& name, const CallOptions& call) {
  return Converted(ReadByName<v1::GetPrefixRequest, v1::Prefix>(name, call));
}

Range<Prefix> RetryingRegistrar::ListPrefixes(const ListPrefixesRequest& request,
                                              const CallOptions& call) {
  return PagesUnless<Prefix, v1::ListPrefixesResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.prefixes(); });
}

Result<CredentialAnswer> RetryingRegistrar::CreateCredential(const CreateCredentialRequest& request,
                                                             const CallOptions& call) {
  return Converted(Write<v1::CredentialResponse>(request, call));
}

Range<Credential> RetryingRegistrar::ListCredentials(const ListCredentialsRequest& request,
                                                     const CallOptions& call) {
  return PagesUnless<Credential, v1::ListCredentialsResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.credentials(); });
}

Result<CredentialAnswer> RetryingRegistrar::RevokeCredential(const RevokeCredentialRequest& request,
                                                             const CallOptions& call) {
  return Converted(Write<v1::CredentialResponse>(request, call));
}

Result<Template> RetryingRegistrar::GetTemplate(const std::string& name, uint32_t version,
                                                const CallOptions& call) {
  if (Status fault = CheckText("name", name); !fault.ok()) return fault;
  v1::GetTemplateRequest request;
  request.set_name(name);
  request.set_version(version);
  return Converted(Read<v1::Template>(request, call));
}

Range<Template> RetryingRegistrar::ListTemplates(const ListTemplatesRequest& request,
                                                 const CallOptions& call) {
  return PagesUnless<Template, v1::ListTemplatesResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.templates(); });
}

Result<TemplateAnswer> RetryingRegistrar::CreateTemplate(const CreateTemplateRequest& request,
                                                         const CallOptions& call) {
  return Converted(Write<v1::TemplateResponse>(request, call));
}

Result<TemplateAnswer> RetryingRegistrar::UpdateTemplate(const UpdateTemplateRequest& request,
                                                         const CallOptions& call) {
  return Converted(Write<v1::TemplateResponse>(request, call));
}

Result<TemplateAnswer> RetryingRegistrar::PublishTemplate(const PublishTemplateRequest& request,
                                                          const CallOptions& call) {
  return Converted(Write<v1::TemplateResponse>(request, call));
}

Result<TemplateAnswer> RetryingRegistrar::WithdrawTemplate(const WithdrawTemplateRequest& request,
                                                           const CallOptions& call) {
  return Converted(Write<v1::TemplateResponse>(request, call));
}

Result<GrantAnswer> RetryingRegistrar::CreateGrant(const CreateGrantRequest& request,
                                                   const CallOptions& call) {
  return Converted(Write<v1::GrantResponse>(request, call));
}

Result<GrantAnswer> RetryingRegistrar::RevokeGrant(const RevokeGrantRequest& request,
                                                   const CallOptions& call) {
  return Converted(Write<v1::GrantResponse>(request, call));
}

Range<Grant> RetryingRegistrar::ListGrants(const ListGrantsRequest& request,
                                           const CallOptions& call) {
  return PagesUnless<Grant, v1::ListGrantsResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.grants(); });
}

Result<GroupAnswer> RetryingRegistrar::SetGroup(const SetGroupRequest& request,
                                                const CallOptions& call) {
  return Converted(Write<v1::GroupResponse>(request, call));
}

Range<Group> RetryingRegistrar::ListGroups(const ListGroupsRequest& request,
                                           const CallOptions& call) {
  return PagesUnless<Group, v1::ListGroupsResponse>(
      CheckText(request), ToProto(request), call,
      [](const auto& page) -> auto& { return page.groups(); });
}

Range<DayCounts> RetryingRegistrar::GetStatistics(const StatisticsRequest& request,
                                                  const CallOptions& call) {
  return PagesUnless<DayCounts, v1::GetStatisticsResponse>(
      CheckText(request), ToGetStatistics(request), call,
      [](const auto& page) -> auto& { return page.days(); });
}

Range<DayUsage> RetryingRegistrar::ListUsage(const StatisticsRequest& request,
                                             const CallOptions& call) {
  return PagesUnless<DayUsage, v1::ListUsageResponse>(
      CheckText(request), ToListUsage(request), call,
      [](const auto& page) -> auto& { return page.days(); });
}

Result<RecountPage> RetryingRegistrar::RecountStatistics(const RecountStatisticsRequest& request,
                                                         const CallOptions& call) {
  if (Status fault = CheckText(request); !fault.ok()) return fault;
  return Converted(Read<v1::RecountStatisticsResponse>(ToProto(request), call));
}

}  // namespace gusu
