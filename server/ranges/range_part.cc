#include "server/ranges/range_part.h"

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/range_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/record_verb.h"
#include "server/resource_fields.h"
#include "server/stored_record.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

absl::StatusOr<RangeCode> CodeOf(const storage::View& view, const Identifier& identifier) {
  GUSU_ASSIGN_OR_RETURN(std::optional<RangeCode> code,
                        FindRangeCode(view, identifier, view.last_revision()));
  if (code) return *std::move(code);
  if (view.directory().FindPrefix(identifier.prefix_key()) == nullptr) {
    return RecordNotFound(view, identifier, view.last_revision());
  }
  return Error(absl::StatusCode::kNotFound, "IDENTIFIER_NOT_FOUND",
               Concat("identifier ", Quote(identifier.written()), " is of no serial range"),
               {{"identifier", identifier.written()}});
}

// The range's row as it is to be, with [first, last] of its serials.
stored::SerialRangeRow Fragment(const RangeCode& range, const std::string& prefix_holder,
                                uint64_t first, uint64_t last) {
  stored::SerialRangeRow row = *range.row;
  PrepareNextRevision(range.revision, range.leaf_index, prefix_holder, row.mutable_record());
  if (row.parent_last_serial() != 0 && row.split_revision() == 0) {
    row.set_split_revision(range.revision);
  }
  const bool is_whole = first == row.first_serial() && last == row.last_serial();
  // A rest that keeps the range's end keeps its key, and with it the range's past: its parent
  // stays.
  if (last != row.last_serial() || (!is_whole && row.parent_last_serial() == 0)) {
    row.set_parent_last_serial(row.last_serial());
    row.clear_split_revision();
  }
  row.set_first_serial(first);
  row.set_last_serial(last);
  return row;
}

void Put(stored::SerialRangeRow row, std::string_view prefix_key, Change* change) {
  change->resource = SerialRangeName(row.prefix(), row.pattern_number(), row.last_serial());
  change->prefix_key = std::string(prefix_key);
  change->commitments = Seal(row);
  change->rows = {{storage::SerialRangeKey(prefix_key, row.pattern_number(), row.last_serial()),
                   row.SerializeAsString()}};
}

}  // namespace

absl::StatusOr<RangePart> FindRangePart(const storage::View& view, const Identifier& first,
                                        const Identifier& last) {
  GUSU_ASSIGN_OR_RETURN(RangeCode first_code, CodeOf(view, first));
  GUSU_ASSIGN_OR_RETURN(const RangeCode last_code, CodeOf(view, last));
  if (first_code.key != last_code.key) {
    return Error(absl::StatusCode::kFailedPrecondition, "RANGE_STATE",
                 Concat(Quote(first.written()), " is of ", first_code.resource_name, " and ",
                        Quote(last.written()), " of ", last_code.resource_name,
                        ": a part lies within one range"),
                 {{"first_identifier", first.written()},
                  {"last_identifier", last.written()},
                  {"serial_range", first_code.resource_name},
                  {"other_serial_range", last_code.resource_name}});
  }
  if (last_code.serial < first_code.serial) {
    return FieldInvalid("last_identifier", last.written(),
                        Concat("it comes before first_identifier ", first.written()));
  }
  return RangePart{std::move(first_code), last_code.serial};
}

std::vector<Change> ChangesOfPart(const RangePart& part, const std::string& prefix_holder,
                                  Change change,
                                  const std::function<void(stored::RecordRow*)>& edit) {
  const RangeCode& range = part.first;
  const std::string prefix_key = ToKey(range.row->prefix());
  Change split;
  split.operation = Operation::kSplitRange;
  split.registrant = change.registrant;
  split.actor = change.actor;
  split.credential = change.credential;
  split.on_behalf_of = change.on_behalf_of;
  split.reason = change.reason;

  std::vector<Change> changes;
  stored::SerialRangeRow acted = Fragment(range, prefix_holder, range.serial, part.last_serial);
  edit(acted.mutable_record());
  change.preconditions.push_back(AtRevision(range.key, range.revision));
  Put(std::move(acted), prefix_key, &change);
  changes.push_back(std::move(change));
  if (range.serial > range.row->first_serial()) {
    Put(Fragment(range, prefix_holder, range.row->first_serial(), range.serial - 1), prefix_key,
        &changes.emplace_back(split));
  }
  if (part.last_serial < range.row->last_serial()) {
    Put(Fragment(range, prefix_holder, part.last_serial + 1, range.row->last_serial()), prefix_key,
        &changes.emplace_back(split));
  }
  return changes;
}

}  // namespace gusu::server
