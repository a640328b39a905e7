#include "client/connection/register_stream.h"

#include <algorithm>
#include <deque>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "client/connection/convert.h"
#include "client/connection/pump.h"
#include "client/connection/text_check.h"
#include "google/rpc/status.pb.h"

namespace gusu {
namespace {

using Clock = std::chrono::steady_clock;

// Below the server's 4 MiB a message, with room for the fields around the rows.
constexpr size_t kMessageBytesMax = (4 << 20) - 1024;
// A message of several rows stops here.
constexpr size_t kMessageBytesWanted = 1 << 20;
constexpr size_t kMessagesInFlightMax = 8;
// What the server takes in a message, and with include_proof.
constexpr size_t kRowsMax = 1000;
constexpr size_t kProvenRowsMax = 500;

Status RowTooLarge(size_t bytes) {
  return {StatusCode::kInvalidArgument,
          "the row has " + std::to_string(bytes) + " bytes; a message has at most 4194304",
          "RECORD_TOO_LARGE",
          {{"bytes", std::to_string(bytes)}, {"bytes_max", std::to_string(kMessageBytesMax)}}};
}

Status Unknown(const Status& last, const std::string& request_id) {
  Status status{StatusCode::kUnknownOutcome,
                "the row was sent and not answered: repeat it (" + last.ToString() + ")",
                std::string(kReasonOutcomeUnknown),
                {{"last_error", last.ToString()}}};
  if (!request_id.empty()) status.metadata["request_id"] = request_id;
  return status;
}

class GrpcRegisterStream final
    : public RegisterStream,
      private MessageSource<v1::StreamRegisterRequest, v1::StreamRegisterResponse> {
 public:
  GrpcRegisterStream(std::shared_ptr<Stub> stub, RegisterStreamOptions options,
                     const RetryOptions& retry, std::chrono::milliseconds silence_max)
      : stub_(std::move(stub)),
        options_(std::move(options)),
        silence_max_(silence_max),
        policy_(retry),
        row_backoff_(retry),
        driver_([this, retry] { Drive(retry); }) {}

  ~GrpcRegisterStream() override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      abandoned_ = true;
    }
    changed_.notify_all();
    signal_.Notify();
    driver_.join();
  }

  Status Write(RegisterRow row) override {
    Status fault = CheckText(row);
    v1::RegisterRow message = ToProto(row);
    const size_t bytes = message.ByteSizeLong();
    if (fault.ok() && bytes > kMessageBytesMax) fault = RowTooLarge(bytes);

    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] {
      return window_.size() < options_.window_rows || finishing_ || !failure_.ok();
    });
    if (finishing_) {
      return {StatusCode::kFailedPrecondition,
              "the stream was finished",
              std::string(kReasonStreamFinished),
              {}};
    }
    if (!failure_.ok()) return failure_;
    const uint64_t row_index = first_row_index_ + window_.size();
    Row& slot = window_.emplace_back();
    if (fault.ok()) {
      slot.bytes = bytes;
      slot.message = std::move(message);
      to_send_.push_back(row_index);
    } else {
      slot.outcome = RowOutcome{row_index, std::move(fault)};
    }
    // A driver that has a message's worth, or waits for company, need not be woken for each row.
    const bool wake = to_send_.size() <= 1 || to_send_.size() % options_.message_rows == 0;
    lock.unlock();
    if (wake) signal_.Notify();
    changed_.notify_all();
    return {};
  }

  std::optional<RowOutcome> Read() override {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] {
      return window_.empty() ? finishing_ || !failure_.ok() : window_.front().outcome.has_value();
    });
    if (window_.empty()) return std::nullopt;
    return TakeFront(lock);
  }

  Status Finish() override {
    std::unique_lock<std::mutex> lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
    signal_.Notify();
    changed_.wait(lock, [this] { return ended_; });
    return failure_;
  }

 private:
  struct Row {
    v1::RegisterRow message;  // empty once answered
    size_t bytes = 0;
    bool may_have_happened = false;
    // Until when the server may say "later" to this row; counts from its first sending.
    std::optional<Clock::time_point> later_until;
    std::optional<RowOutcome> outcome;
  };

  void Drive(const RetryOptions& retry) {
    Pump<v1::StreamRegisterRequest, v1::StreamRegisterResponse> pump(
        [this](Signal* signal) { return stub_->OpenRegisterWire(signal); }, this, &signal_, retry,
        {kMessagesInFlightMax, silence_max_});
    const Status status = pump.Run();
    std::unique_lock<std::mutex> lock(mutex_);
    if (!status.ok()) FailAll(status);
    if (!abandoned_) Deliver(lock);
    ended_ = true;
    changed_.notify_all();
  }

  // ---- MessageSource, on the driver's thread ---------------------------------------------------

  bool HasMessage() override {
    std::unique_lock<std::mutex> lock(mutex_);
    Deliver(lock);
    RecallDelayed();
    if (to_send_.empty()) return false;
    return in_flight_.empty() || finishing_ || to_send_.size() >= options_.message_rows;
  }

  void TakeMessage(v1::StreamRegisterRequest* message) override {
    std::lock_guard<std::mutex> lock(mutex_);
    if (options_.on_behalf_of) *message->mutable_on_behalf_of() = ToProto(*options_.on_behalf_of);
    message->set_include_proof(options_.include_proof);
    std::vector<uint64_t>& rows = in_flight_.emplace_back();
    size_t bytes = 0;
    while (!to_send_.empty() && rows.size() < options_.message_rows) {
      Row& row = At(to_send_.front());
      if (!rows.empty() && bytes + row.bytes > kMessageBytesWanted) break;
      bytes += row.bytes;
      if (!row.later_until) row.later_until = Clock::now() + silence_max_;
      *message->add_rows() = row.message;
      rows.push_back(to_send_.front());
      to_send_.pop_front();
    }
  }

  bool Answered(const v1::StreamRegisterResponse& response) override {
    std::lock_guard<std::mutex> lock(mutex_);
    if (static_cast<size_t>(response.outcomes_size()) != in_flight_.front().size()) return false;
    const std::vector<uint64_t> rows = std::move(in_flight_.front());
    in_flight_.pop_front();
    std::optional<Clock::time_point> later;  // one pause for all rows of an answer
    for (size_t i = 0; i < rows.size(); ++i) {
      const v1::RowOutcome& outcome = response.outcomes(static_cast<int>(i));
      if (!outcome.has_error()) {
        Answer(rows[i], FromProto(outcome.result()));
        continue;
      }
      Row& row = At(rows[i]);
      const Status error = FromProto(outcome.error());
      if (error.reason == "COMMIT_OUTCOME_UNKNOWN") row.may_have_happened = true;
      if (!policy_.ShouldRetry(error)) {
        Answer(rows[i], error);
      } else if (Clock::now() < *row.later_until) {
        if (!later) later = Clock::now() + row_backoff_.Next();
        delayed_.emplace(*later, rows[i]);
      } else {
        Answer(rows[i], row.may_have_happened ? Unknown(error, row.message.request_id()) : error);
      }
    }
    if (!later) row_backoff_.Reset();
    return true;
  }

  void Broken(bool may_have_happened) override {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto message = in_flight_.rbegin(); message != in_flight_.rend(); ++message) {
      for (uint64_t row_index : *message) At(row_index).may_have_happened |= may_have_happened;
      to_send_.insert(to_send_.begin(), message->begin(), message->end());
    }
    in_flight_.clear();
  }

  bool Done() override {
    std::lock_guard<std::mutex> lock(mutex_);
    return finishing_ && to_send_.empty() && delayed_.empty() && in_flight_.empty();
  }

  bool Abandoned() override {
    std::lock_guard<std::mutex> lock(mutex_);
    return abandoned_;
  }

  Clock::time_point NextLook() override {
    std::lock_guard<std::mutex> lock(mutex_);
    return delayed_.empty() ? Clock::time_point::max() : delayed_.begin()->first;
  }

  // ---- With the lock held ----------------------------------------------------------------------

  Row& At(uint64_t row_index) { return window_[row_index - first_row_index_]; }

  void Answer(uint64_t row_index, Result<RegisterResult> result) {
    Row& row = At(row_index);
    row.message.Clear();
    row.outcome = RowOutcome{row_index, std::move(result)};
    if (row_index == first_row_index_) changed_.notify_all();
  }

  void RecallDelayed() {
    const auto due = delayed_.upper_bound(Clock::now());
    std::vector<uint64_t> rows;
    for (auto row = delayed_.begin(); row != due; ++row) rows.push_back(row->second);
    delayed_.erase(delayed_.begin(), due);
    to_send_.insert(to_send_.begin(), rows.begin(), rows.end());
  }

  void FailAll(const Status& status) {
    failure_ = status;
    for (size_t i = 0; i < window_.size(); ++i) {
      Row& row = window_[i];
      if (row.outcome) continue;
      Answer(first_row_index_ + i,
             row.may_have_happened ? Unknown(status, row.message.request_id()) : status);
    }
    to_send_.clear();
    delayed_.clear();
  }

  RowOutcome TakeFront(std::unique_lock<std::mutex>& lock) {
    RowOutcome outcome = *std::move(window_.front().outcome);
    window_.pop_front();
    ++first_row_index_;
    lock.unlock();
    changed_.notify_all();
    return outcome;
  }

  // Hands what is answered, from the front, to the callback.
  void Deliver(std::unique_lock<std::mutex>& lock) {
    if (!options_.on_outcome) return;
    while (!window_.empty() && window_.front().outcome) {
      RowOutcome outcome = TakeFront(lock);
      options_.on_outcome(std::move(outcome));
      lock.lock();
    }
  }

  const std::shared_ptr<Stub> stub_;
  const RegisterStreamOptions options_;
  const std::chrono::milliseconds silence_max_;
  const RetryPolicy policy_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Signal signal_;
  // All below is guarded by mutex_.
  std::deque<Row> window_;  // from first_row_index_ on; at most window_rows
  uint64_t first_row_index_ = 0;
  std::deque<uint64_t> to_send_;
  std::deque<std::vector<uint64_t>> in_flight_;
  std::multimap<Clock::time_point, uint64_t> delayed_;  // rows that were told to come later
  Backoff row_backoff_;
  bool finishing_ = false;
  bool abandoned_ = false;
  bool ended_ = false;
  Status failure_;

  std::thread driver_;  // last: it uses all of the above
};

class FailedRegisterStream final : public RegisterStream {
 public:
  explicit FailedRegisterStream(Status status) : status_(std::move(status)) {}
  Status Write(RegisterRow) override { return status_; }
  std::optional<RowOutcome> Read() override { return std::nullopt; }
  Status Finish() override { return status_; }

 private:
  const Status status_;
};

}  // namespace

std::unique_ptr<RegisterStream> MakeRegisterStream(std::shared_ptr<Stub> stub,
                                                   RegisterStreamOptions options,
                                                   const RetryOptions& retry,
                                                   std::chrono::milliseconds silence_max) {
  options.window_rows = std::clamp<size_t>(options.window_rows, 1, 100000);
  options.message_rows = std::clamp<size_t>(options.message_rows, 1,
                                            options.include_proof ? kProvenRowsMax : kRowsMax);
  return std::make_unique<GrpcRegisterStream>(std::move(stub), std::move(options), retry,
                                              silence_max);
}

std::unique_ptr<RegisterStream> MakeFailedRegisterStream(Status status) {
  return std::make_unique<FailedRegisterStream>(std::move(status));
}

}  // namespace gusu
