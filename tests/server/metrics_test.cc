// What is counted of calls, and the figures that doors read.
#include "server/metrics/metrics.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <thread>

namespace gusu::server {
namespace {

using Codes = std::vector<std::pair<int, uint64_t>>;

uint64_t Sum(const CallCounter::Figures& figures) {
  return std::accumulate(figures.latencies.begin(), figures.latencies.end(), uint64_t{0});
}

TEST_CASE("calls are counted by code, and their times by range") {
  CallCounter counter(Door::kHttp, "api GET");
  CHECK(counter.Read().codes.empty());
  counter.Count(200, absl::Microseconds(10));
  counter.Count(200, absl::Microseconds(10) + absl::Nanoseconds(1));
  counter.Count(404, absl::Milliseconds(3));
  counter.Count(200, absl::Seconds(11));
  const CallCounter::Figures figures = counter.Read();
  CHECK(figures.codes == Codes{{200, 3}, {404, 1}});
  CHECK(figures.latencies[0] == 1);  // up to 10 us
  CHECK(figures.latencies[1] == 1);  // up to 20 us
  CHECK(CallCounter::kLatencyBoundsUs[8] == 5'000);
  CHECK(figures.latencies[8] == 1);
  CHECK(figures.latencies.back() == 1);
  CHECK(Sum(figures) == 4);
  CHECK(figures.latency_seconds_sum == Approx(11.003020001));
}

TEST_CASE("the ranges of times ascend") {
  const auto& bounds = CallCounter::kLatencyBoundsUs;
  CHECK(std::is_sorted(bounds.begin(), bounds.end()));
  CHECK(std::adjacent_find(bounds.begin(), bounds.end()) == bounds.end());
}

TEST_CASE("a call without a time is counted by its code alone, a time below nothing as nothing") {
  CallCounter counter(Door::kGrpc, "WatchEntries");
  counter.Count(1);
  CHECK(counter.Read().codes == Codes{{1, 1}});
  CHECK(Sum(counter.Read()) == 0);
  counter.Count(0, absl::Seconds(-1));
  CHECK(counter.Read().latencies[0] == 1);
  CHECK(counter.Read().latency_seconds_sum == 0);
}

TEST_CASE("codes beyond those that there is room for are counted together") {
  CallCounter counter(Door::kHttp, "other");
  const auto room = static_cast<int>(CallCounter::kCodesMax);
  for (int round = 0; round < 2; ++round) {
    for (int code = 0; code < room + 5; ++code) counter.Count(code);
  }
  const Codes codes = counter.Read().codes;
  REQUIRE(codes.size() == CallCounter::kCodesMax + 1);
  CHECK(codes[0] == std::pair<int, uint64_t>(CallCounter::kOtherCode, 10));
  for (int code = 0; code < room; ++code) {
    CHECK(codes[static_cast<size_t>(code) + 1] == std::pair<int, uint64_t>(code, 2));
  }
}

TEST_CASE("threads that count at once lose nothing") {
  Metrics metrics;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&metrics] {
        CallCounter* counter = metrics.CounterOf(Door::kGrpc, "Resolve");
        for (int j = 0; j < 1'000; ++j) counter->Count(j % 30, absl::Microseconds(j));
      });
    }
    for (int i = 0; i < 100; ++i)
      CHECK(Sum(metrics.CounterOf(Door::kGrpc, "Resolve")->Read()) <= 4'000);
  }
  const CallCounter::Figures figures = metrics.counters().at(0)->Read();
  uint64_t calls = 0;
  for (const auto& [code, count] : figures.codes) calls += count;
  CHECK(calls == 4'000);
  CHECK(Sum(figures) == 4'000);
  CHECK(figures.latency_seconds_sum == Approx(4 * 999 * 500e-6));
}

TEST_CASE("a timer without a counter counts nothing; one with a counter counts once") {
  CallTimer(nullptr).End(0);
  CallCounter counter(Door::kHandle, "resolve");
  const CallTimer timer(&counter);
  const CallTimer copy = timer;  // NOLINT: it is the copy that counts
  copy.End(1);
  CHECK(counter.Read().codes == Codes{{1, 1}});
  CHECK(Sum(counter.Read()) == 1);
  timer.EndUntimed(2);
  CHECK(counter.Read().codes == Codes{{1, 1}, {2, 1}});
  CHECK(Sum(counter.Read()) == 1);
}

TEST_CASE("a door and method have one counter, and methods beyond the bound share one a door") {
  Metrics metrics;
  CallCounter* const resolve = metrics.CounterOf(Door::kGrpc, "Resolve");
  CHECK(metrics.CounterOf(Door::kGrpc, "Resolve") == resolve);
  CHECK(metrics.CounterOf(Door::kHttp, "Resolve") != resolve);
  for (size_t i = 0; i < 2 * Metrics::kCountersMax; ++i) {
    metrics.CounterOf(Door::kHttp, "method " + std::to_string(i));
  }
  CallCounter* const other = metrics.CounterOf(Door::kHttp, "one more");
  CHECK(other->method() == Metrics::kOtherMethod);
  CHECK(metrics.CounterOf(Door::kHttp, "and one more") == other);
  CHECK(metrics.CounterOf(Door::kGrpc, "one more")->door() == Door::kGrpc);
  CHECK(metrics.CounterOf(Door::kGrpc, "Resolve") == resolve);
  CHECK(metrics.counters().size() <= Metrics::kCountersMax + 4);
}

TEST_CASE("a watched figure is read as long as its handle lives, and a later one takes its place") {
  Metrics metrics;
  double connections = 3;
  auto first = metrics.Watch({"gusu_a", "A", [&] { return connections; }});
  auto second = metrics.Watch({"gusu_b", "B", [] { return 1.0; }});
  auto values = metrics.ReadGauges();
  REQUIRE(values.size() == 2);
  CHECK(values[0].name == "gusu_a");
  CHECK(values[0].meaning == "A");
  CHECK(values[0].value == 3);
  connections = 4;
  CHECK(metrics.ReadGauges()[0].value == 4);
  const auto later = metrics.Watch({"gusu_a", "A", [] { return 9.0; }});
  first.reset();
  CHECK(metrics.ReadGauges()[0].value == 9);
  second.reset();
  CHECK(metrics.ReadGauges().size() == 1);
}

TEST_CASE("a handle may outlive what it was registered with") {
  std::shared_ptr<void> handle;
  {
    Metrics metrics;
    handle = metrics.Watch({"gusu_a", "A", [] { return 1.0; }});
  }
  handle.reset();
  CHECK(handle == nullptr);
}

}  // namespace
}  // namespace gusu::server
