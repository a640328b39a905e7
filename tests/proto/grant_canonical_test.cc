#include "proto/grant_canonical.h"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/proto/golden.h"

namespace gusu {
namespace {

using storage::v1::GrantRow;
using storage::v1::GroupRow;

GrantRow Lots() {
  GrantRow row;
  row.set_grantor("sz-pumps");
  row.set_id("g1");
  row.set_grantee("sz-water");
  row.set_group("friends");
  row.set_organization_code_scheme(3);
  row.set_organization_code_authority("X");
  row.set_organization_code("7");
  row.set_scope(8);
  row.set_prefix_key("88.118.8");
  row.set_suffix_beginning("LOT-");
  row.set_template_id("product");
  row.add_suffixes("LOT-1");
  row.add_suffixes("LOT-2");
  row.set_read_tier(2);
  row.add_write_attributes("batch");
  row.set_append_events(true);
  row.set_expire_time_us(1'767'225'600'000'000);
  row.set_title("lots of 2026");
  row.set_revoked(true);
  row.set_by_holder(true);
  row.add_identifiers("88.118.8/lot-1");
  row.add_identifiers("88.118.8/lot-2");
  row.add_passing_counts(0);
  row.add_passing_counts(2);
  return row;
}

GroupRow Friends() {
  GroupRow row;
  row.set_registrant("sz-pumps");
  row.set_id("friends");
  row.set_title("Friends");
  row.add_members("sz-fixer");
  row.add_members("sz-water");
  return row;
}

TEST_CASE("canonical bytes of grants and groups are what they always were") {
  test::CheckGolden("grant_canonical.txt",
                    {{"grant body", HexEncode(CanonicalBody(Lots()))},
                     {"grant body, empty", HexEncode(CanonicalBody(GrantRow()))},
                     {"group body", HexEncode(CanonicalBody(Friends()))}});
}

TEST_CASE("each field of a grant's body, changed alone, changes its bytes, and no other does") {
  const std::vector<std::function<void(GrantRow&)>> changes = {
      [](GrantRow& r) { r.set_grantor("x"); },
      [](GrantRow& r) { r.set_id("x"); },
      [](GrantRow& r) { r.set_grantee("x"); },
      [](GrantRow& r) { r.set_group("x"); },
      [](GrantRow& r) { r.set_organization_code_scheme(1); },
      [](GrantRow& r) { r.set_organization_code_authority("x"); },
      [](GrantRow& r) { r.set_organization_code("x"); },
      [](GrantRow& r) { r.set_scope(5); },
      [](GrantRow& r) { r.set_prefix_key("x"); },
      [](GrantRow& r) { r.set_suffix_beginning("x"); },
      [](GrantRow& r) { r.set_template_id("x"); },
      [](GrantRow& r) { r.set_suffixes(1, "x"); },
      [](GrantRow& r) { r.set_read_tier(3); },
      [](GrantRow& r) { r.clear_write_attributes(); },
      [](GrantRow& r) { r.set_append_events(false); },
      [](GrantRow& r) { r.set_expire_time_us(1); },
      [](GrantRow& r) { r.set_title("x"); },
      [](GrantRow& r) { r.set_revoked(false); },
      [](GrantRow& r) { r.set_by_holder(false); },
      [](GrantRow& r) { r.set_identifiers(0, "x"); },
      [](GrantRow& r) { r.set_passing_counts(0, 1); },
      [](GrantRow& r) { r.clear_passing_counts(); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    GrantRow changed = Lots();
    changes[i](changed);
    CAPTURE(i);
    CHECK(CanonicalBody(changed) != CanonicalBody(Lots()));
  }
  GrantRow written = Lots();
  written.set_create_revision(7);
  written.set_create_leaf_index(8);
  written.set_create_digest("digest");
  written.set_body_salt("salt");
  CHECK(CanonicalBody(written) == CanonicalBody(Lots()));
}

TEST_CASE("sealing a grant and a group draws a fresh salt that binds the body") {
  GrantRow grant = Lots();
  const std::vector<Commitment> first = Seal(grant);
  REQUIRE(first.size() == 1);
  CHECK(first[0].label == "BODY");
  CHECK(first[0].hash == CommitmentHash(grant.body_salt(), CanonicalBody(grant)));
  CHECK(Seal(grant)[0].hash != first[0].hash);
  GroupRow group = Friends();
  const std::vector<Commitment> of_group = Seal(group);
  REQUIRE(of_group.size() == 1);
  CHECK(of_group[0].hash == CommitmentHash(group.body_salt(), CanonicalBody(group)));
}

}  // namespace
}  // namespace gusu
