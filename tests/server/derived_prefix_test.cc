// Prefixes that holders derive from their own, and the quota that they pass on.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "proto/error.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
constexpr const char* kPumps = "gusu_pumps";
constexpr const char* kValves = "gusu_valves";

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

// pumps holds 88.118.8, of at most 100 codes; valves holds nothing yet.
class DerivedWorld : public RegistrarWorld {
 public:
  DerivedWorld() {
    MakeAdmin("pumps");
    MakeAdmin("valves");
    REQUIRE(Show(GrantOf(kBureau, "88.118.8", "pumps", 100)) == "OK");
  }

  absl::StatusOr<v1::PrefixResponse> GrantOf(const std::string& bearer, const std::string& prefix,
                                             const std::string& holder, uint64_t quota,
                                             const std::string& on_behalf_of = "") {
    v1::GrantPrefixRequest request;
    request.set_prefix(prefix);
    request.set_holder("registrants/" + holder);
    request.set_quota(quota);
    if (!on_behalf_of.empty()) {
      request.mutable_on_behalf_of()->set_registrant("registrants/" + on_behalf_of);
      request.mutable_on_behalf_of()->set_reason("asked by letter");
    }
    return Write(&Registrar::GrantPrefix, bearer, request);
  }

  absl::StatusOr<v1::PrefixResponse> SetQuota(const std::string& bearer, const std::string& prefix,
                                              uint64_t quota) {
    v1::UpdatePrefixRequest request;
    request.set_name("prefixes/" + prefix);
    request.set_quota(quota);
    return Write(&Registrar::UpdatePrefix, bearer, request);
  }

  // Registers a code as the bearer.
  std::string Register(const std::string& bearer, const std::string& identifier) {
    Registry registry(&ledger(), nullptr);
    v1::RegisterRequest request;
    request.mutable_row()->set_identifier(identifier);
    std::promise<absl::StatusOr<v1::RegisterResponse>> answer;
    registry.Register(request, *Who(bearer), [&](absl::StatusOr<v1::RegisterResponse> response) {
      answer.set_value(std::move(response));
    });
    return Show(answer.get_future().get());
  }

  template <typename Response>
  static std::string Show(const absl::StatusOr<Response>& response) {
    return RegistrarWorld::Show(response.status());
  }
  using RegistrarWorld::Show;
};

TEST_CASE("a holder derives a prefix for another registrant, out of its own quota") {
  DerivedWorld world;
  const auto granted = world.GrantOf(kPumps, "88.118.8.1", "valves", 60);
  REQUIRE(Show(granted) == "OK");
  CHECK(granted->prefix().holder() == "registrants/valves");
  CHECK(granted->prefix().quota() == 60);
  CHECK(world.Prefix("88.118.8").quota_granted() == 60);
  const Change change = world.ChangeAt(granted->receipt().leaf_index());
  CHECK(change.operation == Operation::kGrantPrefix);
  CHECK(change.actor == "registrants/pumps");
  CHECK(change.registrant == "valves");
  const Change above = world.ChangeAt(granted->receipt().leaf_index() + 1);
  CHECK(above.operation == Operation::kUpdatePrefix);
  CHECK(above.resource == "prefixes/88.118.8");
  // Again is the same answer, and costs nothing.
  CHECK(world.GrantOf(kPumps, "88.118.8.1", "valves", 60)->SerializeAsString() ==
        granted->SerializeAsString());
  CHECK(world.Prefix("88.118.8").quota_granted() == 60);

  CHECK(world.Register(kValves, "88.118.8.1/V-1") == "OK");
  CHECK(world.Register(kPumps, "88.118.8.1/V-2") == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(world.Register(kPumps, "88.118.8/P-1") == "OK");
}

TEST_CASE("what a holder granted and what it has together never exceed its quota") {
  DerivedWorld world;
  for (int i = 0; i < 30; ++i) {
    REQUIRE(world.Register(kPumps, "88.118.8/P-" + std::to_string(i)) == "OK");
  }
  const auto refused = world.GrantOf(kPumps, "88.118.8.1", "valves", 71);
  CHECK(Show(refused) == "FAILED_PRECONDITION QUOTA_EXCEEDED");
  CHECK(ErrorMetadataValue(refused.status(), "prefix") == "88.118.8");
  CHECK(ErrorMetadataValue(refused.status(), "code_count") == "30");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 0)) == "INVALID_ARGUMENT FIELD_INVALID");
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 60)) == "OK");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.2", "valves", 11)) ==
        "FAILED_PRECONDITION QUOTA_EXCEEDED");
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.2", "pumps", 5)) == "OK");
  // 30 are there, 65 are granted: 5 are left.
  for (int i = 30; i < 35; ++i) {
    REQUIRE(world.Register(kPumps, "88.118.8/P-" + std::to_string(i)) == "OK");
  }
  CHECK(world.Register(kPumps, "88.118.8/P-35") == "FAILED_PRECONDITION QUOTA_EXCEEDED");
  CHECK(Show(world.SetQuota(kBureau, "88.118.8", 99)) == "FAILED_PRECONDITION QUOTA_EXCEEDED");
  CHECK(Show(world.SetQuota(kBureau, "88.118.8", 101)) == "OK");
  CHECK(world.Register(kPumps, "88.118.8/P-35") == "OK");
}

TEST_CASE("grants at the same moment never pass on more than there is") {
  DerivedWorld world;
  std::vector<std::string> outcomes(4);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    threads.emplace_back([&world, &outcomes, i] {
      outcomes[i] = Show(world.GrantOf(kPumps, "88.118.8." + std::to_string(i), "valves", 30));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::count(outcomes.begin(), outcomes.end(), "OK") == 3);
  CHECK(std::count(outcomes.begin(), outcomes.end(), "FAILED_PRECONDITION QUOTA_EXCEEDED") == 1);
  CHECK(world.Prefix("88.118.8").quota_granted() == 90);
}

TEST_CASE("the quota of a derived prefix is changed by the holder above, within its own") {
  DerivedWorld world;
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 60)) == "OK");
  CHECK(Show(world.SetQuota(kValves, "88.118.8.1", 70)) == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.SetQuota(kPumps, "88.118.8", 200)) == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  const auto raised = world.SetQuota(kPumps, "88.118.8.1", 100);
  REQUIRE(Show(raised) == "OK");
  CHECK(raised->prefix().quota() == 100);
  CHECK(world.Prefix("88.118.8").quota_granted() == 100);
  CHECK(world.SetQuota(kPumps, "88.118.8.1", 100)->SerializeAsString() ==
        raised->SerializeAsString());
  CHECK(Show(world.SetQuota(kPumps, "88.118.8.1", 101)) == "FAILED_PRECONDITION QUOTA_EXCEEDED");
  CHECK(Show(world.SetQuota(kPumps, "88.118.8.1", 0)) == "INVALID_ARGUMENT FIELD_INVALID");
  REQUIRE(Show(world.SetQuota(kBureau, "88.118.8.1", 40)) == "OK");
  CHECK(world.Prefix("88.118.8").quota_granted() == 40);
  // Down the tree.
  CHECK(Show(world.GrantOf(kValves, "88.118.8.1.7", "pumps", 41)) ==
        "FAILED_PRECONDITION QUOTA_EXCEEDED");
  REQUIRE(Show(world.GrantOf(kValves, "88.118.8.1.7", "pumps", 40)) == "OK");
  CHECK(world.Prefix("88.118.8.1").quota_granted() == 40);
  CHECK(world.Prefix("88.118.8").quota_granted() == 40);
  CHECK(Show(world.SetQuota(kPumps, "88.118.8.1", 39)) == "FAILED_PRECONDITION QUOTA_EXCEEDED");
}

TEST_CASE("a limit is not set while a prefix below has none") {
  DerivedWorld world;
  REQUIRE(Show(world.GrantOf(kBureau, "88.118.9", "pumps", 0)) == "OK");
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.9.1", "valves", 0)) == "OK");
  const auto refused = world.SetQuota(kBureau, "88.118.9", 1000);
  CHECK(Show(refused) == "FAILED_PRECONDITION QUOTA_EXCEEDED");
  CHECK(ErrorMetadataValue(refused.status(), "prefix") == "88.118.9.1");
  REQUIRE(Show(world.SetQuota(kPumps, "88.118.9.1", 10)) == "OK");
  CHECK(Show(world.SetQuota(kBureau, "88.118.9", 1000)) == "OK");
  CHECK(world.Prefix("88.118.9").quota_granted() == 10);
}

TEST_CASE("only below one's own prefix is derived, and only for who can hold one") {
  DerivedWorld world;
  REQUIRE(Show(world.Apply(world.ApplicationOf("pending"))) == "OK");
  CHECK(Show(world.GrantOf(kValves, "88.118.8.1", "valves", 1)) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.GrantOf(kPumps, "88.118.80", "pumps", 1)) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8", "pumps", 100)) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.1", "absent", 1)) == "NOT_FOUND REGISTRANT_NOT_FOUND");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.1", "pending", 1)) ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.", "valves", 1)) ==
        "INVALID_ARGUMENT IDENTIFIER_MALFORMED");
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 1)) == "OK");
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 2)) == "ALREADY_EXISTS PREFIX_TAKEN");
  // Nobody comes to stand between a prefix and what was derived from it.
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.2.3", "valves", 1)) == "OK");
  const auto between = world.GrantOf(kPumps, "88.118.8.2", "valves", 1);
  CHECK(Show(between) == "ALREADY_EXISTS PREFIX_TAKEN");
  CHECK(ErrorMetadataValue(between.status(), "taken") == "88.118.8.2.3");
  CHECK(Show(world.GrantOf(kBureau, "88.118.8.2", "pumps", 1)) == "ALREADY_EXISTS PREFIX_TAKEN");
  CHECK(world.Prefix("88.118.8").quota_granted() == 2);
}

TEST_CASE("the bureau derives in the holder's name, with a reason that both can see") {
  DerivedWorld world;
  const auto granted = world.GrantOf(kBureau, "88.118.8.1", "valves", 10, "pumps");
  REQUIRE(Show(granted) == "OK");
  const Change change = world.ChangeAt(granted->receipt().leaf_index());
  CHECK(change.actor == "bureau");
  CHECK(change.on_behalf_of == "registrants/pumps");
  CHECK(change.reason == "asked by letter");
  CHECK(world.Prefix("88.118.8").quota_granted() == 10);
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.2", "valves", 10, "pumps")) ==
        "PERMISSION_DENIED ROLE_REFUSED");
}

TEST_CASE("nothing is derived by a suspended registrant, or from a suspended or retired prefix") {
  DerivedWorld world;
  std::string expected;
  SECTION("the registrant") {
    REQUIRE(Show(world.Call(&Registrar::SuspendRegistrant, kBureau, "registrants/pumps")) == "OK");
    expected = "REGISTRANT_NOT_ACTIVE";
  }
  SECTION("the prefix, suspended") {
    REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kBureau, "prefixes/88.118.8")) == "OK");
    expected = "PREFIX_SUSPENDED";
  }
  SECTION("the prefix, retired") {
    REQUIRE(Show(world.Call(&Registrar::RetirePrefix, kBureau, "prefixes/88.118.8")) == "OK");
    expected = "PREFIX_RETIRED";
  }
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 1)) ==
        "FAILED_PRECONDITION " + expected);
}

TEST_CASE("a derived prefix is suspended, activated and retired by the holder above") {
  DerivedWorld world;
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 10)) == "OK");
  const std::string name = "prefixes/88.118.8.1";
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kValves, name)) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kPumps, "prefixes/88.118.8")) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kPumps, name, "unpaid")) == "OK");
  CHECK(world.Prefix("88.118.8.1").state_reason() == "unpaid");
  CHECK(world.Register(kValves, "88.118.8.1/V-1") == "FAILED_PRECONDITION PREFIX_SUSPENDED");
  REQUIRE(Show(world.Call(&Registrar::ActivatePrefix, kPumps, name)) == "OK");
  CHECK(world.Register(kValves, "88.118.8.1/V-1") == "OK");

  // What the bureau suspends, the bureau activates, whatever was changed in between.
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kBureau, name)) == "OK");
  REQUIRE(Show(world.SetQuota(kPumps, "88.118.8.1", 11)) == "OK");
  CHECK(Show(world.Call(&Registrar::ActivatePrefix, kPumps, name)) ==
        "PERMISSION_DENIED SUSPENDED_BY_BUREAU");
  REQUIRE(Show(world.Call(&Registrar::ActivatePrefix, kBureau, name)) == "OK");
  CHECK(Show(world.Call(&Registrar::RetirePrefix, kPumps, name)) == "OK");

  // The right goes with the prefix above.
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.2", "pumps", 10)) == "OK");
  v1::TransferPrefixRequest transfer;
  transfer.set_name("prefixes/88.118.8");
  transfer.set_holder("registrants/valves");
  transfer.set_reason("sold");
  REQUIRE(Show(world.Write(&Registrar::TransferPrefix, kBureau, transfer)) == "OK");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kPumps, "prefixes/88.118.8.2")) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kValves, "prefixes/88.118.8.2")) == "OK");
}

TEST_CASE("who loses the prefix above in the same moment governs nothing below it any more") {
  DerivedWorld world;
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 10)) == "OK");
  v1::TransferPrefixRequest transfer;
  transfer.set_name("prefixes/88.118.8");
  transfer.set_holder("registrants/valves");
  transfer.set_reason("sold");
  v1::SuspendPrefixRequest suspend;
  suspend.set_name("prefixes/88.118.8.1");
  suspend.set_reason("unpaid");
  auto held = world.HoldCommits();
  auto transferred = world.Start(&Registrar::TransferPrefix, kBureau, transfer);
  auto suspended = world.Start(&Registrar::SuspendPrefix, kPumps, suspend);
  held.unlock();
  CHECK(Show(transferred.get()) == "OK");
  CHECK(Show(suspended.get()) == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(world.Prefix("88.118.8.1").state() == v1::Prefix::ACTIVE);
}

TEST_CASE("the holder of a suspended or retired prefix governs nothing below it, the bureau does") {
  DerivedWorld world;
  const std::string above = "prefixes/88.118.8", name = "prefixes/88.118.8.1";
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 10)) == "OK");
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.2", "valves", 10)) == "OK");
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kPumps, "prefixes/88.118.8.2")) == "OK");
  std::string expected;
  SECTION("suspended") {
    REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kBureau, above)) == "OK");
    expected = "FAILED_PRECONDITION PREFIX_SUSPENDED";
  }
  SECTION("retired") {
    REQUIRE(Show(world.Call(&Registrar::RetirePrefix, kBureau, above)) == "OK");
    expected = "FAILED_PRECONDITION PREFIX_RETIRED";
  }
  const uint64_t leaf_count = world.View()->leaf_count();
  CHECK(Show(world.GrantOf(kPumps, "88.118.8.3", "valves", 10)) == expected);
  const auto refused = world.SetQuota(kPumps, "88.118.8.1", 20);
  CHECK(Show(refused) == expected);
  CHECK(ErrorMetadataValue(refused.status(), "prefix") == "88.118.8");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kPumps, name)) == expected);
  CHECK(Show(world.Call(&Registrar::RetirePrefix, kPumps, name)) == expected);
  CHECK(Show(world.Call(&Registrar::ActivatePrefix, kPumps, "prefixes/88.118.8.2")) == expected);
  // In the holder's name the bureau may no more than the holder.
  v1::UpdatePrefixRequest request;
  request.set_name(name);
  request.set_quota(20);
  request.mutable_on_behalf_of()->set_registrant("registrants/pumps");
  request.mutable_on_behalf_of()->set_reason("asked by letter");
  CHECK(Show(world.Write(&Registrar::UpdatePrefix, kBureau, request)) == expected);
  // What was done before has its answer still, and who is no holder learns no state.
  CHECK(Show(world.SetQuota(kPumps, "88.118.8.1", 10)) == "OK");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kPumps, "prefixes/88.118.8.2")) == "OK");
  CHECK(Show(world.SetQuota(kValves, "88.118.8.1", 20)) == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(world.View()->leaf_count() == leaf_count);

  CHECK(Show(world.SetQuota(kBureau, "88.118.8.1", 20)) == "OK");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kBureau, name)) == "OK");
  CHECK(Show(world.Call(&Registrar::ActivatePrefix, kBureau, "prefixes/88.118.8.2")) == "OK");
}

TEST_CASE("the bureau's suspension takes the place of the holder's, who does not lift it") {
  DerivedWorld world;
  const std::string name = "prefixes/88.118.8.1";
  REQUIRE(Show(world.GrantOf(kPumps, "88.118.8.1", "valves", 10)) == "OK");
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kPumps, name, "unpaid")) == "OK");
  const auto suspended = world.Call(&Registrar::SuspendPrefix, kBureau, name, "misuse");
  REQUIRE(Show(suspended) == "OK");
  CHECK(suspended->prefix().state() == v1::Prefix::SUSPENDED);
  CHECK(suspended->prefix().state_reason() == "misuse");
  CHECK(world.Call(&Registrar::SuspendPrefix, kBureau, name, "misuse")->SerializeAsString() ==
        suspended->SerializeAsString());
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kBureau, name, "other")) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED");
  CHECK(Show(world.Call(&Registrar::ActivatePrefix, kPumps, name)) ==
        "PERMISSION_DENIED SUSPENDED_BY_BUREAU");
  // Nor does the holder's take the place of the bureau's.
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kPumps, name, "unpaid again")) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED");
  CHECK(world.Prefix("88.118.8.1").state_reason() == "misuse");
  REQUIRE(Show(world.Call(&Registrar::ActivatePrefix, kBureau, name)) == "OK");
  // The next one is the holder's again.
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kPumps, name, "unpaid")) == "OK");
  CHECK(Show(world.Call(&Registrar::ActivatePrefix, kPumps, name)) == "OK");
}

}  // namespace
}  // namespace gusu::server
