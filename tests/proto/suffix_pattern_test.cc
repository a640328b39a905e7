#include "proto/suffix_pattern.h"

#include <catch2/catch.hpp>
#include <set>

#include "proto/error.h"

using gusu::CheckScheme;
using gusu::SuffixPattern;

namespace {

std::string Expand(std::string_view text, uint64_t serial,
                   CheckScheme scheme = CheckScheme::kMod37_36) {
  const auto pattern = SuffixPattern::Parse(text, scheme);
  return pattern.ok() ? pattern->Expand(serial).value() : gusu::ErrorReason(pattern.status());
}

}  // namespace

TEST_CASE("a serial has at least its digits") {
  CHECK(Expand("HP-{serial:6}", 42) == "HP-000042");
  CHECK(Expand("HP-{serial:6}", 1234567) == "HP-1234567");
  CHECK(Expand("{serial:1}", 0) == "0");
  CHECK(Expand("{serial:18}", 999999999999999999) == "999999999999999999");
  CHECK(Expand("{{A}}-{serial:2}-Z", 7) == "{A}-07-Z");
}

TEST_CASE("check characters are those of all that stands before them") {
  CHECK(Expand("A12425GABC1234{serial:3}{check}", 2) == "A12425GABC1234002M");
  CHECK(Expand("{serial:12}{check}", 950600013435, CheckScheme::kGs1) == "9506000134352");
  CHECK(Expand("{serial:4}{check}", 5367, CheckScheme::kMod97_10) == "536702");
  CHECK(gusu::HasValidCheck(Expand("HP-{serial:6}/A{check}", 1), CheckScheme::kMod37_36));
}

TEST_CASE("random characters are drawn anew and from an alphabet that cannot be misread") {
  const auto pattern = SuffixPattern::Parse("R-{random:12}{check}", CheckScheme::kMod37_36);
  REQUIRE(pattern.ok());
  CHECK(pattern->is_random());
  CHECK(pattern->characters() == 15);
  std::set<std::string> seen;
  std::set<char> characters;
  for (int i = 0; i < 500; ++i) {
    const std::string suffix = pattern->ExpandRandom().value();
    CHECK(suffix.size() == 15);
    CHECK(gusu::HasValidCheck(suffix, CheckScheme::kMod37_36));
    seen.insert(suffix);
    characters.insert(suffix.begin() + 2, suffix.end() - 1);
  }
  CHECK(seen.size() == 500);
  CHECK(std::string(characters.begin(), characters.end()) == "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
  CHECK_FALSE(pattern->Expand(1).ok());
}

TEST_CASE("the length of a pattern's codes is known beforehand") {
  CHECK(SuffixPattern::Parse("泵-{serial:6}{check}", CheckScheme::kNone).ok() == false);
  CHECK(SuffixPattern::Parse("AB-{serial:6}{check}", CheckScheme::kMod97_10)->characters() == 11);
  CHECK(SuffixPattern::Parse("泵-{serial:6}", CheckScheme::kNone)->characters() == 8);
}

TEST_CASE("patterns that are wrong are refused with what is wrong and where") {
  struct {
    const char* text;
    CheckScheme scheme;
    const char* octet;
  } const cases[] = {
      {"", CheckScheme::kNone, "0"},
      {"HP-", CheckScheme::kNone, "3"},
      {"HP-{serial:0}", CheckScheme::kNone, "3"},
      {"HP-{serial:19}", CheckScheme::kNone, "3"},
      {"HP-{serial:}", CheckScheme::kNone, "3"},
      {"HP-{serial:6x}", CheckScheme::kNone, "3"},
      {"HP-{serial:-6}", CheckScheme::kNone, "3"},
      {"HP-{serial}", CheckScheme::kNone, "3"},
      {"HP-{random:7}", CheckScheme::kNone, "3"},
      {"HP-{random:65}", CheckScheme::kNone, "3"},
      {"HP-{random:99999999999999999999999}", CheckScheme::kNone, "3"},
      {"HP-{serial:6", CheckScheme::kNone, "3"},
      {"HP-}", CheckScheme::kNone, "3"},
      {"{serial:6}{serial:6}", CheckScheme::kNone, "10"},
      {"{serial:6}{random:8}", CheckScheme::kNone, "10"},
      {"{check}{serial:6}", CheckScheme::kMod37_36, "0"},
      {"{serial:6}{check}X", CheckScheme::kMod37_36, "17"},
      {"{serial:6}{check}", CheckScheme::kNone, "10"},
      {"HP-{serial:6}{check}", CheckScheme::kGs1, "0"},
      {"{random:8}{check}", CheckScheme::kMod11_10, "0"},
      {"{Serial:6}", CheckScheme::kNone, "0"},
  };
  for (const auto& [text, scheme, octet] : cases) {
    CAPTURE(text);
    const auto pattern = SuffixPattern::Parse(text, scheme);
    REQUIRE_FALSE(pattern.ok());
    CHECK(pattern.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(gusu::ErrorReason(pattern.status()) == "SUFFIX_REFUSED");
    CHECK(gusu::ErrorMetadataValue(pattern.status(), "octet") == octet);
  }
  CHECK_FALSE(SuffixPattern::Parse(std::string(250, 'x') + "{serial:6}", CheckScheme::kNone).ok());
}
