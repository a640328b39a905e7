// Counts the calls of one door and method. May be called from any thread; costs some nanoseconds.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/caller.h"

namespace gusu::server {

class CallCounter {
 public:
  // What a call without an answer ends with: a datagram that is dropped.
  static constexpr int kNoAnswer = -1;
  // What is told of codes beyond kCodesMax different ones.
  static constexpr int kOtherCode = -2;
  static constexpr size_t kCodesMax = 24;

  // Upper bounds of what latencies are told apart by, ascending; the last range is of the rest.
  static constexpr std::array<int64_t, 18> kLatencyBoundsUs = {
      10,     20,     50,     100,     200,     500,     1'000,     2'000,     5'000,
      10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000, 2'000'000, 10'000'000};

  CallCounter(Door door, std::string method) : door_(door), method_(std::move(method)) {}

  Door door() const { return door_; }
  const std::string& method() const { return method_; }

  // A call that ended with `code`, in the door's own terms: a status of gRPC or of HTTP, a response
  // code of the Handle protocol.
  void Count(int code, absl::Duration latency);
  // One whose time says nothing: of a stream that lasts as long as its caller wants.
  void Count(int code);

  struct Figures {
    std::vector<std::pair<int, uint64_t>> codes;  // ascending
    // As kLatencyBoundsUs, and one more for the rest.
    std::array<uint64_t, kLatencyBoundsUs.size() + 1> latencies{};
    double latency_seconds_sum = 0;
  };
  // As of some moment of now; calls that end meanwhile are in a part of it.
  Figures Read() const;

 private:
  struct CodeCount {
    static constexpr int kUnused = INT32_MIN;
    std::atomic<int> code{kUnused};  // set once
    std::atomic<uint64_t> count{0};
  };

  const Door door_;
  const std::string method_;
  // The first unused one ends them.
  std::array<CodeCount, kCodesMax> codes_;
  std::atomic<uint64_t> other_codes_{0};
  std::array<std::atomic<uint64_t>, kLatencyBoundsUs.size() + 1> latencies_{};
  std::atomic<uint64_t> latency_ns_sum_{0};
};

// One call under way. Copies are of the same call: one of them ends it.
class CallTimer {
 public:
  // nullptr: nobody counts.
  explicit CallTimer(CallCounter* counter);

  void End(int code) const;
  // Without its time.
  void EndUntimed(int code) const;

 private:
  CallCounter* counter_;
  int64_t begun_ns_ = 0;
};

}  // namespace gusu::server
