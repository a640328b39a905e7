#include "server/ranges/range_message.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ranges/range_lookup.h"
#include "server/record_message.h"

namespace gusu::server {
namespace {

absl::StatusOr<RangePattern> FindPattern(const storage::View& view,
                                         const storage::v1::SerialRangeRow& row) {
  const auto* patterns = view.directory().FindRangePatterns(ToKey(row.prefix()));
  const auto number = static_cast<int>(row.pattern_number());
  if (patterns == nullptr || number < 0 || number >= patterns->row->patterns_size()) {
    return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                 Concat("prefix ", row.prefix(), " has no pattern ", row.pattern_number()),
                 {{"prefix", row.prefix()}, {"pattern_number", std::to_string(number)}});
  }
  return PatternOf(patterns->row->patterns(number));
}

}  // namespace

ReadRight RightToRange(const storage::View& view, const Caller& caller,
                       const storage::v1::SerialRangeRow& row, absl::Time now) {
  return ReadRight(view.directory(), caller, row.record(), ToKey(row.prefix()) + "/", now);
}

absl::Status FillSerialRange(const storage::View& view, const StoredRange& range,
                             const ReadRight& right, v1::SerialRange* message) {
  const storage::v1::SerialRangeRow& row = range.row;
  GUSU_ASSIGN_OR_RETURN(const RangePattern pattern, FindPattern(view, row));
  GUSU_ASSIGN_OR_RETURN(const std::string first, pattern.Expand(row.first_serial()));
  GUSU_ASSIGN_OR_RETURN(const std::string last, pattern.Expand(row.last_serial()));
  const auto name = [&row](uint64_t last_serial) {
    return SerialRangeName(row.prefix(), row.pattern_number(), last_serial);
  };
  // What a range shares with a record is written as a record's.
  v1::Record record;
  FillRecord(row.record(), range.prefix_holder, range.revision, range.leaf_index, &record);
  message->set_name(name(row.last_serial()));
  message->set_pattern(row.pattern());
  message->set_first_serial(row.first_serial());
  message->set_last_serial(row.last_serial());
  message->set_first_identifier(Concat(row.prefix(), "/", first));
  message->set_last_identifier(Concat(row.prefix(), "/", last));
  message->set_state(record.state());
  message->set_level(record.level());
  if (record.has_instance_of()) *message->mutable_instance_of() = record.instance_of();
  message->set_template_(record.template_());
  message->set_template_version(record.template_version());
  message->set_issued_by(record.issued_by());
  message->set_owner(record.owner());
  message->set_custodian(record.custodian());
  if (row.parent_last_serial() != 0) message->set_parent(name(row.parent_last_serial()));
  *message->mutable_create_time() = record.create_time();
  *message->mutable_update_time() = record.update_time();
  message->set_revision(record.revision());
  message->set_leaf_index(record.leaf_index());
  message->set_etag(record.etag());
  for (const storage::v1::ValueRow& value : row.record().values()) {
    if (right.Covers(value)) FillValue(value, range.revision, message->add_values());
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
