#include "proto/change.h"

#include <string_view>
#include <utility>

namespace gusu {
namespace {

constexpr std::pair<Operation, std::string_view> kNames[] = {
    {Operation::kInitialize, "INITIALIZE"},
    {Operation::kApplyRegistrant, "APPLY_REGISTRANT"},
    {Operation::kApproveRegistrant, "APPROVE_REGISTRANT"},
    {Operation::kGrantPrefix, "GRANT_PREFIX"},
    {Operation::kCreateCredential, "CREATE_CREDENTIAL"},
    {Operation::kRevokeCredential, "REVOKE_CREDENTIAL"},
    {Operation::kRegister, "REGISTER"},
    {Operation::kUpdate, "UPDATE"},
    {Operation::kModifyValues, "MODIFY_VALUES"},
    {Operation::kSuspend, "SUSPEND"},
    {Operation::kActivate, "ACTIVATE"},
    {Operation::kRetire, "RETIRE"},
    {Operation::kReinstate, "REINSTATE"},
    {Operation::kEraseValues, "ERASE_VALUES"},
    {Operation::kChangeLogKeys, "CHANGE_LOG_KEYS"},
    {Operation::kNewLogEpoch, "NEW_LOG_EPOCH"},
    {Operation::kUpdateRegistrant, "UPDATE_REGISTRANT"},
    {Operation::kReturnRegistrant, "RETURN_REGISTRANT"},
    {Operation::kRejectRegistrant, "REJECT_REGISTRANT"},
    {Operation::kSuspendRegistrant, "SUSPEND_REGISTRANT"},
    {Operation::kActivateRegistrant, "ACTIVATE_REGISTRANT"},
    {Operation::kCloseRegistrant, "CLOSE_REGISTRANT"},
    {Operation::kDesignateRegistrant, "DESIGNATE_REGISTRANT"},
    {Operation::kRevokeDesignation, "REVOKE_DESIGNATION"},
    {Operation::kUpdatePrefix, "UPDATE_PREFIX"},
    {Operation::kDelegatePrefix, "DELEGATE_PREFIX"},
    {Operation::kTransferPrefix, "TRANSFER_PREFIX"},
    {Operation::kSuspendPrefix, "SUSPEND_PREFIX"},
    {Operation::kActivatePrefix, "ACTIVATE_PREFIX"},
    {Operation::kRetirePrefix, "RETIRE_PREFIX"},
    {Operation::kCreateTemplate, "CREATE_TEMPLATE"},
    {Operation::kUpdateTemplate, "UPDATE_TEMPLATE"},
    {Operation::kPublishTemplate, "PUBLISH_TEMPLATE"},
    {Operation::kWithdrawTemplate, "WITHDRAW_TEMPLATE"},
    {Operation::kCreateGrant, "CREATE_GRANT"},
    {Operation::kRevokeGrant, "REVOKE_GRANT"},
    {Operation::kSetGroup, "SET_GROUP"},
    {Operation::kHold, "HOLD"},
    {Operation::kUnhold, "UNHOLD"},
    {Operation::kOfferTransfer, "OFFER_TRANSFER"},
    {Operation::kAcceptTransfer, "ACCEPT_TRANSFER"},
    {Operation::kDeclineTransfer, "DECLINE_TRANSFER"},
    {Operation::kWithdrawTransfer, "WITHDRAW_TRANSFER"},
    {Operation::kTransfer, "TRANSFER"},
    {Operation::kAllocateRange, "ALLOCATE_RANGE"},
    {Operation::kActivateRange, "ACTIVATE_RANGE"},
    {Operation::kReleaseRange, "RELEASE_RANGE"},
    {Operation::kSplitRange, "SPLIT_RANGE"},
    {Operation::kRead, "READ"},
};

}  // namespace

std::string_view OperationName(Operation operation) {
  for (const auto& [value, name] : kNames) {
    if (value == operation) return name;
  }
  return {};
}

std::optional<Operation> OperationFromName(std::string_view name) {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  return std::nullopt;
}

}  // namespace gusu
