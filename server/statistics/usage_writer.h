// Writes what the recorder counted to the store, every few seconds and at the end, and lets go of
// source addresses in time.
//
// A crash loses what was counted since the last write: at most kInterval and the time of a commit.
// A write whose outcome is not known is looked for in the store before it is made again, so that
// nothing is counted twice.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/statistics/source_sweep.h"
#include "server/statistics/usage.h"
#include "storage/ledger.h"

namespace gusu::server {

class UsageWriter {
 public:
  static constexpr absl::Duration kInterval = absl::Seconds(5);

  // The ledger is not owned and outlives this. Starts a thread that writes.
  explicit UsageWriter(storage::Ledger* ledger, std::function<absl::Time()> clock = absl::Now);
  ~UsageWriter();

  UsageRecorder* recorder() { return &recorder_; }

  // Writes what was counted before the call; returns when it is written, or could not be. May be
  // called from any thread.
  absl::Status Write();

  // Writes a last time, and no more. The ledger still accepts writes; a second call has no effect.
  void Stop();

 private:
  // A row on its way to the store, and what it adds to the row before.
  struct Sent {
    storage::Batch::Write write;
    UsageKey key;
    Usage usage;
  };

  void Run();
  absl::Status WriteLocked();
  absl::Status PutBack(const storage::View& view);
  absl::Status Send(std::vector<storage::Batch::Write> writes);
  absl::Status Sweep(const storage::View& view);

  storage::Ledger* const ledger_;
  const std::function<absl::Time()> clock_;

  std::mutex write_mutex_;  // guards what follows; held while a write is on its way
  UsageMap waiting_;        // taken from the recorder, and not written
  std::vector<Sent> sent_;  // outcome not known
  SourceSweep sweep_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool many_ = false;
  bool stopping_ = false;

  UsageRecorder recorder_;
  std::thread thread_;
};

}  // namespace gusu::server
