#include "tests/server/access_nouns.h"

#include <cstring>

#include "proto/error.h"

namespace gusu::server {
namespace {

std::string Expected(const Verb& verb, size_t role_index, size_t state) {
  for (const AccessLine& line : kAccessTable) {
    if (std::strcmp(line.name, verb.method) != 0) continue;
    if (line.may[role_index] == 'y') return verb.answers[state];
    return kTableRoles[role_index] == Role::kAnonymous ? "CREDENTIAL_MISSING" : "ROLE_REFUSED";
  }
  return "no such method";
}

}  // namespace

std::string OnBehalf(const Caller& caller, const std::string& registrant) {
  if (!caller.is_bureau()) return "";
  return Concat(" on_behalf_of { registrant: \"registrants/", registrant,
                "\" reason: \"by letter\" }");
}

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : std::string(ErrorReason(status));
}

Caller AdminOf(const std::string& registrant) {
  Caller caller;
  caller.role = Role::kRegistrantAdmin;
  caller.registrant = registrant;
  return caller;
}

void Walk(const std::vector<Verb>& verbs, size_t states,
          const std::function<std::string(size_t state)>& make) {
  size_t combinations = 0;
  for (const Verb& verb : verbs) {
    REQUIRE(verb.answers.size() == states);
    for (size_t state = 0; state < states; ++state) {
      for (size_t i = 0; i < kTableRoles.size(); ++i) {
        Caller caller;
        caller.role = kTableRoles[i];
        const bool has_none = caller.role == Role::kAnonymous || caller.is_bureau();
        if (!has_none) caller.registrant = verb.by;
        const std::string noun = make(state);
        CAPTURE(verb.method, state, RoleName(caller.role), noun);
        const std::string rest = *verb.by == '\0' ? "" : OnBehalf(caller, verb.by);
        CHECK(ReasonOf(verb.act(noun, rest, caller)) == Expected(verb, i, state));
        ++combinations;
      }
    }
  }
  CHECK(combinations == verbs.size() * states * kTableRoles.size());
}

}  // namespace gusu::server
