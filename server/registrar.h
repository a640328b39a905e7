// The rules of who may register and where: registrants, prefixes, credentials.
//
// Writes answer through `done` as Registry's do; reads on the calling thread. A write that was done
// before, known by its request id or by its content, is answered with the resource as it was then.
#pragma once

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/registry.h"

namespace gusu::v1 {
class ActivatePrefixRequest;
class ActivateRegistrantRequest;
class ApplyRegistrantRequest;
class ApproveRegistrantRequest;
class CloseRegistrantRequest;
class CreateCredentialRequest;
class CredentialResponse;
class DelegatePrefixRequest;
class DesignateRegistrantRequest;
class GetPrefixRequest;
class GetRegistrantRequest;
class GrantPrefixRequest;
class ListCredentialsRequest;
class ListCredentialsResponse;
class ListPrefixesRequest;
class ListPrefixesResponse;
class ListRegistrantsRequest;
class ListRegistrantsResponse;
class Prefix;
class PrefixResponse;
class Registrant;
class RegistrantResponse;
class RejectRegistrantRequest;
class RetirePrefixRequest;
class ReturnRegistrantRequest;
class RevokeCredentialRequest;
class RevokeDesignationRequest;
class SuspendPrefixRequest;
class SuspendRegistrantRequest;
class TransferPrefixRequest;
class UpdatePrefixRequest;
class UpdateRegistrantRequest;
}  // namespace gusu::v1

namespace gusu::server {

class CredentialVault;

class Registrar {
 public:
  // Credentials of a registrant, or of the bureau, that are neither revoked nor expired.
  static constexpr size_t kLiveCredentialsMax = 100;
  // Designations of a registrant, revoked ones included.
  static constexpr int kDesignationsMax = 200;
  // Prefixes that pass to a successor in one commit.
  static constexpr size_t kPassingPrefixesMax = 1999;

  // Ledger and proofs are not owned, and outlive the registrar; `proofs` may be nullptr where
  // nobody asks for any. `clock` tells what has expired. The vault keeps secrets of credentials, is
  // not owned either, and may be nullptr where nobody makes any.
  Registrar(storage::Ledger* ledger, const Proofs* proofs,
            std::function<absl::Time()> clock = absl::Now, CredentialVault* vault = nullptr);

  void ApplyRegistrant(const v1::ApplyRegistrantRequest& request, const Caller& caller,
                       Done<v1::RegistrantResponse> done);
  void ApproveRegistrant(const v1::ApproveRegistrantRequest& request, const Caller& caller,
                         Done<v1::RegistrantResponse> done);
  // Corrects an application, or applies for another registrant's data than are approved.
  void UpdateRegistrant(const v1::UpdateRegistrantRequest& request, const Caller& caller,
                        Done<v1::RegistrantResponse> done);

  // What the bureau decides. kNotFound / REGISTRANT_NOT_FOUND, kAborted / ETAG_MISMATCH,
  // kFailedPrecondition / REGISTRANT_NOT_PENDING or REGISTRANT_NOT_ACTIVE for all of them.
  void ReturnRegistrant(const v1::ReturnRegistrantRequest& request, const Caller& caller,
                        Done<v1::RegistrantResponse> done);
  void RejectRegistrant(const v1::RejectRegistrantRequest& request, const Caller& caller,
                        Done<v1::RegistrantResponse> done);
  void SuspendRegistrant(const v1::SuspendRegistrantRequest& request, const Caller& caller,
                         Done<v1::RegistrantResponse> done);
  void ActivateRegistrant(const v1::ActivateRegistrantRequest& request, const Caller& caller,
                          Done<v1::RegistrantResponse> done);
  // Its prefixes pass to the successor in the same commit. kFailedPrecondition / SUCCESSOR_MISSING,
  // PREFIXES_TOO_MANY.
  void CloseRegistrant(const v1::CloseRegistrantRequest& request, const Caller& caller,
                       Done<v1::RegistrantResponse> done);
  // kAlreadyExists / DESIGNATION_TAKEN, kFailedPrecondition / DESIGNATIONS_TOO_MANY.
  void DesignateRegistrant(const v1::DesignateRegistrantRequest& request, const Caller& caller,
                           Done<v1::RegistrantResponse> done);
  // kNotFound / DESIGNATION_NOT_FOUND, kFailedPrecondition / DESIGNATION_REVOKED.
  void RevokeDesignation(const v1::RevokeDesignationRequest& request, const Caller& caller,
                         Done<v1::RegistrantResponse> done);

  void GrantPrefix(const v1::GrantPrefixRequest& request, const Caller& caller,
                   Done<v1::PrefixResponse> done);
  // Of them all: kNotFound / PREFIX_NOT_FOUND, kAborted / ETAG_MISMATCH, kPermissionDenied /
  // NOT_PREFIX_HOLDER; but of TransferPrefix, since what was issued below a retired prefix goes on
  // to have a holder: kFailedPrecondition / PREFIX_RETIRED.
  void UpdatePrefix(const v1::UpdatePrefixRequest& request, const Caller& caller,
                    Done<v1::PrefixResponse> done);
  void DelegatePrefix(const v1::DelegatePrefixRequest& request, const Caller& caller,
                      Done<v1::PrefixResponse> done);
  void TransferPrefix(const v1::TransferPrefixRequest& request, const Caller& caller,
                      Done<v1::PrefixResponse> done);
  void SuspendPrefix(const v1::SuspendPrefixRequest& request, const Caller& caller,
                     Done<v1::PrefixResponse> done);
  void ActivatePrefix(const v1::ActivatePrefixRequest& request, const Caller& caller,
                      Done<v1::PrefixResponse> done);
  void RetirePrefix(const v1::RetirePrefixRequest& request, const Caller& caller,
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

 private:
  storage::Ledger* const ledger_;
  const Proofs* const proofs_;
  const std::function<absl::Time()> clock_;
  CredentialVault* const vault_;
};

}  // namespace gusu::server
