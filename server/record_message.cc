#include "server/record_message.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/identifier.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/ownership.h"
#include "server/resource_fields.h"

namespace gusu::server {
namespace {

void FillOrigin(const storage::v1::OriginRow& row, v1::Origin* origin) {
  origin->set_system(row.system());
  origin->set_original_identifier(row.original_identifier());
  if (row.original_registration_time_us() != 0) {
    FillTime(row.original_registration_time_us(), origin->mutable_original_registration_time());
  }
  origin->set_evidence_sha256(row.evidence_sha256());
}

void FillRetirement(const storage::v1::RetirementRow& row, uint64_t revision,
                    v1::Retirement* retirement) {
  retirement->set_reason(static_cast<v1::Retirement::Reason>(row.reason()));
  retirement->set_text(row.text());
  retirement->set_successor(row.successor());
  FillTime(row.revision() != 0 ? row.revision() : revision, retirement->mutable_time());
}

void FillHold(const storage::v1::HoldRow& row, uint64_t revision, v1::Hold* hold) {
  hold->set_number(row.number());
  hold->set_side(static_cast<v1::Hold::Side>(row.side()));
  hold->set_reason(row.reason());
  hold->set_document_number(row.document_number());
  FillTime(row.revision() != 0 ? row.revision() : revision, hold->mutable_time());
}

}  // namespace

std::string RecordName(std::string_view identifier) {
  size_t slash = identifier.find('/');
  if (slash == identifier.npos) return Concat("prefixes/", identifier, "/records/");
  return Concat("prefixes/", identifier.substr(0, slash), "/records/",
                PercentEncode(identifier.substr(slash + 1)));
}

void FillRecord(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                uint64_t revision, uint64_t leaf_index, v1::Record* record) {
  record->set_name(RecordName(row.identifier()));
  record->set_identifier(row.identifier());
  record->set_level(static_cast<v1::Record::Level>(row.level()));
  if (!row.instance_of().empty()) {
    record->mutable_instance_of()->set_identifier(row.instance_of());
    record->mutable_instance_of()->set_revision(row.instance_of_revision());
  }
  record->set_template_(row.template_id());
  record->set_template_version(row.template_version());
  record->set_issued_by(RegistrantName(row.issued_by()));
  record->set_owner(RegistrantName(OwnerOf(row, prefix_holder)));
  record->set_custodian(RegistrantName(CustodianOf(row, prefix_holder)));
  record->set_state(static_cast<v1::Record::State>(row.state()));
  if (row.has_origin()) FillOrigin(row.origin(), record->mutable_origin());
  if (row.effective_time_us() != 0) {
    FillTime(row.effective_time_us(), record->mutable_effective_time());
  }
  if (row.has_retirement()) {
    FillRetirement(row.retirement(), revision, record->mutable_retirement());
  }
  record->set_suspension_reason(row.suspension_reason());
  FillTime(row.create_revision() != 0 ? row.create_revision() : revision,
           record->mutable_create_time());
  FillTime(revision, record->mutable_update_time());
  record->set_revision(revision);
  record->set_leaf_index(leaf_index);
  record->set_etag(EtagOf(revision));
  for (const uint32_t tier : row.erased_tiers()) {
    record->add_erased_tiers(static_cast<v1::Tier>(tier));
  }
  for (const storage::v1::HoldRow& hold : row.holds()) {
    FillHold(hold, revision, record->add_holds());
  }
}

void FillValue(const storage::v1::ValueRow& row, uint64_t revision, v1::Value* value) {
  value->set_index(row.index());
  value->set_type(row.type());
  value->set_data(row.data());
  if (row.ttl_absolute()) {
    value->mutable_cache_until()->set_seconds(static_cast<int64_t>(row.ttl()));
  } else {
    value->set_ttl_seconds(static_cast<uint32_t>(row.ttl()));
  }
  value->set_tier(static_cast<v1::Tier>(row.tier()));
  value->set_author(row.author());
  value->set_language(row.language());
  for (const storage::v1::ReferenceRow& reference : row.references()) {
    v1::Reference* filled = value->add_references();
    filled->set_identifier(reference.identifier());
    filled->set_index(reference.index());
  }
  FillTime(row.modified_revision() != 0 ? row.modified_revision() : revision,
           value->mutable_modified_time());
  value->set_is_digest(row.is_digest());
}

void FillWholeRecord(const storage::v1::RecordRow& row, const std::string& prefix_holder,
                     uint64_t revision, uint64_t leaf_index, v1::Record* record) {
  FillRecord(row, prefix_holder, revision, leaf_index, record);
  record->mutable_values()->Reserve(row.values_size());
  for (const storage::v1::ValueRow& value : row.values()) {
    FillValue(value, revision, record->add_values());
  }
}

absl::Status ReadValue(const v1::Value& value, int value_index, storage::v1::ValueRow* row) {
  row->set_index(value.index());
  row->set_type(value.type());
  row->set_data(value.data());
  if (value.has_cache_until()) {
    GUSU_ASSIGN_OR_RETURN(
        uint64_t until_us,
        TimeOf(value.cache_until(), Concat("values[", value_index, "].cache_until")));
    row->set_ttl(until_us / 1'000'000);
    row->set_ttl_absolute(true);
  } else {
    row->set_ttl(value.has_ttl_seconds() ? value.ttl_seconds() : kTtlSecondsDefault);
  }
  row->set_tier(static_cast<uint32_t>(value.tier()));
  row->set_language(value.language());
  row->set_is_digest(value.is_digest());
  for (const v1::Reference& reference : value.references()) {
    storage::v1::ReferenceRow* read = row->add_references();
    read->set_identifier(reference.identifier());
    read->set_index(reference.index());
  }
  return absl::OkStatus();
}

absl::Status ReadOrigin(const v1::Origin& origin, storage::v1::OriginRow* row) {
  row->set_system(origin.system());
  row->set_original_identifier(origin.original_identifier());
  if (origin.has_original_registration_time()) {
    GUSU_ASSIGN_OR_RETURN(uint64_t time_us, TimeOf(origin.original_registration_time(),
                                                   "origin.original_registration_time"));
    row->set_original_registration_time_us(time_us);
  }
  row->set_evidence_sha256(origin.evidence_sha256());
  return absl::OkStatus();
}

}  // namespace gusu::server
