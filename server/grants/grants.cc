#include "server/grants/grants.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/grant.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/grant_canonical.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/grants/grant_check.h"
#include "server/grants/grant_message.h"
#include "server/grants/grant_names.h"
#include "server/grants/grant_request.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::GrantRow;

// Who asks, for whom, and when.
struct Asked {
  Caller caller;
  Acting acting;
  absl::Time now;
};

absl::Status CheckIsOwn(const Acting& acting, std::string_view registrant, std::string_view field,
                        const std::string& name) {
  if (acting.registrant == registrant) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "NOT_OWN_REGISTRANT",
               Concat(field, " ", name, " is not of registrant ", acting.registrant),
               {{"registrant", RegistrantName(acting.registrant)}, {"name", name}});
}

void FillActor(const Asked& asked, Change* change) {
  change->registrant = asked.acting.registrant;
  change->actor = asked.acting.actor;
  change->credential = asked.caller.credential;
  change->on_behalf_of = asked.acting.on_behalf_of;
  change->reason = asked.acting.reason;
}

storage::ChangeSet SetFor(const storage::View& view, const Asked& asked, Change change) {
  storage::ChangeSet set;
  AddActingPreconditions(view.directory(), asked.acting, asked.caller, &set.preconditions);
  set.changes.push_back(std::move(change));
  return set;
}

storage::Receipt CreationOf(const storage::Directory::GrantEntry& entry) {
  if (entry.row->create_revision() == 0) return {entry.leaf_index, entry.revision};
  return {entry.row->create_leaf_index(), entry.row->create_revision()};
}

// What was made under a request id stays what became of it; without one, what does not count any
// more is given anew.
absl::StatusOr<PlannedWrite> PlanGrant(const storage::View& view, const Asked& asked,
                                       bool has_request_id, GrantRow row) {
  const auto* existing = view.directory().FindGrant(row.grantor(), row.id());
  if (existing != nullptr) {
    GUSU_ASSIGN_OR_RETURN(const bool is_active, IsActive(view, *existing->row, asked.now));
    if (has_request_id || is_active) return CreationOf(*existing);
  }
  Change change;
  GUSU_RETURN_IF_ERROR(CheckGrant(view, asked.acting, &row, &change.preconditions));
  GUSU_RETURN_IF_ERROR(CheckLiveGrants(view, row.grantor(), asked.now));
  change.operation = Operation::kCreateGrant;
  change.resource = GrantName(row.grantor(), row.id());
  FillActor(asked, &change);
  const std::string key = storage::GrantKey(row.grantor(), row.id());
  change.preconditions.push_back(existing == nullptr ? Absent(key)
                                                     : AtRevision(key, existing->revision));
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return SetFor(view, asked, std::move(change));
}

// A revocation, by the grantor or by the bureau in its own name.
struct Revocation {
  OwnedPath path;
  Asked asked;
};

absl::StatusOr<Revocation> ReadRevocation(const v1::RevokeGrantRequest& request,
                                          const Caller& caller, absl::Time now) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kRevokeGrant, caller));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  Revocation revocation;
  GUSU_ASSIGN_OR_RETURN(revocation.path, ParseGrantName(request.name(), "name"));
  const bool in_its_own_name = caller.is_bureau() && request.on_behalf_of().registrant().empty();
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), in_its_own_name));
  Acting acting;
  if (in_its_own_name) {
    acting.registrant = revocation.path.registrant;
    acting.actor = kBureauActor;
  } else {
    GUSU_ASSIGN_OR_RETURN(acting, ActingFor(caller, request.on_behalf_of()));
    GUSU_RETURN_IF_ERROR(CheckIsOwn(acting, revocation.path.registrant, "name", request.name()));
  }
  if (!request.reason().empty()) acting.reason = request.reason();
  revocation.asked = {caller, std::move(acting), now};
  return revocation;
}

absl::StatusOr<PlannedWrite> PlanRevocation(const storage::View& view,
                                            const Revocation& revocation) {
  const auto& [registrant, id] = revocation.path;
  const std::string name = GrantName(registrant, id);
  const auto* existing = view.directory().FindGrant(registrant, id);
  if (existing == nullptr) {
    return Error(absl::StatusCode::kNotFound, "GRANT_NOT_FOUND", Concat("there is no ", name),
                 {{"grant", name}});
  }
  if (existing->row->revoked()) {
    return storage::Receipt{existing->leaf_index, existing->revision};
  }
  if (revocation.asked.acting.actor != kBureauActor) {
    GUSU_ASSIGN_OR_RETURN(const auto* entry, RequireRegistrant(view.directory(), registrant));
    GUSU_RETURN_IF_ERROR(CheckIsActive(registrant, *entry->row));
  }
  GrantRow row = *existing->row;
  KeepCreation(existing->revision, existing->leaf_index, &row);
  row.set_revoked(true);
  Change change;
  change.operation = Operation::kRevokeGrant;
  change.resource = name;
  FillActor(revocation.asked, &change);
  const std::string key = storage::GrantKey(registrant, id);
  change.preconditions.push_back(AtRevision(key, existing->revision));
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return SetFor(view, revocation.asked, std::move(change));
}

Hash DigestOf(const v1::RevokeGrantRequest& request) {
  CanonicalWriter writer(1);
  writer.Text(1, request.name())
      .Text(2, request.reason())
      .Text(3, request.on_behalf_of().registrant())
      .Text(4, request.on_behalf_of().reason());
  return Sha256({"gusu.grant.revoke.v1\n", std::move(writer).Take()});
}

// The grant as it is now, with the receipt of what was asked for.
absl::StatusOr<v1::GrantResponse> AnswerWith(const storage::Ledger& ledger, const OwnedPath& path,
                                             absl::Time now,
                                             const absl::StatusOr<storage::Row>& written) {
  if (!written.ok()) return written.status();
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger.Latest());
  const auto* entry = view->directory().FindGrant(path.registrant, path.id);
  v1::GrantResponse response;
  if (entry != nullptr) {
    GUSU_RETURN_IF_ERROR(
        FillGrant(*view, *entry->row, entry->revision, now, response.mutable_grant()));
  }
  FillReceipt({written->leaf_index, written->revision}, response.mutable_receipt());
  return response;
}

}  // namespace

Grants::Grants(storage::Ledger* ledger, const Proofs* proofs, std::function<absl::Time()> clock)
    : ledger_(ledger), proofs_(proofs), clock_(std::move(clock)) {}

void Grants::CreateGrant(const v1::CreateGrantRequest& request, const Caller& caller,
                         Done<v1::GrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  const absl::Time now = clock_();
  const auto read = [&]() -> absl::StatusOr<std::pair<Asked, GrantRow>> {
    GUSU_RETURN_IF_ERROR(CheckRole(Method::kCreateGrant, caller));
    GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
    GUSU_ASSIGN_OR_RETURN(Acting acting, ActingFor(caller, request.on_behalf_of()));
    if (!request.parent().empty()) {
      GUSU_ASSIGN_OR_RETURN(const std::string parent,
                            ParseRegistrantName(request.parent(), "parent"));
      GUSU_RETURN_IF_ERROR(CheckIsOwn(acting, parent, "parent", request.parent()));
    }
    GUSU_ASSIGN_OR_RETURN(GrantRow row, ReadGrant(request, acting.registrant, now));
    return std::pair(Asked{caller, std::move(acting), now}, std::move(row));
  }();
  if (!read.ok()) return done(read.status());
  const auto& [asked, row] = *read;
  Hash digest = Sha256(row.create_digest());
  const OwnedPath path{row.grantor(), row.id()};
  SubmitWrite(
      ledger_, storage::GrantKey(path.registrant, path.id),
      RequestOf(request.request_id(), asked.acting.registrant, digest),
      [asked = asked, row = row, has_request_id = !request.request_id().empty()](
          const storage::View& view) { return PlanGrant(view, asked, has_request_id, row); },
      [ledger = ledger_, path, now, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(*ledger, path, now, written));
      });
}

void Grants::RevokeGrant(const v1::RevokeGrantRequest& request, const Caller& caller,
                         Done<v1::GrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  const absl::Time now = clock_();
  absl::StatusOr<Revocation> revocation = ReadRevocation(request, caller, now);
  if (!revocation.ok()) return done(std::move(revocation).status());
  const OwnedPath path = revocation->path;
  SubmitWrite(
      ledger_, storage::GrantKey(path.registrant, path.id),
      RequestOf(request.request_id(), revocation->asked.acting.registrant, DigestOf(request)),
      [revocation = *revocation](const storage::View& view) {
        return PlanRevocation(view, revocation);
      },
      [ledger = ledger_, path, now, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(*ledger, path, now, written));
      });
}

}  // namespace gusu::server
