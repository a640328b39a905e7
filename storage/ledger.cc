#include "storage/ledger.h"

#include <utility>

#include "proto/error.h"
#include "proto/status_macros.h"
#include "storage/figures.h"
#include "storage/head.h"
#include "storage/keys.h"
#include "storage/ledger_writer.h"

namespace gusu::storage {
namespace {

// Raises the leader epoch: from here on, a server that led before cannot write.
absl::Status TakeLead(Engine& engine, StoreState& state) {
  Head head = state.head;
  ++head.leader_epoch;
  const std::string head_bytes = EncodeHead(head);
  Batch batch;
  batch.Expect(HeadKey(), state.head_bytes);
  batch.Put(HeadKey(), head_bytes);
  const CommitResult result = engine.Commit(batch);
  switch (result.outcome) {
    case CommitResult::Outcome::kApplied:
      state.head = head;
      state.head_bytes = head_bytes;
      return absl::OkStatus();
    case CommitResult::Outcome::kRefused:
      return Error(absl::StatusCode::kUnavailable, "NOT_LEADER",
                   "another server began to write to this store just now");
    default:
      return result.status;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(std::unique_ptr<Engine> engine,
                                                     Options options) {
  GUSU_ASSIGN_OR_RETURN(StoreState state, ReadStore(*engine));
  CommitClock clock(options.clock, options.monotonic_clock);
  if (!options.accept_clock) {
    GUSU_RETURN_IF_ERROR(clock.CheckStart(state.head.last_revision, options.clock_ahead_max));
  }
  GUSU_RETURN_IF_ERROR(TakeLead(*engine, state));
  GUSU_ASSIGN_OR_RETURN(state.snapshot, engine->Latest());
  return std::unique_ptr<Ledger>(new Ledger(std::make_unique<Writer>(
      std::move(engine), std::move(options), std::move(clock), std::move(state))));
}

Ledger::Ledger(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
Ledger::~Ledger() = default;

void Ledger::Append(ChangeSet set, AppendCallback done) {
  writer_->Append(std::move(set), std::move(done));
}

void Ledger::PutUsage(std::vector<Batch::Write> writes, std::function<void(absl::Status)> done) {
  writer_->PutUsage(std::move(writes), std::move(done));
}

void Ledger::AfterQueued(std::function<void()> done) { writer_->AfterQueued(std::move(done)); }

absl::StatusOr<std::shared_ptr<const View>> Ledger::Latest() const { return writer_->Latest(); }

absl::StatusOr<std::vector<StoredFile>> Ledger::Files() const { return writer_->engine().Files(); }

absl::Status Ledger::VerifyFile(const std::string& name) const {
  return writer_->engine().VerifyFile(name);
}

absl::Status Ledger::Writable() const { return writer_->Writable(); }

void Ledger::Stop() { writer_->Stop(); }

LedgerFigures Ledger::figures() const { return writer_->figures(); }

EngineFigures Ledger::engine_figures() const { return writer_->engine().Figures(); }

}  // namespace gusu::storage
