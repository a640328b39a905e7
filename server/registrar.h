// The rules of who may register and where: registrants, prefixes, credentials, templates.
//
// Writes answer through `done` as Registry's do; reads on the calling thread. A write that was done
// before, known by its request id or by its content, is answered with the resource as it was then.
#pragma once

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/registry.h"

namespace gusu::v1 {
class ApplyRegistrantRequest;
class ApproveRegistrantRequest;
class CreateCredentialRequest;
class CredentialResponse;
class GetPrefixRequest;
class GetRegistrantRequest;
class GetTemplateRequest;
class GrantPrefixRequest;
class ListCredentialsRequest;
class ListCredentialsResponse;
class ListPrefixesRequest;
class ListPrefixesResponse;
class ListRegistrantsRequest;
class ListRegistrantsResponse;
class ListTemplatesRequest;
class ListTemplatesResponse;
class Prefix;
class PrefixResponse;
class Registrant;
class RegistrantResponse;
class RevokeCredentialRequest;
class Template;
}  // namespace gusu::v1

namespace gusu::server {

class Registrar {
 public:
  // Credentials of a registrant, or of the bureau, that are neither revoked nor expired.
  static constexpr size_t kLiveCredentialsMax = 100;

  // Ledger and proofs are not owned, and outlive the registrar; `proofs` may be nullptr where
  // nobody asks for any. `clock` tells what has expired.
  Registrar(storage::Ledger* ledger, const Proofs* proofs,
            std::function<absl::Time()> clock = absl::Now);

  void ApplyRegistrant(const v1::ApplyRegistrantRequest& request, const Caller& caller,
                       Done<v1::RegistrantResponse> done);
  void ApproveRegistrant(const v1::ApproveRegistrantRequest& request, const Caller& caller,
                         Done<v1::RegistrantResponse> done);
  void GrantPrefix(const v1::GrantPrefixRequest& request, const Caller& caller,
                   Done<v1::PrefixResponse> done);
  void CreateCredential(const v1::CreateCredentialRequest& request, const Caller& caller,
                        Done<v1::CredentialResponse> done);
  void RevokeCredential(const v1::RevokeCredentialRequest& request, const Caller& caller,
                        Done<v1::CredentialResponse> done);

  absl::Status GetRegistrant(const v1::GetRegistrantRequest& request, const Caller& caller,
                             v1::Registrant* response) const;
  absl::Status ListRegistrants(const v1::ListRegistrantsRequest& request, const Caller& caller,
                               v1::ListRegistrantsResponse* response) const;
  absl::Status GetPrefix(const v1::GetPrefixRequest& request, const Caller& caller,
                         v1::Prefix* response) const;
  absl::Status ListPrefixes(const v1::ListPrefixesRequest& request, const Caller& caller,
                            v1::ListPrefixesResponse* response) const;
  absl::Status ListCredentials(const v1::ListCredentialsRequest& request, const Caller& caller,
                               v1::ListCredentialsResponse* response) const;
  absl::Status GetTemplate(const v1::GetTemplateRequest& request, const Caller& caller,
                           v1::Template* response) const;
  absl::Status ListTemplates(const v1::ListTemplatesRequest& request, const Caller& caller,
                             v1::ListTemplatesResponse* response) const;

 private:
  storage::Ledger* const ledger_;
  const Proofs* const proofs_;
  const std::function<absl::Time()> clock_;
};

}  // namespace gusu::server
