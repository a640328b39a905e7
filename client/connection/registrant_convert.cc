// Registrants and their credentials, as messages and back.
#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

template <typename Message>
void FillLegalData(const LegalData& data, Message* out) {
  out->set_legal_name(data.legal_name);
  out->set_english_name(data.english_name);
  if (!data.organization_code.value.empty()) {
    *out->mutable_organization_code() = ToProto(data.organization_code);
  }
  out->set_address(data.address);
  out->set_district(data.district);
  out->set_industry_class(data.industry_class);
  out->set_industry_edition(data.industry_edition);
  if (data.location) {
    out->mutable_location()->set_latitude(data.location->latitude);
    out->mutable_location()->set_longitude(data.location->longitude);
    out->mutable_location()->set_datum(Same<v1::Location::Datum>(data.location->datum));
  }
  FillStrings(data.documents_sha256, out->mutable_documents_sha256());
}

// What is output only is not sent.
void Fill(const Registrant& registrant, v1::Registrant* out) {
  FillLegalData(registrant, out);
  out->set_name(registrant.name);
  out->set_kind(Same<v1::Registrant::Kind>(registrant.kind));
  const Contact& contact = registrant.contact;
  if (!contact.person.empty() || !contact.email.empty() || !contact.phone.empty()) {
    out->mutable_contact()->set_person(contact.person);
    out->mutable_contact()->set_email(contact.email);
    out->mutable_contact()->set_phone(contact.phone);
  }
}

void Fill(const Designation& designation, v1::Designation* out) {
  out->set_id(designation.id);
  out->set_title(designation.title);
  out->set_english_title(designation.english_title);
  out->set_programme(designation.programme);
  out->set_certificate_number(designation.certificate_number);
  out->set_issued_on(designation.issued_on);
  out->set_valid_until(designation.valid_until);
}

void FillFrom(const v1::Registrant& from, LegalData* out) {
  out->legal_name = from.legal_name();
  out->english_name = from.english_name();
  out->organization_code = FromProto(from.organization_code());
  out->address = from.address();
  out->district = from.district();
  out->industry_class = from.industry_class();
  out->industry_edition = from.industry_edition();
  if (from.has_location()) {
    out->location = Location{from.location().latitude(), from.location().longitude(),
                             Same<LocationDatum>(from.location().datum())};
  }
  out->documents_sha256 = StringsFrom(from.documents_sha256());
}

Designation DesignationFrom(const v1::Designation& designation) {
  return {designation.id(),
          designation.title(),
          designation.english_title(),
          designation.programme(),
          designation.certificate_number(),
          designation.issued_on(),
          designation.valid_until(),
          designation.revoked(),
          designation.revocation_reason()};
}

Amendment AmendmentFrom(const v1::Amendment& amendment) {
  Amendment out;
  FillFrom(amendment.proposed(), &out.proposed);
  out.reason = amendment.reason();
  out.state = Same<AmendmentState>(amendment.state());
  out.state_reason = amendment.state_reason();
  out.submit_time = TimeFrom(amendment.has_submit_time(), amendment.submit_time());
  return out;
}

}  // namespace

v1::OrganizationCode ToProto(const OrganizationCode& code) {
  v1::OrganizationCode out;
  out.set_scheme(Same<v1::OrganizationCode::Scheme>(code.scheme));
  out.set_value(code.value);
  out.set_authority(code.authority);
  return out;
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

v1::UpdateRegistrantRequest ToProto(const UpdateRegistrantRequest& request) {
  v1::UpdateRegistrantRequest out;
  out.set_name(request.name);
  Fill(request.registrant, out.mutable_registrant());
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

v1::ApproveRegistrantRequest ToProto(const ApproveRegistrantRequest& request) {
  return BureauDecisionToProto<v1::ApproveRegistrantRequest>(request);
}

v1::ReturnRegistrantRequest ToProto(const ReturnRegistrantRequest& request) {
  return BureauDecisionToProto<v1::ReturnRegistrantRequest>(request);
}

v1::RejectRegistrantRequest ToProto(const RejectRegistrantRequest& request) {
  return BureauDecisionToProto<v1::RejectRegistrantRequest>(request);
}

v1::SuspendRegistrantRequest ToProto(const SuspendRegistrantRequest& request) {
  return BureauDecisionToProto<v1::SuspendRegistrantRequest>(request);
}

v1::ActivateRegistrantRequest ToProto(const ActivateRegistrantRequest& request) {
  return BureauDecisionToProto<v1::ActivateRegistrantRequest>(request);
}

v1::CloseRegistrantRequest ToProto(const CloseRegistrantRequest& request) {
  auto out = BureauDecisionToProto<v1::CloseRegistrantRequest>(request);
  out.set_successor(request.successor);
  return out;
}

v1::DesignateRegistrantRequest ToProto(const DesignateRegistrantRequest& request) {
  auto out = BureauDecisionToProto<v1::DesignateRegistrantRequest>(request);
  Fill(request.designation, out.mutable_designation());
  return out;
}

v1::RevokeDesignationRequest ToProto(const RevokeDesignationRequest& request) {
  auto out = BureauDecisionToProto<v1::RevokeDesignationRequest>(request);
  out.set_designation_id(request.designation_id);
  return out;
}

v1::ListRegistrantsRequest ToProto(const ListRegistrantsRequest& request) {
  v1::ListRegistrantsRequest out;
  out.set_state(Same<v1::Registrant::State>(request.state));
  out.set_kind(Same<v1::Registrant::Kind>(request.kind));
  out.set_district(request.district);
  out.set_industry_class(request.industry_class);
  out.set_name_contains(request.name_contains);
  out.set_has_amendment(request.has_amendment);
  out.set_page_size(request.page_size);
  out.set_page_token(request.page_token);
  return out;
}

v1::CreateCredentialRequest ToProto(const CreateCredentialRequest& request) {
  v1::CreateCredentialRequest out;
  out.set_parent(request.parent);
  v1::Credential* credential = out.mutable_credential();
  credential->set_role(Same<v1::Credential::Role>(request.credential.role));
  credential->set_title(request.credential.title);
  if (request.credential.expire_time) {
    FillTime(*request.credential.expire_time, credential->mutable_expire_time());
  }
  credential->set_kind(Same<v1::Credential::Kind>(request.credential.kind));
  credential->set_handle_prefix(request.credential.handle_prefix);
  out.set_secret_sha256(request.secret_sha256);
  out.set_public_key(request.public_key);
  out.set_secret(request.secret);
  FillWrite(request, &out);
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
  FillWrite(request, &out);
  return out;
}

OrganizationCode FromProto(const v1::OrganizationCode& code) {
  return {Same<OrganizationCodeScheme>(code.scheme()), code.value(), code.authority()};
}

Registrant FromProto(const v1::Registrant& registrant) {
  Registrant out;
  FillFrom(registrant, &out);
  out.name = registrant.name();
  out.kind = Same<RegistrantKind>(registrant.kind());
  out.contact = {registrant.contact().person(), registrant.contact().email(),
                 registrant.contact().phone()};
  out.state = Same<RegistrantState>(registrant.state());
  out.state_reason = registrant.state_reason();
  for (const v1::Designation& designation : registrant.designations()) {
    out.designations.push_back(DesignationFrom(designation));
  }
  out.successor = registrant.successor();
  if (registrant.has_amendment()) out.amendment = AmendmentFrom(registrant.amendment());
  out.create_time = TimeFrom(registrant.has_create_time(), registrant.create_time());
  out.update_time = TimeFrom(registrant.has_update_time(), registrant.update_time());
  out.etag = registrant.etag();
  out.warnings = StringsFrom(registrant.warnings());
  return out;
}

Credential FromProto(const v1::Credential& credential) {
  Credential out;
  out.name = credential.name();
  out.role = Same<Role>(credential.role());
  out.title = credential.title();
  out.expire_time = TimeFrom(credential.has_expire_time(), credential.expire_time());
  out.kind = Same<CredentialKind>(credential.kind());
  out.handle_prefix = credential.handle_prefix();
  out.handle_identity = credential.handle_identity();
  out.state = Same<CredentialState>(credential.state());
  out.create_time = TimeFrom(credential.has_create_time(), credential.create_time());
  out.revoke_time = TimeFrom(credential.has_revoke_time(), credential.revoke_time());
  return out;
}

RegistrantAnswer FromProto(const v1::RegistrantResponse& response) {
  return {FromProto(response.registrant()), FromProto(response.receipt())};
}

CredentialAnswer FromProto(const v1::CredentialResponse& response) {
  return {FromProto(response.credential()), FromProto(response.receipt())};
}

}  // namespace gusu
