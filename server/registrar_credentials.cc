// The registrar's part on credentials.
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/credential.h"
#include "server/handle_identity.h"
#include "server/page.h"
#include "server/registrar.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::CredentialRow;

absl::Status Denied(std::string_view reason, std::string message, const std::string& parent) {
  return Error(absl::StatusCode::kPermissionDenied, reason, message, {{"parent", parent}});
}

// Who may make a credential for whom. `registrant` is empty for the bureau.
absl::Status CheckMayCreate(const Caller& caller, const std::string& parent,
                            std::string_view registrant) {
  if (registrant.empty()) {
    if (caller.role == Role::kBureauAdmin) return absl::OkStatus();
    return Denied("ROLE_REFUSED", "only a BUREAU_ADMIN makes credentials of the bureau", parent);
  }
  if (caller.is_bureau()) {
    return Denied("ROLE_REFUSED", "the bureau never makes a registrant's secret", parent);
  }
  return CheckMaySee(caller, registrant);
}

// What holds for the registrant at the time of the commit.
absl::Status CheckRegistrantFor(const storage::Directory& directory, const Caller& caller,
                                const CredentialRow& row, Change* change) {
  if (row.registrant().empty()) return absl::OkStatus();
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(directory, row.registrant()));
  GUSU_RETURN_IF_ERROR(CheckIsActive(row.registrant(), *registrant->row));
  if (caller.role == Role::kApplicant && directory.HasAdminCredential(row.registrant())) {
    return Error(absl::StatusCode::kFailedPrecondition, "CLAIM_SPENT",
                 Concat("registrant ", row.registrant(),
                        " has an admin token, which makes further credentials; the claim does not"),
                 {{"registrant", RegistrantName(row.registrant())}});
  }
  change->preconditions.push_back(
      AtRevision(storage::RegistrantKey(row.registrant()), registrant->revision));
  return absl::OkStatus();
}

// How many credentials of `registrant` stand at `now`, and how many of these are tokens of `role`.
struct LiveCredentials {
  size_t count = 0;
  size_t of_role = 0;
};
absl::StatusOr<LiveCredentials> CountLive(const storage::View& view, std::string_view registrant,
                                          uint32_t role, absl::Time now) {
  const std::string beginning = storage::CredentialKey(registrant, "");
  LiveCredentials live;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(view.Scan(beginning, storage::AfterBeginning(beginning),
                                 [&](std::string_view, const storage::Row& stored) {
                                   absl::StatusOr<CredentialRow> row =
                                       PayloadOf<CredentialRow>(stored);
                                   if (!row.ok()) {
                                     status = std::move(row).status();
                                     return false;
                                   }
                                   if (row->revoked() || IsExpired(*row, now)) return true;
                                   ++live.count;
                                   if (row->role() == role && row->kind() == 0) ++live.of_role;
                                   return true;
                                 }));
  GUSU_RETURN_IF_ERROR(status);
  return live;
}

absl::Status CheckLiveCount(const storage::View& view, const CredentialRow& row, absl::Time now) {
  GUSU_ASSIGN_OR_RETURN(const LiveCredentials live,
                        CountLive(view, row.registrant(), row.role(), now));
  if (live.count < Registrar::kLiveCredentialsMax) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "CREDENTIALS_TOO_MANY",
               Concat("there are ", live.count, " credentials; revoke one first"),
               {{"credentials_max", std::to_string(Registrar::kLiveCredentialsMax)}});
}

// The first answer for a secret that is known; kAlreadyExists / CREDENTIAL_TAKEN when it was given
// with other content, or by somebody else.
absl::StatusOr<std::optional<storage::Receipt>> FindCreated(const storage::Directory& directory,
                                                            const CredentialRow& row) {
  const auto* existing = directory.FindCredentialBySecret(row.secret_sha256());  // of a token
  if (existing == nullptr) existing = directory.FindCredential(row.registrant(), row.id());
  if (existing == nullptr) return std::nullopt;
  const CredentialRow& before = *existing->row;
  if (before.create_digest() != row.create_digest()) {
    return Error(absl::StatusCode::kAlreadyExists, "CREDENTIAL_TAKEN",
                 "the secret belongs to another credential; make a new one for each", {});
  }
  if (before.create_revision() == 0) {
    return storage::Receipt{existing->leaf_index, existing->revision};
  }
  return storage::Receipt{before.create_leaf_index(), before.create_revision()};
}

absl::StatusOr<PlannedWrite> PlanCreation(const storage::View& view, const Caller& caller,
                                          absl::Time now, CredentialRow row) {
  GUSU_ASSIGN_OR_RETURN(const auto created, FindCreated(view.directory(), row));
  if (created.has_value()) return *created;
  Change change;
  change.operation = Operation::kCreateCredential;
  change.resource = CredentialName(row.registrant(), row.id());
  change.registrant = row.registrant();
  change.actor =
      row.registrant().empty() ? std::string(kBureauActor) : RegistrantName(row.registrant());
  change.credential = caller.credential;
  const std::string key = storage::CredentialKey(row.registrant(), row.id());
  change.preconditions.push_back(Absent(key));
  GUSU_RETURN_IF_ERROR(CheckRegistrantFor(view.directory(), caller, row, &change));
  GUSU_RETURN_IF_ERROR(CheckLiveCount(view, row, now));
  if (row.kind() != 0) GUSU_RETURN_IF_ERROR(AssignHandleIdentity(view, &row, &change));
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return SetOf(std::move(change), caller);
}

// Whose credential is revoked, by whom and why.
struct Revocation {
  CredentialPath path;
  std::string name;
  Acting acting;
};

absl::StatusOr<Revocation> ReadRevocation(const v1::RevokeCredentialRequest& request,
                                          const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kRevokeCredential, caller));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  Revocation revocation;
  revocation.name = request.name();
  GUSU_ASSIGN_OR_RETURN(revocation.path, ParseCredentialName(request.name(), "name"));
  GUSU_RETURN_IF_ERROR(CheckMaySee(caller, revocation.path.registrant));
  const bool on_behalf = !request.on_behalf_of().registrant().empty();
  if (caller.registrant.empty() && !on_behalf) {
    // The bureau in its own name; what it does to a registrant has a reason.
    GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), !revocation.path.registrant.empty()));
    revocation.acting.actor = kBureauActor;
    revocation.acting.reason = request.reason();
    return revocation;
  }
  GUSU_ASSIGN_OR_RETURN(revocation.acting, ActingFor(caller, request.on_behalf_of()));
  if (revocation.acting.registrant != revocation.path.registrant) {
    return FieldInvalid("on_behalf_of.registrant", request.on_behalf_of().registrant(),
                        "the credential is another's");
  }
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  if (!request.reason().empty()) revocation.acting.reason = request.reason();
  return revocation;
}

// Without this, nobody could let the bureau in again.
absl::Status CheckNotLastBureauAdmin(const storage::View& view, const CredentialRow& row,
                                     absl::Time now) {
  // Credentials of the other kinds make none.
  if (row.role() != v1::Credential::BUREAU_ADMIN || row.kind() != 0 || IsExpired(row, now)) {
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(const LiveCredentials live, CountLive(view, "", row.role(), now));
  if (live.of_role > 1) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "LAST_BUREAU_ADMIN",
               "this is the bureau's last admin token; create another one first",
               {{"credential", CredentialName(row.registrant(), row.id())}});
}

absl::StatusOr<PlannedWrite> PlanRevocation(const storage::View& view, const Caller& caller,
                                            absl::Time now, const Revocation& revocation) {
  const auto& [registrant, id] = revocation.path;
  const auto* existing = view.directory().FindCredential(registrant, id);
  if (existing == nullptr) {
    return Error(absl::StatusCode::kNotFound, "CREDENTIAL_NOT_FOUND",
                 Concat("there is no ", revocation.name), {{"credential", revocation.name}});
  }
  if (existing->row->revoked()) {
    return storage::Receipt{existing->leaf_index, existing->revision};
  }
  CredentialRow row = *existing->row;
  row.clear_secret_ciphertext();
  GUSU_RETURN_IF_ERROR(CheckNotLastBureauAdmin(view, row, now));
  Change change;
  change.operation = Operation::kRevokeCredential;
  change.resource = revocation.name;
  change.registrant = registrant;
  change.actor = revocation.acting.actor;
  change.credential = caller.credential;
  change.on_behalf_of = revocation.acting.on_behalf_of;
  change.reason = revocation.acting.reason;
  const std::string key = storage::CredentialKey(registrant, id);
  change.preconditions.push_back(AtRevision(key, existing->revision));
  if (!existing->row->secret_ciphertext().empty()) {
    // From the row that history keeps, too.
    change.rewrites.push_back(
        {key, existing->revision, existing->leaf_index, row.SerializeAsString()});
  }
  KeepCreation(existing->revision, existing->leaf_index, &row);
  row.set_revoked(true);
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  return SetOf(std::move(change), caller);
}

absl::StatusOr<v1::CredentialResponse> AnswerWith(absl::Time now,
                                                  const absl::StatusOr<storage::Row>& row) {
  if (!row.ok()) return row.status();
  GUSU_ASSIGN_OR_RETURN(const auto credential, PayloadOf<CredentialRow>(*row));
  v1::CredentialResponse response;
  FillCredential(credential, row->revision, now, response.mutable_credential());
  FillReceipt({row->leaf_index, row->revision}, response.mutable_receipt());
  return response;
}

Hash DigestOf(const v1::RevokeCredentialRequest& request) {
  CanonicalWriter writer(1);
  writer.Text(1, request.name())
      .Text(2, request.reason())
      .Text(3, request.on_behalf_of().registrant())
      .Text(4, request.on_behalf_of().reason());
  return Sha256({"gusu.revocation.v1\n", std::move(writer).Take()});
}

absl::StatusOr<CredentialRow> CheckCreation(const v1::CreateCredentialRequest& request,
                                            const Caller& caller, CredentialVault* vault,
                                            absl::Time now) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kCreateCredential, caller));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  if (request.parent().empty()) return FieldMissing("parent");
  GUSU_ASSIGN_OR_RETURN(const std::string registrant,
                        ParseCredentialParent(request.parent(), "parent"));
  GUSU_RETURN_IF_ERROR(CheckMayCreate(caller, request.parent(), registrant));
  if (!request.on_behalf_of().registrant().empty()) {
    return Denied("ROLE_REFUSED", "credentials are not made on behalf of a registrant",
                  request.parent());
  }
  return ReadCredential(registrant, request.credential(),
                        {request.secret_sha256(), request.public_key(), request.secret()}, vault,
                        now);
}

}  // namespace

void Registrar::CreateCredential(const v1::CreateCredentialRequest& request, const Caller& caller,
                                 Done<v1::CredentialResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  const absl::Time now = clock_();
  absl::StatusOr<CredentialRow> row = CheckCreation(request, caller, vault_, now);
  if (!row.ok()) return done(std::move(row).status());
  Hash digest = Sha256(row->create_digest());
  const std::string key = storage::CredentialKey(row->registrant(), row->id());
  const auto scope = RequestOf(request.request_id(), row->registrant(), digest);
  SubmitWrite(
      ledger_, key, scope,
      [caller, now, row = *std::move(row)](const storage::View& view) {
        return PlanCreation(view, caller, now, row);
      },
      [now, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(now, written));
      });
}

void Registrar::RevokeCredential(const v1::RevokeCredentialRequest& request, const Caller& caller,
                                 Done<v1::CredentialResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::StatusOr<Revocation> revocation = ReadRevocation(request, caller);
  if (!revocation.ok()) return done(std::move(revocation).status());
  const absl::Time now = clock_();
  const std::string key = storage::CredentialKey(revocation->path.registrant, revocation->path.id);
  SubmitWrite(
      ledger_, key,
      RequestOf(request.request_id(), revocation->acting.registrant, DigestOf(request)),
      [caller, now, revocation = *revocation](const storage::View& view) {
        return PlanRevocation(view, caller, now, revocation);
      },
      [now, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(now, written));
      });
}

absl::Status Registrar::ListCredentials(const v1::ListCredentialsRequest& request,
                                        const Caller& caller,
                                        v1::ListCredentialsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListCredentials, caller));
  if (request.parent().empty()) return FieldMissing("parent");
  GUSU_ASSIGN_OR_RETURN(const std::string registrant,
                        ParseCredentialParent(request.parent(), "parent"));
  GUSU_RETURN_IF_ERROR(CheckMaySee(caller, registrant));
  const PageScope scope("ListCredentials", {registrant});
  Page page(scope, storage::CredentialKey(registrant, ""), request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  if (!registrant.empty()) {
    GUSU_RETURN_IF_ERROR(RequireRegistrant(view->directory(), registrant).status());
  }
  const absl::Time now = clock_();
  GUSU_RETURN_IF_ERROR(page.Scan(*view, [&](std::string_view, const storage::Row& row) {
    absl::StatusOr<CredentialRow> credential = PayloadOf<CredentialRow>(row);
    if (!credential.ok()) return absl::StatusOr<bool>(std::move(credential).status());
    FillCredential(*credential, row.revision, now, response->add_credentials());
    return absl::StatusOr<bool>(true);
  }));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

}  // namespace gusu::server
