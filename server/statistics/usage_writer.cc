#include "server/statistics/usage_writer.h"

#include <future>
#include <memory>
#include <utility>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "server/log.h"
#include "server/statistics/usage_rows.h"
#include "storage/keys.h"
#include "storage/registry_day.h"

namespace gusu::server {
namespace {

using storage::v1::UsageRow;

// Of one call of PutUsage.
constexpr size_t kWritesMax = 1000;
constexpr size_t kWriteBytesMax = 1 << 20;

absl::TimeZone ZoneOf(const storage::Ledger& ledger) {
  const auto view = ledger.Latest();
  return view.ok() ? storage::RegistryZone((*view)->directory()) : absl::UTCTimeZone();
}

void MergeInto(UsageMap& all, const UsageKey& key, const Usage& usage) {
  Usage& merged = all[key];
  merged.counts.Merge(usage.counts);
  merged.sources.Merge(usage.sources);
}

absl::StatusOr<std::string> StoredValue(const storage::View& view, const std::string& key) {
  std::string stored;
  GUSU_RETURN_IF_ERROR(
      view.ScanStored(key, key + '\0', [&](std::string_view, std::string_view value) {
        stored = value;
        return false;
      }));
  return stored;
}

}  // namespace

UsageWriter::UsageWriter(storage::Ledger* ledger, std::function<absl::Time()> clock)
    : ledger_(ledger),
      clock_(std::move(clock)),
      recorder_(ZoneOf(*ledger),
                [this] {
                  const std::lock_guard lock(mutex_);
                  many_ = true;
                  wake_.notify_one();
                }),
      thread_([this] { Run(); }) {}

UsageWriter::~UsageWriter() { Stop(); }

void UsageWriter::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void UsageWriter::Run() {
  absl::Status before;
  for (bool stopping = false; !stopping;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, absl::ToChronoMilliseconds(kInterval),
                     [this] { return stopping_ || many_; });
      many_ = false;
      stopping = stopping_;
    }
    absl::Status status = Write();
    if (status.code() != before.code()) {
      Log(status.ok() ? LogLevel::kInfo : LogLevel::kWarning,
          status.ok() ? "usage_written" : "usage_not_written",
          {{"status", std::string(status.message())}});
    }
    before = std::move(status);
  }
}

absl::Status UsageWriter::Write() {
  const std::lock_guard lock(write_mutex_);
  return WriteLocked();
}

absl::Status UsageWriter::WriteLocked() {
  for (const auto& [key, usage] : recorder_.TakeAll()) {
    // What cannot be written for long is not kept for ever.
    if (waiting_.size() < UsageRecorder::kFollowed || waiting_.contains(key)) {
      MergeInto(waiting_, key, usage);
    }
  }
  // A write of nothing: it is told OK when the ledger has found out what became of those before.
  if (!sent_.empty()) GUSU_RETURN_IF_ERROR(Send({}));
  GUSU_ASSIGN_OR_RETURN(std::shared_ptr<const storage::View> view, ledger_->Latest());
  GUSU_RETURN_IF_ERROR(PutBack(*view));
  while (!waiting_.empty()) {
    std::vector<storage::Batch::Write> writes;
    size_t bytes = 0;
    while (!waiting_.empty() && writes.size() < kWritesMax && bytes < kWriteBytesMax) {
      auto next = waiting_.extract(waiting_.begin());
      const UsageKey& key = next.key();
      const std::string row_key = storage::UsageKey(key.prefix_key, key.day, key.door);
      absl::StatusOr<UsageRow> row = ReadUsageRow(*view, row_key);
      if (!row.ok() && !absl::IsDataLoss(row.status())) {
        waiting_.insert(std::move(next));
        return row.status();
      }
      if (!row.ok()) row = UsageRow();  // a damaged one is begun anew
      AddToRow(next.mapped(), &*row);
      storage::Batch::Write write{row_key, row->SerializeAsString()};
      bytes += write.key.size() + write.value->size();
      writes.push_back(write);
      sent_.push_back({std::move(write), key, std::move(next.mapped())});
    }
    GUSU_RETURN_IF_ERROR(Send(std::move(writes)));
    sent_.clear();
    GUSU_ASSIGN_OR_RETURN(view, ledger_->Latest());
  }
  return Sweep(*view);
}

// What was sent and is not in the store waits again.
absl::Status UsageWriter::PutBack(const storage::View& view) {
  while (!sent_.empty()) {
    const Sent& last = sent_.back();
    GUSU_ASSIGN_OR_RETURN(const std::string stored, StoredValue(view, last.write.key));
    if (stored != *last.write.value) MergeInto(waiting_, last.key, last.usage);
    sent_.pop_back();
  }
  return absl::OkStatus();
}

absl::Status UsageWriter::Send(std::vector<storage::Batch::Write> writes) {
  std::promise<absl::Status> outcome;
  ledger_->PutUsage(std::move(writes),
                    [&outcome](absl::Status status) { outcome.set_value(std::move(status)); });
  return outcome.get_future().get();
}

absl::Status UsageWriter::Sweep(const storage::View& view) {
  const absl::TimeZone zone = storage::RegistryZone(view.directory());
  const int32_t today = storage::DayOf(static_cast<uint64_t>(absl::ToUnixMicros(clock_())), zone);
  GUSU_ASSIGN_OR_RETURN(std::vector<storage::Batch::Write> writes, sweep_.Next(view, today));
  if (!writes.empty()) GUSU_RETURN_IF_ERROR(Send(std::move(writes)));
  sweep_.Confirm();
  return absl::OkStatus();
}

}  // namespace gusu::server
