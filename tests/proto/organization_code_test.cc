#include "proto/organization_code.h"

#include <catch2/catch.hpp>

#include "proto/error.h"

using gusu::CheckLegalEntityIdentifier;
using gusu::CheckUnifiedSocialCreditCode;

TEST_CASE("unified social credit codes with their own check character pass") {
  for (const char* code : {"91110000600037341L", "91340600MA2PBM9HXD", "91320594MA1MABCD6F"}) {
    CAPTURE(code);
    CHECK(CheckUnifiedSocialCreditCode(code).ok());
    CHECK(gusu::UnifiedSocialCreditCheckCharacter(std::string_view(code).substr(0, 17)) ==
          code[17]);
  }
}

TEST_CASE("every single wrong character of a unified social credit code is found") {
  const std::string code = "91340600MA2PBM9HXD";
  for (size_t i = 0; i < code.size(); ++i) {
    for (const char c : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      std::string wrong = code;
      wrong[i] = c;
      REQUIRE(CheckUnifiedSocialCreditCode(wrong).ok() == (wrong == code));
    }
  }
}

TEST_CASE("a refusal of an organisation code says what is wrong and what would be right") {
  const absl::Status check = CheckUnifiedSocialCreditCode("91340600MA2PBM9HXA");
  CHECK(check.code() == absl::StatusCode::kInvalidArgument);
  CHECK(gusu::ErrorReason(check) == "ORGANIZATION_CODE_MALFORMED");
  CHECK(gusu::ErrorMetadataValue(check, "check_found") == "A");
  CHECK(gusu::ErrorMetadataValue(check, "check_right") == "D");
  CHECK(gusu::ErrorMetadataValue(CheckUnifiedSocialCreditCode("91340600MA2PBM9HX"), "octets") ==
        "17");
  CHECK(gusu::ErrorMetadataValue(CheckUnifiedSocialCreditCode("91340600IA2PBM9HXD"), "position") ==
        "9");
  CHECK_FALSE(CheckUnifiedSocialCreditCode("").ok());
  CHECK_FALSE(CheckUnifiedSocialCreditCode("91340600ma2pbm9hxd").ok());
  CHECK_FALSE(CheckUnifiedSocialCreditCode(std::string(18, '\0')).ok());
  CHECK(gusu::UnifiedSocialCreditCheckCharacter("9134060OMA2PBM9HX") == 0);
}

TEST_CASE("the district is characters 3 to 8 of a unified social credit code") {
  CHECK(gusu::DistrictOfUnifiedSocialCreditCode("91340600MA2PBM9HXD") == "340600");
  CHECK(gusu::DistrictOfUnifiedSocialCreditCode("9134").empty());
}

TEST_CASE("legal entity identifiers are checked") {
  CHECK(CheckLegalEntityIdentifier("213800KUD8LAJWSQ9D15").ok());
  const absl::Status check = CheckLegalEntityIdentifier("213800KUD8LAJWSQ9D16");
  CHECK(gusu::ErrorReason(check) == "ORGANIZATION_CODE_MALFORMED");
  CHECK(gusu::ErrorMetadataValue(check, "check_right") == "15");
  CHECK_FALSE(CheckLegalEntityIdentifier("213800KUD8LAJWSQ9D1").ok());
  CHECK_FALSE(CheckLegalEntityIdentifier("213800KUD8LAJWSQ9d15").ok());
}
