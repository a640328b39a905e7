#include "storage/rocksdb/rocksdb_settings.h"

#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/listener.h"
#include "rocksdb/table.h"

namespace gusu::storage {
namespace {

// After a failed write the engine alone decides how to go on (Recover); RocksDB must not resume by
// itself, since what it would then hold is not known to be durable.
class NoResumption final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

rocksdb::BlockBasedTableOptions TableSettings(size_t cache_bytes) {
  rocksdb::BlockBasedTableOptions table;
  // Point reads of records of some hundred bytes: small blocks, and a filter for absent keys.
  table.block_size = 4 << 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = rocksdb::NewLRUCache(cache_bytes);
  // Indexes and filters count against the cache, so that memory stays bounded as the store grows.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  return table;
}

}  // namespace

rocksdb::Options SettingsOf(const RocksDbOptions& options) {
  rocksdb::Options settings;
  if (options.env != nullptr) settings.env = options.env;
  settings.create_if_missing = true;

  // A torn tail is a crash; anything else that is damaged refuses the start. The default mode would
  // drop all that follows the damage, acknowledged or not, without a word.
  settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  settings.paranoid_checks = true;
  settings.max_bgerror_resume_count = 0;
  settings.listeners.push_back(std::make_shared<NoResumption>());
  // A start flushes what it recovered into new, synced files.
  settings.avoid_flush_during_recovery = false;

  settings.write_buffer_size = options.write_buffer_bytes;
  settings.max_total_wal_size = 64 << 20;
  settings.level_compaction_dynamic_level_bytes = true;
  settings.compression = rocksdb::kLZ4Compression;
  settings.bottommost_compression = rocksdb::kZSTD;
  // A row that was written over, or whose values were erased, is in the files until a compaction
  // meets both its versions. Files of this age go down the levels to the last one whether or not
  // there is other work; those of level 0 are gathered once a day (rocksdb_engine.cc).
  settings.ttl = kRowsReplacedSeconds;
  settings.level0_file_num_compaction_trigger = kGatheredFiles;
  settings.max_background_jobs = 2;
  settings.bytes_per_sync = 1 << 20;
  settings.max_open_files = 512;
  settings.table_factory.reset(
      rocksdb::NewBlockBasedTableFactory(TableSettings(options.block_cache_bytes)));

  // What RocksDB notes about itself, in the store's directory.
  settings.max_log_file_size = 4 << 20;
  settings.keep_log_file_num = 4;
  // Its counters are read where they are asked for (rocksdb_figures.h); no dumps of them there.
  settings.stats_dump_period_sec = 0;
  settings.stats_persist_period_sec = 0;
  settings.max_manifest_file_size = 64 << 20;
  return settings;
}

}  // namespace gusu::storage
