#include "client/cli/bench_loop.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>

namespace gusu::cli {
namespace {

constexpr uint64_t kErrorsMax = 100;
constexpr uint64_t kSteps = 32;  // buckets for each doubling

}  // namespace

// Below 32 a bucket a microsecond; from there, 32 buckets for each doubling.
size_t LatencyHistogram::BucketOf(uint64_t microseconds) {
  if (microseconds < kSteps) return static_cast<size_t>(microseconds);
  const auto doublings = static_cast<uint64_t>(std::bit_width(microseconds)) - 6;
  const size_t bucket = (doublings + 1) * kSteps + (microseconds >> doublings) - kSteps;
  return std::min(bucket, kBuckets - 1);
}

uint64_t LatencyHistogram::UpperBoundOf(size_t bucket) {
  if (bucket < kSteps) return bucket;
  const uint64_t doublings = bucket / kSteps - 1;
  return ((bucket % kSteps + kSteps + 1) << doublings) - 1;
}

void LatencyHistogram::Add(uint64_t microseconds) {
  ++buckets_[BucketOf(microseconds)];
  ++count_;
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
}

uint64_t LatencyHistogram::Percentile(double fraction) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= std::max<uint64_t>(rank, 1)) return UpperBoundOf(i);
  }
  return UpperBoundOf(kBuckets - 1);
}

Budget::Budget(double seconds, uint64_t count)
    : end_(Clock::now() + std::chrono::microseconds(static_cast<int64_t>(seconds * 1e6))),
      left_(static_cast<int64_t>(count)) {}

bool Budget::Take(uint64_t count) {
  if (Clock::now() >= end_ || errors_count_.load(std::memory_order_relaxed) >= kErrorsMax) {
    return false;
  }
  return left_.fetch_sub(static_cast<int64_t>(count)) >= static_cast<int64_t>(count);
}

uint64_t MicrosecondsSince(Budget::Clock::time_point begin) {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Budget::Clock::now() - begin).count());
}

Status UnreachableStatus(const std::string& server, std::string_view why) {
  return {StatusCode::kUnavailable,
          server + " cannot be reached: " + std::string(why),
          std::string(kReasonServerUnreachable),
          {}};
}

void AddError(const Status& status, Budget* budget, Measured* measured) {
  budget->CountError();
  ++measured->errors_count;
  if (measured->first_error.ok()) measured->first_error = status;
}

void AddOutcome(const Status& status, uint64_t microseconds, Budget* budget, Measured* measured) {
  if (!status.ok()) return AddError(status, budget, measured);
  measured->latency.Add(microseconds);
  ++measured->rows_count;
}

void SendTimes::Push() {
  const std::lock_guard lock(mutex_);
  times_.push_back(Budget::Clock::now());
}

uint64_t SendTimes::PopMicroseconds() {
  const std::lock_guard lock(mutex_);
  const auto sent = times_.front();
  times_.pop_front();
  return MicrosecondsSince(sent);
}

Measured RunWorkers(size_t workers, const std::function<Measured(size_t worker)>& work) {
  std::vector<Measured> parts(workers);
  const auto begin = Budget::Clock::now();
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < workers; ++i) {
      threads.emplace_back([&parts, &work, i] { parts[i] = work(i); });
    }
  }
  Measured all;
  all.seconds = static_cast<double>(MicrosecondsSince(begin)) / 1e6;
  for (Measured& part : parts) {
    all.latency.Merge(part.latency);
    all.rows_count += part.rows_count;
    all.errors_count += part.errors_count;
    all.lost_count += part.lost_count;
    if (all.first_error.ok()) all.first_error = std::move(part.first_error);
  }
  return all;
}

Measured RunCalls(Budget* budget, uint64_t rows, const std::function<Status()>& call) {
  Measured measured;
  while (budget->Take(rows)) {
    const auto begin = Budget::Clock::now();
    const Status status = call();
    if (status.ok()) {
      measured.latency.Add(MicrosecondsSince(begin));
      measured.rows_count += rows;
      continue;
    }
    AddError(status, budget, &measured);
  }
  return measured;
}

}  // namespace gusu::cli
