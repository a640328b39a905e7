#include "server/ranges/range_allocation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/range_canonical.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ranges/range_conflicts.h"
#include "server/ranges/range_content.h"
#include "server/ranges/range_fields.h"
#include "server/ranges/range_lookup.h"
#include "server/registrar_rules.h"
#include "server/resource_fields.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

// The pattern among those of its prefix: one that is known, or a new one at their end.
struct Placed {
  stored::RangePatternsRow patterns;  // as they are to be
  uint32_t number = 0;
  bool is_new = false;
};

stored::RangePatternRow NewPattern(const std::string& text, const WriteScope& scope) {
  stored::RangePatternRow row;
  row.set_pattern(text);
  auto scheme = static_cast<CheckScheme>(scope.prefix->row->check_scheme());
  if (scheme < CheckScheme::kMod37_36) scheme = CheckScheme::kMod37_36;
  row.set_check_scheme(static_cast<uint32_t>(scheme));
  row.set_next_serial(1);
  return row;
}

absl::StatusOr<Placed> PlacePattern(const storage::View& view, const std::string& text,
                                    const std::string& prefix_key, const WriteScope& scope) {
  Placed placed;
  if (const auto* known = view.directory().FindRangePatterns(prefix_key)) {
    placed.patterns = *known->row;
  }
  const int count = placed.patterns.patterns_size();
  for (int i = 0; i < count; ++i) {
    if (placed.patterns.patterns(i).pattern() != text) continue;
    placed.number = static_cast<uint32_t>(i);
    return placed;
  }
  if (count >= kRangePatternsMax) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "RANGE_PATTERNS_FULL",
        Concat("prefix ", prefix_key, " has ", count, " patterns of serial ranges already"),
        {{"prefix", prefix_key},
         {"pattern", text},
         {"patterns_max", std::to_string(kRangePatternsMax)}});
  }
  placed.number = static_cast<uint32_t>(count);
  placed.is_new = true;
  stored::RangePatternRow* row = placed.patterns.add_patterns();
  *row = NewPattern(text, scope);
  GUSU_ASSIGN_OR_RETURN(
      const RangePattern pattern,
      RangePattern::Parse(text, static_cast<CheckScheme>(row->check_scheme()), ""));
  if (pattern.is_permuted()) {
    row->set_permutation_key(RandomBytes(RangePattern::kPermutationKeyBytes));
  }
  return placed;
}

absl::Status CheckCount(const v1::AllocateSerialRangeRequest& request) {
  if (request.pattern().empty()) return FieldMissing("pattern");
  if (request.count() == 0) return FieldMissing("count");
  if (request.count() > kRangeCodesMax) {
    return FieldInvalid("count", std::to_string(request.count()), Concat("1 to ", kRangeCodesMax));
  }
  return CheckReason(request.reason(), false);
}

// The serials that are asked for, or those after the last ones.
absl::Status ChooseSerials(const v1::AllocateSerialRangeRequest& request,
                           const stored::RangePatternRow& row, RangeWanted* wanted) {
  const uint64_t serial_max = wanted->pattern.serial_max();
  wanted->first_serial = request.first_serial() != 0 ? request.first_serial() : row.next_serial();
  if (wanted->first_serial > serial_max ||
      request.count() - 1 > serial_max - wanted->first_serial) {
    return FieldInvalid(
        "count", std::to_string(request.count()),
        Concat("from serial ", wanted->first_serial, " on, pattern ", Quote(request.pattern()),
               " has room for ",
               wanted->first_serial > serial_max ? 0 : serial_max - wanted->first_serial + 1));
  }
  wanted->last_serial = wanted->first_serial + request.count() - 1;
  return absl::OkStatus();
}

// Three codes stand for all: they are made of the same kinds of characters, and three have right
// check characters by chance only once in thousands of times.
absl::Status CheckCodes(const WriteScope& scope, const RangeWanted& wanted) {
  const uint64_t middle = wanted.first_serial + (wanted.last_serial - wanted.first_serial) / 2;
  for (const uint64_t serial : {wanted.first_serial, middle, wanted.last_serial}) {
    GUSU_ASSIGN_OR_RETURN(const std::string suffix, wanted.pattern.Expand(serial));
    GUSU_RETURN_IF_ERROR(Identifier::Parse(Concat(wanted.prefix, "/", suffix)).status());
    GUSU_RETURN_IF_ERROR(CheckSuffix(scope, suffix));
  }
  return absl::OkStatus();
}

void AddQuota(const stored::PrefixRow& prefix, const std::string& prefix_key,
              std::vector<Precondition>* preconditions) {
  if (prefix.quota() == 0) return;
  Precondition& quota = preconditions->emplace_back();
  quota.kind = Precondition::Kind::kQuota;
  quota.key = prefix_key;
  quota.limit =
      prefix.quota() > prefix.quota_granted() ? prefix.quota() - prefix.quota_granted() : 0;
}

void FillChange(const RangeWanted& wanted, stored::SerialRangeRow range,
                stored::RangePatternsRow patterns, Change* change) {
  const uint64_t count = wanted.last_serial - wanted.first_serial + 1;
  change->operation = Operation::kAllocateRange;
  change->resource = SerialRangeName(wanted.prefix, wanted.pattern_number, wanted.last_serial);
  change->prefix_key = wanted.prefix_key;
  change->adds_range_codes = count;
  change->counts.push_back({kRangeCodesAllocated, count});
  if (range.record().state() == v1::Record::ACTIVE) {
    change->counts.push_back({kRangeCodesActivated, count});
  }
  change->commitments = Seal(range);
  change->commitments.push_back(Seal(patterns));
  change->rows.push_back(
      {storage::SerialRangeKey(wanted.prefix_key, wanted.pattern_number, wanted.last_serial),
       range.SerializeAsString()});
  change->rows.push_back(
      {storage::RangePatternsKey(wanted.prefix_key), patterns.SerializeAsString()});
}

}  // namespace

absl::StatusOr<storage::ChangeSet> PlanAllocation(const storage::View& view,
                                                  const v1::AllocateSerialRangeRequest& request,
                                                  const Actor& actor) {
  GUSU_ASSIGN_OR_RETURN(const std::string asked, ParsePrefixName(request.parent(), "parent"));
  const std::string prefix_key = ToKey(asked);
  GUSU_ASSIGN_OR_RETURN(const WriteScope scope,
                        FindWriteScope(view.directory(), actor.acting, asked, prefix_key));
  GUSU_RETURN_IF_ERROR(CheckIsHolder(scope, actor.acting, asked));
  GUSU_RETURN_IF_ERROR(CheckCount(request));
  GUSU_ASSIGN_OR_RETURN(Placed placed, PlacePattern(view, request.pattern(), prefix_key, scope));
  stored::RangePatternRow* row = placed.patterns.mutable_patterns(static_cast<int>(placed.number));
  GUSU_ASSIGN_OR_RETURN(const RangePattern pattern, PatternOf(*row));
  RangeWanted wanted{scope.prefix->row->prefix(), prefix_key, pattern, placed.number, 0, 0};
  GUSU_RETURN_IF_ERROR(ChooseSerials(request, *row, &wanted));
  GUSU_RETURN_IF_ERROR(CheckCodes(scope, wanted));

  storage::ChangeSet set;
  Change& change = set.changes.emplace_back(ChangeBy(actor, request.reason()));
  stored::SerialRangeRow range;
  GUSU_RETURN_IF_ERROR(ReadRangeContent(view, request, actor.acting, scope, range.mutable_record(),
                                        &change.preconditions));
  if (placed.is_new) {
    const auto* known = view.directory().FindRangePatterns(prefix_key);
    if (known != nullptr) GUSU_RETURN_IF_ERROR(CheckPatternIsApart(view, wanted, *known->row));
    if (known == nullptr) GUSU_RETURN_IF_ERROR(CheckPatternIsApart(view, wanted, {}));
  }
  GUSU_RETURN_IF_ERROR(CheckSerialsAreFree(view, wanted));
  GUSU_RETURN_IF_ERROR(CheckNoRecords(view, wanted, &change.preconditions));
  range.set_prefix(wanted.prefix);
  range.set_pattern_number(wanted.pattern_number);
  range.set_pattern(pattern.text());
  range.set_first_serial(wanted.first_serial);
  range.set_last_serial(wanted.last_serial);
  row->set_next_serial(std::max(row->next_serial(), wanted.last_serial + 1));
  change.preconditions.push_back(PatternsUnchanged(view, prefix_key));
  FillChange(wanted, std::move(range), std::move(placed.patterns), &change);
  AddActingPreconditions(view.directory(), actor.acting, actor.caller, &set.preconditions);
  AddPrefixPrecondition(scope, prefix_key, &set.preconditions);
  AddQuota(*scope.prefix->row, prefix_key, &set.preconditions);
  return set;
}

}  // namespace gusu::server
