// What the writer counts of its work.
#include <variant>

#include "absl/time/time.h"
#include "storage/keys.h"
#include "storage/ledger_writer.h"

namespace gusu::storage {

LedgerFigures Ledger::Writer::figures() const {
  LedgerFigures figures;
  {
    std::lock_guard lock(mutex_);
    figures = figures_;
    figures.queue_changes = queue_.changes();
    figures.queue_bytes = queue_.bytes();
  }
  figures.queue_changes_max = options_.queue_changes_max;
  figures.queue_bytes_max = options_.queue_bytes_max;
  std::lock_guard lock(view_mutex_);
  figures.leaf_count = view_leaf_count_;
  if (view_ != nullptr) figures.view_age = options_.monotonic_clock() - view_published_;
  return figures;
}

void Ledger::Writer::CountRefused(const Collected& collected) {
  uint64_t refused = 0;
  for (const Answer& answer : collected.answers) {
    refused += !answer.outcome.ok() || std::holds_alternative<Refused>(*answer.outcome);
  }
  std::lock_guard lock(mutex_);
  figures_.refused += refused;
}

CommitResult Ledger::Writer::Commit(Batch& batch, const Head& head) {
  batch.Expect(HeadKey(), state_.head_bytes);
  batch.Put(HeadKey(), EncodeHead(head));
  const absl::Time begun = MonotonicNow();
  CommitResult result = engine_->Commit(batch);
  const absl::Duration taken = MonotonicNow() - begun;
  std::lock_guard lock(mutex_);
  figures_.commit_seconds.Add(absl::ToDoubleSeconds(taken));
  figures_.commits_failed += result.outcome != CommitResult::Outcome::kApplied;
  return result;
}

}  // namespace gusu::storage
