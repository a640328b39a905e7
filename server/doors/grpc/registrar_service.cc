#include "gusu/v1/registrar.grpc.pb.h"
#include "server/doors/grpc/services.h"
#include "server/doors/grpc/unary.h"
#include "server/registrar.h"

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
    return Read(core_, Method::kGetTemplate, context, core_.rules().registrar,
                &Registrar::GetTemplate, request, response);
  }

  grpc::ServerUnaryReactor* ListTemplates(grpc::CallbackServerContext* context,
                                          const v1::ListTemplatesRequest* request,
                                          v1::ListTemplatesResponse* response) override {
    return Read(core_, Method::kListTemplates, context, core_.rules().registrar,
                &Registrar::ListTemplates, request, response);
  }

 private:
  Core& core_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeRegistrarService(Core* core) {
  return std::make_unique<RegistrarDoor>(core);
}

}  // namespace gusu::server
