#include "tests/server/records_world.h"

namespace gusu::server {
namespace {

class UniqueWorld : public RecordsWorld {
 public:
  UniqueWorld() { PublishTemplate(); }

  std::string RegisterTagged(const std::string& identifier, const std::string& tag,
                             const std::string& more = "") {
    return Register("identifier: \"" + identifier + "\" " + Tagged(tag) + more);
  }
  static std::string Tagged(const std::string& tag) {
    return R"(template: "88.118.8/T" values { type: "name" data: "n" }
              values { type: "tag" data: ")" +
           tag + "\" } ";
  }
};

const std::string kTaken =
    "ALREADY_EXISTS VALUE_NOT_UNIQUE attribute=tag taken_by=88.118.8/A template=88.118.8/T "
    "value=t1";

TEST_CASE("a unique attribute's value is one record's below a prefix") {
  UniqueWorld world;
  CHECK(world.RegisterTagged("88.118.8/A", "t1") == "CREATED 88.118.8/A leaf 1 etag 1");
  CHECK(world.RegisterTagged("88.118.8/B", "t1") == kTaken);
  CHECK(world.RegisterTagged("88.118.8/B", "T1") == "CREATED 88.118.8/B leaf 2 etag 2");
  // What stands below another prefix, or in records of another template, is no conflict.
  world.PassPrefix("88.118.9", "sz-pumps");
  CHECK(world.RegisterTagged("88.118.9/A", "t1") == "CREATED 88.118.9/A leaf 4 etag 4");
  CHECK(world.Register(R"(identifier: "88.118.8/F" values { type: "tag" data: "t1" })") ==
        "CREATED 88.118.8/F leaf 5 etag 5");
  CHECK(world.Change(&Registry::ModifyValues,
                     R"(name: "88.118.8/B" modify { type: "tag" data: "t1" })") == kTaken);
  // Its own does not stand in its way.
  CHECK(world
            .Change(&Registry::UpdateRecord,
                    R"(name: "88.118.8/A" values { type: "name" data: "other" }
                        values { type: "tag" data: "t1" })")
            .starts_with("88.118.8/A ITEM ACTIVE"));
}

TEST_CASE("a value that is given up is free, and a retired record gives its values up") {
  UniqueWorld world;
  world.RegisterTagged("88.118.8/A", "t1");
  world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A" remove_indexes: 2001)");
  CHECK(world.RegisterTagged("88.118.8/B", "t1").starts_with("CREATED"));
  world.RegisterTagged("88.118.8/C", "t2");
  world.Change(&Registry::RetireRecord,
               R"(name: "88.118.8/C" retirement { reason: REGISTERED_IN_ERROR })");
  CHECK(world.RegisterTagged("88.118.8/D", "t2").starts_with("CREATED"));
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/C" reason: "r")") ==
        "ALREADY_EXISTS VALUE_NOT_UNIQUE attribute=tag taken_by=88.118.8/D template=88.118.8/T "
        "value=t2");
  world.Change(&Registry::RetireRecord, R"(name: "88.118.8/D" retirement { reason: SCRAPPED })");
  CHECK(world.Change(&Registry::ReinstateRecord, R"(name: "88.118.8/C" reason: "r")")
            .starts_with("88.118.8/C ITEM ACTIVE"));
}

TEST_CASE("registering the same again is no conflict with itself") {
  UniqueWorld world;
  world.RegisterTagged("88.118.8/A", "t1");
  CHECK(world.RegisterTagged("88.118.8/A", "t1") == "UNCHANGED 88.118.8/A leaf 1 etag 1");
  // Also when another record has the value by now.
  world.Change(&Registry::ModifyValues, R"(name: "88.118.8/A" modify { type: "tag" data: "t3" })");
  world.RegisterTagged("88.118.8/B", "t1");
  CHECK(world.RegisterTagged("88.118.8/A", "t1").starts_with("UNCHANGED 88.118.8/A leaf 1"));
  CHECK(world.RegisterTagged("88.118.8/A", "t3").starts_with("UNCHANGED 88.118.8/A leaf 1"));
  CHECK(world.RegisterTagged("88.118.8/A", "t4").starts_with("ALREADY_EXISTS IDENTIFIER_TAKEN"));
}

TEST_CASE("two rows of a batch do not share a unique value, and nothing of it is registered") {
  UniqueWorld world;
  const auto row = [](const std::string& identifier, const std::string& tag) {
    return "rows { identifier: \"" + identifier + "\" " + UniqueWorld::Tagged(tag) + "} ";
  };
  const uint64_t leaves = world.Leaves();
  const std::string refused = world.Batch(row("88.118.8/A", "t1") + row("88.118.8/B", "t1"));
  CHECK(refused.starts_with("ALREADY_EXISTS VALUE_NOT_UNIQUE"));
  CHECK(refused.find("attribute=tag") != refused.npos);
  CHECK(world.Leaves() == leaves);
  CHECK(world.Stored("88.118.8/A").empty());
  CHECK(world.Batch(row("88.118.8/A", "t1") + row("88.118.8/B", "t2")) ==
        "CREATED 88.118.8/A leaf 1 etag 1\nCREATED 88.118.8/B leaf 2 etag 2\n");
}

TEST_CASE("rows of a stream that share a unique value are told one by one") {
  UniqueWorld world;
  const auto row = [](const std::string& identifier, const std::string& tag) {
    return "rows { identifier: \"" + identifier + "\" " + UniqueWorld::Tagged(tag) + "} ";
  };
  CHECK(world.Stream(row("88.118.8/A", "t1") + row("88.118.8/B", "t1") + row("88.118.8/A", "t1")) ==
        "100 CREATED 88.118.8/A leaf 1 etag 1\n101 " + kTaken +
            "\n102 UNCHANGED 88.118.8/A leaf 1 etag 1\n");
}

TEST_CASE("minted records have unique values too") {
  UniqueWorld world;
  const std::string mint = R"(mint { prefix: "88.118.8" pattern: "S-{serial:3}" } )";
  CHECK(world.Register(mint + UniqueWorld::Tagged("t1"), "q1") ==
        "CREATED 88.118.8/S-001 leaf 1 etag 1");
  CHECK(world.Register(mint + UniqueWorld::Tagged("t1"), "q2") ==
        "ALREADY_EXISTS VALUE_NOT_UNIQUE attribute=tag taken_by=88.118.8/S-001 "
        "template=88.118.8/T value=t1");
  CHECK(world.Register(mint + UniqueWorld::Tagged("t1"), "q1") ==
        "UNCHANGED 88.118.8/S-001 leaf 1 etag 1");
}

TEST_CASE("digests are 32 bytes, are shown as such, and are no values to look up or compare") {
  UniqueWorld world;
  const std::string digest(32, 'd');
  const auto seal = [](const std::string& data) {
    return R"(values { type: "seal" is_digest: true data: ")" + data + "\" }";
  };
  CHECK(world.RegisterTagged("88.118.8/A", "t1", seal("short"))
            .find("INVALID_ARGUMENT FIELD_INVALID") == 0);
  CHECK(world.RegisterTagged("88.118.8/A", "t1", seal(digest)).starts_with("CREATED"));
  CHECK(world.RegisterTagged("88.118.8/B", "t2", seal(digest)).starts_with("CREATED"));
  v1::GetRecordRequest request;
  request.set_name("88.118.8/A");
  v1::Record shown;
  REQUIRE(world.resolver().GetRecord(request, world.Writer("sz-pumps"), &shown).ok());
  REQUIRE(shown.values_size() == 3);
  CHECK(shown.values(2).is_digest());
  CHECK(shown.values(2).data() == digest);
  CHECK_FALSE(shown.values(1).is_digest());
  CHECK(world.List("attributes { name: \"seal\" equals: \"" + digest + "\" }").empty());
}

}  // namespace
}  // namespace gusu::server
