// The registrar's part on granting prefixes: by the bureau below the node's, and by their holders
// below their own.
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
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
#include "server/registrar_index.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/suffix_policy.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using PrefixEntry = storage::Directory::PrefixEntry;
using storage::v1::PrefixRow;

absl::StatusOr<PrefixRow> ReadGrant(const v1::GrantPrefixRequest& request) {
  if (request.prefix().empty()) return FieldMissing("prefix");
  PrefixRow row;
  GUSU_ASSIGN_OR_RETURN(*row.mutable_prefix(), ParsePrefix(request.prefix()));
  GUSU_ASSIGN_OR_RETURN(*row.mutable_holder(), ParseRegistrantName(request.holder(), "holder"));
  row.set_quota(request.quota());
  GUSU_RETURN_IF_ERROR(ReadSuffixPolicy(request.suffix_policy(), &row));
  if (!v1::Prefix::Disclosure_IsValid(request.disclosure())) {
    return FieldInvalid("disclosure", std::to_string(request.disclosure()),
                        "it must be CLOSED or OPEN");
  }
  if (request.disclosure() == v1::Prefix::OPEN) row.set_disclosure(v1::Prefix::OPEN);
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  row.set_state(v1::Prefix::ACTIVE);
  const Hash digest = Sha256({"gusu.grant.v1\n", CanonicalBody(row)});
  row.set_create_digest(std::string(AsBytes(digest)));
  return row;
}

absl::Status PrefixTaken(const std::string& prefix, const PrefixRow& in_the_way) {
  const std::string holder = RegistrantName(in_the_way.holder());
  return Error(absl::StatusCode::kAlreadyExists, "PREFIX_TAKEN",
               Concat("prefix ", prefix, " cannot be granted: ", in_the_way.prefix(),
                      " is granted to ", holder),
               {{"prefix", prefix}, {"taken", in_the_way.prefix()}, {"holder", holder}});
}

// What is granted before, the same, gets its first answer.
absl::StatusOr<PlannedWrite> AnswerGranted(const PrefixEntry& granted, const PrefixRow& row) {
  const PrefixRow& before = *granted.row;
  if (before.create_digest() != row.create_digest()) return PrefixTaken(row.prefix(), before);
  if (before.create_revision() == 0) return storage::Receipt{granted.leaf_index, granted.revision};
  return storage::Receipt{before.create_leaf_index(), before.create_revision()};
}

// Whoever derives a prefix holds the one above: kPermissionDenied / NOT_PREFIX_HOLDER.
absl::StatusOr<const PrefixEntry*> FindOwnAbove(const storage::Directory& directory,
                                                const std::string& prefix, const Acting& acting) {
  const auto* above = PrefixAbove(directory, ToKey(prefix));
  if (above != nullptr && above->row->holder() == acting.registrant) return above;
  return Error(absl::StatusCode::kPermissionDenied, "NOT_PREFIX_HOLDER",
               Concat("registrant ", acting.registrant, " does not hold the prefix above ", prefix),
               {{"registrant", RegistrantName(acting.registrant)}, {"prefix", prefix}});
}

// The bureau's: prefixes above and below the node's are granted to the same holder, or to nobody.
absl::Status CheckAbove(const storage::Directory& directory, const PrefixRow& row,
                        const std::string& key, const std::string& node_key, Change* change) {
  std::string above = key;
  while (true) {
    above.resize(above.rfind('.'));
    if (above.size() <= node_key.size()) return absl::OkStatus();
    const std::string above_key = storage::PrefixKey(above);
    const auto* granted = directory.FindPrefix(above);
    if (granted == nullptr) {
      change->preconditions.push_back(Absent(above_key));
      continue;
    }
    if (granted->row->holder() != row.holder()) return PrefixTaken(row.prefix(), *granted->row);
    change->preconditions.push_back(AtRevision(above_key, granted->revision));
  }
}

// Prefixes that would come to stand right below `key` are the same holder's, and no quota of
// another prefix counts them.
absl::Status CheckBelow(const storage::View& view, const PrefixRow& row, const std::string& key,
                        Change* change) {
  return ScanBelow(view, key, change, [&](const PrefixEntry& below) {
    const auto* above = PrefixAbove(view.directory(), ToKey(below.row->prefix()));
    if (above != nullptr && IsAtOrBelow(ToKey(above->row->prefix()), key)) return absl::OkStatus();
    if (below.row->holder() == row.holder() && !below.row->granted_by_holder()) {
      return absl::OkStatus();
    }
    return PrefixTaken(row.prefix(), *below.row);
  });
}

Change GrantOf(const PrefixRow& row, const Acting& acting, const Caller& caller) {
  Change change;
  change.operation = Operation::kGrantPrefix;
  change.resource = Concat("prefixes/", row.prefix());
  change.prefix_key = ToKey(row.prefix());
  change.registrant = row.holder();
  change.actor = acting.actor;
  change.credential = caller.credential;
  change.on_behalf_of = acting.on_behalf_of;
  change.reason = acting.reason;
  change.preconditions.push_back(Absent(storage::PrefixKey(change.prefix_key)));
  return change;
}

void PutNew(PrefixRow row, Change* change) {
  IndexPrefix(change->prefix_key, nullptr, row, change);
  change->commitments = Seal(row);
  change->rows.push_back({storage::PrefixKey(change->prefix_key), row.SerializeAsString()});
}

absl::StatusOr<PlannedWrite> PlanBureauGrant(const storage::View& view, const Caller& caller,
                                             const Acting& acting, const PrefixRow& row) {
  const storage::Directory& directory = view.directory();
  const std::string key = ToKey(row.prefix());
  if (const auto* granted = directory.FindPrefix(key)) return AnswerGranted(*granted, row);
  Change change = GrantOf(row, acting, caller);
  GUSU_ASSIGN_OR_RETURN(const std::string node_key, NodePrefixAbove(directory, row.prefix()));
  GUSU_RETURN_IF_ERROR(CheckNotDelegated(directory, row.prefix()));
  GUSU_RETURN_IF_ERROR(CheckMayHoldPrefix(directory, row.holder(), &change));
  GUSU_RETURN_IF_ERROR(CheckAbove(directory, row, key, node_key, &change));
  GUSU_RETURN_IF_ERROR(CheckBelow(view, row, key, &change));
  PutNew(row, &change);
  return SetOf(std::move(change), caller);
}

absl::StatusOr<PlannedWrite> PlanDerivedGrant(const storage::View& view, const Caller& caller,
                                              const Acting& acting, PrefixRow row) {
  const storage::Directory& directory = view.directory();
  const std::string key = ToKey(row.prefix());
  GUSU_ASSIGN_OR_RETURN(const PrefixEntry* above, FindOwnAbove(directory, row.prefix(), acting));
  if (const auto* granted = directory.FindPrefix(key)) return AnswerGranted(*granted, row);
  const std::string& above_prefix = above->row->prefix();
  const std::string above_key = ToKey(above_prefix);
  // An active registrant and a prefix that is neither suspended, retired nor delegated.
  GUSU_RETURN_IF_ERROR(FindWriteScope(directory, acting, above_prefix, above_key).status());
  Change change = GrantOf(row, acting, caller);
  AddActingPreconditions(directory, acting, caller, &change.preconditions);
  change.preconditions.push_back(AtRevision(storage::PrefixKey(above_key), above->revision));
  AddAbsentBetween(key, above_key, &change);
  GUSU_RETURN_IF_ERROR(CheckMayHoldPrefix(directory, row.holder(), &change));
  GUSU_RETURN_IF_ERROR(CheckBelow(view, row, key, &change));
  row.set_granted_by_holder(true);
  const uint64_t quota = row.quota();
  PutNew(std::move(row), &change);
  storage::ChangeSet set = SetOf(std::move(change), caller);
  GUSU_RETURN_IF_ERROR(PassQuota(view, *above, 0, quota, acting, caller, &set));
  return set;
}

}  // namespace

void Registrar::GrantPrefix(const v1::GrantPrefixRequest& request, const Caller& caller,
                            Done<v1::PrefixResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::Status allowed = CheckRole(Method::kGrantPrefix, caller);
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<PrefixRow> row = ReadGrant(request);
  if (!row.ok()) return done(std::move(row).status());
  absl::StatusOr<Acting> acting = ActingAs(caller, request.on_behalf_of(), request.reason());
  if (!acting.ok()) return done(std::move(acting).status());
  const std::string prefix_key = ToKey(row->prefix());
  const Hash digest = Sha256({"gusu.grant.request.v1\n", row->create_digest(), acting->reason});
  WritePrefix(
      ledger_, prefix_key, RequestOf(request.request_id(), acting->registrant, digest),
      [caller, acting = *acting, row = *std::move(row)](const storage::View& view) {
        return acting.registrant.empty() ? PlanBureauGrant(view, caller, acting, row)
                                         : PlanDerivedGrant(view, caller, acting, row);
      },
      std::move(done));
}

absl::Status Registrar::GetPrefix(const v1::GetPrefixRequest& request, const Caller& caller,
                                  v1::Prefix* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetPrefix, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string prefix, ParsePrefixName(request.name(), "name"));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const PrefixEntry* granted, RequirePrefix(view->directory(), prefix));
  FillPrefix(*granted->row, granted->revision, response);
  return absl::OkStatus();
}

}  // namespace gusu::server
