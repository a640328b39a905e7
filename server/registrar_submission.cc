#include "server/registrar_submission.h"

#include <memory>
#include <utility>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/submission.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

class Writing : public std::enable_shared_from_this<Writing> {
 public:
  Writing(storage::Ledger* ledger, std::string key,
          std::optional<storage::ChangeSet::Request> request, PlanWrite plan, RowDone done)
      : ledger_(ledger),
        key_(std::move(key)),
        request_(std::move(request)),
        plan_(std::move(plan)),
        done_(std::move(done)) {}

  void Start() {
    absl::Status started = Attempt();
    if (!started.ok()) done_(std::move(started));
  }

 private:
  // An error is the answer; otherwise it is told later, or was.
  absl::Status Attempt() {
    GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
    if (request_.has_value()) {
      GUSU_ASSIGN_OR_RETURN(const auto known, view->FindRequest(request_->scope, request_->id));
      if (known.has_value()) {
        if (known->digest != request_->digest) return RequestIdReused();
        done_(RowAt(*view, known->first_revision));
        return absl::OkStatus();
      }
    }
    GUSU_ASSIGN_OR_RETURN(PlannedWrite write, plan_(*view));
    if (const auto* receipt = std::get_if<storage::Receipt>(&write)) {
      done_(RowAt(*view, receipt->revision));
      return absl::OkStatus();
    }
    auto& set = std::get<storage::ChangeSet>(write);
    set.request = request_;
    ledger_->Append(std::move(set), [self = shared_from_this()](storage::AppendOutcome outcome) {
      self->OnOutcome(std::move(outcome));
    });
    return absl::OkStatus();
  }

  void OnOutcome(storage::AppendOutcome outcome) {
    if (!outcome.ok()) return done_(std::move(outcome).status());
    if (const auto* appended = std::get_if<storage::Appended>(&*outcome)) {
      auto view = ledger_->Latest();
      if (!view.ok()) return done_(std::move(view).status());
      return done_(RowAt(**view, appended->first.revision));
    }
    if (resubmissions_++ == kResubmissionsMax) return done_(RetriesExhausted());
    Start();
  }

  absl::StatusOr<storage::Row> RowAt(const storage::View& view, uint64_t revision) const {
    GUSU_ASSIGN_OR_RETURN(auto row, view.GetAsOf(key_, revision));
    if (row.has_value()) return *std::move(row);
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "a row that was written is missing",
                 {{"revision", std::to_string(revision)}});
  }

  absl::Status RequestIdReused() const {
    return Error(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                 Concat("request_id ", Quote(request_->id), " was used for another request"),
                 {{"request_id", request_->id}});
  }

  storage::Ledger* const ledger_;
  const std::string key_;
  const std::optional<storage::ChangeSet::Request> request_;
  const PlanWrite plan_;
  const RowDone done_;
  int resubmissions_ = 0;
};

}  // namespace

void SubmitWrite(storage::Ledger* ledger, std::string key,
                 std::optional<storage::ChangeSet::Request> request, PlanWrite plan, RowDone done) {
  std::make_shared<Writing>(ledger, std::move(key), std::move(request), std::move(plan),
                            std::move(done))
      ->Start();
}

storage::ChangeSet SetOf(Change change, const Caller& caller) {
  storage::ChangeSet set;
  if (!caller.proof_key.empty()) {
    set.preconditions.push_back(AtRevision(caller.proof_key, caller.proof_revision));
  }
  set.changes.push_back(std::move(change));
  return set;
}

std::optional<storage::ChangeSet::Request> RequestOf(const std::string& id,
                                                     const std::string& scope, const Hash& digest) {
  if (id.empty()) return std::nullopt;
  return storage::ChangeSet::Request{scope, id, digest};
}

}  // namespace gusu::server
