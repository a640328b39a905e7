#include "server/registry_summary.h"

#include <tuple>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/status_macros.h"
#include "storage/keys.h"
#include "storage/row_corrupt.h"

namespace gusu::server {
namespace {

// Calls `count` with each row of a table whose rows have headers.
template <typename Message, typename Count>
absl::Status ForEach(const storage::View& view, char table, const Count& count) {
  const std::string begin(1, table);
  absl::Status status;
  GUSU_RETURN_IF_ERROR(view.Scan(
      begin, storage::AfterBeginning(begin), [&](std::string_view key, const storage::Row& row) {
        Message message;
        if (message.ParseFromString(row.payload)) {
          count(message);
          return true;
        }
        status = storage::RowCorrupt(std::string(key), "its payload is not its table's message");
        return false;
      }));
  return status;
}

}  // namespace

absl::StatusOr<RegistrySummary> ReadRegistrySummary(const storage::View& view) {
  RegistrySummary summary;
  summary.revision = view.last_revision();
  if (const auto* settings = view.directory().settings()) {
    summary.origin = settings->row->origin();
    summary.node_prefixes.assign(settings->row->node_prefixes().begin(),
                                 settings->row->node_prefixes().end());
  }
  GUSU_RETURN_IF_ERROR(ForEach<storage::v1::RegistrantRow>(
      view, storage::kRegistrantTable, [&summary](const storage::v1::RegistrantRow& row) {
        summary.registrant_count +=
            row.state() == v1::Registrant::ACTIVE || row.state() == v1::Registrant::SUSPENDED;
      }));
  GUSU_RETURN_IF_ERROR(ForEach<storage::v1::PrefixRow>(
      view, storage::kPrefixTable, [&summary](const storage::v1::PrefixRow& row) {
        summary.prefix_count += row.state() != v1::Prefix::RETIRED;
      }));
  const std::string begin(1, storage::kPrefixCountersTable);
  absl::Status status;
  GUSU_RETURN_IF_ERROR(view.ScanStored(
      begin, storage::AfterBeginning(begin), [&](std::string_view key, std::string_view value) {
        storage::v1::PrefixCountersRow row;
        if (!row.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
          status = storage::RowCorrupt(std::string(key), "not a PrefixCountersRow");
          return false;
        }
        summary.record_count += row.record_count();
        summary.range_code_count += row.range_code_count();
        return true;
      }));
  GUSU_RETURN_IF_ERROR(status);
  return summary;
}

absl::StatusOr<std::shared_ptr<const RegistrySummary>> RegistrySummaries::Latest() {
  std::unique_lock counting(counting_mutex_, std::try_to_lock);
  const auto known = [this]() -> std::pair<std::shared_ptr<const RegistrySummary>, absl::Time> {
    const std::lock_guard lock(mutex_);
    return {latest_, time_};
  };
  auto [summary, time] = known();
  const absl::Time now = clock_();
  if (summary != nullptr && (!counting.owns_lock() || now - time < kAge)) return summary;
  if (!counting.owns_lock()) {
    counting.lock();
    std::tie(summary, time) = known();
    if (summary != nullptr) return summary;
  }
  GUSU_ASSIGN_OR_RETURN(const auto view, ledger_->Latest());
  if (summary == nullptr || summary->revision != view->last_revision()) {
    GUSU_ASSIGN_OR_RETURN(RegistrySummary counted, ReadRegistrySummary(*view));
    summary = std::make_shared<const RegistrySummary>(std::move(counted));
  }
  const std::lock_guard lock(mutex_);
  latest_ = summary;
  time_ = now;
  return summary;
}

}  // namespace gusu::server
