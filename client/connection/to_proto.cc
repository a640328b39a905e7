#include "client/connection/convert.h"

namespace gusu {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1000000;

void Fill(const Value& value, v1::Value* out) {
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
}

template <typename Message>
void FillInstanceOf(const std::optional<InstanceOf>& instance_of, Message* out) {
  if (!instance_of) return;
  out->mutable_instance_of()->set_identifier(instance_of->identifier);
  out->mutable_instance_of()->set_revision(instance_of->revision);
}

template <typename Message>
void FillOnBehalfOf(const std::optional<OnBehalfOf>& on_behalf_of, Message* out) {
  if (on_behalf_of) *out->mutable_on_behalf_of() = ToProto(*on_behalf_of);
}

void Fill(const Registrant& registrant, v1::Registrant* out) {
  out->set_name(registrant.name);
  out->set_kind(Same<v1::Registrant::Kind>(registrant.kind));
  out->set_legal_name(registrant.legal_name);
  out->set_english_name(registrant.english_name);
  if (!registrant.organization_code.value.empty()) {
    v1::OrganizationCode* code = out->mutable_organization_code();
    code->set_scheme(Same<v1::OrganizationCode::Scheme>(registrant.organization_code.scheme));
    code->set_value(registrant.organization_code.value);
    code->set_authority(registrant.organization_code.authority);
  }
  out->set_address(registrant.address);
  out->set_district(registrant.district);
  out->set_industry_class(registrant.industry_class);
  const Contact& contact = registrant.contact;
  if (!contact.person.empty() || !contact.email.empty() || !contact.phone.empty()) {
    out->mutable_contact()->set_person(contact.person);
    out->mutable_contact()->set_email(contact.email);
    out->mutable_contact()->set_phone(contact.phone);
  }
}

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

v1::ApplyRegistrantRequest ToProto(const ApplyRegistrantRequest& request) {
  v1::ApplyRegistrantRequest out;
  out.set_registrant_id(request.registrant_id);
  Fill(request.registrant, out.mutable_registrant());
  out.set_claim_sha256(request.claim_sha256);
  out.set_request_id(request.request_id);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::ApproveRegistrantRequest ToProto(const ApproveRegistrantRequest& request) {
  v1::ApproveRegistrantRequest out;
  out.set_name(request.name);
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  out.set_request_id(request.request_id);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::ListRegistrantsRequest ToProto(const ListRegistrantsRequest& request) {
  v1::ListRegistrantsRequest out;
  out.set_state(Same<v1::Registrant::State>(request.state));
  out.set_page_size(request.page_size);
  return out;
}

v1::GrantPrefixRequest ToProto(const GrantPrefixRequest& request) {
  v1::GrantPrefixRequest out;
  out.set_prefix(request.prefix);
  out.set_holder(request.holder);
  out.set_quota(request.quota);
  const SuffixPolicy& policy = request.suffix_policy;
  if (policy.characters_max != 0 || policy.check_scheme != SuffixCheckScheme::kUnspecified) {
    out.mutable_suffix_policy()->set_characters_max(policy.characters_max);
    out.mutable_suffix_policy()->set_check_scheme(
        Same<v1::SuffixPolicy::CheckScheme>(policy.check_scheme));
  }
  out.set_reason(request.reason);
  out.set_request_id(request.request_id);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::ListPrefixesRequest ToProto(const ListPrefixesRequest& request) {
  v1::ListPrefixesRequest out;
  out.set_holder(request.holder);
  out.set_page_size(request.page_size);
  return out;
}

v1::CreateCredentialRequest ToProto(const CreateCredentialRequest& request) {
  v1::CreateCredentialRequest out;
  out.set_parent(request.parent);
  v1::Credential* credential = out.mutable_credential();
  credential->set_role(Same<v1::Credential::Role>(request.credential.role));
  credential->set_title(request.credential.title);
  if (request.credential.expire_time)
    FillTime(*request.credential.expire_time, credential->mutable_expire_time());
  out.set_secret_sha256(request.secret_sha256);
  out.set_request_id(request.request_id);
  FillOnBehalfOf(request.on_behalf_of, &out);
  out.set_include_proof(request.include_proof);
  return out;
}

v1::ListCredentialsRequest ToProto(const ListCredentialsRequest& request) {
  v1::ListCredentialsRequest out;
  out.set_parent(request.parent);
  out.set_page_size(request.page_size);
  return out;
}

v1::RevokeCredentialRequest ToProto(const RevokeCredentialRequest& request) {
  v1::RevokeCredentialRequest out;
  out.set_name(request.name);
  out.set_reason(request.reason);
  out.set_request_id(request.request_id);
  FillOnBehalfOf(request.on_behalf_of, &out);
  out.set_include_proof(request.include_proof);
  return out;
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
  for (const Value& value : row.values) Fill(value, out.add_values());
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

v1::ListRecordsRequest ToProto(const ListRecordsRequest& request) {
  v1::ListRecordsRequest out;
  out.set_parent(request.parent);
  out.set_state(Same<v1::Record::State>(request.state));
  out.set_level(Same<v1::Record::Level>(request.level));
  out.set_page_size(request.page_size);
  return out;
}

v1::ListRevisionsRequest ToProto(const ListRevisionsRequest& request) {
  v1::ListRevisionsRequest out;
  out.set_name(request.name);
  out.set_page_size(request.page_size);
  return out;
}

v1::UpdateRecordRequest ToProto(const UpdateRecordRequest& request) {
  v1::UpdateRecordRequest out;
  FillChange(request, &out);
  for (const Value& value : request.values) Fill(value, out.add_values());
  FillInstanceOf(request.instance_of, &out);
  out.set_reason(request.reason);
  return out;
}

v1::ModifyValuesRequest ToProto(const ModifyValuesRequest& request) {
  v1::ModifyValuesRequest out;
  FillChange(request, &out);
  for (const Value& value : request.add) Fill(value, out.add_add());
  for (const Value& value : request.modify) Fill(value, out.add_modify());
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
  return VerbToProto<v1::ReinstateRecordRequest>(request);
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
  return out;
}

}  // namespace gusu
