// The system's files, for RocksDB, with faults in writing on request.
#pragma once

#include <atomic>
#include <memory>

#include "rocksdb/env.h"

namespace gusu::storage {

enum class FileFault {
  kNone,
  kSyncFails,  // what was written is in the file, and the sync reports an error
  kWriteTorn,  // half of it is in the file, and the write reports an error
  kNoSpace,    // nothing is in the file
};

// `fault` is read at each write and sync, of every file.
std::unique_ptr<rocksdb::Env> NewFaultyEnv(std::shared_ptr<const std::atomic<FileFault>> fault);

}  // namespace gusu::storage
