#include "client/connection/retrying_calls.h"

namespace gusu {

Status RetryingCalls::OutcomeUnknown(const Status& last, const std::string& request_id) {
  Status status{
      StatusCode::kUnknownOutcome,
      "the write may or may not have happened: repeat the same call (" + last.ToString() + ")",
      std::string(kReasonOutcomeUnknown),
      {{"last_error", last.ToString()}}};
  if (!request_id.empty()) status.metadata["request_id"] = request_id;
  return status;
}

}  // namespace gusu
