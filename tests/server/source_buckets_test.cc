#include "server/source_buckets.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace gusu::server {
namespace {

constexpr SourceBuckets::Rate kRate = {2, 10};

struct Table {
  explicit Table(size_t sources_max = 100) : buckets({sources_max, [this] { return now; }}) {}
  absl::Time now = absl::UnixEpoch();
  SourceBuckets buckets;
};

TEST_CASE("a bucket begins full, gives what it has, and tells how long the rest takes") {
  Table table;
  CHECK(table.buckets.Take("a", kRate, 7) == absl::ZeroDuration());
  // 3 are left of 10, and 2 come each second.
  CHECK(table.buckets.Take("a", kRate, 4) == absl::Milliseconds(500));
  CHECK(table.buckets.Take("a", kRate, 3) == absl::ZeroDuration());
  CHECK(table.buckets.Take("a", kRate, 1) == absl::Milliseconds(500));
  table.now += absl::Milliseconds(500);
  CHECK(table.buckets.Take("a", kRate, 1) == absl::ZeroDuration());
  CHECK(table.buckets.Take("b", kRate, 10) == absl::ZeroDuration());
}

TEST_CASE("a bucket never holds more than the burst, and a cost above it needs a full one") {
  Table table;
  CHECK(table.buckets.Take("a", kRate, 1'000) == absl::ZeroDuration());
  CHECK(table.buckets.Take("a", kRate, 1'000) == absl::Seconds(5));
  table.now += absl::Hours(24);
  CHECK(table.buckets.Take("a", kRate, 1'000) == absl::ZeroDuration());
  CHECK_FALSE(table.buckets.Has("a", kRate, 0.1));
}

TEST_CASE("a clock that goes back gives nothing and takes nothing") {
  Table table;
  CHECK(table.buckets.Take("a", kRate, 10) == absl::ZeroDuration());
  table.now -= absl::Hours(1);
  CHECK(table.buckets.Take("a", kRate, 1) == absl::Milliseconds(500));
  table.now += absl::Milliseconds(500);
  CHECK(table.buckets.Take("a", kRate, 1) == absl::ZeroDuration());
}

TEST_CASE("what is charged may be owed, and looking takes nothing") {
  Table table;
  for (int i = 0; i < 3; ++i) table.buckets.Charge("a", kRate, 5);
  CHECK_FALSE(table.buckets.Has("a", kRate, 1));
  table.now += absl::Seconds(2.5);  // 5 were owed
  CHECK_FALSE(table.buckets.Has("a", kRate, 1));
  table.now += absl::Seconds(0.5);
  for (int i = 0; i < 3; ++i) CHECK(table.buckets.Has("a", kRate, 1));
  CHECK(table.buckets.Has("stranger", kRate, 10));
  CHECK_FALSE(table.buckets.Has("stranger", kRate, 11));
}

TEST_CASE(
    "the source that took longest ago is forgotten, one that was only looked at never known") {
  Table table(2);
  table.buckets.Charge("a", kRate, 10);
  table.buckets.Charge("b", kRate, 10);
  table.buckets.Charge("a", kRate, 0);
  CHECK(table.buckets.Has("c", kRate, 10));
  CHECK_FALSE(table.buckets.Has("a", kRate, 1));
  CHECK_FALSE(table.buckets.Has("b", kRate, 1));
  table.buckets.Charge("c", kRate, 10);
  CHECK_FALSE(table.buckets.Has("a", kRate, 1));
  CHECK(table.buckets.Has("b", kRate, 1));
}

TEST_CASE("threads that take at once get no more than there is") {
  Table table;
  const SourceBuckets::Rate rate = {1, 500};
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 500; ++j) {
          if (table.buckets.Take("a", rate, 1) == absl::ZeroDuration()) ++taken;
        }
      });
    }
  }
  CHECK(taken == 500);
}

}  // namespace
}  // namespace gusu::server
