#include "tests/e2e/conversation/outcome.h"

#include <map>

#include "proto/handle/protocol.h"

namespace gusu::e2e {

using handle::ResponseCode;

std::string OutcomeOfFault(const std::string& fault) {
  static const std::map<std::string, std::string> kOutcomes = {
      {"PREFIX_NOT_FOUND", "NO_PREFIX"},
      {"PREFIX_OUTSIDE_NODE", "NO_PREFIX"},
      {"IDENTIFIER_NOT_FOUND", "NO_CODE"},
      {"VALUE_NOT_FOUND", "NO_VALUE"},
      {"TIER_REFUSED", "NO_VALUE"},
      {"IDENTIFIER_TAKEN", "CODE_EXISTS"},
      {"VALUE_INDEX_DUPLICATE", "VALUE_EXISTS"},
      {"IDENTIFIER_MALFORMED", "MALFORMED"},
      {"SUFFIX_REFUSED", "MALFORMED"},
      {"CREDENTIAL_MISSING", "NOT_PROVEN"},
      {"CREDENTIAL_INVALID", "NOT_PROVEN"},
  };
  const size_t space = fault.find(' ');
  const std::string code = fault.substr(0, space);
  const auto known = kOutcomes.find(fault.substr(space + 1));
  if (known != kOutcomes.end()) return known->second;
  if (code == "INVALID_ARGUMENT") return "BAD_VALUE";
  if (code == "PERMISSION_DENIED" || code == "FAILED_PRECONDITION") return "NOT_ALLOWED";
  return fault;
}

std::string OutcomeOfResponseCode(uint32_t code) {
  static const std::map<ResponseCode, std::string> kOutcomes = {
      {ResponseCode::kSuccess, "OK"},
      {ResponseCode::kServerNotResponsible, "NO_PREFIX"},
      {ResponseCode::kHandleNotFound, "NO_CODE"},
      {ResponseCode::kValuesNotFound, "NO_VALUE"},
      {ResponseCode::kHandleAlreadyExists, "CODE_EXISTS"},
      {ResponseCode::kValueAlreadyExists, "VALUE_EXISTS"},
      {ResponseCode::kInvalidHandle, "MALFORMED"},
      {ResponseCode::kInvalidValue, "BAD_VALUE"},
      {ResponseCode::kAuthenticationNeeded, "NOT_PROVEN"},
      {ResponseCode::kAuthenticationFailed, "NOT_PROVEN"},
      {ResponseCode::kInvalidAdmin, "NOT_ALLOWED"},
      {ResponseCode::kInsufficientPermissions, "NOT_ALLOWED"},
  };
  const auto known = kOutcomes.find(static_cast<ResponseCode>(code));
  return known != kOutcomes.end() ? known->second : "response code " + std::to_string(code);
}

}  // namespace gusu::e2e
