// Enumerations and times as text, both ways.
#include <catch2/catch.hpp>

#include "gusu/client.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

TEST_CASE("enumerations have the API's names, and are read in any case") {
  CHECK(ToText(Level::kItem) == "ITEM");
  CHECK(ToText(Level::kUnspecified).empty());
  CHECK(ToText(RetirementReason::kRegisteredInError) == "REGISTERED_IN_ERROR");
  CHECK(FromText<Level>("item") == Level::kItem);
  CHECK(FromText<Role>("registrant-writer") == Role::kRegistrantWriter);
  CHECK(FromText<State>("gone") == std::nullopt);
  CHECK(FromText<State>("") == std::nullopt);
}

TEST_CASE("times are RFC 3339, and are read with any offset") {
  const auto time = ParseTimestamp("2026-11-23T14:18:15.25+08:00");
  REQUIRE(time);
  CHECK(ToText(*time) == "2026-11-23T06:18:15.25Z");
  CHECK(ToText(Timestamp()) == "1970-01-01T00:00:00Z");
  CHECK(ToText(Timestamp(std::chrono::microseconds(-1))) == "1969-12-31T23:59:59.999999Z");
  CHECK(ParseTimestamp("2024-02-29T00:00:00Z"));
  for (const char* wrong :
       {"", "2026-11-23", "2026-11-23T14:18:15", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T14:18:15.Z", "2026-11-23T14:18:15Z ",
        "0000-01-01T00:00:00Z", "2026-11-23T14:18:15+8:00"}) {
    INFO(wrong);
    CHECK(!ParseTimestamp(wrong));
  }
}

TEST_CASE("every microsecond from year 1 to 9999 survives text") {
  Random random("timestamps");
  const int64_t first = ParseTimestamp("0001-01-01T00:00:00Z")->time_since_epoch().count();
  const int64_t last = ParseTimestamp("9999-12-31T23:59:59.999999Z")->time_since_epoch().count();
  std::uniform_int_distribution<int64_t> any(first, last);
  for (int i = 0; i < 2000; ++i) {
    const Timestamp time{std::chrono::microseconds(any(random.engine()))};
    REQUIRE(ParseTimestamp(ToText(time)) == time);
  }
}

}  // namespace
}  // namespace gusu::test
