// Allocating serial ranges: what is taken, what is refused, and what stands in the way.
#include <set>
#include <thread>
#include <vector>

#include "proto/text.h"
#include "server/access.h"
#include "server/ranges/range_allocation.h"
#include "tests/server/range_world.h"

namespace gusu::server {
namespace {

const std::string kBolt = R"(pattern: "BOLT-{serial:4}" count: 100 )";

TEST_CASE("a range is one row, and every code of it resolves with its values, reserved") {
  RangeWorld world;
  CHECK(world.Allocate(kBolt + R"(template: "product" values { type: "name" data: "Bolt" })") ==
        "0-100 BOLT-{serial:4} 1-100 RESERVED name=Bolt manufacturer=Suzhou Pumps by sz-pumps leaf "
        "0");
  CHECK(world.Leaves() == 1);
  CHECK(world.Resolve("BOLT-0001") ==
        "88.118.8/BOLT-0001 ITEM RESERVED product 1 2000:name=Bolt 2004:manufacturer=Suzhou Pumps "
        "by registrants/sz-pumps leaf 0");
  CHECK(world.Resolve("bolt-0100") ==
        "88.118.8/BOLT-0100 ITEM RESERVED product 1 2000:name=Bolt 2004:manufacturer=Suzhou Pumps "
        "by registrants/sz-pumps leaf 0");
  for (const char* other : {"BOLT-0000", "BOLT-0101", "BOLT-001", "BOLT-00001", "NUT-0001"}) {
    INFO(other);
    CHECK(world.Resolve(other) ==
          Concat("NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/", other));
  }
  CHECK(world.Counters("88.118.8") == "records 0 range codes 100");
  CHECK(world.DayCounts() == "10:100");
}

TEST_CASE("a range may be active from its beginning, and goes on after the last one") {
  RangeWorld world;
  CHECK(world.Allocate(kBolt + "state: ACTIVE") ==
        "0-100 BOLT-{serial:4} 1-100 ACTIVE by sz-pumps leaf 0");
  CHECK(world.Allocate(R"(pattern: "BOLT-{serial:4}" count: 50)") ==
        "0-150 BOLT-{serial:4} 101-150 RESERVED by sz-pumps leaf 1");
  CHECK(world.Allocate(R"(pattern: "BOLT-{serial:4}" count: 5 first_serial: 9000)") ==
        "0-9004 BOLT-{serial:4} 9000-9004 RESERVED by sz-pumps leaf 2");
  CHECK(world.Allocate(R"(pattern: "BOLT-{serial:4}" count: 1)") ==
        "0-9005 BOLT-{serial:4} 9005-9005 RESERVED by sz-pumps leaf 3");
  CHECK(world.Resolve("BOLT-0100") ==
        "88.118.8/BOLT-0100 ITEM ACTIVE by registrants/sz-pumps leaf 0");
  CHECK(world.DayCounts() == "10:156 11:100");
}

TEST_CASE("the same request is the same range, and its id with other content is refused") {
  RangeWorld world;
  const std::string first = world.Allocate(kBolt + R"(request_id: "r1")");
  CHECK(world.Allocate(kBolt + R"(request_id: "r1")") == first);
  CHECK(world.Allocate(R"(pattern: "BOLT-{serial:4}" count: 7 request_id: "r1")") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=r1");
  // Without an id, the request's hash is its id.
  const std::string hashed = world.Allocate(kBolt);
  CHECK(hashed == "0-200 BOLT-{serial:4} 101-200 RESERVED by sz-pumps leaf 1");
  CHECK(world.Allocate(kBolt) == hashed);
  CHECK(world.Leaves() == 2);
}

TEST_CASE("serials that a range has already are refused, and the range is named") {
  RangeWorld world;
  REQUIRE(world.Allocate(kBolt + "first_serial: 200").find("0-299") == 0);
  CHECK(world.Allocate(kBolt + "first_serial: 150") ==
        "FAILED_PRECONDITION RANGE_OVERLAPS first_serial=150 last_serial=249 "
        "other_first_serial=200 other_last_serial=299 pattern=BOLT-{serial:4} "
        "serial_range=prefixes/88.118.8/serialRanges/0-299");
  CHECK(world.Allocate(kBolt + "first_serial: 299").find("RANGE_OVERLAPS") != std::string::npos);
  CHECK(world.Allocate(kBolt + "first_serial: 100").find("0-199 ") == 0);
  CHECK(world.Leaves() == 2);
}

TEST_CASE("a pattern that could make another pattern's code is refused, and its range is named") {
  RangeWorld world;
  REQUIRE(world.Allocate(kBolt).find("0-100") == 0);
  for (const char* pattern :
       {"bolt-{serial:4}", "BOLT-0{serial:3}", "BOLT-{permuted:4}", "BOLT-{serial:3}{check}"}) {
    INFO(pattern);
    CHECK(world.Allocate(Concat("count: 1 pattern: \"", pattern, "\"")) ==
          Concat("FAILED_PRECONDITION RANGE_OVERLAPS other_pattern=BOLT-{serial:4} pattern=",
                 pattern, " serial_range=prefixes/88.118.8/serialRanges/0-100"));
  }
  CHECK(world.Allocate(R"(pattern: "BOLT-{serial:5}" count: 1)").find("1-1 ") == 0);
  CHECK(world.Leaves() == 2);
}

TEST_CASE("codes that are records already are in the way of a range") {
  RangeWorld world;
  REQUIRE(world.Register(R"(identifier: "88.118.8/bolt-0040")").find("CREATED") == 0);
  REQUIRE(world.Register(R"(identifier: "88.118.8/BOLT-0040-X")").find("CREATED") == 0);
  CHECK(world.Allocate(kBolt) ==
        "FAILED_PRECONDITION RANGE_OVERLAPS identifier=88.118.8/BOLT-0040 pattern=BOLT-{serial:4}");
  CHECK(world.Allocate(kBolt + "first_serial: 41").find("0-140 ") == 0);
  CHECK(world.Allocate(kBolt + "first_serial: 1").find("RANGE_OVERLAPS") != std::string::npos);
  CHECK(world.Allocate(R"(pattern: "BOLT-{serial:4}" count: 39 first_serial: 1)").find("0-39 ") ==
        0);
}

TEST_CASE("minting and ranges stay out of each other's codes, whichever comes first") {
  RangeWorld world;
  REQUIRE(world.Allocate(kBolt).find("0-100") == 0);
  CHECK(world.Register(R"(mint { prefix: "88.118.8" pattern: "BOLT-{serial:4}" })", "m1") ==
        "FAILED_PRECONDITION RANGE_OVERLAPS other_pattern=BOLT-{serial:4} pattern=BOLT-{serial:4} "
        "serial_range=prefixes/88.118.8/serialRanges/0-100");
  CHECK(world.Register(R"(mint { prefix: "88.118.8" pattern: "{random:9}" })", "m2")
            .find("CREATED 88.118.8/") == 0);
  CHECK(world.Register(R"(mint { prefix: "88.118.8" pattern: "NUT-{serial:4}" })", "m3") ==
        "CREATED 88.118.8/NUT-0001 leaf 2 etag 2");
  CHECK(world.Allocate(R"(pattern: "NUT-{serial:4}" count: 10 first_serial: 100)") ==
        "FAILED_PRECONDITION RANGE_OVERLAPS minting_pattern=NUT-{serial:4} "
        "pattern=NUT-{serial:4}");
}

TEST_CASE("permuted codes resolve, and their neighbours' numbers are not their neighbours") {
  RangeWorld world;
  REQUIRE(world.Allocate(R"(pattern: "V-{permuted:9}" count: 1000)").find("0-1000 ") == 0);
  v1::ListSerialRangesResponse listed;
  REQUIRE(world.ranges()
              .List(FromText<v1::ListSerialRangesRequest>("parent: \"prefixes/88.118.8\""),
                    world.Writer("sz-pumps"), &listed)
              .ok());
  const std::string first = listed.serial_ranges(0).first_identifier();
  CHECK(world.Resolve(first.substr(9)) ==
        Concat(first, " ITEM RESERVED by registrants/sz-pumps leaf 0"));
  // Of 10^9 codes a thousand are issued: that one of these is has a chance of one in a million
  // each.
  int issued = 0;
  for (const char* guess : {"V-000000001", "V-000000002", "V-000001000"}) {
    issued += world.Resolve(guess).find("NOT_FOUND") == 0 ? 0 : 1;
  }
  CHECK(issued == 0);
}

TEST_CASE("what a range cannot be is refused, with the field and its value") {
  RangeWorld world;
  const auto refused = [&](const std::string& request) { return world.Allocate(request); };
  CHECK(refused("count: 1") == "INVALID_ARGUMENT FIELD_MISSING field=pattern");
  CHECK(refused(R"(pattern: "A{serial:4}")") == "INVALID_ARGUMENT FIELD_MISSING field=count");
  CHECK(refused(R"(pattern: "A{serial:18}" count: 1000000001)") ==
        "INVALID_ARGUMENT FIELD_INVALID field=count value=1000000001");
  CHECK(refused(R"(pattern: "A{serial:2}" count: 100)") ==
        "INVALID_ARGUMENT FIELD_INVALID field=count value=100");
  CHECK(refused(R"(pattern: "A{serial:2}" count: 1 first_serial: 18446744073709551615)") ==
        "INVALID_ARGUMENT FIELD_INVALID field=count value=1");
  CHECK(refused(R"(pattern: "A{serial:4" count: 1)") ==
        "INVALID_ARGUMENT SUFFIX_REFUSED octet=1 pattern=A{serial:4");
  CHECK(refused(R"(pattern: "A B{serial:4}" count: 1)") ==
        "INVALID_ARGUMENT SUFFIX_REFUSED character=  suffix=A B0001");
  CHECK(refused(R"(pattern: "\357\274\241{serial:4}" count: 1)")
            .find("INVALID_ARGUMENT IDENTIFIER_MALFORMED") == 0);
  CHECK(refused(R"(pattern: "A{serial:4}" count: 1 state: SUSPENDED)") ==
        "INVALID_ARGUMENT FIELD_INVALID field=state value=3");
  CHECK(refused(R"(pattern: "A{serial:4}" count: 1 template: "no-such")") ==
        "NOT_FOUND TEMPLATE_NOT_FOUND template=no-such");
  CHECK(refused(R"(pattern: "A{serial:4}" count: 1 template: "product")")
            .find("INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=name") == 0);
  CHECK(refused(R"(pattern: "A{serial:4}" count: 1 instance_of { identifier: "88.118.8/M" })") ==
        "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/M");
  CHECK(refused(
            Concat(R"(pattern: "A{serial:4}" count: 1 request_id: ")", std::string(65, 'r'), "\""))
            .find("INVALID_ARGUMENT FIELD_INVALID field=request_id") == 0);
  std::string large = R"(pattern: "A{serial:4}" count: 1 )";
  for (int i = 0; i < 2; ++i) {
    large += Concat("values { type: \"NOTE\" data: \"", std::string(33'000, 'n'), "\" } ");
  }
  CHECK(refused(large).find("INVALID_ARGUMENT RECORD_TOO_LARGE") == 0);
  CHECK(world.Leaves() == 0);
}

TEST_CASE("only the prefix's holder allocates, and only below a prefix that is active") {
  RangeWorld world;
  CHECK(world.AllocateAs(world.Writer("sz-valves"), kBolt) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves");
  CHECK(world.AllocateAs(RegistryWorld::WithRole(Role::kReader), kBolt).find("ROLE_REFUSED") !=
        std::string::npos);
  CHECK(world.AllocateAs(Caller(), kBolt).find("UNAUTHENTICATED") == 0);
  CHECK(world.Allocate(kBolt + R"(parent: "prefixes/88.118.10")") ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.10");
  CHECK(world.Allocate(kBolt + R"(parent: "prefixes/88.118.99")") ==
        "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.99");
  CHECK(world.Allocate(kBolt + R"(parent: "88.118.8")") ==
        "INVALID_ARGUMENT FIELD_INVALID field=parent value=88.118.8");
  CHECK(world.Leaves() == 0);
}

TEST_CASE("a range counts against the quota, code by code") {
  RangeWorld world;
  CHECK(world.Allocate(R"(parent: "prefixes/88.118.11" pattern: "A{serial:4}" count: 4)") ==
        "FAILED_PRECONDITION QUOTA_EXCEEDED prefix=88.118.11 quota=3");
  CHECK(world.Allocate(R"(parent: "prefixes/88.118.11" pattern: "A{serial:4}" count: 2)")
            .find("prefixes/88.118.11/serialRanges/0-2 ") == 0);
  CHECK(world.Register(R"(identifier: "88.118.11/X")").find("CREATED") == 0);
  CHECK(world.Register(R"(identifier: "88.118.11/Y")") ==
        "FAILED_PRECONDITION QUOTA_EXCEEDED prefix=88.118.11 quota=3");
  CHECK(world.Counters("88.118.11") == "records 1 range codes 2");
}

TEST_CASE("allocations at the same time get serials of their own") {
  RangeWorld world;
  const auto request =
      FromText<v1::AllocateSerialRangeRequest>("parent: \"prefixes/88.118.8\" " + kBolt);
  constexpr size_t kCount = 4;
  std::vector<v1::AllocateSerialRangeRequest> requests(kCount, request);
  std::vector<std::promise<absl::StatusOr<v1::SerialRangeResponse>>> answers(kCount);
  for (size_t i = 0; i < kCount; ++i) {
    requests[i].set_request_id(std::to_string(i));
    world.ranges().Allocate(requests[i], world.Writer("sz-pumps"), [&answers, i](auto response) {
      answers[i].set_value(std::move(response));
    });
  }
  std::set<uint64_t> last_serials;
  for (auto& answer : answers) {
    const auto response = answer.get_future().get();
    REQUIRE(response.ok());
    last_serials.insert(response->serial_range().last_serial());
  }
  CHECK(last_serials == std::set<uint64_t>{100, 200, 300, 400});
  CHECK(world.Counters("88.118.8") == "records 0 range codes 400");
}

TEST_CASE("a minting pattern that is used while a range is allocated never makes its codes") {
  RangeWorld world;
  const auto mint = FromText<v1::RegisterRequest>(
      R"(row { request_id: "m" mint { prefix: "88.118.8" pattern: "BOLT-{serial:4}" } })");
  const auto allocate =
      FromText<v1::AllocateSerialRangeRequest>("parent: \"prefixes/88.118.8\" " + kBolt);
  std::promise<absl::StatusOr<v1::RegisterResponse>> minted;
  std::promise<absl::StatusOr<v1::SerialRangeResponse>> allocated;
  world.registry().Register(mint, world.Writer("sz-pumps"),
                            [&minted](auto answer) { minted.set_value(std::move(answer)); });
  world.ranges().Allocate(allocate, world.Writer("sz-pumps"),
                          [&allocated](auto answer) { allocated.set_value(std::move(answer)); });
  const auto minted_answer = minted.get_future().get();
  const auto allocated_answer = allocated.get_future().get();
  // Whichever comes first; the other finds it in its way.
  CHECK(minted_answer.ok() != allocated_answer.ok());
  const absl::Status refused =
      minted_answer.ok() ? allocated_answer.status() : minted_answer.status();
  CHECK(RegistryWorld::ShowError(refused).find("FAILED_PRECONDITION RANGE_OVERLAPS") == 0);
}

TEST_CASE("a record that comes among a range's codes after they were looked at is in its way") {
  RangeWorld world;
  // One that is in nobody's way, and one on either side.
  for (const char* suffix : {"BOLT-0000", "BOLT-0040-X", "BOLT-0101"}) {
    REQUIRE(world.Register(Concat("identifier: \"88.118.8/", suffix, "\"")).find("CREATED") == 0);
  }
  const auto request =
      FromText<v1::AllocateSerialRangeRequest>("parent: \"prefixes/88.118.8\" " + kBolt);
  const Caller writer = world.Writer("sz-pumps");
  const auto acting = ActingFor(writer, request.on_behalf_of());
  REQUIRE(acting.ok());
  const auto append_after = [&](const std::string& identifier) {
    auto set = PlanAllocation(*world.View(), request, {writer, *acting});
    REQUIRE(set.ok());
    REQUIRE(world.Register(Concat("identifier: \"", identifier, "\"")).find("CREATED") == 0);
    std::promise<storage::AppendOutcome> answer;
    world.ledger().Append(*std::move(set), [&answer](storage::AppendOutcome outcome) {
      answer.set_value(std::move(outcome));
    });
    const storage::AppendOutcome outcome = answer.get_future().get();
    REQUIRE(outcome.ok());
    return std::holds_alternative<storage::Appended>(*outcome);
  };
  CHECK_FALSE(append_after("88.118.8/BOLT-0039"));
  CHECK(world.Allocate(kBolt).find("RANGE_OVERLAPS identifier=88.118.8/BOLT-0039") !=
        std::string::npos);
}

TEST_CASE("of a range and a record of one of its codes that race, the record never comes first") {
  RangeWorld world;
  const Caller writer = world.Writer("sz-pumps");
  constexpr int kRounds = 100;
  for (int i = 0; i < kRounds; ++i) {
    const int first = 10 * i + 1;
    const std::string code = Concat("88.118.8/BOLT-", std::to_string(10'000 + first + 5).substr(1));
    // So that the range's codes are not the only ones there.
    REQUIRE(world.Register(Concat("identifier: \"", code, "-X\"")).find("CREATED") == 0);
    v1::RegisterRequest registration;
    registration.mutable_row()->set_identifier(code);
    const auto allocation = FromText<v1::AllocateSerialRangeRequest>(
        Concat("parent: \"prefixes/88.118.8\" pattern: \"BOLT-{serial:4}\" count: 10 "
               "first_serial: ",
               first));
    absl::StatusOr<v1::RegisterResponse> registered;
    std::thread registering(
        [&] { registered = world.Call(&Registry::Register, registration, writer); });
    const auto allocated = world.CallRanges(&SerialRanges::Allocate, allocation, writer);
    registering.join();
    INFO(code);
    REQUIRE(registered.ok());
    if (allocated.ok()) {
      CHECK(allocated->receipt().leaf_index() < registered->result().receipt().leaf_index());
    } else {
      CHECK(RegistryWorld::ShowError(allocated.status())
                .find(Concat("FAILED_PRECONDITION RANGE_OVERLAPS identifier=", code)) == 0);
    }
  }
}

TEST_CASE("a prefix with a check scheme takes only patterns whose codes end in it") {
  RangeWorld world;
  CHECK(world.Allocate(R"(parent: "prefixes/88.118.12" pattern: "A{serial:4}" count: 100)")
            .find("INVALID_ARGUMENT SUFFIX_REFUSED check_characters=") == 0);
  CHECK(world.Allocate(R"(parent: "prefixes/88.118.12" pattern: "A{serial:9}{check}" count: 1)")
            .find("INVALID_ARGUMENT SUFFIX_REFUSED characters_max=8") == 0);
  CHECK(world.Allocate(R"(parent: "prefixes/88.118.12" pattern: "A{serial:4}{check}" count: 100)")
            .find("prefixes/88.118.12/serialRanges/0-100 ") == 0);
}

TEST_CASE("a prefix has at most 32 patterns") {
  RangeWorld world;
  for (int i = 0; i < 32; ++i) {
    const std::string number = std::to_string(i);
    REQUIRE(world.Allocate(Concat("pattern: \"P", number, "-{serial:4}\" count: 1"))
                .find(number + "-1 ") == 0);
  }
  CHECK(world.Allocate(R"(pattern: "Q-{serial:4}" count: 1)") ==
        "FAILED_PRECONDITION RANGE_PATTERNS_FULL pattern=Q-{serial:4} patterns_max=32 "
        "prefix=88.118.8");
  CHECK(world.Allocate(R"(pattern: "P31-{serial:4}" count: 1 request_id: "r")").find("31-2 ") == 0);
}

}  // namespace
}  // namespace gusu::server
