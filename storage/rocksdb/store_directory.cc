#include "storage/rocksdb/store_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "proto/error.h"

namespace gusu::storage {
namespace {

absl::Status SystemError(int error, const std::string& doing, const std::string& path) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  const std::string cause = std::generic_category().message(error);
  return Error(absl::StatusCode::kUnavailable, full ? "STORE_FULL" : "STORE_UNAVAILABLE",
               absl::StrCat(doing, " ", path, ": ", cause), {{"path", path}, {"cause", cause}});
}

// Writes until `bytes` are there; returns errno, 0 when done.
int WriteBytes(int file, size_t bytes) {
  const std::string block(64 << 10, '\0');
  while (bytes > 0) {
    const ssize_t written = write(file, block.data(), std::min(bytes, block.size()));
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes -= static_cast<size_t>(written);
  }
  return 0;
}

}  // namespace

absl::Status PrepareDirectory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) == 0) return absl::OkStatus();
  if (errno != EEXIST) return SystemError(errno, "making the directory", directory);
  struct stat found;
  if (stat(directory.c_str(), &found) != 0) {
    return SystemError(errno, "looking at the directory", directory);
  }
  if (!S_ISDIR(found.st_mode)) return SystemError(ENOTDIR, "opening the directory", directory);
  if ((found.st_mode & 0077) != 0 && chmod(directory.c_str(), 0700) != 0) {
    return SystemError(errno, "closing to other users the directory", directory);
  }
  return absl::OkStatus();
}

size_t BytesInFiles(const std::string& directory, const std::string& ending) {
  size_t bytes = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != ending) continue;
    std::error_code gone;
    const auto size = entry->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

absl::Status ProbeWritable(const std::string& directory, size_t bytes) {
  const std::string path = directory + "/probe";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return SystemError(errno, "making", path);
  int error = WriteBytes(file, bytes);
  if (error == 0 && fsync(file) != 0) error = errno;
  close(file);
  unlink(path.c_str());
  if (error != 0) return SystemError(error, "writing", path);
  return absl::OkStatus();
}

}  // namespace gusu::storage
