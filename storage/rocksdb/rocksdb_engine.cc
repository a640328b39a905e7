#include "storage/rocksdb/rocksdb_engine.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/write_batch.h"
#include "storage/batch_limits.h"
#include "storage/rocksdb/log_check.h"
#include "storage/rocksdb/rocksdb_figures.h"
#include "storage/rocksdb/rocksdb_settings.h"
#include "storage/rocksdb/rocksdb_status.h"
#include "storage/rocksdb/store_directory.h"
#include "storage/rocksdb/table_files.h"

namespace gusu::storage {
namespace {

using Log = std::function<void(std::string_view)>;

// Keys that a scan visits between two looks at the clock.
constexpr size_t kScanKeysPerAgeCheck = 1024;
// What a recovery writes besides the write-ahead log's content.
constexpr size_t kProbeBytesMin = 1 << 20;
// How long rows may stay in memory and log alone.
constexpr absl::Duration kRenewalInterval = absl::Hours(24);
// How long few files are enough to be gathered, so that the work has begun.
constexpr absl::Duration kGatheringTime = absl::Minutes(1);

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// The state after one commit, of an open database. Shared by all snapshots taken until the next.
class State {
 public:
  explicit State(std::shared_ptr<rocksdb::DB> database)
      : database_(std::move(database)), snapshot_(database_->GetSnapshot()) {}
  ~State() { database_->ReleaseSnapshot(snapshot_); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  rocksdb::DB& database() const { return *database_; }
  rocksdb::ReadOptions reading() const {
    rocksdb::ReadOptions reading;
    reading.snapshot = snapshot_;
    return reading;
  }

 private:
  const std::shared_ptr<rocksdb::DB> database_;
  const rocksdb::Snapshot* const snapshot_;
};

// Counts the snapshots that callers hold.
class Holders {
 public:
  void Add() {
    std::lock_guard lock(mutex_);
    ++count_;
  }
  void Remove() {
    std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  // How many are left after `patience`.
  size_t AwaitNone(absl::Duration patience) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, absl::ToChronoNanoseconds(patience), [&] { return count_ == 0; });
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  size_t count_ = 0;
};

class RocksDbSnapshot final : public Snapshot {
 public:
  RocksDbSnapshot(std::shared_ptr<const State> state, std::shared_ptr<Holders> holders,
                  const AgeClock& clock, Log log)
      : state_(std::move(state)), holders_(std::move(holders)), age_(clock), log_(std::move(log)) {
    holders_->Add();
  }
  ~RocksDbSnapshot() override {
    state_.reset();
    holders_->Remove();
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    if (absl::Status status = age_.Check(); !status.ok()) return status;
    std::string value;
    const rocksdb::Status read = state_->database().Get(state_->reading(), ToSlice(key), &value);
    return Found(read, key, value);
  }

  std::vector<absl::StatusOr<std::optional<std::string>>> MultiGet(
      absl::Span<const std::string> keys) const override {
    std::vector<absl::StatusOr<std::optional<std::string>>> answers;
    answers.reserve(keys.size());
    if (absl::Status status = age_.Check(); !status.ok()) {
      answers.assign(keys.size(), status);
      return answers;
    }
    std::vector<rocksdb::Slice> slices;
    slices.reserve(keys.size());
    for (const std::string& key : keys) slices.push_back(ToSlice(key));
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    rocksdb::DB& database = state_->database();
    database.MultiGet(state_->reading(), database.DefaultColumnFamily(), slices.size(),
                      slices.data(), values.data(), statuses.data());
    for (size_t i = 0; i < keys.size(); ++i) {
      answers.push_back(Found(statuses[i], keys[i], ToView(values[i])));
    }
    return answers;
  }

  absl::Status Scan(std::string_view begin, std::string_view end,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit)
      const override {
    if (absl::Status status = age_.Check(); !status.ok()) return status;
    if (!end.empty() && begin >= end) return absl::OkStatus();
    const rocksdb::Slice upper = ToSlice(end);
    rocksdb::ReadOptions reading = state_->reading();
    if (!end.empty()) reading.iterate_upper_bound = &upper;
    std::unique_ptr<rocksdb::Iterator> at(state_->database().NewIterator(reading));
    size_t visited = 0;
    for (at->Seek(ToSlice(begin)); at->Valid(); at->Next()) {
      if (++visited % kScanKeysPerAgeCheck == 0) {
        if (absl::Status status = age_.Check(); !status.ok()) return status;
      }
      if (!visit(ToView(at->key()), ToView(at->value()))) return absl::OkStatus();
    }
    return Failure(at->status(), "scanning keys",
                   {{"first_key_hex", HexEncode(begin)}, {"last_key_hex", HexEncode(end)}});
  }

  std::vector<StoredFile> Files() const {
    std::vector<StoredFile> files;
    for (TableFile& file : TableFilesOf(state_->database())) {
      files.push_back({std::move(file.name), file.bytes});
    }
    return files;
  }

  absl::Status VerifyFile(const std::string& name) const {
    rocksdb::DB& database = state_->database();
    const ErrorMetadata place = PlaceOf(name, database);
    return FromRocksDb(VerifyTableFile(database, name), "verifying it", log_, place);
  }

  rocksdb::DB& database() const { return state_->database(); }

 private:
  absl::StatusOr<std::optional<std::string>> Found(const rocksdb::Status& status,
                                                   std::string_view key,
                                                   std::string_view value) const {
    if (status.ok()) return std::string(value);
    if (status.IsNotFound()) return std::nullopt;
    return Failure(status, "reading a key", {{"key_hex", HexEncode(key)}});
  }

  // `asked` is what is known when the database does not say which file is damaged.
  absl::Status Failure(const rocksdb::Status& status, const std::string& doing,
                       ErrorMetadata asked) const {
    if (!status.IsCorruption()) return FromRocksDb(status, doing, log_);
    ErrorMetadata where = FileNamedBy(status, state_->database());
    for (auto& [name, value] : asked) {
      const bool known = std::any_of(where.begin(), where.end(), [&name = name](const auto& pair) {
        return pair.first == name;
      });
      if (!known) where.emplace_back(name, std::move(value));
    }
    return FromRocksDb(status, doing, log_, where);
  }

  std::shared_ptr<const State> state_;
  const std::shared_ptr<Holders> holders_;
  const SnapshotAge age_;
  const Log log_;
};

absl::Status Unavailable(std::string_view reason, std::string_view message) {
  return Error(absl::StatusCode::kUnavailable, reason, message);
}

class RocksDbEngine final : public Engine {
 public:
  RocksDbEngine(std::string directory, RocksDbOptions options)
      : directory_(std::move(directory)), options_(std::move(options)) {}

  // Opens the database, which must be closed, and shows its state.
  absl::Status Open() {
    if (absl::Status sound = CheckClosedLogs(); !sound.ok()) return sound;
    rocksdb::DB* database = nullptr;
    const rocksdb::Status opened = rocksdb::DB::Open(Settings(), directory_, &database);
    if (!opened.ok()) return FromRocksDbOpen(opened, directory_, options_.log);
    database_.reset(database);
    Show(std::make_shared<State>(database_));
    return absl::OkStatus();
  }

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() override {
    RenewFilesWhenDue();
    return LatestSnapshot();
  }

  CommitResult Commit(const Batch& batch) override {
    CommitResult result;
    result.status = CheckLimits(batch);
    if (!result.status.ok()) return result;
    std::lock_guard lock(commit_mutex_);
    if (failed_) {
      result.status =
          Unavailable("WRITES_STOPPED", "the outcome of an earlier commit is not known yet");
      return result;
    }
    if (!CheckExpectations(batch, result)) return result;
    Write(batch, result);
    return result;
  }

  absl::Status Recover(absl::Duration patience) override {
    std::lock_guard lock(commit_mutex_);
    if (!failed_) return absl::OkStatus();
    // Reopening writes what the log holds to new files: there is no point in closing a database
    // that can still be read before that has a chance.
    if (absl::Status probe =
            ProbeWritable(directory_, BytesInFiles(directory_, ".log") + kProbeBytesMin);
        !probe.ok()) {
      return probe;
    }
    if (absl::Status closed = Close(patience); !closed.ok()) return closed;
    if (absl::Status opened = Open(); !opened.ok()) return opened;
    failed_ = false;
    return absl::OkStatus();
  }

  // As readers of rows, both hold the database open while they read.
  absl::StatusOr<std::vector<StoredFile>> Files() override {
    const auto snapshot = LatestSnapshot();
    if (!snapshot.ok()) return snapshot.status();
    return (*snapshot)->Files();
  }
  absl::Status VerifyFile(const std::string& name) override {
    const auto snapshot = LatestSnapshot();
    if (!snapshot.ok()) return snapshot.status();
    return (*snapshot)->VerifyFile(name);
  }

  EngineFigures Figures() override {
    const auto snapshot = LatestSnapshot();
    if (!snapshot.ok()) return {};
    return FiguresOf((*snapshot)->database(), *statistics_, directory_);
  }

  bool MayBlock() const override { return false; }

 private:
  rocksdb::Options Settings() const {
    rocksdb::Options settings = SettingsOf(options_);
    settings.statistics = statistics_;
    return settings;
  }

  absl::StatusOr<std::shared_ptr<const RocksDbSnapshot>> LatestSnapshot() {
    std::lock_guard lock(mutex_);
    if (latest_ == nullptr || recovering_) {
      return Unavailable("STORE_UNAVAILABLE", "the store is being recovered");
    }
    return std::make_shared<const RocksDbSnapshot>(latest_, holders_, options_.clock, options_.log);
  }

  // Rows that were written over leave the files when these are merged. Left to itself, RocksDB
  // would keep the last rows in memory and log, and the last files apart, until more is written.
  // So once a day it is told to write out what it has, and to gather files however few they are.
  void RenewFilesWhenDue() {
    const std::unique_lock lock(commit_mutex_, std::try_to_lock);
    if (!lock.owns_lock() || failed_ || database_ == nullptr) return;
    const absl::Time now = options_.clock();
    if (gathers_ && now - renewed_ >= kGatheringTime) GatherFrom(kGatheredFiles);
    if (now - renewed_ < kRenewalInterval) return;
    renewed_ = now;
    rocksdb::FlushOptions flush;
    flush.wait = false;
    flush.allow_write_stall = true;
    const rocksdb::Status flushed = database_->Flush(flush);
    // Nobody waits for it; the next commit meets what is wrong.
    if (!flushed.ok() && options_.log) options_.log("renewing files: " + flushed.ToString());
    GatherFrom(1);
  }

  // RocksDB also looks for files that are due by their age when its options change.
  void GatherFrom(int files) {
    gathers_ = files < kGatheredFiles;
    const rocksdb::Status set =
        database_->SetOptions({{"level0_file_num_compaction_trigger", absl::StrCat(files)}});
    if (!set.ok() && options_.log) options_.log("gathering files: " + set.ToString());
  }

  // Under the lock that an open database holds, so that no other server's log is touched.
  absl::Status CheckClosedLogs() {
    rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
    rocksdb::FileLock* lock = nullptr;
    const rocksdb::Status locked = env->LockFile(directory_ + "/LOCK", &lock);
    if (!locked.ok()) return FromRocksDbOpen(locked, directory_, options_.log);
    absl::Status sound = CheckLogs(directory_, options_.log);
    const rocksdb::Status unlocked = env->UnlockFile(lock);
    if (sound.ok()) sound = FromRocksDbOpen(unlocked, directory_, options_.log);
    return sound;
  }

  // False, with the result filled in, when the batch must not be written.
  bool CheckExpectations(const Batch& batch, CommitResult& result) {
    for (size_t i = 0; i < batch.expectations.size(); ++i) {
      const Batch::Expectation& expectation = batch.expectations[i];
      std::string value;
      const rocksdb::Status read =
          database_->Get(rocksdb::ReadOptions(), ToSlice(expectation.key), &value);
      if (!read.ok() && !read.IsNotFound()) {
        result.status = FromRocksDb(read, "checking an expectation", options_.log,
                                    FileNamedBy(read, *database_));
        return false;
      }
      const bool holds = read.ok() ? expectation.value == value : !expectation.value.has_value();
      if (holds) continue;
      result.outcome = CommitResult::Outcome::kRefused;
      result.refused_expectation = i;
      return false;
    }
    return true;
  }

  void Write(const Batch& batch, CommitResult& result) {
    rocksdb::WriteBatch writes;
    for (const Batch::Write& write : batch.writes) {
      const rocksdb::Status added = write.value.has_value()
                                        ? writes.Put(ToSlice(write.key), ToSlice(*write.value))
                                        : writes.Delete(ToSlice(write.key));
      if (!added.ok()) {
        result.status = FromRocksDb(added, "gathering a commit", options_.log);
        return;
      }
    }
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const rocksdb::Status written = database_->Write(synced, &writes);
    if (!written.ok()) {
      // A log record whose write or sync failed may be on disk all the same.
      failed_ = true;
      result.outcome = CommitResult::Outcome::kUnknown;
      result.status = FromRocksDb(written, "committing", options_.log);
      return;
    }
    Show(std::make_shared<State>(database_));
    result.outcome = CommitResult::Outcome::kApplied;
  }

  void Show(std::shared_ptr<const State> state) {
    std::lock_guard lock(mutex_);
    latest_.swap(state);
    // The old state is released outside the lock, by `state`, when nobody else holds it.
  }

  // Closes the database once no caller holds a snapshot; reads fail meanwhile. Gives up after
  // `patience`, with everything as before.
  absl::Status Close(absl::Duration patience) {
    SetRecovering(true);
    if (const size_t left = holders_->AwaitNone(patience); left > 0) {
      SetRecovering(false);
      return Error(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   absl::StrCat(left, " reads still hold the state before the failed commit"),
                   {{"snapshots", absl::StrCat(left)}});
    }
    Show(nullptr);
    database_.reset();
    SetRecovering(false);
    return absl::OkStatus();
  }

  void SetRecovering(bool recovering) {
    std::lock_guard lock(mutex_);
    recovering_ = recovering;
  }

  const std::string directory_;
  const RocksDbOptions options_;
  const std::shared_ptr<Holders> holders_ = std::make_shared<Holders>();
  const std::shared_ptr<rocksdb::Statistics> statistics_ = MakeStatistics();

  std::mutex commit_mutex_;  // held by the one commit or recovery that is going on
  std::shared_ptr<rocksdb::DB> database_;
  bool failed_ = false;  // since a commit with an unknown outcome
  absl::Time renewed_ = options_.clock();
  bool gathers_ = false;  // fewer files than usual

  std::mutex mutex_;  // guards what follows; taken after commit_mutex_
  std::shared_ptr<const State> latest_;
  bool recovering_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Engine>> OpenRocksDbEngine(const std::string& directory,
                                                          RocksDbOptions options) {
  if (absl::Status prepared = PrepareDirectory(directory); !prepared.ok()) return prepared;
  auto engine = std::make_unique<RocksDbEngine>(directory, std::move(options));
  if (absl::Status opened = engine->Open(); !opened.ok()) return opened;
  return engine;
}

}  // namespace gusu::storage
