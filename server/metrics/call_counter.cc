#include "server/metrics/call_counter.h"

#include <algorithm>
#include <chrono>

namespace gusu::server {
namespace {

int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void CallCounter::Count(int code, absl::Duration latency) {
  const int64_t ns = std::max<int64_t>(0, absl::ToInt64Nanoseconds(latency));
  const auto range =
      std::lower_bound(kLatencyBoundsUs.begin(), kLatencyBoundsUs.end(), ns,
                       [](int64_t bound_us, int64_t of) { return bound_us * 1000 < of; });
  const auto index = static_cast<size_t>(range - kLatencyBoundsUs.begin());
  latencies_[index].fetch_add(1, std::memory_order_relaxed);
  latency_ns_sum_.fetch_add(static_cast<uint64_t>(ns), std::memory_order_relaxed);
  Count(code);
}

void CallCounter::Count(int code) {
  for (CodeCount& counted : codes_) {
    int found = counted.code.load(std::memory_order_relaxed);
    if (found == CodeCount::kUnused &&
        counted.code.compare_exchange_strong(found, code, std::memory_order_relaxed)) {
      found = code;
    }
    if (found != code) continue;
    counted.count.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  other_codes_.fetch_add(1, std::memory_order_relaxed);
}

CallCounter::Figures CallCounter::Read() const {
  Figures figures;
  for (const CodeCount& counted : codes_) {
    const int code = counted.code.load(std::memory_order_relaxed);
    if (code == CodeCount::kUnused) break;
    figures.codes.emplace_back(code, counted.count.load(std::memory_order_relaxed));
  }
  if (const uint64_t others = other_codes_.load(std::memory_order_relaxed); others > 0) {
    figures.codes.emplace_back(kOtherCode, others);
  }
  std::sort(figures.codes.begin(), figures.codes.end());
  for (size_t i = 0; i < latencies_.size(); ++i) {
    figures.latencies[i] = latencies_[i].load(std::memory_order_relaxed);
  }
  figures.latency_seconds_sum =
      static_cast<double>(latency_ns_sum_.load(std::memory_order_relaxed)) / 1e9;
  return figures;
}

CallTimer::CallTimer(CallCounter* counter) : counter_(counter) {
  if (counter_ != nullptr) begun_ns_ = NowNs();
}

void CallTimer::End(int code) const {
  if (counter_ != nullptr) counter_->Count(code, absl::Nanoseconds(NowNs() - begun_ns_));
}

void CallTimer::EndUntimed(int code) const {
  if (counter_ != nullptr) counter_->Count(code);
}

}  // namespace gusu::server
