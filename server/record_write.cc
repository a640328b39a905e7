#include "server/record_write.h"

#include "absl/time/clock.h"
#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/ranges/range_override.h"
#include "server/readable_record.h"
#include "server/record_effects.h"
#include "server/record_hold.h"
#include "server/record_message.h"
#include "server/record_rules.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/template.h"

namespace gusu::server {
namespace {

// Both the verb's and, when the bureau acts for a registrant, the bureau's.
std::string ReasonFor(const std::string& verb_reason, const std::string& acting_reason) {
  if (verb_reason.empty() || acting_reason.empty()) return verb_reason + acting_reason;
  return Concat(verb_reason, " (on behalf: ", acting_reason, ")");
}

// The bureau, acting for itself, writes whatever the state of registrant and prefix.
absl::StatusOr<WriteScope> ScopeFor(const storage::View& view, const Acting& acting,
                                    const Identifier& identifier) {
  if (!acting.registrant.empty()) {
    return FindWriteScope(view.directory(), acting, identifier.prefix(), identifier.prefix_key());
  }
  const auto* prefix = view.directory().FindPrefix(identifier.prefix_key());
  if (prefix == nullptr) return RecordNotFound(view, identifier, view.last_revision());
  return WriteScope{prefix, view.directory().FindRegistrant(prefix->row->holder()), false};
}

// Of the request ids of a registrant or of the bureau.
const std::string& RequestScope(const Acting& acting) {
  return acting.registrant.empty() ? acting.actor : acting.registrant;
}

}  // namespace

RecordWrite::RecordWrite(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                         RecordRequest request, Done<v1::RecordResponse> done)
    : ledger_(ledger),
      actor_(std::move(actor)),
      request_(std::move(request)),
      done_(std::move(done)),
      key_(storage::RecordKey(request_.identifier.key())) {}

RecordWrite::~RecordWrite() = default;

void RecordWrite::Submit() {
  auto view = ledger_->Latest();
  if (!view.ok()) return done_(std::move(view).status());
  absl::StatusOr<bool> is_answered = AnswerRepeat(**view);
  if (!is_answered.ok()) return done_(std::move(is_answered).status());
  if (*is_answered) return;
  absl::Status status = Attempt(**view);
  if (!status.ok()) done_(std::move(status));
}

absl::StatusOr<bool> RecordWrite::AnswerRepeat(const storage::View& view) {
  if (request_.request_id.empty()) return false;
  GUSU_ASSIGN_OR_RETURN(auto known,
                        view.FindRequest(RequestScope(actor_->acting), request_.request_id));
  if (!known.has_value()) return false;
  if (known->digest != request_.digest) {
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                 Concat("request id ", Quote(request_.request_id), " was used for another request"),
                 {{"request_id", request_.request_id}});
  }
  AnswerAsOf(view, {known->first_leaf_index, known->first_revision});
  return true;
}

absl::Status RecordWrite::CheckEtag(uint64_t revision) const {
  const std::string current = EtagOf(revision);
  if (request_.etag.empty() || request_.etag == current) return absl::OkStatus();
  const std::string& identifier = request_.identifier.written();
  return Error(absl::StatusCode::kAborted, "ETAG_MISMATCH",
               Concat("record ", identifier, " has changed: its etag is ", current, ", not ",
                      Quote(request_.etag)),
               {{"identifier", identifier}, {"etag", request_.etag}, {"etag_current", current}});
}

absl::Status RecordWrite::Attempt(const storage::View& view) {
  const Identifier& identifier = request_.identifier;
  const Acting& acting = actor_->acting;
  GUSU_ASSIGN_OR_RETURN(WriteScope scope, ScopeFor(view, acting, identifier));
  GUSU_ASSIGN_OR_RETURN(std::optional<storage::Row> row, view.Get(key_));
  StoredRecord current;
  std::optional<RangeCode> code;  // of which this change makes a record
  if (row.has_value()) {
    GUSU_ASSIGN_OR_RETURN(current, DecodeRecord(*row, identifier.written()));
  } else {
    GUSU_ASSIGN_OR_RETURN(code, FindCodeToChange(view, identifier, request_.operation));
    if (!code.has_value()) {
      if (!acting.registrant.empty()) {
        GUSU_RETURN_IF_ERROR(CheckIsHolder(scope, acting, identifier.prefix()));
      }
      return RecordNotFound(view, identifier, view.last_revision());
    }
    current = {code->revision, code->leaf_index, code->record};
  }
  const storage::v1::RecordRow* before = code.has_value() ? nullptr : current.row.get();
  record_ = std::make_unique<storage::v1::RecordRow>(*current.row);
  prefix_holder_ = scope.prefix->row->holder();
  PrepareNextRevision(current.revision, current.leaf_index, prefix_holder_, record_.get());
  const Hash content_before = ContentDigest(*record_);

  storage::ChangeSet set;
  Change& change = set.changes.emplace_back();
  if (code.has_value()) {
    AddOwnRecord(*code, key_, record_.get(), &change);
  } else {
    change.preconditions.push_back(AtRevision(key_, current.revision));
  }
  const ReadRight right_before = RightTo(view, *current.row);
  // Who may not touch the record learns nothing of it, its etag included.
  GUSU_RETURN_IF_ERROR(
      request_.apply({view, current.revision, acting, scope, record_.get(), &change.preconditions,
                      &change.erasures, &change.rewrites, absl::Now(), right_before}));
  GUSU_RETURN_IF_ERROR(CheckEtag(current.revision));
  right_ = RightTo(view, *record_);
  if (request_.effective_time_us.has_value()) {
    record_->set_effective_time_us(*request_.effective_time_us);
  }
  if (change.rewrites.empty() && ContentDigest(*record_) == content_before) {
    // Nothing would change: the answer is the revision that made it so, and the log gets no leaf.
    Answer(*current.row, prefix_holder_, *right_, {current.leaf_index, current.revision});
    return absl::OkStatus();
  }
  if (request_.operation != Operation::kHold && request_.operation != Operation::kUnhold) {
    GUSU_RETURN_IF_ERROR(CheckNotHeld(*current.row));
  }
  if (!request_.effective_time_us.has_value()) record_->clear_effective_time_us();
  const auto templ = FindTemplate(view.directory(), record_->template_id());
  GUSU_RETURN_IF_ERROR(AddUniqueValues(view, before, *record_, templ.get(), identifier.prefix_key(),
                                       identifier.suffix_key(), &change));
  AddRecordEffects(before, *record_, templ.get(), identifier.prefix_key(), identifier.suffix_key(),
                   &change);
  change.commitments = Seal(*record_);
  GUSU_RETURN_IF_ERROR(CheckRecordBytes(*record_));

  change.operation = request_.operation;
  change.resource = RecordName(record_->identifier());
  change.prefix_key = std::string(identifier.prefix_key());
  // Whose log shows what the bureau does for itself: the prefix's holder's.
  change.registrant = acting.registrant.empty() ? prefix_holder_ : acting.registrant;
  change.actor = acting.actor;
  change.credential = actor_->caller.credential;
  change.on_behalf_of = acting.on_behalf_of;
  change.reason = ReasonFor(request_.reason, acting.reason);
  change.rows.push_back({key_, record_->SerializeAsString()});
  AddActingPreconditions(view.directory(), acting, actor_->caller, &set.preconditions);
  AddPrefixPrecondition(scope, identifier.prefix_key(), &set.preconditions);
  if (!request_.request_id.empty()) {
    set.request =
        storage::ChangeSet::Request{RequestScope(acting), request_.request_id, request_.digest};
  }
  Append(std::move(set));
  return absl::OkStatus();
}

void RecordWrite::Append(storage::ChangeSet set) {
  ledger_->Append(std::move(set), [self = shared_from_this()](storage::AppendOutcome outcome) {
    self->OnOutcome(std::move(outcome));
  });
}

void RecordWrite::OnOutcome(storage::AppendOutcome outcome) {
  if (!outcome.ok()) return done_(std::move(outcome).status());
  if (const auto* appended = std::get_if<storage::Appended>(&*outcome)) {
    if (!appended->repeated) return Answer(*record_, prefix_holder_, *right_, appended->first);
    auto view = ledger_->Latest();
    if (!view.ok()) return done_(std::move(view).status());
    return AnswerAsOf(**view, appended->first);
  }
  if (resubmissions_++ == kResubmissionsMax) return done_(RetriesExhausted());
  Submit();
}

void RecordWrite::AnswerAsOf(const storage::View& view, const storage::Receipt& receipt) {
  absl::StatusOr<std::optional<StoredRecord>> record =
      ReadRecord(view, request_.identifier.key(), receipt.revision);
  if (!record.ok()) return done_(std::move(record).status());
  if (!record->has_value()) {
    return done_(RecordNotFound(view, request_.identifier, receipt.revision));
  }
  const auto holder = PrefixHolderAsOf(view, request_.identifier.prefix_key(), receipt.revision);
  if (!holder.ok()) return done_(holder.status());
  const absl::StatusOr<ReadRight> right = ReadRight::ToRevision(
      view, ReaderOf(*actor_), **record, request_.identifier.key(), absl::Now());
  if (!right.ok()) return done_(right.status());
  Answer(*(*record)->row, *holder, *right, receipt);
}

ReadRight RecordWrite::RightTo(const storage::View& view,
                               const storage::v1::RecordRow& record) const {
  return ReadRight(view.directory(), ReaderOf(*actor_), record, request_.identifier.key(),
                   absl::Now());
}

void RecordWrite::Answer(const storage::v1::RecordRow& record, const std::string& prefix_holder,
                         const ReadRight& right, const storage::Receipt& receipt) {
  v1::RecordResponse response;
  FillReadable(record, prefix_holder, receipt.revision, receipt.leaf_index, right,
               response.mutable_record());
  FillReceipt(receipt, response.mutable_receipt());
  done_(std::move(response));
}

}  // namespace gusu::server
