// Times in requests over HTTP: which texts are some, and which are none.
#include <catch2/catch.hpp>
#include <string>

#include "proto/text.h"
#include "server/doors/http/time_text.h"
#include "tests/random.h"

namespace gusu::server {
namespace {

// In UTC, or "none".
std::string Read(std::string_view text) {
  const std::optional<absl::Time> time = ParseTimeText(text);
  return time ? absl::FormatTime("%E4Y-%m-%d %H:%M:%E*S", *time, absl::UTCTimeZone()) : "none";
}

TEST_CASE("a time is read as RFC 3339 writes it, with any offset") {
  CHECK(Read("2026-11-23T06:18:15Z") == "2026-11-23 06:18:15");
  CHECK(Read("2026-11-23T14:18:15.5+08:00") == "2026-11-23 06:18:15.5");
  CHECK(Read("2026-11-23T00:18:15-06:30") == "2026-11-23 06:48:15");
  CHECK(Read("2026-11-23T06:18:15.000000001Z") == "2026-11-23 06:18:15.000000001");
  CHECK(Read("2024-02-29T23:59:59-00:00") == "2024-02-29 23:59:59");
  CHECK(Read("0001-01-01T00:00:00Z") == "0001-01-01 00:00:00");
  CHECK(Read("0001-01-01T01:00:00+01:00") == "0001-01-01 00:00:00");
  CHECK(Read("9999-12-31T23:59:59.999999999Z") == "9999-12-31 23:59:59.999999999");
}

TEST_CASE("a time that another zone carries out of the years 1 to 9999 is none") {
  CHECK(Read("9999-12-31T23:59:59-00:01") == "none");
  CHECK(Read("9999-12-31T00:00:00-23:59") == "9999-12-31 23:59:00");
  CHECK(Read("0001-01-01T00:00:00+00:01") == "none");
  CHECK(Read("0000-12-31T23:59:59-01:00") == "none");
  CHECK(Read("10000-01-01T00:00:00Z") == "none");
}

TEST_CASE("text of another form, and what the calendar does not have, is no time") {
  using std::string_view_literals::operator""sv;
  for (const std::string_view text : {""sv,
                                      "now"sv,
                                      "infinite-future"sv,
                                      "infinite-past"sv,
                                      "2026-11-23"sv,
                                      "2026-11-23T06:18:15"sv,
                                      "2026-11-23T06:18Z"sv,
                                      "2026-11-23 06:18:15Z"sv,
                                      "2026-11-23t06:18:15z"sv,
                                      " 2026-11-23T06:18:15Z"sv,
                                      "2026-11-23T06:18:15Z "sv,
                                      "2026-11-23T06:18:15Z\0"sv,
                                      "2026-11-23T06:18:15\0Z"sv,
                                      "2026-11-23T6:18:15Z"sv,
                                      "+2026-11-23T06:18:15Z"sv,
                                      "-001-11-23T06:18:15Z"sv,
                                      "2026-1-23T06:18:15Z"sv,
                                      "2026-11-23T06:18:15.Z"sv,
                                      "2026-11-23T06:18:15,5Z"sv,
                                      "2026-11-23T06:18:15.0123456789Z"sv,
                                      "2026-11-23T14:18:15+8:00"sv,
                                      "2026-11-23T14:18:15+0800"sv,
                                      "2026-11-23T14:18:15 08:00"sv,
                                      "2026-11-23T14:18:15+24:00"sv,
                                      "2026-11-23T14:18:15+08:60"sv,
                                      "2026-11-23T14:18:15+08:00Z"sv,
                                      "2026-00-23T06:18:15Z"sv,
                                      "2026-13-23T06:18:15Z"sv,
                                      "2026-11-00T06:18:15Z"sv,
                                      "2026-11-31T06:18:15Z"sv,
                                      "2026-02-29T06:18:15Z"sv,
                                      "2026-11-23T24:00:00Z"sv,
                                      "2026-11-23T06:60:15Z"sv,
                                      "2026-12-31T23:59:60Z"sv,
                                      "２026-11-23T06:18:15Z"sv}) {
    INFO(text);
    CHECK(Read(text) == "none");
  }
}

TEST_CASE("every nanosecond from year 1 to 9999 is read as it was written, in any zone") {
  test::Random random("http time text");
  const absl::Time first = absl::FromCivil(absl::CivilSecond(1, 1, 2), absl::UTCTimeZone());
  const absl::Time last = absl::FromCivil(absl::CivilSecond(9999, 12, 30), absl::UTCTimeZone());
  const auto seconds = static_cast<size_t>(absl::ToInt64Seconds(last - first));
  for (int i = 0; i < 2000; ++i) {
    const absl::Time time = first + absl::Seconds(static_cast<int64_t>(random.Below(seconds))) +
                            absl::Nanoseconds(static_cast<int64_t>(random.Below(1'000'000'000)));
    const int offset_minutes = static_cast<int>(random.Below(2 * 23 * 60)) - 23 * 60;
    const absl::TimeZone zone = absl::FixedTimeZone(offset_minutes * 60);
    const std::string text = absl::FormatTime("%E4Y-%m-%dT%H:%M:%E*S%Ez", time, zone);
    INFO("GUSU_SEED=" << random.seed() << " " << text);
    REQUIRE(ParseTimeText(text) == time);
  }
}

}  // namespace
}  // namespace gusu::server
