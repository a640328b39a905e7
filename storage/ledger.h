// Appends changes to the registry in groups, each one commit with one fsync, and shows its state.
//
// One writer thread owns the head: it takes all that queued while the last group was being synced,
// checks each change's preconditions against the store overlaid with the group so far, gives each
// accepted change the next leaf index and a revision (commit time in microseconds, strictly
// increasing), and commits records, history, request ids, openings, counters and the head as one
// batch, whose only expectation is the old head. Outcomes are told after the commit, in the order
// in which the sets were taken: small sets keep their order among themselves, and so do bulk sets
// (more than 64 changes), and the two take turns.
//
// What a restart finds, whichever step it interrupts: before the commit, nothing of the group;
// after it, all of the group. A commit whose outcome is unknown stops writing: everybody who waits
// is told kUnavailable / COMMIT_OUTCOME_UNKNOWN, reads go on, and a recovery with back-off reloads
// the head before the next change is accepted. A repeated request then finds its receipt or starts
// afresh.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/change.h"
#include "storage/engine.h"
#include "storage/snapshot_age.h"
#include "storage/view.h"

namespace gusu::storage {

struct LedgerFigures;  // storage/figures.h

// Changes that happen together or not at all, with consecutive leaf indexes and revisions.
struct ChangeSet {
  // What all of the changes rest on: prefix, registrant, credential…
  std::vector<Precondition> preconditions;
  std::vector<Change> changes;  // 1 to 2000
  // Set when a repeat must be answered with the first receipt.
  struct Request {
    std::string scope;  // registrant acted for, or bureau
    std::string id;     // 1 to 64 bytes
    Hash digest;        // of the normalised request
  };
  std::optional<Request> request;
};

// Where a change stands in the log.
struct Receipt {
  uint64_t leaf_index = 0;
  uint64_t revision = 0;
};

struct Appended {
  Receipt first;  // of changes[0]; the others follow one by one
  size_t change_count = 0;
  bool repeated = false;                 // the request id was known: nothing was written now
  std::vector<std::string> identifiers;  // as written, of minted changes, in order; "" for others
};

// A precondition did not hold; nothing of the set was written. Preconditions of the set are checked
// first, then those of each change in order; the first that does not hold is told.
struct Refused {
  // Of ChangeSet::preconditions when change_index is nullopt, else of changes[*change_index].
  std::optional<size_t> change_index;
  size_t precondition_index = 0;
  // The row that stood at the precondition's key (in its interval: the first), if any; durable by
  // the time this is told. None for an entry of an index, which is no row.
  std::optional<Row> row;
};

// An error is one of:
//   kInvalidArgument / REQUEST_ID_REUSED: the id was used for other content; not written
//   kInvalidArgument / BATCH_TOO_LARGE: no or more than 2000 changes, or larger than a batch may be
//   kFailedPrecondition / SUFFIX_REFUSED: the next 1000 codes of a minting pattern are taken (a
//   repeat
//     goes on after them), or the pattern makes no identifier; not written
//   kFailedPrecondition / CLOCK_IMPLAUSIBLE: the system's time jumped ahead; not written
//   kResourceExhausted / WRITE_QUEUE_FULL: at once; not written
//   kUnavailable / WRITES_STOPPED or NOT_LEADER: certainly not written
//   kUnavailable / COMMIT_OUTCOME_UNKNOWN: may or may not have been written
//   kDataLoss / RECORD_CORRUPT: a row that the set needs cannot be read; not written
using AppendOutcome = absl::StatusOr<std::variant<Appended, Refused>>;
using AppendCallback = std::function<void(AppendOutcome)>;

class Ledger {
 public:
  struct Options {
    // Queue bounds; Append beyond them answers WRITE_QUEUE_FULL.
    size_t queue_changes_max = 64 * 1024;
    size_t queue_bytes_max = 256 << 20;
    // A group takes no more than this; the rest waits for the next.
    size_t group_changes_max = 4096;
    size_t group_bytes_max = 4 << 20;
    // How long a request id is remembered.
    absl::Duration request_retention = absl::Hours(7 * 24);
    // A start whose clock is this far ahead of the last revision is refused …
    absl::Duration clock_ahead_max = absl::Hours(24);
    // … unless the operator vouches for it.
    bool accept_clock = false;
    // Wall clock, and one that never jumps, by which the first is judged; tests bring their own.
    std::function<absl::Time()> clock = absl::Now;
    AgeClock monotonic_clock = MonotonicNow;
    // The view that Latest() gives is renewed when it is this old, also when nothing is written.
    absl::Duration view_age_max = absl::Minutes(1);
    // Back-off between recoveries after an unknown outcome.
    absl::Duration recovery_delay_min = absl::Milliseconds(100);
    absl::Duration recovery_delay_max = absl::Seconds(10);
  };

  // Reads the head and the small tables, takes the lead, and starts the writer. An empty store gets
  // a head. kDataLoss names the row that cannot be read, or that contradicts the head;
  // kFailedPrecondition / STORE_FORMAT_UNKNOWN a format that is not ours, CLOCK_IMPLAUSIBLE a clock
  // that must not be followed; kUnavailable what the engine could not do.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(std::unique_ptr<Engine> engine,
                                                      Options options);
  // Stops as Stop() does.
  ~Ledger();

  // Queues the set and returns; never waits. `done` is called exactly once, on the ledger's answer
  // thread (or before Append returns, when the queue is full or stopped); it must not block.
  void Append(ChangeSet set, AppendCallback done);

  // Writes rows of the table of usage (storage/keys.h), which is no part of the log, with the next
  // group or with one of its own; a later write of the same key wins. At most 10,000 writes and 4
  // MiB wait; beyond that `done` is told WRITE_QUEUE_FULL at once. What Append says of `done`
  // holds.
  void PutUsage(std::vector<Batch::Write> writes, std::function<void(absl::Status)> done);

  // Calls `done` once, as Append would, when every set of few changes that was queued before has
  // been told its outcome: Latest() then shows them. At once when changes are not accepted.
  void AfterQueued(std::function<void()> done);

  // The state after the last group: engine snapshot, small tables and last revision together.
  // kUnavailable for the moments in which a recovery replaces it. Views are released before the
  // ledger is destroyed.
  absl::StatusOr<std::shared_ptr<const View>> Latest() const;

  // As of the engine: they read what is stored, on the calling thread. kUnavailable in the moments
  // in which a recovery closes the store. Have returned before the ledger is destroyed.
  absl::StatusOr<std::vector<StoredFile>> Files() const;
  absl::Status VerifyFile(const std::string& name) const;

  // Whether changes are accepted and were committed when last tried; the status says why not.
  absl::Status Writable() const;

  // Accepts no more, commits what is queued, tells every outcome, and returns. Not to be called
  // from a callback; a second call has no effect.
  void Stop();

  // For logs and metrics.
  LedgerFigures figures() const;
  // As of the engine.
  EngineFigures engine_figures() const;

 private:
  class Writer;
  explicit Ledger(std::unique_ptr<Writer> writer);
  std::unique_ptr<Writer> writer_;
};

}  // namespace gusu::storage
