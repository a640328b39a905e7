// The engine on RocksDB: one directory, one process, every commit synced to disk.
//
// A start replays the write-ahead log. A torn tail, which is what a crash during a commit leaves,
// is dropped: nobody was told that it was applied. Damage anywhere before it refuses the start with
// kDataLoss, since acknowledged commits would be missing.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "storage/snapshot_age.h"

namespace rocksdb {
class Env;
}

namespace gusu::storage {

struct RocksDbOptions {
  // Memory for blocks read, with their indexes and filters. More makes reads of a store larger than
  // it quicker; the operating system's page cache holds the compressed files besides.
  size_t block_cache_bytes = 256 << 20;
  // Memory for writes before they go to a sorted file; a start replays at most about as much log.
  size_t write_buffer_bytes = 64 << 20;
  // Gets each failure in the database's own words, which the returned errors leave out. Called from
  // any thread.
  std::function<void(std::string_view)> log;
  // Tells the age of snapshots.
  AgeClock clock = MonotonicNow;
  // Files and threads; not owned. nullptr: the system's.
  rocksdb::Env* env = nullptr;
};

// Opens the store in `directory`, which is made when its parent exists and closed to other users of
// the machine. kFailedPrecondition / STORE_IN_USE while another engine has it open, in this process
// or another; kDataLoss / RECORD_CORRUPT when what it holds is damaged; kUnavailable when the
// directory cannot be used.
absl::StatusOr<std::unique_ptr<Engine>> OpenRocksDbEngine(const std::string& directory,
                                                          RocksDbOptions options = {});

}  // namespace gusu::storage
