#include <catch2/catch.hpp>

#include "client/cli/bench_loop.h"
#include "tests/random.h"

namespace gusu::cli {
namespace {

TEST_CASE("percentiles are right to three percent") {
  LatencyHistogram histogram;
  CHECK(histogram.Percentile(0.5) == 0);
  for (uint64_t i = 1; i <= 10000; ++i) histogram.Add(i);
  CHECK(histogram.count() == 10000);
  CHECK(histogram.Percentile(0.5) >= 5000);
  CHECK(histogram.Percentile(0.5) <= 5160);
  CHECK(histogram.Percentile(0.99) >= 9900);
  CHECK(histogram.Percentile(0.99) <= 10239);
}

TEST_CASE("a bucket's bound is never below what is in it, and at most four percent above") {
  test::Random random("latency buckets");
  for (int round = 0; round < 10000; ++round) {
    const uint64_t microseconds = random.engine()() >> (random.Below(40) + 20);
    LatencyHistogram histogram;
    histogram.Add(microseconds);
    CAPTURE(random.seed(), microseconds);
    CHECK(histogram.Percentile(0.5) >= microseconds);
    CHECK(static_cast<double>(histogram.Percentile(1)) <= static_cast<double>(microseconds) * 1.04);
  }
}

TEST_CASE("a budget is spent once, by however many workers") {
  Budget budget(3600, 1000);
  const Measured measured =
      RunWorkers(4, [&](size_t) { return RunCalls(&budget, 1, [] { return Status(); }); });
  CHECK(measured.rows_count == 1000);
  CHECK(measured.latency.count() == 1000);
  CHECK(measured.errors_count == 0);
}

TEST_CASE("a hundred errors end a run") {
  Budget budget(3600, 1'000'000);
  const Status refused{StatusCode::kNotFound, "no", "IDENTIFIER_NOT_FOUND", {}};
  const Measured measured = RunCalls(&budget, 1, [&] { return refused; });
  CHECK(measured.errors_count == 100);
  CHECK(measured.rows_count == 0);
  CHECK(measured.first_error == refused);
}

}  // namespace
}  // namespace gusu::cli
