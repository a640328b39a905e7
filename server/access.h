// Who may do what: proof of a caller, and the one table of methods and roles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/caller.h"
#include "storage/view.h"

namespace gusu::v1 {
class OnBehalfOf;
}

namespace gusu::server {

// Every method of the API, in the table's order.
enum class Method {
  kApplyRegistrant,
  kApproveRegistrant,
  kUpdateRegistrant,
  kReturnRegistrant,
  kRejectRegistrant,
  kSuspendRegistrant,
  kActivateRegistrant,
  kCloseRegistrant,
  kDesignateRegistrant,
  kRevokeDesignation,
  kGetRegistrant,
  kListRegistrants,
  kGrantPrefix,
  kUpdatePrefix,
  kDelegatePrefix,
  kTransferPrefix,
  kSuspendPrefix,
  kActivatePrefix,
  kRetirePrefix,
  kGetPrefix,
  kListPrefixes,
  kCreateCredential,
  kListCredentials,
  kRevokeCredential,
  kGetTemplate,
  kListTemplates,
  kCreateTemplate,
  kUpdateTemplate,
  kPublishTemplate,
  kWithdrawTemplate,
  kCreateGrant,
  kListGrants,
  kRevokeGrant,
  kSetGroup,
  kListGroups,
  kRegister,
  kBatchRegister,
  kStreamRegister,
  kGetRecord,
  kListRecords,
  kListRevisions,
  kUpdateRecord,
  kModifyValues,
  kSuspendRecord,
  kActivateRecord,
  kRetireRecord,
  kReinstateRecord,
  kHoldRecord,
  kUnholdRecord,
  kEraseValues,
  kAllocateSerialRange,
  kActivateSerialRange,
  kReleaseSerialRange,
  kGetSerialRange,
  kListSerialRanges,
  kOfferTransfer,
  kAcceptTransfer,
  kDeclineTransfer,
  kWithdrawTransfer,
  kGetTransfer,
  kListTransfers,
  kResolve,
  kBatchResolve,
  kStreamResolve,
  kGetCheckpoint,
  kListEntries,
  kGetInclusionProof,
  kGetConsistencyProof,
  kGetTile,
  kWatchEntries,
  kAddCosignatures,
  kListRows,
  kListFiles,
  kVerifyFile,
  kGetStatistics,
  kRecountStatistics,
  kListUsage,
};
inline constexpr int kMethodCount = static_cast<int>(Method::kListUsage) + 1;

std::string_view MethodName(Method method);
// As the API writes it: REGISTRANT_ADMIN, ANONYMOUS.
std::string_view RoleName(Role role);

// The caller that a proof stands for. Without a bearer: anonymous. kUnauthenticated /
// CREDENTIAL_INVALID for one unknown, revoked, expired or a closed registrant's (not saying which).
absl::StatusOr<Caller> Authenticate(const storage::View& view, const Proof& proof, absl::Time now);

// The caller that a credential stands for, with `caller`'s door and peer. kUnauthenticated /
// CREDENTIAL_INVALID for one that is revoked, expired or a closed registrant's, and for nullptr.
absl::StatusOr<Caller> CallerOf(const storage::View& view,
                                const storage::Directory::CredentialEntry* credential,
                                Caller caller, absl::Time now);
absl::Status CredentialInvalid();

// Whether the role may call the method at all. kUnauthenticated / CREDENTIAL_MISSING for callers
// without a credential, kPermissionDenied / ROLE_REFUSED for others. Which resources it may touch
// is checked where the resource is known.
absl::Status CheckRole(Method method, const Caller& caller);

// The registrant in whose name a write happens: the caller's own, or for a bureau-admin the one
// that it acts for with a reason. kPermissionDenied / ROLE_REFUSED, kInvalidArgument /
// REASON_MISSING or FIELD_INVALID.
struct Acting {
  std::string registrant;    // id
  std::string actor;         // registrants/{id} or bureau
  std::string on_behalf_of;  // registrants/{id} or empty
  std::string reason;
};
// `on_behalf_of` without a registrant means that none was given.
absl::StatusOr<Acting> ActingFor(const Caller& caller, const v1::OnBehalfOf& on_behalf_of);

}  // namespace gusu::server
