// Which role does what to a registrant, a prefix and a template in each of their states. Records
// have a walk of their own: access_states_test.cc; what passes between registrants:
// access_dealings_test.cc.
#include "tests/server/access_nouns.h"

#include "proto/identifier.h"

namespace gusu::server {
namespace {

TEST_CASE("every decision on a registrant answers every role in every state") {
  NounsWorld world;
  constexpr v1::Registrant::State kStates[] = {v1::Registrant::PENDING,   v1::Registrant::ACTIVE,
                                               v1::Registrant::SUSPENDED, v1::Registrant::CLOSED,
                                               v1::Registrant::RETURNED,  v1::Registrant::REJECTED};
  constexpr const char* kNotPending = "REGISTRANT_NOT_PENDING";
  constexpr const char* kNotActive = "REGISTRANT_NOT_ACTIVE";
  constexpr const char* kNotSuspended = "REGISTRANT_NOT_SUSPENDED";
  const auto make = [&](size_t state) {
    const std::string id = world.Fresh("r");
    storage::v1::RegistrantRow row;
    row.set_kind(v1::Registrant::ENTERPRISE);
    row.set_legal_name(id);
    row.set_organization_code_scheme(v1::OrganizationCode::OTHER);
    row.set_organization_code_authority("Test");
    row.set_organization_code(id);
    row.set_state(kStates[state]);
    storage::v1::DesignationRow* given = row.add_designations();
    given->set_id("given");
    given->set_title("Given");
    given->set_issued_on("2025-01-01");
    world.Put(storage::RegistrantKey(id), row);
    return "registrants/" + id;
  };
  const auto verb = [&world](auto method, const char* more) {
    return
        [&world, method, more](const std::string& noun, const std::string&, const Caller& caller) {
          return world
              .Do(world.registrar, method, Concat("name: \"", noun, "\" reason: \"seen\" ", more),
                  caller)
              .status();
        };
  };
  Walk({{"ApproveRegistrant",
         "",
         {kOk, kNotPending, kNotPending, kNotPending, kNotPending, kNotPending},
         verb(&Registrar::ApproveRegistrant, "")},
        {"ReturnRegistrant",
         "",
         {kOk, kNotPending, kNotPending, kNotPending, kNotPending, kNotPending},
         verb(&Registrar::ReturnRegistrant, "")},
        {"RejectRegistrant",
         "",
         {kOk, kNotPending, kNotPending, kNotPending, kOk, kNotPending},
         verb(&Registrar::RejectRegistrant, "")},
        {"SuspendRegistrant",
         "",
         {kNotActive, kOk, kNotActive, kNotActive, kNotActive, kNotActive},
         verb(&Registrar::SuspendRegistrant, "")},
        {"ActivateRegistrant",
         "",
         {kNotSuspended, kNotSuspended, kOk, kNotSuspended, kNotSuspended, kNotSuspended},
         verb(&Registrar::ActivateRegistrant, "")},
        {"CloseRegistrant",
         "",
         {kNotActive, kOk, kOk, kNotActive, kNotActive, kNotActive},
         verb(&Registrar::CloseRegistrant, "")},
        {"DesignateRegistrant",
         "",
         {kNotActive, kOk, kNotActive, kNotActive, kNotActive, kNotActive},
         verb(&Registrar::DesignateRegistrant,
              "designation { id: \"new\" title: \"New\" issued_on: \"2026-01-01\" }")},
        // What was given is taken back from whomever has it.
        {"RevokeDesignation",
         "",
         {kOk, kOk, kOk, kOk, kOk, kOk},
         verb(&Registrar::RevokeDesignation, "designation_id: \"given\"")}},
       std::size(kStates), make);
}

TEST_CASE(
    "an applicant, an admin and the bureau for it update a registrant in the states for each") {
  NounsWorld world;
  constexpr v1::Registrant::State kStates[] = {v1::Registrant::PENDING,   v1::Registrant::ACTIVE,
                                               v1::Registrant::SUSPENDED, v1::Registrant::CLOSED,
                                               v1::Registrant::RETURNED,  v1::Registrant::REJECTED};
  struct Line {
    Role role;
    std::vector<const char*> answers;
  };
  constexpr const char* kNotActive = "REGISTRANT_NOT_ACTIVE";
  constexpr const char* kRefused = "ROLE_REFUSED";
  const std::vector<Line> lines = {
      {Role::kAnonymous, std::vector<const char*>(6, "CREDENTIAL_MISSING")},
      {Role::kApplicant, {kOk, "CLAIM_SPENT", kNotActive, kNotActive, kOk, kNotActive}},
      {Role::kReader, std::vector<const char*>(6, kRefused)},
      {Role::kRegistrantWriter, std::vector<const char*>(6, kRefused)},
      {Role::kRegistrantAdmin, {kOk, kOk, kNotActive, kNotActive, kOk, kNotActive}},
      {Role::kBureauAuditor, std::vector<const char*>(6, kRefused)},
      {Role::kBureauAdmin, {kOk, kOk, kNotActive, kNotActive, kOk, kNotActive}}};
  for (const Line& line : lines) {
    for (size_t state = 0; state < std::size(kStates); ++state) {
      const std::string id = world.Fresh("u");
      storage::v1::RegistrantRow row;
      row.set_kind(v1::Registrant::ENTERPRISE);
      row.set_legal_name(id);
      row.set_organization_code_scheme(v1::OrganizationCode::OTHER);
      row.set_organization_code_authority("Test");
      row.set_organization_code(id);
      row.set_state(kStates[state]);
      world.Put(storage::RegistrantKey(id), row);
      Caller caller;
      caller.role = line.role;
      if (line.role != Role::kAnonymous && !caller.is_bureau()) caller.registrant = id;
      CAPTURE(RoleName(line.role), kStates[state], id);
      const auto answer =
          world.Do(world.registrar, &Registrar::UpdateRegistrant,
                   Concat("name: \"registrants/", id,
                          "\" reason: \"renamed\" registrant { legal_name: \"New ", id,
                          "\" organization_code { scheme: OTHER authority: \"Test\" value: \"", id,
                          "\" } }", OnBehalf(caller, id)),
                   caller);
      CHECK(ReasonOf(answer.status()) == line.answers[state]);
    }
  }
}

TEST_CASE("every change of a prefix answers every role in every state") {
  NounsWorld world;
  constexpr v1::Prefix::State kStates[] = {v1::Prefix::ACTIVE, v1::Prefix::SUSPENDED,
                                           v1::Prefix::RETIRED};
  constexpr const char* kRetired = "PREFIX_RETIRED";
  constexpr const char* kSuspended = "PREFIX_SUSPENDED";
  // Derived by sz-pumps, which governs it, and held by sz-valves.
  const auto make_suspended_by = [&](const Caller& caller, size_t state) {
    storage::v1::PrefixRow row;
    row.set_prefix(world.Fresh("88.118.8."));
    row.set_holder("sz-valves");
    row.set_granted_by_holder(true);
    row.set_state(kStates[state] == v1::Prefix::RETIRED ? v1::Prefix::RETIRED : v1::Prefix::ACTIVE);
    world.Put(storage::PrefixKey(row.prefix()), row);
    const std::string name = "prefixes/" + row.prefix();
    if (kStates[state] == v1::Prefix::SUSPENDED) {
      REQUIRE(world
                  .Do(world.registrar, &Registrar::SuspendPrefix,
                      Concat("name: \"", name, "\" reason: \"inquiry\""), caller)
                  .ok());
    }
    return name;
  };
  // Who suspended it counts: the bureau's suspension only the bureau lifts, and it takes the place
  // of the holder's.
  const auto make = [&](size_t state) { return make_suspended_by(AdminOf("sz-pumps"), state); };
  const auto make_by_bureau = [&](size_t state) {
    return make_suspended_by(RegistryWorld::WithRole(Role::kBureauAdmin), state);
  };
  const auto verb = [&world](auto method, const char* more) {
    return [&world, method, more](const std::string& noun, const std::string& rest,
                                  const Caller& caller) {
      return world
          .Do(world.registrar, method, Concat("name: \"", noun, "\" reason: \"seen\" ", more, rest),
              caller)
          .status();
    };
  };
  // What the bureau does itself, for nobody.
  const auto governs = [&verb](auto method) {
    return [act = verb(method, "")](const std::string& noun, const std::string&,
                                    const Caller& caller) { return act(noun, "", caller); };
  };
  Walk({{"UpdatePrefix",
         "sz-valves",
         {kOk, kSuspended, kRetired},
         verb(&Registrar::UpdatePrefix, "disclosure: OPEN")},
        {"DelegatePrefix",
         "sz-valves",
         {kOk, kSuspended, kRetired},
         verb(&Registrar::DelegatePrefix,
              "sites { address: \"valves.example\" protocol: GRPC port: 7440 }")},
        // What was issued below it goes on to have a holder.
        {"TransferPrefix",
         "",
         {kOk, kOk, kOk},
         verb(&Registrar::TransferPrefix, "holder: \"registrants/sz-pumps\"")},
        {"ActivatePrefix",
         "sz-pumps",
         {"PREFIX_NOT_SUSPENDED", kOk, kRetired},
         governs(&Registrar::ActivatePrefix)},
        {"RetirePrefix", "sz-pumps", {kOk, kOk, kRetired}, governs(&Registrar::RetirePrefix)}},
       std::size(kStates), make);
  Walk({{"SuspendPrefix",
         "sz-pumps",
         {kOk, kSuspended, kRetired},
         governs(&Registrar::SuspendPrefix)}},
       std::size(kStates), make_by_bureau);
}

TEST_CASE("every change of a template answers every role in every state") {
  NounsWorld world;
  constexpr v1::Template::State kStates[] = {v1::Template::DRAFT, v1::Template::PUBLISHED,
                                             v1::Template::WITHDRAWN};
  const auto make = [&](size_t state) {
    storage::v1::TemplateRow row;
    row.set_id(world.Fresh("88.118.8/META_"));
    row.set_owner("sz-pumps");
    row.set_state(kStates[state]);
    row.set_version(kStates[state] == v1::Template::DRAFT ? 0 : 1);
    auto* attributes = kStates[state] == v1::Template::DRAFT ? row.mutable_draft_attributes()
                                                             : row.mutable_attributes();
    storage::v1::AttributeRow* head = attributes->Add();
    head->set_index(2000);
    head->set_name("head");
    head->set_type(v1::Template::STRING);
    head->set_default_tier(v1::PUBLIC);
    world.Put(storage::TemplateKey(row.id()), row);
    return Concat("templates/88.118.8%2F", row.id().substr(row.id().find('/') + 1));
  };
  const auto verb = [&world](auto method, const char* more) {
    return [&world, method, more](const std::string& noun, const std::string& rest,
                                  const Caller& caller) {
      return world.Do(world.templates, method, Concat("name: \"", noun, "\" ", more, rest), caller)
          .status();
    };
  };
  const char* lift =
      "template { attributes { name: \"head\" type: STRING } "
      "attributes { name: \"lift\" type: STRING } }";
  Walk({{"UpdateTemplate", "sz-pumps", {kOk, kOk, kOk}, verb(&Templates::UpdateTemplate, lift)},
        {"PublishTemplate",
         "sz-pumps",
         {kOk, kOk, kOk},
         verb(&Templates::PublishTemplate, "reason: \"ready\"")},
        {"WithdrawTemplate",
         "sz-pumps",
         {kOk, kOk, kOk},
         verb(&Templates::WithdrawTemplate, "reason: \"replaced\"")},
        {"PublishTemplate",
         "sz-valves",
         {"NOT_PREFIX_HOLDER", "NOT_PREFIX_HOLDER", "NOT_PREFIX_HOLDER"},
         verb(&Templates::PublishTemplate, "reason: \"ready\"")}},
       std::size(kStates), make);
}

}  // namespace
}  // namespace gusu::server
