#include "proto/papers/archive.h"

#include <zip.h>

#include <limits>
#include <memory>
#include <utility>

#include "proto/error.h"
#include "proto/text.h"

namespace gusu::papers {
namespace {

constexpr size_t kFilesMax = std::numeric_limits<uint16_t>::max();
constexpr uint64_t kContentBytesMax = uint64_t{3} << 30;  // heads and names have the rest
constexpr zip_uint16_t kDosTime = 0;
constexpr zip_uint16_t kDosDate = 1 << 5 | 1;      // 1980-01-01
constexpr zip_uint32_t kRights = 0100644u << 16u;  // a file that all may read

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;
struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using OpenArchive = std::unique_ptr<zip_t, Discard>;

absl::Status NotMade(const char* why) {
  return absl::InternalError(Concat("cannot make the archive: ", why));
}

bool AddFile(zip_t* archive, const Archive::File& file) {
  Source content(zip_source_buffer(archive, file.content.data(), file.content.size(), 0));
  if (!content) return false;
  const zip_int64_t added =
      zip_file_add(archive, file.name.c_str(), content.get(), ZIP_FL_ENC_UTF_8);
  if (added < 0) return false;
  static_cast<void>(content.release());  // the archive's from now on
  const auto index = static_cast<zip_uint64_t>(added);
  return zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, index, kDosTime, kDosDate, 0) == 0 &&
         zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, kRights) == 0;
}

absl::StatusOr<std::string> ReadAll(zip_source_t* source) {
  zip_stat_t status;
  if (zip_source_stat(source, &status) < 0 || zip_source_open(source) < 0) {
    return NotMade(zip_error_strerror(zip_source_error(source)));
  }
  std::string bytes(status.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) return NotMade("it came out short");
  return bytes;
}

}  // namespace

void Archive::Add(std::string name, std::string content) {
  files_.push_back({std::move(name), std::move(content)});
}

absl::StatusOr<std::string> Archive::ToBytes() const {
  uint64_t bytes_count = 0;
  for (const File& file : files_) bytes_count += file.name.size() + file.content.size();
  if (files_.size() > kFilesMax || bytes_count > kContentBytesMax) {
    return Error(absl::StatusCode::kOutOfRange, "ARCHIVE_TOO_LARGE",
                 "an archive holds at most 65535 files and 3 GiB");
  }
  zip_error_t error;
  zip_error_init(&error);
  const Source bytes(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!bytes) return NotMade(zip_error_strerror(&error));
  zip_source_keep(bytes.get());  // once for the archive, which frees its own
  OpenArchive archive(zip_open_from_source(bytes.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(bytes.get());
    return NotMade(zip_error_strerror(&error));
  }
  for (const File& file : files_) {
    if (!AddFile(archive.get(), file)) return NotMade(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) < 0) return NotMade(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closing freed it
  return ReadAll(bytes.get());
}

}  // namespace gusu::papers
