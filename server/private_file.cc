#include "server/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "proto/status_macros.h"

namespace gusu::server {
namespace {

absl::Status SystemError(const char* what, const std::string& path) {
  const int error = errno;
  const std::string message = absl::StrCat("cannot ", what, " ", path, ": ", strerror(error));
  return error == ENOENT ? absl::NotFoundError(message) : absl::FailedPreconditionError(message);
}

// Closes on destruction.
class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

std::string ParentOf(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status SyncDirectory(const std::string& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || fsync(directory.descriptor()) != 0) return SystemError("sync", path);
  return absl::OkStatus();
}

// What root writes in another user's directory is that user's: the server reads it next.
absl::Status GiveToOwnerOfParent(const File& file, const std::string& path) {
  if (geteuid() != 0) return absl::OkStatus();
  struct stat parent {};
  if (stat(ParentOf(path).c_str(), &parent) != 0 ||
      fchown(file.descriptor(), parent.st_uid, parent.st_gid) != 0) {
    return SystemError("write", path);
  }
  return absl::OkStatus();
}

absl::Status WriteAll(const File& file, const std::string& path, const std::string& content) {
  size_t written = 0;
  while (written < content.size()) {
    const ssize_t count =
        write(file.descriptor(), content.data() + written, content.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError("write", path);
    written += static_cast<size_t>(count);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MakePrivateDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0) return SyncDirectory(ParentOf(path));
  if (errno != EEXIST) return SystemError("make directory", path);
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return SystemError("read", path);
  if (!S_ISDIR(status.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(path, " is not a directory"));
  }
  return absl::OkStatus();
}

absl::Status WritePrivateFile(const std::string& path, const std::string& content) {
  const std::string next = path + ".new";
  {
    const File file(next, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!file.is_open()) return SystemError("write", next);
    // An interrupted attempt may have left the file with another mode.
    if (fchmod(file.descriptor(), 0600) != 0) return SystemError("write", next);
    GUSU_RETURN_IF_ERROR(GiveToOwnerOfParent(file, next));
    GUSU_RETURN_IF_ERROR(WriteAll(file, next, content));
    if (fsync(file.descriptor()) != 0) return SystemError("sync", next);
  }
  if (rename(next.c_str(), path.c_str()) != 0) return SystemError("rename to", path);
  return SyncDirectory(ParentOf(path));
}

absl::StatusOr<std::string> ReadPrivateFile(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) return SystemError("read", path);
  std::string content;
  char part[4096];
  while (content.size() <= kPrivateFileBytesMax) {
    const ssize_t count = read(file.descriptor(), part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError("read", path);
    if (count == 0) return content;
    content.append(part, static_cast<size_t>(count));
  }
  return absl::FailedPreconditionError(absl::StrCat(path, " is larger than 1 MiB"));
}

absl::Status RemovePrivateFile(const std::string& path) {
  if (unlink(path.c_str()) == 0) return SyncDirectory(ParentOf(path));
  return errno == ENOENT ? absl::OkStatus() : SystemError("remove", path);
}

}  // namespace gusu::server
