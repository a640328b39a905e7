#include "storage/ledger_writer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "storage/keys.h"

namespace gusu::storage {
namespace {

// Sets are read and checked in portions, so that one engine read brings a bounded amount.
constexpr size_t kPortionChanges = 512;
// Codes found taken in one group; then the group is closed.
constexpr size_t kGroupTakenCodesMax = 8 * 1024;
// The least that a sweep examines beside a group.
constexpr size_t kSweptOpeningsMin = 256;
constexpr absl::Duration kIdleWaitMax = absl::Seconds(1);
// How long a recovery waits for readers to release their views.
constexpr absl::Duration kRecoveryPatience = absl::Seconds(1);

absl::Status Stopped(std::string_view message) {
  return Error(absl::StatusCode::kUnavailable, "WRITES_STOPPED", message);
}

absl::Status NotLeader() {
  return Error(absl::StatusCode::kUnavailable, "NOT_LEADER",
               "another server writes to this store; send changes there");
}

// For each who is told a status of its own: copies share content behind a count that abseil as
// packaged keeps where the thread sanitizer cannot see it.
absl::Status Unshared(const absl::Status& status) {
  absl::Status own(status.code(), status.message());
  status.ForEachPayload([&own](absl::string_view type_url, const absl::Cord& payload) {
    own.SetPayload(type_url, absl::Cord(std::string(payload)));
  });
  return own;
}

absl::Status CheckShape(const ChangeSet& set) {
  if (set.changes.empty() || set.changes.size() > kSetChangesMax) {
    return Error(absl::StatusCode::kInvalidArgument, "BATCH_TOO_LARGE",
                 Concat(set.changes.size(), " changes at once; 1 to ", kSetChangesMax, " can be"),
                 {{"changes", std::to_string(set.changes.size())},
                  {"changes_max", std::to_string(kSetChangesMax)}});
  }
  return absl::OkStatus();
}

}  // namespace

Ledger::Writer::Writer(std::unique_ptr<Engine> engine, Options options, CommitClock clock,
                       StoreState state)
    : engine_(std::move(engine)),
      options_(std::move(options)),
      clock_(std::move(clock)),
      state_(std::move(state)),
      sweep_(options_.request_retention),
      queue_(options_.queue_changes_max, options_.queue_bytes_max) {
  Publish();
  answers_.emplace();
  thread_ = std::thread([this] { Run(); });
}

Ledger::Writer::~Writer() { Stop(); }

// ---- called from any thread

void Ledger::Writer::Append(ChangeSet set, AppendCallback done) {
  const size_t changes = set.changes.size();
  const size_t bytes = BytesOf(set);
  absl::Status status = CheckShape(set);
  Queue({std::move(set), std::move(done), changes, bytes}, std::move(status));
}

void Ledger::Writer::PutUsage(std::vector<Batch::Write> writes,
                              std::function<void(absl::Status)> done) {
  absl::Status status;
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    status = stopping_ ? Stopped("the server is stopping") : Unshared(accepts_);
    if (status.ok()) status = usage_.Push(writes, done);
    wake = waiting_;
  }
  if (!status.ok()) return done(std::move(status));
  if (wake) changed_.notify_one();
}

// A set without changes: it writes nothing, and its turn comes after those before it.
void Ledger::Writer::AfterQueued(std::function<void()> done) {
  Queue({ChangeSet(), [done = std::move(done)](const AppendOutcome&) { done(); }, 0, 0},
        absl::OkStatus());
}

void Ledger::Writer::Queue(QueuedSet queued, absl::Status status) {
  bool wake = false;
  if (status.ok()) {
    std::lock_guard lock(mutex_);
    status = stopping_ ? Stopped("the server is stopping") : Unshared(accepts_);
    if (status.ok()) status = queue_.Push(queued);
    wake = waiting_;
  }
  if (!status.ok()) return queued.done(std::move(status));
  if (wake) changed_.notify_one();
}

absl::StatusOr<std::shared_ptr<const View>> Ledger::Writer::Latest() const {
  {
    std::lock_guard lock(view_mutex_);
    if (view_ != nullptr) return view_;
  }
  return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
               "the store is being recovered; ask again in a moment");
}

absl::Status Ledger::Writer::Writable() const {
  std::lock_guard lock(mutex_);
  if (stopping_) return Stopped("the server is stopping");
  return Unshared(accepts_.ok() ? trouble_ : accepts_);
}

void Ledger::Writer::Stop() {
  std::call_once(stopped_, [this] {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
    answers_.reset();
  });
}

// ---- the writer's thread

void Ledger::Writer::Run() {
  while (true) {
    switch (AwaitWork()) {
      case Work::kGroup:
        WriteGroup();
        break;
      case Work::kIdle:
        SweepWhenIdle();
        break;
      case Work::kStop:
        return;
    }
    RefreshView();
  }
}

Ledger::Writer::Work Ledger::Writer::AwaitWork() {
  const absl::Duration wait = std::min(kIdleWaitMax, options_.view_age_max);
  std::unique_lock lock(mutex_);
  waiting_ = true;
  changed_.wait_for(lock, absl::ToChronoMicroseconds(wait),
                    [this] { return stopping_ || !queue_.empty() || !usage_.empty(); });
  waiting_ = false;
  if (!queue_.empty() || !usage_.empty()) return Work::kGroup;
  return stopping_ ? Work::kStop : Work::kIdle;
}

void Ledger::Writer::WriteGroup() {
  const absl::StatusOr<uint64_t> now_us = clock_.Now();
  if (!now_us.ok()) {
    {
      std::lock_guard lock(mutex_);
      trouble_ = now_us.status();
    }
    return TellQueued(now_us.status());
  }
  Group group(state_, *now_us);
  Collected collected = Collect(group);
  CountRefused(collected);
  std::vector<Batch::Write> usage = TakeUsage(collected.answers);
  if (!group.has_writes() && usage.empty()) return Tell(std::move(collected));
  CommitGroup(group, *now_us, std::move(collected), std::move(usage));
}

std::vector<Batch::Write> Ledger::Writer::TakeUsage(std::vector<Answer>& answers) {
  UsageQueue::Taken taken;
  {
    std::lock_guard lock(mutex_);
    taken = usage_.TakeAll();
  }
  for (UsageQueue::Done& done : taken.done) {
    answers.push_back({[done = std::move(done)](const AppendOutcome& outcome) {
                         done(Unshared(outcome.status()));
                       },
                       Appended()});
  }
  return std::move(taken.writes);
}

Ledger::Writer::Collected Ledger::Writer::Collect(Group& group) {
  Collected collected;
  WriteQueue::Taken taken{};
  const auto full = [&] {
    return collected.changes >= options_.group_changes_max ||
           group.bytes() >= options_.group_bytes_max || group.taken_codes() >= kGroupTakenCodesMax;
  };
  while (!full()) {
    // A first set always fits, whatever the bound.
    const size_t changes_max = collected.answers.empty()
                                   ? std::max(options_.group_changes_max, kSetChangesMax)
                                   : options_.group_changes_max - collected.changes;
    std::vector<QueuedSet> portion;
    {
      std::lock_guard lock(mutex_);
      portion = queue_.Take(kPortionChanges, changes_max, taken);
    }
    if (portion.empty()) break;
    std::vector<ChangeSet*> sets;
    sets.reserve(portion.size());
    for (QueuedSet& queued : portion) sets.push_back(&queued.set);
    group.Load(sets);
    size_t added = 0;
    for (; added < portion.size() && !full(); ++added) {
      QueuedSet& queued = portion[added];
      collected.answers.push_back({std::move(queued.done), group.Add(queued.set)});
      collected.changes += queued.changes;
      collected.bytes += queued.bytes;
    }
    portion.erase(portion.begin(), portion.begin() + static_cast<ptrdiff_t>(added));
    if (!portion.empty()) {
      std::lock_guard lock(mutex_);
      queue_.Return(std::move(portion), taken);
    }
  }
  return collected;
}

void Ledger::Writer::CommitGroup(Group& group, uint64_t now_us, Collected collected,
                                 std::vector<Batch::Write> usage) {
  auto directory = group.NewDirectory();
  if (!directory.ok()) {
    CommitResult result;
    result.status = std::move(directory).status();
    return Fail(result, std::move(collected));
  }
  Batch batch;
  SweepRequests(now_us, std::max(kSweptOpeningsMin, 2 * group.change_count()), group.head(), batch);
  std::shared_ptr<const AuditTree> audit_tree = group.MoveTo(batch);
  std::move(usage.begin(), usage.end(), std::back_inserter(batch.writes));
  const CommitResult result = Commit(batch, group.head());
  if (result.outcome != CommitResult::Outcome::kApplied) return Fail(result, std::move(collected));
  const size_t changes = group.change_count();
  Continue(group.head(), std::move(*batch.writes.back().value), *std::move(directory),
           std::move(audit_tree));
  {
    std::lock_guard lock(mutex_);
    trouble_ = absl::OkStatus();
    ++figures_.groups;
    figures_.changes += changes;
    if (changes > 0) figures_.group_changes.Add(static_cast<double>(changes));
  }
  Tell(std::move(collected));
}

void Ledger::Writer::SweepRequests(uint64_t now_us, size_t openings_max, Head& head, Batch& batch) {
  if (!sweep_.Due(now_us)) return;
  // A row that cannot be read stops the sweep, not the changes; a read that wants the row tells.
  const auto swept = sweep_.Step(*state_.snapshot, state_.head, now_us, openings_max, batch);
  if (swept.ok()) head.requests_swept_leaf_count = *swept;
}

void Ledger::Writer::SweepWhenIdle() {
  const absl::StatusOr<uint64_t> now_us = clock_.Now();
  if (!now_us.ok() || !sweep_.Due(*now_us) || !Writable().ok()) return;
  Batch batch;
  Head head = state_.head;
  SweepRequests(*now_us, kSweptOpeningsMin, head, batch);
  if (head.requests_swept_leaf_count == state_.head.requests_swept_leaf_count) return;
  const CommitResult result = Commit(batch, head);
  if (result.outcome != CommitResult::Outcome::kApplied) return Fail(result, {});
  Continue(head, std::move(*batch.writes.back().value), state_.directory, state_.audit_tree);
}

void Ledger::Writer::Continue(const Head& head, std::string head_bytes,
                              std::shared_ptr<const Directory> directory,
                              std::shared_ptr<const AuditTree> audit_tree) {
  state_.head = head;
  state_.head_bytes = std::move(head_bytes);
  state_.directory = std::move(directory);
  state_.audit_tree = std::move(audit_tree);
  auto snapshot = engine_->Latest();
  if (snapshot.ok()) {
    state_.snapshot = *std::move(snapshot);
    return Publish();
  }
  // What was committed stands; nothing can go on before it can be read.
  {
    std::lock_guard lock(mutex_);
    accepts_ = Stopped("the store cannot be read; it is being recovered");
  }
  TellQueued(Stopped("the store cannot be read; it is being recovered"));
  Recover();
}

// ---- when a commit fails

absl::Status Ledger::Writer::Failure(const CommitResult& result) {
  sweep_.Forget();
  std::lock_guard lock(mutex_);
  switch (result.outcome) {
    case CommitResult::Outcome::kApplied:
      return absl::OkStatus();
    case CommitResult::Outcome::kRefused:
      // The head is not the one that this ledger wrote.
      return accepts_ = NotLeader();
    case CommitResult::Outcome::kNotApplied:
      return trouble_ =
                 Stopped(Concat("the change was not written: ", StdView(result.status.message())));
    case CommitResult::Outcome::kUnknown:
      accepts_ = Stopped("the outcome of a commit is unknown; the store is being recovered");
      return Error(absl::StatusCode::kUnavailable, "COMMIT_OUTCOME_UNKNOWN",
                   "the change may or may not have been written; repeat the same request");
  }
  return absl::InternalError("an outcome that is none");
}

void Ledger::Writer::Fail(const CommitResult& result, Collected collected) {
  const absl::Status status = Failure(result);
  for (Answer& answer : collected.answers) answer.outcome = Unshared(status);
  Tell(std::move(collected));
  if (result.outcome == CommitResult::Outcome::kNotApplied) return;
  TellQueued(status);
  if (result.outcome == CommitResult::Outcome::kUnknown) Recover();
}

void Ledger::Writer::Recover() {
  absl::Duration delay = options_.recovery_delay_min;
  while (!RecoverOnce().ok()) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, absl::ToChronoMicroseconds(delay), [this] { return stopping_; })) {
      return;
    }
    delay = std::min(2 * delay, options_.recovery_delay_max);
  }
}

absl::Status Ledger::Writer::RecoverOnce() {
  {
    std::lock_guard lock(mutex_);
    ++figures_.recoveries;
  }
  // Readers that come now are told to come again; those that have a view are waited for.
  state_.snapshot = nullptr;
  {
    std::shared_ptr<const View> withdrawn;
    std::lock_guard lock(view_mutex_);
    withdrawn.swap(view_);
  }
  if (absl::Status status = engine_->Recover(kRecoveryPatience); !status.ok()) {
    // The engine still shows the state before, which is the one that the directory is of.
    if (auto before = engine_->Latest(); before.ok()) {
      state_.snapshot = *std::move(before);
      Publish();
    }
    return status;
  }
  GUSU_ASSIGN_OR_RETURN(StoreState state, ReadStore(*engine_));
  const bool leads = state.head.leader_epoch == state_.head.leader_epoch;
  state_ = std::move(state);
  Publish();
  std::lock_guard lock(mutex_);
  accepts_ = leads ? absl::OkStatus() : NotLeader();
  trouble_ = absl::OkStatus();
  return absl::OkStatus();
}

// ---- what others see

void Ledger::Writer::Publish() {
  const TreeHead tree_head{state_.head.leaf_count, state_.head.root};
  auto view = std::make_shared<const View>(state_.snapshot, state_.directory, state_.audit_tree,
                                           tree_head, state_.head.last_revision);
  published_ = options_.monotonic_clock();
  std::lock_guard lock(view_mutex_);
  view_.swap(view);
  view_published_ = published_;
  view_leaf_count_ = tree_head.size;
}

void Ledger::Writer::RefreshView() {
  if (options_.monotonic_clock() - published_ < options_.view_age_max) return;
  auto snapshot = engine_->Latest();
  if (!snapshot.ok()) return;
  const auto head_bytes = (*snapshot)->Get(HeadKey());
  if (!head_bytes.ok()) return;
  if (*head_bytes == state_.head_bytes) {
    state_.snapshot = *std::move(snapshot);
    return Publish();
  }
  // Somebody else wrote: tables and snapshot have to be of the same commit.
  auto state = ReadStore(*engine_);
  if (!state.ok()) return;
  state_ = *std::move(state);
  Publish();
  {
    std::lock_guard lock(mutex_);
    accepts_ = NotLeader();
  }
  TellQueued(NotLeader());
}

void Ledger::Writer::Tell(Collected collected) {
  const size_t changes = collected.changes, bytes = collected.bytes;
  answers_->Post(std::move(collected.answers), [this, changes, bytes] {
    std::lock_guard lock(mutex_);
    queue_.Release(changes, bytes);
  });
}

void Ledger::Writer::TellQueued(const absl::Status& status) {
  std::vector<QueuedSet> sets;
  {
    std::lock_guard lock(mutex_);
    sets = queue_.Drain();
  }
  Collected collected;
  TakeUsage(collected.answers);
  for (Answer& answer : collected.answers) answer.outcome = Unshared(status);
  for (QueuedSet& queued : sets) {
    collected.answers.push_back({std::move(queued.done), Unshared(status)});
    collected.changes += queued.changes;
    collected.bytes += queued.bytes;
  }
  if (!collected.answers.empty()) Tell(std::move(collected));
}

}  // namespace gusu::storage
