// Handles created, changed and deleted over the Handle protocol, and what is refused.
#include <catch2/catch.hpp>
#include <string>

#include "gusu/v1/registry.pb.h"
#include "tests/server/handle_admin_world.h"

namespace gusu::server {
namespace {

using World = HandleAdminWorld;
using handle::Operation;

const std::vector<TestValue> kUrl = {{1, "URL", "http://a/"}};
constexpr char kUrlOfA[] = "1 88.118.8/A: 1 URL http://a/ 0e;";
constexpr char kNotHere[] = "301 That prefix doesn't live here";

TEST_CASE("a handle is created, changed value by value, deleted, and created again") {
  World world;
  CHECK(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  CHECK(world.Public("88.118.8/A") == kUrlOfA);
  CHECK(world.Do(world.pumps, World::Add("88.118.8/A", {{2, "NOTE", "n"}, {3, "NOTE", "m"}})) ==
        "1");
  CHECK(world.Do(world.pumps_other, World::Modify("88.118.8/A", {{2, "NOTE", "new"}})) == "1");
  CHECK(world.Do(world.pumps, World::Remove("88.118.8/A", {3})) == "1");
  CHECK(world.Public("88.118.8/a") == "1 88.118.8/a: 1 URL http://a/ 0e; 2 NOTE new 0e;");
  CHECK(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
  CHECK(world.Public("88.118.8/A") == "100");

  const uint64_t leaves = world.Leaves();
  CHECK(world.Do(world.pumps, World::Create("88.118.8/A", {{7, "NOTE", "again"}})) ==
        "1 88.118.8/A");
  CHECK(world.Leaves() == leaves + 1);
  CHECK(world.Public("88.118.8/A") == "1 88.118.8/A: 7 NOTE again 0e;");
}

TEST_CASE("what stands in the log says who wrote it, by which credential") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  const Change change = world.ChangeAt(world.Leaves() - 1);
  CHECK(change.operation == gusu::Operation::kRegister);
  CHECK(change.resource == "prefixes/88.118.8/records/A");
  CHECK(change.actor == "registrants/pumps");
  CHECK_FALSE(change.credential.empty());
  REQUIRE(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
  CHECK(world.ChangeAt(world.Leaves() - 1).reason == "DELETED");
}

TEST_CASE("a public key proves as a secret does") {
  World world;
  const WireAnswer challenge = world.Ask(World::Create("88.118.8/A", kUrl));
  const std::string answer =
      World::AnswerWithKeyTo(challenge.bytes, "88.118.8/admin", 303, World::Key());
  CHECK(World::Text(world.Ask(answer).bytes) == "1 88.118.8/A");
}

TEST_CASE("what nobody may do is refused before anybody is asked who he is") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  const uint64_t leaves = world.Leaves();
  CHECK(world.AskInWords(World::Create("99.999/X", kUrl)) == kNotHere);
  CHECK(world.AskInWords(World::Create("0.NA/88.118.8", kUrl)) == kNotHere);
  CHECK(world.AskInWords(World::List("0.NA/99.999")) == kNotHere);
  CHECK(world.AskInWords(World::Create("88.118.8/a", kUrl)) == "101 handle 88.118.8/a exists");
  for (const std::string& request :
       {World::Delete("88.118.8/B"), World::Add("88.118.8/B", kUrl),
        World::Modify("88.118.8/B", kUrl), World::Remove("88.118.8/B", {1})}) {
    CHECK(world.AskInWords(request) == "100 identifier 88.118.8/B is not registered");
  }
  for (const std::string& request :
       {World::Create("88.118.8", kUrl), World::Create("", kUrl), World::Delete("88.118.8/"),
        World::List("88.118.8"), World::List("0.NA/"), World::Create("88.118.8/\xff", kUrl)}) {
    CHECK(World::CodeOf(world.Ask(request).bytes) == 102);
  }
  CHECK(world.Leaves() == leaves);
  CHECK(world.administration().challenges().size() == 0);
}

TEST_CASE("a value that no record can have is refused before anybody is asked who he is") {
  World world;
  for (const TestValue& value :
       {TestValue{300, "HS_SECKEY", "secret"}, TestValue{300, "hs_seckey", "secret"},
        TestValue{0, "URL", "http://a/"}, TestValue{0x80000000, "URL", "http://a/"},
        TestValue{100, "HS_ADMIN", "no rights"}, TestValue{200, "HS_VLIST", "no list"}}) {
    const std::string told = world.AskInWords(World::Create("88.118.8/A", {value}));
    INFO(told);
    CHECK(told.starts_with("202 "));
  }
  CHECK(world.AskInWords(World::Create("88.118.8/A", {{300, "HS_SECKEY", "secret"}}))
            .ends_with("secrets are no values of records: make a credential of the secret"));
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  CHECK(world.AskInWords(World::Add("88.118.8/A", {})).starts_with("202 "));
  CHECK(world.AskInWords(World::Modify("88.118.8/A", {})).starts_with("202 "));
  CHECK(world.AskInWords(World::Remove("88.118.8/A", {})).starts_with("202 "));
}

TEST_CASE(
    "what the record itself refuses is told by the protocol's codes, and nothing is written") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  const uint64_t leaves = world.Leaves();
  const auto code = [&](const HandleIdentityOf& who, const std::string& request) {
    return World::CodeOf(world.Prove(who, request).bytes);
  };
  CHECK(code(world.pumps, World::Add("88.118.8/A", {{1, "NOTE", "n"}})) == 201);
  CHECK(code(world.pumps, World::Create("88.118.8/B", {{2, "X", "1"}, {2, "X", "2"}})) == 201);
  CHECK(code(world.pumps, World::Modify("88.118.8/A", {{9, "NOTE", "n"}})) == 200);
  CHECK(code(world.pumps, World::Remove("88.118.8/A", {9})) == 200);
  CHECK(code(world.pumps, World::Remove("88.118.8/A", {1, 9})) == 200);
  CHECK(code(world.pumps, World::Add("88.118.8/A", {{1000, "NOTE", "n"}})) == 202);
  CHECK(code(world.pumps, World::Add("88.118.8/A", {{5, "", "n"}})) == 202);
  CHECK(code(world.pumps,
             World::Add("88.118.8/A", {{5, "NOTE", std::string(64 * 1024 + 1, 'x')}})) == 202);
  // A value that could be added beside one that cannot is not added either.
  CHECK(code(world.pumps, World::Add("88.118.8/A", {{6, "NOTE", "n"}, {1, "NOTE", "n"}})) == 201);
  CHECK(world.Leaves() == leaves);
  CHECK(world.Public("88.118.8/A") == kUrlOfA);
}

TEST_CASE("who may not write below the prefix is refused by the access table") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  const uint64_t leaves = world.Leaves();
  const std::string overwrite = World::Create("88.118.8/A", {}, handle::kOverwrite);
  for (const std::string& request :
       {World::Create("88.118.8/B", kUrl), overwrite, World::Add("88.118.8/A", {{5, "X", "y"}}),
        World::Modify("88.118.8/A", kUrl), World::Remove("88.118.8/A", {1}),
        World::Delete("88.118.8/A"), World::List("0.NA/88.118.8")}) {
    CHECK(World::CodeOf(world.Prove(world.valves, request).bytes) == 400);
    if (request == World::List("0.NA/88.118.8")) continue;
    CHECK(World::CodeOf(world.Prove(world.pumps_reader, request).bytes) == 401);
  }
  CHECK(world.Leaves() == leaves);
  CHECK(world.Public("88.118.8/A") == kUrlOfA);
}

TEST_CASE("OVRW replaces the values of a handle that exists, and creates one that does not") {
  World world;
  const auto overwrite = [&](const std::vector<TestValue>& values) {
    return world.Do(world.pumps, World::Create("88.118.8/A", values, handle::kOverwrite));
  };
  CHECK(overwrite({{1, "URL", "http://a/"}, {2, "NOTE", "n"}}) == "1 88.118.8/A");
  CHECK(overwrite(kUrl) == "1 88.118.8/A");
  CHECK(world.Public("88.118.8/A") == kUrlOfA);
  const uint64_t leaves = world.Leaves();
  CHECK(overwrite(kUrl) == "1 88.118.8/A");
  CHECK(world.Leaves() == leaves);
  REQUIRE(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
  CHECK(overwrite(kUrl) == "1 88.118.8/A");
  CHECK(world.Public("88.118.8/A") == kUrlOfA);
}

TEST_CASE("MINT appends a UUID to what is given, another one each time") {
  World world;
  const auto mint = [&](const std::string& beginning) {
    return world.Do(world.pumps, World::Create(beginning, kUrl, handle::kMintSuffix));
  };
  const std::string first = mint("88.118.8/"), second = mint("88.118.8/HP-");
  REQUIRE(first.size() == std::string("1 88.118.8/").size() + 36);
  CHECK(first.starts_with("1 88.118.8/"));
  CHECK(second.starts_with("1 88.118.8/HP-"));
  CHECK(first != mint("88.118.8/"));
  CHECK(first[std::string("1 88.118.8/01234567-0123-").size()] == '4');
  CHECK(world.Public(second.substr(2)) == "1 " + second.substr(2) + ": 1 URL http://a/ 0e;");
  CHECK(World::CodeOf(world.Ask(World::Create("88.118.8", kUrl, handle::kMintSuffix)).bytes) ==
        102);
}

TEST_CASE("a handle that was deleted has nothing to change, and is deleted once") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  REQUIRE(world.Do(world.pumps, World::Delete("88.118.8/A")) == "1");
  const uint64_t leaves = world.Leaves();
  for (const std::string& request :
       {World::Delete("88.118.8/A"), World::Add("88.118.8/A", {{5, "X", "y"}}),
        World::Modify("88.118.8/A", kUrl), World::Remove("88.118.8/A", {1})}) {
    CHECK(world.AskInWords(request) == "100 identifier 88.118.8/A was deleted");
  }
  CHECK(World::CodeOf(world.Prove(world.valves, World::Create("88.118.8/A", kUrl)).bytes) == 400);
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("what everybody may not read is the owner's, and stays withheld") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", {{1, "URL", "http://a/"},
                                                             {2, "NOTE", "inner", 0x0c}})) ==
          "1 88.118.8/A");
  CHECK(world.Public("88.118.8/A") == kUrlOfA);
  const std::string everything = World::Resolve("88.118.8/A");
  CHECK(world.AskInWords(everything) == "402");
  CHECK(world.Do(world.pumps, everything) == "1 88.118.8/A: 1 URL http://a/ 0e; 2 NOTE inner 0c;");
  CHECK(world.Do(world.valves, everything) == kUrlOfA);
  // Written with public reading, it is everybody's.
  CHECK(world.Do(world.pumps, World::Modify("88.118.8/A", {{2, "NOTE", "inner"}})) == "1");
  CHECK(world.Public("88.118.8/A") == "1 88.118.8/A: 1 URL http://a/ 0e; 2 NOTE inner 0e;");
}

TEST_CASE("a partner's value that is modified stays the partners'") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  v1::ModifyValuesRequest request;
  request.set_name("88.118.8/A");
  v1::Value* value = request.add_add();
  value->set_index(2);
  value->set_type("NOTE");
  value->set_data("of partners");
  value->set_tier(v1::PARTNER);
  const auto who = world.Who(World::AdminOf("pumps"));
  REQUIRE(who.ok());
  std::promise<absl::StatusOr<v1::RecordResponse>> added;
  world.registry().ModifyValues(request, *who,
                                [&added](auto response) { added.set_value(std::move(response)); });
  REQUIRE(added.get_future().get().ok());
  REQUIRE(world.Do(world.pumps, World::Modify("88.118.8/A", {{2, "NOTE", "theirs", 0x0c}})) == "1");
  v1::GetRecordRequest read;
  read.set_name("88.118.8/A");
  v1::Record record;
  REQUIRE(Resolver(&world.ledger(), nullptr).GetRecord(read, *who, &record).ok());
  REQUIRE(record.values_size() == 2);
  CHECK(record.values(1).data() == "theirs");
  CHECK(record.values(1).tier() == v1::PARTNER);
}

TEST_CASE("what is retired in another way resolves, and neither changes nor is created again") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  v1::RetireRecordRequest request;
  request.set_name("88.118.8/A");
  request.mutable_retirement()->set_reason(v1::Retirement::SCRAPPED);
  const auto who = world.Who(World::AdminOf("pumps"));
  REQUIRE(who.ok());
  std::promise<absl::StatusOr<v1::RecordResponse>> retired;
  world.registry().RetireRecord(
      request, *who, [&retired](auto response) { retired.set_value(std::move(response)); });
  REQUIRE(retired.get_future().get().ok());
  const uint64_t leaves = world.Leaves();
  CHECK(world.AskInWords(World::Create("88.118.8/A", kUrl)) == "101 handle 88.118.8/A exists");
  for (const std::string& request_after :
       {World::Create("88.118.8/A", kUrl, handle::kOverwrite), World::Delete("88.118.8/A"),
        World::Modify("88.118.8/A", {{1, "URL", "http://b/"}})}) {
    CHECK(world.Do(world.pumps, request_after) == "401 record 88.118.8/A is RETIRED");
  }
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("of two who create one handle at once one is told that it exists") {
  World world;
  const std::string request = World::Create("88.118.8/A", kUrl);
  const WireAnswer first = world.Ask(request), second = world.Ask(request);
  CHECK(World::Text(world.Ask(World::AnswerTo(first.bytes, world.pumps)).bytes) == "1 88.118.8/A");
  // Though it asks for the same.
  CHECK(World::Text(world.Ask(World::AnswerTo(second.bytes, world.pumps)).bytes) ==
        "101 handle 88.118.8/A exists");
}

TEST_CASE("two who change different values at once both do, one after the other") {
  World world;
  REQUIRE(world.Do(world.pumps, World::Create("88.118.8/A", kUrl)) == "1 88.118.8/A");
  const WireAnswer first = world.Ask(World::Add("88.118.8/A", {{2, "NOTE", "n"}}));
  const WireAnswer second = world.Ask(World::Modify("88.118.8/A", {{1, "URL", "http://b/"}}));
  std::vector<std::shared_ptr<World::Inbox>> inboxes;
  {
    const auto hold = world.HoldCommits();
    inboxes.push_back(world.Send(World::AnswerTo(first.bytes, world.pumps)));
    inboxes.push_back(world.Send(World::AnswerTo(second.bytes, world.pumps_other)));
  }
  for (const auto& inbox : inboxes) CHECK(World::Text(inbox->Take().bytes) == "1");
  CHECK(world.Public("88.118.8/A") == "1 88.118.8/A: 1 URL http://b/ 0e; 2 NOTE n 0e;");
}

TEST_CASE("sessions, and what homes prefixes, are not supported") {
  World world;
  for (const Operation operation :
       {Operation::kSessionSetup, Operation::kSessionTerminate, Operation::kSessionKeyExchange,
        Operation::kHomePrefix, Operation::kUnhomePrefix, Operation::kListHomedPrefixes}) {
    const std::string request = World::Request(
        operation, [](handle::Writer& body) { handle::WriteHandleRequest(body, "0.NA/88.118.8"); });
    CHECK(World::CodeOf(world.Ask(request).bytes) == 5);
  }
}

TEST_CASE("nothing is administered over UDP") {
  World world;
  for (const std::string& request : {World::Create("88.118.8/A", kUrl), World::Delete("88.118.8/A"),
                                     World::List("0.NA/88.118.8")}) {
    const WireAnswer answer = world.Ask(request, "192.0.2.9", handle::Transport::kUdp);
    CHECK(World::CodeOf(answer.bytes) == 5);
  }
  CHECK(world.administration().challenges().size() == 0);
}

TEST_CASE("a body that is cut is refused as malformed, and keeps nothing") {
  World world;
  for (const Operation operation :
       {Operation::kCreateHandle, Operation::kDeleteHandle, Operation::kAddValue,
        Operation::kRemoveValue, Operation::kModifyValue, Operation::kListHandles,
        Operation::kChallengeAnswer, Operation::kVerifyChallenge}) {
    const std::string request =
        World::Request(operation, [](handle::Writer& body) { body.Int(20).Raw("88.118.8/A"); });
    CHECK(World::CodeOf(world.Ask(request).bytes) == 4);
  }
  CHECK(world.administration().challenges().size() == 0);
}

}  // namespace
}  // namespace gusu::server
