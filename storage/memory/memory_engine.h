// An engine that keeps everything in memory: for tests, trials, and servers that need not survive
// their process. Durable means that it lasts as long as the engine does.
//
// A snapshot costs one shared pointer; reading it takes no lock. What only a released snapshot
// showed is freed with it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/engine.h"
#include "storage/snapshot_age.h"

namespace gusu::storage {

class PersistentMap;

class MemoryEngine final : public Engine {
 public:
  // `clock` tells the age of snapshots.
  explicit MemoryEngine(AgeClock clock = MonotonicNow);
  ~MemoryEngine() override;

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() override;
  CommitResult Commit(const Batch& batch) override;
  absl::Status Recover(absl::Duration patience) override;
  absl::StatusOr<std::vector<StoredFile>> Files() override;
  absl::Status VerifyFile(const std::string& name) override;
  bool MayBlock() const override { return false; }

 private:
  std::shared_ptr<const PersistentMap> Current() const;

  const AgeClock clock_;
  std::mutex commit_mutex_;   // held by the one commit that is being made
  mutable std::mutex mutex_;  // guards current_; held for the copy of a pointer
  std::shared_ptr<const PersistentMap> current_;
};

}  // namespace gusu::storage
