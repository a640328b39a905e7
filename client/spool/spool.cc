#include "gusu/spool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "client/connection/convert.h"
#include "client/connection/retry.h"
#include "client/connection/text_check.h"
#include "client/spool/spool_file.h"

namespace gusu {
namespace {

using Clock = std::chrono::steady_clock;

// Read from the files at a time.
constexpr size_t kReadBytes = 256 * 1024;
// As the largest message of the API, with room for the fields around the row.
constexpr size_t kRowBytesMax = (4 << 20) - 1024;

// Whether the registry has decided about the row. What it says about the line, the credential or
// itself is not about the row.
bool IsFinal(const Status& status) {
  switch (status.code) {
    case StatusCode::kUnknownOutcome:
    case StatusCode::kUnauthenticated:
    case StatusCode::kUnavailable:
    case StatusCode::kUnimplemented:
      return false;
    case StatusCode::kPermissionDenied:
      return status.reason != "ROLE_REFUSED";
    case StatusCode::kResourceExhausted:
      return !IsRetryable(status);
    case StatusCode::kCancelled:
    case StatusCode::kUnknown:
    case StatusCode::kDeadlineExceeded:
    case StatusCode::kInternal:
      return !status.reason.empty();
    default:
      return true;
  }
}

Result<std::string> Encode(RegisterRow& row) {
  if (row.mint && row.request_id.empty()) row.request_id = MakeRequestId();
  if (Status fault = CheckText(row); !fault.ok()) return fault;
  const v1::RegisterRow message = ToProto(row);
  const size_t bytes = message.ByteSizeLong();
  if (bytes > kRowBytesMax) {
    return Status{StatusCode::kInvalidArgument,
                  "the row has " + std::to_string(bytes) + " bytes; at most " +
                      std::to_string(kRowBytesMax) + " can be sent",
                  "RECORD_TOO_LARGE",
                  {{"bytes", std::to_string(bytes)}, {"bytes_max", std::to_string(kRowBytesMax)}}};
  }
  return message.SerializeAsString();
}

class FileSpool final : public Spool {
 public:
  FileSpool(Client client, std::unique_ptr<SpoolFile> file, OnOutcome on_outcome,
            SpoolOptions options)
      : client_(std::move(client)),
        on_outcome_(std::move(on_outcome)),
        options_(std::move(options)),
        file_(std::move(file)),
        synced_until_(file_->next_number() - 1),
        sender_([this] { SendUntilStopped(); }) {}

  ~FileSpool() override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    sender_.join();
    // A cursor that cannot be written makes the next process say `repeated` too often, no worse.
    if (file_failure_.ok()) file_->CloseCursor();
  }

  Result<uint64_t> Append(RegisterRow row) override {
    std::vector<RegisterRow> rows;
    rows.push_back(std::move(row));
    return AppendAll(std::move(rows));
  }

  Result<uint64_t> AppendAll(std::vector<RegisterRow> rows) override {
    std::vector<std::string> payloads;
    uint64_t bytes = 0;
    for (RegisterRow& row : rows) {
      Result<std::string> payload = Encode(row);
      if (!payload) return std::move(payload).status();
      bytes += SpoolFile::BytesOfRow(payload->size());
      payloads.push_back(*std::move(payload));
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (!file_failure_.ok()) return file_failure_;
    if (file_->bytes() + bytes > options_.bytes_max) return Full(bytes);
    const uint64_t first_number = file_->next_number();
    if (Status status = file_->Append(payloads); !status.ok()) return file_failure_ = status;
    if (Status status = SyncUntil(file_->next_number() - 1, lock); !status.ok()) return status;
    lock.unlock();
    changed_.notify_all();
    return first_number;
  }

  bool WaitUntilReported(std::chrono::milliseconds time_max) override {
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t last_number = file_->next_number() - 1;
    return changed_.wait_for(lock, time_max, [&] { return file_->reported() >= last_number; });
  }

  SpoolStats stats() const override {
    std::lock_guard<std::mutex> lock(mutex_);
    return {file_->next_number() - 1 - file_->reported(), file_->bytes(),
            file_failure_.ok() ? last_error_ : file_failure_};
  }

 private:
  struct Sent {
    uint64_t number;
    RegisterRow row;
  };

  Status Full(uint64_t bytes) const {
    return {StatusCode::kResourceExhausted,
            "the spool holds " + std::to_string(file_->bytes()) + " of at most " +
                std::to_string(options_.bytes_max) + " bytes; " + std::to_string(bytes) +
                " more do not fit",
            std::string(kReasonSpoolFull),
            {{"bytes", std::to_string(file_->bytes())},
             {"bytes_max", std::to_string(options_.bytes_max)},
             {"bytes_wanted", std::to_string(bytes)}}};
  }

  // One thread syncs for all that have written meanwhile.
  Status SyncUntil(uint64_t number, std::unique_lock<std::mutex>& lock) {
    while (synced_until_ < number) {
      if (!file_failure_.ok()) return file_failure_;
      if (syncing_) {
        changed_.wait(lock);
        continue;
      }
      syncing_ = true;
      const uint64_t written_until = file_->next_number() - 1;
      const std::shared_ptr<FileHandle> tail = file_->tail();
      lock.unlock();
      const Status status = SpoolFile::Sync(*tail);
      lock.lock();
      syncing_ = false;
      if (status.ok()) {
        synced_until_ = std::max(synced_until_, written_until);
      } else {
        // What a failed sync has kept cannot be known: no row after it may be promised.
        file_failure_ = status;
      }
      changed_.notify_all();
    }
    return {};
  }

  // ---- The sender's thread ---------------------------------------------------------------------

  void SendUntilStopped() {
    RetryOptions pauses;
    pauses.backoff_initial = options_.pause_first;
    pauses.backoff_max = options_.pause_max;
    Backoff backoff(pauses);
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_) {
      const uint64_t reported_before = file_->reported();
      changed_.wait(lock, [this] {
        return stopping_ || (file_failure_.ok() && file_->reported() < synced_until_);
      });
      if (stopping_) return;
      SendOverOneStream(lock);
      if (file_->reported() > reported_before) backoff.Reset();
      const auto until = Clock::now() + backoff.Next();
      changed_.wait_until(lock, until, [this] { return stopping_; });
    }
  }

  // Returns when the stream has failed or the spool is stopping.
  void SendOverOneStream(std::unique_lock<std::mutex>& lock) {
    stream_failed_ = false;
    sent_.clear();
    uint64_t next_number = file_->reported() + 1;
    RegisterStreamOptions options;
    options.window_rows = std::max<size_t>(options_.window_rows, 1);
    options.on_behalf_of = options_.on_behalf_of;
    options.on_outcome = [this](RowOutcome outcome) { TakeOutcome(std::move(outcome)); };
    lock.unlock();
    std::unique_ptr<RegisterStream> stream = client_.OpenRegisterStream(std::move(options));
    lock.lock();
    if (stream == nullptr) {
      last_error_ = {StatusCode::kUnimplemented, "the connection has no register stream", "", {}};
      return;
    }
    while (true) {
      changed_.wait(lock, [&] {
        return stopping_ || stream_failed_ ||
               (next_number <= synced_until_ && sent_.size() < options_.window_rows);
      });
      if (stopping_ || stream_failed_) break;
      if (!SendSome(*stream, next_number, lock)) break;
    }
    lock.unlock();
    stream.reset();  // waits for a callback under way
    lock.lock();
  }

  // Moves `next_number` past what was written. False when the stream or the files have failed.
  bool SendSome(RegisterStream& stream, uint64_t& next_number, std::unique_lock<std::mutex>& lock) {
    Result<std::vector<SpooledRow>> rows = file_->Read(next_number, synced_until_ + 1, kReadBytes);
    if (!rows) {
      file_failure_ = rows.status();
      return false;
    }
    for (SpooledRow& spooled : *rows) {
      if (stopping_ || stream_failed_ || sent_.size() >= options_.window_rows) break;
      v1::RegisterRow message;
      if (!message.ParseFromString(spooled.payload)) {
        file_failure_ = {StatusCode::kDataLoss,
                         "row " + std::to_string(spooled.number) + " of the spool is no row",
                         std::string(kReasonSpoolCorrupt),
                         {{"row_number", std::to_string(spooled.number)}}};
        return false;
      }
      RegisterRow row = FromProto(message);
      sent_.push_back({spooled.number, row});
      next_number = spooled.number + 1;
      lock.unlock();
      Status status = stream.Write(std::move(row));
      lock.lock();
      if (!status.ok()) {
        last_error_ = std::move(status);
        return false;
      }
    }
    return true;
  }

  // On the stream's thread, in the order of rows.
  void TakeOutcome(RowOutcome outcome) {
    std::unique_lock<std::mutex> lock(mutex_);
    Sent sent = std::move(sent_.front());
    sent_.pop_front();
    if (!stream_failed_ && !stopping_) {
      const Status& status = outcome.result.status();
      if (!IsFinal(status)) {
        last_error_ = status;
        stream_failed_ = true;  // this row and all after it are sent again
      } else {
        Report(std::move(sent), std::move(outcome.result), lock);
      }
    }
    lock.unlock();
    changed_.notify_all();
  }

  void Report(Sent sent, Result<RegisterResult> result, std::unique_lock<std::mutex>& lock) {
    last_error_ = {};
    const uint64_t number = sent.number;
    const bool repeated = number <= file_->repeated_until();
    if (Status status = file_->BeginReport(number); !status.ok()) {
      file_failure_ = status;
      stream_failed_ = true;
      return;
    }
    lock.unlock();
    if (on_outcome_) on_outcome_({number, std::move(sent.row), std::move(result), repeated});
    lock.lock();
    if (Status status = file_->EndReport(number); !status.ok()) {
      file_failure_ = status;
      stream_failed_ = true;
    }
  }

  Client client_;
  const OnOutcome on_outcome_;
  const SpoolOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below is guarded by mutex_.
  const std::unique_ptr<SpoolFile> file_;
  uint64_t synced_until_;
  bool syncing_ = false;
  bool stopping_ = false;
  Status file_failure_;  // once set, the files are not touched any more
  Status last_error_;
  std::deque<Sent> sent_;  // at most window_rows
  bool stream_failed_ = false;

  std::thread sender_;  // last: it uses all of the above
};

}  // namespace

Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::Open(Client client, const std::string& directory,
                                           OnOutcome on_outcome, SpoolOptions options) {
  Result<std::unique_ptr<SpoolFile>> file = SpoolFile::Open(directory, options.segment_bytes);
  if (!file) return std::move(file).status();
  return std::unique_ptr<Spool>(new FileSpool(std::move(client), *std::move(file),
                                              std::move(on_outcome), std::move(options)));
}

}  // namespace gusu
