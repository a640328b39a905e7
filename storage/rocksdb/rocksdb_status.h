// RocksDB's errors as ours: neutral, with a reason that a program can act on.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "proto/error.h"
#include "rocksdb/status.h"

namespace gusu::storage {

// `doing` says what failed, for example "reading a key", and `where` of what is damaged what is
// known of its place: key, file, interval of keys. The driver's own words go to `log` only.
absl::Status FromRocksDb(const rocksdb::Status& status, const std::string& doing,
                         const std::function<void(std::string_view)>& log,
                         const ErrorMetadata& where = {});

// The same for a start, which an operator reads: names the directory, and the file where that is
// known.
absl::Status FromRocksDbOpen(const rocksdb::Status& status, const std::string& directory,
                             const std::function<void(std::string_view)>& log);

}  // namespace gusu::storage
