#include "server/transfers/passing.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/record_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/ranges/range_conflicts.h"
#include "server/ranges/range_override.h"
#include "server/record_effects.h"
#include "server/record_hold.h"
#include "server/record_message.h"
#include "server/record_rules.h"
#include "server/record_verb.h"
#include "server/stored_record.h"
#include "server/template.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

void PassTo(const Passing& passing, stored::RecordRow* record) {
  if (passing.ownership) SetOwner(passing.to, record);
  if (passing.custody) record->set_custodian(passing.to);
  record->clear_effective_time_us();
}

absl::Status TooManyParts(const Identifier& first, const Identifier& last, size_t parts_max) {
  return Error(absl::StatusCode::kFailedPrecondition, "RANGE_STATE",
               Concat("the codes from ", Quote(first.written()), " to ", Quote(last.written()),
                      " are of more than ", parts_max, " ranges"),
               {{"first_identifier", first.written()}, {"last_identifier", last.written()}});
}

}  // namespace

absl::StatusOr<std::vector<PassingCode>> ReadCodes(const storage::View& view,
                                                   const std::vector<Identifier>& identifiers) {
  std::vector<std::string> keys;
  keys.reserve(identifiers.size());
  for (const Identifier& identifier : identifiers) {
    keys.push_back(storage::RecordKey(identifier.key()));
  }
  const auto rows = view.MultiGet(keys);
  RangeLookup ranges(view, view.last_revision());
  std::vector<PassingCode> codes;
  codes.reserve(identifiers.size());
  for (size_t i = 0; i < identifiers.size(); ++i) {
    const Identifier& identifier = identifiers[i];
    if (!rows[i].ok()) return rows[i].status();
    PassingCode code{identifier, 0, 0, nullptr, std::nullopt};
    if (rows[i]->has_value()) {
      GUSU_ASSIGN_OR_RETURN(StoredRecord record, DecodeRecord(**rows[i], identifier.written()));
      code.revision = record.revision;
      code.leaf_index = record.leaf_index;
      code.record = std::move(record.row);
    } else {
      GUSU_ASSIGN_OR_RETURN(code.range, ranges.Find(identifier));
      if (!code.range.has_value()) return RecordNotFound(view, identifier, view.last_revision());
      code.revision = code.range->revision;
      code.leaf_index = code.range->leaf_index;
      code.record = code.range->record;
    }
    codes.push_back(std::move(code));
  }
  return codes;
}

absl::StatusOr<std::vector<RangePart>> PartsBetween(const storage::View& view,
                                                    const Identifier& first, const Identifier& last,
                                                    size_t parts_max) {
  RangeLookup ranges(view, view.last_revision());
  GUSU_ASSIGN_OR_RETURN(std::optional<RangeCode> code, ranges.Find(first));
  GUSU_ASSIGN_OR_RETURN(const std::optional<RangeCode> end, ranges.Find(last));
  std::vector<RangePart> parts;
  const bool is_split = code && end && code->key != end->key && code->serial < end->serial &&
                        first.prefix_key() == last.prefix_key() &&
                        code->row->pattern_number() == end->row->pattern_number();
  if (!is_split) {
    GUSU_ASSIGN_OR_RETURN(parts.emplace_back(), FindRangePart(view, first, last));
    return parts;
  }
  const auto* patterns = view.directory().FindRangePatterns(first.prefix_key());
  GUSU_ASSIGN_OR_RETURN(
      const RangePattern pattern,
      PatternOf(patterns->row->patterns(static_cast<int>(code->row->pattern_number()))));
  while (true) {
    const uint64_t part_end = std::min(code->row->last_serial(), end->serial);
    parts.push_back({*std::move(code), part_end});
    if (part_end == end->serial) return parts;
    if (parts.size() == parts_max) return TooManyParts(first, last, parts_max);
    GUSU_ASSIGN_OR_RETURN(const std::string suffix, pattern.Expand(part_end + 1));
    GUSU_ASSIGN_OR_RETURN(const Identifier next,
                          Identifier::Parse(Concat(first.prefix(), '/', suffix)));
    GUSU_ASSIGN_OR_RETURN(code, ranges.Find(next));
    if (!code) return RecordNotFound(view, next, view.last_revision());
  }
}

absl::StatusOr<std::vector<PassingCode>> RecordsWithin(const storage::View& view,
                                                       const Passing& passing,
                                                       const std::vector<RangePart>& parts,
                                                       const std::string& prefix_holder,
                                                       std::vector<Precondition>* preconditions) {
  const RangeCode& first = parts.front().first;
  const std::string prefix_key = ToKey(first.row->prefix());
  const auto* patterns = view.directory().FindRangePatterns(prefix_key);
  GUSU_ASSIGN_OR_RETURN(
      const RangePattern pattern,
      PatternOf(patterns->row->patterns(static_cast<int>(first.row->pattern_number()))));
  const uint64_t last_serial = parts.back().last_serial;
  GUSU_ASSIGN_OR_RETURN(
      const CodesWithRecords found,
      FindCodesWithRecords(view,
                           {first.row->prefix(), prefix_key, pattern, first.row->pattern_number(),
                            first.serial, last_serial},
                           kGapsMax + 1));
  if (found.no_others.empty()) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "RANGE_STATE",
        Concat("more than ", kGapsMax, " records stand among the codes from ",
               first.record->identifier(), " on: offer smaller parts"),
        {{"first_identifier", first.record->identifier()}, {"serial_range", first.resource_name}});
  }
  preconditions->insert(preconditions->end(), found.no_others.begin(), found.no_others.end());
  std::vector<Identifier> identifiers;
  for (const std::string& suffix : found.suffix_keys) {
    GUSU_ASSIGN_OR_RETURN(Identifier identifier,
                          Identifier::Parse(Concat(first.row->prefix(), "/", suffix)));
    identifiers.push_back(std::move(identifier));
  }
  GUSU_ASSIGN_OR_RETURN(std::vector<PassingCode> codes, ReadCodes(view, identifiers));
  std::erase_if(codes, [&](const PassingCode& code) {
    return !IsOfferers(passing, *code.record, prefix_holder) ||
           code.record->state() == v1::Record::RETIRED;
  });
  return codes;
}

bool IsOfferers(const Passing& passing, const stored::RecordRow& record,
                const std::string& prefix_holder) {
  if (OwnerOf(record, prefix_holder) == passing.from) return true;
  return !passing.ownership && CustodianOf(record, prefix_holder) == passing.from;
}

absl::Status CheckCanPass(const stored::RecordRow& record) {
  if (record.state() == v1::Record::RETIRED) {
    return Error(absl::StatusCode::kFailedPrecondition, "RECORD_RETIRED",
                 Concat("record ", record.identifier(), " is RETIRED"),
                 {{"identifier", record.identifier()}, {"state", "RETIRED"}});
  }
  return CheckNotHeld(record);
}

absl::StatusOr<Change> PassCode(const storage::View& view, const Passing& passing,
                                const PassingCode& code, const std::string& prefix_holder,
                                Change change) {
  const Identifier& identifier = code.identifier;
  const std::string key = storage::RecordKey(identifier.key());
  stored::RecordRow record = *code.record;
  PrepareNextRevision(code.revision, code.leaf_index, prefix_holder, &record);
  PassTo(passing, &record);
  if (code.range.has_value()) {
    AddOwnRecord(*code.range, key, &record, &change);
  } else {
    change.preconditions.push_back(AtRevision(key, code.revision));
  }
  const auto templ = FindTemplate(view.directory(), record.template_id());
  const stored::RecordRow* before = code.range.has_value() ? nullptr : code.record.get();
  GUSU_RETURN_IF_ERROR(AddUniqueValues(view, before, record, templ.get(), identifier.prefix_key(),
                                       identifier.suffix_key(), &change));
  AddRecordEffects(before, record, templ.get(), identifier.prefix_key(), identifier.suffix_key(),
                   &change);
  change.commitments = Seal(record);
  GUSU_RETURN_IF_ERROR(CheckRecordBytes(record));
  change.resource = RecordName(record.identifier());
  change.prefix_key = std::string(identifier.prefix_key());
  change.rows.push_back({key, record.SerializeAsString()});
  return change;
}

std::vector<Change> PassPart(const Passing& passing, const RangePart& part,
                             const std::string& prefix_holder, Change change) {
  return ChangesOfPart(part, prefix_holder, std::move(change),
                       [&passing](stored::RecordRow* record) { PassTo(passing, record); });
}

}  // namespace gusu::server
