// Answers as JSON.
#include "gusu/json.h"

#include <catch2/catch.hpp>

#include "gusu/client.h"

namespace gusu::test {
namespace {

TEST_CASE("an answer is one line of JSON without empty fields") {
  ResolveAnswer answer;
  answer.record.identifier = "88.118.8/HP-1";
  answer.record.level = Level::kItem;
  answer.record.instance_of = InstanceOf{"88.118.8/HP", 0};
  answer.record.values = {TextValue("name", "水泵 \"1\"\n", Tier::kPublic),
                          TextValue("blob", std::string("\x00\xff", 2))};
  answer.record.values[0].ttl_seconds = 0;
  answer.record.create_time = ParseTimestamp("2026-11-23T06:18:15Z");
  answer.record.revision = 1795414695000000;
  answer.read_revision = 1795414695000001;
  CHECK(ToJson(answer) ==
        R"({"record":{"identifier":"88.118.8/HP-1","level":"ITEM",)"
        R"("instance_of":{"identifier":"88.118.8/HP"},)"
        R"("values":[{"type":"name","data":"水泵 \"1\"\n","ttl_seconds":0,"tier":"PUBLIC"},)"
        R"({"type":"blob","data_base64":"AP8="}],"create_time":"2026-11-23T06:18:15Z",)"
        R"("revision":1795414695000000},"read_revision":1795414695000001})");
}

TEST_CASE("outcomes carry an answer or an error") {
  CHECK(ToJson(ResolveOutcome{
            "x", Status{StatusCode::kNotFound, "no", "PREFIX_NOT_FOUND", {{"prefix", "x"}}}}) ==
        R"({"identifier":"x","error":{"code":"NOT_FOUND","reason":"PREFIX_NOT_FOUND",)"
        R"("message":"no","metadata":{"prefix":"x"}}})");
  CHECK(ToJson(RowOutcome{0, RegisterResult{"x", "", Outcome::kUnchanged, {}, ""}}) ==
        R"({"row_index":0,"result":{"identifier":"x","outcome":"UNCHANGED",)"
        R"("receipt":{"leaf_index":0}}})");
}

TEST_CASE("text that is not UTF-8 becomes replacement characters in a JSON string") {
  CHECK(JsonString("a\xff\x01z") == "\"a\xef\xbf\xbd\\u0001z\"");
  CHECK(JsonString("\xed\xa0\x80") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace gusu::test
