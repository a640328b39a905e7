#include "server/ranges/range_conflicts.h"

#include <optional>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ranges/range_lookup.h"
#include "server/write_scope.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr size_t kRecordsLookedAtMax = 10'000;

absl::Status Overlaps(std::string message, ErrorMetadata metadata) {
  return Error(absl::StatusCode::kFailedPrecondition, "RANGE_OVERLAPS", message,
               std::move(metadata));
}

// The first range of a pattern that ends at `serial` or later; nullopt when there is none.
absl::StatusOr<std::optional<stored::SerialRangeRow>> FirstRangeAt(const storage::View& view,
                                                                   std::string_view prefix_key,
                                                                   uint32_t pattern_number,
                                                                   uint64_t serial) {
  std::optional<stored::SerialRangeRow> found;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(
      view.Scan(storage::SerialRangeKey(prefix_key, pattern_number, serial),
                storage::SerialRangeKey(prefix_key, pattern_number + 1, 0),
                [&](std::string_view, const storage::Row& row) {
                  if (!found.emplace().ParseFromString(row.payload)) {
                    status = Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
                                   Concat("a serial range of prefix ", prefix_key, " is damaged"),
                                   {{"prefix", std::string(prefix_key)},
                                    {"leaf_index", std::to_string(row.leaf_index)}});
                  }
                  return false;
                }));
  GUSU_RETURN_IF_ERROR(status);
  return found;
}

// Told with the first range of the pattern in the way.
absl::Status PatternInTheWay(const storage::View& view, std::string_view prefix_key,
                             std::string_view asked, uint32_t number,
                             const stored::RangePatternRow& pattern) {
  GUSU_ASSIGN_OR_RETURN(const auto range, FirstRangeAt(view, prefix_key, number, 0));
  const std::string name =
      range ? SerialRangeName(range->prefix(), number, range->last_serial()) : std::string();
  return Overlaps(Concat("pattern ", Quote(asked), " could make a code of ",
                         Quote(pattern.pattern()), ", the pattern of ", name),
                  {{"pattern", std::string(asked)},
                   {"other_pattern", pattern.pattern()},
                   {"serial_range", name}});
}

// The minting patterns of a prefix, as they are written, by the counters that they have.
absl::StatusOr<std::vector<std::string>> MintingPatterns(const storage::View& view,
                                                         std::string_view prefix_key) {
  std::vector<std::string> patterns;
  const std::string beginning = storage::MintKey(prefix_key, "");
  GUSU_RETURN_IF_ERROR(view.ScanStored(beginning, storage::AfterBeginning(beginning),
                                       [&](std::string_view key, std::string_view) {
                                         patterns.emplace_back(key.substr(beginning.size()));
                                         return true;
                                       }));
  return patterns;
}

// Where the record keys of the codes stand: between the first and the last, since their counters
// have equally many digits; of a permuted pattern wherever its literal beginning leads.
struct KeyInterval {
  std::string begin;
  std::string end;
};

absl::StatusOr<KeyInterval> RecordKeysOf(const RangeWanted& wanted) {
  const auto key = [&wanted](std::string_view suffix) {
    return storage::RecordKey(ToKey(Concat(wanted.prefix, "/", suffix)));
  };
  if (wanted.pattern.is_permuted()) {
    const std::string beginning = key(wanted.pattern.before());
    return KeyInterval{beginning, storage::AfterBeginning(beginning)};
  }
  GUSU_ASSIGN_OR_RETURN(const std::string first, wanted.pattern.Expand(wanted.first_serial));
  GUSU_ASSIGN_OR_RETURN(const std::string last, wanted.pattern.Expand(wanted.last_serial));
  return KeyInterval{key(first), key(last) + '\0'};
}

}  // namespace

absl::Status CheckPatternIsApart(const storage::View& view, const RangeWanted& wanted,
                                 const stored::RangePatternsRow& patterns) {
  const std::string& asked = wanted.pattern.text();
  for (int i = 0; i < patterns.patterns_size(); ++i) {
    GUSU_ASSIGN_OR_RETURN(const RangePattern other, PatternOf(patterns.patterns(i)));
    if (!wanted.pattern.CouldMatch(other)) continue;
    return PatternInTheWay(view, wanted.prefix_key, asked, static_cast<uint32_t>(i),
                           patterns.patterns(i));
  }
  GUSU_ASSIGN_OR_RETURN(const std::vector<std::string> minting,
                        MintingPatterns(view, wanted.prefix_key));
  for (const std::string& text : minting) {
    // Which scheme it was used with does not matter for what its codes look like, beyond their
    // length and letters; MOD37_36 has the most.
    for (const CheckScheme scheme : {CheckScheme::kMod37_36, CheckScheme::kMod97_10}) {
      const absl::StatusOr<SuffixPattern> other = SuffixPattern::Parse(text, scheme);
      if (!other.ok() || !wanted.pattern.CouldMatch(*other)) continue;
      return Overlaps(Concat("pattern ", Quote(asked), " could make a code of ", Quote(text),
                             ", by which records of the prefix are minted"),
                      {{"pattern", asked}, {"minting_pattern", text}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSerialsAreFree(const storage::View& view, const RangeWanted& wanted) {
  GUSU_ASSIGN_OR_RETURN(const auto range, FirstRangeAt(view, wanted.prefix_key,
                                                       wanted.pattern_number, wanted.first_serial));
  if (!range || range->first_serial() > wanted.last_serial) return absl::OkStatus();
  const std::string name =
      SerialRangeName(range->prefix(), range->pattern_number(), range->last_serial());
  return Overlaps(Concat("serials ", wanted.first_serial, " to ", wanted.last_serial,
                         " of pattern ", Quote(wanted.pattern.text()), " overlap with ",
                         range->first_serial(), " to ", range->last_serial(), " of ", name),
                  {{"pattern", wanted.pattern.text()},
                   {"first_serial", std::to_string(wanted.first_serial)},
                   {"last_serial", std::to_string(wanted.last_serial)},
                   {"serial_range", name},
                   {"other_first_serial", std::to_string(range->first_serial())},
                   {"other_last_serial", std::to_string(range->last_serial())}});
}

absl::StatusOr<CodesWithRecords> FindCodesWithRecords(const storage::View& view,
                                                      const RangeWanted& codes, size_t rows_max) {
  GUSU_ASSIGN_OR_RETURN(const KeyInterval interval, RecordKeysOf(codes));
  const size_t suffix_at = storage::RecordKey(codes.prefix_key + "/").size();
  CodesWithRecords found;
  std::string gap_begin = interval.begin;
  size_t rows = 0;
  GUSU_RETURN_IF_ERROR(
      view.ScanStored(interval.begin, interval.end, [&](std::string_view key, std::string_view) {
        if (rows == rows_max) return false;
        if (++rows <= kGapsMax) {
          found.no_others.push_back(EmptyInterval(gap_begin, std::string(key)));
          gap_begin = std::string(key) + '\0';
        }
        const std::string_view suffix = key.substr(suffix_at);
        const std::optional<uint64_t> serial = codes.pattern.Match(suffix);
        if (serial && *serial >= codes.first_serial && *serial <= codes.last_serial) {
          found.suffix_keys.emplace_back(suffix);
        }
        return true;
      }));
  if (rows > kGapsMax) {
    found.no_others.clear();
  } else {
    found.no_others.push_back(EmptyInterval(gap_begin, interval.end));
  }
  return found;
}

absl::Status CheckNoRecords(const storage::View& view, const RangeWanted& wanted,
                            std::vector<Precondition>* preconditions) {
  GUSU_ASSIGN_OR_RETURN(const CodesWithRecords found,
                        FindCodesWithRecords(view, wanted, kRecordsLookedAtMax));
  if (!found.suffix_keys.empty()) {
    const std::string taken = Concat(wanted.prefix, "/", found.suffix_keys.front());
    return Overlaps(Concat("identifier ", Quote(taken), " is registered already"),
                    {{"pattern", wanted.pattern.text()}, {"identifier", taken}});
  }
  preconditions->insert(preconditions->end(), found.no_others.begin(), found.no_others.end());
  return absl::OkStatus();
}

Precondition PatternsUnchanged(const storage::View& view, std::string_view prefix_key) {
  std::string key = storage::RangePatternsKey(prefix_key);
  const auto* patterns = view.directory().FindRangePatterns(prefix_key);
  return patterns == nullptr ? Absent(std::move(key))
                             : AtRevision(std::move(key), patterns->revision);
}

absl::Status CheckMintingIsApart(const storage::View& view, std::string_view prefix_key,
                                 const SuffixPattern& minting,
                                 std::vector<Precondition>* preconditions) {
  preconditions->push_back(PatternsUnchanged(view, prefix_key));
  const auto* patterns = view.directory().FindRangePatterns(prefix_key);
  if (patterns == nullptr) return absl::OkStatus();
  for (int i = 0; i < patterns->row->patterns_size(); ++i) {
    const stored::RangePatternRow& row = patterns->row->patterns(i);
    GUSU_ASSIGN_OR_RETURN(const RangePattern pattern, PatternOf(row));
    if (!pattern.CouldMatch(minting)) continue;
    return PatternInTheWay(view, prefix_key, minting.text(), static_cast<uint32_t>(i), row);
  }
  return absl::OkStatus();
}

}  // namespace gusu::server
