#include "server/row_registration.h"

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"

namespace gusu::server {

RowRegistration::RowRegistration(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                                 const v1::RegisterRow* row, RequestId request_id, RowDone done)
    : ledger_(ledger),
      actor_(std::move(actor)),
      row_(row),
      request_id_(request_id),
      done_(std::move(done)) {}

bool RowRegistration::KeepsRequestRow() const {
  return !row_->request_id().empty() && (row_->has_mint() || request_id_ == RequestId::kRequestRow);
}

absl::Status RowRegistration::Submit(const storage::View& view, Registrations& registrations) {
  if (row_->has_mint() && row_->request_id().empty()) {
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_MISSING",
                 "a minted registration needs a request_id, since a repeat would mint again",
                 {{"field", "request_id"}});
  }
  const bool keeps_request_row = KeepsRequestRow();
  absl::StatusOr<Registration> registration = registrations.Prepare(*row_, !keeps_request_row);
  if (!registration.ok()) {
    return AnswerIfKnown(view, registrations, std::move(registration).status());
  }
  if (resubmissions_ > 0 && !row_->has_mint()) {
    // The identifier may be what was lost; the first time the ledger finds that by itself.
    GUSU_ASSIGN_OR_RETURN(std::optional<storage::Row> existing,
                          view.Get(registration->change.rows.front().key));
    if (existing.has_value()) {
      absl::StatusOr<v1::RegisterResult> answer =
          AnswerForTaken(view, *registration, actor_->acting, *existing);
      if (!answer.ok()) return std::move(answer).status();
      done_(std::move(answer));
      return absl::OkStatus();
    }
  }
  storage::ChangeSet set;
  set.preconditions = registrations.Preconditions({registration->change.prefix_key});
  if (keeps_request_row) {
    set.request = storage::ChangeSet::Request{actor_->acting.registrant, row_->request_id(),
                                              registration->digest};
  }
  set.changes.push_back(std::move(registration->change));
  Quotas quotas(set.preconditions);
  ledger_->Append(std::move(set),
                  [self = shared_from_this(), identifier = std::move(registration->identifier),
                   quotas = std::move(quotas)](storage::AppendOutcome outcome) {
                    self->OnOutcome(identifier, quotas, std::move(outcome));
                  });
  return absl::OkStatus();
}

void RowRegistration::OnOutcome(const std::string& identifier, const Quotas& quotas,
                                storage::AppendOutcome outcome) {
  if (!outcome.ok()) return done_(std::move(outcome).status());
  if (const auto* appended = std::get_if<storage::Appended>(&*outcome)) {
    if (appended->repeated) return done_(AnswerRepeated(appended->first));
    return done_(AnswerForCreated(identifier.empty() ? appended->identifiers.front() : identifier,
                                  appended->first));
  }
  absl::Status status = quotas.ErrorFor(std::get<storage::Refused>(*outcome));
  // A full prefix takes no more, but what it holds may be registered again.
  if (!status.ok() && !IsRegistered(identifier)) return done_(std::move(status));
  SubmitAgain();
}

bool RowRegistration::IsRegistered(const std::string& identifier) const {
  if (row_->has_mint()) return false;
  auto view = ledger_->Latest();
  if (!view.ok()) return false;
  auto row = (*view)->Get(storage::RecordKey(ToKey(identifier)));
  return row.ok() && row->has_value();
}

void RowRegistration::SubmitAgain() {
  if (resubmissions_++ == kResubmissionsMax) return done_(RetriesExhausted());
  auto view = ledger_->Latest();
  if (!view.ok()) return done_(std::move(view).status());
  Registrations registrations(**view, actor_->acting, actor_->caller);
  absl::Status status = Submit(**view, registrations);
  if (!status.ok()) done_(std::move(status));
}

absl::StatusOr<v1::RegisterResult> RowRegistration::AnswerRepeated(
    const storage::Receipt& first) const {
  GUSU_ASSIGN_OR_RETURN(auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(auto answers, AnswersOfFirst(*view, first, 1));
  return std::move(answers.front());
}

// A repeat gets the first answer even when the row would be refused now.
absl::Status RowRegistration::AnswerIfKnown(const storage::View& view,
                                            const Registrations& registrations,
                                            absl::Status refusal) {
  if (!KeepsRequestRow()) return refusal;
  GUSU_ASSIGN_OR_RETURN(auto known,
                        view.FindRequest(actor_->acting.registrant, row_->request_id()));
  if (!known.has_value()) return refusal;
  absl::StatusOr<Hash> digest = registrations.DigestOf(*row_);
  if (!digest.ok() || *digest != known->digest) return refusal;
  done_(AnswerRepeated({known->first_leaf_index, known->first_revision}));
  return absl::OkStatus();
}

}  // namespace gusu::server
