#include "server/access.h"

#include <array>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

constexpr unsigned Bit(Role role) { return 1u << static_cast<unsigned>(role); }

// Sets of roles that the table uses.
constexpr unsigned kBureauAdmins = Bit(Role::kBureauAdmin);
constexpr unsigned kBureau = kBureauAdmins | Bit(Role::kBureauAuditor);
constexpr unsigned kRegistrantAdmins = Bit(Role::kRegistrantAdmin);
constexpr unsigned kWriters = kRegistrantAdmins | Bit(Role::kRegistrantWriter) | kBureauAdmins;
constexpr unsigned kReaders = kWriters | Bit(Role::kReader) | kBureau;
constexpr unsigned kApplicants = Bit(Role::kApplicant);
constexpr unsigned kEverybody = kReaders | kApplicants | Bit(Role::kAnonymous);

struct Rule {
  Method method;
  std::string_view name;
  unsigned roles;
};

// Who may call what. A bureau-admin writes records for a registrant only (ActingFor).
constexpr std::array<Rule, kMethodCount> kRules = {{
    {Method::kApplyRegistrant, "ApplyRegistrant", kEverybody},
    {Method::kApproveRegistrant, "ApproveRegistrant", kBureauAdmins},
    {Method::kUpdateRegistrant, "UpdateRegistrant",
     kApplicants | kRegistrantAdmins | kBureauAdmins},
    {Method::kReturnRegistrant, "ReturnRegistrant", kBureauAdmins},
    {Method::kRejectRegistrant, "RejectRegistrant", kBureauAdmins},
    {Method::kSuspendRegistrant, "SuspendRegistrant", kBureauAdmins},
    {Method::kActivateRegistrant, "ActivateRegistrant", kBureauAdmins},
    {Method::kCloseRegistrant, "CloseRegistrant", kBureauAdmins},
    {Method::kDesignateRegistrant, "DesignateRegistrant", kBureauAdmins},
    {Method::kRevokeDesignation, "RevokeDesignation", kBureauAdmins},
    {Method::kGetRegistrant, "GetRegistrant", kReaders | kApplicants},
    {Method::kListRegistrants, "ListRegistrants", kBureau},
    {Method::kGrantPrefix, "GrantPrefix", kRegistrantAdmins | kBureauAdmins},
    {Method::kUpdatePrefix, "UpdatePrefix", kRegistrantAdmins | kBureauAdmins},
    {Method::kDelegatePrefix, "DelegatePrefix", kRegistrantAdmins | kBureauAdmins},
    {Method::kTransferPrefix, "TransferPrefix", kBureauAdmins},
    {Method::kSuspendPrefix, "SuspendPrefix", kRegistrantAdmins | kBureauAdmins},
    {Method::kActivatePrefix, "ActivatePrefix", kRegistrantAdmins | kBureauAdmins},
    {Method::kRetirePrefix, "RetirePrefix", kRegistrantAdmins | kBureauAdmins},
    {Method::kGetPrefix, "GetPrefix", kReaders},
    {Method::kListPrefixes, "ListPrefixes", kReaders},
    {Method::kCreateCredential, "CreateCredential",
     kApplicants | kRegistrantAdmins | kBureauAdmins},
    {Method::kListCredentials, "ListCredentials", kRegistrantAdmins | kBureau},
    {Method::kRevokeCredential, "RevokeCredential", kRegistrantAdmins | kBureauAdmins},
    {Method::kGetTemplate, "GetTemplate", kEverybody},
    {Method::kListTemplates, "ListTemplates", kEverybody},
    {Method::kCreateTemplate, "CreateTemplate", kRegistrantAdmins | kBureauAdmins},
    {Method::kUpdateTemplate, "UpdateTemplate", kRegistrantAdmins | kBureauAdmins},
    {Method::kPublishTemplate, "PublishTemplate", kRegistrantAdmins | kBureauAdmins},
    {Method::kWithdrawTemplate, "WithdrawTemplate", kRegistrantAdmins | kBureauAdmins},
    {Method::kCreateGrant, "CreateGrant", kRegistrantAdmins | kBureauAdmins},
    {Method::kListGrants, "ListGrants", kReaders},
    {Method::kRevokeGrant, "RevokeGrant", kRegistrantAdmins | kBureauAdmins},
    {Method::kSetGroup, "SetGroup", kRegistrantAdmins | kBureauAdmins},
    {Method::kListGroups, "ListGroups", kReaders},
    {Method::kRegister, "Register", kWriters},
    {Method::kBatchRegister, "BatchRegister", kWriters},
    {Method::kStreamRegister, "StreamRegister", kWriters},
    {Method::kGetRecord, "GetRecord", kReaders},
    {Method::kListRecords, "ListRecords", kReaders},
    {Method::kListRevisions, "ListRevisions", kReaders},
    {Method::kUpdateRecord, "UpdateRecord", kWriters},
    {Method::kModifyValues, "ModifyValues", kWriters},
    {Method::kSuspendRecord, "SuspendRecord", kWriters},
    {Method::kActivateRecord, "ActivateRecord", kWriters},
    {Method::kRetireRecord, "RetireRecord", kWriters},
    {Method::kReinstateRecord, "ReinstateRecord", kWriters},
    {Method::kHoldRecord, "HoldRecord", kWriters},
    {Method::kUnholdRecord, "UnholdRecord", kWriters},
    {Method::kEraseValues, "EraseValues", kWriters},
    {Method::kAllocateSerialRange, "AllocateSerialRange", kWriters},
    {Method::kActivateSerialRange, "ActivateSerialRange", kWriters},
    {Method::kReleaseSerialRange, "ReleaseSerialRange", kWriters},
    {Method::kGetSerialRange, "GetSerialRange", kReaders},
    {Method::kListSerialRanges, "ListSerialRanges", kReaders},
    {Method::kOfferTransfer, "OfferTransfer", kWriters},
    {Method::kAcceptTransfer, "AcceptTransfer", kWriters},
    {Method::kDeclineTransfer, "DeclineTransfer", kWriters},
    {Method::kWithdrawTransfer, "WithdrawTransfer", kWriters},
    {Method::kGetTransfer, "GetTransfer", kReaders},
    {Method::kListTransfers, "ListTransfers", kReaders},
    {Method::kResolve, "Resolve", kEverybody},
    {Method::kBatchResolve, "BatchResolve", kEverybody},
    {Method::kStreamResolve, "StreamResolve", kEverybody},
    {Method::kGetCheckpoint, "GetCheckpoint", kEverybody},
    {Method::kListEntries, "ListEntries", kEverybody},
    {Method::kGetInclusionProof, "GetInclusionProof", kEverybody},
    {Method::kGetConsistencyProof, "GetConsistencyProof", kEverybody},
    {Method::kGetTile, "GetTile", kEverybody},
    {Method::kWatchEntries, "WatchEntries", kEverybody},
    {Method::kAddCosignatures, "AddCosignatures", kBureauAdmins},
    {Method::kListRows, "ListRows", kBureau},
    {Method::kListFiles, "ListFiles", kBureau},
    {Method::kVerifyFile, "VerifyFile", kBureau},
    {Method::kGetStatistics, "GetStatistics", kReaders},
    {Method::kRecountStatistics, "RecountStatistics", kReaders},
    {Method::kListUsage, "ListUsage", kReaders},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<size_t>(kRules[i].method) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "the table has each method once, in the order of the enumeration");

constexpr std::array<std::string_view, 7> kRoleNames = {
    "ANONYMOUS",        "APPLICANT",      "READER",      "REGISTRANT_WRITER",
    "REGISTRANT_ADMIN", "BUREAU_AUDITOR", "BUREAU_ADMIN"};

const Rule& RuleOf(Method method) { return kRules[static_cast<size_t>(method)]; }

std::string NamesOf(unsigned roles) {
  std::string names;
  for (size_t i = 0; i < kRoleNames.size(); ++i) {
    if ((roles & (1u << i)) == 0) continue;
    if (!names.empty()) names += ", ";
    names += kRoleNames[i];
  }
  return names;
}

absl::Status RoleRefused(const Caller& caller, std::string_view what) {
  return Error(absl::StatusCode::kPermissionDenied, "ROLE_REFUSED",
               Concat("a credential of role ", RoleName(caller.role), " ", what),
               {{"role", std::string(RoleName(caller.role))}});
}

// nullopt for a number that no version of ours has stored.
std::optional<Role> RoleOf(uint32_t number) {
  switch (number) {
    case v1::Credential::BUREAU_ADMIN:
      return Role::kBureauAdmin;
    case v1::Credential::BUREAU_AUDITOR:
      return Role::kBureauAuditor;
    case v1::Credential::REGISTRANT_ADMIN:
      return Role::kRegistrantAdmin;
    case v1::Credential::REGISTRANT_WRITER:
      return Role::kRegistrantWriter;
    case v1::Credential::READER:
      return Role::kReader;
    default:
      return std::nullopt;
  }
}

// Credentials of a closed registrant prove nothing any more.
bool IsClosed(const storage::Directory& directory, std::string_view registrant) {
  const auto* entry = registrant.empty() ? nullptr : directory.FindRegistrant(registrant);
  return entry != nullptr && entry->row->state() == v1::Registrant::CLOSED;
}

absl::StatusOr<Caller> AuthenticateClaim(const storage::Directory& directory,
                                         std::string_view claim_sha256, Caller caller) {
  const auto* registrant = directory.FindRegistrantByClaim(claim_sha256, &caller.registrant);
  if (registrant == nullptr) return CredentialInvalid();
  caller.role = Role::kApplicant;
  caller.proof_key = storage::RegistrantKey(caller.registrant);
  caller.proof_revision = registrant->revision;
  return caller;
}

}  // namespace

absl::Status CredentialInvalid() {
  return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_INVALID",
               "the credential is unknown, revoked or expired");
}

std::string_view MethodName(Method method) { return RuleOf(method).name; }

std::string_view RoleName(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

absl::StatusOr<Caller> Authenticate(const storage::View& view, const Proof& proof, absl::Time now) {
  Caller caller;
  caller.door = proof.door;
  caller.peer = proof.peer;
  if (proof.bearer.empty()) return caller;

  const storage::Directory& directory = view.directory();
  const Hash hash = Sha256(proof.bearer);
  if (IsClaimSecret(proof.bearer)) {
    return AuthenticateClaim(directory, AsBytes(hash), std::move(caller));
  }
  return CallerOf(view, directory.FindCredentialBySecret(AsBytes(hash)), std::move(caller), now);
}

absl::StatusOr<Caller> CallerOf(const storage::View& view,
                                const storage::Directory::CredentialEntry* credential,
                                Caller caller, absl::Time now) {
  if (credential == nullptr) return CredentialInvalid();
  const storage::v1::CredentialRow& row = *credential->row;
  const std::optional<Role> role = RoleOf(row.role());
  const bool expired = absl::FromUnixMicros(static_cast<int64_t>(row.expire_time_us())) <= now;
  if (row.revoked() || expired || !role.has_value()) return CredentialInvalid();
  if (IsClosed(view.directory(), row.registrant())) return CredentialInvalid();
  caller.role = *role;
  caller.registrant = row.registrant();
  caller.credential = row.id();
  caller.proof_key = storage::CredentialKey(row.registrant(), row.id());
  caller.proof_revision = credential->revision;
  return caller;
}

absl::Status CheckRole(Method method, const Caller& caller) {
  const Rule& rule = RuleOf(method);
  if ((rule.roles & Bit(caller.role)) != 0) return absl::OkStatus();
  if (caller.role == Role::kAnonymous) {
    return Error(absl::StatusCode::kUnauthenticated, "CREDENTIAL_MISSING",
                 Concat(rule.name, " needs a credential"), {{"method", std::string(rule.name)}});
  }
  const std::string allowed = NamesOf(rule.roles);
  return Error(absl::StatusCode::kPermissionDenied, "ROLE_REFUSED",
               Concat("a credential of role ", RoleName(caller.role), " may not call ", rule.name,
                      "; allowed: ", allowed),
               {{"role", std::string(RoleName(caller.role))},
                {"method", std::string(rule.name)},
                {"allowed", allowed}});
}

absl::StatusOr<Acting> ActingFor(const Caller& caller, const v1::OnBehalfOf& on_behalf_of) {
  Acting acting;
  if (on_behalf_of.registrant().empty()) {
    if (caller.registrant.empty()) {
      return RoleRefused(caller, "acts for a registrant only: on_behalf_of must name it");
    }
    acting.registrant = caller.registrant;
    acting.actor = RegistrantName(caller.registrant);
    return acting;
  }
  if (caller.role != Role::kBureauAdmin) {
    return RoleRefused(caller, "cannot act on behalf of a registrant");
  }
  absl::StatusOr<std::string> id =
      ParseRegistrantName(on_behalf_of.registrant(), "on_behalf_of.registrant");
  if (!id.ok()) return std::move(id).status();
  if (absl::Status reason = CheckReason(on_behalf_of.reason(), true); !reason.ok()) return reason;
  acting.registrant = *std::move(id);
  acting.actor = "bureau";
  acting.on_behalf_of = on_behalf_of.registrant();
  acting.reason = on_behalf_of.reason();
  return acting;
}

}  // namespace gusu::server
