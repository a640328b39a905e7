#include "client/cli/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace gusu::cli {

OutputFile::OutputFile(std::string path) : path_(std::move(path)), place_(path_) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    failure_ = FileFailure("cannot write " + path_ + ": it is no regular file",
                           "standard output can be led there: > " + path_);
    return;
  }
  if (fs::is_symlink(path_, error) && fs::exists(status)) place_ = fs::canonical(path_, error);
  part_ = place_ + ".part";
  file_.open(part_, std::ios::binary | std::ios::trunc);
  Check(file_.is_open());
}

OutputFile::~OutputFile() {
  if (!file_.is_open()) return;
  file_.close();
  std::remove(part_.c_str());
}

bool OutputFile::Append(std::string_view bytes) {
  if (failure_) return false;
  return Check(file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).good());
}

MaybeFailure OutputFile::Finish() {
  if (failure_) return failure_;
  file_.close();
  if (!Check(!file_.fail() && std::rename(part_.c_str(), place_.c_str()) == 0)) {
    std::remove(part_.c_str());
  }
  return failure_;
}

bool OutputFile::Check(bool is_good) {
  if (!is_good && !failure_) {
    failure_ = FileFailure("cannot write " + path_ + ": " + std::strerror(errno));
  }
  return is_good;
}

MaybeFailure WriteOutputFile(const std::string& path, std::string_view content) {
  OutputFile file(path);
  file.Append(content);
  return file.Finish();
}

}  // namespace gusu::cli
