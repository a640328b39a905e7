#include "storage/day_counts.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "gusu/storage/v1/storage.pb.h"
#include "proto/status_macros.h"
#include "storage/keys.h"
#include "storage/registry_day.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {

int32_t DayCounts::Day(uint64_t revision) {
  if (revision >= day_begin_us_ && revision < day_end_us_) return day_;
  if (!zone_.has_value()) zone_ = RegistryZone(directory_);
  day_ = DayOf(revision, *zone_);
  const absl::CivilDay civil = absl::CivilDay(1970) + day_;
  // A day is whole from its first instant on, in zones too that leave out or repeat an hour.
  day_begin_us_ = static_cast<uint64_t>(absl::ToUnixMicros(absl::FromCivil(civil, *zone_)));
  day_end_us_ = static_cast<uint64_t>(absl::ToUnixMicros(absl::FromCivil(civil + 1, *zone_)));
  return day_;
}

absl::StatusOr<DayCounts::Row*> DayCounts::RowOf(const Change& change, WorkingRows& rows) {
  const int32_t day = Day(change.revision);
  if (last_row_ != nullptr && last_day_ == day && last_prefix_key_ == change.prefix_key) {
    return last_row_;
  }
  Row fresh;
  fresh.day = day;
  const auto* prefix = directory_.FindPrefix(change.prefix_key);
  fresh.registrant = prefix == nullptr ? change.registrant : prefix->row->holder();
  if (const auto* holder = directory_.FindRegistrant(fresh.registrant)) {
    fresh.district = holder->row->district();
    fresh.industry_class = holder->row->industry_class();
  }
  const std::string key =
      DayCountsKey(change.prefix_key, day, fresh.registrant, fresh.district, fresh.industry_class);
  auto found = rows_.find(key);
  if (found == rows_.end()) {
    GUSU_ASSIGN_OR_RETURN(const std::string* bytes, rows.Find(key));
    if (bytes != nullptr) {
      v1::DayCountsRow stored;
      if (!stored.ParseFromString(*bytes)) return RowCorrupt(key, "not a DayCountsRow");
      fresh.counts.insert(stored.counts().begin(), stored.counts().end());
    }
    found = rows_.emplace(key, std::move(fresh)).first;
  }
  last_prefix_key_ = change.prefix_key;
  last_day_ = day;
  last_row_ = &found->second;
  return last_row_;
}

absl::Status DayCounts::Add(const Change& change, WorkingRows& rows) {
  GUSU_ASSIGN_OR_RETURN(Row * row, RowOf(change, rows));
  for (const Count& count : change.counts) {
    row->counts[count.counter] += count.number;
    ++row->changes;
    added_.push_back({row, count.counter, count.number});
  }
  return absl::OkStatus();
}

void DayCounts::Rollback(size_t mark) {
  for (; added_.size() > mark; added_.pop_back()) {
    const Added& added = added_.back();
    added.row->counts[added.counter] -= added.number;
    --added.row->changes;
  }
}

void DayCounts::MoveTo(Batch& batch) const {
  for (const auto& [key, row] : rows_) {
    if (row.changes == 0) continue;
    v1::DayCountsRow stored;
    stored.set_day(row.day);
    stored.set_registrant(row.registrant);
    stored.set_district(row.district);
    stored.set_industry_class(row.industry_class);
    for (const auto& [counter, number] : row.counts) {
      if (number != 0) (*stored.mutable_counts())[counter] = number;
    }
    batch.Put(key, stored.SerializeAsString());
  }
}

}  // namespace gusu::storage
