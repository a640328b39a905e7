// Files of a log in the layout of tlog-tiles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gusu/status.h"
#include "proto/tile.h"

namespace gusu {

inline constexpr char kCheckpointFile[] = "checkpoint";
inline constexpr char kVkeyFile[] = "vkey";

// The whole file. kNotFound / LOG_FILE_MISSING, kDataLoss / LOG_FILE_MALFORMED for one of more than
// `bytes_max`; kInternal / LOG_FILE for one that cannot be read.
Result<std::string> ReadLogFile(const std::string& path, size_t bytes_max);
// Tile or bundle; of a partial one the full one's beginning when the partial one is gone.
Result<std::string> ReadTileFile(const std::string& directory, const TileAddress& tile);
// With the directories above. kInternal / LOG_FILE.
Status WriteLogFile(const std::string& path, std::string_view bytes);
// In one step: the file is as it was before, or new, and durable.
Status ReplaceLogFile(const std::string& path, std::string_view bytes);
// Makes durable what was written below the directory.
Status SyncLogFiles(const std::string& directory);

}  // namespace gusu
