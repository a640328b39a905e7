#include "proto/range_pattern.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/error.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/opening.h"
#include "proto/permutation.h"
#include "proto/range_canonical.h"
#include "tests/proto/golden.h"
#include "tests/random.h"

namespace gusu {
namespace {

const std::string kKey(32, 'k');

RangePattern Pattern(std::string_view text, CheckScheme scheme = CheckScheme::kMod37_36) {
  const auto pattern = RangePattern::Parse(text, scheme, kKey);
  INFO(text << ": " << pattern.status().message());
  REQUIRE(pattern.ok());
  return *pattern;
}

std::string Refusal(std::string_view text, CheckScheme scheme = CheckScheme::kMod37_36) {
  const auto pattern = RangePattern::Parse(text, scheme, kKey);
  if (pattern.ok()) return "taken";
  return ErrorReason(pattern.status()) + " at " + ErrorMetadataValue(pattern.status(), "octet");
}

SuffixPattern Minting(std::string_view text) {
  return SuffixPattern::Parse(text, CheckScheme::kMod37_36).value();
}

TEST_CASE("a serial stands in exactly its digits, between its literals") {
  const RangePattern bolt = Pattern("BOLT-{serial:10}");
  CHECK(bolt.Expand(7).value() == "BOLT-0000000007");
  CHECK(bolt.Expand(9'999'999'999).value() == "BOLT-9999999999");
  CHECK(bolt.serial_max() == 9'999'999'999);
  CHECK(bolt.Expand(10'000'000'000).status().code() == absl::StatusCode::kOutOfRange);
  CHECK(Pattern("{{A}}-{serial:2}-Z").Expand(7).value() == "{A}-07-Z");
  CHECK(Pattern("{serial:18}").serial_max() == 999'999'999'999'999'999);
}

TEST_CASE("a code gives its serial back, in any case, and nothing else does") {
  const RangePattern bolt = Pattern("Bolt-{serial:4}/A");
  CHECK(bolt.Match("Bolt-0042/A") == 42);
  CHECK(bolt.Match("BOLT-0042/a") == 42);
  CHECK(bolt.Written("bolt-0042/a") == "Bolt-0042/A");
  for (const char* other : {"Bolt-042/A", "Bolt-00042/A", "Bolt-004x/A", "Bolt-0042/B", "Bolt-0042",
                            "Bolt_0042/A", "", "Bolt-0042/A "}) {
    INFO(other);
    CHECK(bolt.Match(other) == std::nullopt);
    CHECK(bolt.Written(other) == std::nullopt);
  }
}

TEST_CASE("check characters stand over all before them, and a wrong one is no code") {
  const RangePattern pump = Pattern("A12425GABC1234{serial:3}{check}-X");
  CHECK(pump.Expand(2).value() == "A12425GABC1234002M-X");
  CHECK(pump.Match("a12425gabc1234002m-x") == 2);
  CHECK(pump.Match("A12425GABC1234002N-X") == std::nullopt);
  CHECK(Pattern("{serial:12}{check}", CheckScheme::kGs1).Expand(950600013435).value() ==
        "9506000134352");
  CHECK(Pattern("{serial:4}{check}", CheckScheme::kMod97_10).Match("536702") == 5367);
}

TEST_CASE("a malformed pattern is refused where it is wrong") {
  CHECK(Refusal("") == "SUFFIX_REFUSED at 0");
  CHECK(Refusal("BOLT") == "SUFFIX_REFUSED at 4");
  CHECK(Refusal("A{serial:0}") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("A{serial:19}") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("A{serial:x}") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("A{permuted:3}") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("A{random:8}") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("A{serial:3") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("A}{serial:3}") == "SUFFIX_REFUSED at 1");
  CHECK(Refusal("{check}{serial:3}") == "SUFFIX_REFUSED at 0");
  CHECK(Refusal("{serial:3}{serial:3}") == "SUFFIX_REFUSED at 10");
  CHECK(Refusal("{serial:3}{check}{check}") == "SUFFIX_REFUSED at 17");
  CHECK(Refusal("{serial:3}{check}", CheckScheme::kNone) == "SUFFIX_REFUSED at 10");
  CHECK(Refusal("A{serial:3}{check}", CheckScheme::kGs1) == "SUFFIX_REFUSED at 0");
  CHECK(Refusal(std::string(1021, 'A') + "{serial:3}") == "SUFFIX_REFUSED at 1020");
}

TEST_CASE("a permutation takes every number below its bound once, and is undone") {
  for (const uint64_t bound : {uint64_t{2}, uint64_t{3}, uint64_t{1000}, uint64_t{10'000}}) {
    std::set<uint64_t> seen;
    for (uint64_t i = 0; i < bound; ++i) {
      const uint64_t permuted = Permute(i, bound, kKey);
      REQUIRE(permuted < bound);
      REQUIRE(Unpermute(permuted, bound, kKey) == i);
      seen.insert(permuted);
    }
    CHECK(seen.size() == bound);
  }
}

TEST_CASE("a permutation of 18 digits is undone everywhere, and another key is another one") {
  test::Random random("permutation");
  constexpr uint64_t kBound = 1'000'000'000'000'000'000;
  const std::string key = random.Bytes(32);
  const std::string other_key = random.Bytes(32);
  int same = 0;
  for (int i = 0; i < 2000; ++i) {
    const uint64_t number = random.engine()() % kBound;
    const uint64_t permuted = Permute(number, kBound, key);
    REQUIRE(permuted < kBound);
    REQUIRE(Unpermute(permuted, kBound, key) == number);
    same += Permute(number, kBound, other_key) == permuted ? 1 : 0;
  }
  CHECK(same == 0);
}

TEST_CASE("a permuted code tells its serial only to who has the key") {
  const RangePattern pattern = Pattern("V-{permuted:6}{check}");
  std::set<std::string> codes;
  for (uint64_t serial = 1; serial <= 500; ++serial) {
    const std::string code = pattern.Expand(serial).value();
    CHECK(pattern.Match(code) == serial);
    codes.insert(code);
  }
  CHECK(codes.size() == 500);
  const RangePattern without =
      RangePattern::Parse("V-{permuted:6}{check}", CheckScheme::kMod37_36, "").value();
  CHECK(without.Match(*codes.begin()) == std::nullopt);
  CHECK(without.Written(ToKey(*codes.begin())) == *codes.begin());
  CHECK(without.Expand(1).status().code() == absl::StatusCode::kOutOfRange);
}

TEST_CASE("two patterns are told apart only where no code could be of both") {
  const auto meet = [](std::string_view a, std::string_view b) {
    const bool there = Pattern(a).CouldMatch(Pattern(b));
    CHECK(there == Pattern(b).CouldMatch(Pattern(a)));
    return there;
  };
  CHECK(meet("BOLT-{serial:4}", "bolt-{serial:4}"));
  CHECK(meet("A{serial:4}", "A0{serial:3}"));
  CHECK(meet("A{serial:3}{check}", "A{serial:4}"));
  CHECK(meet("{serial:5}", "{permuted:5}"));
  CHECK(meet("A{serial:3}{check}", "A{serial:3}X"));
  CHECK_FALSE(meet("A{serial:4}", "A{serial:5}"));
  CHECK_FALSE(meet("A{serial:4}", "B{serial:4}"));
  CHECK_FALSE(meet("A{serial:4}", "AB{serial:3}"));
  CHECK_FALSE(meet("A{serial:3}-", "A{serial:4}"));
}

TEST_CASE("a minting pattern is held against a range's at every length of its serials") {
  const RangePattern bolt = Pattern("BOLT-{serial:6}");
  CHECK(bolt.CouldMatch(Minting("BOLT-{serial:6}")));
  CHECK(bolt.CouldMatch(Minting("BOLT-{serial:2}")));
  CHECK(bolt.CouldMatch(Minting("bolt-{serial:5}{check}")));
  CHECK_FALSE(bolt.CouldMatch(Minting("BOLT-{serial:7}")));
  CHECK_FALSE(bolt.CouldMatch(Minting("NUT-{serial:2}")));
  CHECK(Pattern("A{serial:8}").CouldMatch(Minting("A{random:8}")));
  CHECK(Pattern("A{serial:9}").CouldMatch(Minting("{random:10}")));
  CHECK_FALSE(Pattern("A-{serial:8}").CouldMatch(Minting("{random:10}")));
}

TEST_CASE("every code of a pattern fits it, and a random other text does only as a code of it") {
  test::Random random("range pattern");
  const RangePattern pattern = Pattern("Q{serial:3}-{check}");
  constexpr std::string_view kCharacters = "Qq0123456789-MA";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    while (text.size() < 6) text += kCharacters[random.Below(kCharacters.size())];
    const auto serial = pattern.Match(text);
    if (serial) CHECK(ToKey(pattern.Expand(*serial).value()) == ToKey(text));
  }
  for (uint64_t serial = 0; serial <= pattern.serial_max(); ++serial) {
    CHECK(pattern.Match(pattern.Expand(serial).value()) == serial);
  }
}

TEST_CASE("a range's commitment binds its interval, its pattern and what its codes are") {
  storage::v1::SerialRangeRow range;
  range.set_prefix("88.118.8");
  range.set_pattern("BOLT-{serial:10}");
  range.set_first_serial(1);
  range.set_last_serial(100);
  range.mutable_record()->set_issued_by("sz-pumps");
  range.mutable_record()->set_state(1);
  storage::v1::ValueRow* name = range.mutable_record()->add_values();
  name->set_index(2);
  name->set_type("name");
  name->set_data("Bolt");
  name->set_tier(1);
  const std::vector<Commitment> commitments = Seal(range);
  REQUIRE(commitments.size() == 2);
  CHECK(commitments[0].label == "BODY");
  CHECK(commitments[0].hash == CommitmentHash(range.record().body_salt(), CanonicalBody(range)));
  CHECK(commitments[1].label == "PUBLIC");

  const std::string body = CanonicalBody(range);
  const auto differs = [&](const std::function<void(storage::v1::SerialRangeRow&)>& change) {
    storage::v1::SerialRangeRow changed = range;
    change(changed);
    return CanonicalBody(changed) != body;
  };
  CHECK(differs([](auto& r) { r.set_prefix("88.118.9"); }));
  CHECK(differs([](auto& r) { r.set_pattern_number(1); }));
  CHECK(differs([](auto& r) { r.set_pattern("NUT-{serial:10}"); }));
  CHECK(differs([](auto& r) { r.set_first_serial(2); }));
  CHECK(differs([](auto& r) { r.set_last_serial(101); }));
  CHECK(differs([](auto& r) { r.set_parent_last_serial(1000); }));
  CHECK(differs([](auto& r) { r.mutable_record()->set_state(2); }));
  CHECK(differs([](auto& r) { r.mutable_record()->set_owner("sz-valves"); }));
  CHECK_FALSE(differs([](auto& r) { r.set_split_revision(7); }));
}

TEST_CASE("the patterns' commitment binds a permutation's key without showing it") {
  storage::v1::RangePatternsRow patterns;
  storage::v1::RangePatternRow* pattern = patterns.add_patterns();
  pattern->set_pattern("V-{permuted:6}");
  pattern->set_permutation_key(kKey);
  pattern->set_check_scheme(2);
  pattern->set_next_serial(101);
  const std::string bytes = CanonicalBody(patterns);
  CHECK(bytes.find(kKey) == std::string::npos);
  const Commitment commitment = Seal(patterns);
  CHECK(commitment.label == kPatternsLabel);
  CHECK(commitment.hash == CommitmentHash(patterns.body_salt(), bytes));
  pattern->set_permutation_key(std::string(32, 'j'));
  CHECK(CanonicalBody(patterns) != bytes);
}

// What stands in logs and stores by now: another permutation would make other codes of the same
// rows.
TEST_CASE("the canonical bytes of ranges and their permutation stay what they are") {
  storage::v1::SerialRangeRow range;
  range.set_prefix("88.118.8");
  range.set_pattern_number(2);
  range.set_pattern("BOLT-{serial:10}");
  range.set_first_serial(11);
  range.set_last_serial(20);
  range.set_parent_last_serial(1'000'000'000);
  range.set_split_revision(7);
  storage::v1::RecordRow* record = range.mutable_record();
  record->set_level(3);
  record->set_instance_of("88.118.8/M-1");
  record->set_issued_by("sz-pumps");
  record->set_custodian("sz-water");
  record->set_state(4);
  record->mutable_retirement()->set_reason(7);
  record->mutable_retirement()->set_text("spoiled");
  storage::v1::RangePatternsRow patterns;
  storage::v1::RangePatternRow* bolt = patterns.add_patterns();
  bolt->set_pattern("BOLT-{serial:10}");
  bolt->set_check_scheme(2);
  bolt->set_next_serial(21);
  storage::v1::RangePatternRow* permuted = patterns.add_patterns();
  permuted->set_pattern("V-{permuted:6}");
  permuted->set_permutation_key(kKey);
  permuted->set_check_scheme(3);
  permuted->set_next_serial(1);
  const auto number = [](uint64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return HexEncode(bytes);
  };
  test::CheckGolden(
      "range_canonical.txt",
      {{"serial range body", HexEncode(CanonicalBody(range))},
       {"patterns", HexEncode(CanonicalBody(patterns))},
       {"1 of 4 digits permuted", number(Permute(1, 10'000, kKey))},
       {"9999 of 4 digits permuted", number(Permute(9999, 10'000, kKey))},
       {"1 of 10 digits permuted", number(Permute(1, 10'000'000'000, kKey))},
       {"1 of 18 digits permuted", number(Permute(1, 1'000'000'000'000'000'000, kKey))}});
}

}  // namespace
}  // namespace gusu
