// An engine that fails on request, around one that does not: each way a commit can break.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "storage/engine.h"

namespace gusu::storage {

class FaultyEngine final : public Engine {
 public:
  enum class Fault {
    kNone,              // the commit goes through
    kNotApplied,        // error, certainly not written; the engine stays healthy
    kUnknownNotDone,    // error, and it was not written
    kUnknownDone,       // error, but it was written
    kUnknownDoneLater,  // error, and it is written by the next Recover that succeeds
  };

  // `engine` is not owned and outlives this, so that a test can open it again after a "crash".
  explicit FaultyEngine(Engine* engine);

  // What becomes of the next commits that reach the engine, in order; then they go through.
  void FailNext(std::deque<Fault> faults);
  // The next `count` calls of Recover fail with kUnavailable, after an unknown outcome.
  void FailRecoveries(size_t count);

  // From now on commits wait, before anything is checked or written, until Release().
  void Hold();
  // Returns when `count` commits are waiting.
  void AwaitHeld(size_t count = 1);
  void Release();

  // Calls of Commit that have returned; calls of Recover.
  size_t commit_count() const;
  size_t recovery_count() const;

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() override;
  CommitResult Commit(const Batch& batch) override;
  absl::Status Recover(absl::Duration patience) override;
  absl::StatusOr<std::vector<StoredFile>> Files() override { return engine_->Files(); }
  absl::Status VerifyFile(const std::string& name) override { return engine_->VerifyFile(name); }
  bool MayBlock() const override { return engine_->MayBlock(); }

 private:
  CommitResult CommitLocked(const Batch& batch);

  Engine* const engine_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Fault> faults_;
  size_t failing_recoveries_ = 0;
  bool held_ = false;
  size_t waiting_ = 0;
  size_t commits_ = 0;
  size_t recoveries_ = 0;
  // After an unknown outcome: the state before it, and what is still to be written.
  std::shared_ptr<const Snapshot> before_;
  std::optional<Batch> later_;
};

}  // namespace gusu::storage
