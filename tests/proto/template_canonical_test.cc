#include "proto/template_canonical.h"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/proto/golden.h"

namespace gusu {
namespace {

using storage::v1::AttributeRow;
using storage::v1::TemplateRow;

TemplateRow Pump() {
  TemplateRow row;
  row.set_id("88.118.8/PUMP");
  row.set_owner("sz-pumps");
  row.set_state(2);
  row.set_version(3);
  row.set_english_name("Pump");
  row.set_chinese_name("泵");
  AttributeRow* gasket = row.add_attributes();
  gasket->set_index(2000);
  gasket->set_name("gasket");
  gasket->set_type(9);
  gasket->set_required(true);
  gasket->set_indexed(true);
  gasket->set_unique(true);
  gasket->set_disabled(true);
  gasket->set_default_tier(2);
  gasket->set_unit("mm");
  gasket->add_choices("EPDM");
  gasket->add_choices("FKM");
  gasket->set_english_name("Gasket");
  gasket->set_chinese_name("垫片");
  *row.add_draft_attributes() = *gasket;
  AttributeRow* power = row.add_draft_attributes();
  power->set_index(2001);
  power->set_name("power");
  power->set_type(3);
  power->set_default_tier(1);
  return row;
}

TEST_CASE("canonical bytes of a template are what they always were") {
  test::CheckGolden("template_canonical.txt",
                    {{"template body", HexEncode(CanonicalBody(Pump()))},
                     {"template body, empty", HexEncode(CanonicalBody(TemplateRow()))}});
}

TEST_CASE("each field of a template's body, changed alone, changes its bytes") {
  const std::vector<std::function<void(TemplateRow&)>> changes = {
      [](TemplateRow& r) { r.set_owner("x"); },
      [](TemplateRow& r) { r.set_state(3); },
      [](TemplateRow& r) { r.set_version(4); },
      [](TemplateRow& r) { r.set_english_name("x"); },
      [](TemplateRow& r) { r.set_chinese_name("x"); },
      [](TemplateRow& r) { r.clear_draft_attributes(); },
      [](TemplateRow& r) { r.mutable_attributes()->Swap(r.mutable_draft_attributes()); },
      [](TemplateRow& r) { r.mutable_draft_attributes()->SwapElements(0, 1); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_index(2001); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_name("x"); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_type(1); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_required(false); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_indexed(false); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_unique(false); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_disabled(false); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_default_tier(3); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_unit("m"); },
      [](TemplateRow& r) { r.mutable_attributes(0)->add_choices("x"); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_english_name("x"); },
      [](TemplateRow& r) { r.mutable_attributes(0)->set_chinese_name("x"); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    TemplateRow changed = Pump();
    changes[i](changed);
    CHECK(CanonicalBody(changed) != CanonicalBody(Pump()));
  }
}

TEST_CASE(
    "what a template's body does not bind leaves its bytes as they are, and a seal binds it") {
  TemplateRow row = Pump();
  row.set_id("x");
  row.set_create_revision(1);
  row.set_create_leaf_index(1);
  row.set_create_digest("x");
  const std::vector<Commitment> commitments = Seal(row);
  CHECK(CanonicalBody(row) == CanonicalBody(Pump()));
  REQUIRE(commitments.size() == 1);
  CHECK(commitments[0].label == "BODY");
  CHECK(row.body_salt().size() == 32);
  CHECK(commitments[0].hash == CommitmentHash(row.body_salt(), CanonicalBody(Pump())));
}

}  // namespace
}  // namespace gusu
