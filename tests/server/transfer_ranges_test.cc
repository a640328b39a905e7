// Transfers of parts of serial ranges, and of the records among their codes.
#include "proto/text.h"
#include "tests/server/transfer_world.h"

namespace gusu::server {
namespace {

constexpr char kToWater[] = "to: \"registrants/sz-water\" ownership: true custody: true ";

TEST_CASE("a part of a serial range passes as a whole and becomes a range of its own") {
  TransferWorld world;
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 1000");
  const std::string part =
      "range { first_identifier: \"88.118.8/bolt-0101\" last_identifier: \"88.118.8/BOLT-0200\" }";
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, part));
  CHECK(world.Ranges() == "1-1000 RESERVED sz-pumps sz-pumps\n");
  CHECK(world.Accept("sz-water", name, "identifiers: \"88.118.8/BOLT-0101\"") ==
        "INVALID_ARGUMENT FIELD_INVALID field=identifiers[0] value=88.118.8/BOLT-0101");
  CHECK(world.Accept("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY ACCEPTED: 88.118.8/BOLT-0101 to 88.118.8/BOLT-0200");
  CHECK(world.Ranges() ==
        "1-100 RESERVED sz-pumps sz-pumps\n"
        "101-200 RESERVED sz-water sz-water\n"
        "201-1000 RESERVED sz-pumps sz-pumps\n");
  CHECK(world.Owner("88.118.8/BOLT-0150", 0) == "registrants/sz-water");
  CHECK(world.Owner("88.118.8/BOLT-0201", 0) == "registrants/sz-pumps");
}

TEST_CASE("a part that was split since it was offered passes all the same") {
  TransferWorld world;
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 1000");
  const auto part = [](const std::string& first, const std::string& last) {
    return Concat("range { first_identifier: \"88.118.8/BOLT-", first,
                  "\" last_identifier: \"88.118.8/BOLT-", last, "\" }");
  };
  const std::string large = world.Offer("sz-pumps", Concat(kToWater, part("0101", "0400")));
  const std::string custody = "to: \"registrants/sz-mills\" custody: true ";
  world.Accept("sz-mills", world.Offer("sz-pumps", Concat(custody, part("0201", "0300"))));
  world.Accept("sz-water", large);
  CHECK(world.Ranges() ==
        "1-100 RESERVED sz-pumps sz-pumps\n"
        "101-200 RESERVED sz-water sz-water\n"
        "201-300 RESERVED sz-water sz-water\n"
        "301-400 RESERVED sz-water sz-water\n"
        "401-1000 RESERVED sz-pumps sz-pumps\n");
}

TEST_CASE("the offerer's records of a part's codes pass with it, and no other's") {
  TransferWorld world;
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 1000");
  RegistryWorld& registry = world.registry();
  const auto code = [](const std::string& suffix) { return Concat("88.118.8/BOLT-", suffix); };
  for (const char* suffix : {"0100", "0110", "0120", "0130", "0130-X", "0201"}) {
    REQUIRE(registry.Register(Concat("identifier: \"", code(suffix), "\"")).substr(0, 8) ==
            "CREATED ");
  }
  const std::string to_mills = "to: \"registrants/sz-mills\" ownership: true custody: true ";
  world.Accept("sz-mills", world.Offer("sz-pumps", Concat(to_mills, "items { identifier: \"",
                                                          code("0120"), "\" }")));
  registry.Change(&Registry::RetireRecord,
                  Concat("name: \"", code("0130"), "\" retirement { reason: SCRAPPED }"));
  const std::string part = Concat("range { first_identifier: \"", code("0101"),
                                  "\" last_identifier: \"", code("0200"), "\" }");
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, part));
  // One that is made of the range after the offer passes, too.
  registry.Change(&Registry::ActivateRecord,
                  Concat("name: \"", code("0140"), "\" reason: \"on a product\""));
  const uint64_t leaves = registry.View()->leaf_count();
  world.Accept("sz-water", name);
  CHECK(world.LeavesFrom(leaves).size() == 6);  // the offer, the part, two rests, two records
  CHECK(world.Holders(code("0110")) == "sz-water sz-water");
  CHECK(world.Holders(code("0140")) == "sz-water sz-water");
  CHECK(world.Holders(code("0120")) == "sz-mills sz-mills");
  for (const char* suffix : {"0100", "0130", "0130-X", "0201"}) {
    CHECK(world.Holders(code(suffix)) == "sz-pumps sz-pumps");
  }
  CHECK(world.Owner(code("0111"), 0) == "registrants/sz-water");
}

TEST_CASE("a held record of one of its codes is in the way of a part, when offered and accepted") {
  TransferWorld world;
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 10");
  const std::string held =
      "FAILED_PRECONDITION RECORD_HELD identifier=88.118.8/BOLT-0007 number=1 reason=recheck "
      "side=HOLDER";
  const auto hold = [&world](const std::string& number) {
    world.registry().Change(&Registry::HoldRecord,
                            Concat("name: \"88.118.8/BOLT-000", number, "\" reason: \"recheck\""));
  };
  hold("7");
  const std::string part =
      "range { first_identifier: \"88.118.8/BOLT-0001\" last_identifier: \"88.118.8/BOLT-0009\" }";
  CHECK(world.TryOffer("sz-pumps", Concat(kToWater, part)) == held);
  world.registry().Change(&Registry::UnholdRecord,
                          "name: \"88.118.8/BOLT-0007\" number: 1 reason: \"sound\"");
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, part));
  hold("8");
  const uint64_t leaves = world.registry().View()->leaf_count();
  CHECK(world.Accept("sz-water", name) ==
        "FAILED_PRECONDITION RECORD_HELD identifier=88.118.8/BOLT-0008 number=1 reason=recheck "
        "side=HOLDER");
  CHECK(world.registry().View()->leaf_count() == leaves);
  CHECK(world.Ranges() == "1-10 RESERVED sz-pumps sz-pumps\n");
}

TEST_CASE("a part among whose codes too many records stand is not offered") {
  TransferWorld world;
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 5000");
  v1::BatchRegisterRequest batch;
  for (int i = 1; i <= 1001; ++i) {
    batch.add_rows()->set_identifier(
        Concat("88.118.8/BOLT-", std::to_string(10'000 + i).substr(1)));
  }
  std::promise<absl::StatusOr<v1::BatchRegisterResponse>> answer;
  world.registry().registry().BatchRegister(
      batch, world.registry().Writer("sz-pumps"),
      [&answer](auto response) { answer.set_value(std::move(response)); });
  REQUIRE(answer.get_future().get().ok());
  const auto offer = [&world](const std::string& last) {
    return world.TryOffer(
        "sz-pumps", Concat(kToWater,
                           "range { first_identifier: \"88.118.8/BOLT-0001\" last_identifier: "
                           "\"88.118.8/BOLT-",
                           last, "\" }"));
  };
  CHECK(offer("2000") ==
        "FAILED_PRECONDITION RANGE_STATE first_identifier=88.118.8/BOLT-0001 "
        "serial_range=prefixes/88.118.8/serialRanges/0-5000");
  CHECK(offer("1000") ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/BOLT-0001 to 88.118.8/BOLT-1000");
}

TEST_CASE("a single code of a serial range gets a record of its own when it passes") {
  TransferWorld world;
  world.Allocate(
      "pattern: \"BOLT-{serial:4}\" count: 10 state: ACTIVE values { type: \"name\" data: \"Bolt\" "
      "}");
  const std::string name =
      world.Offer("sz-pumps", Concat(kToWater, "items { identifier: \"88.118.8/bolt-0007\" }"));
  CHECK(world.Accept("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY ACCEPTED: 88.118.8/BOLT-0007 ACCEPTED");
  CHECK(world.Holders("88.118.8/BOLT-0007") == "sz-water sz-water");
  CHECK(world.Ranges() == "1-10 ACTIVE sz-pumps sz-pumps\n");
  CHECK(world.Owner("88.118.8/BOLT-0008", 0) == "registrants/sz-pumps");
}

}  // namespace
}  // namespace gusu::server
