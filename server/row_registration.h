// One row on its way to the ledger, alone or in a stream: a change set of its own.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "server/registration.h"
#include "server/submission.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class RegisterRow;
class RegisterResult;
}  // namespace gusu::v1

namespace gusu::server {

class RowRegistration : public std::enable_shared_from_this<RowRegistration> {
 public:
  // Where a request id of the row's own is kept.
  enum class RequestId {
    kRequestRow,  // in the ledger, for some days, for every row
    kRecord,      // in the record; in the ledger only for a minted row
  };
  using RowDone = std::function<void(absl::StatusOr<v1::RegisterResult>)>;

  // `row` stays as it is until `done` was called.
  RowRegistration(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
                  const v1::RegisterRow* row, RequestId request_id, RowDone done);

  // Prepares the row with `registrations` (of `view`) and appends it.
  // An error is returned, and `done` not called, when the row is refused at once.
  absl::Status Submit(const storage::View& view, Registrations& registrations);

 private:
  bool KeepsRequestRow() const;
  void OnOutcome(const std::string& identifier, const Quotas& quotas,
                 storage::AppendOutcome outcome);
  bool IsRegistered(const std::string& identifier) const;
  void SubmitAgain();
  absl::StatusOr<v1::RegisterResult> AnswerRepeated(const storage::Receipt& first) const;
  absl::Status AnswerIfKnown(const storage::View& view, const Registrations& registrations,
                             absl::Status refusal);

  storage::Ledger* ledger_;
  std::shared_ptr<const Actor> actor_;
  const v1::RegisterRow* row_;
  RequestId request_id_;
  RowDone done_;
  int resubmissions_ = 0;
};

}  // namespace gusu::server
