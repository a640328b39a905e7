// Walks verbs of nouns by every role: who may call at all is kAccessTable, what those are answered
// in each state of the noun is the case's to say.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <string>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/serial_range.pb.h"
#include "gusu/v1/transfer.pb.h"
#include "proto/text.h"
#include "server/grants/grants.h"
#include "server/ranges/serial_ranges.h"
#include "server/registrar.h"
#include "server/templates/templates.h"
#include "server/transfers/transfers.h"
#include "tests/server/access_table.h"
#include "tests/server/registry_world.h"

namespace gusu::server {

// The registry of registry_world.h with every rule that changes a noun.
class NounsWorld : public RegistryWorld {
 public:
  template <typename Rules, typename Request, typename Response>
  absl::StatusOr<Response> Do(Rules& rules,
                              void (Rules::*method)(const Request&, const Caller&, Done<Response>),
                              const std::string& request, const Caller& caller) {
    std::promise<absl::StatusOr<Response>> answer;
    const auto message = FromText<Request>(request);
    (rules.*method)(message, caller, [&answer](absl::StatusOr<Response> response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }

  // Names of its own, so that no case meets another's.
  std::string Fresh(const std::string& beginning) { return Concat(beginning, ++fresh_); }

  void SetRegistrant(const std::string& id, v1::Registrant::State state) {
    storage::v1::RegistrantRow row = *View()->directory().FindRegistrant(id)->row;
    row.set_state(state);
    Put(storage::RegistrantKey(id), row);
  }

  absl::Time now = absl::FromUnixSeconds(1'767'225'600);
  Registrar registrar{&ledger(), nullptr, [this] { return now; }};
  Templates templates{&ledger(), nullptr};
  Grants grants{&ledger(), nullptr, [this] { return now; }};
  SerialRanges ranges{&ledger(), nullptr, [this] { return now; }};
  Transfers transfers{&ledger(), nullptr, [this] { return now; }};

 private:
  int fresh_ = 0;
};

// What a request says for whom: the bureau's admin acts for the registrant.
std::string OnBehalf(const Caller& caller, const std::string& registrant);
// The reason of an error, or OK.
std::string ReasonOf(const absl::Status& status);
Caller AdminOf(const std::string& registrant);

inline constexpr const char* kOk = "OK";

struct Verb {
  const char* method;  // as in kAccessTable
  // By which registrant it is done; empty: by the bureau itself.
  const char* by;
  // The answer in each of the noun's states: OK, or the reason.
  std::vector<const char*> answers;
  // Does it to the noun: `rest` says for whom.
  std::function<absl::Status(const std::string& noun, const std::string& rest,
                             const Caller& caller)>
      act;
};

// Every verb by every role on a fresh noun in every state.
void Walk(const std::vector<Verb>& verbs, size_t states,
          const std::function<std::string(size_t state)>& make);

}  // namespace gusu::server
