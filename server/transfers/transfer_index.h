// The secondary index of transfers: those of a registrant, newest first.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class TransferRow;
}

namespace gusu::server {

// Which of a registrant's transfers.
enum class TransferDirection { kBoth, kIncoming, kOutgoing };

// Lets both parties find an offer that is made at `now`.
void AddToIndex(const storage::v1::TransferRow& row, absl::Time now, Change* change);

// Calls `visit` with the place of each transfer and its id, after the place `after` (empty: from
// the first on), until it returns false.
absl::Status ScanIndex(
    const storage::View& view, std::string_view registrant, TransferDirection direction,
    std::string_view after,
    const std::function<bool(std::string_view place, std::string_view id)>& visit);

}  // namespace gusu::server
