// Usage between its stored form and what is counted and shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/statistics/usage.h"
#include "storage/view.h"

namespace gusu::storage::v1 {
class UsageRow;
}
namespace gusu::v1 {
class DayUsage;
}

namespace gusu::server {

// nullopt for what is not a key of the table of usage.
std::optional<UsageKey> ParseUsageKey(std::string_view key);

// The row as it is stored; an empty one when there is none. kDataLoss / RECORD_CORRUPT.
absl::StatusOr<storage::v1::UsageRow> ReadUsageRow(const storage::View& view,
                                                   const std::string& key);

// Adds what was counted to the row.
void AddToRow(const Usage& usage, storage::v1::UsageRow* row);

// `prefix` is as written. Source addresses only `with_sources`.
void FillUsage(const storage::v1::UsageRow& row, const UsageKey& key, std::string_view prefix,
               bool with_sources, v1::DayUsage* message);

}  // namespace gusu::server
