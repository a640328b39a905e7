#include "tests/server/records_world.h"

namespace gusu::server {
namespace {

// 88.118.8/A of sz-pumps, with one value of its owner.
class HoldWorld : public RecordsWorld {
 public:
  HoldWorld() {
    Register(R"(identifier: "88.118.8/A" values { type: "NOTE" data: "n" tier: OWNER })");
  }

  std::string Hold(const std::string& request) { return HoldAs(Writer("sz-pumps"), request); }
  std::string HoldAs(const Caller& caller, const std::string& request) {
    return Held(Call(&Registry::HoldRecord, FromText<v1::HoldRecordRequest>(request), caller));
  }
  std::string UnholdAs(const Caller& caller, const std::string& request) {
    return Held(Call(&Registry::UnholdRecord, FromText<v1::UnholdRecordRequest>(request), caller));
  }

 private:
  // `1 HOLDER dispute D-7, 2 BUREAU recall`, or the error.
  static std::string Held(const absl::StatusOr<v1::RecordResponse>& response) {
    if (!response.ok()) return ShowError(response.status());
    std::string shown;
    for (const v1::Hold& hold : response->record().holds()) {
      shown += (shown.empty() ? "" : ", ") + std::to_string(hold.number()) + " " +
               v1::Hold::Side_Name(hold.side()) + " " + hold.reason();
      if (!hold.document_number().empty()) shown += " " + hold.document_number();
      CHECK(hold.has_time());
    }
    return shown;
  }
};

const std::string kDispute = R"(name: "88.118.8/A" reason: "dispute" document_number: "D-7")";
const std::string kHeld =
    "FAILED_PRECONDITION RECORD_HELD identifier=88.118.8/A number=1 reason=dispute side=HOLDER";

TEST_CASE("while a hold stands nothing changes the record, and when it is lifted all goes on") {
  HoldWorld world;
  CHECK(world.Hold(kDispute) == "1 HOLDER dispute D-7");
  const uint64_t leaves = world.Leaves();
  const std::string name = R"(name: "88.118.8/A" )";
  CHECK(world.Change(&Registry::UpdateRecord, name) == kHeld);
  CHECK(world.Change(&Registry::ModifyValues, name + "remove_indexes: 2") == kHeld);
  CHECK(world.Change(&Registry::SuspendRecord, name + R"(reason: "r")") == kHeld);
  CHECK(world.Change(&Registry::RetireRecord, name + "retirement { reason: SCRAPPED }") == kHeld);
  const std::string revision = std::to_string(world.View()->last_revision() - 1);
  CHECK(world.Change(&Registry::EraseValues,
                     name + R"(tier: OWNER reason: "r" revisions: )" + revision) == kHeld);
  CHECK(world.Leaves() == leaves);
  CHECK(world.UnholdAs(world.Writer("sz-pumps"), name + R"(number: 1 reason: "settled")").empty());
  CHECK(world.Change(&Registry::SuspendRecord, name + R"(reason: "r")")
            .starts_with("88.118.8/A ITEM SUSPENDED"));
}

TEST_CASE("a retired record can be held, and is not reinstated before the hold is lifted") {
  HoldWorld world;
  const std::string name = R"(name: "88.118.8/A" )";
  world.Change(&Registry::RetireRecord, name + "retirement { reason: SCRAPPED }");
  CHECK(world.Hold(kDispute) == "1 HOLDER dispute D-7");
  CHECK(world.Change(&Registry::ReinstateRecord, name + R"(reason: "r")") == kHeld);
  // What is so already is no change.
  world.UnholdAs(world.Writer("sz-pumps"), name + R"(number: 1 reason: "r")");
  CHECK(world.Change(&Registry::ReinstateRecord, name + R"(reason: "r")")
            .starts_with("88.118.8/A ITEM ACTIVE"));
}

TEST_CASE("only the side that placed a hold lifts it") {
  HoldWorld world;
  const Caller bureau = RegistryWorld::WithRole(Role::kBureauAdmin);
  const std::string lift = R"(name: "88.118.8/A" reason: "r" number: )";
  CHECK(world.HoldAs(bureau, R"(name: "88.118.8/A" reason: "recall")") == "1 BUREAU recall");
  CHECK(world.Hold(kDispute) == "1 BUREAU recall, 2 HOLDER dispute D-7");
  CHECK(world.UnholdAs(world.Writer("sz-pumps"), lift + "1") ==
        "PERMISSION_DENIED HOLD_OF_OTHER_SIDE identifier=88.118.8/A number=1 side=BUREAU");
  CHECK(world.UnholdAs(bureau, lift + "2") ==
        "PERMISSION_DENIED HOLD_OF_OTHER_SIDE identifier=88.118.8/A number=2 side=HOLDER");
  CHECK(world.UnholdAs(bureau, lift + "1") == "2 HOLDER dispute D-7");
  // Acting for the holder, with a reason that the holder sees, the bureau is on its side.
  CHECK(world
            .UnholdAs(bureau, lift + R"(2 on_behalf_of {
            registrant: "registrants/sz-pumps" reason: "they asked by letter" })")
            .empty());
  CHECK(world.Leaves() == 5);
}

TEST_CASE("the record's owner is on the holder's side, and nobody else is") {
  HoldWorld world;
  world.PassRecord("88.118.8/A", "sz-valves", "");
  CHECK(world.HoldAs(world.Writer("sz-valves"), kDispute) == "1 HOLDER dispute D-7");
  CHECK(world.UnholdAs(world.Writer("sz-pumps"), R"(name: "88.118.8/A" number: 1 reason: "r")")
            .empty());
  world.Register(R"(identifier: "88.118.8/B")");
  CHECK(world.HoldAs(world.Writer("sz-valves"), R"(name: "88.118.8/B" reason: "r")") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves");
  for (const Role role : {Role::kBureauAuditor, Role::kReader}) {
    Caller caller = RegistryWorld::WithRole(role);
    if (role == Role::kReader) caller.registrant = "sz-pumps";
    CHECK(world.HoldAs(caller, kDispute).starts_with("PERMISSION_DENIED ROLE_REFUSED"));
  }
}

TEST_CASE("the bureau's hold needs no active registrant or prefix, and shows it nothing private") {
  HoldWorld world;
  storage::v1::PrefixRow prefix = *world.View()->directory().FindPrefix("88.118.8")->row;
  prefix.set_state(v1::Prefix::SUSPENDED);
  world.Put(storage::PrefixKey("88.118.8"), prefix);
  CHECK(world.Hold(kDispute) == "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.8");
  auto response =
      world.Call(&Registry::HoldRecord,
                 FromText<v1::HoldRecordRequest>(R"(name: "88.118.8/A" reason: "recall")"),
                 RegistryWorld::WithRole(Role::kBureauAdmin));
  REQUIRE(response.ok());
  CHECK(response->record().values().empty());
  CHECK(response->record().values_withheld_count() == 1);
  const auto change = world.View()->ReadChange(response->receipt().leaf_index());
  REQUIRE(change.ok());
  CHECK(change->actor == "bureau");
  CHECK(change->registrant == "sz-pumps");
  CHECK(change->reason == "recall");
}

TEST_CASE("holds are told apart by number, and a repeated request is one hold") {
  HoldWorld world;
  CHECK(world.Hold(kDispute) == "1 HOLDER dispute D-7");
  CHECK(world.Hold(kDispute) == "1 HOLDER dispute D-7");
  CHECK(world.Leaves() == 2);
  const std::string lift = R"(name: "88.118.8/A" reason: "r" number: 1)";
  CHECK(world.UnholdAs(world.Writer("sz-pumps"), lift).empty());
  CHECK(world.UnholdAs(world.Writer("sz-pumps"), lift).empty());
  CHECK(world.Leaves() == 3);
  // Lifted, the same may be placed anew: it is another one.
  CHECK(world.Hold(kDispute) == "2 HOLDER dispute D-7");
  const std::string again = kDispute + R"( request_id: "h")";
  CHECK(world.Hold(again) == "2 HOLDER dispute D-7");
  CHECK(world.Hold(R"(name: "88.118.8/A" reason: "other" request_id: "o")") ==
        "2 HOLDER dispute D-7, 3 HOLDER other");
  CHECK(world.Hold(R"(name: "88.118.8/A" reason: "third" request_id: "o")")
            .starts_with("INVALID_ARGUMENT REQUEST_ID_REUSED"));
  const Caller bureau = RegistryWorld::WithRole(Role::kBureauAdmin);
  CHECK(world.HoldAs(bureau, R"(name: "88.118.8/A" reason: "third" request_id: "o")") ==
        "2 HOLDER dispute D-7, 3 HOLDER other, 4 BUREAU third");
}

TEST_CASE("a hold says why, and what it says is bounded") {
  HoldWorld world;
  const std::string name = R"(name: "88.118.8/A" )";
  CHECK(world.Hold(name) == "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.Hold(name + "reason: \"" + std::string(501, 'x') + "\"")
            .starts_with("INVALID_ARGUMENT FIELD_INVALID field=reason"));
  CHECK(world.Hold(name + "reason: \"r\" document_number: \"" + std::string(101, 'x') + "\"") ==
        "INVALID_ARGUMENT FIELD_INVALID field=document_number value=" + std::string(101, 'x'));
  v1::HoldRecordRequest request = FromText<v1::HoldRecordRequest>(kDispute);
  request.set_document_number("\xff");
  const auto response = world.Call(&Registry::HoldRecord, request, world.Writer("sz-pumps"));
  CHECK(RegistryWorld::ShowError(response.status())
            .starts_with("INVALID_ARGUMENT FIELD_INVALID field=document_number"));
  const Caller pumps = world.Writer("sz-pumps");
  CHECK(world.UnholdAs(pumps, name + R"(reason: "r")") ==
        "INVALID_ARGUMENT FIELD_MISSING field=number");
  CHECK(world.UnholdAs(pumps, name + "number: 1") ==
        "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.UnholdAs(pumps, name + R"(reason: "r" number: 1)") ==
        "NOT_FOUND HOLD_NOT_FOUND identifier=88.118.8/A number=1");
  CHECK(world.Hold(R"(name: "88.118.8/none" reason: "r")") ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/none");
  CHECK(world.HoldAs(RegistryWorld::WithRole(Role::kBureauAdmin),
                     R"(name: "88.118.77/none" reason: "r")") ==
        "NOT_FOUND PREFIX_NOT_FOUND identifier=88.118.77/none prefix=88.118.77");
  CHECK(world.Hold(kDispute + R"( etag: "x")").starts_with("ABORTED ETAG_MISMATCH"));
  for (int i = 0; i < 16; ++i) {
    world.Hold(name + "reason: \"r" + std::to_string(i) + "\"");
  }
  CHECK(world.Hold(kDispute) ==
        "FAILED_PRECONDITION HOLDS_EXHAUSTED holds_max=16 identifier=88.118.8/A");
}

}  // namespace
}  // namespace gusu::server
