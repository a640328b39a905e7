// The bureau reads what is not public only with a reason, which the log keeps.
#include "server/bureau_reads.h"

#include <catch2/catch.hpp>

#include "gusu/v1/resolver.pb.h"
#include "proto/text.h"
#include "server/audit/opening_rights.h"
#include "server/resource_fields.h"
#include "tests/server/grants_world.h"

namespace gusu::server {
namespace {

std::string Resolve(GrantsWorld& world, const Caller& caller, const std::string& request) {
  const auto asked = FromText<v1::ResolveRequest>(request);
  return GrantsWorld::ShowValues(
      GrantsWorld::Wait<v1::ResolveResponse>([&](Done<v1::ResolveResponse> done) {
        world.bureau_reads().Resolve(asked, caller, std::move(done));
      }));
}

// `READ prefixes/88.118.8/records/LOT-2 of sz-pumps by bureau b1: audit`, from leaf `first` on.
std::string LogFrom(GrantsWorld& world, uint64_t first) {
  std::string shown;
  for (uint64_t i = first; i < world.View()->leaf_count(); ++i) {
    const auto change = world.View()->ReadChange(i);
    REQUIRE(change.ok());
    CHECK(change->commitments.empty());
    shown +=
        Concat(OperationName(change->operation), " ", change->resource, " of ", change->registrant,
               " by ", change->actor, " ", change->credential, ": ", change->reason, "\n");
  }
  return shown;
}

const std::string kLot2 = "identifier: \"88.118.8/LOT-2\" options { reason: \"audit\" }";

TEST_CASE("the bureau reads PUBLIC values, and all of them once the log has its reason") {
  GrantsWorld world;
  const Caller auditor = GrantsWorld::Bureau(Role::kBureauAuditor);
  v1::ResolveResponse plain;
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/LOT-2");
  REQUIRE(world.resolver().Resolve(request, auditor, &plain).ok());
  CHECK(GrantsWorld::ShowValues(plain) == "URL +2 withheld");
  const uint64_t leaves = world.View()->leaf_count();
  CHECK(Resolve(world, auditor, kLot2) == "URL PRICE COST +0 withheld");
  CHECK(LogFrom(world, leaves) ==
        "READ prefixes/88.118.8/records/LOT-2 of sz-pumps by bureau b1: audit\n");
  // Each read is told again.
  CHECK(Resolve(world, auditor, kLot2) == "URL PRICE COST +0 withheld");
  CHECK(world.View()->leaf_count() == leaves + 2);
}

TEST_CASE("a read is nobody's to give a reason for but the bureau's") {
  GrantsWorld world;
  const uint64_t leaves = world.View()->leaf_count();
  CHECK(Resolve(world, GrantsWorld::Admin("sz-pumps"), kLot2) ==
        "INVALID_ARGUMENT FIELD_INVALID field=options.reason value=audit");
  CHECK(Resolve(world, Caller(), kLot2) ==
        "INVALID_ARGUMENT FIELD_INVALID field=options.reason value=audit");
  const std::string longer(501, 'x');
  CHECK(Resolve(world, GrantsWorld::Bureau(),
                Concat("identifier: \"88.118.8/LOT-2\" options { reason: \"", longer, "\" }"))
            .substr(0, 30) == "INVALID_ARGUMENT FIELD_INVALID");
  CHECK(world.View()->leaf_count() == leaves);
}

TEST_CASE("a read that fails leaves nothing in the log") {
  GrantsWorld world;
  const uint64_t leaves = world.View()->leaf_count();
  CHECK(Resolve(world, GrantsWorld::Bureau(),
                "identifier: \"88.118.8/NEVER\" options { reason: \"audit\" }")
            .substr(0, 30) == "NOT_FOUND IDENTIFIER_NOT_FOUND");
  CHECK(Resolve(world, GrantsWorld::Bureau(),
                "identifier: \"88.118.8/LOT-2\" options { reason: \"audit\" types: \"\" }")
            .substr(0, 33) == "INVALID_ARGUMENT FILTER_MALFORMED");
  CHECK(world.View()->leaf_count() == leaves);
}

TEST_CASE("an answer whose values are all withheld is what a reason is for") {
  GrantsWorld world;
  const std::string options = "options { types: \"COST\" reason: \"audit\" }";
  CHECK(Resolve(world, GrantsWorld::Bureau(), Concat("identifier: \"88.118.8/LOT-2\" ", options)) ==
        "COST +0 withheld");
}

TEST_CASE("what an answer inherits is told of as well, and a batch of each record once") {
  GrantsWorld world;
  const std::string hidden = "values { index: 7 type: \"BATCHCOST\" data: \"9\" tier: OWNER }";
  world.Register(Concat("identifier: \"88.118.8/B-1\" level: BATCH ", hidden));
  world.Register("identifier: \"88.118.8/I-1\" instance_of { identifier: \"88.118.8/B-1\" }");
  world.Register("identifier: \"88.118.8/I-2\" instance_of { identifier: \"88.118.8/B-1\" }");
  const uint64_t leaves = world.View()->leaf_count();
  const auto request = FromText<v1::BatchResolveRequest>(
      "identifiers: \"88.118.8/I-1\" identifiers: \"88.118.8/i-1\" identifiers: \"88.118.8/I-2\" "
      "identifiers: \"88.118.8/NEVER\" identifiers: \"no identifier\" options { reason: \"audit\" "
      "}");
  const auto response =
      GrantsWorld::Wait<v1::BatchResolveResponse>([&](Done<v1::BatchResolveResponse> done) {
        world.bureau_reads().BatchResolve(request, GrantsWorld::Bureau(), std::move(done));
      });
  REQUIRE(response.ok());
  REQUIRE(response->outcomes_size() == 5);
  for (int i = 0; i < 3; ++i) {
    CHECK(GrantsWorld::ShowValues(response->outcomes(i).response()) == "BATCHCOST +0 withheld");
  }
  CHECK(response->outcomes(3).has_error());
  CHECK(response->outcomes(4).has_error());
  CHECK(LogFrom(world, leaves) ==
        "READ prefixes/88.118.8/records/I-1 of sz-pumps by bureau b1: audit\n"
        "READ prefixes/88.118.8/records/B-1 of sz-pumps by bureau b1: audit\n"
        "READ prefixes/88.118.8/records/I-2 of sz-pumps by bureau b1: audit\n");
}

TEST_CASE("a record's page, a list's page and a history are each one change") {
  GrantsWorld world;
  const Caller bureau = GrantsWorld::Bureau();
  const uint64_t leaves = world.View()->leaf_count();
  const auto record = GrantsWorld::Wait<v1::Record>([&](Done<v1::Record> done) {
    world.bureau_reads().GetRecord(
        FromText<v1::GetRecordRequest>("name: \"88.118.8/LOT-2\" reason: \"one\""), bureau,
        std::move(done));
  });
  REQUIRE(record.ok());
  CHECK(record->values_size() == 3);
  const auto list =
      GrantsWorld::Wait<v1::ListRecordsResponse>([&](Done<v1::ListRecordsResponse> done) {
        world.bureau_reads().ListRecords(
            FromText<v1::ListRecordsRequest>("parent: \"prefixes/88.118.8\" reason: \"two\""),
            bureau, std::move(done));
      });
  REQUIRE(list.ok());
  REQUIRE(list->records_size() == 2);
  CHECK(list->records(1).values_size() == 3);
  const auto history =
      GrantsWorld::Wait<v1::ListRevisionsResponse>([&](Done<v1::ListRevisionsResponse> done) {
        world.bureau_reads().ListRevisions(
            FromText<v1::ListRevisionsRequest>("name: \"88.118.8/LOT-2\" reason: \"three\""),
            bureau, std::move(done));
      });
  REQUIRE(history.ok());
  REQUIRE(history->revisions_size() == 1);
  CHECK(history->revisions(0).record().values_size() == 3);
  CHECK(LogFrom(world, leaves) ==
        "READ prefixes/88.118.8/records/LOT-2 of sz-pumps by bureau b1: one\n"
        "READ prefixes/88.118.8 of sz-pumps by bureau b1: two\n"
        "READ prefixes/88.118.8/records/LOT-2 of sz-pumps by bureau b1: three\n");
}

TEST_CASE("a page is told to every owner whose values it opens, and to no other") {
  GrantsWorld world;
  const Caller bureau = GrantsWorld::Bureau();
  const auto list = [&](const std::string& request) {
    const auto asked = FromText<v1::ListRecordsRequest>(request + " reason: \"audit\"");
    const auto page =
        GrantsWorld::Wait<v1::ListRecordsResponse>([&](Done<v1::ListRecordsResponse> done) {
          world.bureau_reads().ListRecords(asked, bureau, std::move(done));
        });
    REQUIRE(page.ok());
    std::string shown;
    for (const v1::Record& record : page->records()) {
      shown += Concat(record.identifier(), " ", record.values_size(), " ");
    }
    return shown;
  };
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "sz-fixer");
  REQUIRE(world
              .Register("identifier: \"88.118.8/OPEN\" values { index: 1 type: \"URL\" data: "
                        "\"https://pumps.example\" tier: PUBLIC }")
              .substr(0, 8) == "CREATED ");
  world.SetOwner("88.118.8/OPEN", "sz-valves", "sz-fixer");
  uint64_t leaves = world.View()->leaf_count();
  CHECK(list("parent: \"prefixes/88.118.8\"") ==
        "88.118.8/LOT-1 5 88.118.8/LOT-2 3 88.118.8/OPEN 1 ");
  CHECK(LogFrom(world, leaves) ==
        "READ prefixes/88.118.8 of sz-pumps by bureau b1: audit\n"
        "READ prefixes/88.118.8 of sz-buyer by bureau b1: audit\n");
  const auto view = world.View();
  CHECK(MayOpen(GrantsWorld::Admin("sz-buyer"), *view->ReadChange(leaves + 1), view->directory()));
  leaves = view->leaf_count();
  CHECK(list("parent: \"prefixes/-\" custodian: \"registrants/sz-fixer\"") ==
        "88.118.8/LOT-2 3 88.118.8/OPEN 1 ");
  CHECK(LogFrom(world, leaves) ==
        "READ registrants/sz-fixer of sz-fixer by bureau b1: audit\n"
        "READ registrants/sz-fixer of sz-buyer by bureau b1: audit\n");
  leaves = world.View()->leaf_count();
  CHECK(list("parent: \"prefixes/88.118.8\" page_size: 1") == "88.118.8/LOT-1 5 ");
  CHECK(world.View()->leaf_count() == leaves + 1);
}

TEST_CASE("an answer as of the past is told to who owns the record now") {
  GrantsWorld world;
  const uint64_t before = world.View()->last_revision();
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "");
  const uint64_t leaves = world.View()->leaf_count();
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/LOT-2");
  request.mutable_options()->set_reason("audit");
  FillTime(before, request.mutable_options()->mutable_as_of_time());
  const auto response = GrantsWorld::Wait<v1::ResolveResponse>([&](Done<v1::ResolveResponse> done) {
    world.bureau_reads().Resolve(request, GrantsWorld::Bureau(), std::move(done));
  });
  CHECK(GrantsWorld::ShowValues(response) == "URL PRICE COST +0 withheld");
  CHECK(response->record().owner() == "registrants/sz-pumps");
  CHECK(LogFrom(world, leaves) ==
        "READ prefixes/88.118.8/records/LOT-2 of sz-buyer by bureau b1: audit\n");
}

TEST_CASE("codes of a batch that are to be asked for again are not told of") {
  GrantsWorld world;
  constexpr int kCodes = 24;  // 180 kB each
  v1::BatchResolveRequest request;
  request.mutable_options()->set_reason("audit");
  const std::string data(60'000, 'x');
  for (int i = 0; i < kCodes; ++i) {
    std::string row = Concat("identifier: \"88.118.8/BIG-", i, "\" ");
    for (int value = 1; value <= 3; ++value) {
      row +=
          Concat("values { index: ", value, " type: \"NOTE\" data: \"", data, "\" tier: OWNER } ");
    }
    REQUIRE(world.Register(row).substr(0, 8) == "CREATED ");
    request.add_identifiers(Concat("88.118.8/BIG-", i));
  }
  const uint64_t leaves = world.View()->leaf_count();
  const auto response =
      GrantsWorld::Wait<v1::BatchResolveResponse>([&](Done<v1::BatchResolveResponse> done) {
        world.bureau_reads().BatchResolve(request, GrantsWorld::Bureau(), std::move(done));
      });
  REQUIRE(response.ok());
  REQUIRE(response->outcomes_size() == kCodes);
  std::string told;
  for (const v1::ResolveOutcome& outcome : response->outcomes()) {
    if (!outcome.has_response()) continue;
    CHECK(GrantsWorld::ShowValues(outcome.response()) == "NOTE NOTE NOTE +0 withheld");
    told += Concat("READ prefixes/88.118.8/records/", outcome.identifier().substr(9),
                   " of sz-pumps by bureau b1: audit\n");
  }
  CHECK(LogFrom(world, leaves) == told);
  CHECK(world.View()->leaf_count() < leaves + kCodes);
}

TEST_CASE("a credential that was revoked before the log had the reason reads nothing") {
  GrantsWorld world;
  Caller bureau = GrantsWorld::Bureau();
  bureau.proof_key = storage::CredentialKey("sz-pumps", "c1");
  bureau.proof_revision = *world.View()->directory().RevisionAt(bureau.proof_key) - 1;
  const uint64_t leaves = world.View()->leaf_count();
  CHECK(Resolve(world, bureau, kLot2) == "ABORTED CONFLICT_RETRIES_EXHAUSTED attempts=4");
  CHECK(world.View()->leaf_count() == leaves);
}

TEST_CASE("a message of a stream is told of by the options that count for it") {
  GrantsWorld world;
  const uint64_t leaves = world.View()->leaf_count();
  const auto request = FromText<v1::StreamResolveRequest>(
      "identifiers: \"88.118.8/LOT-1\" identifiers: \"88.118.8/LOT-2\"");
  const auto options = FromText<v1::ResolveOptions>("types: \"COST\" reason: \"recall\"");
  const auto response =
      GrantsWorld::Wait<v1::StreamResolveResponse>([&](Done<v1::StreamResolveResponse> done) {
        world.bureau_reads().ResolveMany(request, options, GrantsWorld::Bureau(), std::move(done));
      });
  REQUIRE(response.ok());
  REQUIRE(response->outcomes_size() == 2);
  for (const v1::ResolveOutcome& outcome : response->outcomes()) {
    CHECK(GrantsWorld::ShowValues(outcome.response()) == "COST +0 withheld");
  }
  CHECK(LogFrom(world, leaves) ==
        "READ prefixes/88.118.8/records/LOT-1 of sz-pumps by bureau b1: recall\n"
        "READ prefixes/88.118.8/records/LOT-2 of sz-pumps by bureau b1: recall\n");
}

TEST_CASE("what the log cannot take is not read") {
  GrantsWorld world;
  world.ledger().Stop();
  CHECK(Resolve(world, GrantsWorld::Bureau(), kLot2).substr(0, 11) == "UNAVAILABLE");
}

TEST_CASE("a read is shown to the record's owner and its prefix's holder, on an OPEN prefix too") {
  GrantsWorld world;
  world.SetOwner("88.118.8/LOT-2", "sz-buyer", "");
  storage::v1::PrefixRow open = *world.View()->directory().FindPrefix("88.118.8")->row;
  open.set_disclosure(v1::Prefix::OPEN);
  world.Put(storage::PrefixKey("88.118.8"), open);
  REQUIRE(Resolve(world, GrantsWorld::Bureau(), kLot2) == "URL PRICE COST +0 withheld");
  const auto view = world.View();
  const auto read = view->ReadChange(view->leaf_count() - 1);
  REQUIRE(read.ok());
  const auto opens = [&view](const Caller& caller, const ::gusu::Change& change) {
    return MayOpen(caller, change, view->directory());
  };
  CHECK(opens(GrantsWorld::Admin("sz-buyer"), *read));
  CHECK(opens(GrantsWorld::Admin("sz-pumps"), *read));
  CHECK_FALSE(opens(GrantsWorld::Admin("sz-fixer"), *read));
  CHECK_FALSE(opens(Caller(), *read));
  ::gusu::Change registration = *read;
  registration.operation = Operation::kRegister;
  CHECK(opens(Caller(), registration));
  CHECK(opens(GrantsWorld::Admin("sz-fixer"), registration));
  open.set_disclosure(v1::Prefix::CLOSED);
  world.Put(storage::PrefixKey("88.118.8"), open);
  CHECK_FALSE(MayOpen(Caller(), registration, world.View()->directory()));
}

}  // namespace
}  // namespace gusu::server
