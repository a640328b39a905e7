#include "server/statistics/source_counter.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "proto/text.h"
#include "tests/random.h"

namespace gusu::server {
namespace {

using Source = SourceCounter::Source;

std::string Address(size_t number) { return Concat("192.0.", number / 256, ".", number % 256); }

// Addresses of which the first come most often.
size_t Skewed(test::Random& random, size_t count) {
  return random.Below(1 + random.Below(1 + random.Below(count)));
}

// Every count is at least the true one, too high by at most total / kFollowed, and no address that
// came more often than that is missing.
void CheckAgainst(const SourceCounter& counter, const std::map<std::string, uint64_t>& truth) {
  uint64_t total = 0;
  for (const auto& [address, count] : truth) total += count;
  const uint64_t error_max = total / SourceCounter::kFollowed;
  std::map<std::string, uint64_t> told;
  uint64_t before = ~uint64_t{0};
  for (const Source& source : counter.Commonest(SourceCounter::kFollowed)) {
    CHECK(source.count <= before);
    before = source.count;
    told[source.address] = source.count;
    const uint64_t exact = truth.at(source.address);
    CHECK(source.count >= exact);
    CHECK(source.count <= exact + error_max);
  }
  for (const auto& [address, count] : truth) {
    if (count > error_max) CHECK(told.contains(address));
  }
}

TEST_CASE("counts of addresses are exact while no more came than are followed") {
  SourceCounter counter;
  for (size_t i = 0; i < SourceCounter::kFollowed; ++i) {
    counter.Add(Address(i), 1);
    if (i % 100 == 7) counter.Add(Address(i), i);
  }
  CHECK(counter.size() == SourceCounter::kFollowed);
  CHECK(counter.Commonest(3) ==
        std::vector<Source>{{Address(307), 308}, {Address(207), 208}, {Address(107), 108}});
  // The next one takes the place of one of the rarest, and its count.
  counter.Add("2001:db8::1", 1);
  CHECK(counter.size() == SourceCounter::kFollowed);
  for (const Source& source : counter.Commonest(SourceCounter::kFollowed)) {
    if (source.address == "2001:db8::1") CHECK(source.count == 2);
  }
}

TEST_CASE("of however many addresses, the commonest are found") {
  test::Random random("source_counter_test");
  SourceCounter counter;
  std::map<std::string, uint64_t> truth;
  for (int i = 0; i < 20'000; ++i) {
    const std::string address = Address(Skewed(random, 3000));
    counter.Add(address, 1);
    ++truth[address];
  }
  CheckAgainst(counter, truth);
}

TEST_CASE("counters that are merged have seen what each of them saw") {
  test::Random random("source_counter_test");
  SourceCounter all;
  std::map<std::string, uint64_t> truth;
  for (int part = 0; part < 8; ++part) {
    SourceCounter counter;
    const size_t addresses = part % 2 == 0 ? 50 : 2000;
    for (int i = 0; i < 3000; ++i) {
      const std::string address = Address(Skewed(random, addresses));
      counter.Add(address, 2);
      truth[address] += 2;
    }
    all.Merge(counter);
  }
  CHECK(all.size() <= SourceCounter::kFollowed);
  CheckAgainst(all, truth);
}

}  // namespace
}  // namespace gusu::server
