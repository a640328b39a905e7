// Checking the answer of a code that has no record of its own: the leaf is that of its serial
// range, and it must be a range that has the code.
#include <catch2/catch.hpp>
#include <functional>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/identifier.h"
#include "proto/range_canonical.h"
#include "proto/range_pattern.h"
#include "proto/record_canonical.h"
#include "tests/client/audit_answer.h"

namespace gusu::test {
namespace {

storage::v1::SerialRangeRow Bolts(const std::string& pattern = "BOLT-{serial:4}{check}") {
  storage::v1::SerialRangeRow range;
  range.set_prefix("88.118.8");
  range.set_pattern_number(2);
  range.set_pattern(pattern);
  range.set_first_serial(11);
  range.set_last_serial(20);
  range.set_parent_last_serial(100);
  *range.mutable_record() = RowOfLevel("", 3, "");
  AddValue(*range.mutable_record(), 2000, "name", "Bolt", 1);
  AddValue(*range.mutable_record(), 2011, "note", "ours", 3);
  return range;
}

// A log whose leaf 1 is the range's.
FakeLog LogOf(storage::v1::SerialRangeRow range,
              const std::string& resource = "prefixes/88.118.8/serialRanges/2-20") {
  FakeLog log;
  log.AppendMany(1);
  Seal(range);
  const storage::v1::RecordRow& record = range.record();
  Change change;
  change.operation = Operation::kActivateRange;
  change.resource = resource;
  change.registrant = "sz-pumps";
  change.actor = "registrants/sz-pumps";
  log.Append(change, {{"BODY", CanonicalBody(range), record.body_salt(), "", false},
                      {"PUBLIC", CanonicalTier(record, 1), record.public_salt(), "", false},
                      {"OWNER", CanonicalTier(record, 3), record.owner_salt(), "", false}});
  log.AppendMany(1);
  return log;
}

// As a server answers a Resolve of the code.
AnswerProof AnswerOf(const FakeLog& log, const std::string& code) {
  AnswerProof answer = log.ProveAnswer(1, {});
  LatestStatement statement = log.Statement(1, answer.identifier_salt);
  statement.identifier_hash =
      IdentifierHash(answer.identifier_salt, Identifier::Parse(code).value().name());
  answer.statement = log.Sign(FormatLatestStatement(statement).value());
  return answer;
}

std::string CodeOf(const std::string& pattern, uint64_t serial, const std::string& key = "") {
  return "88.118.8/" +
         RangePattern::Parse(pattern, CheckScheme::kMod37_36, key).value().Expand(serial).value();
}

std::string MessageOf(const FakeLog& log, const std::string& code, const std::string& asked) {
  const auto verified = VerifyAnswer(AnswerOf(log, code), {log.vkey()}, asked);
  return verified ? "verified" : verified.status().reason + ": " + verified.status().message;
}

TEST_CASE("a code of a serial range is proven by the range's leaf") {
  const std::string code = CodeOf(Bolts().pattern(), 15);
  const FakeLog log = LogOf(Bolts());
  const auto verified = VerifyAnswer(AnswerOf(log, code), {log.vkey()}, code);
  INFO(verified.status().message);
  REQUIRE(verified);
  CHECK(verified->serial_range == "prefixes/88.118.8/serialRanges/2-20");
  CHECK_FALSE(verified->serial_is_stated);
  CHECK(verified->content.identifier == code);
  CHECK(verified->content.name == Identifier::Parse(code).value().name());
  CHECK(verified->content.state == State::kActive);
  CHECK(verified->content.issued_by == "registrants/sz-pumps");
  REQUIRE(verified->content.values.size() == 2);
  CHECK(verified->content.values[0].data == "Bolt");
  CHECK(verified->content.revision == log.change(1).revision);
  CHECK(verified->content.leaf_index == 1);
}

TEST_CASE("the code may be asked in any case, and stands as its pattern writes it") {
  const std::string code = CodeOf("Bolt-{serial:4}", 11);
  const FakeLog log = LogOf(Bolts("Bolt-{serial:4}"));
  const auto verified = VerifyAnswer(AnswerOf(log, code), {log.vkey()}, "88.118.8/BOLT-0011");
  REQUIRE(verified);
  CHECK(verified->content.identifier == "88.118.8/Bolt-0011");
}

TEST_CASE("a code that is none of the range's is not proven by it") {
  const std::string pattern = "BOLT-{serial:4}";
  const FakeLog log = LogOf(Bolts(pattern));
  REQUIRE(MessageOf(log, CodeOf(pattern, 11), CodeOf(pattern, 11)) == "verified");
  REQUIRE(MessageOf(log, CodeOf(pattern, 20), CodeOf(pattern, 20)) == "verified");
  for (const std::string code :
       {"88.118.8/BOLT-0010", "88.118.8/BOLT-0021", "88.118.8/BOLT-015", "88.118.8/BOLT-00015",
        "88.118.8/NUT-0015", "88.118.9/BOLT-0015", "88.118.8/BOLT-0015-X"}) {
    INFO(code);
    CHECK(MessageOf(log, code, code)
              .find("PROOF_INVALID: prefixes/88.118.8/serialRanges/2-20: has "
                    "serials 11 to 20 of BOLT-{serial:4}, and not " +
                    code) == 0);
  }
}

TEST_CASE("wrong check characters are no code of the range") {
  const std::string code = CodeOf(Bolts().pattern(), 15);
  const FakeLog log = LogOf(Bolts());
  int proven = 0;
  for (const char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
    const std::string other = code.substr(0, code.size() - 1) + c;
    proven += MessageOf(log, other, other) == "verified" ? 1 : 0;
  }
  // Its own one; the schemes of digits do not take the pattern's letters.
  CHECK(proven == 1);
}

TEST_CASE("the answer of a range must be asked of a code") {
  const std::string code = CodeOf("BOLT-{serial:4}", 15);
  const FakeLog log = LogOf(Bolts("BOLT-{serial:4}"));
  CHECK(MessageOf(log, code, "").find("PROOF_INVALID") == 0);
  CHECK(MessageOf(log, code, "88.118.8/BOLT-0016").find("is not what the statement is of") !=
        std::string::npos);
}

TEST_CASE("a range's content is refused under another range's name") {
  const std::string code = CodeOf("BOLT-{serial:4}", 15);
  for (const char* resource :
       {"prefixes/88.118.8/serialRanges/2-21", "prefixes/88.118.8/serialRanges/1-20",
        "prefixes/88.118.9/serialRanges/2-20"}) {
    INFO(resource);
    const FakeLog log = LogOf(Bolts("BOLT-{serial:4}"), resource);
    CHECK(MessageOf(log, code, code).find("has the content of") != std::string::npos);
  }
}

TEST_CASE("of a permuted range the form is proven and the serial only stated") {
  const std::string pattern = "V-{permuted:6}";
  const std::string code = CodeOf(pattern, 15, std::string(32, 'k'));
  const FakeLog log = LogOf(Bolts(pattern));
  const auto verified = VerifyAnswer(AnswerOf(log, code), {log.vkey()}, code);
  REQUIRE(verified);
  CHECK(verified->serial_is_stated);
  CHECK(verified->content.identifier == code);
  CHECK(MessageOf(log, "88.118.8/V-12345", "88.118.8/V-12345").find("PROOF_INVALID") == 0);
  // The statement is of the one code that was asked.
  CHECK(MessageOf(log, code, "88.118.8/V-000000").find("is not what the statement is of") !=
        std::string::npos);
}

TEST_CASE("no byte of a range's proof can be changed") {
  const std::string code = CodeOf("BOLT-{serial:4}", 15);
  const FakeLog log = LogOf(Bolts("BOLT-{serial:4}"));
  const AnswerProof whole = AnswerOf(log, code);
  const auto refused = [&](const std::function<void(AnswerProof&)>& change) {
    AnswerProof changed = whole;
    change(changed);
    return !VerifyAnswer(changed, {log.vkey()}, code);
  };
  REQUIRE_FALSE(refused([](AnswerProof&) {}));
  for (const size_t part : {size_t{0}, size_t{1}, size_t{2}}) {
    const size_t size = whole.record.parts[part].content.size();
    for (size_t byte = 0; byte < size; ++byte) {
      const bool is_refused = refused([&](AnswerProof& proof) {
        std::string& content = proof.record.parts[part].content;
        content[byte] = static_cast<char>(content[byte] ^ 1);
      });
      INFO("part " << part << " byte " << byte);
      REQUIRE(is_refused);
    }
  }
  CHECK(refused([](AnswerProof& proof) { proof.record.parts.erase(proof.record.parts.begin()); }));
  CHECK(refused([](AnswerProof& proof) { proof.identifier_salt[0] ^= 1; }));
}

}  // namespace
}  // namespace gusu::test
