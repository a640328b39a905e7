#include "client/cli/zip_file.h"

#include <zip.h>

#include <memory>
#include <utility>

namespace gusu::cli {
namespace {

constexpr zip_uint16_t kDosTime = 0;
constexpr zip_uint16_t kDosDate = 1 << 5 | 1;     // 1980-01-01
constexpr zip_uint32_t kRights = 0100644u << 16;  // a file that all may read

struct FreeSource {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;
struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

Failure ZipFailure(const char* what) {
  return FileFailure(std::string("cannot make the archive: ") + what);
}

bool AddEntry(zip_t* archive, const ZipFile::Entry& entry) {
  Source content(zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0));
  if (!content) return false;
  const zip_int64_t added =
      zip_file_add(archive, entry.name.c_str(), content.get(), ZIP_FL_ENC_UTF_8);
  if (added < 0) return false;
  static_cast<void>(content.release());  // the archive's from now on
  const auto index = static_cast<zip_uint64_t>(added);
  return zip_set_file_compression(archive, index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, index, kDosTime, kDosDate, 0) == 0 &&
         zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, kRights) == 0;
}

OrFailure<std::string> ReadAll(zip_source_t* source) {
  zip_stat_t status;
  if (zip_source_stat(source, &status) < 0 || zip_source_open(source) < 0) {
    return ZipFailure(zip_error_strerror(zip_source_error(source)));
  }
  std::string bytes(status.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) return ZipFailure("it came out short");
  return bytes;
}

}  // namespace

void ZipFile::Add(std::string name, std::string content) {
  entries_.push_back({std::move(name), std::move(content)});
}

OrFailure<std::string> ZipFile::ToBytes() const {
  zip_error_t error;
  zip_error_init(&error);
  const Source bytes(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!bytes) return ZipFailure(zip_error_strerror(&error));
  zip_source_keep(bytes.get());  // once for the archive, which frees its own
  Archive archive(zip_open_from_source(bytes.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(bytes.get());
    return ZipFailure(zip_error_strerror(&error));
  }
  for (const Entry& entry : entries_) {
    if (!AddEntry(archive.get(), entry)) return ZipFailure(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) < 0) return ZipFailure(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closing freed it
  return ReadAll(bytes.get());
}

}  // namespace gusu::cli
