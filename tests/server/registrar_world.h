// A registry after its first start, on the memory engine, that is used as callers use it: with
// tokens and claims.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "gusu/v1/registrar.pb.h"
#include "proto/change.h"
#include "server/access.h"
#include "server/credential_vault.h"
#include "server/registrar.h"
#include "storage/ledger.h"

namespace gusu::server {

class RegistrarWorld {
 public:
  static constexpr const char* kBureauToken = "gusu_bureau";

  RegistrarWorld();

  storage::Ledger& ledger() { return *ledger_; }
  Registrar& registrar() { return registrar_; }
  CredentialVault& vault() { return vault_; }
  std::shared_ptr<const storage::View> View() const { return *ledger_->Latest(); }
  absl::Time Now() const { return absl::FromUnixMicros(now_us_); }
  void Pass(absl::Duration time) { now_us_ += absl::ToInt64Microseconds(time); }

  // Who a bearer is now; empty: nobody.
  absl::StatusOr<Caller> Who(const std::string& bearer) const;

  // `OK`, or `NOT_FOUND REGISTRANT_NOT_FOUND`.
  static std::string Show(const absl::Status& status);

  template <typename Request, typename Response>
  absl::StatusOr<Response> Write(void (Registrar::*method)(const Request&, const Caller&,
                                                           Done<Response>),
                                 const std::string& bearer, const Request& request) {
    return Start(method, bearer, request).get();
  }
  // The same, answered later: it is planned on what is committed now.
  template <typename Request, typename Response>
  std::future<absl::StatusOr<Response>> Start(void (Registrar::*method)(const Request&,
                                                                        const Caller&,
                                                                        Done<Response>),
                                              const std::string& bearer, const Request& request) {
    auto answer = std::make_shared<std::promise<absl::StatusOr<Response>>>();
    const absl::StatusOr<Caller> caller = Who(bearer);
    if (!caller.ok()) {
      answer->set_value(caller.status());
    } else {
      (registrar_.*method)(request, *caller, [answer](absl::StatusOr<Response> response) {
        answer->set_value(std::move(response));
      });
    }
    return answer->get_future();
  }
  // While it is held, nothing is committed.
  std::unique_lock<std::mutex> HoldCommits() { return std::unique_lock(committing_); }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Read(absl::Status (Registrar::*method)(const Request&, const Caller&,
                                                                  Response*) const,
                                const std::string& bearer, const Request& request) {
    absl::StatusOr<Caller> caller = Who(bearer);
    if (!caller.ok()) return caller.status();
    Response response;
    absl::Status status = (registrar_.*method)(request, *caller, &response);
    if (!status.ok()) return status;
    return response;
  }

  // A verb that takes a name and a reason.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(void (Registrar::*method)(const Request&, const Caller&,
                                                          Done<Response>),
                                const std::string& bearer, const std::string& name,
                                const std::string& reason = "why") {
    Request request;
    request.set_name(name);
    request.set_reason(reason);
    return Write(method, bearer, request);
  }

  // What each call answered; the whole response where it is of interest.
  absl::StatusOr<v1::RegistrantResponse> Apply(const v1::ApplyRegistrantRequest& request);
  absl::StatusOr<v1::RegistrantResponse> Approve(const std::string& id);
  absl::StatusOr<v1::PrefixResponse> Grant(const std::string& prefix, const std::string& holder);
  absl::StatusOr<v1::CredentialResponse> Create(const std::string& bearer,
                                                const std::string& parent, const std::string& token,
                                                v1::Credential::Role role);
  absl::StatusOr<v1::CredentialResponse> Revoke(const std::string& bearer, const std::string& name,
                                                const std::string& reason = "");

  // A valid application of `id`, whose claim is ClaimOf(id) and whose organisation code is of its
  // own.
  static v1::ApplyRegistrantRequest ApplicationOf(const std::string& id);
  static std::string ClaimOf(const std::string& id);
  // Applies and is approved.
  void MakeActive(const std::string& id);
  // And has an admin's credential: AdminOf(id).
  void MakeAdmin(const std::string& id);
  static std::string AdminOf(const std::string& id) { return "gusu_" + id; }
  // As the bureau sees them.
  v1::Registrant Registrant(const std::string& id);
  v1::Prefix Prefix(const std::string& prefix);
  // Names of the bureau's list, with a blank after each; every page is read.
  std::string List(v1::ListRegistrantsRequest request);
  std::string List(v1::ListPrefixesRequest request, const std::string& bearer = kBureauToken);

  // The change at a leaf, as its opening tells it.
  Change ChangeAt(uint64_t leaf_index) const;

 private:
  std::atomic<int64_t> now_us_;
  std::mutex committing_;
  std::unique_ptr<storage::Ledger> ledger_;
  CredentialVault vault_{""};
  Registrar registrar_;
};

}  // namespace gusu::server
