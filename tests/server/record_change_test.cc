#include "storage/keys.h"
#include "tests/server/registry_world.h"

namespace gusu::server {
namespace {

// 88.118.8/A of sz-pumps, a product named Pump.
class RecordWorld : public RegistryWorld {
 public:
  RecordWorld() {
    Register(R"(identifier: "88.118.8/A" template: "product"
                values { type: "name" data: "Pump" } values { type: "NOTE" data: "n" })");
  }
};

const std::string kAsRegistered =
    "2000:name=Pump 2:NOTE=n 2004:manufacturer=Suzhou Pumps by registrants/sz-pumps leaf ";

TEST_CASE("an update replaces the values, and what stays the same keeps its time") {
  RecordWorld world;
  auto response = world.Call(&Registry::UpdateRecord, FromText<v1::UpdateRecordRequest>(R"(
      name: "prefixes/88.118.8/records/A" values { type: "name" data: "Pump" }
      values { type: "model" data: "M2" })"),
                             world.Writer("sz-pumps"));
  REQUIRE(response.ok());
  const v1::Record& record = response->record();
  CHECK(world.Show(record) ==
        "88.118.8/A ITEM ACTIVE product 1 2000:name=Pump 2002:model=M2 "
        "2004:manufacturer=Suzhou Pumps by registrants/sz-pumps leaf 1");
  CHECK(world.Stored("88.118.8/A") == world.Show(record));
  const auto created = record.create_time(), updated = record.update_time();
  CHECK(created.nanos() + 1000 == updated.nanos());
  CHECK(record.values(0).modified_time().nanos() == created.nanos());
  CHECK(record.values(1).modified_time().nanos() == updated.nanos());
  CHECK(record.values(2).modified_time().nanos() == created.nanos());
}

TEST_CASE("an update that changes nothing leaves no leaf") {
  RecordWorld world;
  CHECK(world.Change(&Registry::UpdateRecord, R"(name: "88.118.8/A"
            values { type: "name" data: "Pump" } values { type: "NOTE" data: "n" })") ==
        "88.118.8/A ITEM ACTIVE product 1 " + kAsRegistered + "0");
  CHECK(world.Leaves() == 1);
}

TEST_CASE("values are removed, modified and added by index or type") {
  RecordWorld world;
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A" remove_indexes: 2
            modify { type: "name" data: "Big pump" } add { type: "URL" data: "http://a/" }
            add { type: "NOTE" data: "x" tier: OWNER })") ==
        "88.118.8/A ITEM ACTIVE product 1 2000:name=Big pump 2004:manufacturer=Suzhou Pumps "
        "1:URL=http://a/ 2:NOTE=x(OWNER) by registrants/sz-pumps leaf 1");
  CHECK(world.Change(&Registry::ModifyValues,
                     R"(name: "88.118.8/A" modify { index: 2 data: "y" })") ==
        "88.118.8/A ITEM ACTIVE product 1 2000:name=Big pump 2004:manufacturer=Suzhou Pumps "
        "1:URL=http://a/ 2:NOTE=y(OWNER) by registrants/sz-pumps leaf 2");
  const std::string duplicate = world.Change(
      &Registry::ModifyValues, R"(name: "88.118.8/A" add { index: 1 type: "X" data: "y" })");
  CHECK(duplicate.starts_with("INVALID_ARGUMENT VALUE_INDEX_DUPLICATE"));
  CHECK(duplicate.ends_with("faults_count=1 index=1 type=X"));
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A" remove_indexes: 77)") ==
        "NOT_FOUND VALUE_NOT_FOUND identifier=88.118.8/A value=index 77");
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A" remove_indexes: 2000)") ==
        "INVALID_ARGUMENT TEMPLATE_VIOLATED attribute=name template=product value=");
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A")") ==
        "INVALID_ARGUMENT FIELD_MISSING field=add");
}

TEST_CASE("an etag that is not the record's is told beside the current one") {
  RecordWorld world;
  const std::string etag = world.Etag("88.118.8/A");
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A" reason: "r" etag: "0")") ==
        "ABORTED ETAG_MISMATCH etag=0 etag_current=" + etag + " identifier=88.118.8/A");
  CHECK(world.Change(&Registry::SuspendRecord,
                     "name: \"88.118.8/A\" reason: \"r\" etag: \"" + etag + "\"") ==
        "88.118.8/A ITEM SUSPENDED product 1 since r " + kAsRegistered + "1");
}

TEST_CASE("a suspended record is not changed until it is active again") {
  RecordWorld world;
  CHECK(world.Change(&Registry::ActivateRecord, R"(name: "88.118.8/A" reason: "r")") ==
        "FAILED_PRECONDITION RECORD_NOT_SUSPENDED identifier=88.118.8/A state=ACTIVE");
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A")") ==
        "INVALID_ARGUMENT REASON_MISSING field=reason");
  world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A" reason: "r")");
  const std::string suspended =
      "FAILED_PRECONDITION RECORD_SUSPENDED identifier=88.118.8/A state=SUSPENDED";
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A" reason: "r")") == suspended);
  CHECK(world.Change(&Registry::UpdateRecord, R"(name: "88.118.8/A")") == suspended);
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A" remove_indexes: 2)") ==
        suspended);
  CHECK(world.Change(&Registry::ActivateRecord, R"(name: "88.118.8/A" reason: "back")") ==
        "88.118.8/A ITEM ACTIVE product 1 " + kAsRegistered + "2");
}

TEST_CASE("a reserved record becomes active, and cannot be suspended before") {
  RegistryWorld world;
  world.Register(R"(identifier: "88.118.8/R" state: RESERVED)");
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/R" reason: "r")") ==
        "FAILED_PRECONDITION RECORD_NOT_ACTIVE identifier=88.118.8/R state=RESERVED");
  CHECK(world.Change(&Registry::ActivateRecord, R"(name: "88.118.8/R" reason: "r")") ==
        "88.118.8/R ITEM ACTIVE by registrants/sz-pumps leaf 1");
}

TEST_CASE("retirement has a reason, and is undone by its holder only") {
  RecordWorld world;
  const auto retire = [&world](const std::string& retirement) {
    return world.Change(&Registry::RetireRecord,
                        "name: \"88.118.8/A\" retirement { " + retirement + " }");
  };
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/A" reason: "r")") ==
        "FAILED_PRECONDITION RECORD_NOT_RETIRED identifier=88.118.8/A state=ACTIVE");
  CHECK(retire("") == "INVALID_ARGUMENT FIELD_MISSING field=retirement.reason");
  CHECK(retire("reason: SUPERSEDED") ==
        "INVALID_ARGUMENT FIELD_MISSING field=retirement.successor");
  CHECK(retire("reason: OTHER") == "INVALID_ARGUMENT FIELD_MISSING field=retirement.text");
  CHECK(retire(R"(reason: SUPERSEDED successor: "x")")
            .starts_with("INVALID_ARGUMENT IDENTIFIER_MALFORMED"));
  CHECK(retire(R"(reason: SUPERSEDED successor: "88.118.8/a")") ==
        "INVALID_ARGUMENT FIELD_INVALID field=retirement.successor value=88.118.8/a");
  CHECK(retire(R"(reason: SUPERSEDED successor: "88.118.8/B" text: "new one")") ==
        "88.118.8/A ITEM RETIRED product 1 SUPERSEDED new one 88.118.8/B " + kAsRegistered + "1");
  const std::string retired =
      "FAILED_PRECONDITION RECORD_RETIRED identifier=88.118.8/A state=RETIRED";
  CHECK(retire("reason: SCRAPPED") == retired);
  CHECK(world.Change(&Registry::UpdateRecord, R"(name: "88.118.8/A")") == retired);
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A" reason: "r")") == retired);
  CHECK(world.Change(&Registry::ActivateRecord, R"(name: "88.118.8/A" reason: "r")") == retired);
  CHECK(world.ChangeAs(world.Writer("sz-valves"), &Registry::ReinstateRecord,
                       R"(name: "88.118.8/A" reason: "r")") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves");
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/A" reason: "r")") ==
        "88.118.8/A ITEM ACTIVE product 1 " + kAsRegistered + "2");
}

TEST_CASE("a record is reinstated with other values in one change, or not at all") {
  RecordWorld world;
  REQUIRE(
      world.Change(&Registry::RetireRecord, R"(name: "88.118.8/A" retirement { reason: DELETED })")
          .find("RETIRED") != std::string::npos);
  const uint64_t leaves = world.Leaves();
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/A" reason: "r" content {})")
            .starts_with("INVALID_ARGUMENT TEMPLATE_VIOLATED"));
  CHECK(world
            .Change(&Registry::ReinstateRecord, R"(name: "88.118.8/A" reason: "r" content {
            values { type: "name" data: "Pump" } values { index: 1000 type: "X" data: "y" } })")
            .starts_with("INVALID_ARGUMENT VALUE_INDEX_RESERVED"));
  CHECK(world.ChangeAs(world.Writer("sz-valves"), &Registry::ReinstateRecord,
                       R"(name: "88.118.8/A" reason: "r" content {
            values { type: "name" data: "Valve" } })") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves");
  CHECK(world.Leaves() == leaves);
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/A" reason: "r" content {
            values { type: "name" data: "Pump 2" } values { type: "URL" data: "http://a/" } })") ==
        "88.118.8/A ITEM ACTIVE product 1 2000:name=Pump 2 1:URL=http://a/ "
        "2004:manufacturer=Suzhou Pumps by registrants/sz-pumps leaf 2");
  CHECK(world.Leaves() == leaves + 1);
}

TEST_CASE("a repeated request id gives the first answer, whatever happened since") {
  RecordWorld world;
  const std::string suspend = R"(name: "88.118.8/A" reason: "r" request_id: "q")";
  const std::string first = world.Change(&Registry::SuspendRecord, suspend);
  CHECK(first == "88.118.8/A ITEM SUSPENDED product 1 since r " + kAsRegistered + "1");
  world.Change(&Registry::ActivateRecord, R"(name: "88.118.8/A" reason: "r")");
  CHECK(world.Change(&Registry::SuspendRecord, suspend) == first);
  CHECK(world.Change(&Registry::SuspendRecord,
                     R"(name: "prefixes/88.118.8/records/a" reason: "r" request_id: "q")") ==
        first);
  CHECK(world.Change(&Registry::SuspendRecord,
                     R"(name: "88.118.8/A" reason: "other" request_id: "q")") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=q");
  CHECK(world.Change(&Registry::ActivateRecord,
                     R"(name: "88.118.8/A" reason: "r" request_id: "q")") ==
        "INVALID_ARGUMENT REQUEST_ID_REUSED request_id=q");
  CHECK(world.Leaves() == 3);
}

TEST_CASE("others learn nothing of a record by trying to change it") {
  RecordWorld world;
  const std::string refused =
      "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=registrants/sz-valves";
  const Caller other = world.Writer("sz-valves");
  CHECK(world.ChangeAs(other, &Registry::SuspendRecord,
                       R"(name: "88.118.8/A" reason: "r" etag: "0")") == refused);
  CHECK(world.ChangeAs(other, &Registry::SuspendRecord, R"(name: "88.118.8/NONE" reason: "r")") ==
        refused);
  CHECK(world.ChangeAs(other, &Registry::ModifyValues, R"(name: "88.118.8/A" remove_indexes: 2)") ==
        refused);
  CHECK(world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/NONE" reason: "r")") ==
        "NOT_FOUND IDENTIFIER_NOT_FOUND identifier=88.118.8/NONE");
}

TEST_CASE("nobody but the prefix's holder alters the values of another author") {
  RecordWorld world;
  storage::v1::RecordRow record;
  record.set_identifier("88.118.8/B");
  record.set_issued_by("sz-pumps");
  record.set_owner("sz-valves");
  record.set_level(v1::Record::ITEM);
  record.set_state(v1::Record::ACTIVE);
  storage::v1::ValueRow* value = record.add_values();
  value->set_index(5);
  value->set_type("NOTE");
  value->set_tier(1);
  value->set_author("registrants/sz-pumps");
  world.Put(storage::RecordKey("88.118.8/B"), record);
  CHECK(world.ChangeAs(world.Writer("sz-valves"), &Registry::ModifyValues,
                       R"(name: "88.118.8/B" remove_indexes: 5)") ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR author=registrants/sz-pumps index=5 type=NOTE");
  CHECK(world.ChangeAs(world.Writer("sz-valves"), &Registry::ModifyValues,
                       R"(name: "88.118.8/B" add { type: "OURS" data: "o" })") ==
        "88.118.8/B ITEM ACTIVE 5:NOTE= 2:OURS=o by registrants/sz-pumps leaf 2");
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/B" remove_indexes: 2)") ==
        "PERMISSION_DENIED VALUE_OF_OTHER_AUTHOR author=registrants/sz-valves index=2 type=OURS");
  CHECK(world.Change(&Registry::ModifyValues, R"(name: "88.118.8/B" remove_indexes: 5)") ==
        "88.118.8/B ITEM ACTIVE 2:OURS=o by registrants/sz-pumps leaf 3");
}

}  // namespace
}  // namespace gusu::server
