#include "server/ranges/range_lookup.h"

#include <charconv>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

constexpr std::string_view kPrefixes = "prefixes/";
constexpr std::string_view kSerialRanges = "/serialRanges/";

absl::Status Corrupt(std::string_view range, const storage::Row& row) {
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("the stored serial range ", Quote(range), " is damaged"),
               {{"serial_range", std::string(range)},
                {"revision", std::to_string(row.revision)},
                {"leaf_index", std::to_string(row.leaf_index)}});
}

absl::StatusOr<std::shared_ptr<const stored::SerialRangeRow>> Decode(std::string_view range,
                                                                     const storage::Row& row) {
  auto decoded = std::make_shared<stored::SerialRangeRow>();
  if (!decoded->ParseFromString(row.payload)) return Corrupt(range, row);
  return std::shared_ptr<const stored::SerialRangeRow>(std::move(decoded));
}

// The whole of `text` as a number in decimal digits without leading zeros.
template <typename Number>
bool ReadNumber(std::string_view text, Number* number) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *number);
  return parsed.ec == std::errc() && parsed.ptr == end && (text.size() == 1 || text[0] != '0');
}

}  // namespace

std::string SerialRangeName(std::string_view prefix, uint32_t pattern_number,
                            uint64_t last_serial) {
  return Concat(kPrefixes, prefix, kSerialRanges, pattern_number, "-", last_serial);
}

std::optional<SerialRangePath> ParseSerialRangeName(std::string_view name) {
  if (name.substr(0, kPrefixes.size()) != kPrefixes) return std::nullopt;
  name.remove_prefix(kPrefixes.size());
  const size_t middle = name.find(kSerialRanges);
  if (middle == std::string_view::npos) return std::nullopt;
  const absl::StatusOr<std::string> prefix = ParsePrefix(name.substr(0, middle));
  const std::string_view numbers = name.substr(middle + kSerialRanges.size());
  const size_t dash = numbers.find('-');
  SerialRangePath path;
  if (!prefix.ok() || dash == std::string_view::npos ||
      !ReadNumber(numbers.substr(0, dash), &path.pattern_number) ||
      !ReadNumber(numbers.substr(dash + 1), &path.last_serial)) {
    return std::nullopt;
  }
  path.prefix = *prefix;
  return path;
}

absl::StatusOr<RangePattern> PatternOf(const stored::RangePatternRow& row) {
  absl::StatusOr<RangePattern> pattern = RangePattern::Parse(
      row.pattern(), static_cast<CheckScheme>(row.check_scheme()), row.permutation_key());
  if (pattern.ok()) return pattern;
  return Error(absl::StatusCode::kDataLoss, "RECORD_CORRUPT",
               Concat("the stored pattern ", Quote(row.pattern()), " is damaged"),
               {{"pattern", Quote(row.pattern())}});
}

bool HasRanges(const storage::View& view, std::string_view prefix_key) {
  return view.directory().FindRangePatterns(prefix_key) != nullptr;
}

absl::StatusOr<std::optional<RangeCode>> FindRangeCode(const storage::View& view,
                                                       const Identifier& identifier,
                                                       uint64_t as_of) {
  if (!HasRanges(view, identifier.prefix_key())) return std::optional<RangeCode>();
  return RangeLookup(view, as_of).Find(identifier);
}

absl::Status RangeLookup::ReadPatterns(std::string_view prefix_key) {
  if (prefix_key == prefix_key_) return absl::OkStatus();
  prefix_key_.clear();
  patterns_.clear();
  last_.reset();
  if (const auto* entry = view_.directory().FindRangePatterns(prefix_key)) {
    for (const stored::RangePatternRow& row : entry->row->patterns()) {
      GUSU_ASSIGN_OR_RETURN(RangePattern pattern, PatternOf(row));
      patterns_.push_back(std::move(pattern));
    }
  }
  prefix_key_ = std::string(prefix_key);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RangeLookup::Found>> RangeLookup::FindRow(uint32_t pattern_number,
                                                                       uint64_t serial) const {
  std::optional<Found> found;
  absl::Status status;
  const auto take = [&](std::string_view key, const storage::Row& row) {
    const auto decoded = Decode(Concat(prefix_key_, " ", pattern_number), row);
    if (!decoded.ok()) {
      status = decoded.status();
    } else if ((*decoded)->first_serial() <= serial) {
      found = Found{std::string(key), row.revision, row.leaf_index, *decoded};
    }
    return false;
  };
  const std::string begin = storage::SerialRangeKey(prefix_key_, pattern_number, serial);
  const std::string end = storage::SerialRangeKey(prefix_key_, pattern_number + 1, 0);
  GUSU_RETURN_IF_ERROR(view_.Scan(begin, end, take));
  GUSU_RETURN_IF_ERROR(status);
  return found;
}

// What the codes were before their range's row became what it is: the row's own past, and before it
// began that of the range that it was split off. Ends, since that range's last serial is larger.
absl::StatusOr<std::optional<RangeLookup::Found>> RangeLookup::RowAsOf(const Found& now,
                                                                       uint64_t serial) const {
  if (now.revision <= as_of_) return std::optional<Found>(now);
  Found at = now;
  while (true) {
    GUSU_ASSIGN_OR_RETURN(const std::optional<storage::Row> then, view_.GetAsOf(at.key, as_of_));
    const stored::SerialRangeRow& row = *at.row;
    if (then) {
      const std::string name =
          SerialRangeName(row.prefix(), row.pattern_number(), row.last_serial());
      GUSU_ASSIGN_OR_RETURN(auto decoded, Decode(name, *then));
      if (decoded->first_serial() > serial) return Corrupt(name, *then);
      return std::optional<Found>(
          Found{at.key, then->revision, then->leaf_index, std::move(decoded)});
    }
    if (row.parent_last_serial() <= row.last_serial()) return std::optional<Found>();
    Found parent;
    parent.key =
        storage::SerialRangeKey(prefix_key_, row.pattern_number(), row.parent_last_serial());
    GUSU_ASSIGN_OR_RETURN(const std::optional<storage::Row> found, view_.Get(parent.key));
    const std::string name =
        SerialRangeName(row.prefix(), row.pattern_number(), row.parent_last_serial());
    if (!found) return Corrupt(name, storage::Row{});
    GUSU_ASSIGN_OR_RETURN(parent.row, Decode(name, *found));
    at = std::move(parent);
  }
}

absl::StatusOr<std::optional<RangeCode>> RangeLookup::Find(const Identifier& identifier) {
  GUSU_RETURN_IF_ERROR(ReadPatterns(identifier.prefix_key()));
  for (size_t i = 0; i < patterns_.size(); ++i) {
    const std::optional<uint64_t> serial = patterns_[i].Match(identifier.suffix());
    if (!serial) continue;
    const auto number = static_cast<uint32_t>(i);
    if (!last_ || last_->row->pattern_number() != number || *serial < last_->row->first_serial() ||
        *serial > last_->row->last_serial()) {
      GUSU_ASSIGN_OR_RETURN(last_, FindRow(number, *serial));
    }
    if (!last_) return std::optional<RangeCode>();
    GUSU_ASSIGN_OR_RETURN(const std::optional<Found> then, RowAsOf(*last_, *serial));
    if (!then) return std::optional<RangeCode>();
    const stored::SerialRangeRow& row = *then->row;
    GUSU_ASSIGN_OR_RETURN(const std::string suffix, patterns_[i].Expand(*serial));
    auto record = std::make_shared<stored::RecordRow>(row.record());
    record->set_identifier(Concat(row.prefix(), "/", suffix));
    RangeCode code;
    code.key = then->key;
    code.resource_name = SerialRangeName(row.prefix(), number, row.last_serial());
    code.revision = then->revision;
    code.leaf_index = then->leaf_index;
    code.row = then->row;
    code.serial = *serial;
    code.record = std::move(record);
    return std::optional<RangeCode>(std::move(code));
  }
  return std::optional<RangeCode>();
}

}  // namespace gusu::server
