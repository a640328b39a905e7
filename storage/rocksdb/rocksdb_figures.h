// What RocksDB counts of itself, as figures of the engine.
#pragma once

#include <memory>
#include <string>

#include "rocksdb/db.h"
#include "rocksdb/statistics.h"
#include "storage/figures.h"

namespace gusu::storage {

// Counters that cost a read or write some nanoseconds: no timers, no histograms.
std::shared_ptr<rocksdb::Statistics> MakeStatistics();

// Of an open database, all of whose counters go to `statistics`. Reads memory only, but for the
// size of the write-ahead log, which it asks of `directory`.
EngineFigures FiguresOf(rocksdb::DB& database, const rocksdb::Statistics& statistics,
                        const std::string& directory);

}  // namespace gusu::storage
