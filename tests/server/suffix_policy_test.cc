// What a prefix asks of suffixes: at registration, and never of resolution.
#include "server/suffix_policy.h"

#include <catch2/catch.hpp>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "proto/error.h"
#include "server/registrar.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

storage::v1::PrefixRow Policy(const std::string& pattern) {
  v1::SuffixPolicy policy;
  policy.set_pattern(pattern);
  storage::v1::PrefixRow row;
  REQUIRE(ReadSuffixPolicy(policy, &row).ok());
  return row;
}

std::string Show(const absl::Status& status) { return RegistrarWorld::Show(status); }

TEST_CASE("a suffix matches the whole pattern of its prefix, and nothing else counts then") {
  const auto policy = Policy("HP-[0-9]{6}|苏-[一-龥]+");
  CHECK(CheckSuffixPolicy(policy, "HP-000042").ok());
  CHECK(CheckSuffixPolicy(policy, "苏-泵").ok());
  for (const char* suffix : {"HP-00042", "HP-0000421", "xHP-000042", "hp-000042", "苏-", "苏-a"}) {
    const absl::Status refused = CheckSuffixPolicy(policy, suffix);
    CAPTURE(suffix);
    CHECK(Show(refused) == "INVALID_ARGUMENT SUFFIX_REFUSED");
    CHECK(ErrorMetadataValue(refused, "suffix") == suffix);
    CHECK(ErrorMetadataValue(refused, "pattern") == "HP-[0-9]{6}|苏-[一-龥]+");
  }
}

TEST_CASE("without a pattern, letters, digits and . _ : + - / are taken, wider Unicode by policy") {
  storage::v1::PrefixRow policy = Policy("");
  CHECK(CheckSuffixPolicy(policy, "Az09._:+-/").ok());
  const absl::Status refused = CheckSuffixPolicy(policy, "HP-泵");
  CHECK(Show(refused) == "INVALID_ARGUMENT SUFFIX_REFUSED");
  CHECK(ErrorMetadataValue(refused, "character") == "泵");
  policy.set_suffix_allows_unicode(true);
  CHECK(CheckSuffixPolicy(policy, "HP-泵").ok());
  CHECK(CheckSuffixPolicy(policy, "HP (2)").ok());
}

TEST_CASE("length and check characters are asked for beside a pattern") {
  auto policy = Policy("[A-Z0-9]+");
  policy.set_suffix_characters_max(4);
  CHECK(CheckSuffixPolicy(policy, "AB12").ok());
  CHECK(ErrorMetadataValue(CheckSuffixPolicy(policy, "AB123"), "characters_max") == "4");
  policy.set_check_scheme(v1::SuffixPolicy::MOD37_36);
  CHECK(ErrorMetadataValue(CheckSuffixPolicy(policy, "AB12"), "check_scheme") == "MOD37_36");
}

TEST_CASE("a policy that no server can keep is refused when the prefix is granted") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  v1::GrantPrefixRequest request;
  request.set_prefix("88.118.8");
  request.set_holder("registrants/pumps");
  v1::SuffixPolicy& policy = *request.mutable_suffix_policy();
  std::string field = "suffix_policy.pattern";
  SECTION("no regular expression") { policy.set_pattern("HP-["); }
  SECTION("a look-ahead") { policy.set_pattern("(?=HP).*"); }
  SECTION("a back-reference") { policy.set_pattern("(.)\\1"); }
  SECTION("one that takes too much memory") { policy.set_pattern("((a{100}){100}){10}"); }
  SECTION("201 characters") { policy.set_pattern(std::string(201, 'x')); }
  SECTION("bytes that are not UTF-8") { policy.set_pattern("\xff"); }
  SECTION("a pattern and wider Unicode") {
    policy.set_pattern("[a-z]+");
    policy.set_allows_unicode(true);
    field = "suffix_policy.allows_unicode";
  }
  SECTION("254 characters of a suffix") {
    policy.set_characters_max(254);
    field = "suffix_policy.characters_max";
  }
  const auto refused = world.Write(&Registrar::GrantPrefix, RegistrarWorld::kBureauToken, request);
  CHECK(Show(refused.status()) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(ErrorMetadataValue(refused.status(), "field") == field);
}

TEST_CASE("a policy is kept with its prefix, and shown") {
  RegistrarWorld world;
  world.MakeActive("pumps");
  v1::GrantPrefixRequest request;
  request.set_prefix("88.118.8");
  request.set_holder("registrants/pumps");
  request.mutable_suffix_policy()->set_pattern("HP-[0-9]+");
  request.set_disclosure(v1::Prefix::OPEN);
  REQUIRE(
      Show(world.Write(&Registrar::GrantPrefix, RegistrarWorld::kBureauToken, request).status()) ==
      "OK");
  CHECK(world.Prefix("88.118.8").suffix_policy().pattern() == "HP-[0-9]+");
  CHECK(world.Prefix("88.118.8").disclosure() == v1::Prefix::OPEN);
}

}  // namespace
}  // namespace gusu::server
