#include "client/connection/convert.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace gusu {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1000000;

std::optional<Timestamp> TimeFrom(bool has, const google::protobuf::Timestamp& time) {
  if (!has) return std::nullopt;
  return Timestamp(
      std::chrono::microseconds(time.seconds() * kMicrosecondsPerSecond + time.nanos() / 1000));
}

Value FromProtoValue(const v1::Value& value) {
  Value out;
  out.index = value.index();
  out.type = value.type();
  out.data = value.data();
  if (value.lifetime_case() == v1::Value::kTtlSeconds) out.ttl_seconds = value.ttl_seconds();
  out.cache_until = TimeFrom(value.has_cache_until(), value.cache_until());
  out.tier = Same<Tier>(value.tier());
  out.language = value.language();
  for (const v1::Reference& reference : value.references()) {
    out.references.push_back({reference.identifier(), reference.index()});
  }
  out.author = value.author();
  out.modified_time = TimeFrom(value.has_modified_time(), value.modified_time());
  out.inherited_from = value.inherited_from();
  return out;
}

template <typename Message>
std::optional<InstanceOf> InstanceOfFrom(const Message& message) {
  if (!message.has_instance_of()) return std::nullopt;
  return InstanceOf{message.instance_of().identifier(), message.instance_of().revision()};
}

template <typename Message>
std::optional<Origin> OriginFrom(const Message& message) {
  if (!message.has_origin()) return std::nullopt;
  return Origin{message.origin().system(), message.origin().original_identifier(),
                TimeFrom(message.origin().has_original_registration_time(),
                         message.origin().original_registration_time()),
                message.origin().evidence_sha256()};
}

}  // namespace

Registrant FromProto(const v1::Registrant& registrant) {
  Registrant out;
  out.name = registrant.name();
  out.kind = Same<RegistrantKind>(registrant.kind());
  out.legal_name = registrant.legal_name();
  out.english_name = registrant.english_name();
  out.organization_code = {Same<OrganizationCodeScheme>(registrant.organization_code().scheme()),
                           registrant.organization_code().value(),
                           registrant.organization_code().authority()};
  out.address = registrant.address();
  out.district = registrant.district();
  out.industry_class = registrant.industry_class();
  out.contact = {registrant.contact().person(), registrant.contact().email(),
                 registrant.contact().phone()};
  out.state = Same<RegistrantState>(registrant.state());
  out.create_time = TimeFrom(registrant.has_create_time(), registrant.create_time());
  out.update_time = TimeFrom(registrant.has_update_time(), registrant.update_time());
  out.etag = registrant.etag();
  out.warnings.assign(registrant.warnings().begin(), registrant.warnings().end());
  return out;
}

Prefix FromProto(const v1::Prefix& prefix) {
  Prefix out;
  out.name = prefix.name();
  out.prefix = prefix.prefix();
  out.holder = prefix.holder();
  out.quota = prefix.quota();
  out.suffix_policy = {prefix.suffix_policy().characters_max(),
                       Same<SuffixCheckScheme>(prefix.suffix_policy().check_scheme())};
  out.state = Same<PrefixState>(prefix.state());
  out.create_time = TimeFrom(prefix.has_create_time(), prefix.create_time());
  out.update_time = TimeFrom(prefix.has_update_time(), prefix.update_time());
  out.etag = prefix.etag();
  return out;
}

Credential FromProto(const v1::Credential& credential) {
  Credential out;
  out.name = credential.name();
  out.role = Same<Role>(credential.role());
  out.title = credential.title();
  out.expire_time = TimeFrom(credential.has_expire_time(), credential.expire_time());
  out.state = Same<CredentialState>(credential.state());
  out.create_time = TimeFrom(credential.has_create_time(), credential.create_time());
  out.revoke_time = TimeFrom(credential.has_revoke_time(), credential.revoke_time());
  return out;
}

Template FromProto(const v1::Template& definition) {
  Template out;
  out.name = definition.name();
  out.version = definition.version();
  out.english_name = definition.english_name();
  out.chinese_name = definition.chinese_name();
  for (const v1::Template::Attribute& attribute : definition.attributes()) {
    Attribute& to = out.attributes.emplace_back();
    to.index = attribute.index();
    to.name = attribute.name();
    to.type = Same<AttributeType>(attribute.type());
    to.required = attribute.required();
    to.indexed = attribute.indexed();
    to.default_tier = Same<Tier>(attribute.default_tier());
    to.unit = attribute.unit();
    to.choices.assign(attribute.choices().begin(), attribute.choices().end());
    to.english_name = attribute.english_name();
    to.chinese_name = attribute.chinese_name();
  }
  return out;
}

Receipt FromProto(const v1::Receipt& receipt) {
  Receipt out;
  out.leaf_index = receipt.leaf_index();
  out.revision = receipt.revision();
  out.commit_time = TimeFrom(receipt.has_commit_time(), receipt.commit_time());
  if (receipt.has_proof()) out.proof = FromProto(receipt.proof());
  if (receipt.has_proof_error()) out.proof_error = FromProto(receipt.proof_error());
  return out;
}

Record FromProto(const v1::Record& record) {
  Record out;
  out.name = record.name();
  out.identifier = record.identifier();
  out.level = Same<Level>(record.level());
  out.instance_of = InstanceOfFrom(record);
  out.template_id = record.template_();
  out.template_version = record.template_version();
  out.issued_by = record.issued_by();
  out.owner = record.owner();
  out.custodian = record.custodian();
  out.state = Same<State>(record.state());
  out.values.reserve(static_cast<size_t>(record.values_size()));
  for (const v1::Value& value : record.values()) out.values.push_back(FromProtoValue(value));
  out.origin = OriginFrom(record);
  out.effective_time = TimeFrom(record.has_effective_time(), record.effective_time());
  if (record.has_retirement()) {
    out.retirement =
        Retirement{Same<RetirementReason>(record.retirement().reason()), record.retirement().text(),
                   record.retirement().successor(),
                   TimeFrom(record.retirement().has_time(), record.retirement().time())};
  }
  out.suspension_reason = record.suspension_reason();
  out.create_time = TimeFrom(record.has_create_time(), record.create_time());
  out.update_time = TimeFrom(record.has_update_time(), record.update_time());
  out.revision = record.revision();
  out.leaf_index = record.leaf_index();
  out.etag = record.etag();
  for (const int tier : record.erased_tiers()) out.erased_tiers.push_back(Same<Tier>(tier));
  return out;
}

RecordRevision FromProto(const v1::RecordRevision& revision) {
  return {FromProto(revision.record()), FromProto(revision.receipt()),
          revision.operation(),         revision.actor(),
          revision.on_behalf_of(),      revision.reason(),
          revision.credential()};
}

RegistrantAnswer FromProto(const v1::RegistrantResponse& response) {
  return {FromProto(response.registrant()), FromProto(response.receipt())};
}

PrefixAnswer FromProto(const v1::PrefixResponse& response) {
  return {FromProto(response.prefix()), FromProto(response.receipt())};
}

CredentialAnswer FromProto(const v1::CredentialResponse& response) {
  return {FromProto(response.credential()), FromProto(response.receipt())};
}

RecordAnswer FromProto(const v1::RecordResponse& response) {
  return {FromProto(response.record()), FromProto(response.receipt())};
}

RegisterResult FromProto(const v1::RegisterResult& result) {
  return {result.identifier(), result.name(), Same<Outcome>(result.outcome()),
          FromProto(result.receipt()), result.etag()};
}

ResolveAnswer FromProto(const v1::ResolveResponse& response) {
  ResolveAnswer out;
  out.record = FromProto(response.record());
  out.read_revision = response.read_revision();
  out.holder_state = Same<RegistrantState>(response.holder_state());
  out.values_withheld_count = response.values_withheld_count();
  if (response.has_proof()) out.proof = FromProto(response.proof());
  return out;
}

RegisterRow FromProto(const v1::RegisterRow& row) {
  RegisterRow out;
  out.identifier = row.identifier();
  if (row.has_mint()) out.mint = MintPattern{row.mint().prefix(), row.mint().pattern()};
  out.level = Same<Level>(row.level());
  out.instance_of = InstanceOfFrom(row);
  out.template_id = row.template_();
  for (const v1::Value& value : row.values()) out.values.push_back(FromProtoValue(value));
  out.origin = OriginFrom(row);
  out.effective_time = TimeFrom(row.has_effective_time(), row.effective_time());
  out.state = Same<State>(row.state());
  out.request_id = row.request_id();
  return out;
}

Status FromProto(const google::rpc::Status& status) {
  Status out{static_cast<StatusCode>(status.code()), status.message(), "", {}};
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    const std::string_view type = detail.type_url();
    if (type.substr(type.rfind('/') + 1) != "google.rpc.ErrorInfo") continue;
    if (!info.ParseFromString(detail.value())) continue;
    out.reason = info.reason();
    out.metadata.insert(info.metadata().begin(), info.metadata().end());
  }
  return out;
}

}  // namespace gusu
