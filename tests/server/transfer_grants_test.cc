// What the owner of a code granted, when the code passes on.
#include <catch2/catch.hpp>

#include "gusu/v1/grant.pb.h"
#include "proto/text.h"
#include "server/grants/grants.h"
#include "tests/server/transfer_world.h"

namespace gusu::server {
namespace {

// Passes a code, owner and all, from one registrant to another.
void Pass(TransferWorld& world, const std::string& code, const std::string& from,
          const std::string& to, const std::string& reference) {
  const std::string name =
      world.Offer(from, Concat("to: \"registrants/", to, "\" ownership: true reference: \"",
                               reference, "\" items { identifier: \"", code, "\" }"));
  const std::string answer = world.Accept(to, name);
  CAPTURE(code, from, to);
  REQUIRE(answer.find(" ACCEPTED: ") != answer.npos);
}

Caller Admin(const std::string& registrant) {
  Caller caller;
  caller.role = Role::kRegistrantAdmin;
  caller.registrant = registrant;
  return caller;
}

// The states of what sz-water granted, in the order of names.
std::string States(const Grants& grants) {
  v1::ListGrantsRequest request;
  request.set_parent("registrants/sz-water");
  v1::ListGrantsResponse response;
  REQUIRE(grants.ListGrants(request, Admin("sz-water"), &response).ok());
  std::string states;
  for (const v1::Grant& grant : response.grants()) {
    states += v1::Grant::State_Name(grant.state()) + " ";
  }
  return states;
}

void Give(Grants& grants, const std::string& code) {
  const auto request = FromText<v1::CreateGrantRequest>(
      Concat("grant { registrant: \"registrants/sz-mills\" rights { read_tier: OWNER } "
             "identifiers { identifiers: \"",
             code, "\" } }"));
  std::promise<absl::Status> answer;
  grants.CreateGrant(request, Admin("sz-water"),
                     [&answer](const auto& response) { answer.set_value(response.status()); });
  REQUIRE(answer.get_future().get().ok());
}

TEST_CASE("what an owner granted ends with its ownership, and does not come back with it") {
  TransferWorld world;
  Grants grants(&world.registry().ledger(), nullptr, [&world] { return world.Now(); });
  world.registry().Register("identifier: \"88.118.8/HP-1\"");
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 1000");
  // A record, and a code of a range, which gets a record of its own as it passes.
  const std::string code = GENERATE("88.118.8/HP-1", "88.118.8/BOLT-0007");
  Pass(world, code, "sz-pumps", "sz-water", "1");
  Give(grants, code);
  CHECK(States(grants) == "ACTIVE ");
  Pass(world, code, "sz-water", "sz-pumps", "2");
  CHECK(States(grants) == "ENDED ");
  Pass(world, code, "sz-pumps", "sz-water", "3");
  CHECK(States(grants) == "ENDED ");
}

TEST_CASE("a code of a range that its owner registers goes on counting how often it passed on") {
  TransferWorld world;
  Grants grants(&world.registry().ledger(), nullptr, [&world] { return world.Now(); });
  world.Allocate("pattern: \"BOLT-{serial:4}\" count: 1000");
  const auto pass_part = [&world](const std::string& from, const std::string& to) {
    const std::string name = world.Offer(
        from, Concat("to: \"registrants/", to,
                     "\" ownership: true range { first_identifier: \"88.118.8/BOLT-0001\" "
                     "last_identifier: \"88.118.8/BOLT-0009\" }"));
    REQUIRE(world.Accept(to, name).find(" ACCEPTED: ") != std::string::npos);
  };
  const auto passing_count = [&world] {
    const auto stored = world.registry().View()->Get(storage::RecordKey("88.118.8/BOLT-0007"));
    storage::v1::RecordRow row;
    REQUIRE((stored.ok() && stored->has_value() && row.ParseFromString((*stored)->payload)));
    return row.passing_count();
  };
  pass_part("sz-pumps", "sz-water");
  Give(grants, "88.118.8/BOLT-0007");
  CHECK(States(grants) == "ACTIVE ");
  pass_part("sz-water", "sz-pumps");
  CHECK(States(grants) == "ENDED ");
  REQUIRE(world.registry().Register("identifier: \"88.118.8/BOLT-0007\"").starts_with("CREATED "));
  CHECK(passing_count() == 2);
  Pass(world, "88.118.8/BOLT-0007", "sz-pumps", "sz-water", "3");
  CHECK(passing_count() == 3);
  CHECK(States(grants) == "ENDED ");
}

}  // namespace
}  // namespace gusu::server
