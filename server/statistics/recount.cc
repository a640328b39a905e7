#include "server/statistics/recount.h"

#include <optional>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/change.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/page_token.h"
#include "server/statistics/statistics_key.h"
#include "storage/keys.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr size_t kRevisionBytes = 8;
// Rows that are held at once.
constexpr size_t kRowsHeld = 256;

absl::Status Corrupt(const char* type, uint64_t revision) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("a stored ", type, " is damaged"),
               {{"type", type}, {"revision", std::to_string(revision)}});
}

}  // namespace

absl::StatusOr<Recount::Moment> Recount::MomentOf(const storage::Row& row) {
  stored::RecordRow record;
  if (!record.ParseFromString(row.payload)) return Corrupt("RecordRow", row.revision);
  return Moment{row.revision, record.state(), record.retirement().reason(),
                record.create_revision() == 0};
}

Recount::Recount(const storage::View& view, std::string_view prefix_key, size_t rows_max)
    : view_(view),
      prefix_key_(prefix_key),
      records_(storage::RecordKey(Concat(prefix_key, "/"))),
      ranges_(PrefixBeginning(storage::kSerialRangeTable, prefix_key)),
      zone_(storage::RegistryZone(view.directory())),
      rows_max_(rows_max) {}

void Recount::Add(uint64_t revision, uint32_t counter, uint64_t number) {
  counts_[storage::DayOf(revision, zone_)][counter] += number;
}

absl::StatusOr<Recount::Place> Recount::ReadPlace(const std::string& position,
                                                  std::string_view beginning) {
  if (position.size() < kRevisionBytes + beginning.size() ||
      !std::string_view(position).substr(kRevisionBytes).starts_with(beginning)) {
    return PageTokenInvalid();
  }
  Place place;
  for (size_t i = 0; i < kRevisionBytes; ++i) {
    place.revision = place.revision << 8 | static_cast<uint8_t>(position[i]);
  }
  place.key = position.substr(kRevisionBytes);
  return place;
}

std::string Recount::PositionOf(const Place& place) {
  std::string position;
  for (int shift = 56; shift >= 0; shift -= 8) {
    position += static_cast<char>(place.revision >> shift);
  }
  return position + place.key;
}

absl::Status Recount::Step(const std::string& position) {
  next_.clear();
  rows_ = 0;
  const char table = position.size() > kRevisionBytes ? position[kRevisionBytes] : '\0';
  if (table == storage::kSerialRangeTable) {
    GUSU_ASSIGN_OR_RETURN(Place place, ReadPlace(position, ranges_));
    return StepRanges(std::move(place), ranges_);
  }
  Place place{records_, 0};
  if (!position.empty()) {
    GUSU_ASSIGN_OR_RETURN(place, ReadPlace(position, records_));
  }
  GUSU_RETURN_IF_ERROR(StepRecords(std::move(place), records_));
  if (next_.empty()) return StepRanges(Place{ranges_, 0}, ranges_);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Recount::Keyed>> Recount::NextRows(const std::string& begin,
                                                              const std::string& beginning) {
  std::vector<Keyed> rows;
  GUSU_RETURN_IF_ERROR(view_.Scan(begin, storage::AfterBeginning(beginning),
                                  [&rows](std::string_view key, const storage::Row& row) {
                                    rows.push_back({std::string(key), row});
                                    return rows.size() < kRowsHeld;
                                  }));
  return rows;
}

absl::Status Recount::StepRecords(Place place, const std::string& beginning) {
  while (true) {
    GUSU_ASSIGN_OR_RETURN(const std::vector<Keyed> rows, NextRows(place.key, beginning));
    if (rows.empty()) return absl::OkStatus();
    for (const Keyed& record : rows) {
      if (IsUsedUp()) {
        next_ = PositionOf({record.key, record.key == place.key ? place.revision : 0});
        return absl::OkStatus();
      }
      if (record.key != place.key) place = {record.key, 0};
      GUSU_RETURN_IF_ERROR(CountRecord(record, &place));
      if (place.key == record.key) {  // it has more than the budget
        next_ = PositionOf(place);
        return absl::OkStatus();
      }
    }
  }
}

void Recount::CountChange(const Moment* before, const Moment& after) {
  const bool was_retired = before != nullptr && before->state == v1::Record::RETIRED;
  const bool is_retired = after.state == v1::Record::RETIRED;
  Add(after.revision, before != nullptr ? kChanged : kCreated, 1);
  if (before == nullptr && after.state == v1::Record::RESERVED) {
    Add(after.revision, kReserved, 1);
  }
  if (before != nullptr && before->state == v1::Record::RESERVED &&
      after.state == v1::Record::ACTIVE) {
    Add(after.revision, kActivated, 1);
  }
  if (is_retired && !was_retired) Add(after.revision, kRetiredBase + after.retirement, 1);
  if (was_retired && !is_retired) Add(after.revision, kReinstated, 1);
}

absl::Status Recount::CountRecord(const Keyed& record, Place* place) {
  std::optional<Moment> newer;  // the oldest that was read so far
  bool is_cut = false;
  absl::Status status;
  const uint64_t from = place->revision == 0 ? record.row.revision : place->revision;
  const auto visit = [&](const storage::Row& row) {
    ++rows_;
    absl::StatusOr<Moment> moment = MomentOf(row);
    if (!moment.ok()) {
      status = std::move(moment).status();
      return false;
    }
    if (newer.has_value()) CountChange(&*moment, *newer);
    newer = *moment;
    // One that was read before is not where a step ends.
    is_cut = IsUsedUp() && !moment->is_first && row.revision < from;
    return !is_cut && !moment->is_first;
  };
  // Most records have one revision, which is at hand.
  if (from != record.row.revision || visit(record.row)) {
    GUSU_RETURN_IF_ERROR(
        view_.ScanRevisions(record.key, newer.has_value() ? from - 1 : from, visit));
  }
  GUSU_RETURN_IF_ERROR(status);
  if (!newer.has_value()) return PageTokenInvalid();  // there is no such revision
  if (is_cut) {
    *place = {record.key, newer->revision};
  } else {
    CountChange(nullptr, *newer);
    *place = {record.key + '\0', 0};
  }
  return absl::OkStatus();
}

absl::Status Recount::StepRanges(Place place, const std::string& beginning) {
  while (true) {
    GUSU_ASSIGN_OR_RETURN(const std::vector<Keyed> rows, NextRows(place.key, beginning));
    if (rows.empty()) return absl::OkStatus();
    for (const Keyed& range : rows) {
      if (IsUsedUp()) {
        next_ = PositionOf({range.key, 0});
        return absl::OkStatus();
      }
      GUSU_RETURN_IF_ERROR(CountRange(range));
      place.key = range.key + '\0';
    }
  }
}

// The ranges of now hold every code that was ever allocated, each once; what became of a code is
// what became of the ranges that held it, up to the one that it was allocated in.
absl::Status Recount::CountRange(const Keyed& range) {
  stored::SerialRangeRow now;
  if (!now.ParseFromString(range.row.payload)) return Corrupt("SerialRangeRow", range.row.revision);
  const uint64_t codes = now.last_serial() - now.first_serial() + 1;
  std::optional<Moment> newer;
  std::string key = range.key;
  uint64_t until = range.row.revision;
  while (true) {
    absl::Status status;
    uint64_t parent = 0, oldest = 0;
    GUSU_RETURN_IF_ERROR(view_.ScanRevisions(key, until, [&](const storage::Row& row) {
      ++rows_;
      stored::SerialRangeRow then;
      if (!then.ParseFromString(row.payload)) {
        status = Corrupt("SerialRangeRow", row.revision);
        return false;
      }
      // In the set that split a range off, its parent may have been narrowed before.
      if (then.first_serial() > now.first_serial()) return true;
      const uint32_t state = then.record().state();
      if (newer.has_value() && newer->state != state) {
        if (newer->state == v1::Record::ACTIVE) Add(newer->revision, kRangeCodesActivated, codes);
        if (newer->state == v1::Record::RETIRED) Add(newer->revision, kRangeCodesReleased, codes);
      }
      newer = Moment{row.revision, state, 0, false};
      oldest = row.revision;
      parent = then.parent_last_serial() > then.last_serial() ? then.parent_last_serial() : 0;
      return true;
    }));
    GUSU_RETURN_IF_ERROR(status);
    if (oldest == 0) return Corrupt("SerialRangeRow", until);
    if (parent == 0) break;
    key = storage::SerialRangeKey(prefix_key_, now.pattern_number(), parent);
    until = oldest - 1;
  }
  Add(newer->revision, kRangeCodesAllocated, codes);
  if (newer->state == v1::Record::ACTIVE) Add(newer->revision, kRangeCodesActivated, codes);
  return absl::OkStatus();
}

}  // namespace gusu::server
