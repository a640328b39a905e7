#include "storage/rocksdb/table_files.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>

#include "proto/hash.h"
#include "rocksdb/db.h"
#include "rocksdb/metadata.h"
#include "rocksdb/sst_file_reader.h"
#include "rocksdb/table.h"

namespace gusu::storage {
namespace {

// Read at once, so that a disk reads in sequence.
constexpr size_t kReadaheadBytes = 2 << 20;

rocksdb::Options ReadingOnly(rocksdb::Env* env, bool direct) {
  rocksdb::BlockBasedTableOptions table;
  table.no_block_cache = true;
  rocksdb::Options options;
  options.env = env;
  options.use_direct_reads = direct;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::Status VerifyChecksums(rocksdb::Env* env, const std::string& path, bool direct) {
  rocksdb::SstFileReader reader(ReadingOnly(env, direct));
  if (rocksdb::Status opened = reader.Open(path); !opened.ok()) return opened;
  rocksdb::ReadOptions reading;
  reading.readahead_size = kReadaheadBytes;
  return reader.VerifyChecksum(reading);
}

// The one part of a file that no checksum covers: where the footer's four numbers end, zeros follow
// up to its last 12 bytes. True when there is anything else.
bool FooterIsOdd(const std::string& path) {
  constexpr size_t kFooterBytes = 53;
  constexpr size_t kNumbersEnd = 41;
  std::ifstream file(path, std::ios::binary);
  std::string footer(kFooterBytes, '\0');
  file.seekg(-static_cast<std::streamoff>(kFooterBytes), std::ios::end);
  if (!file.read(footer.data(), static_cast<std::streamsize>(footer.size()))) return true;
  size_t at = 1;  // after the kind of checksum
  for (int number = 0; number < 4; ++number, ++at) {
    while (at < kNumbersEnd && (static_cast<uint8_t>(footer[at]) & 0x80) != 0) ++at;
  }
  return at < kNumbersEnd && footer.find_first_not_of('\0', at) < kNumbersEnd;
}

ErrorMetadata PlaceOf(const TableFile& file) {
  return {{"file", file.name},
          {"first_key_hex", HexEncode(file.first_key)},
          {"last_key_hex", HexEncode(file.last_key)}};
}

}  // namespace

std::vector<TableFile> TableFilesOf(rocksdb::DB& database) {
  std::vector<rocksdb::LiveFileMetaData> live;
  database.GetLiveFilesMetaData(&live);
  std::vector<TableFile> files;
  files.reserve(live.size());
  for (rocksdb::LiveFileMetaData& file : live) {
    // RocksDB's names begin with a slash.
    files.push_back({file.name.substr(file.name.find_first_not_of('/')), file.size,
                     std::move(file.smallestkey), std::move(file.largestkey)});
  }
  std::sort(files.begin(), files.end(),
            [](const TableFile& a, const TableFile& b) { return a.name < b.name; });
  return files;
}

ErrorMetadata FileNamedBy(const rocksdb::Status& status, rocksdb::DB& database) {
  const std::string words = status.ToString();
  for (const TableFile& file : TableFilesOf(database)) {
    if (words.find("/" + file.name) != std::string::npos) return PlaceOf(file);
  }
  return {};
}

ErrorMetadata PlaceOf(const std::string& name, rocksdb::DB& database) {
  for (const TableFile& file : TableFilesOf(database)) {
    if (file.name == name) return PlaceOf(file);
  }
  return {};
}

rocksdb::Status VerifyTableFile(rocksdb::DB& database, const std::string& name) {
  if (PlaceOf(name, database).empty()) return rocksdb::Status::OK();
  const std::string path = database.GetName() + "/" + name;
  rocksdb::Status verified = VerifyChecksums(database.GetEnv(), path, true);
  // Some file systems have no reads past the system's cache.
  if (!verified.ok() && !verified.IsCorruption()) {
    verified = VerifyChecksums(database.GetEnv(), path, false);
  }
  if (verified.ok() && FooterIsOdd(path)) {
    verified = rocksdb::Status::Corruption("bytes in the footer's padding", path);
  }
  // A compaction may have removed it meanwhile.
  if (!verified.ok() && PlaceOf(name, database).empty()) return rocksdb::Status::OK();
  if (verified.IsPathNotFound()) return rocksdb::Status::Corruption("missing", path);
  return verified;
}

}  // namespace gusu::storage
