#include "storage/rocksdb/rocksdb_figures.h"

#include <cstdint>

#include "storage/rocksdb/store_directory.h"

namespace gusu::storage {
namespace {

using Kind = EngineFigure::Kind;

struct Property {
  const std::string& property;
  const char* name;
  const char* meaning;
};

const Property kProperties[] = {
    {rocksdb::DB::Properties::kBlockCacheUsage, "block_cache_bytes",
     "Memory of the block cache in use"},
    {rocksdb::DB::Properties::kBlockCacheCapacity, "block_cache_bytes_max",
     "Memory that the block cache may use"},
    {rocksdb::DB::Properties::kBlockCachePinnedUsage, "block_cache_pinned_bytes",
     "Memory of the block cache that cannot be given up now"},
    {rocksdb::DB::Properties::kCurSizeAllMemTables, "memory_table_bytes",
     "Writes in memory that stand in no sorted file yet"},
    {rocksdb::DB::Properties::kNumImmutableMemTable, "memory_tables_waiting",
     "Full memory tables that wait to be written out"},
    {rocksdb::DB::Properties::kEstimateTableReadersMem, "table_reader_bytes",
     "Memory of open files outside the block cache"},
    {rocksdb::DB::Properties::kLiveSstFilesSize, "file_bytes", "Size of the sorted files in use"},
    {rocksdb::DB::Properties::kTotalSstFilesSize, "file_all_bytes",
     "Size of the sorted files, with those that are kept for readers only"},
    {rocksdb::DB::Properties::kEstimatePendingCompactionBytes, "compaction_pending_bytes",
     "What compactions have to rewrite until the files are in order again"},
    {rocksdb::DB::Properties::kCompactionPending, "compaction_pending",
     "1 while a compaction is due"},
    {rocksdb::DB::Properties::kNumRunningCompactions, "compactions_running", "Compactions at work"},
    {rocksdb::DB::Properties::kNumRunningFlushes, "flushes_running",
     "Memory tables that are being written out"},
    {rocksdb::DB::Properties::kIsWriteStopped, "writes_stopped",
     "1 while commits wait for compactions or flushes"},
    {rocksdb::DB::Properties::kActualDelayedWriteRate, "write_rate_bytes_per_second",
     "Rate that commits are slowed down to; 0: they are not"},
    {rocksdb::DB::Properties::kBackgroundErrors, "background_errors",
     "Failures of flushes and compactions since the database was opened"},
    {rocksdb::DB::Properties::kEstimateNumKeys, "rows_estimated", "Rows, about"},
    {rocksdb::DB::Properties::kNumSnapshots, "snapshots",
     "States of the store that somebody can still read"},
};

struct Counter {
  uint32_t ticker;
  const char* name;
  const char* meaning;
  double unit = 1;
};

const Counter kCounters[] = {
    {rocksdb::BLOCK_CACHE_HIT, "block_cache_hits_total", "Blocks found in the cache"},
    {rocksdb::BLOCK_CACHE_MISS, "block_cache_misses_total", "Blocks that had to be read"},
    {rocksdb::BLOOM_FILTER_USEFUL, "filter_useful_total", "Reads that a filter spared a block"},
    {rocksdb::MEMTABLE_HIT, "memory_table_hits_total", "Reads answered by a memory table"},
    {rocksdb::MEMTABLE_MISS, "memory_table_misses_total", "Reads that went on to the files"},
    {rocksdb::BYTES_READ, "read_bytes_total", "Bytes of rows read by key"},
    {rocksdb::BYTES_WRITTEN, "written_bytes_total", "Bytes of rows written"},
    {rocksdb::WAL_FILE_SYNCED, "log_syncs_total", "Times that the write-ahead log was synced"},
    {rocksdb::WAL_FILE_BYTES, "log_written_bytes_total", "Bytes written to the write-ahead log"},
    {rocksdb::FLUSH_WRITE_BYTES, "flush_written_bytes_total",
     "Bytes that flushes wrote to sorted files"},
    {rocksdb::COMPACT_READ_BYTES, "compaction_read_bytes_total", "Bytes that compactions read"},
    {rocksdb::COMPACT_WRITE_BYTES, "compaction_written_bytes_total",
     "Bytes that compactions wrote"},
    {rocksdb::STALL_MICROS, "stalled_seconds_total",
     "Time that commits waited for compactions or flushes", 1e-6},
};

}  // namespace

std::shared_ptr<rocksdb::Statistics> MakeStatistics() {
  auto statistics = rocksdb::CreateDBStatistics();
  statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  return statistics;
}

EngineFigures FiguresOf(rocksdb::DB& database, const rocksdb::Statistics& statistics,
                        const std::string& directory) {
  EngineFigures engine;
  const auto add = [&](const char* name, const char* meaning, Kind kind, double value) {
    engine.figures.push_back({name, meaning, kind, value});
  };
  for (const Property& property : kProperties) {
    uint64_t value = 0;
    if (!database.GetIntProperty(property.property, &value)) continue;
    add(property.name, property.meaning, Kind::kNow, static_cast<double>(value));
  }
  uint64_t files = 0;
  for (int level = 0; level < database.NumberLevels(); ++level) {
    std::string count;
    if (!database.GetProperty(
            rocksdb::DB::Properties::kNumFilesAtLevelPrefix + std::to_string(level), &count)) {
      continue;
    }
    const uint64_t of_level = std::stoull(count);
    files += of_level;
    if (level == 0) {
      add("level_0_files", "Sorted files of level 0, which reads have to look into one by one",
          Kind::kNow, static_cast<double>(of_level));
    }
  }
  add("files", "Sorted files in use", Kind::kNow, static_cast<double>(files));
  add("log_bytes", "Size of the write-ahead log, which a start replays", Kind::kNow,
      static_cast<double>(BytesInFiles(directory, ".log")));
  for (const Counter& counter : kCounters) {
    add(counter.name, counter.meaning, Kind::kSinceStart,
        static_cast<double>(statistics.getTickerCount(counter.ticker)) * counter.unit);
  }
  return engine;
}

}  // namespace gusu::storage
