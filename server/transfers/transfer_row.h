// Transfers between their stored form and the API's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class TransferRow;
}
namespace gusu::v1 {
class Transfer;
}

namespace gusu::server {

// transfers/{id}.
std::string TransferName(std::string_view id);
// The id: 20 hexadecimal digits. kInvalidArgument / FIELD_MISSING, FIELD_INVALID.
absl::StatusOr<std::string> ParseTransferName(std::string_view name, std::string_view field);

// kNotFound / TRANSFER_NOT_FOUND: also for who is no party to it.
absl::Status TransferNotFound(std::string_view id);

// kDataLoss / RECORD_CORRUPT when the payload is no transfer.
absl::StatusOr<storage::v1::TransferRow> DecodeTransfer(std::string_view id,
                                                        const storage::Row& row);

// What an offer is at `now`, by number of gusu.v1.Transfer.State: as it was decided; of an open one
// also EXPIRED, and ENDED once a prefix of its codes has passed to another holder, even if it came
// back.
uint32_t StateAt(const storage::Directory& directory, const storage::v1::TransferRow& row,
                 absl::Time now);

// `revision` is that of the row's header, `state` what StateAt said.
void FillTransfer(const storage::v1::TransferRow& row, uint64_t revision, uint32_t state,
                  bool with_items, v1::Transfer* message);

}  // namespace gusu::server
