#include "gusu/v1/registrar.grpc.pb.h"
#include "server/doors/grpc/services.h"
#include "server/doors/grpc/unary.h"
#include "server/grants/grants.h"
#include "server/registrar.h"
#include "server/templates/templates.h"

namespace gusu::server {
namespace {

class RegistrarDoor final : public v1::RegistrarService::CallbackService {
 public:
  explicit RegistrarDoor(Core* core) : core_(*core) {}

  grpc::ServerUnaryReactor* ApplyRegistrant(grpc::CallbackServerContext* context,
                                            const v1::ApplyRegistrantRequest* request,
                                            v1::RegistrantResponse* response) override {
    return Write(core_, Method::kApplyRegistrant, context, core_.rules().registrar,
                 &Registrar::ApplyRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* ApproveRegistrant(grpc::CallbackServerContext* context,
                                              const v1::ApproveRegistrantRequest* request,
                                              v1::RegistrantResponse* response) override {
    return Write(core_, Method::kApproveRegistrant, context, core_.rules().registrar,
                 &Registrar::ApproveRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* UpdateRegistrant(grpc::CallbackServerContext* context,
                                             const v1::UpdateRegistrantRequest* request,
                                             v1::RegistrantResponse* response) override {
    return Write(core_, Method::kUpdateRegistrant, context, core_.rules().registrar,
                 &Registrar::UpdateRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* ReturnRegistrant(grpc::CallbackServerContext* context,
                                             const v1::ReturnRegistrantRequest* request,
                                             v1::RegistrantResponse* response) override {
    return Write(core_, Method::kReturnRegistrant, context, core_.rules().registrar,
                 &Registrar::ReturnRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* RejectRegistrant(grpc::CallbackServerContext* context,
                                             const v1::RejectRegistrantRequest* request,
                                             v1::RegistrantResponse* response) override {
    return Write(core_, Method::kRejectRegistrant, context, core_.rules().registrar,
                 &Registrar::RejectRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* SuspendRegistrant(grpc::CallbackServerContext* context,
                                              const v1::SuspendRegistrantRequest* request,
                                              v1::RegistrantResponse* response) override {
    return Write(core_, Method::kSuspendRegistrant, context, core_.rules().registrar,
                 &Registrar::SuspendRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* ActivateRegistrant(grpc::CallbackServerContext* context,
                                               const v1::ActivateRegistrantRequest* request,
                                               v1::RegistrantResponse* response) override {
    return Write(core_, Method::kActivateRegistrant, context, core_.rules().registrar,
                 &Registrar::ActivateRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* CloseRegistrant(grpc::CallbackServerContext* context,
                                            const v1::CloseRegistrantRequest* request,
                                            v1::RegistrantResponse* response) override {
    return Write(core_, Method::kCloseRegistrant, context, core_.rules().registrar,
                 &Registrar::CloseRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* DesignateRegistrant(grpc::CallbackServerContext* context,
                                                const v1::DesignateRegistrantRequest* request,
                                                v1::RegistrantResponse* response) override {
    return Write(core_, Method::kDesignateRegistrant, context, core_.rules().registrar,
                 &Registrar::DesignateRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* RevokeDesignation(grpc::CallbackServerContext* context,
                                              const v1::RevokeDesignationRequest* request,
                                              v1::RegistrantResponse* response) override {
    return Write(core_, Method::kRevokeDesignation, context, core_.rules().registrar,
                 &Registrar::RevokeDesignation, request, response);
  }

  grpc::ServerUnaryReactor* GetRegistrant(grpc::CallbackServerContext* context,
                                          const v1::GetRegistrantRequest* request,
                                          v1::Registrant* response) override {
    return Read(core_, Method::kGetRegistrant, context, core_.rules().registrar,
                &Registrar::GetRegistrant, request, response);
  }

  grpc::ServerUnaryReactor* ListRegistrants(grpc::CallbackServerContext* context,
                                            const v1::ListRegistrantsRequest* request,
                                            v1::ListRegistrantsResponse* response) override {
    return Read(core_, Method::kListRegistrants, context, core_.rules().registrar,
                &Registrar::ListRegistrants, request, response);
  }

  grpc::ServerUnaryReactor* GrantPrefix(grpc::CallbackServerContext* context,
                                        const v1::GrantPrefixRequest* request,
                                        v1::PrefixResponse* response) override {
    return Write(core_, Method::kGrantPrefix, context, core_.rules().registrar,
                 &Registrar::GrantPrefix, request, response);
  }

  grpc::ServerUnaryReactor* UpdatePrefix(grpc::CallbackServerContext* context,
                                         const v1::UpdatePrefixRequest* request,
                                         v1::PrefixResponse* response) override {
    return Write(core_, Method::kUpdatePrefix, context, core_.rules().registrar,
                 &Registrar::UpdatePrefix, request, response);
  }

  grpc::ServerUnaryReactor* DelegatePrefix(grpc::CallbackServerContext* context,
                                           const v1::DelegatePrefixRequest* request,
                                           v1::PrefixResponse* response) override {
    return Write(core_, Method::kDelegatePrefix, context, core_.rules().registrar,
                 &Registrar::DelegatePrefix, request, response);
  }

  grpc::ServerUnaryReactor* TransferPrefix(grpc::CallbackServerContext* context,
                                           const v1::TransferPrefixRequest* request,
                                           v1::PrefixResponse* response) override {
    return Write(core_, Method::kTransferPrefix, context, core_.rules().registrar,
                 &Registrar::TransferPrefix, request, response);
  }

  grpc::ServerUnaryReactor* SuspendPrefix(grpc::CallbackServerContext* context,
                                          const v1::SuspendPrefixRequest* request,
                                          v1::PrefixResponse* response) override {
    return Write(core_, Method::kSuspendPrefix, context, core_.rules().registrar,
                 &Registrar::SuspendPrefix, request, response);
  }

  grpc::ServerUnaryReactor* ActivatePrefix(grpc::CallbackServerContext* context,
                                           const v1::ActivatePrefixRequest* request,
                                           v1::PrefixResponse* response) override {
    return Write(core_, Method::kActivatePrefix, context, core_.rules().registrar,
                 &Registrar::ActivatePrefix, request, response);
  }

  grpc::ServerUnaryReactor* RetirePrefix(grpc::CallbackServerContext* context,
                                         const v1::RetirePrefixRequest* request,
                                         v1::PrefixResponse* response) override {
    return Write(core_, Method::kRetirePrefix, context, core_.rules().registrar,
                 &Registrar::RetirePrefix, request, response);
  }

  grpc::ServerUnaryReactor* GetPrefix(grpc::CallbackServerContext* context,
                                      const v1::GetPrefixRequest* request,
                                      v1::Prefix* response) override {
    return Read(core_, Method::kGetPrefix, context, core_.rules().registrar, &Registrar::GetPrefix,
                request, response);
  }

  grpc::ServerUnaryReactor* ListPrefixes(grpc::CallbackServerContext* context,
                                         const v1::ListPrefixesRequest* request,
                                         v1::ListPrefixesResponse* response) override {
    return Read(core_, Method::kListPrefixes, context, core_.rules().registrar,
                &Registrar::ListPrefixes, request, response);
  }

  grpc::ServerUnaryReactor* CreateCredential(grpc::CallbackServerContext* context,
                                             const v1::CreateCredentialRequest* request,
                                             v1::CredentialResponse* response) override {
    return Write(core_, Method::kCreateCredential, context, core_.rules().registrar,
                 &Registrar::CreateCredential, request, response);
  }

  grpc::ServerUnaryReactor* ListCredentials(grpc::CallbackServerContext* context,
                                            const v1::ListCredentialsRequest* request,
                                            v1::ListCredentialsResponse* response) override {
    return Read(core_, Method::kListCredentials, context, core_.rules().registrar,
                &Registrar::ListCredentials, request, response);
  }

  grpc::ServerUnaryReactor* RevokeCredential(grpc::CallbackServerContext* context,
                                             const v1::RevokeCredentialRequest* request,
                                             v1::CredentialResponse* response) override {
    return Write(core_, Method::kRevokeCredential, context, core_.rules().registrar,
                 &Registrar::RevokeCredential, request, response);
  }

  grpc::ServerUnaryReactor* GetTemplate(grpc::CallbackServerContext* context,
                                        const v1::GetTemplateRequest* request,
                                        v1::Template* response) override {
    return Read(core_, Method::kGetTemplate, context, core_.rules().templates,
                &Templates::GetTemplate, request, response);
  }

  grpc::ServerUnaryReactor* ListTemplates(grpc::CallbackServerContext* context,
                                          const v1::ListTemplatesRequest* request,
                                          v1::ListTemplatesResponse* response) override {
    return Read(core_, Method::kListTemplates, context, core_.rules().templates,
                &Templates::ListTemplates, request, response);
  }

  grpc::ServerUnaryReactor* CreateTemplate(grpc::CallbackServerContext* context,
                                           const v1::CreateTemplateRequest* request,
                                           v1::TemplateResponse* response) override {
    return Write(core_, Method::kCreateTemplate, context, core_.rules().templates,
                 &Templates::CreateTemplate, request, response);
  }

  grpc::ServerUnaryReactor* UpdateTemplate(grpc::CallbackServerContext* context,
                                           const v1::UpdateTemplateRequest* request,
                                           v1::TemplateResponse* response) override {
    return Write(core_, Method::kUpdateTemplate, context, core_.rules().templates,
                 &Templates::UpdateTemplate, request, response);
  }

  grpc::ServerUnaryReactor* PublishTemplate(grpc::CallbackServerContext* context,
                                            const v1::PublishTemplateRequest* request,
                                            v1::TemplateResponse* response) override {
    return Write(core_, Method::kPublishTemplate, context, core_.rules().templates,
                 &Templates::PublishTemplate, request, response);
  }

  grpc::ServerUnaryReactor* WithdrawTemplate(grpc::CallbackServerContext* context,
                                             const v1::WithdrawTemplateRequest* request,
                                             v1::TemplateResponse* response) override {
    return Write(core_, Method::kWithdrawTemplate, context, core_.rules().templates,
                 &Templates::WithdrawTemplate, request, response);
  }

  grpc::ServerUnaryReactor* CreateGrant(grpc::CallbackServerContext* context,
                                        const v1::CreateGrantRequest* request,
                                        v1::GrantResponse* response) override {
    return Write(core_, Method::kCreateGrant, context, core_.rules().grants, &Grants::CreateGrant,
                 request, response);
  }

  grpc::ServerUnaryReactor* ListGrants(grpc::CallbackServerContext* context,
                                       const v1::ListGrantsRequest* request,
                                       v1::ListGrantsResponse* response) override {
    return Read(core_, Method::kListGrants, context, core_.rules().grants, &Grants::ListGrants,
                request, response);
  }

  grpc::ServerUnaryReactor* RevokeGrant(grpc::CallbackServerContext* context,
                                        const v1::RevokeGrantRequest* request,
                                        v1::GrantResponse* response) override {
    return Write(core_, Method::kRevokeGrant, context, core_.rules().grants, &Grants::RevokeGrant,
                 request, response);
  }

  grpc::ServerUnaryReactor* SetGroup(grpc::CallbackServerContext* context,
                                     const v1::SetGroupRequest* request,
                                     v1::GroupResponse* response) override {
    return Write(core_, Method::kSetGroup, context, core_.rules().grants, &Grants::SetGroup,
                 request, response);
  }

  grpc::ServerUnaryReactor* ListGroups(grpc::CallbackServerContext* context,
                                       const v1::ListGroupsRequest* request,
                                       v1::ListGroupsResponse* response) override {
    return Read(core_, Method::kListGroups, context, core_.rules().grants, &Grants::ListGroups,
                request, response);
  }

 private:
  Core& core_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRegistrarService(Core* core) {
  return std::make_unique<RegistrarDoor>(core);
}

}  // namespace gusu::server
