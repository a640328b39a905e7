#include <algorithm>
#include <thread>

#include "gusu/v1/resolver.pb.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "server/resolver.h"
#include "tests/server/erasing_world.h"

namespace gusu::server {
namespace {

constexpr char kSecret[] = "secret-4711";

TEST_CASE("values of an earlier revision are erased: row, salt and hash are gone, the rest stays") {
  ErasingWorld world;
  CHECK(world.History() ==
        "NAME=Pump NOTE=open now salts 1101\n"
        "NAME=Pump NOTE=secret-4711 salts 1101 digest\n");
  CHECK(world.Erase({world.Revision(0)}) == kUpdated + "2");
  CHECK(world.History() ==
        "NAME=Pump NOTE=open now salts 1101\n"
        "NAME=Pump NOTE=open now salts 1101\n"
        "NAME=Pump erased OWNER salts 1100\n");
  for (const stored::RecordRow& row : world.Rows()) {
    CHECK(row.SerializeAsString().find(kSecret) == std::string::npos);
  }
}

TEST_CASE("an erasure is a leaf that names leaves and labels, and binds the record anew") {
  ErasingWorld world;
  const auto view = world.View();
  const uint64_t first_leaf = view->leaf_count() - 2;
  world.Erase({world.Revision(1), world.Revision(0)});
  const auto change = world.View()->ReadChange(first_leaf + 2);
  REQUIRE(change.ok());
  CHECK(change->operation == Operation::kEraseValues);
  CHECK(change->resource == "prefixes/88.118.8/records/A");
  CHECK(change->registrant == "sz-pumps");
  CHECK(change->actor == "registrants/sz-pumps");
  CHECK(change->credential == "c1");
  CHECK(change->reason == "asked to");
  CHECK(change->previous_leaf_count == first_leaf + 2);
  REQUIRE(change->erasures.size() == 2);
  CHECK(change->erasures[0].leaf_index == first_leaf);
  CHECK(change->erasures[1].leaf_index == first_leaf + 1);
  CHECK(change->erasures[0].label == "OWNER");
  CHECK(change->erasures[1].label == "OWNER");
  // The new revision has no OWNER values, so nothing binds any.
  const stored::RecordRow now = world.Rows().front();
  REQUIRE(change->commitments.size() == 2);
  CHECK(change->commitments[0].label == "BODY");
  CHECK(change->commitments[0].hash == CommitmentHash(now.body_salt(), CanonicalBody(now)));
  CHECK(change->commitments[1].label == "PUBLIC");
  CHECK(change->commitments[1].hash == CommitmentHash(now.public_salt(), CanonicalTier(now, 1)));
}

TEST_CASE("what was not erased is still what its leaf binds") {
  ErasingWorld world;
  world.Erase({world.Revision(0)});
  const stored::RecordRow row = world.Rows().back();
  const auto change = world.View()->ReadChange(world.View()->leaf_count() - 3);
  REQUIRE(change->commitments.size() == 3);
  CHECK(change->commitments[0].hash == CommitmentHash(row.body_salt(), CanonicalBody(row)));
  CHECK(change->commitments[1].hash == CommitmentHash(row.public_salt(), CanonicalTier(row, 1)));
  CHECK(change->commitments[2].label == "OWNER");
}

TEST_CASE("when the latest revision is named, the record goes on without those values") {
  ErasingWorld world;
  CHECK(world.Erase({world.Revision(1)}) ==
        "88.118.8/A ITEM ACTIVE 2:NAME=Pump by registrants/sz-pumps leaf 2");
  CHECK(world.History() ==
        "NAME=Pump salts 1100\n"
        "NAME=Pump erased OWNER salts 1100\n"
        "NAME=Pump NOTE=secret-4711 salts 1101\n");
  // A second tier of the same revision, and what is erased stays erased.
  CHECK(world.Erase({world.Revision(1)}, "tier: PUBLIC") ==
        "88.118.8/A ITEM ACTIVE 2:NAME=Pump by registrants/sz-pumps leaf 3");
  CHECK(world.Erase({world.Revision(3), world.Revision(2)}, "tier: PUBLIC") ==
        "88.118.8/A ITEM ACTIVE by registrants/sz-pumps leaf 4");
  CHECK(world.History() ==
        "salts 1000\n"
        "erased PUBLIC salts 1000\n"
        "erased PUBLIC salts 1000\n"
        "erased PUBLIC erased OWNER salts 1000\n"
        "NAME=Pump NOTE=secret-4711 salts 1101\n");
}

TEST_CASE("a record of any state is erased from, and keeps its state") {
  ErasingWorld world;
  world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A" reason: "r")");
  CHECK(world.Erase({world.Revision(0)}) ==
        "88.118.8/A ITEM SUSPENDED since r 2:NAME=Pump 3:NOTE=open now(OWNER) by "
        "registrants/sz-pumps leaf 3");
  world.Change(&Registry::RetireRecord, R"(name: "88.118.8/A" retirement { reason: SCRAPPED })");
  CHECK(world.Erase({world.Revision(4)}) ==
        "88.118.8/A ITEM RETIRED since r SCRAPPED   2:NAME=Pump by registrants/sz-pumps leaf 5");
}

TEST_CASE("what a template requires may be erased; whoever changes the values gives it again") {
  ErasingWorld world;
  world.Register(R"(identifier: "88.118.8/P" template: "product"
                    values { type: "name" data: "Pump" })");
  CHECK(world.Change(&Registry::EraseValues,
                     Concat("name: \"88.118.8/P\" tier: PUBLIC reason: \"r\" revisions: ",
                            world.Revision(2))) ==
        "88.118.8/P ITEM ACTIVE product 1 by registrants/sz-pumps leaf 3");
  CHECK(world.Change(&Registry::ModifyValues,
                     R"(name: "88.118.8/P" add { type: "NOTE" data: "n" })") ==
        "INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=name template=product value=");
}

TEST_CASE("a repeated erasure gets its first answer") {
  ErasingWorld world;
  const uint64_t first = world.Revision(0), second = world.Revision(1);
  const std::string answer = world.Erase({first, second});
  CHECK(answer == "88.118.8/A ITEM ACTIVE 2:NAME=Pump by registrants/sz-pumps leaf 2");
  CHECK(world.Erase({second, first, first}) == answer);
  CHECK(world.Change(&Registry::EraseValues,
                     Concat("name: \"prefixes/88.118.8/records/a\" tier: OWNER revisions: ", first,
                            " revisions: ", second, " reason: \"asked to\"")) == answer);
  CHECK(world.Leaves() == 3);

  ErasingWorld other;
  const uint64_t revision = other.Revision(0);
  CHECK(other.Erase({revision}, R"(request_id: "q")") == kUpdated + "2");
  CHECK(other.Erase({revision}, R"(request_id: "q")") == kUpdated + "2");
  CHECK(other.Erase({other.Revision(1)}, R"(request_id: "q")") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=q");
  CHECK(other.Leaves() == 3);
}

TEST_CASE("a repeat is answered with what is left of its revision") {
  ErasingWorld world;
  world.Erase({world.Revision(0)}, R"(request_id: "q")");
  world.Erase({world.Revision(2)});
  CHECK(world.Erase({world.Revision(0)}, R"(request_id: "q")") ==
        "88.118.8/A ITEM ACTIVE 2:NAME=Pump by registrants/sz-pumps erased OWNER leaf 2");
}

TEST_CASE("a registration is known again by what it asked for, until something of it is erased") {
  ErasingWorld world;
  const std::string as_registered =
      R"(identifier: "88.118.8/A" values { type: "NAME" data: "Pump" }
         values { type: "NOTE" data: "secret-4711" tier: OWNER })";
  const std::string as_updated = R"(identifier: "88.118.8/A" values { type: "NAME" data: "Pump" }
         values { type: "NOTE" data: "open now" tier: OWNER })";
  CHECK(world.Register(as_registered) == "UNCHANGED 88.118.8/A leaf 0 etag 1");
  CHECK(world.Register(as_updated) == "UNCHANGED 88.118.8/A leaf 0 etag 1");
  CHECK(world.Batch("rows { " + as_registered + " }") == "UNCHANGED 88.118.8/A leaf 0 etag 1\n");
  world.Erase({world.Revision(0)});
  CHECK(world.Register(as_registered) ==
        "ALREADY_EXISTS IDENTIFIER_TAKEN fields=NOTE fields_count=1 identifier=88.118.8/A");
  CHECK(world.Register(as_updated) == "UNCHANGED 88.118.8/A leaf 0 etag 2");
  world.Erase({world.Revision(2)});
  CHECK(world.Register(as_updated) ==
        "ALREADY_EXISTS IDENTIFIER_TAKEN fields=NOTE fields_count=1 identifier=88.118.8/A");
}

TEST_CASE("the request id of a registration is forgotten with it") {
  RegistryWorld world;
  const std::string row =
      R"(rows { identifier: "88.118.8/S" request_id: "4711" values { type: "NOTE" data: "x" } })";
  CHECK(world.Stream(row) == "100 CREATED 88.118.8/S leaf 0 etag 0\n");
  const std::string other = R"(rows { identifier: "88.118.8/S" request_id: "4711" })";
  CHECK(world.Stream(other) ==
        "100 INVALID_ARGUMENT REQUEST_ID_REUSED identifier=88.118.8/S request_id=4711\n");
  CHECK(world.Change(&Registry::EraseValues,
                     Concat("name: \"88.118.8/S\" tier: PUBLIC reason: \"r\" revisions: ",
                            world.View()->last_revision())) ==
        "88.118.8/S ITEM ACTIVE by registrants/sz-pumps leaf 1");
  CHECK(world.Stream(other) == "100 UNCHANGED 88.118.8/S leaf 0 etag 1\n");
}

TEST_CASE("an erasure that races with changes erases what it named") {
  ErasingWorld world;
  const uint64_t named = world.Revision(1);
  const Caller writer = world.Writer("sz-pumps");
  std::thread changing([&world, &writer] {
    v1::ModifyValuesRequest request;
    request.set_name("88.118.8/A");
    request.add_add()->set_type("T");
    for (int i = 0; i < 20; ++i) (void)world.Call(&Registry::ModifyValues, request, writer);
  });
  std::string answer;
  do {
    answer = world.Erase({named});
  } while (answer.starts_with("ABORTED CONFLICT_RETRIES_EXHAUSTED"));
  changing.join();
  INFO(answer);
  CHECK(answer.starts_with("88.118.8/A ITEM ACTIVE 2:NAME=Pump "));
  const std::vector<stored::RecordRow> rows = world.Rows();
  const stored::RecordRow& erased = rows[rows.size() - 2];
  CHECK(erased.values_size() == 1);
  CHECK(erased.erased_tiers_size() == 1);
  CHECK(erased.owner_salt().empty());
}

TEST_CASE("of two erasures of one revision one is made, and the other finds nothing") {
  ErasingWorld world;
  const uint64_t named = world.Revision(0);
  const Caller writer = world.Writer("sz-pumps");
  std::vector<std::string> answers(2);
  std::vector<absl::StatusOr<v1::RecordResponse>> outcomes(2);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] {
      v1::EraseValuesRequest request;
      request.set_name("88.118.8/A");
      request.set_tier(v1::OWNER);
      request.add_revisions(named);
      request.set_reason("asked to");
      request.set_request_id(Concat("q", i));
      outcomes[i] = world.Call(&Registry::EraseValues, request, writer);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < 2; ++i) {
    answers[i] = outcomes[i].ok() ? world.Show(outcomes[i]->record())
                                  : RegistryWorld::ShowError(outcomes[i].status());
  }
  std::sort(answers.begin(), answers.end());
  CHECK(answers[0] == kUpdated + "2");
  CHECK(answers[1] == Concat("FAILED_PRECONDITION VALUES_NOT_THERE identifier=88.118.8/A revision=",
                             named, " tier=OWNER"));
}

TEST_CASE("history and answers about the past say what was erased; today's answer has a new row") {
  ErasingWorld world;
  const uint64_t first = world.Revision(0);
  world.Erase({first});
  Resolver resolver(&world.ledger(), nullptr, [] { return absl::FromUnixSeconds(1'767'225'601); });
  const auto as_of = [&](uint64_t us, const Caller& caller) {
    v1::ResolveRequest request;
    request.set_identifier("88.118.8/A");
    request.mutable_options()->mutable_as_of_time()->set_seconds(
        static_cast<int64_t>(us / 1'000'000));
    request.mutable_options()->mutable_as_of_time()->set_nanos(
        static_cast<int32_t>(us % 1'000'000 * 1000));
    v1::ResolveResponse response;
    REQUIRE(resolver.Resolve(request, caller, &response).ok());
    return Concat(world.Show(response.record()), " withheld ", response.values_withheld_count());
  };
  const Caller owner = world.Writer("sz-pumps"), anybody;
  const std::string then =
      "88.118.8/A ITEM ACTIVE 2:NAME=Pump by registrants/sz-pumps erased OWNER leaf 0 withheld 0";
  CHECK(as_of(first, owner) == then);
  CHECK(as_of(first, anybody) == then);
  CHECK(as_of(world.Revision(2), owner) == kUpdated + "2 withheld 0");
  CHECK(as_of(world.Revision(2), anybody) ==
        "88.118.8/A ITEM ACTIVE 2:NAME=Pump by registrants/sz-pumps leaf 2 withheld 1");

  v1::ListRevisionsRequest history;
  history.set_name("88.118.8/A");
  v1::ListRevisionsResponse revisions;
  REQUIRE(resolver.ListRevisions(history, owner, &revisions).ok());
  REQUIRE(revisions.revisions_size() == 3);
  CHECK(revisions.revisions(0).operation() == "ERASE_VALUES");
  CHECK(revisions.revisions(0).reason() == "asked to");
  CHECK(world.Show(revisions.revisions(0).record()) == kUpdated + "2");
  CHECK(world.Show(revisions.revisions(1).record()) == kUpdated + "1");
  CHECK(world.Show(revisions.revisions(2).record()) + " withheld 0" == then);

  v1::GetRecordRequest get;
  get.set_name("88.118.8/A");
  v1::Record now;
  REQUIRE(resolver.GetRecord(get, owner, &now).ok());
  CHECK(world.Show(now) == kUpdated + "2");
}

TEST_CASE("who inherited what was erased inherits it no more, also from a fixed revision") {
  ErasingWorld world;
  world.Register(R"(identifier: "88.118.8/M" level: MODEL values { type: "NOTE" data: "x" })");
  const uint64_t model = world.View()->last_revision();
  world.Register(
      Concat(R"(identifier: "88.118.8/I" instance_of { identifier: "88.118.8/M" revision: )", model,
             " }"));
  Resolver resolver(&world.ledger(), nullptr, [] { return absl::FromUnixSeconds(1'767'225'601); });
  const auto resolve = [&] {
    v1::ResolveRequest request;
    request.set_identifier("88.118.8/I");
    v1::ResolveResponse response;
    REQUIRE(resolver.Resolve(request, world.Writer("sz-pumps"), &response).ok());
    return world.Show(response.record());
  };
  CHECK(resolve() ==
        "88.118.8/I ITEM ACTIVE of 88.118.8/M 2:NOTE=x by registrants/sz-pumps leaf 3");
  world.Change(&Registry::EraseValues,
               Concat("name: \"88.118.8/M\" tier: PUBLIC reason: \"r\" revisions: ", model));
  CHECK(resolve() == "88.118.8/I ITEM ACTIVE of 88.118.8/M by registrants/sz-pumps leaf 3");
}

TEST_CASE("up to 500 revisions are erased at once") {
  RegistryWorld world;
  world.Register(R"(identifier: "88.118.8/L" values { type: "N" data: "0" })");
  std::string revisions = Concat(" revisions: ", world.View()->last_revision());
  for (int i = 1; i < 500; ++i) {
    world.Change(&Registry::ModifyValues,
                 Concat("name: \"88.118.8/L\" modify { type: \"N\" data: \"", i, "\" }"));
    revisions += Concat(" revisions: ", world.View()->last_revision());
  }
  CHECK(world.Leaves() == 500);
  CHECK(world.Change(&Registry::EraseValues,
                     "name: \"88.118.8/L\" tier: PUBLIC reason: \"r\"" + revisions) ==
        "88.118.8/L ITEM ACTIVE by registrants/sz-pumps leaf 500");
  size_t rows = 0;
  const auto view = world.View();
  REQUIRE(view->ScanRevisions(storage::RecordKey("88.118.8/L"), view->last_revision(),
                              [&rows](const storage::Row& row) {
                                stored::RecordRow record;
                                REQUIRE(record.ParseFromString(row.payload));
                                CHECK(record.values().empty());
                                CHECK(record.public_salt().empty());
                                CHECK(record.create_digest().empty());
                                CHECK(record.erased_tiers_size() == (rows == 0 ? 0 : 1));
                                ++rows;
                                return true;
                              })
              .ok());
  CHECK(rows == 501);
}

}  // namespace
}  // namespace gusu::server
