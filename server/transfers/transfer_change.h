// What all writes of transfers share: who does what, the change of the transfer's own row, and the
// answer.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "server/submission.h"
#include "storage/ledger.h"

namespace gusu::storage::v1 {
class TransferRow;
}
namespace gusu::v1 {
class TransferResponse;
}

namespace gusu::server {

// Who does something with a transfer, and why.
struct TransferActor : Actor {
  std::string reason;
};

// kPermissionDenied / ROLE_REFUSED, kInvalidArgument / REASON_MISSING or FIELD_INVALID; the
// request's reason and the one of acting for a registrant are joined.
absl::StatusOr<TransferActor> ReadActor(Method method, const Caller& caller,
                                        const v1::OnBehalfOf& on_behalf_of,
                                        const std::string& reason, bool requires_reason);

// A change by the actor; `other` is the registrant that it concerns beside the one that acts.
Change ChangeBy(const TransferActor& actor, Operation operation, const std::string& other);

// The change of the transfer's row, which it seals.
Change ChangeOfTransfer(const TransferActor& actor, Operation operation, const std::string& other,
                        storage::v1::TransferRow& row);

// The transfer as it is now, with the receipt of the row that was written.
absl::StatusOr<v1::TransferResponse> AnswerWith(const storage::Ledger& ledger,
                                                const std::string& id, absl::Time now,
                                                const absl::StatusOr<storage::Row>& written);

}  // namespace gusu::server
