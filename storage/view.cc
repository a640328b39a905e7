#include "storage/view.h"

#include <algorithm>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/opening.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {
namespace {

using OptionalRow = absl::StatusOr<std::optional<Row>>;

absl::StatusOr<Row> Decode(std::string_view key, std::string_view bytes) {
  absl::StatusOr<Row> row = DecodeRow(bytes);
  if (!row.ok()) return RowCorrupt(key, StdView(row.status().message()));
  return row;
}

OptionalRow DecodeOptional(std::string_view key,
                           const absl::StatusOr<std::optional<std::string>>& bytes) {
  if (!bytes.ok()) return bytes.status();
  if (!bytes->has_value()) return std::optional<Row>();
  GUSU_ASSIGN_OR_RETURN(Row row, Decode(key, **bytes));
  return std::optional<Row>(std::move(row));
}

// Reads rows of history, newest first. Keys of other rows can stand in between only when they are
// longer.
absl::Status ScanHistory(const Snapshot& snapshot, std::string_view key, uint64_t revision,
                         const std::function<bool(Row row)>& visit) {
  const std::string begin = HistoryKey(key, revision);
  const std::string beginning = begin.substr(0, begin.size() - sizeof(revision));
  absl::Status status;
  GUSU_RETURN_IF_ERROR(snapshot.Scan(begin, AfterBeginning(beginning),
                                     [&](std::string_view at, std::string_view bytes) {
                                       if (at.size() != begin.size()) return true;
                                       absl::StatusOr<Row> row = Decode(at, bytes);
                                       if (!row.ok()) {
                                         status = std::move(row).status();
                                         return false;
                                       }
                                       return visit(*std::move(row));
                                     }));
  return status;
}

absl::Status BeyondEnd(uint64_t leaf_index, uint64_t leaf_count) {
  return Error(
      absl::StatusCode::kOutOfRange, "TREE_SIZE_UNKNOWN",
      Concat("the log has ", leaf_count, " leaves, none with index ", leaf_index),
      {{"leaf_index", std::to_string(leaf_index)}, {"leaf_count", std::to_string(leaf_count)}});
}

}  // namespace

View::View(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const Directory> directory,
           std::shared_ptr<const AuditTree> audit_tree, TreeHead tree_head, uint64_t last_revision)
    : snapshot_(std::move(snapshot)),
      directory_(std::move(directory)),
      audit_tree_(std::move(audit_tree)),
      tree_head_(tree_head),
      last_revision_(last_revision) {}

OptionalRow View::Get(std::string_view key) const {
  return DecodeOptional(key, snapshot_->Get(key));
}

std::vector<OptionalRow> View::MultiGet(absl::Span<const std::string> keys) const {
  const auto found = snapshot_->MultiGet(keys);
  std::vector<OptionalRow> rows;
  rows.reserve(found.size());
  for (size_t i = 0; i < found.size(); ++i) rows.push_back(DecodeOptional(keys[i], found[i]));
  return rows;
}

OptionalRow View::GetAsOf(std::string_view key, uint64_t revision) const {
  GUSU_ASSIGN_OR_RETURN(std::optional<Row> current, Get(key));
  if (!current.has_value() || current->revision <= revision) return current;
  std::optional<Row> then;
  GUSU_RETURN_IF_ERROR(ScanHistory(*snapshot_, key, revision, [&then](Row row) {
    then = std::move(row);
    return false;
  }));
  return then;
}

absl::Status View::Scan(
    std::string_view begin, std::string_view end,
    const std::function<bool(std::string_view key, const Row& row)>& visit) const {
  absl::Status status;
  GUSU_RETURN_IF_ERROR(
      snapshot_->Scan(begin, end, [&](std::string_view key, std::string_view bytes) {
        absl::StatusOr<Row> row = Decode(key, bytes);
        if (!row.ok()) {
          status = std::move(row).status();
          return false;
        }
        return visit(key, *row);
      }));
  return status;
}

absl::Status View::ScanStored(
    std::string_view begin, std::string_view end,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  return snapshot_->Scan(begin, end, visit);
}

absl::Status View::ScanRevisions(std::string_view key, uint64_t revision,
                                 const std::function<bool(const Row& row)>& visit) const {
  GUSU_ASSIGN_OR_RETURN(const std::optional<Row> current, Get(key));
  if (!current.has_value()) return absl::OkStatus();
  if (current->revision <= revision && !visit(*current)) return absl::OkStatus();
  return ScanHistory(*snapshot_, key, revision, [&visit](Row row) { return visit(row); });
}

absl::StatusOr<View::Opening> View::ReadOpening(uint64_t leaf_index) const {
  if (leaf_index >= leaf_count()) return BeyondEnd(leaf_index, leaf_count());
  const std::string key = OpeningKey(leaf_index);
  GUSU_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, snapshot_->Get(key));
  if (!bytes.has_value()) return RowCorrupt(key, Concat("leaf ", leaf_index, " has no opening"));
  return ParseOpening(key, *bytes);
}

absl::Status View::ScanOpenings(
    uint64_t first, uint64_t end,
    const std::function<bool(uint64_t leaf_index, const Opening& opening)>& visit) const {
  if (end > leaf_count()) return BeyondEnd(end - 1, leaf_count());
  return storage::ScanOpenings(*snapshot_, first, end, visit);
}

absl::StatusOr<std::vector<Hash>> View::ReadNodes(const std::vector<NodePosition>& nodes) const {
  return ReadNodesFromTiles(leaf_count(),
                            [this](const TileAddress& tile) { return ReadTile(tile); })(nodes);
}

absl::StatusOr<std::string> View::ReadTile(const TileAddress& tile) const {
  const uint32_t width = tile.kind == TileAddress::Kind::kHashes
                             ? TileWidthAt(tile.level, tile.index, leaf_count())
                             : 0;
  if (tile.width > width) {
    return Error(absl::StatusCode::kNotFound, "TILE_NOT_FOUND",
                 Concat("the tree of ", leaf_count(), " leaves has no ", TilePath(tile)),
                 {{"path", TilePath(tile)}, {"leaf_count", std::to_string(leaf_count())}});
  }
  const size_t bytes = tile.width * sizeof(Hash);
  if (width < kTileWidth) return std::string(audit_tree_->GrowingTile(tile.level).substr(0, bytes));
  GUSU_ASSIGN_OR_RETURN(std::string full, ReadFullTile(*snapshot_, tile.level, tile.index));
  full.resize(bytes);
  return full;
}

absl::StatusOr<Change> View::ReadChange(uint64_t leaf_index) const {
  GUSU_ASSIGN_OR_RETURN(const Opening opening, ReadOpening(leaf_index));
  absl::StatusOr<Change> change = DecodeOpening(opening.bytes);
  if (!change.ok()) return RowCorrupt(OpeningKey(leaf_index), StdView(change.status().message()));
  return change;
}

absl::StatusOr<std::optional<View::KnownRequest>> View::FindRequest(std::string_view scope,
                                                                    std::string_view id) const {
  const std::string key = RequestKey(scope, id);
  GUSU_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, snapshot_->Get(key));
  if (!bytes.has_value()) return std::optional<KnownRequest>();
  v1::RequestRow row;
  KnownRequest known;
  if (!row.ParseFromString(*bytes) || row.digest().size() != known.digest.size()) {
    return RowCorrupt(key, "not a RequestRow");
  }
  std::copy(row.digest().begin(), row.digest().end(), known.digest.begin());
  known.first_leaf_index = row.first_leaf_index();
  known.first_revision = row.first_revision();
  known.change_count = row.change_count();
  return std::optional<KnownRequest>(known);
}

absl::StatusOr<v1::PrefixCountersRow> View::CountersOf(std::string_view prefix_key) const {
  const std::string key = PrefixCountersKey(prefix_key);
  GUSU_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, snapshot_->Get(key));
  v1::PrefixCountersRow row;
  if (bytes.has_value() && !row.ParseFromString(*bytes)) {
    return RowCorrupt(key, "not a PrefixCountersRow");
  }
  return row;
}

absl::StatusOr<uint64_t> View::RecordCount(std::string_view prefix_key) const {
  GUSU_ASSIGN_OR_RETURN(const auto counters, CountersOf(prefix_key));
  return counters.record_count();
}

absl::StatusOr<uint64_t> View::CodeCount(std::string_view prefix_key) const {
  GUSU_ASSIGN_OR_RETURN(const auto counters, CountersOf(prefix_key));
  return counters.record_count() + counters.range_code_count();
}

}  // namespace gusu::storage
