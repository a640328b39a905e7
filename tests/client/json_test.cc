// Answers as JSON.
#include "gusu/json.h"

#include <catch2/catch.hpp>

#include "gusu/client.h"
#include "gusu/client_c.h"
#include "tests/client/audit_answer.h"
#include "tests/random.h"

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

TEST_CASE("proofs survive the way to JSON and back") {
  const FakeLog log = LogOfPumps();
  const AnswerProof answer = AnswerOfPump(log);
  const std::string json = ToJson(answer);
  const Result<AnswerProof> back = AnswerProofFromJson(json);
  REQUIRE(back.status() == Status{});
  CHECK(ToJson(*back) == json);
  CHECK(VerifyAnswer(*back, {log.vkey()}).ok());
  ResolveAnswer whole;
  whole.proof = answer;
  CHECK(ToJson(*AnswerProofFromJson(ToJson(whole))) == json);
  // With other spaces, escapes and order, as other programs write it.
  const Result<LeafProof> leaf = LeafProofFromJson(
      " {\n\"salt\" : \"AQI=\", \"parts\":[ "
      "{\"erased\":true,\"label\":\"\\u0050\\ud83d\\uDE00\\/\"} ] }\t");
  REQUIRE(leaf.status() == Status{});
  CHECK(ToJson(*leaf) == R"({"salt":"AQI=","parts":[{"label":"P😀/","erased":true}]})");
}

TEST_CASE("what is not the JSON of a proof is refused with its place") {
  const auto at = [](const std::string& json) {
    const Status status = LeafProofFromJson(json).status();
    CHECK(status.reason == "JSON_MALFORMED");
    return status.metadata.count("at") == 0 ? "" : status.metadata.at("at");
  };
  CHECK(at("") == "0");
  CHECK(at("{") == "1");
  CHECK(at("{} x") == "3");
  CHECK(at(R"({"leaf":"",})") == "11");
  CHECK(at(R"({"leaf":"","leaf":""})") == "18");
  CHECK(at("{\"tlog_proof\":\"a\nb\"}") == "16");
  CHECK(at("{\"tlog_proof\":\"\xff\"}") == "15");
  CHECK(at(R"({"tlog_proof":"\ud800"})") == "21");
  CHECK(at(R"({"tlog_proof":01})") == "15");
  CHECK(at(R"({"unknown":""})") == "unknown");
  CHECK(at(R"({"leaf":"AB"})") == "leaf");
  CHECK(at(R"({"leaf":5})") == "leaf");
  CHECK(at(R"({"parts":{}})") == "parts");
  CHECK(at(R"({"parts":[{"label":"A"},{"salt":"?"}]})") == "parts[1].salt");
  CHECK(at(R"({"parts":[{"erased":false}]})") == "parts[0].erased");
  CHECK(at("[]").empty());
  CHECK(at(std::string(100000, '[')) == "33");
  CHECK(AnswerProofFromJson(R"({"proof":{"record":{"leaf":1}}})").status().metadata.at("at") ==
        "proof.record.leaf");
}

TEST_CASE("every other JSON of a proof is refused or is another proof") {
  Random random("proof json");
  const std::string json = ToJson(AnswerOfPump(LogOfPumps()));
  for (int i = 0; i < 3000; ++i) {
    std::string other = json;
    other[random.Below(other.size())] = static_cast<char>(random.Below(256));
    const Result<AnswerProof> read = AnswerProofFromJson(other);
    if (read && other != json) CHECK(ToJson(*read) != json);
  }
}

TEST_CASE("the C interface verifies an answer from its JSON") {
  const FakeLog log = LogOfPumps();
  const std::string json = ToJson(AnswerOfPump(log));
  gusu_error error = {};
  char* verified = gusu_verify_answer(json.c_str(), (log.vkey() + "\n").c_str(), nullptr, &error);
  REQUIRE(verified != nullptr);
  CHECK(verified == ToJson(*VerifyAnswer(AnswerOfPump(log), {log.vkey()})));
  gusu_free(verified);
  CHECK(gusu_verify_answer(json.c_str(), log.vkey().c_str(), "88.118.8/HP/2", &error) == nullptr);
  CHECK(std::string(error.reason) == "PROOF_INVALID");
  gusu_error_clear(&error);
}

TEST_CASE("a receipt shows its proof, or why there is none") {
  Receipt receipt;
  receipt.leaf_index = 3;
  receipt.proof = LeafProof{"l", "t", "", "", {}};
  CHECK(ToJson(receipt) == R"({"leaf_index":3,"proof":{"leaf":"bA==","tlog_proof":"t"}})");
  receipt.proof.reset();
  receipt.proof_error = {StatusCode::kUnavailable, "no", "ANCHOR_NOT_WRITABLE", {}};
  CHECK(ToJson(receipt) ==
        R"({"leaf_index":3,"proof_error":{"code":"UNAVAILABLE","reason":"ANCHOR_NOT_WRITABLE",)"
        R"("message":"no"}})");
  Record record;
  record.erased_tiers = {Tier::kPartner};
  CHECK(ToJson(record) == R"({"erased_tiers":["PARTNER"]})");
}

}  // namespace
}  // namespace gusu::test
