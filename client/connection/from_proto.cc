#include "client/connection/convert_parts.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace gusu {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1000000;

template <typename Message>
std::optional<Origin> OriginFrom(const Message& message) {
  if (!message.has_origin()) return std::nullopt;
  return Origin{message.origin().system(), message.origin().original_identifier(),
                TimeFrom(message.origin().has_original_registration_time(),
                         message.origin().original_registration_time()),
                message.origin().evidence_sha256()};
}

}  // namespace

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
  out.is_digest = value.is_digest();
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
  for (const v1::Hold& hold : record.holds()) {
    out.holds.push_back({hold.number(), Same<HoldSide>(hold.side()), hold.reason(),
                         hold.document_number(), TimeFrom(hold.has_time(), hold.time())});
  }
  out.values_withheld_count = record.values_withheld_count();
  for (const int tier : record.withheld_tiers()) out.withheld_tiers.push_back(Same<Tier>(tier));
  out.serial_range = record.serial_range();
  return out;
}

RecordRevision FromProto(const v1::RecordRevision& revision) {
  return {FromProto(revision.record()), FromProto(revision.receipt()),
          revision.operation(),         revision.actor(),
          revision.on_behalf_of(),      revision.reason(),
          revision.credential()};
}

RecordAnswer FromProto(const v1::RecordResponse& response) {
  return {FromProto(response.record()), FromProto(response.receipt())};
}

RegisterResult FromProto(const v1::RegisterResult& result) {
  return {result.identifier(), result.name(), Same<Outcome>(result.outcome()),
          FromProto(result.receipt()), result.etag()};
}

Site FromProto(const v1::Site& site) {
  return {site.address(), Same<SiteProtocol>(site.protocol()), site.port(), site.public_key()};
}

Referral FromProto(const v1::Referral& referral) {
  Referral out;
  out.prefix = referral.prefix();
  for (const v1::Site& site : referral.sites()) out.sites.push_back(FromProto(site));
  return out;
}

ResolveAnswer FromProto(const v1::ResolveResponse& response) {
  ResolveAnswer out;
  out.record = FromProto(response.record());
  out.read_revision = response.read_revision();
  out.holder_state = Same<RegistrantState>(response.holder_state());
  out.values_withheld_count = response.values_withheld_count();
  for (const int tier : response.withheld_tiers()) out.withheld_tiers.push_back(Same<Tier>(tier));
  if (response.has_proof()) out.proof = FromProto(response.proof());
  if (response.has_referral()) out.referral = FromProto(response.referral());
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
