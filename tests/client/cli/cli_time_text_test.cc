#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>

#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

Timestamp At(const std::string& text) {
  const std::optional<Timestamp> time = ParseTimestamp(text);
  REQUIRE(time.has_value());
  return *time;
}

TEST_CASE("a date is a day that exists") {
  CHECK(IsDate("2026-11-23"));
  CHECK(IsDate("2024-02-29"));
  CHECK_FALSE(IsDate("2026-02-29"));
  CHECK_FALSE(IsDate("2026-13-01"));
  CHECK_FALSE(IsDate("2026-1-1"));
  CHECK_FALSE(IsDate("2026-11-23T00:00:00Z"));
  CHECK_FALSE(IsDate(""));
}

TEST_CASE("a time needs its offset") {
  CHECK(*ParseTime("2026-11-23T08:00:00+08:00") == At("2026-11-23T00:00:00Z"));
  CHECK_FALSE(ParseTime("2026-11-23T08:00:00").ok());
  CHECK_FALSE(ParseTime("yesterday").ok());
  CHECK_FALSE(ParseTimeIfGiven("")->has_value());
  CHECK(ParseTimeIfGiven("2026-11-23T00:00:00Z")->has_value());
}

TEST_CASE("an expiry is a date, a time or a duration") {
  const Timestamp now = At("2026-11-23T00:00:00Z");
  CHECK(*ParseExpiry("2027-01-01", now) == At("2027-01-01T00:00:00Z"));
  CHECK(*ParseExpiry("2027-01-01T08:00:00+08:00", now) == At("2027-01-01T00:00:00Z"));
  CHECK(*ParseExpiry("12h", now) == At("2026-11-23T12:00:00Z"));
  CHECK(*ParseExpiry("90d", now) == At("2027-02-21T00:00:00Z"));
  CHECK(*ParseExpiry("1y", now) == At("2027-11-23T00:00:00Z"));
  for (const std::string text : {"90", "d", "-1d", "90w", "9999999d", "soon"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseExpiry(text, now).ok());
  }
}

TEST_CASE("people read local time") {
  setenv("TZ", "Asia/Shanghai", 1);
  tzset();
  CHECK(ToLocalText(At("2026-11-23T00:00:00.5Z")) == "2026-11-23 08:00:00 +0800");
  CHECK(ToLocalText(std::nullopt).empty());
  CHECK(RevisionToLocalText(1'000'000) == "1970-01-01 08:00:01 +0800");
}

}  // namespace
}  // namespace gusu::cli
