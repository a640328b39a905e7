#include "proto/identifier.h"
#include "proto/text.h"
#include "storage/keys.h"
#include "tests/server/registry_world.h"

namespace gusu::server {
namespace {

const std::string kPump = R"(template: "product" values { type: "name" data: "Pump" })";

std::string Row(const std::string& identifier, const std::string& more = kPump) {
  return "identifier: \"" + identifier + "\" " + more;
}

TEST_CASE("a registered record has its template's indexes, tiers and defaults") {
  RegistryWorld world;
  CHECK(world.Register(Row("88.118.8/HP-1", R"(template: "product"
            values { type: "external_id" data: "E1" } values { type: "name" data: "Pump" }
            values { type: "URL" data: "https://example.com/" } values { type: "NOTE" data: "n" })")) ==
        "CREATED 88.118.8/HP-1 leaf 0 etag 0");
  CHECK(world.Stored("88.118.8/hp-1") ==
        "88.118.8/HP-1 ITEM ACTIVE product 1 2013:external_id=E1(OWNER) 2000:name=Pump "
        "1:URL=https://example.com/ 2:NOTE=n 2004:manufacturer=Suzhou Pumps "
        "by registrants/sz-pumps leaf 0");
}

TEST_CASE("the opening of a registration names actor, credential and prefix sequence") {
  RegistryWorld world;
  world.Register(Row("88.118.8/HP-1"));
  world.RegisterAs(RegistryWorld::WithRole(Role::kBureauAdmin),
                   "row { " + Row("88.118.8/HP-2") +
                       R"( } on_behalf_of { registrant: "registrants/sz-pumps" reason: "drill" })");
  auto view = world.View();
  auto first = view->ReadChange(view->leaf_count() - 2);
  auto second = view->ReadChange(view->leaf_count() - 1);
  REQUIRE((first.ok() && second.ok()));
  CHECK(first->operation == Operation::kRegister);
  CHECK(first->resource == "prefixes/88.118.8/records/HP-1");
  CHECK(first->registrant == "sz-pumps");
  CHECK(first->actor == "registrants/sz-pumps");
  CHECK(first->credential == "c1");
  CHECK(first->on_behalf_of.empty());
  CHECK(first->sequence == 1);
  CHECK(first->commitments.size() == 2);  // BODY and PUBLIC
  CHECK(second->actor == "bureau");
  CHECK(second->on_behalf_of == "registrants/sz-pumps");
  CHECK(second->reason == "drill");
  CHECK(second->sequence == 2);
}

TEST_CASE("the same registration again is unchanged, with the first receipt") {
  RegistryWorld world;
  world.Register(Row("88.118.8/HP-1"));
  CHECK(world.Register(Row("88.118.8/hp-1")) == "UNCHANGED 88.118.8/HP-1 leaf 0 etag 0");
  SECTION("also after the record has changed: the etag is today's") {
    world.Change(&Registry::ModifyValues,
                 R"(name: "88.118.8/HP-1" modify { type: "name" data: "Big pump" })");
    CHECK(world.Register(Row("88.118.8/HP-1")) == "UNCHANGED 88.118.8/HP-1 leaf 0 etag 1");
    CHECK(world.Register(Row("88.118.8/HP-1", R"(template: "product"
            values { type: "name" data: "Big pump" })")) ==
          "UNCHANGED 88.118.8/HP-1 leaf 0 etag 1");
  }
  SECTION("but not when the record is retired") {
    world.Change(&Registry::RetireRecord,
                 R"(name: "88.118.8/HP-1" retirement { reason: SCRAPPED })");
    CHECK(world.Register(Row("88.118.8/HP-1")) ==
          "FAILED_PRECONDITION RECORD_RETIRED identifier=88.118.8/HP-1");
  }
}

TEST_CASE("a taken identifier tells the fields that differ") {
  RegistryWorld world;
  world.Register(Row("88.118.8/HP-1"));
  CHECK(world.Register(Row("88.118.8/HP-1", R"(level: BATCH template: "product"
            values { type: "name" data: "Other" } values { type: "model" data: "M" })")) ==
        "ALREADY_EXISTS IDENTIFIER_TAKEN fields=level, name, model fields_count=3 "
        "identifier=88.118.8/HP-1");
  CHECK(world.Leaves() == 1);
}

TEST_CASE("a request id gives the first answer again") {
  RegistryWorld world;
  CHECK(world.Register(Row("88.118.8/HP-1"), "r1") == "CREATED 88.118.8/HP-1 leaf 0 etag 0");
  CHECK(world.Register(Row("88.118.8/HP-1"), "r1") == "UNCHANGED 88.118.8/HP-1 leaf 0 etag 0");
  CHECK(
      world.Register(Row("88.118.8/HP-2"), "r1").starts_with("INVALID_ARGUMENT REQUEST_ID_REUSED"));
  SECTION("even when its prefix has been suspended since") {
    storage::v1::PrefixRow prefix;
    prefix.set_prefix("88.118.8");
    prefix.set_holder("sz-pumps");
    prefix.set_state(v1::Prefix::SUSPENDED);
    world.Put(storage::PrefixKey("88.118.8"), prefix);
    CHECK(world.Register(Row("88.118.8/HP-1"), "r1") == "UNCHANGED 88.118.8/HP-1 leaf 0 etag 0");
    CHECK(world.Register(Row("88.118.8/HP-1")) ==
          "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.8");
  }
}

TEST_CASE("only an active holder registers below an active prefix") {
  RegistryWorld world;
  CHECK(world.Register(Row("88.118.9/V-1")) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.9 registrant=registrants/sz-pumps");
  CHECK(world.Register(Row("88.118.99/V-1")) == "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.99");
  CHECK(world.Register(Row("88.118.8.1/V-1")) == "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.8.1");
  CHECK(world.Register(Row("88.118.10/V-1")) ==
        "FAILED_PRECONDITION PREFIX_SUSPENDED prefix=88.118.10");
  CHECK(world.RegisterAs(world.Writer("sz-asleep"), "row { " + Row("88.118.13/V-1") + " }") ==
        "FAILED_PRECONDITION REGISTRANT_NOT_ACTIVE registrant=registrants/sz-asleep "
        "state=SUSPENDED");
  CHECK(world.RegisterAs(world.Writer("sz-nobody"), "row { " + Row("88.118.8/V-1") + " }") ==
        "NOT_FOUND REGISTRANT_NOT_FOUND registrant=registrants/sz-nobody");
  CHECK(world.Leaves() == 0);
}

TEST_CASE("a registration needs a writer's role, and the bureau a registrant and a reason") {
  RegistryWorld world;
  const std::string row = "row { " + Row("88.118.8/HP-1") + " }";
  CHECK(world.RegisterAs(Caller(), row).starts_with("UNAUTHENTICATED CREDENTIAL_MISSING"));
  CHECK(world.RegisterAs(RegistryWorld::WithRole(Role::kReader), row)
            .starts_with("PERMISSION_DENIED ROLE_REFUSED"));
  CHECK(world.RegisterAs(RegistryWorld::WithRole(Role::kBureauAuditor), row)
            .starts_with("PERMISSION_DENIED ROLE_REFUSED"));
  CHECK(world.RegisterAs(RegistryWorld::WithRole(Role::kBureauAdmin), row)
            .starts_with("PERMISSION_DENIED ROLE_REFUSED"));
  CHECK(world
            .RegisterAs(RegistryWorld::WithRole(Role::kBureauAdmin),
                        row + R"( on_behalf_of { registrant: "registrants/sz-pumps" })")
            .starts_with("INVALID_ARGUMENT REASON_MISSING"));
}

TEST_CASE("a proof that is no longer what it was writes nothing") {
  RegistryWorld world;
  Caller writer = world.Writer("sz-pumps");
  storage::v1::CredentialRow credential;
  credential.set_registrant("sz-pumps");
  credential.set_id("c1");
  credential.set_revoked(true);
  world.Put(writer.proof_key, credential);
  const uint64_t leaves = world.Leaves();
  CHECK(world.RegisterAs(writer, "row { " + Row("88.118.8/HP-1") + " }") ==
        "ABORTED CONFLICT_RETRIES_EXHAUSTED attempts=4");
  CHECK(world.Leaves() == leaves);
}

TEST_CASE("a suffix follows its prefix's policy") {
  RegistryWorld world;
  CHECK(world.Register(Row("88.118.8/HP 1")) ==
        "INVALID_ARGUMENT SUFFIX_REFUSED character=  suffix=HP 1");
  CHECK(world.Register(Row("88.118.12/HP-123456")) ==
        "INVALID_ARGUMENT SUFFIX_REFUSED characters_max=8 suffix=HP-123456");
  CHECK(world.Register(Row("88.118.12/HP-120")) ==
        "INVALID_ARGUMENT SUFFIX_REFUSED check_characters=U check_scheme=MOD37_36 suffix=HP-120");
  CHECK(world.Register(Row("88.118.12/HP-12U")) == "CREATED 88.118.12/HP-12U leaf 0 etag 0");
  CHECK(world.Register(Row("88.118.8/")).starts_with("INVALID_ARGUMENT IDENTIFIER_MALFORMED"));
}

TEST_CASE("a prefix takes as many records as its quota says") {
  RegistryWorld world;
  for (const char* code : {"88.118.11/A", "88.118.11/B", "88.118.11/C"}) {
    CHECK(world.Register(Row(code)).starts_with("CREATED"));
  }
  CHECK(world.Register(Row("88.118.11/D")) ==
        "FAILED_PRECONDITION QUOTA_EXCEEDED prefix=88.118.11 quota=3");
  CHECK(world.Register(Row("88.118.11/A")).starts_with("UNCHANGED"));
}

TEST_CASE("serials are minted in order and stay the same for the same request id") {
  RegistryWorld world;
  const std::string row = R"(mint { prefix: "88.118.8" pattern: "HP-{serial:4}" } )" + kPump;
  CHECK(world.Register(row) == "INVALID_ARGUMENT REQUEST_ID_MISSING field=request_id");
  CHECK(world.Register(row, "a") == "CREATED 88.118.8/HP-0001 leaf 0 etag 0");
  CHECK(world.Register(row, "b") == "CREATED 88.118.8/HP-0002 leaf 1 etag 1");
  CHECK(world.Register(row, "a") == "UNCHANGED 88.118.8/HP-0001 leaf 0 etag 0");
  CHECK(world.Stored("88.118.8/HP-0002") ==
        "88.118.8/HP-0002 ITEM ACTIVE product 1 2000:name=Pump 2004:manufacturer=Suzhou Pumps "
        "by registrants/sz-pumps leaf 1");
}

TEST_CASE("minted codes obey the suffix policy") {
  RegistryWorld world;
  CHECK(world.Register(R"(mint { prefix: "88.118.12" pattern: "H{serial:2}" } )" + kPump, "a")
            .starts_with("INVALID_ARGUMENT SUFFIX_REFUSED"));
  CHECK(world.Register(R"(mint { prefix: "88.118.12" pattern: "H{serial:9}{check}" } )" + kPump,
                       "a") ==
        "INVALID_ARGUMENT SUFFIX_REFUSED characters_max=8 suffix=H000000001H");
  const std::string minted =
      world.Register(R"(mint { prefix: "88.118.12" pattern: "H{serial:2}{check}" } )" + kPump, "a");
  CHECK(minted.starts_with("CREATED 88.118.12/H01"));
  const std::string random =
      world.Register(R"(mint { prefix: "88.118.8" pattern: "{random:12}" } )" + kPump, "r");
  CHECK(random.starts_with("CREATED 88.118.8/"));
  CHECK(world.Register(R"(mint { prefix: "88.118.8" pattern: "{random:12}" } )" + kPump, "r") ==
        "UNCHANGED" + random.substr(std::string("CREATED").size()));
}

TEST_CASE("a serial that outgrows its digits mints no code that the suffix policy refuses") {
  RegistryWorld world;
  storage::v1::PrefixRow digits = *world.View()->directory().FindPrefix("88.118.8")->row;
  digits.set_prefix("88.118.14");
  digits.set_suffix_pattern("V-[0-9]");
  world.Put(storage::PrefixKey("88.118.14"), digits);
  std::string prefix, pattern, last;
  SECTION("by its length") {
    prefix = "88.118.12", pattern = "HHHHHH{serial:1}{check}", last = "HHHHHH9";
  }
  SECTION("by its pattern") { prefix = "88.118.14", pattern = "V-{serial:1}", last = "V-9"; }
  const std::string row =
      Concat("mint { prefix: '", prefix, "' pattern: '", pattern, "' } ", kPump);
  for (int i = 1; i < 9; ++i) {
    REQUIRE(world.Register(row, Concat("r", i)).starts_with("CREATED"));
  }
  CHECK(world.Register(row, "r9").starts_with(Concat("CREATED ", prefix, "/", last)));
  const uint64_t leaves = world.Leaves();
  CHECK(world.Register(row, "r10") ==
        Concat("FAILED_PRECONDITION SUFFIX_REFUSED pattern=", pattern, " prefix=", prefix));
  CHECK(world.Leaves() == leaves);
  // What was minted is told again.
  CHECK(world.Register(row, "r9").starts_with(Concat("UNCHANGED ", prefix, "/", last)));
  // A prefix that takes longer ones goes on.
  const std::string other = "mint { prefix: '88.118.8' pattern: 'V-{serial:1}' } " + kPump;
  for (int i = 1; i < 10; ++i) {
    REQUIRE(world.Register(other, Concat("o", i)).starts_with("CREATED"));
  }
  CHECK(world.Register(other, "o10").starts_with("CREATED 88.118.8/V-10"));
}

TEST_CASE("a record inherits from a record above it only") {
  RegistryWorld world;
  CHECK(world.Register(Row("88.118.8/M", "level: MODEL " + kPump)).starts_with("CREATED"));
  const std::string of_model = R"(template: "product" instance_of { identifier: "88.118.8/m" })";
  CHECK(world.Register(Row("88.118.8/I", of_model)).starts_with("CREATED"));
  CHECK(world.Stored("88.118.8/I") ==
        "88.118.8/I ITEM ACTIVE of 88.118.8/M product 1 by registrants/sz-pumps leaf 1");
  CHECK(world.Register(Row("88.118.8/I", of_model)) == "UNCHANGED 88.118.8/I leaf 1 etag 1");
  CHECK(world.Register(Row("88.118.8/J", "level: MODEL " + of_model)) ==
        "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/M");
  CHECK(world.Register(Row("88.118.8/J", R"(instance_of { identifier: "88.118.8/I" })")) ==
        "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/I");
  CHECK(world.Register(Row("88.118.8/J", R"(instance_of { identifier: "88.118.8/X" })")) ==
        "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/X");
  CHECK(world.Register(
            Row("88.118.8/J", R"(instance_of { identifier: "88.118.8/M" revision: 7 })")) ==
        "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/M");
  world.Change(&Registry::RetireRecord, R"(name: "88.118.8/M" retirement { reason: EXPORTED })");
  CHECK(world.Register(Row("88.118.8/J", of_model)) ==
        "FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/M");
}

TEST_CASE("a row says what is wrong with it") {
  RegistryWorld world;
  CHECK(world.Register("") == "INVALID_ARGUMENT FIELD_MISSING field=identifier");
  CHECK(world.Register(Row("88.118.8/HP-1", "state: RETIRED")) ==
        "INVALID_ARGUMENT FIELD_INVALID field=state value=RETIRED");
  CHECK(world.Register(Row("88.118.8/HP-1", R"(origin { evidence_sha256: "abc" })")) ==
        "INVALID_ARGUMENT FIELD_INVALID field=origin.evidence_sha256 value=616263");
  CHECK(world.Register(Row("88.118.8/HP-1", "effective_time { seconds: -1 }"))
            .starts_with("INVALID_ARGUMENT FIELD_INVALID field=effective_time"));
  CHECK(world.Register(Row("88.118.8/HP-1", R"(template: "pump")")) ==
        "NOT_FOUND TEMPLATE_NOT_FOUND template=pump");
  CHECK(world.Register(Row("88.118.8/HP-1"), std::string(65, 'x'))
            .starts_with("INVALID_ARGUMENT FIELD_INVALID field=request_id"));
}

}  // namespace
}  // namespace gusu::server
