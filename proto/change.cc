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
