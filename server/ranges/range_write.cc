#include "server/ranges/range_write.h"

#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/ranges/range_lookup.h"
#include "server/ranges/range_message.h"
#include "server/resource_fields.h"

namespace gusu::server {

RangeWrite::RangeWrite(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                       storage::ChangeSet::Request request, absl::Time now, Plan plan,
                       Done<v1::SerialRangeResponse> done)
    : ledger_(ledger),
      actor_(std::move(actor)),
      request_(std::move(request)),
      now_(now),
      plan_(std::move(plan)),
      done_(std::move(done)) {}

void RangeWrite::Submit() {
  absl::Status started = Attempt();
  if (!started.ok()) done_(std::move(started));
}

// An error is the answer; otherwise it is told later, or was.
absl::Status RangeWrite::Attempt() {
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  GUSU_ASSIGN_OR_RETURN(const auto known, view->FindRequest(request_.scope, request_.id));
  if (known.has_value()) {
    if (known->digest != request_.digest) {
      return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                   Concat("request id ", Quote(request_.id), " was used for another request"),
                   {{"request_id", request_.id}});
    }
    done_(AnswerAt(*view, {known->first_leaf_index, known->first_revision}));
    return absl::OkStatus();
  }
  GUSU_ASSIGN_OR_RETURN(storage::ChangeSet set, plan_(*view));
  set.request = request_;
  Quotas quotas(set.preconditions);
  ledger_->Append(std::move(set), [self = shared_from_this(),
                                   quotas = std::move(quotas)](storage::AppendOutcome outcome) {
    self->OnOutcome(quotas, std::move(outcome));
  });
  return absl::OkStatus();
}

void RangeWrite::OnOutcome(const Quotas& quotas, storage::AppendOutcome outcome) {
  if (!outcome.ok()) return done_(std::move(outcome).status());
  if (const auto* appended = std::get_if<storage::Appended>(&*outcome)) {
    auto view = ledger_->Latest();
    if (!view.ok()) return done_(std::move(view).status());
    return done_(AnswerAt(**view, appended->first));
  }
  absl::Status full = quotas.ErrorFor(std::get<storage::Refused>(*outcome));
  if (!full.ok()) return done_(std::move(full));
  if (resubmissions_++ == kResubmissionsMax) return done_(RetriesExhausted());
  Submit();
}

absl::StatusOr<v1::SerialRangeResponse> RangeWrite::AnswerAt(
    const storage::View& view, const storage::Receipt& receipt) const {
  GUSU_ASSIGN_OR_RETURN(const Change change, view.ReadChange(receipt.leaf_index));
  const std::optional<SerialRangePath> path = ParseSerialRangeName(change.resource);
  std::optional<storage::Row> row;
  std::optional<storage::Row> row_now;
  if (path) {
    const std::string key =
        storage::SerialRangeKey(ToKey(path->prefix), path->pattern_number, path->last_serial);
    GUSU_ASSIGN_OR_RETURN(row, view.GetAsOf(key, receipt.revision));
    GUSU_ASSIGN_OR_RETURN(row_now, view.Get(key));
  }
  storage::v1::SerialRangeRow range;
  storage::v1::SerialRangeRow range_now;
  if (!row || !row_now || !range.ParseFromString(row->payload) ||
      !range_now.ParseFromString(row_now->payload)) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 Concat("the serial range of leaf ", receipt.leaf_index, " cannot be read"),
                 {{"leaf_index", std::to_string(receipt.leaf_index)}});
  }
  GUSU_ASSIGN_OR_RETURN(std::string prefix_holder,
                        PrefixHolderAsOf(view, ToKey(path->prefix), receipt.revision));
  v1::SerialRangeResponse response;
  GUSU_RETURN_IF_ERROR(FillSerialRange(
      view, {range, receipt.revision, receipt.leaf_index, std::move(prefix_holder)},
      RightToRange(view, ReaderOf(*actor_), range_now, now_), response.mutable_serial_range()));
  FillReceipt(receipt, response.mutable_receipt());
  return response;
}

}  // namespace gusu::server
