// The ledger's one writer: queue, groups, commits, recovery, and the view that others read.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/answer_thread.h"
#include "storage/commit_clock.h"
#include "storage/figures.h"
#include "storage/group.h"
#include "storage/head.h"
#include "storage/ledger.h"
#include "storage/request_sweep.h"
#include "storage/usage_queue.h"
#include "storage/write_queue.h"

namespace gusu::storage {

class Ledger::Writer {
 public:
  // `state` is of a store whose lead was taken.
  Writer(std::unique_ptr<Engine> engine, Options options, CommitClock clock, StoreState state);
  ~Writer();

  void Append(ChangeSet set, AppendCallback done);
  void PutUsage(std::vector<Batch::Write> writes, std::function<void(absl::Status)> done);
  void AfterQueued(std::function<void()> done);
  absl::StatusOr<std::shared_ptr<const View>> Latest() const;
  absl::Status Writable() const;
  void Stop();
  LedgerFigures figures() const;
  Engine& engine() const { return *engine_; }

 private:
  // Queues the set, unless `status` or the queue says no.
  void Queue(QueuedSet queued, absl::Status status);

  enum class Work { kGroup, kIdle, kStop };

  // The writer's thread.
  void Run();
  Work AwaitWork();
  void WriteGroup();
  // Sets that a group looked at, accepted or not.
  struct Collected {
    std::vector<Answer> answers;
    size_t changes = 0, bytes = 0;
  };
  Collected Collect(Group& group);
  void CountRefused(const Collected& collected);
  void CommitGroup(Group& group, uint64_t now_us, Collected collected,
                   std::vector<Batch::Write> usage);
  // What waits of PutUsage: its writes, and who is told added to `answers`.
  std::vector<Batch::Write> TakeUsage(std::vector<Answer>& answers);
  void SweepWhenIdle();
  void RefreshView();
  void SweepRequests(uint64_t now_us, size_t openings_max, Head& head, Batch& batch);

  // Commits with the old head as expectation and `head` as the new one; counts how long it took.
  CommitResult Commit(Batch& batch, const Head& head);
  // Continues from an applied commit.
  void Continue(const Head& head, std::string head_bytes,
                std::shared_ptr<const Directory> directory,
                std::shared_ptr<const AuditTree> audit_tree);
  // What an unsuccessful commit means for its group; changes what is accepted from now on.
  absl::Status Failure(const CommitResult& result);
  // Answers the group and, after an unknown outcome, everybody who waits; then recovers.
  void Fail(const CommitResult& result, Collected collected);
  // Until the store is read again or the ledger stops.
  void Recover();
  absl::Status RecoverOnce();
  void Publish();

  // Posts the answers, and gives back what their sets took of the queue.
  void Tell(Collected collected);
  void TellQueued(const absl::Status& status);

  const std::unique_ptr<Engine> engine_;
  const Options options_;

  // The writer's thread alone.
  CommitClock clock_;
  StoreState state_;
  RequestSweep sweep_;
  absl::Time published_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  WriteQueue queue_;
  UsageQueue usage_;
  bool waiting_ = false;
  bool stopping_ = false;
  absl::Status accepts_;  // why not, when changes are not accepted
  absl::Status trouble_;  // of the last commit, when it was not applied
  LedgerFigures figures_;

  mutable std::mutex view_mutex_;  // guards what follows; held for the copy of a pointer
  std::shared_ptr<const View> view_;
  absl::Time view_published_;     // of the last that there was
  uint64_t view_leaf_count_ = 0;  // likewise

  std::optional<AnswerThread> answers_;
  std::once_flag stopped_;
  std::thread thread_;
};

}  // namespace gusu::storage
