#include "server/doors/http/rest/methods.h"

#include <array>
#include <utility>

#include "gusu/v1/audit.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "server/audit/audit.h"
#include "server/bureau_reads.h"
#include "server/doors/call_cost.h"
#include "server/grants/grants.h"
#include "server/ranges/serial_ranges.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "server/statistics/statistics.h"
#include "server/templates/templates.h"
#include "server/transfers/transfers.h"

namespace gusu::server {
namespace {

using google::protobuf::Message;

// The parts of a rule: a function of a class of rules that answers later, or at once.
template <typename Rule>
struct RuleParts;
template <typename Rules, typename RequestType, typename ResponseType>
struct RuleParts<void (Rules::*)(const RequestType&, const Caller&, Done<ResponseType>)> {
  using Request = RequestType;
  using Response = ResponseType;
  static constexpr bool kAnswersLater = true;
};
template <typename Rules, typename RequestType, typename ResponseType>
struct RuleParts<absl::Status (Rules::*)(const RequestType&, const Caller&, ResponseType*) const> {
  using Request = RequestType;
  using Response = ResponseType;
  static constexpr bool kAnswersLater = false;
};

template <typename Response>
absl::StatusOr<RestMessage> AsMessage(absl::StatusOr<Response> answer) {
  if (!answer.ok()) return answer.status();
  return std::make_unique<Response>(*std::move(answer));
}

// `holder` is the member of DoorRules that has the rule.
template <auto holder, auto rule>
void Call(const DoorRules& rules, std::shared_ptr<const Message> message, const Caller& caller,
          RestDone done) {
  using Parts = RuleParts<decltype(rule)>;
  using Response = typename Parts::Response;
  const auto& request = static_cast<const typename Parts::Request&>(*message);
  if constexpr (Parts::kAnswersLater) {
    ((rules.*holder)->*rule)(request, caller,
                             [message, done = std::move(done)](absl::StatusOr<Response> answer) {
                               done(AsMessage(std::move(answer)));
                             });
  } else {
    auto response = std::make_unique<Response>();
    const absl::Status status = ((rules.*holder)->*rule)(request, caller, response.get());
    if (status.ok()) {
      done(std::move(response));
    } else {
      done(status);
    }
  }
}

template <auto rule>
size_t Cost(const Message& message) {
  return CostOf(static_cast<const typename RuleParts<decltype(rule)>::Request&>(message));
}

template <auto rule>
RestMessage MakeRequest() {
  return std::make_unique<typename RuleParts<decltype(rule)>::Request>();
}

template <auto holder, auto rule>
constexpr RestMethod Rule() {
  return {&MakeRequest<rule>, &Cost<rule>, &Call<holder, rule>};
}

// A reading of records: with a reason it goes to the rules of the bureau's logged reads.
template <auto rule, auto logged_rule>
constexpr RestMethod Reading() {
  return {&MakeRequest<rule>, &Cost<rule>,
          [](const DoorRules& rules, std::shared_ptr<const Message> message, const Caller& caller,
             RestDone done) {
            using Request = typename RuleParts<decltype(rule)>::Request;
            const auto& request = static_cast<const Request&>(*message);
            bool has_reason = false;
            if constexpr (requires { request.options(); }) {
              has_reason = !request.options().reason().empty();
            } else {
              has_reason = !request.reason().empty();
            }
            const auto call = has_reason ? &Call<&DoorRules::bureau_reads, logged_rule>
                                         : &Call<&DoorRules::resolver, rule>;
            call(rules, std::move(message), caller, std::move(done));
          }};
}

constexpr RestMethod kStream = {nullptr, nullptr, nullptr};

struct Row {
  Method method;
  RestMethod rule;
};

template <auto rule>
constexpr RestMethod InRegistrar() {
  return Rule<&DoorRules::registrar, rule>();
}
template <auto rule>
constexpr RestMethod InTemplates() {
  return Rule<&DoorRules::templates, rule>();
}
template <auto rule>
constexpr RestMethod InGrants() {
  return Rule<&DoorRules::grants, rule>();
}
template <auto rule>
constexpr RestMethod InRegistry() {
  return Rule<&DoorRules::registry, rule>();
}
template <auto rule>
constexpr RestMethod InRanges() {
  return Rule<&DoorRules::ranges, rule>();
}
template <auto rule>
constexpr RestMethod InTransfers() {
  return Rule<&DoorRules::transfers, rule>();
}
template <auto rule>
constexpr RestMethod InAudit() {
  return Rule<&DoorRules::audit, rule>();
}
template <auto rule>
constexpr RestMethod InStatistics() {
  return Rule<&DoorRules::statistics, rule>();
}

constexpr std::array<Row, kMethodCount> kRows = {{
    {Method::kApplyRegistrant, InRegistrar<&Registrar::ApplyRegistrant>()},
    {Method::kApproveRegistrant, InRegistrar<&Registrar::ApproveRegistrant>()},
    {Method::kUpdateRegistrant, InRegistrar<&Registrar::UpdateRegistrant>()},
    {Method::kReturnRegistrant, InRegistrar<&Registrar::ReturnRegistrant>()},
    {Method::kRejectRegistrant, InRegistrar<&Registrar::RejectRegistrant>()},
    {Method::kSuspendRegistrant, InRegistrar<&Registrar::SuspendRegistrant>()},
    {Method::kActivateRegistrant, InRegistrar<&Registrar::ActivateRegistrant>()},
    {Method::kCloseRegistrant, InRegistrar<&Registrar::CloseRegistrant>()},
    {Method::kDesignateRegistrant, InRegistrar<&Registrar::DesignateRegistrant>()},
    {Method::kRevokeDesignation, InRegistrar<&Registrar::RevokeDesignation>()},
    {Method::kGetRegistrant, InRegistrar<&Registrar::GetRegistrant>()},
    {Method::kListRegistrants, InRegistrar<&Registrar::ListRegistrants>()},
    {Method::kGrantPrefix, InRegistrar<&Registrar::GrantPrefix>()},
    {Method::kUpdatePrefix, InRegistrar<&Registrar::UpdatePrefix>()},
    {Method::kDelegatePrefix, InRegistrar<&Registrar::DelegatePrefix>()},
    {Method::kTransferPrefix, InRegistrar<&Registrar::TransferPrefix>()},
    {Method::kSuspendPrefix, InRegistrar<&Registrar::SuspendPrefix>()},
    {Method::kActivatePrefix, InRegistrar<&Registrar::ActivatePrefix>()},
    {Method::kRetirePrefix, InRegistrar<&Registrar::RetirePrefix>()},
    {Method::kGetPrefix, InRegistrar<&Registrar::GetPrefix>()},
    {Method::kListPrefixes, InRegistrar<&Registrar::ListPrefixes>()},
    {Method::kCreateCredential, InRegistrar<&Registrar::CreateCredential>()},
    {Method::kListCredentials, InRegistrar<&Registrar::ListCredentials>()},
    {Method::kRevokeCredential, InRegistrar<&Registrar::RevokeCredential>()},
    {Method::kGetTemplate, InTemplates<&Templates::GetTemplate>()},
    {Method::kListTemplates, InTemplates<&Templates::ListTemplates>()},
    {Method::kCreateTemplate, InTemplates<&Templates::CreateTemplate>()},
    {Method::kUpdateTemplate, InTemplates<&Templates::UpdateTemplate>()},
    {Method::kPublishTemplate, InTemplates<&Templates::PublishTemplate>()},
    {Method::kWithdrawTemplate, InTemplates<&Templates::WithdrawTemplate>()},
    {Method::kCreateGrant, InGrants<&Grants::CreateGrant>()},
    {Method::kListGrants, InGrants<&Grants::ListGrants>()},
    {Method::kRevokeGrant, InGrants<&Grants::RevokeGrant>()},
    {Method::kSetGroup, InGrants<&Grants::SetGroup>()},
    {Method::kListGroups, InGrants<&Grants::ListGroups>()},
    {Method::kRegister, InRegistry<&Registry::Register>()},
    {Method::kBatchRegister, InRegistry<&Registry::BatchRegister>()},
    {Method::kStreamRegister, kStream},
    {Method::kGetRecord, Reading<&Resolver::GetRecord, &BureauReads::GetRecord>()},
    {Method::kListRecords, Reading<&Resolver::ListRecords, &BureauReads::ListRecords>()},
    {Method::kListRevisions, Reading<&Resolver::ListRevisions, &BureauReads::ListRevisions>()},
    {Method::kUpdateRecord, InRegistry<&Registry::UpdateRecord>()},
    {Method::kModifyValues, InRegistry<&Registry::ModifyValues>()},
    {Method::kSuspendRecord, InRegistry<&Registry::SuspendRecord>()},
    {Method::kActivateRecord, InRegistry<&Registry::ActivateRecord>()},
    {Method::kRetireRecord, InRegistry<&Registry::RetireRecord>()},
    {Method::kReinstateRecord, InRegistry<&Registry::ReinstateRecord>()},
    {Method::kHoldRecord, InRegistry<&Registry::HoldRecord>()},
    {Method::kUnholdRecord, InRegistry<&Registry::UnholdRecord>()},
    {Method::kEraseValues, InRegistry<&Registry::EraseValues>()},
    {Method::kAllocateSerialRange, InRanges<&SerialRanges::Allocate>()},
    {Method::kActivateSerialRange, InRanges<&SerialRanges::Activate>()},
    {Method::kReleaseSerialRange, InRanges<&SerialRanges::Release>()},
    {Method::kGetSerialRange, InRanges<&SerialRanges::Get>()},
    {Method::kListSerialRanges, InRanges<&SerialRanges::List>()},
    {Method::kOfferTransfer, InTransfers<&Transfers::OfferTransfer>()},
    {Method::kAcceptTransfer, InTransfers<&Transfers::AcceptTransfer>()},
    {Method::kDeclineTransfer, InTransfers<&Transfers::DeclineTransfer>()},
    {Method::kWithdrawTransfer, InTransfers<&Transfers::WithdrawTransfer>()},
    {Method::kGetTransfer, InTransfers<&Transfers::GetTransfer>()},
    {Method::kListTransfers, InTransfers<&Transfers::ListTransfers>()},
    {Method::kResolve, Reading<&Resolver::Resolve, &BureauReads::Resolve>()},
    {Method::kBatchResolve, Reading<&Resolver::BatchResolve, &BureauReads::BatchResolve>()},
    {Method::kStreamResolve, kStream},
    {Method::kGetCheckpoint, InAudit<&Audit::GetCheckpoint>()},
    {Method::kListEntries, InAudit<&Audit::ListEntries>()},
    {Method::kGetInclusionProof, InAudit<&Audit::GetInclusionProof>()},
    {Method::kGetConsistencyProof, InAudit<&Audit::GetConsistencyProof>()},
    {Method::kGetTile, InAudit<&Audit::GetTile>()},
    {Method::kWatchEntries, kStream},
    {Method::kAddCosignatures, InAudit<&Audit::AddCosignatures>()},
    {Method::kListRows, InAudit<&Audit::ListRows>()},
    {Method::kListFiles, InAudit<&Audit::ListFiles>()},
    {Method::kVerifyFile, InAudit<&Audit::VerifyFile>()},
    {Method::kGetStatistics, InStatistics<&Statistics::GetStatistics>()},
    {Method::kRecountStatistics, InStatistics<&Statistics::RecountStatistics>()},
    {Method::kListUsage, InStatistics<&Statistics::ListUsage>()},
}};

constexpr bool IsInOrder() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].method != static_cast<Method>(i)) return false;
  }
  return true;
}
static_assert(IsInOrder());

}  // namespace

const RestMethod* FindRestMethod(Method method) {
  const RestMethod& rule = kRows[static_cast<size_t>(method)].rule;
  return rule.call == nullptr ? nullptr : &rule;
}

}  // namespace gusu::server
