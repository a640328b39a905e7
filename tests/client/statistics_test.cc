// Counts that are kept, compared with what is counted again.
#include "gusu/statistics.h"

#include <catch2/catch.hpp>
#include <functional>

#include "gusu/client.h"
#include "gusu/json.h"

namespace gusu::test {
namespace {

DayCounts Day(const std::string& date, uint64_t created, uint64_t scrapped = 0) {
  DayCounts day;
  day.prefix = "prefixes/88";
  day.date = date;
  day.counts.created = created;
  if (scrapped > 0) day.counts.retired[RetirementReason::kScrapped] = scrapped;
  return day;
}

// Two pages of recounted days; `sequence` is asked for each page.
class Counted : public Connection {
 public:
  Range<DayCounts> GetStatistics(const StatisticsRequest& request, const CallOptions&) override {
    CHECK(request.parent == "prefixes/88");
    CHECK(request.from_date.empty());
    if (!fault.ok()) return Range<DayCounts>::OfError(fault);
    return Range<DayCounts>::Of(stored);
  }
  Result<RecountPage> RecountStatistics(const RecountStatisticsRequest& request,
                                        const CallOptions&) override {
    CHECK(request.parent == "prefixes/88");
    ++calls;
    RecountPage page;
    page.sequence = sequence();
    if (request.page_token.empty()) {
      page.days = first;
      page.next_page_token = "second";
    } else {
      page.days = second;
    }
    return page;
  }

  std::vector<DayCounts> stored;
  std::vector<DayCounts> first;
  std::vector<DayCounts> second;
  std::function<uint64_t()> sequence = [] { return 7; };
  Status fault;
  int calls = 0;
};

TEST_CASE(
    "counts that agree are verified, whoever held the prefix and on whatever page they come") {
  auto counted = std::make_shared<Counted>();
  counted->stored = {Day("2026-11-22", 3, 1), Day("2026-11-22", 2), Day("2026-11-23", 4)};
  counted->first = {Day("2026-11-22", 4), Day("2026-11-23", 4)};
  counted->second = {Day("2026-11-22", 1, 1)};
  const auto verified = Client(counted).VerifyStatistics("prefixes/88");
  REQUIRE(verified.ok());
  CHECK(ToJson(*verified) ==
        R"({"ok":true,"counts":{"created":9,"retired":{"SCRAPPED":1}},"days_count":2,)"
        R"("sequence":7})");
}

TEST_CASE("every count that differs is named by day, also on days that one side does not have") {
  auto counted = std::make_shared<Counted>();
  counted->stored = {Day("2026-11-21", 1), Day("2026-11-23", 4, 2)};
  counted->first = {Day("2026-11-22", 5)};
  counted->second = {Day("2026-11-23", 4)};
  const auto verified = Client(counted).VerifyStatistics("prefixes/88");
  REQUIRE(verified.ok());
  CHECK(ToJson(*verified) ==
        R"({"ok":false,"counts":{"created":9},"days_count":3,"sequence":7,"differences":[)"
        R"({"date":"2026-11-21","counter":"created","stored":1,"recounted":0},)"
        R"({"date":"2026-11-22","counter":"created","stored":0,"recounted":5},)"
        R"({"date":"2026-11-23","counter":"retired SCRAPPED","stored":2,"recounted":0}]})");
}

TEST_CASE("each of the numbers is compared") {
  const std::pair<const char*, std::function<void(Counts&)>> changes[] = {
      {"created", [](Counts& counts) { ++counts.created; }},
      {"reserved", [](Counts& counts) { ++counts.reserved; }},
      {"changed", [](Counts& counts) { ++counts.changed; }},
      {"activated", [](Counts& counts) { ++counts.activated; }},
      {"retired OTHER", [](Counts& counts) { ++counts.retired[RetirementReason::kOther]; }},
      {"reinstated", [](Counts& counts) { ++counts.reinstated; }},
      {"range_codes_allocated", [](Counts& counts) { ++counts.range_codes_allocated; }},
      {"range_codes_activated", [](Counts& counts) { ++counts.range_codes_activated; }},
      {"range_codes_released", [](Counts& counts) { ++counts.range_codes_released; }}};
  for (const auto& [name, change] : changes) {
    auto counted = std::make_shared<Counted>();
    counted->stored = counted->first = {Day("2026-11-23", 1)};
    change(counted->stored[0].counts);
    const auto verified = Client(counted).VerifyStatistics("prefixes/88");
    REQUIRE(verified.ok());
    REQUIRE(verified->differences.size() == 1);
    CHECK(verified->differences[0].counter == name);
    CHECK(verified->differences[0].stored == verified->differences[0].recounted + 1);
  }
}

TEST_CASE("when something changes meanwhile the count begins anew, five times at most") {
  auto counted = std::make_shared<Counted>();
  counted->stored = counted->first = {Day("2026-11-23", 1)};
  counted->sequence = [&counted] { return counted->calls == 2 ? 7U : 8U; };
  const auto verified = Client(counted).VerifyStatistics("prefixes/88");
  REQUIRE(verified.ok());
  CHECK(verified->sequence == 8);
  CHECK(verified->counts.created == 1);
  CHECK(counted->calls == 5);  // two that differ, then the three of a count that holds

  counted->calls = 0;
  counted->sequence = [&counted] { return static_cast<uint64_t>(counted->calls); };
  const Status status = Client(counted).VerifyStatistics("prefixes/88").status();
  CHECK(status.code == StatusCode::kAborted);
  CHECK(status.reason == kReasonStatisticsChanging);
  CHECK(status.metadata.at("prefix") == "prefixes/88");
  CHECK(counted->calls == 10);
}

TEST_CASE("a count that cannot be read is an error, never an agreement") {
  auto counted = std::make_shared<Counted>();
  counted->fault = {StatusCode::kPermissionDenied, "no", "ROLE_REFUSED", {}};
  CHECK(Client(counted).VerifyStatistics("prefixes/88").status() == counted->fault);
}

}  // namespace
}  // namespace gusu::test
