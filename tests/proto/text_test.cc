#include "proto/text.h"

#include <catch2/catch.hpp>

#include "proto/markup.h"
#include "proto/utf8.h"
#include "tests/random.h"

using gusu::CutUtf8;
using gusu::IsUtf8;
using gusu::Quote;

TEST_CASE("UTF-8 is taken strictly") {
  for (const char* good : {"", "A", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    CAPTURE(good);
    CHECK(IsUtf8(good));
  }
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE4\xB8",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
        "A\xC2"
        "A"}) {
    CHECK_FALSE(IsUtf8(bad));
  }
}

TEST_CASE("every character survives being taken") {
  for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    if (c < 0x800) {
      text = {static_cast<char>(0xC0 | c >> 6)};
    } else if (c < 0x10000) {
      text = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63))};
    } else {
      text = {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63))};
    }
    text += static_cast<char>(0x80 | (c & 63));
    std::string_view rest = text;
    const bool right = gusu::TakeCharacter(rest) == c && rest.empty();
    if (!right) FAIL("U+" << std::hex << static_cast<uint32_t>(c));
  }
}

TEST_CASE("text is cut between characters") {
  CHECK(CutUtf8("abc", 3) == "abc");
  CHECK(CutUtf8("abcd", 3) == "abc");
  CHECK(CutUtf8("苏州", 5) == "苏");
  CHECK(CutUtf8("苏州", 3) == "苏");
  CHECK(CutUtf8("苏州", 2).empty());
  CHECK(CutUtf8("a😀", 4) == "a");
  CHECK(CutUtf8("\x80\x80\x80\x80\x80", 4).size() == 4);
}

TEST_CASE("quoted text shows what does not show, and stays short") {
  CHECK(Quote("泵 HP-1") == "泵 HP-1");
  CHECK(Quote("a\tb\x7F") == "a\\u{0009}b\\u{007F}");
  CHECK(Quote("x\xE2\x80\x8Bz") == "x\\u{200B}z");
  CHECK(Quote("\xFF"
              "A") == "\\xFFA");
  CHECK(Quote(std::string(200, 'x')) == std::string(80, 'x') + "…");
  CHECK(Quote(std::string(80, 'x')) == std::string(80, 'x'));
}

TEST_CASE("whatever the bytes, quoted, cut and mended text is UTF-8") {
  gusu::test::Random random("text");
  for (int i = 0; i < 20000; ++i) {
    const std::string bytes = random.Bytes(random.Below(120));
    const std::string mended = gusu::ToUtf8(bytes);
    REQUIRE(IsUtf8(mended));
    REQUIRE(IsUtf8(Quote(bytes)));
    const std::string_view cut = CutUtf8(mended, random.Below(mended.size() + 1));
    REQUIRE(IsUtf8(cut));
  }
}

TEST_CASE("text in markup is text, also within quotes") {
  CHECK(gusu::EscapeMarkup("<a href=\"x\" id='y'>5 & 6</a> 泵") ==
        "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;5 &amp; 6&lt;/a&gt; 泵");
  CHECK(gusu::EscapeMarkup("&amp;") == "&amp;amp;");
}

TEST_CASE("parts of a message are text and numbers") {
  CHECK(gusu::Concat("row ", 17, " of ", size_t{20}, '.', std::string("x")) == "row 17 of 20.x");
  CHECK(gusu::Concat().empty());
}
