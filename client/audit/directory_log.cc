// A log in a directory, laid out as tlog-tiles says.
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "client/audit/log_files.h"
#include "client/audit/status_from.h"
#include "gusu/log_verification.h"
#include "proto/signed_note.h"

namespace gusu {
namespace {

struct Bundle {
  std::string bytes;
  uint32_t width = 0;
};

// The narrowest bundle of this number with `width` entries at least.
Result<Bundle> ReadBundle(const std::string& directory, uint64_t index, uint32_t width) {
  TileAddress tile{TileAddress::Kind::kEntries, 0, index, width};
  Result<std::string> bytes = ReadTileFile(directory, tile);
  if (bytes.ok()) {
    // The full one may have come in the place of the partial one.
    const bool is_partial = DecodeEntryBundle(*bytes, width).ok();
    return Bundle{*std::move(bytes), is_partial ? width : kTileWidth};
  }
  if (bytes.status().code != StatusCode::kNotFound) return bytes.status();
  tile.width = kTileWidth;
  const std::string partial = directory + "/" + TilePath(tile) + ".p";
  uint32_t found = kTileWidth;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(partial, error)) {
    const std::string name = file.path().filename().string();
    uint32_t of_file = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), of_file);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size() && of_file >= width) {
      found = std::min(found, of_file);
    }
  }
  if (found == kTileWidth) return bytes.status();
  tile.width = found;
  bytes = ReadTileFile(directory, tile);
  if (!bytes.ok()) return bytes.status();
  return Bundle{*std::move(bytes), found};
}

}  // namespace

DirectoryLog::DirectoryLog(std::string directory) : directory_(std::move(directory)) {}

DirectoryLog::~DirectoryLog() = default;

Result<std::string> DirectoryLog::ReadCheckpoint() {
  return ReadLogFile(directory_ + "/" + kCheckpointFile, kNoteBytesMax);
}

Status DirectoryLog::ReadEntries(uint64_t first, uint64_t end,
                                 const std::function<bool(LogEntry)>& visit) {
  while (first < end) {
    const uint64_t index = first / kTileWidth;
    const uint64_t bundle_first = index * kTileWidth;
    const uint64_t bundle_end = std::min(end, bundle_first + kTileWidth);
    const Result<Bundle> bundle =
        ReadBundle(directory_, index, static_cast<uint32_t>(bundle_end - bundle_first));
    if (!bundle.ok()) return bundle.status();
    const auto entries = DecodeEntryBundle(bundle->bytes, bundle->width);
    if (!entries.ok()) {
      Status damage = StatusFrom(entries.status());
      damage.code = StatusCode::kDataLoss;
      damage.message = "entry bundle " + std::to_string(index) + ": " + damage.message;
      return damage;
    }
    for (; first < bundle_end; ++first) {
      LogEntry entry;
      entry.leaf_index = first;
      entry.leaf = std::string((*entries)[first - bundle_first]);
      if (!visit(std::move(entry))) return {};
    }
  }
  return {};
}

Result<std::string> DirectoryLog::ReadTile(const std::string& path) {
  const absl::StatusOr<TileAddress> tile = ParseTilePath(path);
  if (!tile.ok()) return StatusFrom(tile.status());
  return ReadTileFile(directory_, *tile);
}

}  // namespace gusu
