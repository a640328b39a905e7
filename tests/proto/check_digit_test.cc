#include "proto/check_digit.h"

#include <catch2/catch.hpp>

#include "proto/error.h"
#include "tests/random.h"

using gusu::CheckCharactersOf;
using gusu::CheckScheme;
using gusu::HasValidCheck;

namespace {

std::string Check(std::string_view text, CheckScheme scheme) {
  const auto check = CheckCharactersOf(text, scheme);
  return check.ok() ? *check : gusu::ErrorReason(check.status());
}

constexpr CheckScheme kSchemes[] = {CheckScheme::kMod37_36, CheckScheme::kMod97_10,
                                    CheckScheme::kMod11_10, CheckScheme::kGs1};

}  // namespace

TEST_CASE("check characters are those of published examples") {
  CHECK(Check("A12425GABC1234002", CheckScheme::kMod37_36) == "M");
  CHECK(Check("SZ2026A00012345", CheckScheme::kMod37_36) == "0");
  CHECK(Check("0794", CheckScheme::kMod11_10) == "5");
  CHECK(Check("00200667308", CheckScheme::kMod11_10) == "5");
  CHECK(Check("32050020260001", CheckScheme::kMod11_10) == "4");
  CHECK(Check("5367", CheckScheme::kMod97_10) == "02");
  CHECK(Check("5335", CheckScheme::kMod97_10) == "98");
  CHECK(Check("SZ2026A00012345", CheckScheme::kMod97_10) == "74");
  CHECK(Check("213800KUD8LAJWSQ9D", CheckScheme::kMod97_10) == "15");
  CHECK(Check("950600013435", CheckScheme::kGs1) == "2");
  CHECK(Check("00614141123456789", CheckScheme::kGs1) == "0");
  CHECK(Check("401234500000", CheckScheme::kGs1) == "9");
}

TEST_CASE("case and separators do not count in the alphanumeric schemes") {
  for (const CheckScheme scheme : {CheckScheme::kMod37_36, CheckScheme::kMod97_10}) {
    CHECK(Check("hp-12/3:4.5_6+7", scheme) == Check("HP1234567", scheme));
  }
}

TEST_CASE("what a scheme cannot count is refused, by name and place") {
  CHECK(Check("12A", CheckScheme::kGs1) == "SUFFIX_REFUSED");
  CHECK(Check("12-3", CheckScheme::kMod11_10) == "SUFFIX_REFUSED");
  CHECK(Check("", CheckScheme::kGs1) == "SUFFIX_REFUSED");
  CHECK(Check("-./", CheckScheme::kMod37_36) == "SUFFIX_REFUSED");
  const absl::Status status = CheckCharactersOf("AB C", CheckScheme::kMod37_36).status();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  CHECK(gusu::ErrorMetadataValue(status, "octet") == "2");
  CHECK(gusu::ErrorMetadataValue(status, "check_scheme") == "MOD37_36");
}

TEST_CASE("no scheme appends nothing and finds everything valid") {
  CHECK(Check("any thing", CheckScheme::kNone).empty());
  CHECK(gusu::CheckCharacters(CheckScheme::kNone) == 0);
  CHECK(HasValidCheck("any thing", CheckScheme::kNone));
}

TEST_CASE("a code ends in its own check characters, in either case") {
  CHECK(HasValidCheck("A12425GABC1234002M", CheckScheme::kMod37_36));
  CHECK(HasValidCheck("a12425gabc1234002m", CheckScheme::kMod37_36));
  CHECK_FALSE(HasValidCheck("A12425GABC1234002N", CheckScheme::kMod37_36));
  CHECK(HasValidCheck("9506000134352", CheckScheme::kGs1));
  CHECK_FALSE(HasValidCheck("2", CheckScheme::kGs1));
  CHECK_FALSE(HasValidCheck("", CheckScheme::kMod97_10));
  CHECK_FALSE(HasValidCheck("15", CheckScheme::kMod97_10));
}

TEST_CASE("every scheme finds every single wrong digit") {
  gusu::test::Random random("check digits");
  for (const CheckScheme scheme : kSchemes) {
    for (int round = 0; round < 200; ++round) {
      std::string code;
      for (size_t i = 0, length = 1 + random.Below(20); i < length; ++i) {
        code += static_cast<char>('0' + random.Below(10));
      }
      code += Check(code, scheme);
      CAPTURE(code, gusu::CheckSchemeName(scheme));
      REQUIRE(HasValidCheck(code, scheme));
      const size_t at = random.Below(code.size());
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string wrong = code;
        wrong[at] = digit;
        REQUIRE(HasValidCheck(wrong, scheme) == (wrong == code));
      }
    }
  }
}
