#include "server/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "proto/hash.h"
#include "proto/status_macros.h"
#include "server/log.h"
#include "server/private_file.h"

namespace gusu::server {
namespace {

constexpr size_t kTokenBytesMin = 32;

// Locked until the descriptor is closed, also by the end of the process.
absl::StatusOr<int> Lock(const std::string& directory) {
  const std::string path = directory + "/lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write ", path, ": ", strerror(errno)));
  }
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t count = pread(descriptor, holder, sizeof holder - 1, 0);
    close(descriptor);
    return absl::UnavailableError(absl::StrCat(
        "data directory ", directory, " is used by another server, process ",
        count > 0 ? std::string(absl::StripAsciiWhitespace(holder)) : std::string("unknown")));
  }
  const std::string id = absl::StrCat(getpid(), "\n");
  if (ftruncate(descriptor, 0) != 0 ||
      pwrite(descriptor, id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
    const int error = errno;
    close(descriptor);
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write ", path, ": ", strerror(error)));
  }
  return descriptor;
}

}  // namespace

DataDirectory::DataDirectory(std::string path, int lock_descriptor)
    : path_(std::move(path)), lock_descriptor_(lock_descriptor) {}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)),
      lock_descriptor_(std::exchange(other.lock_descriptor_, -1)),
      temporary_(std::exchange(other.temporary_, false)) {}

DataDirectory::~DataDirectory() {
  if (temporary_) {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
    if (error) {
      Log(LogLevel::kWarning, "directory_left", {{"path", path_}, {"error", error.message()}});
    }
  }
  if (lock_descriptor_ >= 0) close(lock_descriptor_);
}

absl::StatusOr<DataDirectory> DataDirectory::Open(const std::string& path) {
  GUSU_RETURN_IF_ERROR(MakePrivateDirectory(path));
  GUSU_ASSIGN_OR_RETURN(const int descriptor, Lock(path));
  DataDirectory directory(path, descriptor);
  GUSU_RETURN_IF_ERROR(directory.RemoveAddresses());
  GUSU_RETURN_IF_ERROR(MakePrivateDirectory(directory.store_path()));
  GUSU_RETURN_IF_ERROR(MakePrivateDirectory(directory.tls_path()));
  return directory;
}

absl::StatusOr<DataDirectory> DataDirectory::OpenTemporary() {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / "gusud-XXXXXX").string();
  if (error || mkdtemp(path.data()) == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make directory ", path, ": ", strerror(errno)));
  }
  GUSU_ASSIGN_OR_RETURN(DataDirectory directory, Open(path));
  directory.temporary_ = true;
  return directory;
}

absl::StatusOr<std::string> DataDirectory::ReadOrMakeToken() const {
  absl::StatusOr<std::string> content = ReadPrivateFile(token_path());
  if (content.ok()) {
    std::string token(absl::StripAsciiWhitespace(*content));
    if (token.size() < kTokenBytesMin || token.rfind("gusu_", 0) != 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          token_path(),
          " does not hold a token; before the first start is complete it may be removed"));
    }
    return token;
  }
  if (!absl::IsNotFound(content.status())) return content.status();
  const std::string token = NewTokenSecret();
  GUSU_RETURN_IF_ERROR(WritePrivateFile(token_path(), token + "\n"));
  return token;
}

absl::Status DataDirectory::WriteGrpcAddress(const std::string& address) const {
  return WritePrivateFile(grpc_address_path(), address + "\n");
}

absl::Status DataDirectory::WriteHandleAddress(const std::string& address) const {
  return WritePrivateFile(handle_address_path(), address + "\n");
}

absl::Status DataDirectory::WriteHttpAddress(const std::string& address) const {
  return WritePrivateFile(http_address_path(), address + "\n");
}

absl::Status DataDirectory::RemoveAddresses() const {
  GUSU_RETURN_IF_ERROR(RemovePrivateFile(handle_address_path()));
  GUSU_RETURN_IF_ERROR(RemovePrivateFile(http_address_path()));
  return RemovePrivateFile(grpc_address_path());
}

}  // namespace gusu::server
