// The parts that the bureau's papers are made of, on either side.
#include <catch2/catch.hpp>

#include "proto/error.h"
#include "proto/papers/archive.h"
#include "proto/papers/calendar.h"
#include "proto/papers/evidence.h"
#include "proto/papers/report.h"
#include "proto/papers/text.h"

namespace gusu::papers {
namespace {

TEST_CASE("the same files make the same archive, stored as they are and in their order") {
  const auto pack = [] {
    Archive archive;
    archive.Add("泵", "first content");
    archive.Add("a/b", "second content");
    return archive.ToBytes().value();
  };
  const std::string bytes = pack();
  CHECK(bytes == pack());
  CHECK(bytes.substr(0, 4) == "PK\x03\x04");
  CHECK(bytes.substr(bytes.size() - 22, 12) == std::string("PK\x05\x06\0\0\0\0\x02\0\x02\0", 12));
  CHECK(bytes.find("泵first content") < bytes.find("a/bsecond content"));
  CHECK(bytes.find("a/bsecond content") != std::string::npos);
}

TEST_CASE("an archive with more files than ZIP's plain form has is refused") {
  Archive archive;
  for (int i = 0; i < 65'535; ++i) archive.Add(std::to_string(i), "");
  CHECK(archive.ToBytes().ok());
  archive.Add("one more", "");
  CHECK(ErrorReason(archive.ToBytes().status()) == "ARCHIVE_TOO_LARGE");
}

TEST_CASE("days are those that there are, and begin where their zone says") {
  const auto shanghai = Calendar::OfZone("Asia/Shanghai");
  REQUIRE(shanghai.has_value());
  CHECK(shanghai->BeginningOf("2026-11-23") == 1'795'363'200'000'000);
  CHECK(shanghai->DayOf(1'795'363'199'999'999) == "2026-11-22");
  CHECK(shanghai->ToText(1'795'363'200'000'000) == "2026-11-23 00:00:00 +08:00");
  CHECK(Calendar::ToUtc(1'795'363'200'500'000) == "2026-11-22T16:00:00.5Z");
  CHECK(Calendar::DayAfter("2026-03-01", -1) == "2026-02-28");
  for (const char* none : {"2026-02-29", "2026-2-28", "2026-02-28 ", "", "today", "1970-01-01"}) {
    CAPTURE(none);
    CHECK_FALSE(shanghai->BeginningOf(none).has_value());
  }
  CHECK_FALSE(Calendar::OfZone("Mars/Olympus").has_value());
}

TEST_CASE("values are printed as text, cut where they are long, or in hexadecimal") {
  CHECK(ToValueText("离心泵\n<b>") == "离心泵\\n<b>");
  CHECK(ToValueText("\xff\x01") == "0xff01");
  CHECK(ToValueText(std::string(40, '\xff')) == "0x" + std::string(64, 'f') + "… (40 bytes)");
  std::string pumps;
  for (int i = 0; i < 2'000; ++i) pumps += "泵";
  CHECK(ToValueText(pumps) == pumps);
  CHECK(ToValueText(pumps + "x") == pumps + "…");
}

TEST_CASE("a report that the registry counted says so, and how to prove it") {
  ReportTally tally;
  Report report{{}, *Calendar::OfZone("UTC"), 0, 86'400'000'000, 0, true, 0, 0, true, tally};
  const std::string proven = ToHtml(report, Language::kEnglish, 20);
  report.is_proven = false;
  const std::string counted = ToHtml(report, Language::kEnglish, 20);
  CHECK(proven.find("What was checked") != std::string::npos);
  CHECK(counted.find("What was checked") == std::string::npos);
  CHECK(counted.find("The registry itself counted the 0 leaves") != std::string::npos);
  CHECK(counted.find("gusu audit report --vkey registry.vkey --from 1970-01-01T00:00:00Z --to "
                     "1970-01-02T00:00:00Z") != std::string::npos);
  CHECK(ToCsv(report).find("total,,,registrations,0,1970-01-01T00:00:00Z,") != std::string::npos);
}

}  // namespace
}  // namespace gusu::papers
