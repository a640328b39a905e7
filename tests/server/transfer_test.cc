#include <set>
#include <thread>

#include "proto/text.h"
#include "tests/server/transfer_world.h"

namespace gusu::server {
namespace {

constexpr char kPump[] = "identifier: \"88.118.8/HP-1\" values { type: \"name\" data: \"Pump\" }";
constexpr char kOther[] = "identifier: \"88.118.8/HP-2\" values { type: \"name\" data: \"Pump\" }";
constexpr char kToWater[] = "to: \"registrants/sz-water\" ownership: true custody: true ";
constexpr char kOne[] = "items { identifier: \"88.118.8/HP-1\" }";
constexpr char kBoth[] =
    "items { identifier: \"88.118.8/HP-1\" } items { identifier: \"88.118.8/HP-2\" }";

std::string ShowAnswer(const absl::StatusOr<v1::TransferResponse>& answer) {
  return answer.ok() ? TransferWorld::Show(answer->transfer())
                     : RegistryWorld::ShowError(answer.status());
}

TEST_CASE("what is offered stays with who offers it until it is accepted") {
  TransferWorld world;
  world.registry().Register(kPump);
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kOne));
  CHECK(world.Holders("88.118.8/HP-1") == "sz-pumps sz-pumps");
  CHECK(world.Get("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 OFFERED");

  const uint64_t before = world.registry().View()->last_revision();
  CHECK(world.Accept("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY ACCEPTED: 88.118.8/HP-1 ACCEPTED");
  CHECK(world.Holders("88.118.8/HP-1") == "sz-water sz-water");
  CHECK(world.Owner("88.118.8/HP-1", 0) == "registrants/sz-water");
  CHECK(world.Owner("88.118.8/HP-1", before) == "registrants/sz-pumps");
}

TEST_CASE("ownership and custody pass apart") {
  TransferWorld world;
  world.registry().Register(kPump);
  const std::string custody =
      world.Offer("sz-pumps", Concat("to: \"registrants/sz-water\" custody: true ", kOne));
  CHECK(world.Accept("sz-water", custody) ==
        "sz-pumps > sz-water CUSTODY ACCEPTED: 88.118.8/HP-1 ACCEPTED");
  CHECK(world.Holders("88.118.8/HP-1") == "sz-pumps sz-water");

  const std::string ownership =
      world.Offer("sz-pumps", Concat("to: \"registrants/sz-mills\" ownership: true ", kOne));
  world.Accept("sz-mills", ownership);
  CHECK(world.Holders("88.118.8/HP-1") == "sz-mills sz-water");

  // Custody is passed on by who has it, ownership is not.
  CHECK(world.TryOffer("sz-water", Concat("to: \"registrants/sz-pumps\" ownership: true ", kOne)) ==
        "PERMISSION_DENIED NOT_RECORD_OWNER identifier=88.118.8/HP-1 "
        "registrant=registrants/sz-water");
  const std::string on =
      world.Offer("sz-water", Concat("to: \"registrants/sz-pumps\" custody: true ", kOne));
  world.Accept("sz-pumps", on);
  CHECK(world.Holders("88.118.8/HP-1") == "sz-mills sz-pumps");
}

TEST_CASE("the new owner retires a record, and the old one does not") {
  TransferWorld world;
  world.registry().Register("identifier: \"88.118.9/V-1\"");  // refused: not sz-pumps' prefix
  const auto valves = world.registry().Writer("sz-valves");
  world.registry().RegisterAs(valves, "row { identifier: \"88.118.9/V-1\" }");
  world.Accept("sz-water", world.Offer("sz-valves",
                                       Concat(kToWater, "items { identifier: \"88.118.9/V-1\" }")));
  world.Accept("sz-mills", world.Offer("sz-water",
                                       "to: \"registrants/sz-mills\" ownership: true custody: true "
                                       "items { identifier: \"88.118.9/V-1\" }"));
  const std::string retire = "name: \"88.118.9/V-1\" retirement { reason: SCRAPPED }";
  const auto as = [&](const std::string& registrant) {
    return world.registry().ChangeAs(world.registry().Writer(registrant), &Registry::RetireRecord,
                                     retire);
  };
  for (const char* not_owner : {"sz-water", "sz-valves"}) {
    CHECK(as(not_owner) == Concat("PERMISSION_DENIED NOT_RECORD_OWNER identifier=88.118.9/V-1 "
                                  "registrant=registrants/",
                                  not_owner));
  }
  CHECK(as("sz-mills").starts_with("88.118.9/V-1 ITEM RETIRED SCRAPPED"));
}

TEST_CASE("some codes are accepted, others declined, and the rest stays offered") {
  TransferWorld world;
  world.registry().Register(kPump);
  world.registry().Register(kOther);
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kBoth));
  CHECK(world.Accept("sz-water", name, "identifiers: \"88.118.8/hp-2\"") ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 OFFERED, "
        "88.118.8/HP-2 ACCEPTED");
  CHECK(world.Holders("88.118.8/HP-1") == "sz-pumps sz-pumps");
  CHECK(world.Holders("88.118.8/HP-2") == "sz-water sz-water");
  const std::string decided =
      "sz-pumps > sz-water OWNERSHIP CUSTODY ACCEPTED (not ordered): 88.118.8/HP-1 DECLINED, "
      "88.118.8/HP-2 ACCEPTED";
  CHECK(world.Decline("sz-water", name) == decided);
  // Sent again, each decision is answered with what came of it.
  CHECK(world.Decline("sz-water", name) == decided);
  CHECK(world.Accept("sz-water", name) == decided);
  CHECK(world.Holders("88.118.8/HP-1") == "sz-pumps sz-pumps");
}

TEST_CASE(
    "an offer of which everything is declined is DECLINED, one that is taken back WITHDRAWN") {
  TransferWorld world;
  world.registry().Register(kPump);
  const std::string declined = world.Offer("sz-pumps", Concat(kToWater, kOne));
  CHECK(world.Decline("sz-water", declined) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY DECLINED (not ordered): 88.118.8/HP-1 DECLINED");
  const std::string withdrawn =
      world.Offer("sz-pumps", Concat(kToWater, kOne, " reference: \"second\""));
  CHECK(world.Withdraw("sz-pumps", withdrawn) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY WITHDRAWN (sold to another): 88.118.8/HP-1 OFFERED");
  CHECK(world.Accept("sz-water", withdrawn) ==
        Concat("FAILED_PRECONDITION TRANSFER_NOT_OPEN state=WITHDRAWN transfer=", withdrawn));
}

TEST_CASE("a transfer says in the log who gave and who took, code by code, in one commit") {
  TransferWorld world;
  world.registry().Register(kPump);
  world.registry().Register(kOther);
  const uint64_t first = world.registry().View()->leaf_count();
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kBoth));
  world.Accept("sz-water", name);
  CHECK(world.LeavesFrom(first) ==
        std::vector<std::string>{
            Concat("OFFER_TRANSFER ", name, " sz-water by registrants/sz-pumps"),
            Concat("ACCEPT_TRANSFER ", name, " sz-pumps by registrants/sz-water"),
            "TRANSFER prefixes/88.118.8/records/HP-1 sz-pumps by registrants/sz-water",
            "TRANSFER prefixes/88.118.8/records/HP-2 sz-pumps by registrants/sz-water"});
}

TEST_CASE("the same offer again is the same transfer, and the same answer again is no change") {
  TransferWorld world;
  world.registry().Register(kPump);
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kOne));
  world.Pass(absl::Hours(1));
  CHECK(world.Offer("sz-pumps", Concat(kToWater, kOne)) == name);
  const std::string accepted = world.Accept("sz-water", name);
  const uint64_t leaves = world.registry().View()->leaf_count();
  CHECK(world.Accept("sz-water", name) == accepted);
  CHECK(world.Accept("sz-water", name, "identifiers: \"88.118.8/HP-1\"") == accepted);
  // It is told as it is now, with the place of the offer in the log.
  CHECK(world.TryOffer("sz-pumps", Concat(kToWater, kOne)) == accepted);
  CHECK(world.registry().View()->leaf_count() == leaves);

  // Another request is another offer, and the code is not theirs any more.
  CHECK(world.Do(&Transfers::OfferTransfer, "sz-pumps",
                 Concat("request_id: \"second\" transfer { ", kToWater, kOne, " }")) ==
        "PERMISSION_DENIED NOT_RECORD_OWNER identifier=88.118.8/HP-1 "
        "registrant=registrants/sz-pumps");
}

TEST_CASE("an offer that is over is made anew when it is made again without a request id") {
  TransferWorld world;
  world.registry().Register(kPump);
  const std::string content = Concat(kToWater, kOne);
  const std::string open = "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 OFFERED";
  std::vector<std::string> names;
  const auto offer = [&] {
    names.push_back(world.Offer("sz-pumps", content));
    CHECK(world.Get("sz-pumps", names.back()) == open);
    CHECK(world.Offer("sz-pumps", content) == names.back());
  };
  offer();
  world.Decline("sz-water", names.back());
  offer();
  world.Withdraw("sz-pumps", names.back());
  offer();
  world.Pass(absl::Hours(24 * 31));
  offer();
  // Accepted, it is the same until what passed is back.
  const std::string accepted = world.Accept("sz-water", names.back());
  CHECK(world.TryOffer("sz-pumps", content) == accepted);
  world.Accept("sz-pumps",
               world.Offer("sz-water", Concat("to: \"registrants/sz-pumps\" ownership: true "
                                              "custody: true ",
                                              kOne)));
  offer();
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == 5);
}

TEST_CASE("a request id is one offer's, whatever became of it") {
  TransferWorld world;
  world.registry().Register(kPump);
  const auto offer = [&world] {
    return world.Call(&Transfers::OfferTransfer,
                      FromText<v1::OfferTransferRequest>(
                          Concat("request_id: \"r1\" transfer { ", kToWater, kOne, " }")),
                      world.registry().Writer("sz-pumps"));
  };
  const auto first = offer();
  REQUIRE(first.ok());
  world.Decline("sz-water", first->transfer().name());
  const auto again = offer();
  REQUIRE(again.ok());
  CHECK(again->transfer().name() == first->transfer().name());
  CHECK(again->transfer().state() == v1::Transfer::DECLINED);
}

TEST_CASE("of one content a hundred offers are made without request ids, not one more") {
  TransferWorld world;
  world.registry().Register(kPump);
  std::string name;
  for (int i = 0; i < 100; ++i) {
    name = world.Offer("sz-pumps", Concat(kToWater, kOne));
    world.Withdraw("sz-pumps", name);
  }
  CHECK(world.TryOffer("sz-pumps", Concat(kToWater, kOne)) ==
        Concat("FAILED_PRECONDITION TRANSFER_NOT_OPEN state=WITHDRAWN transfer=", name));
  CHECK(world.Do(&Transfers::OfferTransfer, "sz-pumps",
                 Concat("request_id: \"r1\" transfer { ", kToWater, kOne, " }")) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 OFFERED");
}

TEST_CASE("a request id belongs to one offer and to one decision") {
  TransferWorld world;
  world.registry().Register(kPump);
  world.registry().Register(kOther);
  const auto offer = [&](const std::string& items) {
    return world.Do(&Transfers::OfferTransfer, "sz-pumps",
                    Concat("request_id: \"r1\" transfer { ", kToWater, items, " }"));
  };
  const std::string offered = offer(kBoth);
  CHECK(offer(kBoth) == offered);
  CHECK(offer(kOne) == "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=r1");
  const std::string name =
      world.Offer("sz-pumps", Concat(kToWater, kBoth, " reference: \"by another id\""));
  const std::string one = "request_id: \"r2\" identifiers: \"88.118.8/HP-1\"";
  const std::string accepted = world.Accept("sz-water", name, one);
  CHECK(world.Accept("sz-water", name, one) == accepted);
  CHECK(world.Accept("sz-water", name, "request_id: \"r2\"") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=r2");
}

TEST_CASE("the bureau acts for either party, with a reason that the log keeps") {
  TransferWorld world;
  world.registry().Register(kPump);
  const Caller bureau = RegistryWorld::WithRole(Role::kBureauAdmin);
  const auto offered = world.Call(
      &Transfers::OfferTransfer,
      FromText<v1::OfferTransferRequest>(
          Concat("transfer { ", kToWater, kOne,
                 " } on_behalf_of { registrant: \"registrants/sz-pumps\" reason: \"by letter\" }")),
      bureau);
  REQUIRE(offered.ok());
  const auto change = world.registry().View()->ReadChange(offered->receipt().leaf_index());
  REQUIRE(change.ok());
  CHECK(Concat(change->actor, " ", change->on_behalf_of, " ", change->reason) ==
        "bureau registrants/sz-pumps by letter");
  CHECK(world.Get(bureau, offered->transfer().name()) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 OFFERED");
}

TEST_CASE("of two that take the same code at the same time one gets it") {
  TransferWorld world;
  for (int round = 0; round < 20; ++round) {
    const std::string identifier = Concat("88.118.8/R", round);
    world.registry().Register(Concat("identifier: \"", identifier, "\""));
    const std::string items = Concat("ownership: true items { identifier: \"", identifier, "\" }");
    const std::string water = world.Offer("sz-pumps", "to: \"registrants/sz-water\" " + items);
    const std::string mills = world.Offer("sz-pumps", "to: \"registrants/sz-mills\" " + items);
    // Read on this thread: only the calls race.
    const auto by_water = FromText<v1::AcceptTransferRequest>(Concat("name: \"", water, "\""));
    const auto by_mills = FromText<v1::AcceptTransferRequest>(Concat("name: \"", mills, "\""));
    const Caller first_caller = world.registry().Writer("sz-water");
    const Caller second_caller = world.registry().Writer("sz-mills");
    absl::StatusOr<v1::TransferResponse> first_answer, second_answer;
    std::thread other(
        [&] { second_answer = world.Call(&Transfers::AcceptTransfer, by_mills, second_caller); });
    first_answer = world.Call(&Transfers::AcceptTransfer, by_water, first_caller);
    other.join();
    const std::string first = ShowAnswer(first_answer), second = ShowAnswer(second_answer);
    const bool water_has_it = world.Holders(identifier) == "sz-water sz-pumps";
    CHECK(first.starts_with("sz-pumps > sz-water OWNERSHIP ACCEPTED") == water_has_it);
    CHECK(second.starts_with("sz-pumps > sz-mills OWNERSHIP ACCEPTED") == !water_has_it);
    CHECK((water_has_it ? second : first) ==
          Concat("FAILED_PRECONDITION RECORD_PASSED_ON identifier=", identifier,
                 " registrant=registrants/sz-pumps"));
  }
}

TEST_CASE("each party lists its transfers, newest first, page by page") {
  TransferWorld world;
  world.registry().Register(kPump);
  for (int i = 0; i < 5; ++i) {
    world.Offer("sz-pumps", Concat(kToWater, kOne, " reference: \"N", i, "\""));
    world.Pass(absl::Seconds(1));
  }
  world.Offer("sz-pumps",
              Concat("to: \"registrants/sz-mills\" custody: true ", kOne, " reference: \"M\""));
  const Caller water = world.registry().Writer("sz-water");
  const Caller pumps = world.registry().Writer("sz-pumps");
  CHECK(world.List(water, "") == "N4\nN3\nN2\nN1\nN0\n");
  CHECK(world.List(water, "direction: INCOMING") == "N4\nN3\nN2\nN1\nN0\n");
  CHECK(world.List(water, "direction: OUTGOING").empty());
  CHECK(world.List(pumps, "direction: OUTGOING page_size: 2") == "M\nN4\nmore\n");
  std::string token, all;
  do {
    all += world.List(pumps, "page_size: 4", &token);
  } while (!token.empty());
  CHECK(all == "M\nN4\nN3\nN2\nmore\nN1\nN0\n");

  CHECK(world.List(water, "state: EXPIRED").empty());
  world.Pass(Transfers::kOfferTimeDefault - absl::Seconds(4));
  CHECK(world.List(water, "state: EXPIRED") == "N1\nN0\n");
  CHECK(world.List(water, "state: OFFERED") == "N4\nN3\nN2\n");

  CHECK(world.List(water, "parent: \"registrants/sz-pumps\"") ==
        "PERMISSION_DENIED NOT_OWN_REGISTRANT registrant=registrants/sz-pumps");
  CHECK(world.List(RegistryWorld::WithRole(Role::kBureauAuditor),
                   "parent: \"registrants/sz-mills\"") == "M\n");
  CHECK(world.List(RegistryWorld::WithRole(Role::kBureauAuditor), "") ==
        "INVALID_ARGUMENT FIELD_MISSING field=parent");
  CHECK(world.List(water, "state: 99") == "INVALID_ARGUMENT FIELD_INVALID field=state value=99");
}

}  // namespace
}  // namespace gusu::server
