#include "proto/record_canonical.h"

#include <algorithm>

#include "gusu/storage/v1/storage.pb.h"
#include "proto/canonical.h"
#include "proto/hash.h"
#include "proto/opening.h"

// Tags are the field numbers of the rows (gusu/storage/v1/storage.proto), which never change.

namespace gusu {
namespace {

namespace stored = storage::v1;

constexpr uint8_t kVersion = 1;
constexpr size_t kSaltBytes = 32;
constexpr uint8_t kValueTag = 1;

constexpr struct {
  uint32_t tier;
  const char* label;
} kTiers[] = {{1, "PUBLIC"}, {2, "PARTNER"}, {3, "OWNER"}};

// A part without content is left out, as an absent one is.
std::string Part(CanonicalWriter&& writer) {
  std::string bytes = std::move(writer).Take();
  return bytes.size() == 1 ? std::string() : bytes;
}

std::string OriginBytes(const stored::OriginRow& origin) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, origin.system())
      .Text(2, origin.original_identifier())
      .Number(3, origin.original_registration_time_us())
      .Text(4, origin.evidence_sha256());
  return Part(std::move(writer));
}

std::string RetirementBytes(const stored::RetirementRow& retirement) {
  CanonicalWriter writer(kVersion);
  writer.Number(1, retirement.reason()).Text(2, retirement.text()).Text(3, retirement.successor());
  return Part(std::move(writer));
}

// Degrees south and west are the number that, added to as many north and east, gives 2^64.
std::string LocationBytes(const stored::LocationRow& location) {
  CanonicalWriter writer(kVersion);
  writer.Number(1, static_cast<uint64_t>(int64_t{location.latitude_e7()}))
      .Number(2, static_cast<uint64_t>(int64_t{location.longitude_e7()}))
      .Number(3, location.datum());
  return Part(std::move(writer));
}

std::string DesignationBytes(const stored::DesignationRow& designation) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, designation.id())
      .Text(2, designation.title())
      .Text(3, designation.english_title())
      .Text(4, designation.programme())
      .Text(5, designation.certificate_number())
      .Text(6, designation.issued_on())
      .Text(7, designation.valid_until())
      .Number(8, designation.revoked() ? 1 : 0)
      .Text(9, designation.revocation_reason());
  return std::move(writer).Take();
}

std::string AmendmentBytes(const stored::RegistrantRow& registrant) {
  if (!registrant.has_amendment()) return "";
  const stored::AmendmentRow& amendment = registrant.amendment();
  CanonicalWriter writer(kVersion);
  writer.Text(1, CanonicalBody(amendment.proposed()))
      .Text(2, amendment.reason())
      .Number(3, amendment.state())
      .Text(4, amendment.state_reason());
  return std::move(writer).Take();
}

std::string SiteBytes(const stored::SiteRow& site) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, site.address())
      .Number(2, site.protocol())
      .Number(3, site.port())
      .Text(4, site.public_key());
  return std::move(writer).Take();
}

std::string ValueBytes(const stored::ValueRow& value) {
  CanonicalWriter writer(kVersion);
  writer.Number(1, value.index())
      .Text(2, value.type())
      .Text(3, value.data())
      .Number(4, value.ttl())
      .Number(5, value.ttl_absolute() ? 1 : 0)
      .Number(6, value.tier())
      .Text(7, value.author())
      .Text(8, value.language());
  for (const stored::ReferenceRow& reference : value.references()) {
    CanonicalWriter element(kVersion);
    element.Text(1, reference.identifier()).Number(2, reference.index());
    writer.Element(9, std::move(element).Take());
  }
  writer.Number(11, value.is_digest() ? 1 : 0);
  return std::move(writer).Take();
}

std::string HoldBytes(const stored::HoldRow& hold) {
  CanonicalWriter writer(kVersion);
  writer.Number(1, hold.number())
      .Number(2, hold.side())
      .Text(3, hold.reason())
      .Text(4, hold.document_number());
  return std::move(writer).Take();
}

std::string BodyBytes(const stored::RecordRow& record, uint64_t passing_count) {
  const auto or_issuer = [&record](const std::string& id) -> const std::string& {
    return id.empty() ? record.issued_by() : id;
  };
  CanonicalWriter writer(kVersion);
  writer.Number(2, record.level())
      .Text(3, record.instance_of())
      .Number(4, record.instance_of_revision())
      .Text(5, record.template_id())
      .Number(6, record.template_version())
      .Text(7, record.issued_by())
      .Text(8, or_issuer(record.owner()))
      .Text(9, or_issuer(record.custodian()))
      .Number(10, record.state())
      .Text(12, OriginBytes(record.origin()))
      .Number(13, record.effective_time_us())
      .Text(14, RetirementBytes(record.retirement()))
      .Text(15, record.suspension_reason());
  for (const stored::HoldRow& hold : record.holds()) writer.Element(25, HoldBytes(hold));
  writer.Number(27, passing_count);
  return std::move(writer).Take();
}

Commitment Bind(std::string_view label, std::string_view bytes, std::string* salt) {
  *salt = RandomBytes(kSaltBytes);
  return {std::string(label), CommitmentHash(*salt, bytes)};
}

std::string* MutableTierSalt(stored::RecordRow& record, uint32_t tier) {
  if (tier == 1) return record.mutable_public_salt();
  return tier == 2 ? record.mutable_partner_salt() : record.mutable_owner_salt();
}

template <typename Row>
std::vector<Commitment> SealBody(Row& row) {
  return {Bind("BODY", CanonicalBody(row), row.mutable_body_salt())};
}

}  // namespace

std::string CanonicalBody(const stored::RecordRow& record) {
  return BodyBytes(record, record.passing_count());
}

std::string CanonicalTier(const stored::RecordRow& record, uint32_t tier) {
  CanonicalWriter writer(kVersion);
  for (const stored::ValueRow& value : record.values()) {
    if (value.tier() == tier) writer.Element(kValueTag, ValueBytes(value));
  }
  return Part(std::move(writer));
}

std::string CanonicalBody(const stored::RegistrantRow& registrant) {
  CanonicalWriter writer(kVersion);
  writer.Number(1, registrant.kind())
      .Text(2, registrant.legal_name())
      .Text(3, registrant.english_name())
      .Number(4, registrant.organization_code_scheme())
      .Text(5, registrant.organization_code())
      .Text(6, registrant.organization_code_authority())
      .Text(7, registrant.address())
      .Text(8, registrant.district())
      .Text(9, registrant.industry_class())
      .Text(10, registrant.contact_person())
      .Text(11, registrant.contact_email())
      .Text(12, registrant.contact_phone())
      .Number(13, registrant.state())
      .Text(15, registrant.claim_sha256());
  for (const std::string& warning : registrant.warnings()) writer.Element(16, warning);
  writer.Number(20, registrant.industry_edition()).Text(21, LocationBytes(registrant.location()));
  for (const std::string& hash : registrant.documents_sha256()) writer.Element(22, hash);
  for (const stored::DesignationRow& designation : registrant.designations()) {
    writer.Element(23, DesignationBytes(designation));
  }
  writer.Text(24, registrant.successor())
      .Text(25, registrant.state_reason())
      .Text(26, AmendmentBytes(registrant));
  return std::move(writer).Take();
}

std::string CanonicalBody(const stored::PrefixRow& prefix) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, prefix.prefix())
      .Text(2, prefix.holder())
      .Number(3, prefix.quota())
      .Number(4, prefix.suffix_characters_max())
      .Number(5, prefix.check_scheme())
      .Number(6, prefix.state())
      .Text(11, prefix.suffix_pattern())
      .Number(12, prefix.suffix_allows_unicode() ? 1 : 0)
      .Number(13, prefix.disclosure());
  for (const stored::SiteRow& site : prefix.sites()) writer.Element(14, SiteBytes(site));
  writer.Text(15, prefix.state_reason()).Number(16, prefix.quota_granted());
  for (const std::string& holder : prefix.former_holders()) writer.Element(17, holder);
  writer.Number(18, prefix.granted_by_holder() ? 1 : 0)
      .Number(19, prefix.suspended_by_bureau() ? 1 : 0)
      .Number(20, prefix.passing_count());
  return std::move(writer).Take();
}

std::string CanonicalBody(const stored::CredentialRow& credential) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, credential.registrant())
      .Text(2, credential.id())
      .Number(3, credential.role())
      .Text(4, credential.title())
      .Text(5, credential.secret_sha256())
      .Number(6, credential.expire_time_us())
      .Number(7, credential.revoked() ? 1 : 0)
      .Number(12, credential.kind())
      .Text(13, credential.handle_prefix())
      .Number(14, credential.handle_index())
      .Text(15, credential.public_key())
      .Text(16, credential.secret_commitment());
  return std::move(writer).Take();
}

std::string CanonicalBody(const stored::SettingsRow& settings) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, settings.origin());
  for (const std::string& prefix : settings.node_prefixes()) writer.Element(2, prefix);
  writer.Text(3, settings.time_zone()).Text(4, settings.public_url());
  for (const std::string& vkey : settings.log_vkeys()) writer.Element(6, vkey);
  writer.Number(7, settings.log_epoch()).Text(8, settings.checkpoint_before());
  return std::move(writer).Take();
}

void EraseTier(stored::RecordRow& record, uint32_t tier) {
  auto* values = record.mutable_values();
  values->erase(
      std::remove_if(values->begin(), values->end(),
                     [tier](const stored::ValueRow& value) { return value.tier() == tier; }),
      values->end());
  MutableTierSalt(record, tier)->clear();
  auto* tiers = record.mutable_erased_tiers();
  if (std::find(tiers->begin(), tiers->end(), tier) == tiers->end()) tiers->Add(tier);
  std::sort(tiers->begin(), tiers->end());
}

Hash ContentDigest(const stored::RecordRow& record) {
  CanonicalWriter writer(kVersion);
  writer.Text(1, BodyBytes(record, 0));
  for (const stored::ValueRow& value : record.values()) writer.Element(2, ValueBytes(value));
  return Sha256({"gusu.content.v1\n", std::move(writer).Take()});
}

std::vector<Commitment> Seal(stored::RecordRow& record) {
  record.clear_erased_tiers();
  std::vector<Commitment> commitments = SealBody(record);
  for (const auto& [tier, label] : kTiers) {
    std::string* salt = MutableTierSalt(record, tier);
    salt->clear();
    const std::string bytes = CanonicalTier(record, tier);
    if (!bytes.empty()) commitments.push_back(Bind(label, bytes, salt));
  }
  return commitments;
}

std::vector<Commitment> Seal(stored::RegistrantRow& registrant) { return SealBody(registrant); }
std::vector<Commitment> Seal(stored::PrefixRow& prefix) { return SealBody(prefix); }
std::vector<Commitment> Seal(stored::CredentialRow& credential) { return SealBody(credential); }
std::vector<Commitment> Seal(stored::SettingsRow& settings) { return SealBody(settings); }

}  // namespace gusu
