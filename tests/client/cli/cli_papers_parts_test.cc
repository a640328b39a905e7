// The small parts that the bureau's papers are made of.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "client/cli/audit_papers.h"
#include "client/cli/audit_text_checks.h"
#include "client/cli/day_calendar.h"
#include "client/cli/output_file.h"
#include "client/cli/vkeys.h"
#include "proto/papers/archive.h"
#include "proto/papers/csv.h"
#include "proto/papers/html_page.h"
#include "tests/temporary_directory.h"

namespace gusu::cli {
namespace {

using papers::CsvWriter;
using papers::EscapeHtml;
using papers::HtmlPage;
using papers::Label;
using papers::Language;
using papers::WithoutFormula;

TEST_CASE("a spreadsheet takes no field for a formula, and every field comes back whole") {
  CsvWriter csv({"a", "b"});
  csv.AddRow({"=1+1", "x,y"});
  csv.AddRow({" @cmd", "say \"hi\"\nthere"});
  csv.AddRow({"\t-2", "泵"});
  CHECK(csv.text() ==
        "\xEF\xBB\xBF"
        "a,b\r\n"
        "'=1+1,\"x,y\"\r\n"
        "' @cmd,\"say \"\"hi\"\"\nthere\"\r\n"
        "'\t-2,泵\r\n");
  CHECK(WithoutFormula("+49") == "'+49");
  CHECK(WithoutFormula("a=b") == "a=b");
  CHECK(WithoutFormula("") == "");
}

TEST_CASE("days begin where the zone says, in winter and in summer") {
  const auto zone = DayCalendar::OfZone("Europe/Berlin");
  REQUIRE(zone.ok());
  CHECK(ToText(*zone->Parse("2026-03-29")) == "2026-03-28T23:00:00Z");
  CHECK(ToText(*zone->Parse("2026-03-30")) == "2026-03-29T22:00:00Z");
  CHECK(zone->DayOf(ToMicroseconds(*ParseTimestamp("2026-03-29T21:59:59.999999Z"))) ==
        "2026-03-29");
  CHECK(zone->DayOf(ToMicroseconds(*ParseTimestamp("2026-03-29T22:00:00Z"))) == "2026-03-30");
  CHECK(zone->ToText(ToMicroseconds(*ParseTimestamp("2026-03-29T22:00:00Z"))) ==
        "2026-03-30 00:00:00 +02:00");
  CHECK(DayCalendar::DayAfter("2024-02-28") == "2024-02-29");
  CHECK(DayCalendar::DayAfter("2026-12-31") == "2027-01-01");
  CHECK(ToText(*zone->Parse("2026-01-01T00:00:00+08:00")) == "2025-12-31T16:00:00Z");
  CHECK(DayCalendar::OfZone("Mars/Olympus").failure().message ==
        "the time zone 'Mars/Olympus' is not known here");
  CHECK(zone->Parse("yesterday").failure().message == "'yesterday' is neither a date nor a time");
  CHECK(zone->Parse("1969-12-31").failure().message == "'1969-12-31' is before 1970");
}

TEST_CASE("GTINs are checked as GS1 has them") {
  for (const char* right :
       {"96385074", "036000291452", "4006381333931", "6901234567892", "10012345678902"}) {
    CAPTURE(right);
    CHECK(HasGtinLength(right));
    CHECK(HasGtinCheckDigit(right));
    std::string wrong = right;
    for (char& digit : wrong) {
      const char before = digit;
      digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
      CHECK_FALSE(HasGtinCheckDigit(wrong));
      digit = before;
    }
  }
  for (const char* wrong : {"", "1234567", "123456789", "400638133393a", "123456789012345"}) {
    CHECK_FALSE(HasGtinLength(wrong));
  }
}

TEST_CASE("what stands for no value is told from short values") {
  for (const char* text : {"N/A", "n/a", " none ", "NULL", "test", "0", "0000", "xxx", "--", "???",
                           "无", "测试", "", "  "}) {
    CAPTURE(text);
    CHECK(IsPlaceholder(text));
  }
  for (const char* text : {"1", "0001", "A", "X1", "10", "HP", "无锡", "test bench", "-5", "A-0"}) {
    CAPTURE(text);
    CHECK_FALSE(IsPlaceholder(text));
  }
}

TEST_CASE("letters of several scripts in one word are found, units and plain scripts are not") {
  CHECK(LookAlikeWord("Suzhou P\xD1\x83mp 3") == "P\xD1\x83mp");              // Cyrillic у
  CHECK(LookAlikeWord("\xCE\x91lpha") == "\xCE\x91lpha");                     // Greek Α
  CHECK(LookAlikeWord("H\xEF\xBC\xB0-1") == "H\xEF\xBC\xB0");                 // full-width Ｐ
  CHECK(LookAlikeWord("5 \xCE\xBCm, 10 k\xCE\xA9") == "");                    // μm, kΩ
  CHECK(LookAlikeWord("\xD0\x9D\xD0\xB0\xD1\x81\xD0\xBE\xD1\x81 HP") == "");  // Насос HP
  CHECK(LookAlikeWord("苏州Pump泵") == "");
  CHECK(LookAlikeWord("Z\xC3\xBCrich") == "");
  CHECK(LookAlikeWord("P\xFFmp") == "");
}

TEST_CASE("a page holds labels in the languages asked for, and text as text") {
  const Label title = {"登记 & 变更", "Registrations & changes"};
  const auto page = [&](Language language) { return HtmlPage(language, title).Finish(); };
  CHECK(
      page(Language::kBoth).find("<title>登记 &amp; 变更 · Registrations &amp; changes</title>") !=
      std::string::npos);
  CHECK(page(Language::kChinese).find("Registrations") == std::string::npos);
  CHECK(page(Language::kEnglish).find("登记") == std::string::npos);
  CHECK(EscapeHtml("<a href='x' title=\"y\">&\x1b[31m\xFF") ==
        "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;\\x1B[31m\\xFF");
  CHECK(ToLanguage("fr").failure().message == "'fr' is no language");
  HtmlPage bars(Language::kEnglish, title);
  bars.AddBars({"", "Days"}, {{"<1>", 0}, {"2", 5}, {"3", 10}});
  const std::string drawn = std::move(bars).Finish();
  CHECK(drawn.find("<rect x=\"340.00\" y=\"73.00\" width=\"40.00\" height=\"57.00\"><title>2: 5") !=
        std::string::npos);
  CHECK(drawn.find("&lt;1&gt;</text>") != std::string::npos);
  CHECK(drawn.find("<title>&lt;1&gt;") == std::string::npos);  // no bar for nothing
}

TEST_CASE("a file is written whole or not at all") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("report");
  CHECK_FALSE(WriteOutputFile(path, "first").has_value());
  CHECK_FALSE(WriteOutputFile(path, "second").has_value());
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  CHECK(text == "second");
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
  const auto failure = WriteOutputFile(directory.File("none/report"), "x");
  REQUIRE(failure.has_value());
  CHECK(failure->reason == "FILE_UNUSABLE");
}

constexpr char kVkey[] =
    "registry.example/log1+4517142d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
constexpr char kWitness[] =
    "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";

struct Searched {
  std::ostringstream out, err;
  TemporaryDirectory directory;

  OrFailure<std::vector<std::string>> Find(const std::vector<std::string>& given,
                                           const std::string& data = "") {
    setenv("XDG_CONFIG_HOME", directory.path().c_str(), 1);
    GlobalFlags flags;
    flags.data = data;
    return FindVkeys(Session(flags, out, err), given);
  }
};

TEST_CASE("keys are those given, else those of the data directory, else of settings") {
  Searched searched;
  unsetenv("GUSU_VKEY");
  const std::string file =
      searched.directory.Write("keys", std::string(kVkey) + "\r\n\n" + kWitness + "\n");
  CHECK(*searched.Find({kVkey}) == std::vector<std::string>{kVkey});
  CHECK(*searched.Find({file}) == std::vector<std::string>{kVkey, kWitness});
  CHECK(*searched.Find({kWitness, file}) == std::vector<std::string>{kWitness, kVkey, kWitness});
  CHECK(searched.Find({}).failure().message == "which log? no verifier key is known");
  searched.directory.Write("log.vkey", std::string(kVkey) + "\n");
  CHECK(*searched.Find({}, searched.directory.path()) == std::vector<std::string>{kVkey});
  std::filesystem::create_directories(searched.directory.File("gusu"));
  searched.directory.Write("gusu/config.toml", "[profiles.default]\nvkey = \"" + file + "\"\n");
  CHECK(*searched.Find({}) == std::vector<std::string>{kVkey, kWitness});
  const std::string other = searched.directory.Write("other", std::string(kWitness) + "\n");
  setenv("GUSU_VKEY", other.c_str(), 1);
  CHECK(*searched.Find({}) == std::vector<std::string>{kWitness});
  unsetenv("GUSU_VKEY");
  CHECK(searched.Find({searched.directory.Write("empty", "\n")}).failure().message ==
        "there is no vkey in " + searched.directory.File("empty"));
  CHECK(searched.Find({searched.directory.Write("wrong", "a key\n")}).failure().message ==
        searched.directory.File("wrong") + " holds other lines than vkeys");
}

}  // namespace
}  // namespace gusu::cli
