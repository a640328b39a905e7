#include "proto/text.h"
#include "tests/server/transfer_world.h"

namespace gusu::server {
namespace {

constexpr char kToWater[] = "to: \"registrants/sz-water\" ownership: true custody: true ";
constexpr char kOne[] = "items { identifier: \"88.118.8/HP-1\" }";

// Of sz-pumps: 88.118.8/HP-1 and HP-2; HP-3 is retired, HP-4 held; HP-5 is of sz-water.
void RegisterPumps(TransferWorld& world) {
  for (int i = 1; i <= 5; ++i) {
    world.registry().Register(Concat("identifier: \"88.118.8/HP-", i, "\""));
  }
  world.registry().Change(&Registry::RetireRecord,
                          "name: \"88.118.8/HP-3\" retirement { reason: SCRAPPED }");
  world.registry().Change(&Registry::HoldRecord,
                          "name: \"88.118.8/HP-4\" reason: \"recheck\" document_number: \"D-1\"");
  world.Accept(
      "sz-water",
      world.Offer("sz-pumps", Concat(kToWater, "items { identifier: \"88.118.8/HP-5\" }")));
}

TEST_CASE("an offer that cannot be is refused, and names what is wrong") {
  TransferWorld world;
  RegisterPumps(world);
  const uint64_t leaves = world.registry().View()->leaf_count();
  const std::string long_reference(101, 'x');
  struct Case {
    std::string transfer;
    std::string refusal;
  };
  const std::vector<Case> cases = {
      {kOne, "INVALID_ARGUMENT FIELD_MISSING field=transfer.to"},
      {Concat("to: \"sz-water\" ownership: true ", kOne),
       "INVALID_ARGUMENT FIELD_INVALID field=transfer.to value=sz-water"},
      {Concat("to: \"registrants/nobody\" ownership: true ", kOne),
       "NOT_FOUND REGISTRANT_NOT_FOUND registrant=registrants/nobody"},
      {Concat("to: \"registrants/sz-asleep\" ownership: true ", kOne),
       "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE registrant=registrants/sz-asleep "
       "state=SUSPENDED"},
      {Concat("to: \"registrants/sz-pumps\" ownership: true ", kOne),
       "INVALID_ARGUMENT FIELD_INVALID field=transfer.to value=registrants/sz-pumps"},
      {Concat("to: \"registrants/sz-water\" ", kOne),
       "INVALID_ARGUMENT FIELD_MISSING field=transfer.ownership"},
      {kToWater, "INVALID_ARGUMENT FIELD_MISSING field=transfer.items"},
      {Concat(kToWater, kOne, " range { first_identifier: \"88.118.8/A\" }"),
       "INVALID_ARGUMENT FIELD_INVALID field=transfer.range value=88.118.8/A"},
      {Concat(kToWater, "range { first_identifier: \"88.118.8/A\" }"),
       "INVALID_ARGUMENT FIELD_MISSING field=transfer.range.last_identifier"},
      {Concat(kToWater,
              "range { first_identifier: \"88.118.8/A\" last_identifier: \"88.118.8/B\" }"),
       "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/A"},
      {Concat(kToWater, kOne, " items { identifier: \"88.118.8/hp-1\" }"),
       "INVALID_ARGUMENT FIELD_INVALID field=transfer.items[1].identifier value=88.118.8/hp-1"},
      {Concat(kToWater, "items { identifier: \"88.118.8/HP-99\" }"),
       "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/HP-99"},
      {Concat(kToWater, "items { identifier: \"88.118.77/X\" }"),
       "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.77"},
      {Concat(kToWater, "items { identifier: \"88.118.10/X\" }"),
       "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.10"},
      {Concat(kToWater, "items { identifier: \"88.118.8/HP-3\" }"),
       "FAILED_PRECONDITION RECORD_RETIRED identifier=88.118.8/HP-3 state=RETIRED"},
      {Concat(kToWater, "items { identifier: \"88.118.8/HP-4\" }"),
       "FAILED_PRECONDITION RECORD_HELD identifier=88.118.8/HP-4 number=1 reason=recheck "
       "side=HOLDER"},
      {Concat(kToWater, "reference: \"again\" items { identifier: \"88.118.8/HP-5\" }"),
       "PERMISSION_DENIED NOT_RECORD_OWNER identifier=88.118.8/HP-5 "
       "registrant=registrants/sz-pumps"},
      {Concat(kToWater, kOne, " expire_time { seconds: 1767225599 }"),
       "INVALID_ARGUMENT FIELD_INVALID field=transfer.expire_time value=2025-12-31T23:59:59+00:00"},
      {Concat(kToWater, kOne, " expire_time { seconds: 1798761601 }"),
       "INVALID_ARGUMENT FIELD_INVALID field=transfer.expire_time value=2027-01-01T00:00:01+00:00"},
      {Concat(kToWater, kOne, " reference: \"", long_reference, "\""),
       Concat("INVALID_ARGUMENT FIELD_INVALID field=transfer.reference value=", long_reference)},
  };
  for (const Case& refused : cases) {
    CAPTURE(refused.transfer);
    CHECK(world.TryOffer("sz-pumps", refused.transfer) == refused.refusal);
  }
  CHECK(world.registry().View()->leaf_count() == leaves);
}

TEST_CASE("an identifier that no one can read is refused before anything is looked up") {
  TransferWorld world;
  v1::OfferTransferRequest request;
  request.mutable_transfer()->set_to("registrants/sz-water");
  request.mutable_transfer()->set_ownership(true);
  const auto offer = [&](const std::string& identifier) {
    request.mutable_transfer()->clear_items();
    request.mutable_transfer()->add_items()->set_identifier(identifier);
    const auto response =
        world.Call(&Transfers::OfferTransfer, request, world.registry().Writer("sz-pumps"));
    return RegistryWorld::ShowError(response.status());
  };
  CHECK(offer("88.118.8/\xff").starts_with("INVALID_ARGUMENT IDENTIFIER_MALFORMED"));
  CHECK(offer("88.118.8/HP\u20281").starts_with("INVALID_ARGUMENT IDENTIFIER_MALFORMED"));
  CHECK(offer("").starts_with("INVALID_ARGUMENT IDENTIFIER_MALFORMED"));
  CHECK(offer("88.118.8/\u041D\u0420-1") ==  // look-alikes: Cyrillic letters
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/\u041D\u0420-1");
  request.mutable_transfer()->clear_items();
  for (int i = 0; i <= Transfers::kItemsMax; ++i) {
    request.mutable_transfer()->add_items()->set_identifier(Concat("88.118.8/N-", i));
  }
  CHECK(RegistryWorld::ShowError(
            world.Call(&Transfers::OfferTransfer, request, world.registry().Writer("sz-pumps"))
                .status()) ==
        "INVALID_ARGUMENT BATCH_TOO_LARGE count=1001 count_max=1000 field=transfer.items");
}

TEST_CASE("only whom it was offered to decides, and only who offered takes back") {
  TransferWorld world;
  RegisterPumps(world);
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kOne));
  const std::string not_found = Concat("NOT_FOUND TRANSFER_NOT_FOUND transfer=", name);
  CHECK(world.Accept("sz-pumps", name) ==
        Concat("PERMISSION_DENIED NOT_TRANSFER_PARTY registrant=registrants/sz-pumps transfer=",
               name));
  CHECK(world.Withdraw("sz-water", name) ==
        Concat("PERMISSION_DENIED NOT_TRANSFER_PARTY registrant=registrants/sz-water transfer=",
               name));
  // To others it is not there.
  CHECK(world.Accept("sz-mills", name) == not_found);
  CHECK(world.Decline("sz-mills", name) == not_found);
  CHECK(world.Withdraw("sz-mills", name) == not_found);
  CHECK(world.Get("sz-mills", name) == not_found);
  CHECK(world.Get(RegistryWorld::WithRole(Role::kAnonymous), name) ==
        "UNAUTHENTICATED CREDENTIAL_MISSING method=GetTransfer");
  CHECK(world.Accept("sz-water", "transfers/0123456789abcdef0123") ==
        "NOT_FOUND TRANSFER_NOT_FOUND transfer=transfers/0123456789abcdef0123");
  CHECK(world.Accept("sz-water", "transfers/X") ==
        "INVALID_ARGUMENT FIELD_INVALID field=name value=transfers/X");
  CHECK(world.Do(&Transfers::DeclineTransfer, "sz-water", Concat("name: \"", name, "\"")) ==
        "INVALID_ARGUMENT REASON_MISSING field=reason");
  CHECK(world.Get("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 OFFERED");
}

TEST_CASE("a decision that rests on an older state of the offer is refused") {
  TransferWorld world;
  RegisterPumps(world);
  const std::string name =
      world.Offer("sz-pumps", Concat(kToWater, kOne, " items { identifier: \"88.118.8/HP-2\" }"));
  v1::GetTransferRequest get;
  const std::string wrong = world.Accept("sz-water", name, "etag: \"0\"");
  CHECK(wrong.starts_with("ABORTED ETAG_MISMATCH etag=0 etag_current="));
  const std::string etag =
      wrong.substr(wrong.find("etag_current=") + 13,
                   wrong.find(" transfer=") - wrong.find("etag_current=") - 13);
  world.Accept("sz-water", name, "identifiers: \"88.118.8/HP-1\"");
  CHECK(world.Accept("sz-water", name, Concat("etag: \"", etag, "\""))
            .starts_with("ABORTED ETAG_MISMATCH"));
  CHECK(world.Accept("sz-water", name, "identifiers: \"88.118.8/HP-77\"") ==
        "INVALID_ARGUMENT FIELD_INVALID field=identifiers[0] value=88.118.8/HP-77");
  CHECK(world.Decline("sz-water", name, "identifiers: \"88.118.8/HP-1\"") ==
        Concat("FAILED_PRECONDITION TRANSFER_NOT_OPEN identifier=88.118.8/HP-1 state=ACCEPTED "
               "transfer=",
               name));
}

TEST_CASE("an offer that has expired is taken by nobody") {
  TransferWorld world;
  RegisterPumps(world);
  const std::string name =
      world.Offer("sz-pumps", Concat(kToWater, kOne, " expire_time { seconds: 1767225660 }"));
  world.Pass(absl::Seconds(60));
  CHECK(world.Get("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY EXPIRED: 88.118.8/HP-1 OFFERED");
  const std::string expired =
      Concat("FAILED_PRECONDITION TRANSFER_NOT_OPEN state=EXPIRED transfer=", name);
  CHECK(world.Accept("sz-water", name) == expired);
  CHECK(world.Decline("sz-water", name) == expired);
  CHECK(world.Withdraw("sz-pumps", name) == expired);
  CHECK(world.Holders("88.118.8/HP-1") == "sz-pumps sz-pumps");
}

TEST_CASE("open offers end when their prefix passes to another holder, even if it comes back") {
  TransferWorld world;
  RegisterPumps(world);
  // Both have held it before, and the prefix remembers each holder once.
  world.PassPrefix("sz-valves");
  world.PassPrefix("sz-pumps");
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kOne));
  world.PassPrefix("sz-valves");
  const std::string ended =
      Concat("FAILED_PRECONDITION TRANSFER_NOT_OPEN state=ENDED transfer=", name);
  CHECK(world.Accept("sz-water", name) == ended);
  // What named no owner passed with the prefix.
  CHECK(world.Holders("88.118.8/HP-1") == "sz-valves sz-valves");
  CHECK(world.Holders("88.118.8/HP-5") == "sz-water sz-water");
  world.PassPrefix("sz-pumps");
  CHECK(world.Accept("sz-water", name) == ended);
  CHECK(world.Get("sz-pumps", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY ENDED: 88.118.8/HP-1 OFFERED");

  // A prefix that changes otherwise ends nothing.
  const std::string next = world.Offer("sz-pumps", Concat(kToWater, kOne, " reference: \"2\""));
  storage::v1::PrefixRow row = *world.registry().View()->directory().FindPrefix("88.118.8")->row;
  row.set_quota(1000);
  world.registry().Put(storage::PrefixKey("88.118.8"), row);
  CHECK(world.Accept("sz-water", next) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY ACCEPTED: 88.118.8/HP-1 ACCEPTED");
}

TEST_CASE("of codes one of which cannot pass any more, none passes") {
  TransferWorld world;
  RegisterPumps(world);
  const std::string name =
      world.Offer("sz-pumps", Concat(kToWater, kOne, " items { identifier: \"88.118.8/HP-2\" }"));
  const uint64_t offered = world.registry().View()->leaf_count();
  const auto try_accept = [&] {
    const uint64_t leaves = world.registry().View()->leaf_count();
    const std::string refusal = world.Accept("sz-water", name);
    CHECK(world.registry().View()->leaf_count() == leaves);
    CHECK(world.Holders("88.118.8/HP-1") == "sz-pumps sz-pumps");
    return refusal;
  };
  SECTION("it is held") {
    world.registry().Change(&Registry::HoldRecord, "name: \"88.118.8/HP-2\" reason: \"recheck\"");
    CHECK(try_accept() ==
          "FAILED_PRECONDITION RECORD_HELD identifier=88.118.8/HP-2 number=1 reason=recheck "
          "side=HOLDER");
  }
  SECTION("it is retired") {
    world.registry().Change(&Registry::RetireRecord,
                            "name: \"88.118.8/HP-2\" retirement { reason: SCRAPPED }");
    CHECK(try_accept() ==
          "FAILED_PRECONDITION RECORD_RETIRED identifier=88.118.8/HP-2 state=RETIRED");
  }
  SECTION("it passed to somebody else") {
    world.Accept("sz-mills", world.Offer("sz-pumps",
                                         "to: \"registrants/sz-mills\" ownership: true "
                                         "items { identifier: \"88.118.8/HP-2\" }"));
    CHECK(try_accept() ==
          "FAILED_PRECONDITION RECORD_PASSED_ON identifier=88.118.8/HP-2 "
          "registrant=registrants/sz-pumps");
  }
  CHECK(world.registry().View()->leaf_count() > offered);
  CHECK(world.Accept("sz-water", name, "identifiers: \"88.118.8/HP-1\"") ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY OFFERED: 88.118.8/HP-1 ACCEPTED, "
        "88.118.8/HP-2 OFFERED");
}

TEST_CASE("suspended registrants pass nothing on and take nothing") {
  TransferWorld world;
  RegisterPumps(world);
  const std::string name = world.Offer("sz-pumps", Concat(kToWater, kOne));
  const auto set_state = [&](const std::string& id, v1::Registrant::State state) {
    storage::v1::RegistrantRow row = *world.registry().View()->directory().FindRegistrant(id)->row;
    row.set_state(state);
    world.registry().Put(storage::RegistrantKey(id), row);
  };
  const auto refusal = [](const std::string& id) {
    return Concat("FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE registrant=registrants/", id,
                  " state=SUSPENDED");
  };
  set_state("sz-pumps", v1::Registrant::SUSPENDED);
  CHECK(world.Accept("sz-water", name) == refusal("sz-pumps"));
  CHECK(world.Withdraw("sz-pumps", name) == refusal("sz-pumps"));
  CHECK(world.TryOffer("sz-pumps", Concat(kToWater, kOne, " reference: \"2\"")) ==
        refusal("sz-pumps"));
  set_state("sz-pumps", v1::Registrant::ACTIVE);
  set_state("sz-water", v1::Registrant::SUSPENDED);
  CHECK(world.Accept("sz-water", name) == refusal("sz-water"));
  set_state("sz-water", v1::Registrant::ACTIVE);
  CHECK(world.Accept("sz-water", name) ==
        "sz-pumps > sz-water OWNERSHIP CUSTODY ACCEPTED: 88.118.8/HP-1 ACCEPTED");
}

TEST_CASE("a part of a range that was released in between passes to nobody") {
  TransferWorld world;
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 10");
  world.Allocate("pattern: \"NUT-{serial:4}\" count: 10");
  const auto part = [](const std::string& first, const std::string& last) {
    return Concat(kToWater, "range { first_identifier: \"88.118.8/", first,
                  "\" last_identifier: \"88.118.8/", last, "\" }");
  };
  CHECK(world.TryOffer("sz-pumps", part("BOLT-0001", "NUT-0005"))
            .starts_with("FAILED_PRECONDITION RANGE_STATE"));
  CHECK(world.TryOffer("sz-pumps", part("BOLT-0005", "BOLT-0001")) ==
        "INVALID_ARGUMENT FIELD_INVALID field=last_identifier value=88.118.8/BOLT-0001");
  CHECK(world.TryOffer("sz-valves", part("BOLT-0001", "BOLT-0005"))
            .starts_with("PERMISSION_DENIED NOT_RECORD_OWNER"));
  const std::string name = world.Offer("sz-pumps", part("BOLT-0001", "BOLT-0010"));
  world.Release("88.118.8/BOLT-0004", "88.118.8/BOLT-0004");
  const std::string before = world.Ranges();
  CHECK(world.Accept("sz-water", name) ==
        "FAILED_PRECONDITION RECORD_RETIRED identifier=88.118.8/BOLT-0004 state=RETIRED");
  CHECK(world.Ranges() == before);
}

}  // namespace
}  // namespace gusu::server
