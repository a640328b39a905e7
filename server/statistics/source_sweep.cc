#include "server/statistics/source_sweep.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/status_macros.h"
#include "server/statistics/statistics_key.h"
#include "server/statistics/usage_rows.h"
#include "storage/keys.h"

namespace gusu::server {
namespace {

// Days whose rows a later sweep looks at again: more than a server goes without sweeping while it
// runs.
constexpr int32_t kAgainDays = 8;

}  // namespace

std::optional<std::string> SourceSweep::SkipFrom(const UsageKey& key, int32_t today) const {
  const int32_t age = today - key.day;
  if (age <= 0) {
    return storage::AfterBeginning(PrefixBeginning(storage::kUsageTable, key.prefix_key));
  }
  if (!place_.done_all) return std::nullopt;
  if (age > kDays + kAgainDays) {
    return DayBeginning(storage::kUsageTable, key.prefix_key, today - kDays - kAgainDays);
  }
  if (age < kDays && age > kAgainDays) {
    return DayBeginning(storage::kUsageTable, key.prefix_key, today - kAgainDays);
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<storage::Batch::Write>> SourceSweep::Next(const storage::View& view,
                                                                     int32_t today) {
  std::vector<storage::Batch::Write> writes;
  next_ = place_;
  if (place_.done_day == today) return writes;
  const std::string all(1, storage::kUsageTable);
  if (next_.key.empty()) next_.key = all;
  size_t looked_at = 0, bytes = 0;
  const auto is_full = [&] { return looked_at >= kRowsMax || bytes >= kBytesMax; };
  const auto visit = [&](std::string_view key, std::string_view value) {
    ++looked_at;
    next_.key = std::string(key) + '\0';
    const std::optional<UsageKey> parsed = ParseUsageKey(key);
    storage::v1::UsageRow row;
    if (!parsed.has_value() || !row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return !is_full();  // a damaged row is not the sweep's to tell
    }
    if (auto skip = SkipFrom(*parsed, today)) {
      next_.key = *std::move(skip);
      return false;
    }
    const int kept = today - parsed->day >= kDays ? 0 : static_cast<int>(kShown);
    if (row.sources_size() > kept) {
      row.mutable_sources()->DeleteSubrange(kept, row.sources_size() - kept);
      writes.push_back({std::string(key), row.SerializeAsString()});
      bytes += key.size() + writes.back().value->size();
    }
    return !is_full();
  };
  for (size_t before = looked_at; !is_full(); before = looked_at) {
    const std::string from = next_.key;  // which the visits move
    GUSU_RETURN_IF_ERROR(view.ScanStored(from, storage::AfterBeginning(all), visit));
    if (looked_at == before) {  // there is nothing after the place
      next_ = {"", today, true};
      return writes;
    }
  }
  return writes;
}

}  // namespace gusu::server
