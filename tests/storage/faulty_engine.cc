#include "tests/storage/faulty_engine.h"

#include <utility>

#include "proto/error.h"

namespace gusu::storage {
namespace {

CommitResult NotApplied(std::string_view message) {
  CommitResult result;
  result.outcome = CommitResult::Outcome::kNotApplied;
  result.status = Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", message);
  return result;
}

}  // namespace

FaultyEngine::FaultyEngine(Engine* engine) : engine_(engine) {}

void FaultyEngine::FailNext(std::deque<Fault> faults) {
  std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
}

void FaultyEngine::FailRecoveries(size_t count) {
  std::lock_guard lock(mutex_);
  failing_recoveries_ = count;
}

void FaultyEngine::Hold() {
  std::lock_guard lock(mutex_);
  held_ = true;
}

void FaultyEngine::AwaitHeld(size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= count; });
}

void FaultyEngine::Release() {
  std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

size_t FaultyEngine::commit_count() const {
  std::lock_guard lock(mutex_);
  return commits_;
}

size_t FaultyEngine::recovery_count() const {
  std::lock_guard lock(mutex_);
  return recoveries_;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> FaultyEngine::Latest() {
  {
    std::lock_guard lock(mutex_);
    if (before_ != nullptr) return before_;
  }
  return engine_->Latest();
}

CommitResult FaultyEngine::Commit(const Batch& batch) {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return !held_; });
  --waiting_;
  CommitResult result = CommitLocked(batch);
  ++commits_;
  return result;
}

CommitResult FaultyEngine::CommitLocked(const Batch& batch) {
  if (before_ != nullptr) return NotApplied("the outcome of an earlier commit is unknown");
  Fault fault = Fault::kNone;
  if (!faults_.empty()) {
    fault = faults_.front();
    faults_.pop_front();
  }
  if (fault == Fault::kNone) return engine_->Commit(batch);
  if (fault == Fault::kNotApplied) return NotApplied("made to fail: not applied");

  auto before = engine_->Latest();
  if (!before.ok()) return NotApplied("the state before cannot be read");
  if (fault == Fault::kUnknownDone) {
    CommitResult done = engine_->Commit(batch);
    if (done.outcome != CommitResult::Outcome::kApplied) return done;
  }
  if (fault == Fault::kUnknownDoneLater) later_ = batch;
  before_ = *std::move(before);
  CommitResult result;
  result.outcome = CommitResult::Outcome::kUnknown;
  result.status =
      Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", "made to fail: unknown");
  return result;
}

absl::Status FaultyEngine::Recover(absl::Duration patience) {
  std::lock_guard lock(mutex_);
  ++recoveries_;
  if (before_ == nullptr) return engine_->Recover(patience);
  if (failing_recoveries_ > 0) {
    --failing_recoveries_;
    return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", "made to fail: recovery");
  }
  if (later_.has_value()) {
    CommitResult done = engine_->Commit(*later_);
    if (done.outcome == CommitResult::Outcome::kUnknown) return done.status;
    later_.reset();
  }
  before_.reset();
  return engine_->Recover(patience);
}

}  // namespace gusu::storage
