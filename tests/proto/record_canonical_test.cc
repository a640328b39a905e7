#include "proto/record_canonical.h"

#include <catch2/catch.hpp>
#include <functional>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/hash.h"
#include "proto/opening.h"
#include "tests/proto/golden.h"

using gusu::CanonicalBody;
using gusu::CanonicalTier;
using gusu::HexEncode;
using namespace gusu::storage::v1;

namespace {

RecordRow Pump() {
  RecordRow record;
  record.set_identifier("88.118.8/HP-1");
  record.set_level(3);
  record.set_instance_of("88.118.8/MODEL-HP");
  record.set_instance_of_revision(5);
  record.set_template_id("product");
  record.set_template_version(1);
  record.set_issued_by("sz-pumps");
  record.set_state(2);
  record.mutable_origin()->set_system("old-erp");
  record.mutable_origin()->set_original_identifier("4711");
  record.mutable_origin()->set_original_registration_time_us(6);
  record.mutable_origin()->set_evidence_sha256(std::string(32, 'e'));
  record.set_effective_time_us(7);
  record.mutable_retirement()->set_reason(9);
  record.mutable_retirement()->set_text("lost in a fire");
  record.mutable_retirement()->set_successor("88.118.8/HP-2");
  record.set_suspension_reason("inspection");
  HoldRow* hold = record.add_holds();
  hold->set_number(2);
  hold->set_side(1);
  hold->set_reason("dispute");
  hold->set_document_number("D-7");
  hold->set_revision(8);
  record.set_last_hold_number(3);
  record.set_passing_count(2);
  ValueRow* name = record.add_values();
  name->set_index(2000);
  name->set_type("name");
  name->set_data("Pump");
  name->set_ttl(86400);
  name->set_tier(1);
  name->set_author("registrants/sz-pumps");
  name->set_language("en");
  ReferenceRow* reference = name->add_references();
  reference->set_identifier("88.118.8/ADMIN");
  reference->set_index(300);
  name->set_modified_revision(8);
  ValueRow* note = record.add_values();
  note->set_index(2);
  note->set_type("note");
  note->set_data(std::string("\0\xff", 2));
  note->set_ttl(1767225600);
  note->set_ttl_absolute(true);
  note->set_tier(3);
  note->set_is_digest(true);
  return record;
}

RegistrantRow Pumps() {
  RegistrantRow registrant;
  registrant.set_kind(1);
  registrant.set_legal_name("苏州水泵");
  registrant.set_english_name("Suzhou Pumps");
  registrant.set_organization_code_scheme(1);
  registrant.set_organization_code("91320594MA1MABCD6F");
  registrant.set_organization_code_authority("SAMR");
  registrant.set_address("1 Pump Road");
  registrant.set_district("320594");
  registrant.set_industry_class("3441");
  registrant.set_contact_person("Li");
  registrant.set_contact_email("li@example.com");
  registrant.set_contact_phone("+86 512 1");
  registrant.set_state(2);
  registrant.set_claim_sha256(std::string(32, 'c'));
  registrant.add_warnings("district differs");
  registrant.set_industry_edition(2017);
  registrant.mutable_location()->set_latitude_e7(312989000);
  registrant.mutable_location()->set_longitude_e7(-1205853000);
  registrant.mutable_location()->set_datum(2);
  registrant.add_documents_sha256(std::string(32, 'd'));
  gusu::storage::v1::DesignationRow* designation = registrant.add_designations();
  designation->set_id("giant");
  designation->set_title("小巨人");
  designation->set_english_title("Little Giant");
  designation->set_programme("SRDI");
  designation->set_certificate_number("JS-17");
  designation->set_issued_on("2026-02-28");
  designation->set_valid_until("2029-02-28");
  designation->set_revoked(true);
  designation->set_revocation_reason("moved");
  registrant.set_successor("sz-valves");
  registrant.set_state_reason("merged");
  gusu::storage::v1::AmendmentRow* amendment = registrant.mutable_amendment();
  amendment->mutable_proposed()->set_legal_name("Pumps Limited");
  amendment->set_reason("renamed");
  amendment->set_state(2);
  amendment->set_state_reason("no document");
  return registrant;
}

PrefixRow Prefix() {
  PrefixRow prefix;
  prefix.set_prefix("88.118.8");
  prefix.set_holder("sz-pumps");
  prefix.set_quota(1000);
  prefix.set_suffix_characters_max(40);
  prefix.set_check_scheme(2);
  prefix.set_state(1);
  prefix.set_suffix_pattern("HP-[0-9]+");
  prefix.set_suffix_allows_unicode(true);
  prefix.set_disclosure(2);
  gusu::storage::v1::SiteRow* site = prefix.add_sites();
  site->set_address("registry.example");
  site->set_protocol(1);
  site->set_port(7440);
  site->set_public_key("key");
  prefix.set_state_reason("misuse");
  prefix.set_quota_granted(60);
  prefix.add_former_holders("sz-old");
  prefix.set_granted_by_holder(true);
  prefix.set_suspended_by_bureau(true);
  prefix.set_passing_count(3);
  return prefix;
}

CredentialRow Token() {
  CredentialRow credential;
  credential.set_registrant("sz-pumps");
  credential.set_id("c1");
  credential.set_role(4);
  credential.set_title("line 1");
  credential.set_secret_sha256(std::string(32, 's'));
  credential.set_expire_time_us(9);
  return credential;
}

CredentialRow HandleSecret() {
  CredentialRow credential = Token();
  credential.clear_secret_sha256();
  credential.set_kind(4);
  credential.set_handle_prefix("88.118.8");
  credential.set_handle_index(301);
  credential.set_public_key("key");
  credential.set_secret_commitment(std::string(32, 'c'));
  return credential;
}

SettingsRow Settings() {
  SettingsRow settings;
  settings.set_origin("registry.example/0123abcd");
  settings.add_node_prefixes("88.118");
  settings.add_node_prefixes("88.119");
  settings.set_time_zone("Asia/Shanghai");
  settings.set_public_url("https://registry.example");
  settings.add_log_vkeys("registry.example/0123abcd/epoch/1+00112233+AQ==");
  settings.add_log_vkeys("registry.example/0123abcd/epoch/1+44556677+AQ==");
  settings.set_log_epoch(1);
  settings.set_checkpoint_before("registry.example/0123abcd\n5\n");
  return settings;
}

template <typename Row>
void IsBoundBySeal(Row row) {
  const std::vector<gusu::Commitment> commitments = gusu::Seal(row);
  REQUIRE(commitments.size() == 1);
  CHECK(commitments[0].label == "BODY");
  CHECK(row.body_salt().size() == 32);
  CHECK(commitments[0].hash == gusu::CommitmentHash(row.body_salt(), CanonicalBody(row)));
}

template <typename Row>
void EachChangesBody(const Row& row, const std::vector<std::function<void(Row&)>>& changes,
                     bool does) {
  for (size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(row.GetTypeName(), i);
    Row changed = row;
    changes[i](changed);
    CHECK((CanonicalBody(changed) != CanonicalBody(row)) == does);
  }
}

}  // namespace

TEST_CASE("canonical bytes of the nouns are what they always were") {
  gusu::test::CheckGolden(
      "record_canonical.txt",
      {{"record body", HexEncode(CanonicalBody(Pump()))},
       {"record body, empty", HexEncode(CanonicalBody(RecordRow()))},
       {"record PUBLIC", HexEncode(CanonicalTier(Pump(), 1))},
       {"record PARTNER", HexEncode(CanonicalTier(Pump(), 2))},
       {"record OWNER", HexEncode(CanonicalTier(Pump(), 3))},
       {"record content digest", HexEncode(gusu::AsBytes(gusu::ContentDigest(Pump())))},
       {"registrant body", HexEncode(CanonicalBody(Pumps()))},
       {"prefix body", HexEncode(CanonicalBody(Prefix()))},
       {"credential body", HexEncode(CanonicalBody(Token()))},
       {"handle credential body", HexEncode(CanonicalBody(HandleSecret()))},
       {"settings body", HexEncode(CanonicalBody(Settings()))}});
}

TEST_CASE("each field of a record's body, changed alone, changes its bytes") {
  EachChangesBody<RecordRow>(
      Pump(),
      {
          [](RecordRow& r) { r.set_level(2); },
          [](RecordRow& r) { r.clear_instance_of(); },
          [](RecordRow& r) { r.set_instance_of_revision(0); },
          [](RecordRow& r) { r.set_template_id("equipment"); },
          [](RecordRow& r) { r.set_template_version(2); },
          [](RecordRow& r) { r.set_issued_by("x"); },
          [](RecordRow& r) { r.set_owner("x"); },
          [](RecordRow& r) { r.set_custodian("x"); },
          [](RecordRow& r) { r.set_state(4); },
          [](RecordRow& r) { r.clear_origin(); },
          [](RecordRow& r) { r.mutable_origin()->set_system("x"); },
          [](RecordRow& r) { r.mutable_origin()->set_original_identifier("x"); },
          [](RecordRow& r) { r.mutable_origin()->set_original_registration_time_us(1); },
          [](RecordRow& r) { r.mutable_origin()->set_evidence_sha256("x"); },
          [](RecordRow& r) { r.set_effective_time_us(0); },
          [](RecordRow& r) { r.clear_retirement(); },
          [](RecordRow& r) { r.mutable_retirement()->set_reason(1); },
          [](RecordRow& r) { r.mutable_retirement()->set_text(""); },
          [](RecordRow& r) { r.mutable_retirement()->set_successor("x"); },
          [](RecordRow& r) { r.set_suspension_reason(""); },
          [](RecordRow& r) { r.clear_holds(); },
          [](RecordRow& r) { r.add_holds(); },
          [](RecordRow& r) { r.mutable_holds(0)->set_number(1); },
          [](RecordRow& r) { r.mutable_holds(0)->set_side(2); },
          [](RecordRow& r) { r.mutable_holds(0)->set_reason("x"); },
          [](RecordRow& r) { r.mutable_holds(0)->set_document_number("x"); },
          [](RecordRow& r) { r.set_passing_count(3); },
      },
      true);
}

TEST_CASE("what a body does not bind leaves its bytes as they are") {
  EachChangesBody<RecordRow>(Pump(),
                             {
                                 [](RecordRow& r) { r.set_identifier("x"); },
                                 [](RecordRow& r) { r.clear_values(); },
                                 [](RecordRow& r) { r.set_create_revision(1); },
                                 [](RecordRow& r) { r.set_create_leaf_index(1); },
                                 [](RecordRow& r) { r.set_create_digest("x"); },
                                 [](RecordRow& r) { r.set_create_request_id("x"); },
                                 [](RecordRow& r) { r.set_body_salt("x"); },
                                 [](RecordRow& r) { r.set_public_salt("x"); },
                                 [](RecordRow& r) { r.mutable_retirement()->set_revision(1); },
                                 [](RecordRow& r) { r.mutable_holds(0)->set_revision(1); },
                                 [](RecordRow& r) { r.set_last_hold_number(4); },
                                 // An owner and a custodian left out are the issuer.
                                 [](RecordRow& r) { r.set_owner("sz-pumps"); },
                                 [](RecordRow& r) { r.set_custodian("sz-pumps"); },
                             },
                             false);
  RecordRow empty_parts;
  empty_parts.mutable_origin();
  empty_parts.mutable_retirement()->set_revision(9);
  CHECK(CanonicalBody(empty_parts) == CanonicalBody(RecordRow()));
}

TEST_CASE("each field of a value, changed alone, changes its tier's bytes and the content digest") {
  const std::vector<std::function<void(ValueRow&)>> changes = {
      [](ValueRow& v) { v.set_index(2001); },
      [](ValueRow& v) { v.set_type("model"); },
      [](ValueRow& v) { v.set_data("pump"); },
      [](ValueRow& v) { v.set_ttl(1); },
      [](ValueRow& v) { v.set_ttl_absolute(true); },
      [](ValueRow& v) { v.set_tier(2); },
      [](ValueRow& v) { v.set_author("bureau"); },
      [](ValueRow& v) { v.set_language("de"); },
      [](ValueRow& v) { v.mutable_references(0)->set_identifier("x"); },
      [](ValueRow& v) { v.mutable_references(0)->set_index(1); },
      [](ValueRow& v) { v.clear_references(); },
      [](ValueRow& v) { v.add_references(); },
      [](ValueRow& v) { v.set_is_digest(true); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    CAPTURE(i);
    RecordRow changed = Pump();
    changes[i](*changed.mutable_values(0));
    CHECK(CanonicalTier(changed, 1) != CanonicalTier(Pump(), 1));
    CHECK(CanonicalTier(changed, 3) == CanonicalTier(Pump(), 3));
    CHECK(CanonicalBody(changed) == CanonicalBody(Pump()));
    CHECK(gusu::ContentDigest(changed) != gusu::ContentDigest(Pump()));
  }
  RecordRow later = Pump();
  later.mutable_values(0)->set_modified_revision(99);
  CHECK(CanonicalTier(later, 1) == CanonicalTier(Pump(), 1));
  CHECK(gusu::ContentDigest(later) == gusu::ContentDigest(Pump()));
}

TEST_CASE("the order of values is content") {
  RecordRow swapped = Pump();
  swapped.mutable_values()->SwapElements(0, 1);
  CHECK(gusu::ContentDigest(swapped) != gusu::ContentDigest(Pump()));
}

TEST_CASE("each field of the other nouns, changed alone, changes their bytes") {
  EachChangesBody<RegistrantRow>(
      Pumps(),
      {
          [](RegistrantRow& r) { r.set_kind(2); },
          [](RegistrantRow& r) { r.set_legal_name("x"); },
          [](RegistrantRow& r) { r.set_english_name("x"); },
          [](RegistrantRow& r) { r.set_organization_code_scheme(2); },
          [](RegistrantRow& r) { r.set_organization_code("x"); },
          [](RegistrantRow& r) { r.set_organization_code_authority("x"); },
          [](RegistrantRow& r) { r.set_address("x"); },
          [](RegistrantRow& r) { r.set_district("x"); },
          [](RegistrantRow& r) { r.set_industry_class("x"); },
          [](RegistrantRow& r) { r.set_contact_person("x"); },
          [](RegistrantRow& r) { r.set_contact_email("x"); },
          [](RegistrantRow& r) { r.set_contact_phone("x"); },
          [](RegistrantRow& r) { r.set_state(1); },
          [](RegistrantRow& r) { r.set_claim_sha256("x"); },
          [](RegistrantRow& r) { r.add_warnings("x"); },
          [](RegistrantRow& r) { r.set_industry_edition(2011); },
          [](RegistrantRow& r) { r.mutable_location()->set_latitude_e7(-312989000); },
          [](RegistrantRow& r) { r.mutable_location()->set_longitude_e7(1205853000); },
          [](RegistrantRow& r) { r.mutable_location()->set_datum(1); },
          [](RegistrantRow& r) { r.clear_location(); },
          [](RegistrantRow& r) { r.set_documents_sha256(0, "x"); },
          [](RegistrantRow& r) { r.add_documents_sha256("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_id("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_title("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_english_title("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_programme("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_certificate_number("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_issued_on("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_valid_until("x"); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_revoked(false); },
          [](RegistrantRow& r) { r.mutable_designations(0)->set_revocation_reason("x"); },
          [](RegistrantRow& r) { r.add_designations(); },
          [](RegistrantRow& r) { r.set_successor("x"); },
          [](RegistrantRow& r) { r.set_state_reason("x"); },
          [](RegistrantRow& r) { r.mutable_amendment()->mutable_proposed()->set_address("x"); },
          [](RegistrantRow& r) { r.mutable_amendment()->set_reason("x"); },
          [](RegistrantRow& r) { r.mutable_amendment()->set_state(1); },
          [](RegistrantRow& r) { r.mutable_amendment()->set_state_reason("x"); },
          [](RegistrantRow& r) { r.clear_amendment(); },
      },
      true);
  EachChangesBody<PrefixRow>(Prefix(),
                             {
                                 [](PrefixRow& p) { p.set_prefix("x"); },
                                 [](PrefixRow& p) { p.set_holder("x"); },
                                 [](PrefixRow& p) { p.set_quota(1); },
                                 [](PrefixRow& p) { p.set_suffix_characters_max(1); },
                                 [](PrefixRow& p) { p.set_check_scheme(1); },
                                 [](PrefixRow& p) { p.set_state(2); },
                                 [](PrefixRow& p) { p.set_suffix_pattern("x"); },
                                 [](PrefixRow& p) { p.set_suffix_allows_unicode(false); },
                                 [](PrefixRow& p) { p.set_disclosure(1); },
                                 [](PrefixRow& p) { p.mutable_sites(0)->set_address("x"); },
                                 [](PrefixRow& p) { p.mutable_sites(0)->set_protocol(2); },
                                 [](PrefixRow& p) { p.mutable_sites(0)->set_port(1); },
                                 [](PrefixRow& p) { p.mutable_sites(0)->set_public_key("x"); },
                                 [](PrefixRow& p) { p.clear_sites(); },
                                 [](PrefixRow& p) { p.set_state_reason("x"); },
                                 [](PrefixRow& p) { p.set_quota_granted(1); },
                                 [](PrefixRow& p) { p.set_former_holders(0, "x"); },
                                 [](PrefixRow& p) { p.set_granted_by_holder(false); },
                                 [](PrefixRow& p) { p.set_suspended_by_bureau(false); },
                                 [](PrefixRow& p) { p.set_passing_count(1); },
                             },
                             true);
  EachChangesBody<CredentialRow>(Token(),
                                 {
                                     [](CredentialRow& c) { c.set_registrant("x"); },
                                     [](CredentialRow& c) { c.set_id("x"); },
                                     [](CredentialRow& c) { c.set_role(1); },
                                     [](CredentialRow& c) { c.set_title("x"); },
                                     [](CredentialRow& c) { c.set_secret_sha256("x"); },
                                     [](CredentialRow& c) { c.set_expire_time_us(1); },
                                     [](CredentialRow& c) { c.set_revoked(true); },
                                     [](CredentialRow& c) { c.set_kind(3); },
                                     [](CredentialRow& c) { c.set_handle_prefix("x"); },
                                     [](CredentialRow& c) { c.set_handle_index(1); },
                                     [](CredentialRow& c) { c.set_public_key("x"); },
                                     [](CredentialRow& c) { c.set_secret_commitment("x"); },
                                 },
                                 true);
  EachChangesBody<SettingsRow>(Settings(),
                               {
                                   [](SettingsRow& s) { s.set_origin("x"); },
                                   [](SettingsRow& s) { s.set_node_prefixes(0, "x"); },
                                   [](SettingsRow& s) { s.add_node_prefixes("x"); },
                                   [](SettingsRow& s) { s.set_time_zone("UTC"); },
                                   [](SettingsRow& s) { s.set_public_url("x"); },
                                   [](SettingsRow& s) { s.set_log_vkeys(0, "x"); },
                                   [](SettingsRow& s) { s.mutable_log_vkeys()->RemoveLast(); },
                                   [](SettingsRow& s) { s.set_log_epoch(2); },
                                   [](SettingsRow& s) { s.clear_checkpoint_before(); },
                               },
                               true);
}

TEST_CASE("erasing a tier takes its values and its salt, and nothing else") {
  RecordRow record = Pump();
  gusu::Seal(record);
  RecordRow erased = record;
  gusu::EraseTier(erased, 3);
  CHECK(CanonicalTier(erased, 3).empty());
  CHECK(erased.owner_salt().empty());
  CHECK(CanonicalTier(erased, 1) == CanonicalTier(record, 1));
  CHECK(erased.public_salt() == record.public_salt());
  CHECK(CanonicalBody(erased) == CanonicalBody(record));
  CHECK(erased.body_salt() == record.body_salt());
  gusu::EraseTier(erased, 1);
  gusu::EraseTier(erased, 3);
  CHECK(erased.values().empty());
  REQUIRE(erased.erased_tiers_size() == 2);
  CHECK(erased.erased_tiers(0) == 1);
  CHECK(erased.erased_tiers(1) == 3);
  gusu::Seal(erased);
  CHECK(erased.erased_tiers().empty());
}

TEST_CASE("sealing binds the body and each tier that has values, with fresh salts") {
  RecordRow record = Pump();
  record.set_partner_salt("left over");
  const std::vector<gusu::Commitment> commitments = gusu::Seal(record);
  REQUIRE(commitments.size() == 3);
  CHECK(commitments[0].label == "BODY");
  CHECK(commitments[0].hash == gusu::CommitmentHash(record.body_salt(), CanonicalBody(record)));
  CHECK(commitments[1].label == "PUBLIC");
  CHECK(commitments[1].hash ==
        gusu::CommitmentHash(record.public_salt(), CanonicalTier(record, 1)));
  CHECK(commitments[2].label == "OWNER");
  CHECK(commitments[2].hash == gusu::CommitmentHash(record.owner_salt(), CanonicalTier(record, 3)));
  CHECK(record.partner_salt().empty());
  CHECK(record.body_salt().size() == 32);
  RecordRow again = record;
  CHECK(gusu::Seal(again)[0].hash != commitments[0].hash);
  CHECK(again.body_salt() != record.body_salt());

  IsBoundBySeal(Pumps());
  IsBoundBySeal(Prefix());
  IsBoundBySeal(Token());
  IsBoundBySeal(Settings());
}
