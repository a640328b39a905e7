// What happens to a prefix after it was granted: transfer, states, disclosure, delegation.
#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "server/registrar.h"
#include "server/registry.h"
#include "server/resolver.h"
#include "tests/server/registrar_world.h"

namespace gusu::server {
namespace {

constexpr const char* kBureau = RegistrarWorld::kBureauToken;
constexpr const char* kPumps = "gusu_pumps";
constexpr const char* kValves = "gusu_valves";
constexpr const char* kPrefix = "prefixes/88.118.8";

template <typename Response>
std::string Show(const absl::StatusOr<Response>& response) {
  return RegistrarWorld::Show(response.status());
}

// pumps holds 88.118.8.
class PrefixWorld : public RegistrarWorld {
 public:
  PrefixWorld() {
    MakeAdmin("pumps");
    MakeAdmin("valves");
    REQUIRE(Show(Grant("88.118.8", "pumps").status()) == "OK");
  }

  std::string Register(const std::string& bearer, const std::string& identifier) {
    Registry registry(&ledger(), nullptr);
    v1::RegisterRequest request;
    request.mutable_row()->set_identifier(identifier);
    std::promise<absl::Status> answer;
    registry.Register(request, *Who(bearer), [&](absl::StatusOr<v1::RegisterResponse> response) {
      answer.set_value(response.status());
    });
    return Show(answer.get_future().get());
  }

  absl::StatusOr<v1::ResolveResponse> Resolve(const std::string& identifier,
                                              absl::Time as_of = absl::InfiniteFuture()) {
    const Resolver resolver(&ledger(), nullptr, [this] { return Now(); });
    v1::ResolveRequest request;
    request.set_identifier(identifier);
    if (as_of != absl::InfiniteFuture()) {
      request.mutable_options()->mutable_as_of_time()->set_seconds(absl::ToUnixSeconds(as_of));
    }
    v1::ResolveResponse response;
    const absl::Status status = resolver.Resolve(request, *Who(""), &response);
    if (!status.ok()) return status;
    return response;
  }

  absl::StatusOr<v1::PrefixResponse> Transfer(const std::string& bearer, const std::string& holder,
                                              const std::string& reason = "sold") {
    v1::TransferPrefixRequest request;
    request.set_name(kPrefix);
    request.set_holder("registrants/" + holder);
    request.set_reason(reason);
    return Write(&Registrar::TransferPrefix, bearer, request);
  }
};

TEST_CASE("a prefix passes to another holder: rights go at once, and resolution has no gap") {
  PrefixWorld world;
  REQUIRE(world.Register(kPumps, "88.118.8/P-1") == "OK");
  CHECK(Show(world.Transfer(kPumps, "valves")) == "PERMISSION_DENIED ROLE_REFUSED");
  CHECK(Show(world.Transfer(kBureau, "pumps")) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(Show(world.Transfer(kBureau, "absent")) == "NOT_FOUND REGISTRANT_NOT_FOUND");
  CHECK(Show(world.Transfer(kBureau, "valves", "")) == "INVALID_ARGUMENT REASON_MISSING");
  const auto passed = world.Transfer(kBureau, "valves");
  REQUIRE(Show(passed) == "OK");
  CHECK(passed->prefix().holder() == "registrants/valves");
  const Change change = world.ChangeAt(passed->receipt().leaf_index());
  CHECK(change.operation == Operation::kTransferPrefix);
  CHECK(change.registrant == "pumps");
  CHECK(change.sequence == 3);
  CHECK(world.Transfer(kBureau, "valves")->SerializeAsString() == passed->SerializeAsString());

  CHECK(world.Register(kPumps, "88.118.8/P-2") == "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(world.Register(kValves, "88.118.8/P-2") == "OK");
  const auto resolved = world.Resolve("88.118.8/P-1");
  REQUIRE(Show(resolved) == "OK");
  CHECK(resolved->record().issued_by() == "registrants/pumps");
  CHECK(resolved->record().owner() == "registrants/valves");
}

TEST_CASE("a prefix may pass back, and its row remembers each holder once") {
  PrefixWorld world;
  REQUIRE(Show(world.Transfer(kBureau, "valves", "1")) == "OK");
  REQUIRE(Show(world.Transfer(kBureau, "pumps", "2")) == "OK");
  REQUIRE(Show(world.Transfer(kBureau, "valves", "3")) == "OK");
  v1::ListPrefixesRequest list;
  list.set_holder("registrants/valves");
  CHECK(world.List(list) == "88.118.8 ");
  list.set_holder("registrants/pumps");
  CHECK(world.List(list) == "");
  const auto view = world.View();
  const storage::v1::PrefixRow& row = *view->directory().FindPrefix("88.118.8")->row;
  CHECK(row.former_holders_size() == 2);
  CHECK(row.passing_count() == 3);
}

TEST_CASE("the bureau suspends, activates and retires a prefix, and resolution goes on") {
  PrefixWorld world;
  REQUIRE(world.Register(kPumps, "88.118.8/P-1") == "OK");
  CHECK(Show(world.Call(&Registrar::ActivatePrefix, kBureau, kPrefix)) ==
        "FAILED_PRECONDITION PREFIX_NOT_SUSPENDED");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kBureau, kPrefix, "")) ==
        "INVALID_ARGUMENT REASON_MISSING");
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kBureau, "prefixes/88.118.7")) ==
        "NOT_FOUND PREFIX_NOT_FOUND");
  const auto suspended = world.Call(&Registrar::SuspendPrefix, kBureau, kPrefix, "misuse");
  REQUIRE(Show(suspended) == "OK");
  CHECK(suspended->prefix().state() == v1::Prefix::SUSPENDED);
  CHECK(suspended->prefix().state_reason() == "misuse");
  CHECK(world.Call(&Registrar::SuspendPrefix, kBureau, kPrefix, "misuse")->SerializeAsString() ==
        suspended->SerializeAsString());
  CHECK(Show(world.Call(&Registrar::SuspendPrefix, kBureau, kPrefix, "other")) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED");
  CHECK(world.Register(kPumps, "88.118.8/P-2") == "FAILED_PRECONDITION PREFIX_SUSPENDED");
  CHECK(Show(world.Resolve("88.118.8/P-1")) == "OK");
  REQUIRE(Show(world.Call(&Registrar::ActivatePrefix, kBureau, kPrefix)) == "OK");
  CHECK(world.Register(kPumps, "88.118.8/P-2") == "OK");

  REQUIRE(Show(world.Call(&Registrar::RetirePrefix, kBureau, kPrefix)) == "OK");
  CHECK(world.Register(kPumps, "88.118.8/P-3") == "FAILED_PRECONDITION PREFIX_RETIRED");
  CHECK(Show(world.Resolve("88.118.8/P-1")) == "OK");
  for (auto method : {Show(world.Call(&Registrar::SuspendPrefix, kBureau, kPrefix)),
                      Show(world.Call(&Registrar::ActivatePrefix, kBureau, kPrefix)),
                      Show(world.Call(&Registrar::RetirePrefix, kBureau, kPrefix, "other"))}) {
    CHECK(method == "FAILED_PRECONDITION PREFIX_RETIRED");
  }
}

TEST_CASE("disclosure is the holder's to change, and the bureau's") {
  PrefixWorld world;
  CHECK(world.Prefix("88.118.8").disclosure() == v1::Prefix::CLOSED);
  v1::UpdatePrefixRequest request;
  request.set_name(kPrefix);
  CHECK(Show(world.Write(&Registrar::UpdatePrefix, kPumps, request)) ==
        "INVALID_ARGUMENT FIELD_MISSING");
  request.set_disclosure(v1::Prefix::OPEN);
  CHECK(Show(world.Write(&Registrar::UpdatePrefix, kValves, request)) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  const auto opened = world.Write(&Registrar::UpdatePrefix, kPumps, request);
  REQUIRE(Show(opened) == "OK");
  CHECK(opened->prefix().disclosure() == v1::Prefix::OPEN);
  CHECK(world.Write(&Registrar::UpdatePrefix, kPumps, request)->SerializeAsString() ==
        opened->SerializeAsString());
  request.set_disclosure(v1::Prefix::CLOSED);
  request.set_etag("0");
  CHECK(Show(world.Write(&Registrar::UpdatePrefix, kBureau, request)) == "ABORTED ETAG_MISMATCH");
  request.clear_etag();
  request.mutable_on_behalf_of()->set_registrant("registrants/pumps");
  request.mutable_on_behalf_of()->set_reason("asked by letter");
  const auto closed = world.Write(&Registrar::UpdatePrefix, kBureau, request);
  REQUIRE(Show(closed) == "OK");
  CHECK(closed->prefix().disclosure() == v1::Prefix::CLOSED);
  CHECK(world.ChangeAt(closed->receipt().leaf_index()).on_behalf_of == "registrants/pumps");
  request.set_disclosure(static_cast<v1::Prefix::Disclosure>(9));
  CHECK(Show(world.Write(&Registrar::UpdatePrefix, kBureau, request)) ==
        "INVALID_ARGUMENT FIELD_INVALID");
}

// A delegation of 88.118.8 to one server.
v1::DelegatePrefixRequest Delegation() {
  v1::DelegatePrefixRequest request;
  request.set_name(kPrefix);
  v1::Site& site = *request.add_sites();
  site.set_address("registry.pumps.example");
  site.set_protocol(v1::Site::GRPC);
  site.set_port(7440);
  return request;
}

TEST_CASE("a delegated prefix refers, refuses what would be kept here, and comes back") {
  PrefixWorld world;
  world.Pass(absl::Seconds(10));
  const absl::Time before = world.Now();
  world.Pass(absl::Seconds(10));
  const auto delegated = world.Write(&Registrar::DelegatePrefix, kPumps, Delegation());
  REQUIRE(Show(delegated) == "OK");
  REQUIRE(delegated->prefix().sites_size() == 1);
  CHECK(world.Write(&Registrar::DelegatePrefix, kPumps, Delegation())->SerializeAsString() ==
        delegated->SerializeAsString());
  const absl::Time during = world.Now() + absl::Seconds(1);
  world.Pass(absl::Seconds(10));

  for (const char* identifier : {"88.118.8/P-1", "88.118.8.1.2/P-1"}) {
    const auto referred = world.Resolve(identifier);
    REQUIRE(Show(referred) == "OK");
    CHECK_FALSE(referred->has_record());
    CHECK(referred->referral().prefix() == kPrefix);
    REQUIRE(referred->referral().sites_size() == 1);
    CHECK(referred->referral().sites(0).SerializeAsString() ==
          Delegation().sites(0).SerializeAsString());
    CHECK(referred->holder_state() == v1::Registrant::ACTIVE);
    CHECK(referred->read_revision() == world.View()->last_revision());
  }
  CHECK(Show(world.Resolve("88.118.80/P-1")) == "NOT_FOUND PREFIX_NOT_FOUND");
  CHECK(Show(world.Resolve("88.118.8/P-1", before)) == "NOT_FOUND IDENTIFIER_NOT_FOUND");

  CHECK(world.Register(kPumps, "88.118.8/P-1") == "FAILED_PRECONDITION PREFIX_DELEGATED");
  CHECK(world.Register(kPumps, "88.118.8.1/P-1") == "FAILED_PRECONDITION PREFIX_DELEGATED");
  CHECK(Show(world.Grant("88.118.8.1", "pumps")) == "FAILED_PRECONDITION PREFIX_DELEGATED");
  v1::GrantPrefixRequest derived;
  derived.set_prefix("88.118.8.1");
  derived.set_holder("registrants/valves");
  CHECK(Show(world.Write(&Registrar::GrantPrefix, kPumps, derived)) ==
        "FAILED_PRECONDITION PREFIX_DELEGATED");

  auto back = Delegation();
  back.clear_sites();
  REQUIRE(Show(world.Write(&Registrar::DelegatePrefix, kPumps, back)) == "OK");
  CHECK(world.Register(kPumps, "88.118.8/P-1") == "OK");
  CHECK(world.Resolve("88.118.8/P-1")->has_record());
  const auto then = world.Resolve("88.118.8/P-1", during);
  REQUIRE(Show(then) == "OK");
  CHECK(then->referral().prefix() == kPrefix);
}

TEST_CASE("a prefix that is in use is not delegated") {
  PrefixWorld world;
  SECTION("by a record") { REQUIRE(world.Register(kPumps, "88.118.8/P-1") == "OK"); }
  SECTION("by a derived prefix") { REQUIRE(Show(world.Grant("88.118.8.1", "pumps")) == "OK"); }
  const auto refused = world.Write(&Registrar::DelegatePrefix, kPumps, Delegation());
  CHECK(Show(refused) == "FAILED_PRECONDITION PREFIX_IN_USE");
  CHECK(ErrorMetadataValue(refused.status(), "prefix") == "88.118.8");
  CHECK(world.Prefix("88.118.8").sites().empty());
}

TEST_CASE("delegation is the holder's, and the bureau's") {
  PrefixWorld world;
  CHECK(Show(world.Write(&Registrar::DelegatePrefix, kValves, Delegation())) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER");
  CHECK(Show(world.Write(&Registrar::DelegatePrefix, kBureau, Delegation())) == "OK");
  REQUIRE(Show(world.Call(&Registrar::SuspendPrefix, kBureau, kPrefix)) == "OK");
  auto back = Delegation();
  back.clear_sites();
  CHECK(Show(world.Write(&Registrar::DelegatePrefix, kPumps, back)) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED");
  // It refers, suspended as it is.
  CHECK(world.Resolve("88.118.8/P-1")->has_referral());
}

TEST_CASE("a site that cannot be reached by what it says is refused, naming the field") {
  PrefixWorld world;
  auto request = Delegation();
  v1::Site& site = *request.mutable_sites(0);
  std::string reason = "FIELD_INVALID", field;
  SECTION("no address") {
    site.clear_address();
    reason = "FIELD_MISSING", field = "sites[0].address";
  }
  SECTION("an address with a path") {
    site.set_address("example.com/x"), field = "sites[0].address";
  }
  SECTION("look-alike letters") { site.set_address("exаmple.com"), field = "sites[0].address"; }
  SECTION("no protocol") {
    site.clear_protocol();
    reason = "FIELD_MISSING", field = "sites[0].protocol";
  }
  SECTION("no port") { site.clear_port(), field = "sites[0].port"; }
  SECTION("a port beyond the last") { site.set_port(65536), field = "sites[0].port"; }
  SECTION("a key that is none") { site.set_public_key("not DER"), field = "sites[0].public_key"; }
  SECTION("17 sites") {
    while (request.sites_size() < 17) *request.add_sites() = site;
    field = "sites";
  }
  const auto refused = world.Write(&Registrar::DelegatePrefix, kPumps, request);
  CHECK(Show(refused) == "INVALID_ARGUMENT " + reason);
  CHECK(ErrorMetadataValue(refused.status(), "field") == field);
}

}  // namespace
}  // namespace gusu::server
