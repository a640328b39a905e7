#include "storage/keys.h"
#include "tests/server/registry_world.h"

namespace gusu::server {
namespace {

std::string Rows(const std::string& identifier, const std::string& name) {
  return "rows { identifier: \"" + identifier +
         R"(" template: "product" values { type: "name" data: ")" + name + "\" } } ";
}

const std::string kMinted =
    R"(rows { mint { prefix: "88.118.8" pattern: "S{serial:3}" } values { type: "A" data: "a" } } )";

TEST_CASE("a batch registers every row in one commit, and again leaves all unchanged") {
  RegistryWorld world;
  const std::string rows = Rows("88.118.8/A", "a") + Rows("88.118.8/B", "b");
  CHECK(world.Batch(rows) ==
        "CREATED 88.118.8/A leaf 0 etag 0\nCREATED 88.118.8/B leaf 1 etag 1\n");
  CHECK(world.Batch(rows) ==
        "UNCHANGED 88.118.8/A leaf 0 etag 0\nUNCHANGED 88.118.8/B leaf 1 etag 1\n");
  CHECK(world.Batch(Rows("88.118.8/C", "c") + rows) ==
        "CREATED 88.118.8/C leaf 2 etag 2\nUNCHANGED 88.118.8/A leaf 0 etag 0\n"
        "UNCHANGED 88.118.8/B leaf 1 etag 1\n");
}

TEST_CASE("one bad row refuses the batch, and every fault is counted") {
  RegistryWorld world;
  world.Batch(Rows("88.118.8/A", "a"));
  const std::string refused =
      world.Batch(Rows("88.118.8/B", "b") + Rows("88.118.8/A", "other") + Rows("88.118.8/C", "c"));
  CHECK(refused.starts_with("ALREADY_EXISTS IDENTIFIER_TAKEN"));
  CHECK(refused.find("faults_count=1") != refused.npos);
  CHECK(refused.find("rows[1]") != refused.npos);
  CHECK(refused.find("fields=name") != refused.npos);
  std::string rows;
  for (int i = 0; i < 12; ++i) rows += Rows("88.118.8/" + std::to_string(i), "");
  const std::string many = world.Batch(rows);
  CHECK(many.starts_with("INVALID_ARGUMENT TEMPLATE_VIOLATED"));
  CHECK(many.find("faults_count=12") != many.npos);
  CHECK(many.find("rows[9]") != many.npos);
  CHECK(many.find("rows[10]") == many.npos);
  CHECK(world.Leaves() == 1);
}

TEST_CASE("two rows of a batch cannot register the same code") {
  RegistryWorld world;
  const std::string refused =
      world.Batch(Rows("88.118.8/A", "a") + Rows("88.118.8/B", "b") + Rows("88.118.8/a", "a"));
  CHECK(refused.starts_with("INVALID_ARGUMENT ROW_DUPLICATE"));
  CHECK(refused.find("row=rows[0]") != refused.npos);
  CHECK(refused.find("other_row=rows[2]") != refused.npos);
  CHECK(world.Leaves() == 0);
}

TEST_CASE("a batch has 1 to 2000 rows") {
  RegistryWorld world;
  CHECK(world.Batch("") == "INVALID_ARGUMENT FIELD_MISSING field=rows");
  std::string rows;
  for (int i = 0; i < 2001; ++i) rows += Rows("88.118.8/" + std::to_string(i), "n");
  CHECK(world.Batch(rows) == "INVALID_ARGUMENT BATCH_TOO_LARGE rows=2001 rows_max=2000");
}

TEST_CASE("a batch that mints needs a request id, and gives the same codes for it") {
  RegistryWorld world;
  CHECK(world.Batch(kMinted) == "INVALID_ARGUMENT REQUEST_ID_MISSING field=request_id row=rows[0]");
  world.Batch(Rows("88.118.8/A", "a"));
  const std::string rows = kMinted + Rows("88.118.8/A", "a") + kMinted + Rows("88.118.8/B", "b");
  CHECK(world.Batch(rows + R"(request_id: "q")") ==
        "CREATED 88.118.8/S001 leaf 1 etag 1\nUNCHANGED 88.118.8/A leaf 0 etag 0\n"
        "CREATED 88.118.8/S002 leaf 2 etag 2\nCREATED 88.118.8/B leaf 3 etag 3\n");
  CHECK(world.Batch(rows + R"(request_id: "q")") ==
        "UNCHANGED 88.118.8/S001 leaf 1 etag 1\nUNCHANGED 88.118.8/A leaf 0 etag 0\n"
        "UNCHANGED 88.118.8/S002 leaf 2 etag 2\nUNCHANGED 88.118.8/B leaf 3 etag 3\n");
  CHECK(world.Batch(kMinted + R"(request_id: "q")")
            .starts_with("INVALID_ARGUMENT REQUEST_ID_REUSED"));
}

TEST_CASE("a batch that exceeds the quota registers nothing") {
  RegistryWorld world;
  std::string rows;
  for (int i = 0; i < 4; ++i) rows += Rows("88.118.11/" + std::to_string(i), "n");
  CHECK(world.Batch(rows) == "FAILED_PRECONDITION QUOTA_EXCEEDED prefix=88.118.11 quota=3");
  CHECK(world.Leaves() == 0);
}

TEST_CASE("a model and its items can come in one batch") {
  RegistryWorld world;
  const std::string item =
      R"(rows { identifier: "88.118.8/I" template: "product" instance_of { identifier: "88.118.8/M" } } )";
  const std::string model =
      R"(rows { identifier: "88.118.8/M" level: MODEL template: "product" values { type: "name" data: "Pump" } } )";
  CHECK(world.Batch(model + item) ==
        "CREATED 88.118.8/M leaf 0 etag 0\nCREATED 88.118.8/I leaf 1 etag 1\n");
}

TEST_CASE("each row of a stream has its own outcome, in order") {
  RegistryWorld world;
  CHECK(world.Stream(Rows("88.118.8/A", "a") + Rows("88.118.9/V", "v") + Rows("88.118.8/A", "a") +
                     Rows("88.118.8/a", "other") + kMinted + Rows("88.118.8/B", "b")) ==
        "100 CREATED 88.118.8/A leaf 0 etag 0\n"
        "101 PERMISSION_DENIED NOT_PREFIX_HOLDER prefix=88.118.9 "
        "registrant=registrants/sz-pumps\n"
        "102 UNCHANGED 88.118.8/A leaf 0 etag 0\n"
        "103 ALREADY_EXISTS IDENTIFIER_TAKEN fields=name fields_count=1 identifier=88.118.8/A\n"
        "104 INVALID_ARGUMENT REQUEST_ID_MISSING field=request_id\n"
        "105 CREATED 88.118.8/B leaf 1 etag 1\n");
}

TEST_CASE("a stream's model, batch and item can come in one message") {
  RegistryWorld world;
  CHECK(world.Stream(R"(
      rows { identifier: "88.118.8/M" level: MODEL values { type: "A" data: "a" } }
      rows { identifier: "88.118.8/B" level: BATCH instance_of { identifier: "88.118.8/m" } }
      rows { identifier: "88.118.8/I" instance_of { identifier: "88.118.8/B" } }
      rows { identifier: "88.118.8/J" instance_of { identifier: "88.118.8/X" } })") ==
        "100 CREATED 88.118.8/M leaf 0 etag 0\n101 CREATED 88.118.8/B leaf 1 etag 1\n"
        "102 CREATED 88.118.8/I leaf 2 etag 2\n"
        "103 FAILED_PRECONDITION INSTANCE_OF_REFUSED instance_of=88.118.8/X\n");
}

TEST_CASE("a stream's items can come in the message after their model's, before that is answered") {
  RegistryWorld world;
  const auto model = FromText<v1::StreamRegisterRequest>(
      "rows { identifier: '88.118.8/M-1' level: MODEL template: 'product' "
      "values { type: 'name' data: 'Pump' } }");
  const auto item = FromText<v1::StreamRegisterRequest>(
      "rows { identifier: '88.118.8/I-1' instance_of { identifier: '88.118.8/M-1' } "
      "template: 'product' }");
  const Caller writer = world.Writer("sz-pumps");
  std::promise<absl::StatusOr<v1::StreamRegisterResponse>> first, second;
  world.registry().RegisterRows(model, 0, writer,
                                [&first](auto response) { first.set_value(std::move(response)); });
  world.registry().RegisterRows(
      item, 1, writer, [&second](auto response) { second.set_value(std::move(response)); });
  CHECK(world.Show(first.get_future().get()->outcomes(0).result()) ==
        "CREATED 88.118.8/M-1 leaf 0 etag 0");
  const auto answer = second.get_future().get();
  REQUIRE(answer.ok());
  INFO(answer->ShortDebugString());
  CHECK(world.Show(answer->outcomes(0).result()) == "CREATED 88.118.8/I-1 leaf 1 etag 1");
}

TEST_CASE("a stream's minted row keeps its code for its request id") {
  RegistryWorld world;
  const std::string row =
      R"(rows { mint { prefix: "88.118.8" pattern: "S{serial:3}" } request_id: "x" })";
  CHECK(world.Stream(row) == "100 CREATED 88.118.8/S001 leaf 0 etag 0\n");
  CHECK(world.Stream(row) == "100 UNCHANGED 88.118.8/S001 leaf 0 etag 0\n");
}

TEST_CASE("a stream's request id is the record's, and refuses other content") {
  RegistryWorld world;
  const std::string a =
      R"(rows { identifier: "88.118.8/A" request_id: "x" values { type: "A" data: ")";
  CHECK(world.Stream(a + "1\" } }") == "100 CREATED 88.118.8/A leaf 0 etag 0\n");
  CHECK(world.Stream(a + "1\" } }") == "100 UNCHANGED 88.118.8/A leaf 0 etag 0\n");
  CHECK(world.Stream(a + "2\" } }") ==
        "100 INVALID_ARGUMENT REQUEST_ID_REUSED identifier=88.118.8/A request_id=x\n");
}

TEST_CASE("a stream message has 1 to 1000 rows") {
  RegistryWorld world;
  CHECK(world.Stream("") == "INVALID_ARGUMENT FIELD_MISSING field=rows");
  std::string rows;
  for (int i = 0; i < 1001; ++i) rows += Rows("88.118.8/" + std::to_string(i), "n");
  CHECK(world.Stream(rows) == "INVALID_ARGUMENT BATCH_TOO_LARGE rows=1001 rows_max=1000");
}

}  // namespace
}  // namespace gusu::server
