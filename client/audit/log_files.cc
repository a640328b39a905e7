#include "client/audit/log_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace gusu {
namespace {

namespace fs = std::filesystem;

// An entry bundle of the longest entries.
constexpr size_t kBundleBytesMax = kTileWidth * (2 + kEntryBytesMax);

Status FileError(const std::string& doing, const std::string& path, int error) {
  return {StatusCode::kInternal,
          "cannot " + doing + " " + path + ": " + std::strerror(error),
          "LOG_FILE",
          {{"file", path}}};
}

}  // namespace

Result<std::string> ReadLogFile(const std::string& path, size_t bytes_max) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno != ENOENT && errno != ENOTDIR) return FileError("read", path, errno);
    return Status{
        StatusCode::kNotFound, path + " is not there", "LOG_FILE_MISSING", {{"file", path}}};
  }
  std::string bytes;
  char buffer[16 * 1024];
  while (bytes.size() <= bytes_max && file.good()) {
    file.read(buffer, sizeof buffer);
    bytes.append(buffer, static_cast<size_t>(file.gcount()));
  }
  if (file.bad()) return FileError("read", path, errno);
  if (bytes.size() <= bytes_max) return bytes;
  return Status{StatusCode::kDataLoss,
                path + " is longer than such a file can be",
                "LOG_FILE_MALFORMED",
                {{"file", path}}};
}

Result<std::string> ReadTileFile(const std::string& directory, const TileAddress& tile) {
  const bool hashes = tile.kind == TileAddress::Kind::kHashes;
  const size_t bytes_max = hashes ? kTileBytesMax : kBundleBytesMax;
  Result<std::string> bytes = ReadLogFile(directory + "/" + TilePath(tile), bytes_max);
  if (bytes.ok() || bytes.status().code != StatusCode::kNotFound || tile.width == kTileWidth) {
    return bytes;
  }
  TileAddress full = tile;
  full.width = kTileWidth;
  Result<std::string> found = ReadLogFile(directory + "/" + TilePath(full), bytes_max);
  return found.ok() ? found : bytes;
}

Status WriteLogFile(const std::string& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return FileError("make the directory of", path, error.value());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? Status() : FileError("write", path, errno);
}

Status ReplaceLogFile(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".new";
  if (Status written = WriteLogFile(temporary, bytes); !written.ok()) return written;
  const std::string directory = fs::path(path).parent_path().string();
  if (Status synced = SyncLogFiles(directory); !synced.ok()) return synced;
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return FileError("write", path, errno);
  return SyncLogFiles(directory);
}

Status SyncLogFiles(const std::string& directory) {
  const int opened = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return FileError("open", directory, errno);
  // Of the whole file system at once: thousands of small files are synced one by one for minutes.
  const bool synced = syncfs(opened) == 0;
  const int error = errno;
  close(opened);
  return synced ? Status() : FileError("sync", directory, error);
}

}  // namespace gusu
