// Reading canonical bytes: one content has one form, and every other is refused.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "gusu/client.h"
#include "gusu/json.h"
#include "gusu/registrant.h"
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
  CHECK(body([](CanonicalWriter& out) { out.Text(25, "\1"); }) == malformed);  // an empty hold
  CHECK(body([](CanonicalWriter& out) {
          CanonicalWriter hold(1);
          hold.Number(1, 1).Number(2, 3);  // no such side
          out.Element(25, std::move(hold).Take());
        }) == malformed);
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
  CHECK(value([](CanonicalWriter& out) { out.Number(6, 1).Number(11, 2); }) == malformed);
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

TEST_CASE("holds and digests are read from a record's parts") {
  storage::v1::RecordRow row;
  row.set_level(3);
  row.set_state(2);
  for (const uint32_t side : {1u, 2u}) {
    storage::v1::HoldRow* hold = row.add_holds();
    hold->set_number(side + 4);
    hold->set_side(side);
    hold->set_reason("dispute");
  }
  row.mutable_holds(1)->set_document_number("D-7");
  const Result<Record> read = ReadPart("BODY", CanonicalBody(row));
  REQUIRE(read.ok());
  REQUIRE(read->holds.size() == 2);
  CHECK(read->holds[0].number == 5);
  CHECK(read->holds[0].side == HoldSide::kHolder);
  CHECK(read->holds[0].reason == "dispute");
  CHECK(read->holds[0].document_number.empty());
  CHECK(read->holds[1].number == 6);
  CHECK(read->holds[1].side == HoldSide::kBureau);
  CHECK(read->holds[1].document_number == "D-7");

  storage::v1::ValueRow* value = row.add_values();
  value->set_tier(1);
  value->set_data(std::string(32, 'd'));
  value->set_is_digest(true);
  row.add_values()->set_tier(1);
  const Result<Record> values = ReadPart("PUBLIC", CanonicalTier(row, 1));
  REQUIRE(values.ok());
  REQUIRE(values->values.size() == 2);
  CHECK(values->values[0].is_digest);
  CHECK_FALSE(values->values[1].is_digest);
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

TEST_CASE("all that a registrant may have is read from its body") {
  storage::v1::RegistrantRow row;
  row.set_legal_name("Suzhou Pumps");
  row.set_industry_class("C3441");
  row.set_industry_edition(2017);
  row.mutable_location()->set_latitude_e7(312989000);
  row.mutable_location()->set_longitude_e7(-1205853000);
  row.mutable_location()->set_datum(2);
  row.add_documents_sha256(std::string(32, 'd'));
  row.add_documents_sha256(std::string(32, 'e'));
  row.add_designations()->set_id("first");
  storage::v1::DesignationRow* designation = row.add_designations();
  designation->set_id("giant");
  designation->set_title("Little Giant");
  designation->set_issued_on("2026-02-28");
  designation->set_revoked(true);
  designation->set_revocation_reason("moved");
  row.set_successor("sz-valves");
  row.set_state_reason("merged");
  row.set_state(4);
  storage::v1::AmendmentRow* amendment = row.mutable_amendment();
  amendment->mutable_proposed()->set_legal_name("Pumps Limited");
  amendment->mutable_proposed()->set_district("320505");
  amendment->mutable_proposed()->add_warnings("district differs");
  amendment->set_reason("renamed");
  amendment->set_state(2);
  amendment->set_state_reason("no document");
  const ContentPart body{"BODY", CanonicalBody(row), "", "", false};
  const Result<Registrant> read = ReadRegistrantParts("registrants/sz-pumps", {body});
  REQUIRE(read.ok());
  CHECK(read->industry_edition == 2017);
  REQUIRE(read->location.has_value());
  CHECK(read->location->latitude == 31.2989);
  CHECK(read->location->longitude == -120.5853);
  CHECK(read->location->datum == LocationDatum::kCgcs2000);
  CHECK(read->documents_sha256 ==
        std::vector<std::string>{std::string(32, 'd'), std::string(32, 'e')});
  REQUIRE(read->designations.size() == 2);
  CHECK(read->designations[0].id == "first");
  CHECK_FALSE(read->designations[0].revoked);
  CHECK(read->designations[1].title == "Little Giant");
  CHECK(read->designations[1].issued_on == "2026-02-28");
  CHECK(read->designations[1].revoked);
  CHECK(read->designations[1].revocation_reason == "moved");
  CHECK(read->successor == "registrants/sz-valves");
  CHECK(read->state_reason == "merged");
  CHECK(read->state == RegistrantState::kClosed);
  REQUIRE(read->amendment.has_value());
  CHECK(read->amendment->proposed.legal_name == "Pumps Limited");
  CHECK(read->amendment->proposed.district == "320505");
  CHECK(read->amendment->reason == "renamed");
  CHECK(read->amendment->state == AmendmentState::kReturned);
  CHECK(read->amendment->state_reason == "no document");
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
