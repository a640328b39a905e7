#include "storage/log_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "proto/tile.h"
#include "storage/keys.h"
#include "storage/row_corrupt.h"

namespace gusu::storage {

absl::StatusOr<Opening> ParseOpening(std::string_view key, std::string_view row) {
  v1::OpeningRow parsed;
  if (!parsed.ParseFromArray(row.data(), static_cast<int>(row.size()))) {
    return RowCorrupt(key, "not an OpeningRow");
  }
  return Opening{std::move(*parsed.mutable_opening()), std::move(*parsed.mutable_salt())};
}

absl::Status ScanOpenings(
    const Snapshot& snapshot, uint64_t first, uint64_t end,
    const std::function<bool(uint64_t leaf_index, const Opening& opening)>& visit) {
  if (first >= end) return absl::OkStatus();
  uint64_t next = first;
  bool stopped = false;
  absl::Status status;
  GUSU_RETURN_IF_ERROR(snapshot.Scan(OpeningKey(first), OpeningKey(end),
                                     [&](std::string_view key, std::string_view row) {
                                       if (key != OpeningKey(next)) return false;
                                       absl::StatusOr<Opening> opening = ParseOpening(key, row);
                                       if (!opening.ok()) {
                                         status = std::move(opening).status();
                                         return false;
                                       }
                                       stopped = !visit(next, *opening);
                                       ++next;
                                       return !stopped;
                                     }));
  GUSU_RETURN_IF_ERROR(status);
  if (stopped || next == end) return absl::OkStatus();
  return RowCorrupt(OpeningKey(next), Concat("leaf ", next, " has no opening"));
}

absl::StatusOr<std::string> ReadFullTile(const Snapshot& snapshot, uint32_t level, uint64_t index) {
  const std::string key = TileKey(level, index);
  GUSU_ASSIGN_OR_RETURN(std::optional<std::string> tile, snapshot.Get(key));
  if (!tile.has_value()) return RowCorrupt(key, Concat("tile ", level, "/", index, " is missing"));
  if (tile->size() != kTileBytesMax) {
    return RowCorrupt(key, Concat("a full tile has ", kTileBytesMax, " bytes, not ", tile->size()));
  }
  return *std::move(tile);
}

}  // namespace gusu::storage
