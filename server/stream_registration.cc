#include "server/stream_registration.h"

#include <numeric>

#include "google/rpc/status.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "server/row_registration.h"

namespace gusu::server {

StreamRegistration::StreamRegistration(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                                       const v1::StreamRegisterRequest* request,
                                       uint64_t first_row_index,
                                       Done<v1::StreamRegisterResponse> done)
    : ledger_(ledger),
      actor_(std::move(actor)),
      request_(request),
      done_(std::move(done)),
      response_(std::make_unique<v1::StreamRegisterResponse>()) {
  response_->mutable_outcomes()->Reserve(request_->rows_size());
  for (int i = 0; i < request_->rows_size(); ++i) {
    response_->add_outcomes()->set_row_index(first_row_index + static_cast<uint64_t>(i));
  }
}

StreamRegistration::~StreamRegistration() = default;

void StreamRegistration::Start() {
  std::vector<int> rows(static_cast<size_t>(request_->rows_size()));
  std::iota(rows.begin(), rows.end(), 0);
  RunPass(rows);
}

void StreamRegistration::RunPass(const std::vector<int>& rows) {
  outstanding_.store(1);
  undecided_.clear();
  auto view = ledger_->Latest();
  if (view.ok()) {
    Registrations registrations(**view, actor_->acting, actor_->caller);
    for (int row : rows) SubmitRow(row, **view, registrations);
  } else {
    for (int row : rows) SetOutcome(row, view.status());
  }
  Release();
}

void StreamRegistration::SubmitRow(int row, const storage::View& view,
                                   Registrations& registrations) {
  const v1::RegisterRow& asked = request_->rows(row);
  auto registration = std::make_shared<RowRegistration>(
      ledger_, actor_, &asked, RowRegistration::RequestId::kRecord,
      [self = shared_from_this(), row](absl::StatusOr<v1::RegisterResult> result) {
        self->SetOutcome(row, std::move(result));
        self->Release();
      });
  outstanding_.fetch_add(1);
  absl::Status status = registration->Submit(view, registrations);
  const bool waits = WaitsForOther(row, status);
  if ((status.ok() || waits) &&
      (asked.level() == v1::Record::MODEL || asked.level() == v1::Record::BATCH)) {
    undecided_.insert(ToKey(asked.identifier()));
  }
  if (status.ok()) return;
  if (waits) {
    waiting_.push_back(row);
  } else {
    SetOutcome(row, std::move(status));
  }
  Release();
}

bool StreamRegistration::WaitsForOther(int row, const absl::Status& refusal) const {
  if (ErrorReason(refusal) != "INSTANCE_OF_REFUSED") return false;
  if (!saw_earlier_messages_) return true;
  absl::StatusOr<Identifier> ancestor =
      Identifier::ParseName(request_->rows(row).instance_of().identifier());
  return ancestor.ok() && undecided_.contains(ancestor->key());
}

void StreamRegistration::SetOutcome(int row, absl::StatusOr<v1::RegisterResult> result) {
  v1::RowOutcome* outcome = response_->mutable_outcomes(row);
  if (result.ok()) {
    *outcome->mutable_result() = *std::move(result);
  } else {
    *outcome->mutable_error() = ToRpcStatus(result.status());
  }
}

void StreamRegistration::Release() {
  if (outstanding_.fetch_sub(1) != 1) return;
  if (waiting_.empty()) return done_(std::move(*response_));
  std::vector<int> rows;
  rows.swap(waiting_);
  if (saw_earlier_messages_) return RunPass(rows);
  saw_earlier_messages_ = true;
  ledger_->AfterQueued(
      [self = shared_from_this(), rows = std::move(rows)] { self->RunPass(rows); });
}

}  // namespace gusu::server
