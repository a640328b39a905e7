#include "absl/strings/escaping.h"
#include "gusu/v1/record_requests.pb.h"
#include "proto/error.h"
#include "tests/server/records_world.h"

namespace gusu::server {
namespace {

class ListingWorld : public RecordsWorld {
 public:
  ListingWorld() {
    Register(R"(identifier: "88.118.8/A" template: "product" values { type: "name" data: "a" }
                values { type: "batch" data: "2026-11" } values { type: "serial" data: "S-10" })");
    Register(R"(identifier: "88.118.8/B" template: "product" state: RESERVED
                values { type: "name" data: "b" } values { type: "batch" data: "2026-11" }
                values { type: "external_id" data: "E-1" })");
    Register(R"(identifier: "88.118.8/C" template: "product" values { type: "name" data: "c" }
                values { type: "batch" data: "2026-12" } values { type: "external_id" data: "E-2" })");
    Register(R"(identifier: "88.118.8/D" values { type: "serial" data: "S-11" }
                values { type: "serial" data: "S-10" })");
  }

  // The record is sz-valves' from now on, which adds a value that only its owner reads.
  void PassToValves(const std::string& identifier, const std::string& type,
                    const std::string& data) {
    PassRecord(identifier, "sz-valves", "");
    CHECK(ChangeAs(Writer("sz-valves"), &Registry::ModifyValues,
                   "name: \"" + identifier + "\" add { type: \"" + type + "\" data: \"" + data +
                       "\" tier: OWNER }")
              .starts_with(identifier));
  }
  Caller Reader(const std::string& registrant) const { return Writer(registrant); }
};

std::string Attribute(const std::string& name, const std::string& condition) {
  return "attributes { name: \"" + name + "\" " + condition + " } ";
}

TEST_CASE("records are listed by an attribute's value, or by what it begins with") {
  ListingWorld world;
  CHECK(world.List(Attribute("batch", "equals: \"2026-11\"")) == "88.118.8/A 88.118.8/B");
  CHECK(world.List(Attribute("batch", "begins_with: \"2026\"")) ==
        "88.118.8/A 88.118.8/B 88.118.8/C");
  CHECK(world.List(Attribute("batch", "equals: \"2026\"")).empty());
  // In letters and case; a name is no attribute's other name.
  CHECK(world.List(Attribute("serial", "equals: \"s-10\"")).empty());
  CHECK(world.List(Attribute("Serial", "equals: \"S-10\"")).empty());
  // Free values too, and a record with several of a kind once.
  CHECK(world.List(Attribute("serial", "equals: \"S-10\"")) == "88.118.8/A 88.118.8/D");
  CHECK(world.List(Attribute("serial", "begins_with: \"S-\"") + "page_size: 1") ==
        "88.118.8/A 88.118.8/D");
  // What is not indexed is compared.
  CHECK(world.List(Attribute("name", "equals: \"c\"")) == "88.118.8/C");
  CHECK(world.List(Attribute("manufacturer", "begins_with: \"Suzhou\"")) ==
        "88.118.8/A 88.118.8/B 88.118.8/C");
}

TEST_CASE("all filters that are given must hold") {
  ListingWorld world;
  CHECK(world.List(Attribute("batch", "equals: \"2026-11\"") + "state: RESERVED") == "88.118.8/B");
  CHECK(world.List(Attribute("batch", "equals: \"2026-11\"") +
                   Attribute("serial", "begins_with: \"S\"")) == "88.118.8/A");
  CHECK(world.List("state: RESERVED template: \"product\"") == "88.118.8/B");
  CHECK(world.List("template: \"templates/product\" level: ITEM state: ACTIVE") ==
        "88.118.8/A 88.118.8/C");
  CHECK(world.List("state: RESERVED level: MODEL").empty());
}

TEST_CASE("what a reader may not read never matches, and no page tells where it stands") {
  ListingWorld world;
  world.PassToValves("88.118.8/D", "external_id", "E-9");
  CHECK(world.List(Attribute("external_id", "begins_with: \"E\"")) == "88.118.8/B 88.118.8/C");
  CHECK(world.List(Attribute("external_id", "equals: \"E-9\"")).empty());
  CHECK(world.ListAs(world.Reader("sz-valves"), "owner: \"registrants/sz-valves\" " +
                                                    Attribute("external_id", "equals: \"E-9\"")) ==
        "88.118.8/D");
  auto page = world.Page(world.Writer("sz-pumps"), FromText<v1::ListRecordsRequest>(R"(
      parent: "prefixes/88.118.8" page_size: 1
      attributes { name: "external_id" begins_with: "E" })"));
  REQUIRE(page.ok());
  std::string token;
  REQUIRE(absl::WebSafeBase64Unescape(page->next_page_token(), &token));
  CHECK(token.find("E-") == token.npos);
  CHECK(token.find("external_id") == token.npos);
}

TEST_CASE("how many values of a record a reader does not see is told with it") {
  ListingWorld world;
  world.PassToValves("88.118.8/C", "NOTE", "theirs");
  const auto page = world.Page(world.Writer("sz-pumps"), FromText<v1::ListRecordsRequest>(R"(
      parent: "prefixes/88.118.8" template: "product" state: ACTIVE)"));
  REQUIRE(page.ok());
  REQUIRE(page->records_size() == 2);
  CHECK(page->records(0).values_withheld_count() == 0);
  CHECK(page->records(1).identifier() == "88.118.8/C");
  CHECK(page->records(1).values_withheld_count() == 1);
  REQUIRE(page->records(1).withheld_tiers_size() == 1);
  CHECK(page->records(1).withheld_tiers(0) == v1::OWNER);
  CHECK(page->records(1).values_size() == 4);
}

TEST_CASE("a registrant lists what it owns or keeps below anybody's prefix, and nothing else") {
  ListingWorld world;
  world.RegisterAs(world.Writer("sz-valves"), R"(row { identifier: "88.118.9/V" })");
  world.RegisterAs(world.Writer("sz-valves"), R"(row { identifier: "88.118.9/W" })");
  world.PassRecord("88.118.8/A", "sz-valves", "");
  world.PassRecord("88.118.8/D", "", "sz-valves");
  world.PassRecord("88.118.9/W", "sz-pumps", "sz-pumps");
  const Caller valves = world.Reader("sz-valves");
  const std::string all = "parent: \"prefixes/-\" ";
  const std::string owner = "owner: \"registrants/sz-valves\" ";
  CHECK(world.ListAs(valves, all + owner) == "88.118.8/A 88.118.9/V");
  CHECK(world.ListAs(valves, all + owner + "page_size: 1") == "88.118.8/A 88.118.9/V");
  CHECK(world.ListAs(valves, all + "custodian: \"registrants/sz-valves\"") ==
        "88.118.8/D 88.118.9/V");
  CHECK(world.ListAs(valves, owner) == "88.118.8/A");
  CHECK(world.List(all + "owner: \"registrants/sz-pumps\"") ==
        "88.118.9/W 88.118.8/B 88.118.8/C 88.118.8/D");
  CHECK(world.List("owner: \"registrants/sz-pumps\"") == "88.118.8/B 88.118.8/C 88.118.8/D");
  CHECK(world.List(owner) == "88.118.8/A");
  const Caller bureau = RegistryWorld::WithRole(Role::kBureauAuditor);
  CHECK(world.ListAs(bureau, all + owner) == "88.118.8/A 88.118.9/V");

  CHECK(world.ListAs(valves, "") ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=sz-valves");
  CHECK(world.List(all + owner) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=- registrant=sz-pumps");
  CHECK(world.ListAs(bureau, all) ==
        "INVALID_ARGUMENT FIELD_INVALID field=parent value=prefixes/-");
}

TEST_CASE("records that name nobody pass with their prefix") {
  ListingWorld world;
  world.RegisterAs(world.Writer("sz-valves"), R"(row { identifier: "88.118.9/V" })");
  world.PassRecord("88.118.8/A", "sz-valves", "");
  world.PassPrefix("88.118.8", "sz-valves");
  const Caller valves = world.Reader("sz-valves");
  CHECK(world.ListAs(valves, "parent: \"prefixes/-\" owner: \"registrants/sz-valves\"") ==
        "88.118.8/A 88.118.8/B 88.118.8/C 88.118.8/D 88.118.9/V");
  CHECK(world.ListAs(valves, "custodian: \"registrants/sz-valves\"") ==
        "88.118.8/A 88.118.8/B 88.118.8/C 88.118.8/D");
  // A change after the passing says by itself whose the record is.
  CHECK(world.ChangeAs(valves, &Registry::SuspendRecord, R"(name: "88.118.8/C" reason: "r")")
            .starts_with("88.118.8/C ITEM SUSPENDED"));
  world.PassPrefix("88.118.8", "sz-pumps");
  CHECK(world.ListAs(valves, "parent: \"prefixes/-\" owner: \"registrants/sz-valves\"") ==
        "88.118.8/A 88.118.8/C 88.118.9/V");
}

std::string TimeText(uint64_t revision) {
  return "seconds: " + std::to_string(revision / 1'000'000) +
         " nanos: " + std::to_string(revision % 1'000'000 * 1000);
}

TEST_CASE("records are listed by when they were registered, and by when they last changed") {
  ListingWorld world;
  const uint64_t first = world.View()->last_revision() - 3;  // of A; B, C and D follow
  world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/A" reason: "r")");
  world.Change(&Registry::SuspendRecord, R"(name: "88.118.8/C" reason: "r")");
  world.Change(&Registry::ActivateRecord, R"(name: "88.118.8/A" reason: "r")");
  const auto interval = [&](const std::string& field, uint64_t from, uint64_t before) {
    return field + " { from { " + TimeText(first + from) + " } before { " +
           TimeText(first + before) + " } }";
  };
  CHECK(world.List(interval("create_time", 1, 3)) == "88.118.8/B 88.118.8/C");
  CHECK(world.List(interval("create_time", 0, 100)) ==
        "88.118.8/A 88.118.8/B 88.118.8/C 88.118.8/D");
  CHECK(world.List(interval("create_time", 0, 100) + "page_size: 1") ==
        "88.118.8/A 88.118.8/B 88.118.8/C 88.118.8/D");
  CHECK(world.List(interval("create_time", 4, 100)).empty());
  CHECK(world.List(interval("update_time", 0, 3)) == "88.118.8/B");
  CHECK(world.List(interval("update_time", 2, 100)) == "88.118.8/D 88.118.8/C 88.118.8/A");
  CHECK(world.List("create_time { before { " + TimeText(first + 1) + " } }") == "88.118.8/A");
  CHECK(world.List("update_time { from { " + TimeText(first + 5) + " } }") ==
        "88.118.8/C 88.118.8/A");
  CHECK(world.List(interval("create_time", 1, 3) + interval("update_time", 4, 100)) ==
        "88.118.8/C");
}

TEST_CASE("a list as of a past time is what it was then, with the rights of now") {
  ListingWorld world;
  world.PassToValves("88.118.8/D", "external_id", "E-9");
  const uint64_t then = world.View()->last_revision();
  const std::string as_of = "as_of_time { " + TimeText(then) + " } ";
  world.Change(&Registry::RetireRecord, R"(name: "88.118.8/B" retirement { reason: SCRAPPED })");
  world.Change(&Registry::ModifyValues,
               R"(name: "88.118.8/A" modify { type: "batch" data: "2027-01" })");
  world.Register(R"(identifier: "88.118.8/A2")");
  world.PassRecord("88.118.8/C", "sz-valves", "");
  CHECK(world.List(as_of) == "88.118.8/A 88.118.8/B 88.118.8/C 88.118.8/D");
  CHECK(world.List(as_of + "page_size: 1") == "88.118.8/A 88.118.8/B 88.118.8/C 88.118.8/D");
  CHECK(world.List(as_of + "state: RESERVED") == "88.118.8/B");
  CHECK(world.List(as_of + Attribute("batch", "equals: \"2026-11\"")) == "88.118.8/A 88.118.8/B");
  CHECK(world.List(as_of + "owner: \"registrants/sz-pumps\"") ==
        "88.118.8/A 88.118.8/B 88.118.8/C");
  // D was sz-valves' own then; what it was may be read by whom it belongs to now.
  const std::string external = as_of + Attribute("external_id", "begins_with: \"E\"");
  CHECK(world.List(external) == "88.118.8/B 88.118.8/C");
  world.PassRecord("88.118.8/D", "sz-pumps", "");
  CHECK(world.List(external) == "88.118.8/B 88.118.8/C 88.118.8/D");
  // Before anything was registered, and at a time that has not come.
  CHECK(world.List("as_of_time { " + TimeText(then - 100) + " }").empty());
  CHECK(world.List("as_of_time { seconds: 9999999999 }")
            .starts_with("INVALID_ARGUMENT AS_OF_IN_FUTURE"));
  world.PassPrefix("88.118.8", "sz-valves");
  CHECK(world.List(as_of) ==
        "PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.8 registrant=sz-pumps");
  CHECK(world.ListAs(world.Reader("sz-valves"), as_of + "owner: \"registrants/sz-pumps\"") ==
        "88.118.8/A 88.118.8/B 88.118.8/C");
}

TEST_CASE("a list that cannot be is refused, naming the field") {
  ListingWorld world;
  const auto refused = [&world](const std::string& request) {
    const std::string shown = world.List(request);
    return shown.substr(0, shown.find(" value="));
  };
  const std::string invalid = "INVALID_ARGUMENT FIELD_INVALID field=";
  const std::string missing = "INVALID_ARGUMENT FIELD_MISSING field=";
  CHECK(refused("state: 9") == invalid + "state");
  CHECK(refused("level: 7") == invalid + "level");
  CHECK(refused("attributes { equals: \"a\" }") == missing + "attributes[0].name");
  CHECK(refused(Attribute("a", "equals: \"\"") + Attribute("b", "")) ==
        missing + "attributes[1].equals");
  CHECK(refused(Attribute("a", "begins_with: \"\"")) == missing + "attributes[0].begins_with");
  CHECK(refused(Attribute("a", "equals: \"" + std::string(65'537, 'x') + "\"")) ==
        invalid + "attributes[0].equals");
  CHECK(refused(Attribute(std::string(256, 'x'), "equals: \"a\"")) ==
        invalid + "attributes[0].name");
  std::string many;
  for (int i = 0; i < 9; ++i) many += Attribute("a", "equals: \"a\"");
  CHECK(refused(many) == invalid + "attributes");
  CHECK(refused("owner: \"sz-pumps\"") == invalid + "owner");
  CHECK(refused("custodian: \"registrants/\"").starts_with("INVALID_ARGUMENT"));
  CHECK(refused("create_time { from { seconds: 5 } before { seconds: 5 } }") ==
        invalid + "create_time.before");
  CHECK(refused("update_time { from { seconds: -1 } }") == invalid + "update_time.from");
  CHECK(refused("instance_of: \"nonsense\"").starts_with("INVALID_ARGUMENT IDENTIFIER_MALFORMED"));
  CHECK(refused("template: \"nonsense\"") == "NOT_FOUND TEMPLATE_NOT_FOUND template=nonsense");
  CHECK(refused("parent: \"prefixes/-\" owner: \"registrants/sz-pumps\" as_of_time {}") ==
        invalid + "as_of_time");
  CHECK(refused("parent: \"prefixes/88.118.77\"") == "NOT_FOUND PREFIX_NOT_FOUND prefix=88.118.77");
}

TEST_CASE("a token goes on with its own list only, and a forged one with none") {
  ListingWorld world;
  const Caller pumps = world.Writer("sz-pumps");
  auto request = FromText<v1::ListRecordsRequest>(R"(
      parent: "prefixes/88.118.8" page_size: 1 attributes { name: "batch" begins_with: "2026" })");
  auto page = world.Page(pumps, request);
  REQUIRE(page.ok());
  const std::string token = page->next_page_token();
  REQUIRE_FALSE(token.empty());
  request.set_page_token(token);
  request.set_page_size(7);
  REQUIRE(world.Page(pumps, request).ok());
  const auto reason = [&](const v1::ListRecordsRequest& asked) {
    return ErrorReason(world.Page(pumps, asked).status());
  };
  v1::ListRecordsRequest other = request;
  other.mutable_attributes(0)->set_begins_with("202");
  CHECK(reason(other) == "PAGE_TOKEN_INVALID");
  other = request;
  other.set_template_("product");
  CHECK(reason(other) == "PAGE_TOKEN_INVALID");
  other = request;
  other.mutable_create_time()->mutable_from();
  CHECK(reason(other) == "PAGE_TOKEN_INVALID");
  for (size_t i = 0; i < token.size(); ++i) {
    other = request;
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    other.set_page_token(forged);
    CHECK(reason(other) == "PAGE_TOKEN_INVALID");
  }
}

}  // namespace
}  // namespace gusu::server
