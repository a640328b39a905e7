#include "proto/handle/response_code.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "proto/error.h"

namespace gusu::handle {
namespace {

using Code = ResponseCode;

// Sorted by reason.
constexpr std::array kCodeOfReason = std::to_array<std::pair<std::string_view, ResponseCode>>({
    // Who proved nothing is asked to; who proved something wrong has failed.
    {"CREDENTIAL_INVALID", Code::kAuthenticationFailed},
    {"CREDENTIAL_MISSING", Code::kAuthenticationNeeded},
    // What was sent has not the protocol's form: not to be sent again.
    {"FILTER_MALFORMED", Code::kProtocolError},
    {"HANDLE_ADMIN_REFUSED", Code::kInvalidAdmin},  // by HS_ADMIN
    {"HANDLE_MALFORMED", Code::kProtocolError},
    {"IDENTIFIER_MALFORMED", Code::kInvalidHandle},
    {"IDENTIFIER_NOT_FOUND", Code::kHandleNotFound},
    {"IDENTIFIER_TAKEN", Code::kHandleAlreadyExists},
    // Another server may take the write; this one still answers what is read.
    {"NOT_LEADER", Code::kServerReadOnly},
    // An administrator, and not of this handle.
    {"NOT_OWN_REGISTRANT", Code::kInvalidAdmin},
    {"NOT_PREFIX_HOLDER", Code::kInvalidAdmin},
    {"NOT_RECORD_OWNER", Code::kInvalidAdmin},
    // The client goes and looks for the right server. Reading below a delegated prefix is an answer
    // with a referral and no error.
    {"PREFIX_DELEGATED", Code::kServerNotResponsible},
    {"PREFIX_NOT_FOUND", Code::kServerNotResponsible},
    {"PREFIX_OUTSIDE_NODE", Code::kServerNotResponsible},
    {"SESSION_EXPIRED", Code::kSessionTimeout},
    {"STORE_FULL", Code::kServerReadOnly},
    {"SUFFIX_REFUSED", Code::kInvalidHandle},
    {"TARGET_MALFORMED", Code::kProtocolError},
    // A handle's template is one of its values.
    {"TEMPLATE_NOT_FOUND", Code::kInvalidValue},
    {"TEMPLATE_NOT_PUBLISHED", Code::kInvalidValue},
    // A secret may be sent over another connection.
    {"TLS_REQUIRED", Code::kAuthenticationNeeded},
    // An index that the handle has already is what adding a value meets; one twice in a request
    // too.
    {"VALUE_INDEX_DUPLICATE", Code::kValueAlreadyExists},
    {"VALUE_NOT_FOUND", Code::kValuesNotFound},
    {"VALUE_NOT_UNIQUE", Code::kInvalidValue},
    {"WRITES_STOPPED", Code::kServerReadOnly},
});
static_assert(std::is_sorted(kCodeOfReason.begin(), kCodeOfReason.end(),
                             [](const auto& a, const auto& b) { return a.first < b.first; }));

ResponseCode CodeOfCanonical(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return Code::kSuccess;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return Code::kInvalidValue;
    case absl::StatusCode::kNotFound:
      return Code::kHandleNotFound;
    case absl::StatusCode::kAlreadyExists:
      return Code::kHandleAlreadyExists;
    // A state forbids it: clients do not try again, and show people the message.
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
      return Code::kInsufficientPermissions;
    case absl::StatusCode::kUnauthenticated:
      return Code::kAuthenticationFailed;
    // The same later: a race that was lost, a full queue, a commit with an unknown outcome.
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return Code::kServerTooBusy;
    case absl::StatusCode::kUnimplemented:
      return Code::kOperationNotSupported;
    default:
      return Code::kError;
  }
}

}  // namespace

ResponseCode ResponseCodeFor(const absl::Status& status) {
  if (status.ok()) return Code::kSuccess;
  const std::string reason = ErrorReason(status);
  const auto found =
      std::lower_bound(kCodeOfReason.begin(), kCodeOfReason.end(), reason,
                       [](const auto& entry, const std::string& key) { return entry.first < key; });
  if (found != kCodeOfReason.end() && found->first == reason) return found->second;
  return CodeOfCanonical(status.code());
}

ResponseCode CodeInVersion(ResponseCode code, Version version) {
  constexpr Version kInvalidValueSince{2, 5};
  return code == Code::kInvalidValue && version < kInvalidValueSince ? Code::kValueAlreadyExists
                                                                     : code;
}

}  // namespace gusu::handle
