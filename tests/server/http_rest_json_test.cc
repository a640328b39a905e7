// Messages of the API from JSON, and from the parameters of a query.
#include <catch2/catch.hpp>

#include "gusu/v1/registrar.pb.h"
#include "gusu/v1/registry.pb.h"
#include "gusu/v1/resolver.pb.h"
#include "proto/error.h"
#include "proto/text.h"
#include "proto/utf8.h"
#include "server/doors/http/rest/message_json.h"
#include "server/doors/http/rest/message_query.h"

namespace gusu::server {
namespace {

// The message as text, or the fault: `FIELD_INVALID row.level: …`.
std::string Show(const absl::Status& status, const google::protobuf::Message& message) {
  if (status.ok()) return message.ShortDebugString();
  CHECK(status.code() == absl::StatusCode::kInvalidArgument);
  std::string shown = ErrorReason(status);
  for (const char* key : {"field", "value", "octet", "text", "parts_max", "depth_max"}) {
    const std::string value = ErrorMetadataValue(status, key);
    if (!value.empty()) shown += Concat(" ", key, "=", value);
  }
  return shown;
}

template <typename Request>
std::string Read(std::string_view json) {
  Request request;
  const absl::Status status = FromJson(json, &request);
  return Show(status, request);
}

std::string Row(std::string_view json) {
  return Read<v1::RegisterRequest>(Concat(R"({"row": )", json, "}"));
}

template <typename Request>
std::string Query(const std::string& query) {
  Request request;
  const auto pairs = ParseForm(query);
  REQUIRE(pairs.ok());
  const absl::Status status = FromQuery(*pairs, &request);
  return Show(status, request);
}

TEST_CASE("JSON is read with both kinds of names and every form of a value") {
  CHECK(Row(R"({"identifier": "88.118.8/泵\n", "level": "ITEM", "state": 2,
                "instance_of": {"identifier": "x", "revision": "18446744073709551615"},
                "origin": {"evidenceSha256": "AP8="},
                "effectiveTime": "2026-11-23T14:18:15.5+08:00",
                "values": [{"index": 2.0, "data": "_-8", "cache_until": "2026-11-23T06:18:15Z"},
                           {"index": "7", "is_digest": true, "data": null}]})") ==
        "row { identifier: \"88.118.8/\\346\\263\\265\\n\" level: ITEM instance_of { identifier: "
        "\"x\" revision: 18446744073709551615 } values { index: 2 data: \"\\377\\357\" cache_until "
        "{ seconds: 1795414695 } } values { index: 7 is_digest: true } origin { evidence_sha256: "
        "\"\\000\\377\" } effective_time { seconds: 1795414695 nanos: 500000000 } state: ACTIVE }");
  CHECK(Read<v1::RegisterRequest>("") == "");
  CHECK(Read<v1::RegisterRequest>(" \r\n") == "");
  CHECK(Read<v1::RegisterRequest>("{}") == "");
  CHECK(Read<v1::GetPrefixRequest>(R"({"name": null})") == "");
  CHECK(Read<v1::UpdatePrefixRequest>(R"({"quota": 0})") == "quota: 0");
}

TEST_CASE("a time has an exact form, and one out of the years 1 to 9999 is refused") {
  const auto read = [](std::string_view time) {
    return Read<v1::ResolveRequest>(Concat(R"({"options": {"as_of_time": ")", time, "\"}}"));
  };
  CHECK(read("1969-12-31T23:59:59.25Z") ==
        "options { as_of_time { seconds: -1 nanos: 250000000 } }");
  CHECK(read("2026-11-23T06:18:15.000000001+08:00") ==
        "options { as_of_time { seconds: 1795385895 nanos: 1 } }");
  // The first two ended the process, once.
  for (const char* time : {"9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00",
                           "2026-11-23T06:18:15Z\\u0000", "2026-11-23T6:18:15Z"}) {
    CHECK(read(time).starts_with("FIELD_INVALID field=options.as_of_time value="));
  }
}

TEST_CASE("base64 is read in one form only, with or without padding") {
  const auto read = [](std::string_view data) {
    return Row(Concat(R"({"values": [{"data": ")", data, "\"}]}"));
  };
  for (const char* data : {"+/8=", "+/8", "-_8=", "-_8"}) {
    CHECK(read(data) == "row { values { data: \"\\373\\377\" } }");
  }
  CHECK(read("") == "row { values { } }");
  // Blanks are what "+" of a query becomes; the bits behind "B" belong to no byte.
  for (const char* data : {" /8=", "+ /8", "+/8= ", "\\n+/8=", "-/8=", "+_8", "AB==", "AAB=", "A",
                           "A===", "AA=", "AA===", "AAAA=", "=", "AA==AA=="}) {
    INFO(data);
    CHECK(read(data).starts_with("FIELD_INVALID field=row.values[0].data"));
  }
}

TEST_CASE("what is no JSON object is told with its place") {
  CHECK(Read<v1::RegisterRequest>("{\"row\": {]") ==
        "BODY_MALFORMED field=row octet=10 text={\"row\": {]");
  CHECK(Read<v1::RegisterRequest>("{\"row\":") == "BODY_MALFORMED field=row octet=8");
  CHECK(Read<v1::RegisterRequest>("{} {}") == "BODY_MALFORMED octet=4 text={} {");
  CHECK(Read<v1::RegisterRequest>("{row: {}}") == "BODY_MALFORMED octet=2 text={r");
  CHECK(Read<v1::RegisterRequest>("{'row': {}}") == "BODY_MALFORMED octet=2 text={'");
  CHECK(Read<v1::RegisterRequest>("{\"row\": {},}") ==
        "BODY_MALFORMED octet=12 text={\"row\": {},}");
  CHECK(Read<v1::RegisterRequest>("{\"row\": {\"identifier\": \"\xff\"}}") ==
        "BODY_MALFORMED field=row.identifier octet=25 text=\"row\": {\"identifier\": \"\uFFFD");
  CHECK(Read<v1::RegisterRequest>(R"({"row": {"identifier": "\ud800"}})") ==
        "BODY_MALFORMED field=row.identifier octet=31 text= {\"identifier\": \"\\ud800\"");
  for (const char* other : {"[]", "7", "\"x\"", "null", "true", "\xef\xbb{}"}) {
    CHECK(Read<v1::RegisterRequest>(Concat(" \n", other)) ==
          Concat("BODY_MALFORMED octet=3 text=", ToUtf8(other)));
  }
  CHECK(Read<v1::RegisterRequest>("[" + std::string(5000, 'x')) ==
        Concat("BODY_MALFORMED octet=1 text=[", std::string(99, 'x')));
}

TEST_CASE("a field that a message does not have, or of another kind, is named") {
  CHECK(Read<v1::RegisterRequest>(R"({"rows": []})") == "FIELD_INVALID field=rows");
  CHECK(Row(R"({"values": [{}, {"dta": 1}]})") == "FIELD_INVALID field=row.values[1].dta");
  CHECK(Row(R"({"identifier": 7})") == "FIELD_INVALID field=row.identifier value=7");
  CHECK(Row(R"({"identifier": {}})") == "FIELD_INVALID field=row.identifier value={");
  CHECK(Row(R"({"identifier": ["x"]})") == "FIELD_INVALID field=row.identifier value=[");
  CHECK(Row(R"({"level": "PART"})") == "FIELD_INVALID field=row.level value=PART");
  CHECK(Row(R"({"level": 9})") == "FIELD_INVALID field=row.level value=9");
  CHECK(Row(R"({"level": true})") == "FIELD_INVALID field=row.level value=true");
  CHECK(Row(R"({"values": {}})") == "FIELD_INVALID field=row.values value={");
  CHECK(Row(R"({"values": "x"})") == "FIELD_INVALID field=row.values value=x");
  CHECK(Row(R"({"values": [[]]})") == "FIELD_INVALID field=row.values[0] value=[");
  CHECK(Row(R"({"values": [{}, null]})") == "FIELD_INVALID field=row.values[1] value=null");
  CHECK(Row(R"({"values": [{"index": -1}]})") ==
        "FIELD_INVALID field=row.values[0].index value=-1");
  CHECK(Row(R"({"values": [{"index": 1.5}]})") ==
        "FIELD_INVALID field=row.values[0].index value=1.5");
  CHECK(Row(R"({"values": [{"index": 4294967296}]})") ==
        "FIELD_INVALID field=row.values[0].index value=4294967296");
  CHECK(Row(R"({"values": [{"index": true}]})") ==
        "FIELD_INVALID field=row.values[0].index value=true");
  CHECK(Row(R"({"values": [{"is_digest": "true"}]})") ==
        "FIELD_INVALID field=row.values[0].is_digest value=true");
  CHECK(Row(R"({"values": [{"data": "??"}]})") ==
        "FIELD_INVALID field=row.values[0].data value=\?\?");
  CHECK(Row(R"({"instance_of": {"revision": 18446744073709551616}})") ==
        "FIELD_INVALID field=row.instance_of.revision value=18446744073709551616");
  CHECK(Row(R"({"effective_time": "yesterday"})") ==
        "FIELD_INVALID field=row.effective_time value=yesterday");
  CHECK(Row(R"({"effective_time": {"seconds": 1}})") ==
        "FIELD_INVALID field=row.effective_time value={");
  CHECK(Row(R"("x")") == "FIELD_INVALID field=row value=x");
}

TEST_CASE("nothing of a text is passed over, and a byte order mark is none of it") {
  using std::string_view_literals::operator""sv;
  CHECK(Read<v1::RegisterRequest>("\xef\xbb\xbf{\"row\": {}}") == "row { }");
  CHECK(Read<v1::RegisterRequest>("\xef\xbb\xbf") == "");
  CHECK(Read<v1::RegisterRequest>("\xef\xbb\xbf []") == "BODY_MALFORMED octet=5 text=[]");
  for (const std::string_view json : {"{}\0"sv, "{}\0{]"sv, "{\0}"sv}) {
    CHECK(Read<v1::RegisterRequest>(json).starts_with("BODY_MALFORMED octet="));
  }
  CHECK(Read<v1::RegisterRequest>("{} // more") == "BODY_MALFORMED octet=4 text={} /");
}

TEST_CASE("a number that no machine holds is its field's fault") {
  CHECK(Row(R"({"values": [{"index": 1e999}]})") ==
        "FIELD_INVALID field=row.values[0].index value=1e999");
  CHECK(Row(R"({"values": [{"index": -1e999}]})") ==
        "FIELD_INVALID field=row.values[0].index value=-1e999");
}

TEST_CASE("a field that is null is not given, also of a choice") {
  CHECK(Row(R"({"identifier": null, "mint": {}})") == "row { mint { } }");
  CHECK(Row(R"({"identifier": "x", "mint": null})") == "row { identifier: \"x\" }");
  CHECK(Row(R"({"identifier": null, "mint": null, "values": null, "level": null})") == "row { }");
}

TEST_CASE("a value of an enumeration that there is not is told with those that there are") {
  v1::RegisterRequest request;
  const absl::Status status = FromJson(R"({"row": {"level": "PART"}})", &request);
  CHECK(status.message() == "field row.level: PART is no Level: MODEL, BATCH, ITEM");
  v1::ListTemplatesRequest list;
  CHECK(FromQuery({{"page_size", ""}}, &list).message() ==
        "field page_size: an empty text is no whole number from 0 to 4294967295");
}

TEST_CASE("a field that is given twice, or beside another of its choice, is refused") {
  CHECK(Row(R"({"level": "ITEM", "level": "ITEM"})") == "FIELD_INVALID field=row.level");
  CHECK(Row(R"({"effective_time": null, "effectiveTime": null})") ==
        "FIELD_INVALID field=row.effective_time");
  CHECK(Row(R"({"identifier": "x", "mint": {}})") == "FIELD_INVALID field=row.mint");
  CHECK(Query<v1::ResolveRequest>("identifier=x&identifier=x") ==
        "FIELD_INVALID field=identifier value=x");
  CHECK(Query<v1::ResolveRequest>("options.as_of_date=2026-01-01&options.asOfTime="
                                  "2026-01-01T00:00:00Z") ==
        "FIELD_INVALID field=options.asOfTime value=2026-01-01T00:00:00Z");
}

TEST_CASE("depth and parts of JSON are bounded") {
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += R"({"amendment": {"proposed": )";
  CHECK(Read<v1::UpdateRegistrantRequest>(Concat(R"({"registrant": )", deep)) ==
        "BODY_MALFORMED depth_max=32");
  std::string wide = R"({"identifiers": [)";
  for (size_t i = 0; i < kJsonPartsMax; ++i) wide += i == 0 ? "\"\"" : ",\"\"";
  CHECK(Read<v1::BatchResolveRequest>(wide + "]}") == "BODY_MALFORMED parts_max=262144");
}

TEST_CASE("a query sets fields by their names, nested and repeated") {
  CHECK(Query<v1::ResolveRequest>("identifier=88.118.8%2FHP+1&options.types=URL&options.types=a."
                                  "&options.indexes=7&options.includeProof=true") ==
        "identifier: \"88.118.8/HP 1\" options { types: \"URL\" types: \"a.\" indexes: 7 "
        "include_proof: true }");
  CHECK(Query<v1::ListRecordsRequest>("attributes.name=a&attributes[0].equals=1&attributes[1].name="
                                      "b&level=3&create_time.from=2026-11-23T06:18:15Z") ==
        "level: ITEM attributes { name: \"a\" equals: \"1\" } attributes { name: \"b\" } "
        "create_time { from { seconds: 1795414695 } }");
  CHECK(Query<v1::ResolveRequest>("options.types[0]=URL&options.types[1]=a.&options.types=b") ==
        "options { types: \"URL\" types: \"a.\" types: \"b\" }");
  CHECK(Query<v1::ResolveRequest>("") == "");
}

TEST_CASE("a query's parameter that names no field, or has no value of its kind, is named") {
  CHECK(Query<v1::ResolveRequest>("id=x") == "FIELD_INVALID field=id value=x");
  CHECK(Query<v1::ResolveRequest>("options.tipes=x") ==
        "FIELD_INVALID field=options.tipes value=x");
  CHECK(Query<v1::ResolveRequest>("options=x") == "FIELD_INVALID field=options value=x");
  CHECK(Query<v1::ResolveRequest>("identifier.x=y") == "FIELD_INVALID field=identifier.x value=y");
  CHECK(Query<v1::ResolveRequest>("=x") == "FIELD_INVALID value=x");
  CHECK(Query<v1::ResolveRequest>("options.include_proof=1") ==
        "FIELD_INVALID field=options.include_proof value=1");
  CHECK(Query<v1::ResolveRequest>("options.indexes=1e9x") ==
        "FIELD_INVALID field=options.indexes value=1e9x");
  CHECK(Query<v1::ListRecordsRequest>("attributes[1].name=a") ==
        "FIELD_INVALID field=attributes[1].name value=a");
  // A number is of a list's element, and elements come in order.
  CHECK(Query<v1::ResolveRequest>("identifier[0]=x") ==
        "FIELD_INVALID field=identifier[0] value=x");
  CHECK(Query<v1::ResolveRequest>("options[0].types=x") ==
        "FIELD_INVALID field=options[0].types value=x");
  CHECK(Query<v1::ResolveRequest>("options.types[1]=x") ==
        "FIELD_INVALID field=options.types[1] value=x");
  CHECK(Query<v1::ResolveRequest>("options.types=x&options.types[0]=y") ==
        "FIELD_INVALID field=options.types[0] value=y");
  for (const char* index :
       {"attributes[", "attributes[]", "attributes[x]", "attributes[0", "attributes[0]]",
        "attributes[-1]", "attributes[99999999999999999999]"}) {
    CHECK(Query<v1::ListRecordsRequest>(Concat(index, ".name=a")) ==
          Concat("FIELD_INVALID field=", index, ".name value=a"));
  }
  CHECK(Query<v1::ListRecordsRequest>(std::string(5000, 'a') + "=x") ==
        Concat("FIELD_INVALID field=", std::string(100, 'a'), " value=x"));
}

TEST_CASE("a path's field stands for itself, and a body that says another is refused") {
  v1::SetGroupRequest request;
  REQUIRE(SetPathField("group.name", "registrants/a/groups/b", &request).ok());
  CHECK(request.ShortDebugString() == "group { name: \"registrants/a/groups/b\" }");
  REQUIRE(SetPathField("group.name", "registrants/a/groups/b", &request).ok());
  CHECK(Show(SetPathField("group.name", "registrants/a/groups/c", &request), request) ==
        "FIELD_INVALID field=group.name value=registrants/a/groups/b");
}

TEST_CASE("an answer is written with the names of the .proto files and without empty fields") {
  v1::ResolveResponse response;
  auto& record = *response.mutable_record();
  record.set_identifier("88.118.8/<泵>");
  record.set_template_version(2);
  record.set_revision(1795414695000000);
  record.set_state(v1::Record::ACTIVE);
  record.mutable_create_time()->set_seconds(1795414695);
  record.add_values()->set_data(std::string("\x00\xff", 2));
  record.add_withheld_tiers(v1::PARTNER);
  record.add_withheld_tiers(v1::OWNER);
  const auto json = ToJson(response);
  REQUIRE(json.ok());
  CHECK(*json ==
        "{\"record\":{\"identifier\":\"88.118.8/\\u003c泵\\u003e\",\"template_version\":2,"
        "\"state\":\"ACTIVE\",\"values\":[{\"data\":\"AP8=\"}],\"create_time\":"
        "\"2026-11-23T06:18:15Z\",\"revision\":\"1795414695000000\",\"withheld_tiers\":["
        "\"PARTNER\",\"OWNER\"]}}");
  record.set_owner("\xff");
  CHECK(ToJson(response).status().code() == absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace gusu::server
