#include "proto/hash.h"

#include <catch2/catch.hpp>
#include <set>

TEST_CASE("SHA-256 is that of FIPS 180-4, in one part or several") {
  CHECK(gusu::HexEncode(gusu::AsBytes(gusu::Sha256(""))) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(gusu::HexEncode(gusu::AsBytes(gusu::Sha256("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(gusu::Sha256({"a", "", "bc"}) == gusu::Sha256("abc"));
}

TEST_CASE("base64url is RFC 4648 section 5 without padding") {
  CHECK(gusu::Base64UrlEncode("").empty());
  CHECK(gusu::Base64UrlEncode("f") == "Zg");
  CHECK(gusu::Base64UrlEncode("fo") == "Zm8");
  CHECK(gusu::Base64UrlEncode("foo") == "Zm9v");
  CHECK(gusu::Base64UrlEncode("foob") == "Zm9vYg");
  CHECK(gusu::Base64UrlEncode("\xfb\xff\xfe") == "-__-");
}

TEST_CASE("secrets are 256 random bits and tell what they are") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string token = gusu::NewTokenSecret();
    const std::string claim = gusu::NewClaimSecret();
    CHECK(token.substr(0, 5) == "gusu_");
    CHECK(token.size() == 5 + 43);
    CHECK(claim.substr(0, 11) == "gusu_claim_");
    CHECK(claim.size() == 11 + 43);
    CHECK_FALSE(gusu::IsClaimSecret(token));
    CHECK(gusu::IsClaimSecret(claim));
    seen.insert({token, claim});
  }
  CHECK(seen.size() == 200);
}

TEST_CASE("only the whole form is a claim secret") {
  const std::string claim = gusu::NewClaimSecret();
  CHECK_FALSE(gusu::IsClaimSecret(claim.substr(0, claim.size() - 1)));
  CHECK_FALSE(gusu::IsClaimSecret(claim + "A"));
  CHECK_FALSE(gusu::IsClaimSecret("gusu_claim_" + std::string(42, 'A') + "+"));
  CHECK_FALSE(gusu::IsClaimSecret("gusu_claim-" + std::string(43, 'A')));
  CHECK_FALSE(gusu::IsClaimSecret(""));
}
