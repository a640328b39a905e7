#include "server/statistics/usage_rows.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/statistics.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/statistics/source_sweep.h"
#include "server/statistics/statistics_key.h"
#include "storage/keys.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

using storage::v1::UsageRow;

constexpr size_t kDoorBytes = 1;

SourceCounter SourcesOf(const UsageRow& row) {
  SourceCounter sources;
  for (const auto& source : row.sources()) sources.Add(source.address(), source.count());
  return sources;
}

UsageCounts CountsOf(const UsageRow& row) {
  return {row.asked(),
          row.answered(),
          row.never_issued(),
          row.latency_us_min(),
          row.latency_min_time_s(),
          row.latency_us_max(),
          row.latency_max_time_s(),
          row.latency_us_sum()};
}

const char* DoorName(char door) { return door == 'G' ? "GRPC" : door == 'H' ? "HANDLE" : "HTTP"; }

}  // namespace

std::optional<UsageKey> ParseUsageKey(std::string_view key) {
  const auto parsed = ParseDayKey(key, storage::kUsageTable);
  if (!parsed.has_value() || parsed->rest.size() != kDoorBytes) return std::nullopt;
  return UsageKey{std::string(parsed->prefix_key), parsed->day, parsed->rest.front()};
}

absl::StatusOr<UsageRow> ReadUsageRow(const storage::View& view, const std::string& key) {
  UsageRow row;
  bool is_damaged = false;
  GUSU_RETURN_IF_ERROR(
      view.ScanStored(key, key + '\0', [&](std::string_view, std::string_view value) {
        is_damaged = !row.ParseFromArray(value.data(), static_cast<int>(value.size()));
        return false;
      }));
  if (!is_damaged) return row;
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT", "a stored UsageRow is damaged",
               {{"type", "UsageRow"}});
}

void AddToRow(const Usage& usage, UsageRow* row) {
  UsageCounts counts = CountsOf(*row);
  counts.Merge(usage.counts);
  row->set_asked(counts.asked);
  row->set_answered(counts.answered);
  row->set_never_issued(counts.never_issued);
  row->set_latency_us_min(counts.latency_us_min);
  row->set_latency_min_time_s(counts.latency_min_time_s);
  row->set_latency_us_max(counts.latency_us_max);
  row->set_latency_max_time_s(counts.latency_max_time_s);
  row->set_latency_us_sum(counts.latency_us_sum);
  SourceCounter sources = SourcesOf(*row);
  sources.Merge(usage.sources);
  row->clear_sources();
  for (const auto& source : sources.Commonest(SourceCounter::kFollowed)) {
    auto* stored = row->add_sources();
    stored->set_address(source.address);
    stored->set_count(source.count);
  }
}

void FillUsage(const UsageRow& row, const UsageKey& key, std::string_view prefix, bool with_sources,
               v1::DayUsage* message) {
  message->set_prefix(Concat("prefixes/", prefix));
  message->set_date(storage::DayText(key.day));
  message->set_door(DoorName(key.door));
  message->set_asked(row.asked());
  message->set_answered(row.answered());
  message->set_never_issued(row.never_issued());
  message->set_latency_us_min(row.latency_us_min());
  message->mutable_latency_min_time()->set_seconds(static_cast<int64_t>(row.latency_min_time_s()));
  message->set_latency_us_mean(row.asked() == 0 ? 0 : row.latency_us_sum() / row.asked());
  message->set_latency_us_max(row.latency_us_max());
  message->mutable_latency_max_time()->set_seconds(static_cast<int64_t>(row.latency_max_time_s()));
  if (!with_sources) return;
  const int shown = std::min<int>(row.sources_size(), SourceSweep::kShown);
  for (int i = 0; i < shown; ++i) {
    v1::SourceCount* source = message->add_sources();
    source->set_address(row.sources(i).address());
    source->set_count(row.sources(i).count());
  }
}

}  // namespace gusu::server
