#include "proto/transfer_canonical.h"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/proto/golden.h"

namespace gusu {
namespace {

using storage::v1::TransferItemRow;
using storage::v1::TransferRow;

TransferRow Delivery() {
  TransferRow row;
  row.set_id("00112233445566778899");
  row.set_from("sz-pumps");
  row.set_to("sz-water");
  row.set_ownership(true);
  row.set_custody(true);
  TransferItemRow* first = row.add_items();
  first->set_identifier("88.118.8/HP-1");
  first->set_state(2);
  TransferItemRow* second = row.add_items();
  second->set_identifier("88.118.8/HP-2");
  second->set_state(3);
  row.set_range_first_identifier("88.118.8/BOLT-01");
  row.set_range_last_identifier("88.118.8/BOLT-99");
  row.set_expire_time_us(1767225600000000);
  row.set_reference("DN-117");
  row.set_state(2);
  row.set_state_reason("damaged");
  row.add_prefix_keys("88.118.8");
  row.add_prefix_holders("sz-pumps");
  row.add_prefix_passing_counts(0);
  return row;
}

TEST_CASE("canonical bytes of a transfer are what they always were") {
  test::CheckGolden("transfer_canonical.txt",
                    {{"transfer body", HexEncode(CanonicalBody(Delivery()))},
                     {"transfer body, empty", HexEncode(CanonicalBody(TransferRow()))}});
}

TEST_CASE("each field of a transfer's body, changed alone, changes its bytes") {
  const std::vector<std::function<void(TransferRow&)>> changes = {
      [](TransferRow& r) { r.set_from("x"); },
      [](TransferRow& r) { r.set_to("x"); },
      [](TransferRow& r) { r.set_ownership(false); },
      [](TransferRow& r) { r.set_custody(false); },
      [](TransferRow& r) { r.mutable_items(0)->set_identifier("x"); },
      [](TransferRow& r) { r.mutable_items(0)->set_state(1); },
      [](TransferRow& r) { r.mutable_items()->SwapElements(0, 1); },
      [](TransferRow& r) { r.set_range_first_identifier("x"); },
      [](TransferRow& r) { r.set_range_last_identifier("x"); },
      [](TransferRow& r) { r.set_expire_time_us(1); },
      [](TransferRow& r) { r.set_reference("x"); },
      [](TransferRow& r) { r.set_state(1); },
      [](TransferRow& r) { r.set_state_reason("x"); },
      [](TransferRow& r) { r.set_prefix_keys(0, "x"); },
      [](TransferRow& r) { r.set_prefix_holders(0, "x"); },
      [](TransferRow& r) { r.set_prefix_passing_counts(0, 1); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    TransferRow changed = Delivery();
    changes[i](changed);
    CHECK(CanonicalBody(changed) != CanonicalBody(Delivery()));
  }
}

TEST_CASE(
    "what a transfer's body does not bind leaves its bytes as they are, and a seal binds it") {
  TransferRow row = Delivery();
  row.set_id("x");
  row.set_create_revision(1);
  row.set_create_leaf_index(1);
  row.set_create_digest("x");
  const std::vector<Commitment> commitments = Seal(row);
  CHECK(CanonicalBody(row) == CanonicalBody(Delivery()));
  REQUIRE(commitments.size() == 1);
  CHECK(commitments[0].label == "BODY");
  CHECK(row.body_salt().size() == 32);
  CHECK(commitments[0].hash == CommitmentHash(row.body_salt(), CanonicalBody(Delivery())));
}

}  // namespace
}  // namespace gusu
