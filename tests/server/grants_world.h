// A registry with a customer, a workshop and a bureau, who are given rights on sz-pumps' records,
// and a clock that passes when a case says so.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "server/bureau_reads.h"
#include "server/grants/grants.h"
#include "server/resolver.h"
#include "tests/server/registry_world.h"

namespace gusu::v1 {
class Grant;
class ResolveResponse;
}  // namespace gusu::v1

namespace gusu::server {

// Beyond RegistryWorld's: registrants sz-buyer (a PARTNER, organisation code OTHER X 7) and
// sz-fixer, both ACTIVE; record 88.118.8/LOT-1 of template `product` and 88.118.8/LOT-2 of none,
// each with a PUBLIC value URL, a PARTNER value PRICE and an OWNER value COST.
class GrantsWorld : public RegistryWorld {
 public:
  GrantsWorld();

  Grants& grants() { return grants_; }
  Resolver& resolver() { return resolver_; }
  BureauReads& bureau_reads() { return bureau_reads_; }
  absl::Time Now() const { return now_; }
  void Pass(absl::Duration time) { now_ += time; }

  static Caller Admin(const std::string& registrant);
  static Caller Bureau(Role role = Role::kBureauAdmin);

  // Each from text, `grant { … }`: `registrants/sz-pumps/grants/* ACTIVE`, or the error.
  std::string Create(const std::string& request, const std::string& by = "sz-pumps");
  std::string CreateAs(const Caller& caller, const std::string& request);
  std::string Revoke(const Caller& caller, const std::string& request);
  // `registrants/sz-pumps/groups/friends "title" sz-buyer,sz-fixer`.
  std::string SetGroup(const Caller& caller, const std::string& request);
  // `*: registrant=… prefix=… ACTIVE` a line; then `more` when there is another page.
  std::string List(const Caller& caller, const std::string& request);
  std::string ListGroups(const Caller& caller, const std::string& request);
  // Name of the last grant that was created.
  const std::string& last_grant() const { return last_grant_; }

  // What a registrant's reader is given of a record: `URL PRICE +1 withheld`, or the error.
  std::string Read(const std::string& registrant, const std::string& identifier,
                   const std::string& options = "");
  static std::string ShowValues(const absl::StatusOr<v1::ResolveResponse>& response);

  // Hands prefix 88.118.8 to another registrant.
  void PassPrefix(const std::string& holder);
  // Gives a record an owner and a custodian of its own.
  void SetOwner(const std::string& identifier, const std::string& owner,
                const std::string& custodian);

  template <typename Response>
  static absl::StatusOr<Response> Wait(const std::function<void(Done<Response>)>& call) {
    std::promise<absl::StatusOr<Response>> answer;
    call([&answer](absl::StatusOr<Response> response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }

 private:
  std::string ShowGrant(const v1::Grant& grant);

  absl::Time now_;
  Grants grants_;
  Resolver resolver_;
  BureauReads bureau_reads_;
  std::string last_grant_;
};

}  // namespace gusu::server
