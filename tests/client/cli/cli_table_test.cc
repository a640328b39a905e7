#include <catch2/catch.hpp>
#include <sstream>

#include "client/cli/table.h"
#include "client/cli/text_width.h"

namespace gusu::cli {
namespace {

TEST_CASE("East Asian characters take two columns, combining marks none") {
  CHECK(DisplayWidth("") == 0);
  CHECK(DisplayWidth("Pump") == 4);
  CHECK(DisplayWidth("苏州泵业") == 8);
  CHECK(DisplayWidth("ＡＢ") == 4);
  CHECK(DisplayWidth("한글") == 4);
  CHECK(DisplayWidth("e\xCC\x81") == 1);
  CHECK(DisplayWidth("é") == 1);
  CHECK(DisplayWidth("𠀀") == 2);
  CHECK(DisplayWidth("\xFF\xFE") == 2);
}

TEST_CASE("what could steer a terminal is shown instead of sent") {
  CHECK(Printable("a\x1B[31mb") == "a\\x1B[31mb");
  CHECK(Printable("a\nb\tc") == "a\\nb\\tc");
  CHECK(Printable("\x7F") == "\\x7F");
  CHECK(Printable("\xC2\x9B"
                  "31m") == "\\u{009B}31m");
  CHECK(Printable("abc\u202Edef") == "abc\\u{202E}def");
  CHECK(Printable("a\u061Cb\U000E0041") == "a\\u{061C}b\\u{E0041}");
  CHECK(Printable("\xC0\xAF") == "\\xC0\\xAF");
  CHECK(Printable("苏州 Pump") == "苏州 Pump");
}

TEST_CASE("UTF-8 is told from what is not") {
  CHECK(IsUtf8("苏州"));
  CHECK(IsUtf8(""));
  CHECK_FALSE(IsUtf8("\xCB\xD5\xD6\xDD"));  // GBK
  CHECK_FALSE(IsUtf8("\xED\xA0\x80"));      // a surrogate
  CHECK_FALSE(IsUtf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  CHECK_FALSE(IsUtf8("\xE8\x8B"));          // cut
}

TEST_CASE("columns are aligned by display width, without spaces at a line's end") {
  Table table({"NAME", "STATE", "CODE"});
  table.AddRow({"苏州泵业", "ACTIVE", "1"});
  table.AddRow({"Pumps", "", "22"});
  table.AddRow({"X", "PENDING"});
  std::ostringstream out;
  table.Print(out, false);
  CHECK(out.str() ==
        "NAME      STATE    CODE\n"
        "苏州泵业  ACTIVE   1\n"
        "Pumps              22\n"
        "X         PENDING\n");
}

TEST_CASE("a table without rows prints nothing, one with colour a bold heading") {
  std::ostringstream out;
  Table table({"A"});
  table.Print(out, true);
  CHECK(out.str().empty());
  table.AddRow({"1"});
  table.Print(out, true);
  CHECK(out.str() == "\033[1mA\033[0m\n1\n");
}

}  // namespace
}  // namespace gusu::cli
