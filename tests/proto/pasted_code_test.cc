#include "proto/pasted_code.h"

#include <catch2/catch.hpp>
#include <string>

#include "proto/identifier.h"
#include "proto/utf8.h"
#include "tests/random.h"

namespace gusu {

TEST_CASE("codes in the forms in which people paste them become the code") {
  for (const char* text :
       {"88.118.8/HP-1", " 88.118.8/HP-1 ", "\t88.118.8/HP-1\r\n", "　88.118.8/HP-1　",
        "８８．１１８．８／ＨＰ－１", "88。118｡8/HP-1", "88.118.8 / HP-1", "88. 118. 8/HP-1",
        "88.118.8/HP\u200B-1", "\uFEFF88.118.8/HP-1", "hdl:88.118.8/HP-1", "hdl: 88.118.8/HP-1",
        "INFO:HDL/88.118.8/HP-1", "https://id.example/88.118.8/HP-1",
        "HTTP://id.example:8080//88.118.8%2FHP-1", "https://id.example/88.118.8/HP-1?a=b",
        "https://id.example/88.118.8/HP-1#c", "https://hdl.handle.net/hdl:88.118.8/HP-1",
        "ｈｔｔｐｓ：／／id.example／88.118.8／HP-1"}) {
    INFO(text);
    CHECK(PastedCode(text) == "88.118.8/HP-1");
  }
}

TEST_CASE("behind the registry's own address only what follows it is the code") {
  CHECK(PastedCode("https://a.example/codes/88.1/x", "https://a.example/codes") == "88.1/x");
  CHECK(PastedCode("https://a.example/codes/88.1/x", "https://a.example/codes/") == "88.1/x");
  CHECK(PastedCode("https://a.example/codesx/88.1/x", "https://a.example/codes") ==
        "codesx/88.1/x");
  CHECK(PastedCode("https://b.example/88.1/x", "https://a.example/codes") == "88.1/x");
}

TEST_CASE("a suffix keeps its spaces, points and percent signs") {
  CHECK(PastedCode("88.1/a b。c") == "88.1/a b。c");
  CHECK(PastedCode("88.1/100%") == "88.1/100%");
  CHECK(PastedCode("88.1/a/ b") == "88.1/a/ b");
  CHECK(PastedCode("https://a.example/88.1/%E6%B3%B5%20%251") == "88.1/泵 %1");
}

TEST_CASE("what is no code stays what it is, or becomes no code") {
  CHECK(PastedCode("") == "");
  CHECK(PastedCode(" ") == "");
  CHECK(PastedCode("6901234567892") == "6901234567892");
  CHECK(PastedCode("https://a.example") == "https://a.example");
  CHECK(PastedCode("https://a.example/%zz") == "https://a.example/%zz");
  CHECK(PastedCode("88.1/\xFF") == "88.1/\xFF");
  const std::string long_text = " " + std::string(kPastedCodeBytesMax, 'x');
  CHECK(PastedCode(long_text) == long_text);
}

TEST_CASE(
    "whatever is pasted comes out as UTF-8 no longer than it was, and stays when pasted again") {
  test::Random random("pasted code");
  const std::string pieces[] = {"88.",    "/",   "hdl:", "https://", "％", "０", "。", " ",
                                "\u200B", "%2F", "%",    "?",        "a",  "泵", "\n", "\xFF"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (size_t i = random.Below(12); i > 0; --i) text += pieces[random.Below(std::size(pieces))];
    const std::string code = PastedCode(text);
    INFO(text << " -> " << code);
    REQUIRE(IsUtf8(code) == IsUtf8(text));
    REQUIRE(code.size() <= text.size());
    if (Identifier::Parse(code).ok()) REQUIRE(PastedCode(code) == code);
  }
}

}  // namespace gusu
