// Every rule refuses, by itself, the roles that may not call it: no door needs to know.
#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <map>
#include <string>

#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "server/audit/audit.h"
#include "server/grants/grants.h"
#include "server/ranges/serial_ranges.h"
#include "server/registrar.h"
#include "server/resolver.h"
#include "server/statistics/statistics.h"
#include "server/templates/templates.h"
#include "server/transfers/transfers.h"
#include "tests/server/access_table.h"
#include "tests/server/registry_world.h"

namespace gusu::server {
namespace {

// Calls every rule with an empty request.
class Walk {
 public:
  Walk() {
    Add("ApplyRegistrant", &registrar_, &Registrar::ApplyRegistrant);
    Add("ApproveRegistrant", &registrar_, &Registrar::ApproveRegistrant);
    Add("UpdateRegistrant", &registrar_, &Registrar::UpdateRegistrant);
    Add("ReturnRegistrant", &registrar_, &Registrar::ReturnRegistrant);
    Add("RejectRegistrant", &registrar_, &Registrar::RejectRegistrant);
    Add("SuspendRegistrant", &registrar_, &Registrar::SuspendRegistrant);
    Add("ActivateRegistrant", &registrar_, &Registrar::ActivateRegistrant);
    Add("CloseRegistrant", &registrar_, &Registrar::CloseRegistrant);
    Add("DesignateRegistrant", &registrar_, &Registrar::DesignateRegistrant);
    Add("RevokeDesignation", &registrar_, &Registrar::RevokeDesignation);
    Add("GetRegistrant", &registrar_, &Registrar::GetRegistrant);
    Add("ListRegistrants", &registrar_, &Registrar::ListRegistrants);
    Add("GrantPrefix", &registrar_, &Registrar::GrantPrefix);
    Add("UpdatePrefix", &registrar_, &Registrar::UpdatePrefix);
    Add("DelegatePrefix", &registrar_, &Registrar::DelegatePrefix);
    Add("TransferPrefix", &registrar_, &Registrar::TransferPrefix);
    Add("SuspendPrefix", &registrar_, &Registrar::SuspendPrefix);
    Add("ActivatePrefix", &registrar_, &Registrar::ActivatePrefix);
    Add("RetirePrefix", &registrar_, &Registrar::RetirePrefix);
    Add("GetPrefix", &registrar_, &Registrar::GetPrefix);
    Add("ListPrefixes", &registrar_, &Registrar::ListPrefixes);
    Add("CreateCredential", &registrar_, &Registrar::CreateCredential);
    Add("ListCredentials", &registrar_, &Registrar::ListCredentials);
    Add("RevokeCredential", &registrar_, &Registrar::RevokeCredential);
    Add("GetTemplate", &templates_, &Templates::GetTemplate);
    Add("ListTemplates", &templates_, &Templates::ListTemplates);
    Add("CreateTemplate", &templates_, &Templates::CreateTemplate);
    Add("UpdateTemplate", &templates_, &Templates::UpdateTemplate);
    Add("PublishTemplate", &templates_, &Templates::PublishTemplate);
    Add("WithdrawTemplate", &templates_, &Templates::WithdrawTemplate);
    Add("CreateGrant", &grants_, &Grants::CreateGrant);
    Add("ListGrants", &grants_, &Grants::ListGrants);
    Add("RevokeGrant", &grants_, &Grants::RevokeGrant);
    Add("SetGroup", &grants_, &Grants::SetGroup);
    Add("ListGroups", &grants_, &Grants::ListGroups);
    Add("Register", &registry_, &Registry::Register);
    Add("BatchRegister", &registry_, &Registry::BatchRegister);
    Add("UpdateRecord", &registry_, &Registry::UpdateRecord);
    Add("ModifyValues", &registry_, &Registry::ModifyValues);
    Add("SuspendRecord", &registry_, &Registry::SuspendRecord);
    Add("ActivateRecord", &registry_, &Registry::ActivateRecord);
    Add("RetireRecord", &registry_, &Registry::RetireRecord);
    Add("ReinstateRecord", &registry_, &Registry::ReinstateRecord);
    Add("HoldRecord", &registry_, &Registry::HoldRecord);
    Add("UnholdRecord", &registry_, &Registry::UnholdRecord);
    Add("EraseValues", &registry_, &Registry::EraseValues);
    Add("GetRecord", &resolver_, &Resolver::GetRecord);
    Add("ListRecords", &resolver_, &Resolver::ListRecords);
    Add("ListRevisions", &resolver_, &Resolver::ListRevisions);
    Add("Resolve", &resolver_, &Resolver::Resolve);
    Add("BatchResolve", &resolver_, &Resolver::BatchResolve);
    Add("AllocateSerialRange", &ranges_, &SerialRanges::Allocate);
    Add("ActivateSerialRange", &ranges_, &SerialRanges::Activate);
    Add("ReleaseSerialRange", &ranges_, &SerialRanges::Release);
    Add("GetSerialRange", &ranges_, &SerialRanges::Get);
    Add("ListSerialRanges", &ranges_, &SerialRanges::List);
    Add("OfferTransfer", &transfers_, &Transfers::OfferTransfer);
    Add("AcceptTransfer", &transfers_, &Transfers::AcceptTransfer);
    Add("DeclineTransfer", &transfers_, &Transfers::DeclineTransfer);
    Add("WithdrawTransfer", &transfers_, &Transfers::WithdrawTransfer);
    Add("GetTransfer", &transfers_, &Transfers::GetTransfer);
    Add("ListTransfers", &transfers_, &Transfers::ListTransfers);
    Add("GetStatistics", &statistics_, &Statistics::GetStatistics);
    Add("RecountStatistics", &statistics_, &Statistics::RecountStatistics);
    Add("ListUsage", &statistics_, &Statistics::ListUsage);
    calls_["StreamRegister"] = [this](const Caller& caller) {
      std::promise<absl::Status> answer;
      const v1::StreamRegisterRequest request;
      registry_.RegisterRows(request, 0, caller,
                             [&answer](const absl::StatusOr<v1::StreamRegisterResponse>& response) {
                               answer.set_value(response.status());
                             });
      return answer.get_future().get();
    };
    calls_["StreamResolve"] = [this](const Caller& caller) {
      v1::StreamResolveResponse response;
      return resolver_.ResolveMany({}, {}, caller, &response);
    };
  }

  // The rules that the table has and this walks.
  const std::map<std::string, std::function<absl::Status(const Caller&)>>& calls() const {
    return calls_;
  }

 private:
  template <typename Rules, typename Request, typename Response>
  void Add(const char* name, Rules* rules,
           void (Rules::*rule)(const Request&, const Caller&, Done<Response>)) {
    calls_[name] = [rules, rule](const Caller& caller) {
      std::promise<absl::Status> answer;
      const Request request;
      (rules->*rule)(request, caller, [&answer](const absl::StatusOr<Response>& response) {
        answer.set_value(response.status());
      });
      return answer.get_future().get();
    };
  }
  template <typename Rules, typename Request, typename Response>
  void Add(const char* name, const Rules* rules,
           absl::Status (Rules::*rule)(const Request&, const Caller&, Response*) const) {
    calls_[name] = [rules, rule](const Caller& caller) {
      Response response;
      return (rules->*rule)(Request(), caller, &response);
    };
  }

  RegistryWorld world_;
  storage::Ledger* const ledger_ = &world_.ledger();
  Registry registry_{ledger_, nullptr};
  Registrar registrar_{ledger_, nullptr};
  Templates templates_{ledger_, nullptr};
  Grants grants_{ledger_, nullptr};
  Resolver resolver_{ledger_, nullptr};
  SerialRanges ranges_{ledger_, nullptr};
  Transfers transfers_{ledger_, nullptr};
  Statistics statistics_{ledger_};
  std::map<std::string, std::function<absl::Status(const Caller&)>> calls_;
};

// Whether the role alone was the reason: that error names the method.
bool IsRefusedByRole(const absl::Status& status, const std::string& method) {
  const std::string reason = ErrorReason(status);
  return (reason == "ROLE_REFUSED" || reason == "CREDENTIAL_MISSING") &&
         ErrorMetadataValue(status, "method") == method;
}

TEST_CASE("every rule refuses the roles that the table refuses, and no others") {
  const Walk walk;
  size_t walked = 0;
  for (const AccessLine& line : kAccessTable) {
    const auto call = walk.calls().find(line.name);
    if (call == walk.calls().end()) continue;
    ++walked;
    for (size_t i = 0; i < kTableRoles.size(); ++i) {
      Caller caller;
      caller.role = kTableRoles[i];
      const bool has_registrant = caller.role != Role::kAnonymous && !caller.is_bureau();
      if (has_registrant) caller.registrant = "sz-pumps";
      CAPTURE(line.name, RoleName(caller.role));
      CHECK(IsRefusedByRole(call->second(caller), line.name) == (line.may[i] != 'y'));
    }
  }
  CHECK(walked == walk.calls().size());
  // The rest are the audit log's, most of which are for everybody.
  CHECK(walked + 10 == static_cast<size_t>(kMethodCount));
}

TEST_CASE("the audit rules that are the bureau's refuse everybody else") {
  RegistryWorld world;
  const Audit audit(&world.ledger(), nullptr, nullptr);
  for (const AccessLine& line : kAccessTable) {
    for (size_t i = 0; i < kTableRoles.size(); ++i) {
      if (line.may[i] == 'y') continue;
      Caller caller;
      caller.role = kTableRoles[i];
      absl::Status status;
      v1::AddCosignaturesResponse added;
      v1::ListRowsResponse rows;
      v1::ListFilesResponse files;
      v1::VerifyFileResponse verified;
      switch (line.method) {
        case Method::kAddCosignatures:
          status = audit.AddCosignatures({}, caller, &added);
          break;
        case Method::kListRows:
          status = audit.ListRows({}, caller, &rows);
          break;
        case Method::kListFiles:
          status = audit.ListFiles({}, caller, &files);
          break;
        case Method::kVerifyFile:
          status = audit.VerifyFile({}, caller, &verified);
          break;
        default:
          continue;
      }
      CAPTURE(line.name, RoleName(caller.role));
      CHECK(IsRefusedByRole(status, line.name));
    }
  }
}

}  // namespace
}  // namespace gusu::server
