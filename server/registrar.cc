// Registrants and templates; prefixes and credentials are in files of their own.
#include "server/registrar.h"

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
#include "server/application.h"
#include "server/audit/receipt_proofs.h"
#include "server/page.h"
#include "server/registrar_messages.h"
#include "server/registrar_rules.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/resource_names.h"
#include "server/template.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::RegistrantRow;

absl::Status RegistrantTaken(std::string_view id) {
  return Error(absl::StatusCode::kAlreadyExists, "REGISTRANT_TAKEN",
               Concat("registrant id ", id, " is in use"), {{"registrant", RegistrantName(id)}});
}

absl::StatusOr<PlannedWrite> PlanApplication(const storage::View& view, const Caller& caller,
                                             const std::string& id, RegistrantRow row) {
  const storage::Directory& directory = view.directory();
  if (const auto* existing = directory.FindRegistrant(id)) {
    const RegistrantRow& before = *existing->row;
    if (before.create_digest() != row.create_digest()) return RegistrantTaken(id);
    if (before.create_revision() == 0) {
      return storage::Receipt{existing->leaf_index, existing->revision};
    }
    return storage::Receipt{before.create_leaf_index(), before.create_revision()};
  }
  if (directory.FindRegistrantByClaim(row.claim_sha256()) != nullptr) {
    return FieldInvalid("claim_sha256", HexEncode(row.claim_sha256()),
                        "it belongs to another application; make a new claim secret for each");
  }
  Change change;
  change.operation = Operation::kApplyRegistrant;
  change.resource = RegistrantName(id);
  change.registrant = id;
  change.actor = "applicant";
  change.commitments = Seal(row);
  const std::string key = storage::RegistrantKey(id);
  change.preconditions.push_back(Absent(key));
  change.rows.push_back({key, row.SerializeAsString()});
  // Whoever applies may hold a credential of something else: it is not what the application rests
  // on.
  Caller applicant = caller;
  applicant.proof_key.clear();
  return SetOf(std::move(change), applicant);
}

// The receipt of an approval that is the registrant's last change; nullopt for another change.
absl::StatusOr<std::optional<storage::Receipt>> ReceiptOfApproval(
    const storage::View& view, const storage::Directory::RegistrantEntry& registrant) {
  if (registrant.row->state() != v1::Registrant::ACTIVE) return std::nullopt;
  GUSU_ASSIGN_OR_RETURN(const Change last, view.ReadChange(registrant.leaf_index));
  if (last.operation != Operation::kApproveRegistrant) return std::nullopt;
  return storage::Receipt{registrant.leaf_index, registrant.revision};
}

absl::Status CheckCanBeApproved(const v1::ApproveRegistrantRequest& request, std::string_view id,
                                const storage::Directory::RegistrantEntry& registrant) {
  if (registrant.row->state() != v1::Registrant::PENDING) {
    const std::string& state =
        v1::Registrant::State_Name(static_cast<v1::Registrant::State>(registrant.row->state()));
    return Error(absl::StatusCode::kFailedPrecondition, "REGISTRANT_NOT_PENDING",
                 Concat("registrant ", id, " is ", state, ", not PENDING"),
                 {{"registrant", RegistrantName(id)}, {"state", state}});
  }
  const std::string etag = EtagOf(registrant.revision);
  if (request.etag().empty() || request.etag() == etag) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
               Concat("registrant ", id, " has changed: its etag is ", etag),
               {{"registrant", RegistrantName(id)}, {"etag", etag}, {"given", request.etag()}});
}

absl::StatusOr<PlannedWrite> PlanApproval(const storage::View& view, const Caller& caller,
                                          const v1::ApproveRegistrantRequest& request,
                                          const std::string& id) {
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view.directory(), id));
  GUSU_ASSIGN_OR_RETURN(const auto approved, ReceiptOfApproval(view, *registrant));
  if (approved.has_value()) return *approved;
  GUSU_RETURN_IF_ERROR(CheckCanBeApproved(request, id, *registrant));

  RegistrantRow row = *registrant->row;
  const std::string code_key = storage::OrganizationCodeKey(
      row.organization_code_scheme(), row.organization_code_authority(), row.organization_code());
  GUSU_ASSIGN_OR_RETURN(const auto holder_of_code, view.Get(code_key));
  if (holder_of_code.has_value()) {
    return Error(absl::StatusCode::kAlreadyExists, "ORGANIZATION_CODE_TAKEN",
                 Concat("an approved registrant has organisation code ", row.organization_code()),
                 {{"organization_code", row.organization_code()}});
  }
  Change change;
  change.operation = Operation::kApproveRegistrant;
  change.resource = RegistrantName(id);
  change.registrant = id;
  change.actor = kBureauActor;
  change.credential = caller.credential;
  change.reason = request.reason();
  change.preconditions.push_back(AtRevision(storage::RegistrantKey(id), registrant->revision));
  change.preconditions.push_back(Absent(code_key));
  row.set_state(v1::Registrant::ACTIVE);
  KeepCreation(registrant->revision, registrant->leaf_index, &row);
  change.commitments = Seal(row);
  storage::v1::OrganizationCodeRow code;
  code.set_registrant(id);
  change.rows.push_back({storage::RegistrantKey(id), row.SerializeAsString()});
  change.rows.push_back({code_key, code.SerializeAsString()});
  return SetOf(std::move(change), caller);
}

absl::StatusOr<v1::RegistrantResponse> AnswerWith(const std::string& id,
                                                  const absl::StatusOr<storage::Row>& row) {
  if (!row.ok()) return row.status();
  GUSU_ASSIGN_OR_RETURN(const auto registrant, PayloadOf<RegistrantRow>(*row));
  v1::RegistrantResponse response;
  FillRegistrant(id, registrant, row->revision, true, response.mutable_registrant());
  FillReceipt({row->leaf_index, row->revision}, response.mutable_receipt());
  return response;
}

Hash DigestOf(const v1::ApproveRegistrantRequest& request) {
  CanonicalWriter writer(1);
  writer.Text(1, request.name()).Text(2, request.reason()).Text(3, request.etag());
  return Sha256({"gusu.approval.v1\n", std::move(writer).Take()});
}

absl::Status CheckApproval(const v1::ApproveRegistrantRequest& request, const Caller& caller) {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kApproveRegistrant, caller));
  GUSU_RETURN_IF_ERROR(CheckReason(request.reason(), false));
  return CheckRequestId(request.request_id());
}

}  // namespace

Registrar::Registrar(storage::Ledger* ledger, const Proofs* proofs,
                     std::function<absl::Time()> clock)
    : ledger_(ledger), proofs_(proofs), clock_(std::move(clock)) {}

void Registrar::ApplyRegistrant(const v1::ApplyRegistrantRequest& request, const Caller& caller,
                                Done<v1::RegistrantResponse> done) {
  // Whoever sends an application sees what it says, with a claim or without.
  Caller applicant = caller;
  applicant.role = Role::kApplicant;
  applicant.registrant = request.registrant_id();
  done = WithProofs(proofs_, request.include_proof(), applicant, std::move(done));
  absl::Status allowed = CheckRole(Method::kApplyRegistrant, caller);
  if (allowed.ok()) allowed = CheckRequestId(request.request_id());
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<RegistrantRow> row = ReadApplication(request);
  if (!row.ok()) return done(std::move(row).status());
  const std::string& id = request.registrant_id();
  const Hash digest = ApplicationDigest(id, *row);
  SubmitWrite(
      ledger_, storage::RegistrantKey(id), RequestOf(request.request_id(), id, digest),
      [caller, id, row = *std::move(row)](const storage::View& view) {
        return PlanApplication(view, caller, id, row);
      },
      [id, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(id, written));
      });
}

void Registrar::ApproveRegistrant(const v1::ApproveRegistrantRequest& request, const Caller& caller,
                                  Done<v1::RegistrantResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  absl::Status allowed = CheckApproval(request, caller);
  if (!allowed.ok()) return done(std::move(allowed));
  absl::StatusOr<std::string> id = ParseRegistrantName(request.name(), "name");
  if (!id.ok()) return done(std::move(id).status());
  SubmitWrite(
      ledger_, storage::RegistrantKey(*id), RequestOf(request.request_id(), "", DigestOf(request)),
      [caller, id = *id, request](const storage::View& view) {
        return PlanApproval(view, caller, request, id);
      },
      [id = *id, done = std::move(done)](absl::StatusOr<storage::Row> written) {
        done(AnswerWith(id, written));
      });
}

absl::Status Registrar::GetRegistrant(const v1::GetRegistrantRequest& request, const Caller& caller,
                                      v1::Registrant* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetRegistrant, caller));
  GUSU_ASSIGN_OR_RETURN(const std::string id, ParseRegistrantName(request.name(), "name"));
  GUSU_RETURN_IF_ERROR(CheckMaySee(caller, id));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const auto* registrant, RequireRegistrant(view->directory(), id));
  FillRegistrant(id, *registrant->row, registrant->revision, true, response);
  return absl::OkStatus();
}

absl::Status Registrar::ListRegistrants(const v1::ListRegistrantsRequest& request,
                                        const Caller& caller,
                                        v1::ListRegistrantsResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListRegistrants, caller));
  const PageScope scope("ListRegistrants", {std::to_string(request.state())});
  const std::string all = storage::RegistrantKey("");
  Page page(scope, all, request.page_size());
  GUSU_RETURN_IF_ERROR(page.Begin(request.page_token()));
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_RETURN_IF_ERROR(page.Scan(*view, [&](std::string_view id, const storage::Row& row) {
    absl::StatusOr<RegistrantRow> registrant = PayloadOf<RegistrantRow>(row);
    if (!registrant.ok()) return absl::StatusOr<bool>(std::move(registrant).status());
    if (request.state() != 0 && registrant->state() != static_cast<uint32_t>(request.state())) {
      return absl::StatusOr<bool>(false);
    }
    FillRegistrant(id, *registrant, row.revision, true, response->add_registrants());
    return absl::StatusOr<bool>(true);
  }));
  response->set_next_page_token(page.NextToken());
  return absl::OkStatus();
}

absl::Status Registrar::GetTemplate(const v1::GetTemplateRequest& request, const Caller& caller,
                                    v1::Template* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kGetTemplate, caller));
  if (request.name().empty()) return FieldMissing("name");
  const Template* found = FindTemplate(request.name());
  if (found == nullptr) return TemplateNotFound(request.name());
  FillTemplate(*found, response);
  return absl::OkStatus();
}

absl::Status Registrar::ListTemplates(const v1::ListTemplatesRequest& request, const Caller& caller,
                                      v1::ListTemplatesResponse* response) const {
  GUSU_RETURN_IF_ERROR(CheckRole(Method::kListTemplates, caller));
  const PageScope scope("ListTemplates", {});
  GUSU_ASSIGN_OR_RETURN(const std::string after, scope.Read(request.page_token()));
  const size_t page_size = PageSize(request.page_size());
  std::string_view last = after;
  for (const Template& each : BuiltInTemplates()) {  // in the order of ids
    if (each.id <= after) continue;
    if (static_cast<size_t>(response->templates_size()) == page_size) {
      response->set_next_page_token(scope.Token(last));
      break;
    }
    FillTemplate(each, response->add_templates());
    last = each.id;
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
