#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1000000;

// What all changes of a record have.
template <typename Message, typename Request>
void FillChange(const Request& request, Message* out) {
  out->set_name(request.name);
  if (request.effective_time) FillTime(*request.effective_time, out->mutable_effective_time());
  out->set_etag(request.etag);
  out->set_request_id(request.request_id);
  FillOnBehalfOf(request.on_behalf_of, out);
  out->set_include_proof(request.include_proof);
}

template <typename Message, typename Request>
Message VerbToProto(const Request& request) {
  Message out;
  FillChange(request, &out);
  out.set_reason(request.reason);
  return out;
}

// `message` makes the interval's message; none is sent for an interval without bounds.
template <typename MakeMessage>
void FillInterval(const TimeInterval& interval, MakeMessage message) {
  if (interval.from) FillTime(*interval.from, message()->mutable_from());
  if (interval.before) FillTime(*interval.before, message()->mutable_before());
}

}  // namespace

void FillTime(Timestamp time, google::protobuf::Timestamp* out) {
  const int64_t total = time.time_since_epoch().count();
  int64_t seconds = total / kMicrosecondsPerSecond;
  int64_t microseconds = total % kMicrosecondsPerSecond;
  if (microseconds < 0) {
    microseconds += kMicrosecondsPerSecond;
    --seconds;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<int32_t>(microseconds * 1000));
}

void FillValue(const Value& value, v1::Value* out) {
  out->set_index(value.index);
  out->set_type(value.type);
  out->set_data(value.data);
  if (value.cache_until) {
    FillTime(*value.cache_until, out->mutable_cache_until());
  } else if (value.ttl_seconds) {
    out->set_ttl_seconds(*value.ttl_seconds);
  }
  out->set_tier(Same<v1::Tier>(value.tier));
  out->set_language(value.language);
  for (const Reference& reference : value.references) {
    v1::Reference* to = out->add_references();
    to->set_identifier(reference.identifier);
    to->set_index(reference.index);
  }
  out->set_is_digest(value.is_digest);
}

v1::OnBehalfOf ToProto(const OnBehalfOf& on_behalf_of) {
  v1::OnBehalfOf out;
  out.set_registrant(on_behalf_of.registrant);
  out.set_reason(on_behalf_of.reason);
  return out;
}

v1::RegisterRow ToProto(const RegisterRow& row) {
  v1::RegisterRow out;
  if (row.mint) {
    out.mutable_mint()->set_prefix(row.mint->prefix);
    out.mutable_mint()->set_pattern(row.mint->pattern);
  } else {
    out.set_identifier(row.identifier);
  }
  out.set_level(Same<v1::Record::Level>(row.level));
  FillInstanceOf(row.instance_of, &out);
  out.set_template_(row.template_id);
  for (const Value& value : row.values) FillValue(value, out.add_values());
  if (row.origin) {
    v1::Origin* origin = out.mutable_origin();
    origin->set_system(row.origin->system);
    origin->set_original_identifier(row.origin->original_identifier);
    if (row.origin->original_registration_time)
      FillTime(*row.origin->original_registration_time,
               origin->mutable_original_registration_time());
    origin->set_evidence_sha256(row.origin->evidence_sha256);
  }
  if (row.effective_time) FillTime(*row.effective_time, out.mutable_effective_time());
  out.set_state(Same<v1::Record::State>(row.state));
  out.set_request_id(row.request_id);
  return out;
}

v1::RegisterRequest ToProto(const RegisterRequest& request) {
  v1::RegisterRequest out;
  *out.mutable_row() = ToProto(request.row);
  FillOnBehalfOf(request.on_behalf_of, &out);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::BatchRegisterRequest ToProto(const BatchRegisterRequest& request) {
  v1::BatchRegisterRequest out;
  for (const RegisterRow& row : request.rows) *out.add_rows() = ToProto(row);
  FillOnBehalfOf(request.on_behalf_of, &out);
  out.set_request_id(request.request_id);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::GetRecordRequest ToProto(const GetRecordRequest& request) {
  v1::GetRecordRequest out;
  out.set_name(request.name);
  out.set_reason(request.reason);
  return out;
}

v1::ListRecordsRequest ToProto(const ListRecordsRequest& request) {
  v1::ListRecordsRequest out;
  out.set_parent(request.parent);
  out.set_page_size(request.page_size);
  out.set_page_token(request.page_token);
  out.set_state(Same<v1::Record::State>(request.state));
  out.set_level(Same<v1::Record::Level>(request.level));
  for (const AttributeFilter& filter : request.attributes) {
    v1::AttributeFilter* to = out.add_attributes();
    to->set_name(filter.name);
    if (filter.is_beginning) {
      to->set_begins_with(filter.text);
    } else {
      to->set_equals(filter.text);
    }
  }
  out.set_owner(request.owner);
  out.set_custodian(request.custodian);
  FillInterval(request.create_time, [&out] { return out.mutable_create_time(); });
  FillInterval(request.update_time, [&out] { return out.mutable_update_time(); });
  if (request.as_of_time) FillTime(*request.as_of_time, out.mutable_as_of_time());
  out.set_instance_of(request.instance_of);
  out.set_template_(request.template_id);
  out.set_reason(request.reason);
  return out;
}

v1::ListRevisionsRequest ToProto(const ListRevisionsRequest& request) {
  v1::ListRevisionsRequest out;
  out.set_name(request.name);
  out.set_page_size(request.page_size);
  out.set_reason(request.reason);
  return out;
}

v1::UpdateRecordRequest ToProto(const UpdateRecordRequest& request) {
  v1::UpdateRecordRequest out;
  FillChange(request, &out);
  for (const Value& value : request.values) FillValue(value, out.add_values());
  FillInstanceOf(request.instance_of, &out);
  out.set_reason(request.reason);
  return out;
}

v1::ModifyValuesRequest ToProto(const ModifyValuesRequest& request) {
  v1::ModifyValuesRequest out;
  FillChange(request, &out);
  for (const Value& value : request.add) FillValue(value, out.add_add());
  for (const Value& value : request.modify) FillValue(value, out.add_modify());
  for (uint32_t index : request.remove_indexes) out.add_remove_indexes(index);
  out.set_reason(request.reason);
  return out;
}

v1::SuspendRecordRequest ToProto(const SuspendRecordRequest& request) {
  return VerbToProto<v1::SuspendRecordRequest>(request);
}

v1::ActivateRecordRequest ToProto(const ActivateRecordRequest& request) {
  return VerbToProto<v1::ActivateRecordRequest>(request);
}

v1::RetireRecordRequest ToProto(const RetireRecordRequest& request) {
  v1::RetireRecordRequest out;
  FillChange(request, &out);
  v1::Retirement* retirement = out.mutable_retirement();
  retirement->set_reason(Same<v1::Retirement::Reason>(request.retirement.reason));
  retirement->set_text(request.retirement.text);
  retirement->set_successor(request.retirement.successor);
  return out;
}

v1::ReinstateRecordRequest ToProto(const ReinstateRecordRequest& request) {
  auto out = VerbToProto<v1::ReinstateRecordRequest>(request);
  if (!request.values) return out;
  auto* values = out.mutable_content()->mutable_values();
  for (const Value& value : *request.values) FillValue(value, values->Add());
  return out;
}

v1::HoldRecordRequest ToProto(const HoldRecordRequest& request) {
  v1::HoldRecordRequest out;
  out.set_name(request.name);
  out.set_reason(request.reason);
  out.set_document_number(request.document_number);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

v1::UnholdRecordRequest ToProto(const UnholdRecordRequest& request) {
  v1::UnholdRecordRequest out;
  out.set_name(request.name);
  out.set_number(request.number);
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

v1::EraseValuesRequest ToProto(const EraseValuesRequest& request) {
  v1::EraseValuesRequest out;
  out.set_name(request.name);
  out.set_tier(Same<v1::Tier>(request.tier));
  for (uint64_t revision : request.revisions) out.add_revisions(revision);
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  out.set_request_id(request.request_id);
  FillOnBehalfOf(request.on_behalf_of, &out);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::ResolveOptions ToProto(const ResolveOptions& options) {
  v1::ResolveOptions out;
  for (const std::string& type : options.types) out.add_types(type);
  for (uint32_t index : options.indexes) out.add_indexes(index);
  if (options.as_of_time) {
    FillTime(*options.as_of_time, out.mutable_as_of_time());
  } else if (!options.as_of_date.empty()) {
    out.set_as_of_date(options.as_of_date);
  }
  out.set_include_proof(options.include_proof);
  out.set_reason(options.reason);
  return out;
}

}  // namespace gusu
