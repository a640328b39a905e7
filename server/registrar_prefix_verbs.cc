// The registrar's part on what happens to a prefix after it was granted, as long as its holder
// stays the same.
#include <functional>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/delegation.h"
#include "server/prefix_quota.h"
#include "server/prefix_tree.h"
#include "server/registrar.h"
#include "server/registrar_changes.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using PrefixEntry = storage::Directory::PrefixEntry;
using storage::v1::PrefixRow;

// What all of these methods are asked.
struct PrefixWrite {
  Caller caller;
  Acting acting;  // without a registrant: the bureau in its own name
  std::string prefix;
  std::string etag;
  bool is_bureau() const { return acting.registrant.empty(); }
};

// Appends to the set what becomes of the prefix: its own change first. No change: it is so already.
using PlanChange = std::function<absl::Status(const storage::View& view, const PrefixEntry& entry,
                                              storage::ChangeSet* set)>;

std::string StateOf(const PrefixRow& row) {
  return v1::Prefix::State_Name(static_cast<v1::Prefix::State>(row.state()));
}

absl::Status WrongState(std::string_view reason, const PrefixRow& row) {
  return Error(absl::StatusCode::kFailedPrecondition, reason,
               Concat("prefix ", row.prefix(), " is ", StateOf(row)),
               {{"prefix", row.prefix()}, {"state", StateOf(row)}});
}

absl::Status NotHolder(const PrefixWrite& write, const PrefixRow& row, std::string_view of_what) {
  return Error(
      absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
      Concat("registrant ", write.acting.registrant, " does not hold ", of_what, " ", row.prefix()),
      {{"registrant", RegistrantName(write.acting.registrant)}, {"prefix", row.prefix()}});
}

// The bureau, and the holder of the prefix above, who granted this one or follows who did.
absl::Status CheckMayGovern(const storage::View& view, const PrefixWrite& write,
                            const PrefixRow& row) {
  if (write.is_bureau()) return absl::OkStatus();
  const auto* above = PrefixAbove(view.directory(), ToKey(row.prefix()));
  if (row.granted_by_holder() && above != nullptr &&
      above->row->holder() == write.acting.registrant) {
    return absl::OkStatus();
  }
  return NotHolder(write, row, "a prefix that granted");
}

// Of who may govern, and does: the prefix above must let its holder write, and still be so when the
// change is committed.
absl::Status UsePrefixAbove(const storage::View& view, const PrefixWrite& write,
                            const PrefixRow& row, storage::ChangeSet* set) {
  if (write.is_bureau()) return absl::OkStatus();
  const auto* above = PrefixAbove(view.directory(), ToKey(row.prefix()));
  const std::string& prefix = above->row->prefix();
  const std::string key = ToKey(prefix);
  GUSU_ASSIGN_OR_RETURN(const WriteScope scope,
                        FindWriteScope(view.directory(), write.acting, prefix, key));
  AddPrefixPrecondition(scope, key, &set->preconditions);
  return absl::OkStatus();
}

absl::Status CheckMayUse(const PrefixWrite& write, const PrefixRow& row) {
  if (write.is_bureau()) return absl::OkStatus();
  if (row.holder() != write.acting.registrant) return NotHolder(write, row, "prefix");
  return row.state() == v1::Prefix::SUSPENDED ? WrongState("PREFIX_SUSPENDED", row)
                                              : absl::OkStatus();
}

absl::StatusOr<PlannedWrite> Plan(const storage::View& view, const PrefixWrite& write,
                                  const PlanChange& plan) {
  const storage::Directory& directory = view.directory();
  GUSU_ASSIGN_OR_RETURN(const PrefixEntry* entry, RequirePrefix(directory, write.prefix));
  storage::ChangeSet set;
  AddActingPreconditions(directory, write.acting, write.caller, &set.preconditions);
  GUSU_RETURN_IF_ERROR(plan(view, *entry, &set));
  if (set.changes.empty()) return storage::Receipt{entry->leaf_index, entry->revision};
  if (!write.is_bureau()) {
    GUSU_ASSIGN_OR_RETURN(const auto* registrant,
                          RequireRegistrant(directory, write.acting.registrant));
    GUSU_RETURN_IF_ERROR(CheckIsActive(write.acting.registrant, *registrant->row));
  }
  GUSU_RETURN_IF_ERROR(
      CheckEtag("prefix", Concat("prefixes/", entry->row->prefix()), write.etag, entry->revision));
  return set;
}

// Checks what all methods have in common. Those without on_behalf_of take an empty one.
template <typename Request>
absl::StatusOr<PrefixWrite> ReadWrite(Method method, const Request& request, bool reason_required,
                                      const v1::OnBehalfOf& on_behalf_of, const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), reason_required));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  PrefixWrite write;
  write.caller = caller;
  GUSU_ASSIGN_OR_RETURN(write.acting, ActingAs(caller, on_behalf_of, request.reason()));
  GUSU_ASSIGN_OR_RETURN(write.prefix, ParsePrefixName(request.name(), "name"));
  write.etag = request.etag();
  return write;
}

// `content`: what the request asks for beyond name, reason and etag.
void Submit(storage::Ledger* ledger, Method method, const PrefixWrite& write,
            const std::string& request_id, const std::string& content, PlanChange plan,
            Done<v1::PrefixResponse> done) {
  const Hash digest = RequestDigest(
      Concat("gusu.", MethodName(method), ".v1"),
      {ToKey(write.prefix), write.acting.reason, write.etag, write.acting.on_behalf_of, content});
  WritePrefix(
      ledger, ToKey(write.prefix), RequestOf(request_id, write.acting.registrant, digest),
      [write, plan = std::move(plan)](const storage::View& view) {
        return Plan(view, write, plan);
      },
      std::move(done));
}

// ---- states

// Only the bureau lifts what the bureau ordered.
absl::Status CheckMayLift(const PrefixWrite& write, const PrefixRow& row) {
  if (write.is_bureau() || !row.suspended_by_bureau()) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "SUSPENDED_BY_BUREAU",
               Concat("the bureau suspended prefix ", row.prefix(), ", and it activates it"),
               {{"prefix", row.prefix()}});
}

struct StateVerb {
  Method method;
  Operation operation;
  v1::Prefix::State to;
};

absl::Status CheckTransition(const PrefixWrite& write, const PrefixRow& row, v1::Prefix::State to) {
  if (row.state() == v1::Prefix::RETIRED) return WrongState("PREFIX_RETIRED", row);
  const bool suspended = row.state() == v1::Prefix::SUSPENDED;
  if (to == v1::Prefix::SUSPENDED && suspended) {
    // The bureau's suspension takes the place of the holder's.
    const bool replaces = write.is_bureau() && !row.suspended_by_bureau();
    return replaces ? absl::OkStatus() : WrongState("PREFIX_SUSPENDED", row);
  }
  if (to != v1::Prefix::ACTIVE) return absl::OkStatus();
  return suspended ? CheckMayLift(write, row) : WrongState("PREFIX_NOT_SUSPENDED", row);
}

absl::Status PlanState(const storage::View& view, const PrefixEntry& entry,
                       const PrefixWrite& write, const StateVerb& verb, storage::ChangeSet* set) {
  GUSU_RETURN_IF_ERROR(CheckMayGovern(view, write, *entry.row));
  const absl::Status can = CheckTransition(write, *entry.row, verb.to);
  if (!can.ok()) {
    GUSU_ASSIGN_OR_RETURN(const bool repeated,
                          WasLast(view, entry.leaf_index, verb.operation, write.acting));
    return repeated ? absl::OkStatus() : can;
  }
  GUSU_RETURN_IF_ERROR(UsePrefixAbove(view, write, *entry.row, set));
  PrefixRow row = *entry.row;
  row.set_state(verb.to);
  row.set_suspended_by_bureau(verb.to == v1::Prefix::SUSPENDED && write.is_bureau());
  row.set_state_reason(verb.to == v1::Prefix::ACTIVE ? "" : write.acting.reason);
  set->changes.push_back(
      ChangeOfPrefix(verb.operation, entry, std::move(row), write.acting, write.caller));
  return absl::OkStatus();
}

template <typename Request>
void ChangeState(storage::Ledger* ledger, const StateVerb& verb, const Request& request,
                 const Caller& caller, Done<v1::PrefixResponse> done) {
  absl::StatusOr<PrefixWrite> write =
      ReadWrite(verb.method, request, true, v1::OnBehalfOf(), caller);
  if (!write.ok()) return done(std::move(write).status());
  Submit(
      ledger, verb.method, *write, request.request_id(), "",
      [write = *write, verb](const storage::View& view, const PrefixEntry& entry,
                             storage::ChangeSet* set) {
        return PlanState(view, entry, write, verb, set);
      },
      std::move(done));
}

// ---- quota and disclosure

// A prefix without a limit below one that gets one would be a hole in it.
absl::Status CheckNoneUnlimited(const storage::View& view, const PrefixRow& row, Change* change) {
  const std::string key = ToKey(row.prefix());
  return ScanBelow(view, key, change, [&](const PrefixEntry& below) {
    const PrefixRow& derived = *below.row;
    const auto* above = PrefixAbove(view.directory(), ToKey(derived.prefix()));
    if (!derived.granted_by_holder() || derived.quota() != 0 ||
        ToKey(above->row->prefix()) != key) {
      return absl::OkStatus();
    }
    return Error(absl::StatusCode::kFailedPrecondition, "QUOTA_EXCEEDED",
                 Concat("prefix ", derived.prefix(), ", derived from ", row.prefix(),
                        ", has no limit: it is to get one first"),
                 {{"prefix", derived.prefix()}, {"quota", "0"}});
  });
}

absl::Status PlanUpdate(const storage::View& view, const PrefixEntry& entry,
                        const PrefixWrite& write, const v1::UpdatePrefixRequest& request,
                        storage::ChangeSet* set) {
  const PrefixRow& before = *entry.row;
  if (request.has_quota()) GUSU_RETURN_IF_ERROR(CheckMayGovern(view, write, before));
  if (request.disclosure() != v1::Prefix::DISCLOSURE_UNSPECIFIED) {
    GUSU_RETURN_IF_ERROR(CheckMayUse(write, before));
  }
  if (before.state() == v1::Prefix::RETIRED) return WrongState("PREFIX_RETIRED", before);
  PrefixRow row = before;
  if (request.has_quota()) row.set_quota(request.quota());
  if (request.disclosure() == v1::Prefix::OPEN) row.set_disclosure(v1::Prefix::OPEN);
  if (request.disclosure() == v1::Prefix::CLOSED) row.clear_disclosure();
  if (CanonicalBody(row) == CanonicalBody(before)) return absl::OkStatus();

  if (request.has_quota()) GUSU_RETURN_IF_ERROR(UsePrefixAbove(view, write, before, set));
  Change change = ChangeOfPrefix(Operation::kUpdatePrefix, entry, row, write.acting, write.caller);
  const bool limits = row.quota() != before.quota() && row.quota() != 0;
  if (limits) {
    GUSU_RETURN_IF_ERROR(
        CheckQuotaHolds(view, row.prefix(), row.quota_granted(), row.quota(), &change));
    if (before.quota() == 0) GUSU_RETURN_IF_ERROR(CheckNoneUnlimited(view, row, &change));
  }
  set->changes.push_back(std::move(change));
  if (!before.granted_by_holder() || row.quota() == before.quota()) return absl::OkStatus();
  const auto* above = PrefixAbove(view.directory(), ToKey(row.prefix()));
  return PassQuota(view, *above, before.quota(), row.quota(), write.acting, write.caller, set);
}

// ---- delegation

// What a delegation would leave without an answer: kFailedPrecondition / PREFIX_IN_USE.
absl::Status CheckNotInUse(const storage::View& view, const PrefixRow& row, Change* change) {
  const std::string key = ToKey(row.prefix());
  GUSU_ASSIGN_OR_RETURN(const uint64_t code_count, view.CodeCount(key));
  if (code_count != 0) {
    return Error(absl::StatusCode::kFailedPrecondition, "PREFIX_IN_USE",
                 Concat("prefix ", row.prefix(), " has ", code_count, " codes here"),
                 {{"prefix", row.prefix()}, {"code_count", std::to_string(code_count)}});
  }
  Precondition none;
  none.kind = Precondition::Kind::kQuota;
  none.key = key;
  none.limit = 0;
  change->preconditions.push_back(std::move(none));
  return ScanBelow(view, key, change, [&row](const PrefixEntry& below) {
    return Error(absl::StatusCode::kFailedPrecondition, "PREFIX_IN_USE",
                 Concat("prefix ", below.row->prefix(), " is derived from ", row.prefix()),
                 {{"prefix", row.prefix()}, {"below", below.row->prefix()}});
  });
}

absl::Status PlanDelegation(const storage::View& view, const PrefixEntry& entry,
                            const PrefixWrite& write, const PrefixRow& sites,
                            storage::ChangeSet* set) {
  const PrefixRow& before = *entry.row;
  GUSU_RETURN_IF_ERROR(CheckMayUse(write, before));
  if (before.state() == v1::Prefix::RETIRED) return WrongState("PREFIX_RETIRED", before);
  PrefixRow row = before;
  *row.mutable_sites() = sites.sites();
  if (CanonicalBody(row) == CanonicalBody(before)) return absl::OkStatus();
  Change change =
      ChangeOfPrefix(Operation::kDelegatePrefix, entry, row, write.acting, write.caller);
  if (before.sites().empty()) GUSU_RETURN_IF_ERROR(CheckNotInUse(view, row, &change));
  set->changes.push_back(std::move(change));
  return absl::OkStatus();
}

}  // namespace

void Registrar::SuspendPrefix(const v1::SuspendPrefixRequest& request, const Caller& caller,
                              Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  ChangeState(ledger_, {Method::kSuspendPrefix, Operation::kSuspendPrefix, v1::Prefix::SUSPENDED},
              request, caller, std::move(done));
}

void Registrar::ActivatePrefix(const v1::ActivatePrefixRequest& request, const Caller& caller,
                               Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  ChangeState(ledger_, {Method::kActivatePrefix, Operation::kActivatePrefix, v1::Prefix::ACTIVE},
              request, caller, std::move(done));
}

void Registrar::RetirePrefix(const v1::RetirePrefixRequest& request, const Caller& caller,
                             Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  ChangeState(ledger_, {Method::kRetirePrefix, Operation::kRetirePrefix, v1::Prefix::RETIRED},
              request, caller, std::move(done));
}

void Registrar::UpdatePrefix(const v1::UpdatePrefixRequest& request, const Caller& caller,
                             Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<PrefixWrite> write =
      ReadWrite(Method::kUpdatePrefix, request, false, request.on_behalf_of(), caller);
  if (!write.ok()) return done(std::move(write).status());
  const bool discloses = request.disclosure() != v1::Prefix::DISCLOSURE_UNSPECIFIED;
  if (!v1::Prefix::Disclosure_IsValid(request.disclosure())) {
    return done(FieldInvalid("disclosure", std::to_string(request.disclosure()),
                             "it must be CLOSED or OPEN"));
  }
  if (!request.has_quota() && !discloses) return done(FieldMissing("quota"));
  const std::string content = Concat(request.has_quota() ? std::to_string(request.quota()) : "",
                                     "/", int{request.disclosure()});
  Submit(
      ledger_, Method::kUpdatePrefix, *write, request.request_id(), content,
      [write = *write, request](const storage::View& view, const PrefixEntry& entry,
                                storage::ChangeSet* set) {
        return PlanUpdate(view, entry, write, request, set);
      },
      std::move(done));
}

void Registrar::DelegatePrefix(const v1::DelegatePrefixRequest& request, const Caller& caller,
                               Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<PrefixWrite> write =
      ReadWrite(Method::kDelegatePrefix, request, false, request.on_behalf_of(), caller);
  if (!write.ok()) return done(std::move(write).status());
  PrefixRow sites;
  absl::Status read = ReadSites(request.sites(), &sites);
  if (!read.ok()) return done(std::move(read));
  Submit(
      ledger_, Method::kDelegatePrefix, *write, request.request_id(), CanonicalBody(sites),
      [write = *write, sites](const storage::View& view, const PrefixEntry& entry,
                              storage::ChangeSet* set) {
        return PlanDelegation(view, entry, write, sites, set);
      },
      std::move(done));
}

}  // namespace gusu::server
