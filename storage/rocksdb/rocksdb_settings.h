// How RocksDB is set up for a store.
#pragma once

#include <cstdint>

#include "rocksdb/options.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace gusu::storage {

// Age at which files are due to be merged with those that hold older versions of their rows.
inline constexpr uint64_t kRowsReplacedSeconds = 7 * 24 * 60 * 60;
// Files of level 0 that are merged into the level below.
inline constexpr int kGatheredFiles = 4;

rocksdb::Options SettingsOf(const RocksDbOptions& options);

}  // namespace gusu::storage
