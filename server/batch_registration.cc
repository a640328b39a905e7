#include "server/batch_registration.h"

#include <algorithm>

#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

Hash DigestOfRows(const std::vector<Hash>& digests) {
  std::string bytes;
  bytes.reserve(digests.size() * sizeof(Hash));
  for (const Hash& digest : digests) bytes.append(AsBytes(digest));
  return Sha256({"gusu.batch_register.v1\n", bytes});
}

std::string Where(size_t row) { return Concat("rows[", row, "]"); }

absl::Status RowDuplicate(std::string_view identifier, size_t first, size_t second) {
  return Error(absl::StatusCode::kInvalidArgument, "ROW_DUPLICATE",
               Concat(Where(first), " and ", Where(second), " both register ", identifier),
               {{"identifier", std::string(identifier)},
                {"row", Where(first)},
                {"other_row", Where(second)}});
}

}  // namespace

BatchRegistration::BatchRegistration(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                                     const v1::BatchRegisterRequest* request,
                                     Done<v1::BatchRegisterResponse> done)
    : ledger_(ledger), actor_(std::move(actor)), request_(request), done_(std::move(done)) {}

BatchRegistration::~BatchRegistration() = default;

void BatchRegistration::Submit() {
  auto view = ledger_->Latest();
  if (!view.ok()) return Finish(std::move(view).status());
  Registrations registrations(**view, actor_->acting, actor_->caller);
  absl::Status status = Prepare(registrations);
  if (status.ok()) status = AnswerExisting(**view);
  if (!status.ok()) {
    return AnswerIfKnown(**view, registrations) ? Finish(absl::OkStatus())
                                                : Finish(std::move(status));
  }
  if (appended_rows_.empty()) return Finish(absl::OkStatus());
  Append(registrations);
}

absl::Status BatchRegistration::Prepare(Registrations& registrations) {
  FaultList faults;
  absl::flat_hash_map<std::string, size_t> first_rows;  // by comparison key
  registrations_.clear();
  registrations_.reserve(static_cast<size_t>(request_->rows_size()));
  for (const v1::RegisterRow& row : request_->rows()) {
    const size_t index = registrations_.size();
    absl::StatusOr<Registration> registration = registrations.Prepare(row, !row.has_mint());
    if (!registration.ok()) {
      faults.Add(Where(index), registration.status());
      registrations_.emplace_back();
      continue;
    }
    if (!registration->identifier.empty()) {
      auto [first, is_new] = first_rows.try_emplace(ToKey(registration->identifier), index);
      if (!is_new) {
        faults.Add(Where(index), RowDuplicate(registration->identifier, first->second, index));
      }
    }
    registrations.Plan(*registration);
    registrations_.push_back(*std::move(registration));
  }
  return faults.ToStatus();
}

// Answers the rows that are registered already, and notes which are to be appended.
absl::Status BatchRegistration::AnswerExisting(const storage::View& view) {
  response_ = std::make_unique<v1::BatchRegisterResponse>();
  response_->mutable_results()->Reserve(request_->rows_size());
  appended_rows_.clear();
  std::vector<std::string> keys;
  std::vector<int> rows;
  for (int i = 0; i < request_->rows_size(); ++i) {
    response_->add_results();
    if (request_->rows(i).has_mint()) continue;
    keys.push_back(registrations_[static_cast<size_t>(i)].change.rows.front().key);
    rows.push_back(i);
  }
  FaultList faults;
  std::vector<bool> is_answered(static_cast<size_t>(request_->rows_size()));
  const auto existing = view.MultiGet(keys);
  for (size_t i = 0; i < existing.size(); ++i) {
    if (!existing[i].ok()) return existing[i].status();
    if (!existing[i]->has_value()) continue;
    const size_t row = static_cast<size_t>(rows[i]);
    absl::StatusOr<v1::RegisterResult> answer =
        AnswerForTaken(view, registrations_[row], actor_->acting, **existing[i]);
    if (answer.ok()) {
      *response_->mutable_results(rows[i]) = *std::move(answer);
      is_answered[row] = true;
    } else {
      faults.Add(Where(row), answer.status());
    }
  }
  for (int i = 0; i < request_->rows_size(); ++i) {
    if (!is_answered[static_cast<size_t>(i)]) appended_rows_.push_back(i);
  }
  return faults.ToStatus();
}

void BatchRegistration::Append(const Registrations& registrations) {
  storage::ChangeSet set;
  set.changes.reserve(appended_rows_.size());
  std::vector<std::string> prefix_keys;
  for (int row : appended_rows_) {
    Change& change = registrations_[static_cast<size_t>(row)].change;
    if (std::find(prefix_keys.begin(), prefix_keys.end(), change.prefix_key) == prefix_keys.end()) {
      prefix_keys.push_back(change.prefix_key);
    }
    set.changes.push_back(std::move(change));
  }
  set.preconditions = registrations.Preconditions(prefix_keys);
  if (!request_->request_id().empty()) {
    std::vector<Hash> digests;
    for (const Registration& registration : registrations_) digests.push_back(registration.digest);
    set.request = storage::ChangeSet::Request{actor_->acting.registrant, request_->request_id(),
                                              DigestOfRows(digests)};
  }
  Quotas quotas(set.preconditions);
  ledger_->Append(std::move(set), [self = shared_from_this(),
                                   quotas = std::move(quotas)](storage::AppendOutcome outcome) {
    self->OnOutcome(quotas, std::move(outcome));
  });
}

void BatchRegistration::OnOutcome(const Quotas& quotas, storage::AppendOutcome outcome) {
  if (!outcome.ok()) return Finish(std::move(outcome).status());
  if (const auto* appended = std::get_if<storage::Appended>(&*outcome)) {
    if (!appended->repeated) {
      AnswerAppended(*appended);
      return Finish(absl::OkStatus());
    }
    auto view = ledger_->Latest();
    if (!view.ok()) return Finish(std::move(view).status());
    return Finish(AnswerRepeated(**view, appended->first, appended->change_count));
  }
  absl::Status status = quotas.ErrorFor(std::get<storage::Refused>(*outcome));
  if (!status.ok()) return Finish(std::move(status));
  if (resubmissions_++ == kResubmissionsMax) return Finish(RetriesExhausted());
  Submit();
}

void BatchRegistration::AnswerAppended(const storage::Appended& appended) {
  for (size_t i = 0; i < appended_rows_.size(); ++i) {
    const std::string& given = registrations_[static_cast<size_t>(appended_rows_[i])].identifier;
    *response_->mutable_results(appended_rows_[i]) =
        AnswerForCreated(given.empty() ? appended.identifiers[i] : given,
                         {appended.first.leaf_index + i, appended.first.revision + i});
  }
}

// The first answer's changes in order; a row of a given identifier that is not next among them had
// been registered before.
absl::Status BatchRegistration::AnswerRepeated(const storage::View& view,
                                               const storage::Receipt& first, size_t change_count) {
  GUSU_ASSIGN_OR_RETURN(std::vector<v1::RegisterResult> changes,
                        AnswersOfFirst(view, first, change_count));
  response_ = std::make_unique<v1::BatchRegisterResponse>();
  size_t next = 0;
  for (const v1::RegisterRow& row : request_->rows()) {
    const bool is_next =
        next < changes.size() &&
        (row.has_mint() || ToKey(changes[next].identifier()) == ToKey(row.identifier()));
    if (is_next) {
      *response_->add_results() = std::move(changes[next++]);
      continue;
    }
    GUSU_ASSIGN_OR_RETURN(*response_->add_results(), AnswerForRegistered(view, row.identifier()));
  }
  return absl::OkStatus();
}

// A repeat gets the first answer even when the batch would be refused now.
bool BatchRegistration::AnswerIfKnown(const storage::View& view,
                                      const Registrations& registrations) {
  if (request_->request_id().empty()) return false;
  auto known = view.FindRequest(actor_->acting.registrant, request_->request_id());
  if (!known.ok() || !known->has_value()) return false;
  std::vector<Hash> digests;
  for (const v1::RegisterRow& row : request_->rows()) {
    absl::StatusOr<Hash> digest = registrations.DigestOf(row);
    if (!digest.ok()) return false;
    digests.push_back(*digest);
  }
  const storage::View::KnownRequest& first = **known;
  return DigestOfRows(digests) == first.digest &&
         AnswerRepeated(view, {first.first_leaf_index, first.first_revision}, first.change_count)
             .ok();
}

void BatchRegistration::Finish(absl::Status status) {
  if (!status.ok()) return done_(std::move(status));
  done_(std::move(*response_));
}

}  // namespace gusu::server
