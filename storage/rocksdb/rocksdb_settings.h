// How RocksDB is set up for a store.
#pragma once

#include "rocksdb/options.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace gusu::storage {

rocksdb::Options SettingsOf(const RocksDbOptions& options);

}  // namespace gusu::storage
