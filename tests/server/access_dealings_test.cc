// Which role does what to a serial range, a transfer and a grant in each of their states, for its
// own registrant and for others.
#include "proto/identifier.h"
#include "tests/server/access_nouns.h"

namespace gusu::server {
namespace {

TEST_CASE("every act on a part of a serial range answers every role in every state") {
  NounsWorld world;
  constexpr const char* kState = "RANGE_STATE";
  uint64_t next = 1;
  const auto make = [&](size_t state) {
    const std::string code = Concat("88.118.8/B-", std::to_string(1'000'000 + next).substr(1));
    const auto allocated = world.Do(
        world.ranges, &SerialRanges::Allocate,
        Concat("parent: \"prefixes/88.118.8\" pattern: \"B-{serial:6}\" count: 1 first_serial: ",
               next++, " values { type: \"NOTE\" data: \"x\" } state: ",
               state == 1 ? "ACTIVE" : "RESERVED"),
        AdminOf("sz-pumps"));
    INFO(allocated.status());
    REQUIRE(allocated.ok());
    const std::string part =
        Concat("first_identifier: \"", code, "\" last_identifier: \"", code, "\" ");
    if (state == 2) {
      REQUIRE(world
                  .Do(world.ranges, &SerialRanges::Release, part + "reason: \"misprinted\"",
                      AdminOf("sz-pumps"))
                  .ok());
    }
    return part;
  };
  const auto verb = [&world](auto method, const char* reason) {
    return [&world, method, reason](const std::string& noun, const std::string& rest,
                                    const Caller& caller) {
      return world.Do(world.ranges, method, Concat(noun, "reason: \"", reason, "\" ", rest), caller)
          .status();
    };
  };
  const std::vector<Verb> verbs = {{"ActivateSerialRange",
                                    "sz-pumps",
                                    {kOk, kState, kState},
                                    verb(&SerialRanges::Activate, "on products")},
                                   {"ReleaseSerialRange",
                                    "sz-pumps",
                                    {kOk, kState, kState},
                                    verb(&SerialRanges::Release, "cancelled")},
                                   {"ReleaseSerialRange",
                                    "sz-valves",
                                    {"NOT_PREFIX_HOLDER", "NOT_PREFIX_HOLDER", "NOT_PREFIX_HOLDER"},
                                    verb(&SerialRanges::Release, "cancelled")}};
  Walk(verbs, 3, make);
}

TEST_CASE("a part that is another's is released by its owner alone, by the holder only activated") {
  NounsWorld world;
  uint64_t next = 1;
  // Held by sz-pumps, owned by sz-buyer, in the custody of sz-fixer, read by sz-mills.
  for (const char* id : {"sz-buyer", "sz-fixer", "sz-mills"}) {
    storage::v1::RegistrantRow registrant;
    registrant.set_legal_name(id);
    registrant.set_state(v1::Registrant::ACTIVE);
    world.Put(storage::RegistrantKey(id), registrant);
  }
  REQUIRE(world
              .Do(world.grants, &Grants::CreateGrant,
                  "grant { registrant: \"registrants/sz-mills\" prefix: \"prefixes/88.118.8\" "
                  "rights { read_tier: OWNER } }",
                  AdminOf("sz-pumps"))
              .ok());
  const auto make = [&](size_t) {
    const std::string code = Concat("88.118.8/B-", std::to_string(1'000'000 + next).substr(1));
    REQUIRE(world
                .Do(world.ranges, &SerialRanges::Allocate,
                    Concat("parent: \"prefixes/88.118.8\" pattern: \"B-{serial:6}\" count: 1 "
                           "first_serial: ",
                           next, " values { type: \"NOTE\" data: \"x\" }"),
                    AdminOf("sz-pumps"))
                .ok());
    const std::string key = storage::SerialRangeKey("88.118.8", 0, next++);
    storage::v1::SerialRangeRow row;
    REQUIRE(row.ParseFromString((*world.View()->Get(key))->payload));
    row.mutable_record()->set_owner("sz-buyer");
    row.mutable_record()->set_custodian("sz-fixer");
    world.Put(key, row);
    return Concat("first_identifier: \"", code, "\" last_identifier: \"", code, "\" ");
  };
  const auto verb = [&world](auto method) {
    return
        [&world, method](const std::string& noun, const std::string& rest, const Caller& caller) {
          return world.Do(world.ranges, method, Concat(noun, "reason: \"over\" ", rest), caller)
              .status();
        };
  };
  const auto release = verb(&SerialRanges::Release);
  const auto activate = verb(&SerialRanges::Activate);
  constexpr const char* kNotHolder = "NOT_PREFIX_HOLDER";
  Walk({{"ReleaseSerialRange", "sz-pumps", {"NOT_RECORD_OWNER"}, release},
        {"ReleaseSerialRange", "sz-buyer", {kOk}, release},
        {"ReleaseSerialRange", "sz-fixer", {kNotHolder}, release},
        {"ReleaseSerialRange", "sz-mills", {kNotHolder}, release},
        {"ActivateSerialRange", "sz-pumps", {kOk}, activate},
        {"ActivateSerialRange", "sz-buyer", {kOk}, activate},
        {"ActivateSerialRange", "sz-fixer", {kNotHolder}, activate}},
       1, make);
}

TEST_CASE("every decision on a transfer answers every role of both parties in every state") {
  NounsWorld world;
  constexpr v1::Transfer::State kStates[] = {v1::Transfer::OFFERED, v1::Transfer::ACCEPTED,
                                             v1::Transfer::DECLINED, v1::Transfer::WITHDRAWN,
                                             v1::Transfer::EXPIRED};
  constexpr const char* kNotOpen = "TRANSFER_NOT_OPEN";
  constexpr const char* kNotParty = "NOT_TRANSFER_PARTY";
  constexpr const char* kNotFound = "TRANSFER_NOT_FOUND";
  storage::v1::RegistrantRow mills;
  mills.set_legal_name("Suzhou Mills");
  mills.set_state(v1::Registrant::ACTIVE);
  world.Put(storage::RegistrantKey("sz-mills"), mills);
  const auto decide = [&world](auto method, const std::string& name, const char* by) {
    REQUIRE(world
                .Do(world.transfers, method, Concat("name: \"", name, "\" reason: \"earlier\""),
                    AdminOf(by))
                .ok());
  };
  const auto make = [&](size_t state) {
    const std::string code = world.Fresh("88.118.8/T-");
    REQUIRE(world.Register(Concat("identifier: \"", code, "\"")).substr(0, 8) == "CREATED ");
    const auto offered = world.Do(
        world.transfers, &Transfers::OfferTransfer,
        Concat("transfer { to: \"registrants/sz-valves\" ownership: true items { identifier: \"",
               code, "\" } expire_time { seconds: ",
               absl::ToUnixSeconds(world.now + absl::Hours(1)), " } }"),
        AdminOf("sz-pumps"));
    INFO(offered.status());
    REQUIRE(offered.ok());
    const std::string name = offered->transfer().name();
    switch (kStates[state]) {
      case v1::Transfer::ACCEPTED:
        decide(&Transfers::AcceptTransfer, name, "sz-valves");
        break;
      case v1::Transfer::DECLINED:
        decide(&Transfers::DeclineTransfer, name, "sz-valves");
        break;
      case v1::Transfer::WITHDRAWN:
        decide(&Transfers::WithdrawTransfer, name, "sz-pumps");
        break;
      case v1::Transfer::EXPIRED:
        world.now += absl::Hours(2);
        break;
      default:
        break;
    }
    return name;
  };
  const auto verb = [&world](auto method) {
    return
        [&world, method](const std::string& noun, const std::string& rest, const Caller& caller) {
          return world
              .Do(world.transfers, method, Concat("name: \"", noun, "\" reason: \"now\" ", rest),
                  caller)
              .status();
        };
  };
  // Accepting what was accepted, and so on, changes nothing and is answered as it is.
  Walk({{"AcceptTransfer",
         "sz-valves",
         {kOk, kOk, kNotOpen, kNotOpen, kNotOpen},
         verb(&Transfers::AcceptTransfer)},
        {"DeclineTransfer",
         "sz-valves",
         {kOk, kNotOpen, kOk, kNotOpen, kNotOpen},
         verb(&Transfers::DeclineTransfer)},
        {"WithdrawTransfer",
         "sz-pumps",
         {kOk, kNotOpen, kNotOpen, kOk, kNotOpen},
         verb(&Transfers::WithdrawTransfer)},
        {"AcceptTransfer",
         "sz-pumps",
         {kNotParty, kNotParty, kNotParty, kNotParty, kNotParty},
         verb(&Transfers::AcceptTransfer)},
        {"WithdrawTransfer",
         "sz-valves",
         {kNotParty, kNotParty, kNotParty, kNotParty, kNotParty},
         verb(&Transfers::WithdrawTransfer)},
        {"DeclineTransfer",
         "sz-mills",
         {kNotFound, kNotFound, kNotFound, kNotFound, kNotFound},
         verb(&Transfers::DeclineTransfer)}},
       std::size(kStates), make);
}

TEST_CASE("a registrant that is not active changes none of its nouns, whatever its role") {
  NounsWorld world;
  for (const v1::Registrant::State state : {v1::Registrant::SUSPENDED, v1::Registrant::CLOSED}) {
    world.SetRegistrant("sz-pumps", state);
    for (const Role role : {Role::kRegistrantAdmin, Role::kBureauAdmin}) {
      Caller caller;
      caller.role = role;
      if (!caller.is_bureau()) caller.registrant = "sz-pumps";
      const std::string rest = OnBehalf(caller, "sz-pumps");
      CAPTURE(state, RoleName(role));
      const auto reason = [&](auto& rules, auto method, const std::string& request) {
        return ReasonOf(world.Do(rules, method, request + rest, caller).status());
      };
      constexpr const char* kNotActive = "REGISTRANT_NOT_ACTIVE";
      CHECK(reason(world.templates, &Templates::CreateTemplate,
                   "template_id: \"88.118.8/META\" template { attributes { name: \"head\" type: "
                   "STRING } }") == kNotActive);
      CHECK(reason(world.grants, &Grants::CreateGrant,
                   "grant { registrant: \"registrants/sz-valves\" prefix: \"prefixes/88.118.8\" "
                   "rights { read_tier: PARTNER } }") == kNotActive);
      CHECK(reason(world.grants, &Grants::SetGroup,
                   "group { name: \"registrants/sz-pumps/groups/friends\" }") == kNotActive);
      CHECK(reason(world.ranges, &SerialRanges::Allocate,
                   "parent: \"prefixes/88.118.8\" pattern: \"C-{serial:6}\" count: 1 values { "
                   "type: \"NOTE\" data: \"x\" }") == kNotActive);
      CHECK(reason(world.transfers, &Transfers::OfferTransfer,
                   "transfer { to: \"registrants/sz-valves\" ownership: true items { identifier: "
                   "\"88.118.8/A\" } }") == kNotActive);
      CHECK(reason(world.registrar, &Registrar::GrantPrefix,
                   "prefix: \"88.118.8.1\" holder: \"registrants/sz-valves\"") == kNotActive);
    }
  }
}

TEST_CASE("a grant is revoked once, in whatever state, by its grantor and the bureau") {
  NounsWorld world;
  enum State { kActive, kRevoked, kExpired, kEnded };
  const auto make = [&](size_t state) {
    const auto made = world.Do(
        world.grants, &Grants::CreateGrant,
        Concat("grant { registrant: \"registrants/sz-valves\" prefix: \"prefixes/88.118.8\" rights "
               "{ read_tier: PARTNER } title: \"",
               world.Fresh("g"), "\" expire_time { seconds: ",
               absl::ToUnixSeconds(world.now + absl::Hours(1)), " } }"),
        AdminOf("sz-pumps"));
    INFO(made.status());
    REQUIRE(made.ok());
    const std::string& name = made->grant().name();
    if (state == kRevoked) {
      REQUIRE(world
                  .Do(world.grants, &Grants::RevokeGrant, Concat("name: \"", name, "\""),
                      AdminOf("sz-pumps"))
                  .ok());
    }
    if (state == kExpired) world.now += absl::Hours(2);
    return name;
  };
  const auto revoke = [&world](const std::string& noun, const std::string& rest,
                               const Caller& caller) {
    return world
        .Do(world.grants, &Grants::RevokeGrant,
            Concat("name: \"", noun, "\" reason: \"over\" ", rest), caller)
        .status();
  };
  Walk({{"RevokeGrant", "sz-pumps", {kOk, kOk, kOk}, revoke},
        {"RevokeGrant",
         "",
         {kOk, kOk, kOk},
         [&revoke](const std::string& noun, const std::string&, const Caller& caller) {
           Caller as = caller;
           if (!caller.is_bureau() && caller.role != Role::kAnonymous) as.registrant = "sz-pumps";
           return revoke(noun, "", as);
         }}},
       kEnded, make);
}

}  // namespace
}  // namespace gusu::server
