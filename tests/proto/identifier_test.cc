#include "proto/identifier.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "proto/error.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "tests/random.h"

using gusu::ErrorMetadataValue;
using gusu::Identifier;

namespace {

std::string Repeat(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

// The error's message, checked to be the error that a malformed identifier gives; empty when it
// parses.
std::string Refusal(std::string_view text) {
  const auto identifier = Identifier::Parse(text);
  if (identifier.ok()) return {};
  CHECK(identifier.status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(gusu::ErrorReason(identifier.status()) == "IDENTIFIER_MALFORMED");
  return std::string(gusu::StdView(identifier.status().message()));
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an identifier is split at its first slash, kept as written and compared in upper case") {
  const auto id = Identifier::Parse("88.118.8a/hp-0042/Rev.b");
  REQUIRE(id.ok());
  CHECK(id->written() == "88.118.8a/hp-0042/Rev.b");
  CHECK(id->key() == "88.118.8A/HP-0042/REV.B");
  CHECK(id->prefix() == "88.118.8a");
  CHECK(id->suffix() == "hp-0042/Rev.b");
  CHECK(id->prefix_key() == "88.118.8A");
  CHECK(id->suffix_key() == "HP-0042/REV.B");
  CHECK(*id == Identifier::Parse("88.118.8A/HP-0042/REV.B").value());
  CHECK_FALSE(*id == Identifier::Parse("88.118.8A/HP-42/REV.B").value());
}

TEST_CASE("only ASCII letters change case in a key") {
  CHECK(Identifier::Parse("88.1/straße-é").value().key() == "88.1/STRAßE-é");
}

TEST_CASE("identifiers in use parse") {
  for (const char* text :
       {"88.118.8/JXDY2106023", "88.608.8889/META_x", "86.100.1234/abcdfe.123", "88.118.0042/0042",
        "0.NA/88.118", "86.1/江苏泵 1号", "1/2", "a_b-c.d/e//f", "88.1/a%2Fb?c#d{}\"'"}) {
    CAPTURE(text);
    CHECK(Refusal(text).empty());
  }
}

TEST_CASE("limits of an identifier") {
  const std::string prefix64 = Repeat("8", 64);
  struct {
    const char* what;
    std::string text;
    std::string refusal;  // a part of it; empty: accepted
  } const cases[] = {
      {"255 characters", "88/" + Repeat("x", 252), ""},
      {"256 characters", "88/" + Repeat("x", 253), "has 256 characters, more than 255"},
      {"255 characters of 4 octets", "88/" + Repeat("😀", 252), ""},
      {"256 characters of 4 octets", "88/" + Repeat("😀", 253), "has 256 characters, more than 255"},
      {"more octets than fit", Repeat("x", 1021), "has 1021 octets, more than 1020"},
      {"prefix of 64", prefix64 + "/x", ""},
      {"prefix of 65", prefix64 + "8/x", "has a prefix of 65 characters, more than 64"},
      {"empty", "", "is empty"},
      {"no slash", "88.118.8", "has no \"/\""},
      {"no prefix", "/x", "has no prefix"},
      {"no suffix", "88.1/", "has no suffix"},
      {"empty first segment", ".88/x", "empty prefix segment at character 1"},
      {"empty middle segment", "88..1/x", "empty prefix segment at character 4"},
      {"empty last segment", "88.1./x", "ends in \".\""},
      {"space in prefix", "88 1/x", "character 3, U+0020, cannot stand in a prefix"},
      {"letters beyond ASCII in prefix", "88.苏/x",
       "character 4, U+82CF, cannot stand in a prefix"},
  };
  for (const auto& [what, text, refusal] : cases) {
    CAPTURE(what);
    const std::string found = Refusal(text);
    if (refusal.empty()) {
      CHECK(found.empty());
    } else {
      CHECK_THAT(found, Catch::Contains(refusal));
    }
  }
}

TEST_CASE("characters that mislead the eye are refused wherever they stand") {
  struct {
    const char* text;  // UTF-8 of the character
    const char* name;
    const char* why;
  } const cases[] = {
      {"\x01", "U+0001", "control"},
      {"\t", "U+0009", "control"},
      {"\n", "U+000A", "control"},
      {"\x1F", "U+001F", "control"},
      {"\x7F", "U+007F", "control"},
      {"\xC2\x80", "U+0080", "control"},
      {"\xC2\x9F", "U+009F", "control"},
      {"\xC2\xAD", "U+00AD", "invisible"},
      {"\xD8\x9C", "U+061C", "invisible"},
      {"\xE2\x80\x8B", "U+200B", "invisible"},
      {"\xE2\x80\x8F", "U+200F", "invisible"},
      {"\xE2\x80\xA8", "U+2028", "invisible"},
      {"\xE2\x80\xAA", "U+202A", "invisible"},
      {"\xE2\x80\xAE", "U+202E", "invisible"},
      {"\xE2\x81\xA0", "U+2060", "invisible"},
      {"\xE2\x81\xA4", "U+2064", "invisible"},
      {"\xE2\x81\xA6", "U+2066", "invisible"},
      {"\xE2\x81\xA9", "U+2069", "invisible"},
      {"\xEF\xBB\xBF", "U+FEFF", "invisible"},
      {"\xEF\xB7\x90", "U+FDD0", "not a character"},
      {"\xEF\xBF\xBE", "U+FFFE", "not a character"},
      {"\xF0\x9F\xBF\xBF", "U+1FFFF", "not a character"},
      {"\xF4\x8F\xBF\xBF", "U+10FFFF", "not a character"},
      {"\xE3\x80\x80", "U+3000", "write a space"},
      {"\xEF\xBC\x81", "U+FF01", "write \"!\""},
      {"\xEF\xBC\xA1", "U+FF21", "write \"A\""},
      {"\xEF\xBC\x8F", "U+FF0F", "write \"/\""},
      {"\xEF\xBD\x9E", "U+FF5E", "write \"~\""},
  };
  for (const auto& [character, name, why] : cases) {
    for (const auto& [before, after] : {std::pair("88.1/", "x"), std::pair("88.1/x", ""),
                                        std::pair("88.1/x", "y"), std::pair("", "88.1/x")}) {
      const std::string text = std::string(before) + character + after;
      CAPTURE(name, text);
      const auto id = Identifier::Parse(text);
      REQUIRE_FALSE(id.ok());
      CHECK(ErrorMetadataValue(id.status(), "character") == name);
      CHECK(ErrorMetadataValue(id.status(), "position") == std::to_string(std::strlen(before) + 1));
      CHECK_THAT(std::string(gusu::StdView(id.status().message())), Catch::Contains(why));
    }
  }
}

TEST_CASE("neighbours of the refused characters stay permitted") {
  for (const char* character :
       {"\xC2\xA1", "\xE2\x80\x90", "\xE2\x80\xB0", "\xE2\x81\xB0", "\xEF\xBC\x80", "\xEF\xBD\x9F",
        "\xEF\xB7\x8F", "\xEF\xBF\xBD", "~"}) {
    CAPTURE(character);
    CHECK(Refusal(std::string("88.1/x") + character + "y").empty());
  }
}

TEST_CASE("a suffix neither begins nor ends with a space of any width") {
  for (const char* space : {" ", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A",
                            "\xE2\x80\xAF", "\xE2\x81\x9F"}) {
    CAPTURE(space);
    CHECK(Contains(Refusal(std::string("88.1/") + space + "x"), "begins with a space"));
    CHECK(Contains(Refusal(std::string("88.1/x") + space), "ends with a space"));
    CHECK(Contains(Refusal(std::string("88.1/") + space), "begins with a space"));
    CHECK(Refusal(std::string("88.1/x") + space + "y").empty());
  }
  CHECK_FALSE(Refusal(" 88.1/x").empty());
}

TEST_CASE("bytes that are not UTF-8 are refused with their place") {
  for (const char* bad : {"\x80", "\xC0\x80", "\xC2", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
    const auto id = Identifier::Parse(std::string("88.1/x") + bad);
    REQUIRE_FALSE(id.ok());
    CHECK(ErrorMetadataValue(id.status(), "octet") == "6");
  }
  CHECK_FALSE(Refusal(std::string("88.1/a\0b", 8)).empty());
}

TEST_CASE("messages about long identifiers stay short") {
  const std::string refusal = Refusal("88.1/" + Repeat("\x01", 1000));
  CHECK(refusal.size() <= 512);
  CHECK(Contains(refusal, "…"));
}

TEST_CASE("a record's name and its identifier name the same") {
  const auto id = Identifier::Parse("88.118.8/HP 1/é~x");
  REQUIRE(id.ok());
  CHECK(id->name() == "prefixes/88.118.8/records/HP%201%2F%C3%A9~x");
  CHECK(Identifier::ParseName(id->name()).value() == *id);
  CHECK(Identifier::ParseName(id->name()).value().written() == id->written());
  CHECK(Identifier::ParseName("88.118.8/HP 1/é~x").value() == *id);
}

TEST_CASE("resource names that are wrong are refused") {
  for (const char* name :
       {"prefixes/88.1/records/", "prefixes/88.1/records/a/b", "prefixes//records/x",
        "prefixes/88.1/records/%", "prefixes/88.1/records/%4", "prefixes/88.1/records/%GG",
        "prefixes/88.1/records/%00", "prefixes/88.1/records/%FF", "prefixes/88.1/records/x%20"}) {
    CAPTURE(name);
    const auto id = Identifier::ParseName(name);
    REQUIRE_FALSE(id.ok());
    CHECK(gusu::ErrorReason(id.status()) == "IDENTIFIER_MALFORMED");
  }
  // Not a record's name, and a good identifier.
  CHECK(Identifier::ParseName("prefixes/88.1").value().suffix() == "88.1");
  CHECK_FALSE(Identifier::ParseName("prefixes/88.1/records/" + Repeat("%41", 1021)).ok());
}

TEST_CASE("a prefix alone is parsed in the form that can be granted") {
  CHECK(gusu::ParsePrefix("88.118.8a").value() == "88.118.8a");
  for (const char* bad : {"", "88/1", "88.", ".88", "88..1", "88 1", "88.苏", "\xFF"}) {
    CAPTURE(bad);
    CHECK(gusu::ErrorReason(gusu::ParsePrefix(bad).status()) == "IDENTIFIER_MALFORMED");
  }
  CHECK(gusu::ParsePrefix(Repeat("8", 64)).ok());
  CHECK_FALSE(gusu::ParsePrefix(Repeat("8", 65)).ok());
}

TEST_CASE("the default pattern names the first character outside") {
  CHECK(gusu::FirstCharacterOutsideDefaultPattern("aZ09._:+-/").empty());
  CHECK(gusu::FirstCharacterOutsideDefaultPattern("").empty());
  CHECK(gusu::FirstCharacterOutsideDefaultPattern("ab c") == " ");
  CHECK(gusu::FirstCharacterOutsideDefaultPattern("a泵b") == "泵");
  CHECK(gusu::FirstCharacterOutsideDefaultPattern("a\xFF") == "\\xFF");
  CHECK(gusu::FirstCharacterOutsideDefaultPattern("a*") == "*");
}

TEST_CASE("a prefix is below its ancestors, segment by segment") {
  CHECK(gusu::IsAtOrBelow("88.118.8", "88.118"));
  CHECK(gusu::IsAtOrBelow("88.118", "88.118"));
  CHECK_FALSE(gusu::IsAtOrBelow("88.1189", "88.118"));
  CHECK_FALSE(gusu::IsAtOrBelow("88", "88.118"));
}

TEST_CASE("percent encoding is undone by decoding, for any bytes") {
  gusu::test::Random random("percent encoding");
  for (int i = 0; i < 5000; ++i) {
    const std::string bytes = random.Bytes(random.Below(50));
    REQUIRE(gusu::PercentDecode(gusu::PercentEncode(bytes)).value() == bytes);
  }
}

TEST_CASE("whatever the bytes, parsing answers, and what parses comes back by its name") {
  gusu::test::Random random("identifiers");
  const char* const pieces[] = {"88", ".",         "/",         "a",           "Z",   "-",
                                "_",  " ",         "泵",        "\xFF",        "%2F", "\t",
                                "😀",  "prefixes/", "/records/", "\xE2\x80\x8B"};
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    for (size_t n = random.Below(8); n > 0; --n) text += pieces[random.Below(std::size(pieces))];
    const auto id = Identifier::Parse(text);
    if (!id.ok()) {
      REQUIRE(gusu::IsUtf8(gusu::StdView(id.status().message())));
      continue;
    }
    REQUIRE(id->written() == text);
    REQUIRE(gusu::ToKey(id->key()) == id->key());
    REQUIRE(Identifier::ParseName(id->name()).value().written() == text);
  }
}
