#include "server/templates/templates.h"

#include <string>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/canonical.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/template_canonical.h"
#include "proto/text.h"
#include "server/access.h"
#include "server/audit/receipt_proofs.h"
#include "server/registrar_messages.h"
#include "server/registrar_submission.h"
#include "server/resource_fields.h"
#include "server/template.h"
#include "server/templates/template_draft.h"
#include "server/templates/template_message.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

using storage::v1::TemplateRow;

// A write of one template: who, which one, and what makes a repeat the same request.
struct TemplateWrite {
  Caller caller;
  Acting acting;
  Identifier id;  // of the request, in its spelling
  std::string etag;
  Hash digest;
};

// What a write makes of the row; false when that is how it is already.
using ChangeRow = std::function<absl::StatusOr<bool>(TemplateRow* row)>;

absl::StatusOr<Identifier> ParseId(const std::string& text, std::string_view field) {
  if (text.empty()) return FieldMissing(field);
  absl::StatusOr<Identifier> id = Identifier::Parse(text);
  if (!id.ok()) {
    return FieldInvalid(field, text, "a template is named by an identifier, 88.118.8/META_PUMP");
  }
  if (!FirstCharacterOutsideDefaultPattern(id->suffix()).empty()) {
    return FieldInvalid(field, text, "letters, digits and . _ : + - / are allowed");
  }
  return id;
}

// Of a template that is to be changed. Built-in ones never are.
absl::StatusOr<Identifier> ParseName(const std::string& name) {
  if (name.empty()) return FieldMissing("name");
  const std::string id = TemplateIdOf(name);
  for (const Template& built_in : BuiltInTemplates()) {
    if (ToKey(built_in.id) == ToKey(id)) {
      return FieldInvalid("name", name, "a built-in template never changes");
    }
  }
  absl::StatusOr<Identifier> parsed = Identifier::Parse(id);
  if (!parsed.ok()) return TemplateNotFound(name);
  return parsed;
}

// What all four methods check of a request first.
template <typename Request>
absl::StatusOr<TemplateWrite> ReadWrite(Method method, const Request& request, const Caller& caller,
                                        absl::StatusOr<Identifier> id) {
  GUSU_RETURN_IF_ERROR(CheckRole(method, caller));
  GUSU_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  GUSU_ASSIGN_OR_RETURN(Acting acting, ActingFor(caller, request.on_behalf_of()));
  if (!id.ok()) return std::move(id).status();
  TemplateWrite write{caller, std::move(acting), *std::move(id), "", {}};
  if constexpr (requires { request.etag(); }) write.etag = request.etag();
  return write;
}

Hash DigestOf(std::string_view label, const Identifier& id, std::string_view content,
              std::string_view reason, std::string_view etag) {
  CanonicalWriter writer(1);
  writer.Text(1, id.key()).Text(2, content).Text(3, reason).Text(4, etag);
  return Sha256({label, "\n", std::move(writer).Take()});
}

std::string CreateDigest(const TemplateWrite& write, const TemplateRow& asked) {
  const Hash digest = DigestOf("gusu.template.v1", write.id, CanonicalBody(asked), "", "");
  return std::string(AsBytes(digest));
}

// The change, and what it rests on but for the row itself.
absl::StatusOr<Change> BeginChange(const storage::View& view, const TemplateWrite& write,
                                   Operation operation) {
  const storage::Directory& directory = view.directory();
  const std::string_view prefix = write.id.prefix();
  GUSU_ASSIGN_OR_RETURN(const WriteScope scope,
                        FindWriteScope(directory, write.acting, prefix, write.id.prefix_key()));
  GUSU_RETURN_IF_ERROR(CheckIsHolder(scope, write.acting, prefix));
  Change change;
  change.operation = operation;
  change.registrant = write.acting.registrant;
  change.actor = write.acting.actor;
  change.credential = write.caller.credential;
  change.on_behalf_of = write.acting.on_behalf_of;
  change.reason = write.acting.reason;
  AddActingPreconditions(directory, write.acting, write.caller, &change.preconditions);
  AddPrefixPrecondition(scope, write.id.prefix_key(), &change.preconditions);
  return change;
}

// Whether the prefix takes one more template. Which others it has becomes a precondition.
absl::Status CheckTemplateCount(const storage::View& view, const Identifier& id, Change* change) {
  const std::string beginning = storage::TemplateKey(Concat(id.prefix_key(), "/"));
  const std::string end = storage::AfterBeginning(beginning);
  std::string gap = beginning;
  size_t count = 0;
  GUSU_RETURN_IF_ERROR(view.ScanStored(beginning, end, [&](std::string_view key, std::string_view) {
    change->preconditions.push_back(EmptyInterval(gap, std::string(key)));
    gap = std::string(key) + '\0';
    return ++count < Templates::kPerPrefixMax;
  }));
  change->preconditions.push_back(EmptyInterval(gap, end));
  if (count < Templates::kPerPrefixMax) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "TEMPLATES_TOO_MANY",
               Concat("prefix ", id.prefix(), " has ", count, " templates, as many as it may"),
               {{"prefix", std::string(id.prefix())},
                {"templates_max", std::to_string(Templates::kPerPrefixMax)}});
}

storage::ChangeSet SetWith(Change change, const std::string& key, TemplateRow row) {
  change.resource = TemplateName(row.id());
  change.commitments = Seal(row);
  change.rows.push_back({key, row.SerializeAsString()});
  storage::ChangeSet set;
  set.changes.push_back(std::move(change));
  return set;
}

absl::StatusOr<PlannedWrite> PlanCreation(const storage::View& view, const TemplateWrite& write,
                                          const TemplateRow& asked) {
  GUSU_ASSIGN_OR_RETURN(Change change, BeginChange(view, write, Operation::kCreateTemplate));
  if (const auto* existing = view.directory().FindTemplate(write.id.key())) {
    const TemplateRow& row = *existing->row;
    if (row.create_digest() == asked.create_digest() && row.owner() == asked.owner()) {
      if (row.create_revision() == 0) {
        return storage::Receipt{existing->leaf_index, existing->revision};
      }
      return storage::Receipt{row.create_leaf_index(), row.create_revision()};
    }
    return Error(absl::StatusCode::kAlreadyExists, "TEMPLATE_TAKEN",
                 Concat("template ", row.id(), " exists with other content"),
                 {{"template", row.id()}});
  }
  GUSU_RETURN_IF_ERROR(CheckTemplateCount(view, write.id, &change));
  TemplateRow row = asked;
  row.clear_draft_attributes();
  GUSU_RETURN_IF_ERROR(TakeDraft(asked, &row));
  const std::string key = storage::TemplateKey(write.id.key());
  change.preconditions.push_back(Absent(key));
  return SetWith(std::move(change), key, std::move(row));
}

absl::Status CheckEtag(const std::string& etag, const TemplateRow& row, uint64_t revision) {
  const std::string current = EtagOf(revision);
  if (etag.empty() || etag == current) return absl::OkStatus();
  return Error(
      absl::StatusCode::kAborted, "ETAG_MISMATCH",
      Concat("template ", row.id(), " has changed: its etag is ", current, ", not ", Quote(etag)),
      {{"template", row.id()}, {"etag", etag}, {"etag_current", current}});
}

absl::StatusOr<PlannedWrite> PlanChange(const storage::View& view, const TemplateWrite& write,
                                        Operation operation, const std::string& reason,
                                        const ChangeRow& change_row) {
  const auto* existing = view.directory().FindTemplate(write.id.key());
  if (existing == nullptr) return TemplateNotFound(write.id.written());
  GUSU_ASSIGN_OR_RETURN(Change change, BeginChange(view, write, operation));
  TemplateRow row = *existing->row;
  GUSU_ASSIGN_OR_RETURN(const bool changed, change_row(&row));
  // A repeat of a change that was made is that change, with whatever etag it was asked.
  if (!changed) return storage::Receipt{existing->leaf_index, existing->revision};
  GUSU_RETURN_IF_ERROR(CheckEtag(write.etag, row, existing->revision));
  if (!reason.empty()) change.reason = reason;
  const std::string key = storage::TemplateKey(write.id.key());
  change.preconditions.push_back(AtRevision(key, existing->revision));
  KeepCreation(existing->revision, existing->leaf_index, &row);
  row.set_owner(write.acting.registrant);
  return SetWith(std::move(change), key, std::move(row));
}

absl::StatusOr<v1::TemplateResponse> AnswerWith(const absl::StatusOr<storage::Row>& stored) {
  if (!stored.ok()) return stored.status();
  GUSU_ASSIGN_OR_RETURN(const auto row, PayloadOf<TemplateRow>(*stored));
  v1::TemplateResponse response;
  FillTemplate(row, row.owner(), stored->revision, true, response.mutable_template_());
  FillReceipt({stored->leaf_index, stored->revision}, response.mutable_receipt());
  return response;
}

RowDone AnswerTo(Done<v1::TemplateResponse> done) {
  return [done = std::move(done)](absl::StatusOr<storage::Row> row) { done(AnswerWith(row)); };
}

void SubmitChange(storage::Ledger* ledger, TemplateWrite write, Operation operation,
                  const std::string& request_id, const std::string& reason, ChangeRow change_row,
                  Done<v1::TemplateResponse> done) {
  const std::string key = storage::TemplateKey(write.id.key());
  auto request = RequestOf(request_id, write.acting.registrant, write.digest);
  SubmitWrite(
      ledger, key, std::move(request),
      [write = std::move(write), operation, reason,
       change_row = std::move(change_row)](const storage::View& view) {
        return PlanChange(view, write, operation, reason, change_row);
      },
      AnswerTo(std::move(done)));
}

absl::StatusOr<bool> Publish(TemplateRow* row) {
  if (row->state() == v1::Template::PUBLISHED && row->draft_attributes().empty()) return false;
  if (!row->draft_attributes().empty()) {
    row->mutable_attributes()->Swap(row->mutable_draft_attributes());
    row->clear_draft_attributes();
  }
  row->set_version(row->version() + 1);
  row->set_state(v1::Template::PUBLISHED);
  return true;
}

absl::StatusOr<bool> Withdraw(TemplateRow* row) {
  if (row->state() == v1::Template::WITHDRAWN) return false;
  row->set_state(v1::Template::WITHDRAWN);
  return true;
}

}  // namespace

void Templates::CreateTemplate(const v1::CreateTemplateRequest& request, const Caller& caller,
                               Done<v1::TemplateResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto write = ReadWrite(Method::kCreateTemplate, request, caller,
                         ParseId(request.template_id(), "template_id"));
  if (!write.ok()) return done(std::move(write).status());
  TemplateRow asked;
  asked.set_id(write->id.written());
  asked.set_owner(write->acting.registrant);
  asked.set_state(v1::Template::DRAFT);
  const absl::Status status = ReadAsked(request.template_(), &asked);
  if (!status.ok()) return done(status);
  asked.set_create_digest(CreateDigest(*write, asked));
  const std::string key = storage::TemplateKey(write->id.key());
  auto request_of =
      RequestOf(request.request_id(), write->acting.registrant, Sha256(asked.create_digest()));
  SubmitWrite(
      ledger_, key, std::move(request_of),
      [write = *std::move(write), asked = std::move(asked)](const storage::View& view) {
        return PlanCreation(view, write, asked);
      },
      AnswerTo(std::move(done)));
}

void Templates::UpdateTemplate(const v1::UpdateTemplateRequest& request, const Caller& caller,
                               Done<v1::TemplateResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto write = ReadWrite(Method::kUpdateTemplate, request, caller, ParseName(request.name()));
  if (!write.ok()) return done(std::move(write).status());
  TemplateRow asked;
  const absl::Status status = ReadAsked(request.template_(), &asked);
  if (!status.ok()) return done(status);
  write->digest =
      DigestOf("gusu.template.update.v1", write->id, CanonicalBody(asked), "", request.etag());
  SubmitChange(
      ledger_, *std::move(write), Operation::kUpdateTemplate, request.request_id(), "",
      [asked = std::move(asked)](TemplateRow* row) -> absl::StatusOr<bool> {
        const std::string before = CanonicalBody(*row);
        GUSU_RETURN_IF_ERROR(TakeDraft(asked, row));
        return CanonicalBody(*row) != before;
      },
      std::move(done));
}

void Templates::PublishTemplate(const v1::PublishTemplateRequest& request, const Caller& caller,
                                Done<v1::TemplateResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto write = ReadWrite(Method::kPublishTemplate, request, caller, ParseName(request.name()));
  if (!write.ok()) return done(std::move(write).status());
  const absl::Status status = CheckReason(request.reason(), false);
  if (!status.ok()) return done(status);
  write->digest =
      DigestOf("gusu.template.publish.v1", write->id, "", request.reason(), request.etag());
  SubmitChange(ledger_, *std::move(write), Operation::kPublishTemplate, request.request_id(),
               request.reason(), Publish, std::move(done));
}

void Templates::WithdrawTemplate(const v1::WithdrawTemplateRequest& request, const Caller& caller,
                                 Done<v1::TemplateResponse> done) {
  done = WithProofs(proofs_, request.include_proof(), caller, std::move(done));
  auto write = ReadWrite(Method::kWithdrawTemplate, request, caller, ParseName(request.name()));
  if (!write.ok()) return done(std::move(write).status());
  const absl::Status status = CheckReason(request.reason(), true);
  if (!status.ok()) return done(status);
  write->digest =
      DigestOf("gusu.template.withdraw.v1", write->id, "", request.reason(), request.etag());
  SubmitChange(ledger_, *std::move(write), Operation::kWithdrawTemplate, request.request_id(),
               request.reason(), Withdraw, std::move(done));
}

}  // namespace gusu::server
