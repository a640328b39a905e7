// Who may call what, written down apart from the server's own table: what the cases hold the server
// to.
#pragma once

#include <array>

#include "server/access.h"

namespace gusu::server {

inline constexpr std::array<Role, 7> kTableRoles = {
    Role::kAnonymous,       Role::kApplicant,     Role::kReader,     Role::kRegistrantWriter,
    Role::kRegistrantAdmin, Role::kBureauAuditor, Role::kBureauAdmin};

// One column for each role, in the order of kTableRoles: y may call.
struct AccessLine {
  Method method;
  const char* name;
  const char* may;
};
inline constexpr AccessLine kAccessTable[] = {
    {Method::kApplyRegistrant, "ApplyRegistrant", "yyyyyyy"},
    {Method::kApproveRegistrant, "ApproveRegistrant", "------y"},
    {Method::kUpdateRegistrant, "UpdateRegistrant", "-y--y-y"},
    {Method::kReturnRegistrant, "ReturnRegistrant", "------y"},
    {Method::kRejectRegistrant, "RejectRegistrant", "------y"},
    {Method::kSuspendRegistrant, "SuspendRegistrant", "------y"},
    {Method::kActivateRegistrant, "ActivateRegistrant", "------y"},
    {Method::kCloseRegistrant, "CloseRegistrant", "------y"},
    {Method::kDesignateRegistrant, "DesignateRegistrant", "------y"},
    {Method::kRevokeDesignation, "RevokeDesignation", "------y"},
    {Method::kGetRegistrant, "GetRegistrant", "-yyyyyy"},
    {Method::kListRegistrants, "ListRegistrants", "-----yy"},
    {Method::kGrantPrefix, "GrantPrefix", "----y-y"},
    {Method::kUpdatePrefix, "UpdatePrefix", "----y-y"},
    {Method::kDelegatePrefix, "DelegatePrefix", "----y-y"},
    {Method::kTransferPrefix, "TransferPrefix", "------y"},
    {Method::kSuspendPrefix, "SuspendPrefix", "----y-y"},
    {Method::kActivatePrefix, "ActivatePrefix", "----y-y"},
    {Method::kRetirePrefix, "RetirePrefix", "----y-y"},
    {Method::kGetPrefix, "GetPrefix", "--yyyyy"},
    {Method::kListPrefixes, "ListPrefixes", "--yyyyy"},
    {Method::kCreateCredential, "CreateCredential", "-y--y-y"},
    {Method::kListCredentials, "ListCredentials", "----yyy"},
    {Method::kRevokeCredential, "RevokeCredential", "----y-y"},
    {Method::kGetTemplate, "GetTemplate", "yyyyyyy"},
    {Method::kListTemplates, "ListTemplates", "yyyyyyy"},
    {Method::kCreateTemplate, "CreateTemplate", "----y-y"},
    {Method::kUpdateTemplate, "UpdateTemplate", "----y-y"},
    {Method::kPublishTemplate, "PublishTemplate", "----y-y"},
    {Method::kWithdrawTemplate, "WithdrawTemplate", "----y-y"},
    {Method::kCreateGrant, "CreateGrant", "----y-y"},
    {Method::kListGrants, "ListGrants", "--yyyyy"},
    {Method::kRevokeGrant, "RevokeGrant", "----y-y"},
    {Method::kSetGroup, "SetGroup", "----y-y"},
    {Method::kListGroups, "ListGroups", "--yyyyy"},
    {Method::kRegister, "Register", "---yy-y"},
    {Method::kBatchRegister, "BatchRegister", "---yy-y"},
    {Method::kStreamRegister, "StreamRegister", "---yy-y"},
    {Method::kGetRecord, "GetRecord", "--yyyyy"},
    {Method::kListRecords, "ListRecords", "--yyyyy"},
    {Method::kListRevisions, "ListRevisions", "--yyyyy"},
    {Method::kUpdateRecord, "UpdateRecord", "---yy-y"},
    {Method::kModifyValues, "ModifyValues", "---yy-y"},
    {Method::kSuspendRecord, "SuspendRecord", "---yy-y"},
    {Method::kActivateRecord, "ActivateRecord", "---yy-y"},
    {Method::kRetireRecord, "RetireRecord", "---yy-y"},
    {Method::kReinstateRecord, "ReinstateRecord", "---yy-y"},
    {Method::kHoldRecord, "HoldRecord", "---yy-y"},
    {Method::kUnholdRecord, "UnholdRecord", "---yy-y"},
    {Method::kEraseValues, "EraseValues", "---yy-y"},
    {Method::kAllocateSerialRange, "AllocateSerialRange", "---yy-y"},
    {Method::kActivateSerialRange, "ActivateSerialRange", "---yy-y"},
    {Method::kReleaseSerialRange, "ReleaseSerialRange", "---yy-y"},
    {Method::kGetSerialRange, "GetSerialRange", "--yyyyy"},
    {Method::kListSerialRanges, "ListSerialRanges", "--yyyyy"},
    {Method::kOfferTransfer, "OfferTransfer", "---yy-y"},
    {Method::kAcceptTransfer, "AcceptTransfer", "---yy-y"},
    {Method::kDeclineTransfer, "DeclineTransfer", "---yy-y"},
    {Method::kWithdrawTransfer, "WithdrawTransfer", "---yy-y"},
    {Method::kGetTransfer, "GetTransfer", "--yyyyy"},
    {Method::kListTransfers, "ListTransfers", "--yyyyy"},
    {Method::kResolve, "Resolve", "yyyyyyy"},
    {Method::kBatchResolve, "BatchResolve", "yyyyyyy"},
    {Method::kStreamResolve, "StreamResolve", "yyyyyyy"},
    {Method::kGetCheckpoint, "GetCheckpoint", "yyyyyyy"},
    {Method::kListEntries, "ListEntries", "yyyyyyy"},
    {Method::kGetInclusionProof, "GetInclusionProof", "yyyyyyy"},
    {Method::kGetConsistencyProof, "GetConsistencyProof", "yyyyyyy"},
    {Method::kGetTile, "GetTile", "yyyyyyy"},
    {Method::kWatchEntries, "WatchEntries", "yyyyyyy"},
    {Method::kAddCosignatures, "AddCosignatures", "------y"},
    {Method::kListRows, "ListRows", "-----yy"},
    {Method::kListFiles, "ListFiles", "-----yy"},
    {Method::kVerifyFile, "VerifyFile", "-----yy"},
    {Method::kGetStatistics, "GetStatistics", "--yyyyy"},
    {Method::kRecountStatistics, "RecountStatistics", "--yyyyy"},
    {Method::kListUsage, "ListUsage", "--yyyyy"},
};

}  // namespace gusu::server
