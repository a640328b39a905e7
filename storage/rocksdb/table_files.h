// The sorted files that RocksDB keeps rows in: which there are, and whether one is what was
// written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "proto/error.h"
#include "rocksdb/status.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace gusu::storage {

struct TableFile {
  std::string name;  // in the store's directory: "000012.sst"
  uint64_t bytes = 0;
  std::string first_key;
  std::string last_key;
};

// Those in use, by name.
std::vector<TableFile> TableFilesOf(rocksdb::DB& database);

// Where a damaged read met the damage: `file`, `first_key_hex` and `last_key_hex` of the file that
// the status names. Nothing when it names none that is in use.
ErrorMetadata FileNamedBy(const rocksdb::Status& status, rocksdb::DB& database);
// The same of a file in use; nothing when it is not.
ErrorMetadata PlaceOf(const std::string& name, rocksdb::DB& database);

// Reads every block of the file past RocksDB's cache, and past the system's where the file system
// allows that, and checks its checksum. A file that is not there is damage; OK for one that is in
// use no more.
rocksdb::Status VerifyTableFile(rocksdb::DB& database, const std::string& name);

}  // namespace gusu::storage
