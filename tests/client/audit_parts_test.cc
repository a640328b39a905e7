// Reading canonical bytes: one content has one form, and every other is refused.
#include <catch2/catch.hpp>

#include "gusu/client.h"
#include "gusu/json.h"
#include "proto/canonical.h"
#include "proto/opening.h"
#include "proto/record_canonical.h"
#include "tests/client/audit_answer.h"
#include "tests/random.h"

namespace gusu::test {
namespace {

constexpr char kPump[] = "prefixes/88.118.8/records/HP-1";

Result<Record> ReadPart(const std::string& label, std::string content) {
  return ReadRecordParts(kPump, {{label, std::move(content), "", "", false}});
}

std::string TierOf(CanonicalWriter value) {
  CanonicalWriter tier(1);
  tier.Element(1, std::move(value).Take());
  return std::move(tier).Take();
}

TEST_CASE("other forms of a record's bytes are refused") {
  const auto body = [](const std::function<void(CanonicalWriter&)>& fill, uint8_t version = 1) {
    CanonicalWriter writer(version);
    fill(writer);
    return ReadPart("BODY", std::move(writer).Take()).status().reason;
  };
  const std::string malformed = "CANONICAL_BYTES_MALFORMED";
  CHECK(body([](CanonicalWriter& out) { out.Number(2, 3).Text(7, "a"); }).empty());
  CHECK(body([](CanonicalWriter&) {}, 2) == malformed);
  CHECK(body([](CanonicalWriter& out) { out.Number(2, 3).Number(2, 3); }) == malformed);
  CHECK(body([](CanonicalWriter& out) { out.Number(2, 4); }) == malformed);        // no such level
  CHECK(body([](CanonicalWriter& out) { out.Element(2, "3"); }) == malformed);     // no number
  CHECK(body([](CanonicalWriter& out) { out.Element(5, ""); }) == malformed);      // empty
  CHECK(body([](CanonicalWriter& out) { out.Element(5, "\xff"); }) == malformed);  // not UTF-8
  CHECK(body([](CanonicalWriter& out) { out.Number(4, 1); }) == malformed);        // of nothing
  CHECK(body([](CanonicalWriter& out) { out.Number(6, 1ULL << 32); }) == malformed);
  CHECK(body([](CanonicalWriter& out) { out.Text(11, "a"); }) == malformed);
  CHECK(body([](CanonicalWriter& out) { out.Text(12, "\1"); }) == malformed);  // an empty origin
  CHECK(body([](CanonicalWriter& out) { out.Number(13, 1ULL << 63); }) == malformed);
  CHECK(ReadPart("BODY", "\1\2").status().reason == malformed);

  const auto value = [](const std::function<void(CanonicalWriter&)>& fill) {
    CanonicalWriter writer(1);
    fill(writer);
    return ReadPart("PUBLIC", TierOf(std::move(writer))).status().reason;
  };
  CHECK(value([](CanonicalWriter& out) { out.Number(1, 5).Number(6, 1); }).empty());
  CHECK(value([](CanonicalWriter& out) { out.Number(1, 5).Number(6, 2); }) == malformed);
  CHECK(value([](CanonicalWriter& out) { out.Number(1, 5); }) == malformed);
  CHECK(value([](CanonicalWriter& out) { out.Number(1, 1ULL << 32).Number(6, 1); }) == malformed);
  CHECK(value([](CanonicalWriter& out) { out.Number(5, 2).Number(6, 1); }) == malformed);
  CHECK(value([](CanonicalWriter& out) { out.Number(4, 1ULL << 32).Number(6, 1); }) == malformed);
  CHECK(value([](CanonicalWriter& out) { out.Number(6, 1).Text(10, "x"); }) == malformed);
  CHECK(ReadPart("PUBLIC", "\1").status().reason == malformed);
  CHECK(ReadPart("SECRET", "\1").status().reason == "PROOF_INVALID");
  CHECK(ReadRecordParts("registrants/a", {}).status().reason == "PROOF_INVALID");
}

TEST_CASE("no two byte strings are read as the same content") {
  Random random("canonical bytes");
  const FakeLog log = LogOfPumps();
  const LeafProof proof = log.Prove(5);
  for (const ContentPart& part : proof.parts) {
    const std::string right = ToJson(*ReadPart(part.label, part.content));
    for (int i = 0; i < 4000; ++i) {
      std::string other = part.content;
      switch (random.Below(3)) {
        case 0:
          other[random.Below(other.size())] ^= static_cast<char>(1 << random.Below(8));
          break;
        case 1:
          other.insert(random.Below(other.size()), random.Bytes(1 + random.Below(3)));
          break;
        default:
          other.erase(random.Below(other.size()), 1 + random.Below(3));
      }
      if (other == part.content) continue;
      const Result<Record> read = ReadPart(part.label, other);
      if (read) CHECK(ToJson(*read) != right);
    }
  }
}

TEST_CASE("a registrant is read from its body") {
  storage::v1::RegistrantRow row;
  row.set_kind(2);
  row.set_legal_name("Suzhou Pumps");
  row.set_organization_code_scheme(1);
  row.set_organization_code("91320505MA1MDABC1X");
  row.set_district("320505");
  row.set_industry_class("3441");
  row.set_contact_person("Li Wei");
  row.set_state(2);
  row.set_claim_sha256(std::string(32, '\x80'));
  row.add_warnings("district differs");
  const ContentPart body{"BODY", CanonicalBody(row), "", "", false};
  const Result<Registrant> read = ReadRegistrantParts("registrants/sz-pumps", {body});
  REQUIRE(read.ok());
  CHECK(ToJson(*read) ==
        R"({"name":"registrants/sz-pumps","kind":"INSTITUTE","legal_name":"Suzhou Pumps",)"
        R"("organization_code":{"scheme":"USCC","value":"91320505MA1MDABC1X"},)"
        R"("district":"320505","industry_class":"3441","contact":{"person":"Li Wei"},)"
        R"("state":"ACTIVE","warnings":["district differs"]})");
  CHECK(ReadRegistrantParts("prefixes/88", {body}).status().reason == "PROOF_INVALID");
  CHECK(ReadRegistrantParts("registrants/a", {body, body}).status().reason == "PROOF_INVALID");
  ContentPart longer = body;
  longer.content += '\0';
  CHECK(ReadRegistrantParts("registrants/a", {longer}).status().reason ==
        "CANONICAL_BYTES_MALFORMED");
}

TEST_CASE("an opening says what its bytes say") {
  Change change;
  change.operation = Operation::kEraseValues;
  change.resource = kPump;
  change.registrant = "sz-pumps";
  change.actor = "bureau";
  change.credential = "c1";
  change.on_behalf_of = "registrants/sz-pumps";
  change.reason = "asked to";
  change.revision = 7;
  change.previous_leaf_count = 3;
  change.sequence = 2;
  change.commitments = {{"BODY", Hash{1}}};
  change.erasures = {{2, "PARTNER"}};
  const Result<EntryOpening> opening = ReadOpening(EncodeOpening(change));
  REQUIRE(opening.ok());
  CHECK(ToJson(*opening) ==
        R"({"operation":"ERASE_VALUES","resource":"prefixes/88.118.8/records/HP-1",)"
        R"("registrant":"registrants/sz-pumps","actor":"bureau","credential":"c1",)"
        R"("on_behalf_of":"registrants/sz-pumps","reason":"asked to","revision":7,)"
        R"("previous_leaf_count":3,"sequence":2,"commitments":[{"label":"BODY",)"
        R"("hash":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}],)"
        R"("erasures":[{"leaf_index":2,"label":"PARTNER"}]})");
  CHECK(ReadOpening("").status().reason == "CANONICAL_BYTES_MALFORMED");
}

}  // namespace
}  // namespace gusu::test
