// A write of a serial range on its way to the ledger.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/registry.h"
#include "server/submission.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class SerialRangeResponse;
}

namespace gusu::server {

class RangeWrite : public std::enable_shared_from_this<RangeWrite> {
 public:
  // From a view to what is to be appended: all that it read to decide is among the preconditions.
  // The range that is answered is the first change's, with the values that whoever it is written
  // for may read now.
  using Plan = std::function<absl::StatusOr<storage::ChangeSet>(const storage::View&)>;

  RangeWrite(storage::Ledger* ledger, std::shared_ptr<const Actor> actor,
             storage::ChangeSet::Request request, absl::Time now, Plan plan,
             Done<v1::SerialRangeResponse> done);

  // Plans and appends, and plans again when others were faster, kResubmissionsMax times at most. A
  // known request is answered as it was the first time; kInvalidArgument / REQUEST_ID_REUSED when
  // its content differs.
  void Submit();

 private:
  absl::Status Attempt();
  void OnOutcome(const Quotas& quotas, storage::AppendOutcome outcome);
  absl::StatusOr<v1::SerialRangeResponse> AnswerAt(const storage::View& view,
                                                   const storage::Receipt& receipt) const;

  storage::Ledger* const ledger_;
  const std::shared_ptr<const Actor> actor_;
  const storage::ChangeSet::Request request_;
  const absl::Time now_;
  const Plan plan_;
  const Done<v1::SerialRangeResponse> done_;
  int resubmissions_ = 0;
};

}  // namespace gusu::server
