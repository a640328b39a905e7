// Which role does what to a record in which state of registrant, prefix and record.
//
// What is expected is written here as a table of its own and compared with what the rules answer,
// for every combination.
#include <catch2/catch.hpp>

#include "gusu/v1/resolver.pb.h"
#include "proto/identifier.h"
#include "proto/text.h"
#include "tests/server/access_table.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

constexpr v1::Record::State kRecordStates[] = {v1::Record::RESERVED, v1::Record::ACTIVE,
                                               v1::Record::SUSPENDED, v1::Record::RETIRED};

// What a registrant is to the record: kHolder owns it, too, kIssuer holds the prefix of a record
// that is another's.
enum Standing { kHolder, kIssuer, kOwner, kCustodian, kStranger };
constexpr Standing kStandings[] = {kHolder, kIssuer, kOwner, kCustodian, kStranger};
constexpr const char* kRegistrants[] = {"sz-pumps", "sz-pumps", "sz-buyer", "sz-fixer",
                                        "sz-valves"};

constexpr const char* kNotHolder = "PERMISSION_DENIED NOT_PREFIX_HOLDER";
constexpr const char* kNotOwner = "PERMISSION_DENIED NOT_RECORD_OWNER";
constexpr const char* kOk = "OK";
#define GUSU_UNFIT(reason) "FAILED_PRECONDITION " reason

struct Verb {
  const char* name;
  // Of the roles that write: who may do it, as kStandings.
  bool may[5];
  // The answer to those, as kRecordStates.
  const char* answers[4];
  // The answer to those who may not.
  const char* refusal = kNotHolder;
};

constexpr const char* kRetired = GUSU_UNFIT("RECORD_RETIRED");
constexpr const char* kSuspended = GUSU_UNFIT("RECORD_SUSPENDED");
constexpr Verb kVerbs[] = {
    {"update", {true, true, false, false, false}, {kOk, kOk, kSuspended, kRetired}},
    {"modify", {true, true, true, true, false}, {kOk, kOk, kSuspended, kRetired}},
    {"suspend",
     {true, true, false, false, false},
     {GUSU_UNFIT("RECORD_NOT_ACTIVE"), kOk, kSuspended, kRetired}},
    {"activate",
     {true, true, false, false, false},
     {kOk, GUSU_UNFIT("RECORD_NOT_SUSPENDED"), kOk, kRetired}},
    {"retire", {true, false, true, false, false}, {kOk, kOk, kOk, kRetired}, kNotOwner},
    {"reinstate",
     {true, true, false, false, false},
     {GUSU_UNFIT("RECORD_NOT_RETIRED"), GUSU_UNFIT("RECORD_NOT_RETIRED"),
      GUSU_UNFIT("RECORD_NOT_RETIRED"), kOk}},
    {"hold", {true, true, true, false, false}, {kOk, kOk, kOk, kOk}},
    {"unhold", {true, true, true, false, false}, {kOk, kOk, kOk, kOk}},
};
#undef GUSU_UNFIT

// Code and reason.
std::string Brief(const absl::Status& status) {
  if (status.ok()) return "OK";
  const std::string shown = RegistryWorld::ShowError(status);
  return shown.substr(0, shown.find(' ', shown.find(' ') + 1));
}

class StatesWorld : public GrantsWorld {
 public:
  // A record of its own, issued by sz-pumps; owned by sz-buyer and kept by sz-fixer unless
  // it is to be the holder's own.
  std::string PutRecord(v1::Record::State state, Standing standing, bool held) {
    storage::v1::RecordRow row;
    row.set_identifier(Concat("88.118.8/S-", ++records_));
    row.set_level(v1::Record::ITEM);
    row.set_issued_by("sz-pumps");
    if (standing != kHolder) {
      row.set_owner("sz-buyer");
      row.set_custodian("sz-fixer");
    }
    row.set_state(state);
    if (state == v1::Record::RETIRED) {
      row.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
    }
    if (held) {
      row.set_last_hold_number(1);
      storage::v1::HoldRow* hold = row.add_holds();
      hold->set_number(1);
      hold->set_side(v1::Hold::HOLDER);
      hold->set_reason("inquiry");
    }
    Put(storage::RecordKey(ToKey(row.identifier())), row);
    return row.identifier();
  }

  void SetRegistrant(const std::string& id, v1::Registrant::State state) {
    storage::v1::RegistrantRow row = *View()->directory().FindRegistrant(id)->row;
    row.set_state(state);
    Put(storage::RegistrantKey(id), row);
  }

  void SetPrefix(v1::Prefix::State state) {
    storage::v1::PrefixRow row = *View()->directory().FindPrefix("88.118.8")->row;
    row.set_state(state);
    Put(storage::PrefixKey("88.118.8"), row);
  }

  static Caller CallerOf(Role role, const std::string& registrant) {
    Caller caller;
    caller.role = role;
    const bool has_none = role == Role::kAnonymous || caller.is_bureau();
    if (!has_none) caller.registrant = registrant;
    return caller;
  }

  std::string Do(const std::string& verb, const std::string& identifier, const Caller& caller,
                 const std::string& registrant) {
    const std::string on_behalf = caller.is_bureau()
                                      ? Concat(" on_behalf_of { registrant: \"registrants/",
                                               registrant, "\" reason: \"by letter\" }")
                                      : "";
    const std::string name = Concat("name: \"", identifier, "\"", on_behalf);
    if (verb == "update") {
      return Answer(&Registry::UpdateRecord,
                    name + " values { index: 9 type: \"NOTE\" data: \"x\" tier: PUBLIC }", caller);
    }
    if (verb == "modify") {
      return Answer(&Registry::ModifyValues,
                    name + " add { index: 9 type: \"NOTE\" data: \"x\" tier: PUBLIC }", caller);
    }
    if (verb == "suspend") return Answer(&Registry::SuspendRecord, name + " reason: \"r\"", caller);
    if (verb == "activate") {
      return Answer(&Registry::ActivateRecord, name + " reason: \"r\"", caller);
    }
    if (verb == "retire") {
      return Answer(&Registry::RetireRecord, name + " retirement { reason: SCRAPPED }", caller);
    }
    if (verb == "reinstate") {
      return Answer(&Registry::ReinstateRecord, name + " reason: \"r\"", caller);
    }
    if (verb == "hold") return Answer(&Registry::HoldRecord, name + " reason: \"r\"", caller);
    REQUIRE(verb == "unhold");
    return Answer(&Registry::UnholdRecord, name + " number: 1 reason: \"r\"", caller);
  }

 private:
  template <typename Request>
  std::string Answer(void (Registry::*method)(const Request&, const Caller&,
                                              Done<v1::RecordResponse>),
                     const std::string& request, const Caller& caller) {
    return Brief(Call(method, FromText<Request>(request), caller).status());
  }

  int records_ = 0;
};

// Whether a role writes at all; the bureau's admin on behalf of a registrant.
bool Writes(Role role) {
  return role == Role::kRegistrantWriter || role == Role::kRegistrantAdmin ||
         role == Role::kBureauAdmin;
}

std::string Expected(const Verb& verb, Role role, Standing standing,
                     v1::Registrant::State registrant, v1::Prefix::State prefix, int record_state) {
  if (role == Role::kAnonymous) return "UNAUTHENTICATED CREDENTIAL_MISSING";
  if (!Writes(role)) return "PERMISSION_DENIED ROLE_REFUSED";
  if (registrant != v1::Registrant::ACTIVE) return "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE";
  if (prefix == v1::Prefix::SUSPENDED) return "FAILED_PRECONDITION PREFIX_SUSPENDED";
  if (prefix == v1::Prefix::RETIRED) return "FAILED_PRECONDITION PREFIX_RETIRED";
  if (!verb.may[standing]) return verb.refusal;
  return verb.answers[record_state];
}

TEST_CASE("every verb of a record answers every role in every state as the table says") {
  StatesWorld world;
  size_t combinations = 0;
  for (const v1::Registrant::State registrant :
       {v1::Registrant::ACTIVE, v1::Registrant::SUSPENDED, v1::Registrant::CLOSED}) {
    for (const v1::Prefix::State prefix :
         {v1::Prefix::ACTIVE, v1::Prefix::SUSPENDED, v1::Prefix::RETIRED}) {
      world.SetPrefix(prefix);
      for (const Standing standing : kStandings) {
        const std::string id = kRegistrants[standing];
        world.SetRegistrant(id, registrant);
        for (const Verb& verb : kVerbs) {
          for (int state = 0; state < 4; ++state) {
            for (const Role role : kTableRoles) {
              const std::string record = world.PutRecord(kRecordStates[state], standing,
                                                         std::string(verb.name) == "unhold");
              CAPTURE(verb.name, RoleName(role), id, registrant, prefix, kRecordStates[state]);
              CHECK(world.Do(verb.name, record, StatesWorld::CallerOf(role, id), id) ==
                    Expected(verb, role, standing, registrant, prefix, state));
              ++combinations;
            }
          }
        }
        world.SetRegistrant(id, v1::Registrant::ACTIVE);
      }
    }
  }
  CHECK(combinations == 3 * 3 * 5 * 8 * 4 * 7);
}

TEST_CASE("no state of registrant, prefix or record keeps anybody from reading what it may") {
  StatesWorld world;
  for (const v1::Registrant::State registrant :
       {v1::Registrant::ACTIVE, v1::Registrant::SUSPENDED}) {
    world.SetRegistrant("sz-pumps", registrant);
    for (const v1::Prefix::State prefix :
         {v1::Prefix::ACTIVE, v1::Prefix::SUSPENDED, v1::Prefix::RETIRED}) {
      world.SetPrefix(prefix);
      for (const v1::Record::State state : kRecordStates) {
        const std::string record = world.PutRecord(state, kHolder, false);
        for (const Role role : kTableRoles) {
          CAPTURE(RoleName(role), registrant, prefix, state);
          const Caller caller = StatesWorld::CallerOf(role, "sz-pumps");
          v1::ResolveRequest resolve;
          resolve.set_identifier(record);
          v1::ResolveResponse resolved;
          CHECK(Brief(world.resolver().Resolve(resolve, caller, &resolved)) == "OK");
          CHECK(resolved.record().state() == state);

          std::string whole = "OK";
          if (role == Role::kApplicant) whole = "PERMISSION_DENIED ROLE_REFUSED";
          if (role == Role::kAnonymous) whole = "UNAUTHENTICATED CREDENTIAL_MISSING";
          v1::GetRecordRequest get;
          get.set_name(record);
          v1::Record shown;
          CHECK(Brief(world.resolver().GetRecord(get, caller, &shown)) == whole);
          v1::ListRecordsRequest list;
          list.set_parent("prefixes/88.118.8");
          v1::ListRecordsResponse records;
          CHECK(Brief(world.resolver().ListRecords(list, caller, &records)) == whole);
        }
      }
    }
  }
}

TEST_CASE("a record is shown whole to its holder, owner and custodian and the bureau") {
  StatesWorld world;
  const std::string record = world.PutRecord(v1::Record::ACTIVE, kOwner, false);
  v1::GetRecordRequest request;
  request.set_name(record);
  for (const Standing standing : kStandings) {
    v1::Record shown;
    const Caller caller = StatesWorld::CallerOf(Role::kReader, kRegistrants[standing]);
    CAPTURE(kRegistrants[standing]);
    CHECK(Brief(world.resolver().GetRecord(request, caller, &shown)) ==
          (standing == kStranger ? kNotHolder : kOk));
  }
}

}  // namespace
}  // namespace gusu::server
