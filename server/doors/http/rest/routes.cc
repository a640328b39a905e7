#include "server/doors/http/rest/routes.h"

#include "absl/strings/str_split.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

#define GUSU_REGISTRAR(method) Method::k##method, "gusu.v1.RegistrarService." #method
#define GUSU_REGISTRY(method) Method::k##method, "gusu.v1.RegistryService." #method
#define GUSU_RESOLVER(method) Method::k##method, "gusu.v1.ResolverService." #method
#define GUSU_AUDIT(method) Method::k##method, "gusu.v1.AuditService." #method
#define GUSU_STATISTICS(method) Method::k##method, "gusu.v1.StatisticsService." #method

constexpr RestRoute kRoutes[] = {
    {"POST", "/v1/registrants", GUSU_REGISTRAR(ApplyRegistrant)},
    {"POST", "/v1/{name=registrants/*}:approve", GUSU_REGISTRAR(ApproveRegistrant)},
    {"PUT", "/v1/{name=registrants/*}", GUSU_REGISTRAR(UpdateRegistrant)},
    {"POST", "/v1/{name=registrants/*}:return", GUSU_REGISTRAR(ReturnRegistrant)},
    {"POST", "/v1/{name=registrants/*}:reject", GUSU_REGISTRAR(RejectRegistrant)},
    {"POST", "/v1/{name=registrants/*}:suspend", GUSU_REGISTRAR(SuspendRegistrant)},
    {"POST", "/v1/{name=registrants/*}:activate", GUSU_REGISTRAR(ActivateRegistrant)},
    {"POST", "/v1/{name=registrants/*}:close", GUSU_REGISTRAR(CloseRegistrant)},
    {"POST", "/v1/{name=registrants/*}:designate", GUSU_REGISTRAR(DesignateRegistrant)},
    {"POST", "/v1/{name=registrants/*}:revokeDesignation", GUSU_REGISTRAR(RevokeDesignation)},
    {"GET", "/v1/{name=registrants/*}", GUSU_REGISTRAR(GetRegistrant)},
    {"GET", "/v1/registrants", GUSU_REGISTRAR(ListRegistrants)},
    {"POST", "/v1/prefixes", GUSU_REGISTRAR(GrantPrefix)},
    {"PATCH", "/v1/{name=prefixes/*}", GUSU_REGISTRAR(UpdatePrefix)},
    {"POST", "/v1/{name=prefixes/*}:delegate", GUSU_REGISTRAR(DelegatePrefix)},
    {"POST", "/v1/{name=prefixes/*}:transfer", GUSU_REGISTRAR(TransferPrefix)},
    {"POST", "/v1/{name=prefixes/*}:suspend", GUSU_REGISTRAR(SuspendPrefix)},
    {"POST", "/v1/{name=prefixes/*}:activate", GUSU_REGISTRAR(ActivatePrefix)},
    {"POST", "/v1/{name=prefixes/*}:retire", GUSU_REGISTRAR(RetirePrefix)},
    {"GET", "/v1/{name=prefixes/*}", GUSU_REGISTRAR(GetPrefix)},
    {"GET", "/v1/prefixes", GUSU_REGISTRAR(ListPrefixes)},
    {"POST", "/v1/{parent=registrants/*}/credentials", GUSU_REGISTRAR(CreateCredential)},
    {"POST", "/v1/{parent=bureau}/credentials", GUSU_REGISTRAR(CreateCredential)},
    {"GET", "/v1/{parent=registrants/*}/credentials", GUSU_REGISTRAR(ListCredentials)},
    {"GET", "/v1/{parent=bureau}/credentials", GUSU_REGISTRAR(ListCredentials)},
    {"POST", "/v1/{name=registrants/*/credentials/*}:revoke", GUSU_REGISTRAR(RevokeCredential)},
    {"POST", "/v1/{name=bureau/credentials/*}:revoke", GUSU_REGISTRAR(RevokeCredential)},
    {"GET", "/v1/{name=templates/*}", GUSU_REGISTRAR(GetTemplate)},
    {"GET", "/v1/templates", GUSU_REGISTRAR(ListTemplates)},
    {"POST", "/v1/templates", GUSU_REGISTRAR(CreateTemplate)},
    {"PUT", "/v1/{name=templates/*}", GUSU_REGISTRAR(UpdateTemplate)},
    {"POST", "/v1/{name=templates/*}:publish", GUSU_REGISTRAR(PublishTemplate)},
    {"POST", "/v1/{name=templates/*}:withdraw", GUSU_REGISTRAR(WithdrawTemplate)},
    {"POST", "/v1/{parent=registrants/*}/grants", GUSU_REGISTRAR(CreateGrant)},
    {"GET", "/v1/{parent=registrants/*}/grants", GUSU_REGISTRAR(ListGrants)},
    {"GET", "/v1/grants", GUSU_REGISTRAR(ListGrants)},
    {"POST", "/v1/{name=registrants/*/grants/*}:revoke", GUSU_REGISTRAR(RevokeGrant)},
    {"PUT", "/v1/{group.name=registrants/*/groups/*}", GUSU_REGISTRAR(SetGroup)},
    {"GET", "/v1/{parent=registrants/*}/groups", GUSU_REGISTRAR(ListGroups)},

    {"POST", "/v1/records:register", GUSU_REGISTRY(Register)},
    {"POST", "/v1/records:batchRegister", GUSU_REGISTRY(BatchRegister)},
    {"POST", "/v1/records:streamRegister", GUSU_REGISTRY(StreamRegister), RestForm::kRows},
    {"GET", "/v1/{name=prefixes/*/records/*}", GUSU_REGISTRY(GetRecord)},
    {"GET", "/v1/{parent=prefixes/*}/records", GUSU_REGISTRY(ListRecords)},
    {"GET", "/v1/{name=prefixes/*/records/*}/revisions", GUSU_REGISTRY(ListRevisions)},
    {"PUT", "/v1/{name=prefixes/*/records/*}", GUSU_REGISTRY(UpdateRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:modifyValues", GUSU_REGISTRY(ModifyValues)},
    {"POST", "/v1/{name=prefixes/*/records/*}:suspend", GUSU_REGISTRY(SuspendRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:activate", GUSU_REGISTRY(ActivateRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:retire", GUSU_REGISTRY(RetireRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:reinstate", GUSU_REGISTRY(ReinstateRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:hold", GUSU_REGISTRY(HoldRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:unhold", GUSU_REGISTRY(UnholdRecord)},
    {"POST", "/v1/{name=prefixes/*/records/*}:eraseValues", GUSU_REGISTRY(EraseValues)},
    {"POST", "/v1/{parent=prefixes/*}/serialRanges", GUSU_REGISTRY(AllocateSerialRange)},
    {"POST", "/v1/serialRanges:activate", GUSU_REGISTRY(ActivateSerialRange)},
    {"POST", "/v1/serialRanges:release", GUSU_REGISTRY(ReleaseSerialRange)},
    {"GET", "/v1/{name=prefixes/*/serialRanges/*}", GUSU_REGISTRY(GetSerialRange)},
    {"GET", "/v1/serialRanges:get", GUSU_REGISTRY(GetSerialRange)},
    {"GET", "/v1/{parent=prefixes/*}/serialRanges", GUSU_REGISTRY(ListSerialRanges)},
    {"POST", "/v1/transfers", GUSU_REGISTRY(OfferTransfer)},
    {"POST", "/v1/{name=transfers/*}:accept", GUSU_REGISTRY(AcceptTransfer)},
    {"POST", "/v1/{name=transfers/*}:decline", GUSU_REGISTRY(DeclineTransfer)},
    {"POST", "/v1/{name=transfers/*}:withdraw", GUSU_REGISTRY(WithdrawTransfer)},
    {"GET", "/v1/{name=transfers/*}", GUSU_REGISTRY(GetTransfer)},
    {"GET", "/v1/transfers", GUSU_REGISTRY(ListTransfers)},
    {"GET", "/v1/{parent=registrants/*}/transfers", GUSU_REGISTRY(ListTransfers)},

    {"GET", "/v1/records:resolve", GUSU_RESOLVER(Resolve)},
    {"POST", "/v1/records:resolve", GUSU_RESOLVER(Resolve)},
    {"POST", "/v1/records:batchResolve", GUSU_RESOLVER(BatchResolve)},
    {"POST", "/v1/records:streamResolve", GUSU_RESOLVER(StreamResolve), RestForm::kRows},

    {"GET", "/v1/log/checkpoint", GUSU_AUDIT(GetCheckpoint)},
    {"GET", "/v1/log/entries", GUSU_AUDIT(ListEntries)},
    {"GET", "/v1/log/inclusionProof", GUSU_AUDIT(GetInclusionProof)},
    {"GET", "/v1/log/consistencyProof", GUSU_AUDIT(GetConsistencyProof)},
    {"GET", "/v1/log/tile", GUSU_AUDIT(GetTile)},
    {"GET", "/v1/log/entries:watch", GUSU_AUDIT(WatchEntries), RestForm::kWatch},
    {"POST", "/v1/log/checkpoint:addCosignatures", GUSU_AUDIT(AddCosignatures)},
    {"GET", "/v1/store/rows", GUSU_AUDIT(ListRows)},
    {"GET", "/v1/store/files", GUSU_AUDIT(ListFiles)},
    {"POST", "/v1/store/files/{name=*}:verify", GUSU_AUDIT(VerifyFile)},

    {"GET", "/v1/statistics", GUSU_STATISTICS(GetStatistics)},
    {"GET", "/v1/statistics:recount", GUSU_STATISTICS(RecountStatistics)},
    {"GET", "/v1/usage", GUSU_STATISTICS(ListUsage)},
};

#undef GUSU_REGISTRAR
#undef GUSU_REGISTRY
#undef GUSU_RESOLVER
#undef GUSU_AUDIT
#undef GUSU_STATISTICS

}  // namespace

std::span<const RestRoute> RestRoutes() { return kRoutes; }

RestPattern ParsePattern(std::string_view path) {
  RestPattern pattern;
  path.remove_prefix(std::string_view("/v1/").size());
  if (const size_t verb = path.rfind(':'); verb != std::string_view::npos) {
    pattern.verb = path.substr(verb + 1);
    path = path.substr(0, verb);
  }
  for (const absl::string_view part : absl::StrSplit(AbslView(path), '/')) {
    std::string_view segment = StdView(part);
    if (segment.starts_with('{')) {
      const size_t equals = segment.find('=');
      pattern.field = segment.substr(1, equals - 1);
      pattern.field_begin = pattern.segments.size();
      segment.remove_prefix(equals + 1);
    }
    const bool ends_field = segment.ends_with('}');
    if (ends_field) segment.remove_suffix(1);
    pattern.segments.push_back(segment);
    if (ends_field) pattern.field_end = pattern.segments.size();
  }
  return pattern;
}

}  // namespace gusu::server
