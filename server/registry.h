// The rules of writing records. Knows no door and no bytes; speaks the API's own messages.
//
// Each call checks access, prefix, template and suffix against one view, hands a change with its
// preconditions to the ledger, and answers through `done`: on the calling thread when it is refused
// at once, else on the ledger's answer thread. `done` is called exactly once and must not block;
// the request must stay as it is until then, the caller only during the call. Without the client's
// etag a change that lost a race is recomputed and resubmitted, at most 3 times.
// Proofs that the request asked for are made before `done`, on a thread of Proofs; asking for them
// is no part of what makes two requests the same.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "server/caller.h"
#include "storage/ledger.h"

namespace gusu::v1 {
class ActivateRecordRequest;
class BatchRegisterRequest;
class BatchRegisterResponse;
class EraseValuesRequest;
class HoldRecordRequest;
class ModifyValuesRequest;
class OnBehalfOf;
class RecordResponse;
class RegisterRequest;
class RegisterResponse;
class ReinstateRecordRequest;
class RetireRecordRequest;
class StreamRegisterRequest;
class StreamRegisterResponse;
class SuspendRecordRequest;
class UnholdRecordRequest;
class UpdateRecordRequest;
}  // namespace gusu::v1

namespace gusu::server {

class Proofs;

template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

class Registry {
 public:
  // Limits of one request.
  static constexpr int kBatchRowsMax = 2000;
  static constexpr int kStreamMessageRowsMax = 1000;

  // Neither is owned; both outlive the registry. `proofs` may be nullptr where nobody asks for any.
  Registry(storage::Ledger* ledger, const Proofs* proofs);

  void Register(const v1::RegisterRequest& request, const Caller& caller,
                Done<v1::RegisterResponse> done);
  void BatchRegister(const v1::BatchRegisterRequest& request, const Caller& caller,
                     Done<v1::BatchRegisterResponse> done);
  // One message of a stream: each row is a change set of its own, queued in order. An error is one
  // of the message (too many rows), not of a row. `first_row_index` numbers the outcomes.
  void RegisterRows(const v1::StreamRegisterRequest& request, uint64_t first_row_index,
                    const Caller& caller, Done<v1::StreamRegisterResponse> done);

  void UpdateRecord(const v1::UpdateRecordRequest& request, const Caller& caller,
                    Done<v1::RecordResponse> done);
  void ModifyValues(const v1::ModifyValuesRequest& request, const Caller& caller,
                    Done<v1::RecordResponse> done);
  void SuspendRecord(const v1::SuspendRecordRequest& request, const Caller& caller,
                     Done<v1::RecordResponse> done);
  void ActivateRecord(const v1::ActivateRecordRequest& request, const Caller& caller,
                      Done<v1::RecordResponse> done);
  void RetireRecord(const v1::RetireRecordRequest& request, const Caller& caller,
                    Done<v1::RecordResponse> done);
  void ReinstateRecord(const v1::ReinstateRecordRequest& request, const Caller& caller,
                       Done<v1::RecordResponse> done);
  // The bureau places and lifts its own when it acts for nobody.
  void HoldRecord(const v1::HoldRecordRequest& request, const Caller& caller,
                  Done<v1::RecordResponse> done);
  void UnholdRecord(const v1::UnholdRecordRequest& request, const Caller& caller,
                    Done<v1::RecordResponse> done);
  void EraseValues(const v1::EraseValuesRequest& request, const Caller& caller,
                   Done<v1::RecordResponse> done);

 private:
  storage::Ledger* ledger_;
  const Proofs* proofs_;
};

}  // namespace gusu::server
