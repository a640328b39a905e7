#include "client/connection/text_check_registrar.h"

#include "client/connection/text_check_fields.h"

namespace gusu {
namespace {

TextCheck& AddRegistrant(const Registrant& registrant, TextCheck& check) {
  return check.Text("registrant.legal_name", registrant.legal_name)
      .Text("registrant.english_name", registrant.english_name)
      .Text("registrant.organization_code.value", registrant.organization_code.value)
      .Text("registrant.organization_code.authority", registrant.organization_code.authority)
      .Text("registrant.address", registrant.address)
      .Text("registrant.district", registrant.district)
      .Text("registrant.industry_class", registrant.industry_class)
      .Text("registrant.contact.person", registrant.contact.person)
      .Text("registrant.contact.email", registrant.contact.email)
      .Text("registrant.contact.phone", registrant.contact.phone);
}

TextCheck& AddTemplate(const Template& definition, TextCheck& check) {
  check.Text("template.english_name", definition.english_name)
      .Text("template.chinese_name", definition.chinese_name);
  for (size_t i = 0; i < definition.attributes.size(); ++i) {
    const Attribute& attribute = definition.attributes[i];
    const std::string field = "template.attributes[" + std::to_string(i) + "].";
    check.Text(field + "name", attribute.name)
        .Text(field + "unit", attribute.unit)
        .Texts(field + "choices", attribute.choices)
        .Text(field + "english_name", attribute.english_name)
        .Text(field + "chinese_name", attribute.chinese_name);
  }
  return check;
}

// What every write has.
template <typename Request>
TextCheck& AddWrite(const Request& request, TextCheck& check) {
  return check.Text("request_id", request.request_id).OnBehalfOf(request.on_behalf_of);
}

TextCheck& AddDecision(const Decision& decision, TextCheck& check) {
  return check.Text("name", decision.name)
      .Text("reason", decision.reason)
      .Text("etag", decision.etag)
      .Text("request_id", decision.request_id);
}

Status NotOne(const char* field, size_t count) {
  if (count == 1) return {};
  return {StatusCode::kInvalidArgument,
          std::string(field) + (count == 0 ? " is not given" : " is given more than once"),
          "FIELD_INVALID",
          {{"field", field}, {"value", ""}}};
}

}  // namespace

Status CheckText(const ApplyRegistrantRequest& request) {
  TextCheck check;
  check.Text("registrant_id", request.registrant_id);
  return AddRegistrant(request.registrant, check).Text("request_id", request.request_id).Take();
}

Status CheckText(const UpdateRegistrantRequest& request) {
  TextCheck check;
  return AddRegistrant(request.registrant, check)
      .Text("reason", request.reason)
      .Change(request)
      .Take();
}

Status CheckText(const Decision& request) {
  TextCheck check;
  return AddDecision(request, check).Take();
}

Status CheckText(const CloseRegistrantRequest& request) {
  TextCheck check;
  return AddDecision(request, check).Text("successor", request.successor).Take();
}

Status CheckText(const DesignateRegistrantRequest& request) {
  TextCheck check;
  const Designation& designation = request.designation;
  return AddDecision(request, check)
      .Text("designation.id", designation.id)
      .Text("designation.title", designation.title)
      .Text("designation.english_title", designation.english_title)
      .Text("designation.programme", designation.programme)
      .Text("designation.certificate_number", designation.certificate_number)
      .Text("designation.issued_on", designation.issued_on)
      .Text("designation.valid_until", designation.valid_until)
      .Take();
}

Status CheckText(const RevokeDesignationRequest& request) {
  TextCheck check;
  return AddDecision(request, check).Text("designation_id", request.designation_id).Take();
}

Status CheckText(const ListRegistrantsRequest& request) {
  return TextCheck()
      .Text("district", request.district)
      .Text("industry_class", request.industry_class)
      .Text("name_contains", request.name_contains)
      .Take();
}

Status CheckText(const CreateCredentialRequest& request) {
  TextCheck check;
  check.Text("parent", request.parent)
      .Text("credential.title", request.credential.title)
      .Text("credential.handle_prefix", request.credential.handle_prefix);
  return AddWrite(request, check).Take();
}

Status CheckText(const ListCredentialsRequest& request) {
  return CheckText("parent", request.parent);
}

Status CheckText(const RevokeCredentialRequest& request) {
  TextCheck check;
  check.Text("name", request.name).Text("reason", request.reason);
  return AddWrite(request, check).Take();
}

Status CheckText(const GrantPrefixRequest& request) {
  TextCheck check;
  check.Text("prefix", request.prefix)
      .Text("holder", request.holder)
      .Text("suffix_policy.pattern", request.suffix_policy.pattern)
      .Text("reason", request.reason);
  return AddWrite(request, check).Take();
}

Status CheckText(const UpdatePrefixRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const DelegatePrefixRequest& request) {
  TextCheck check;
  check.Change(request).Text("reason", request.reason);
  for (size_t i = 0; i < request.sites.size(); ++i) {
    check.Text("sites[" + std::to_string(i) + "].address", request.sites[i].address);
  }
  return check.Take();
}

Status CheckText(const TransferPrefixRequest& request) {
  TextCheck check;
  return AddDecision(request, check).Text("holder", request.holder).Take();
}

Status CheckText(const ListPrefixesRequest& request) {
  return TextCheck().Text("holder", request.holder).Text("above", request.above).Take();
}

Status CheckText(const CreateTemplateRequest& request) {
  TextCheck check;
  check.Text("template_id", request.template_id);
  AddTemplate(request.definition, check);
  return AddWrite(request, check).Take();
}

Status CheckText(const UpdateTemplateRequest& request) {
  TextCheck check;
  check.Change(request);
  return AddTemplate(request.definition, check).Take();
}

Status CheckText(const PublishTemplateRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const WithdrawTemplateRequest& request) {
  return TextCheck().Change(request).Text("reason", request.reason).Take();
}

Status CheckText(const ListTemplatesRequest& request) { return CheckText("owner", request.owner); }

Status CheckText(const CreateGrantRequest& request) {
  const Grantee& grantee = request.grant.grantee;
  const GrantScope& scope = request.grant.scope;
  TextCheck check;
  check.Text("parent", request.parent)
      .Text("grant.registrant", grantee.registrant)
      .Text("grant.group", grantee.group)
      .Text("grant.prefix", scope.prefix)
      .Text("grant.template_scope.template", scope.template_name)
      .Text("grant.identifier_beginning", scope.identifier_beginning)
      .Texts("grant.identifiers", scope.identifiers)
      .Text("grant.own_in_prefix", scope.own_in_prefix)
      .Texts("grant.rights.write_attributes", request.grant.rights.write_attributes)
      .Text("grant.title", request.grant.title);
  if (grantee.organization_code) {
    check.Text("grant.organization_code.value", grantee.organization_code->value)
        .Text("grant.organization_code.authority", grantee.organization_code->authority);
  }
  if (Status fault = AddWrite(request, check).Take(); !fault.ok()) return fault;
  const size_t grantees = (grantee.registrant.empty() ? 0 : 1) + (grantee.group.empty() ? 0 : 1) +
                          (grantee.organization_code ? 1 : 0);
  if (Status fault = NotOne("grant.grantee", grantees); !fault.ok()) return fault;
  const size_t scopes = (scope.prefix.empty() && scope.template_name.empty() ? 0 : 1) +
                        (scope.identifier_beginning.empty() ? 0 : 1) +
                        (scope.identifiers.empty() ? 0 : 1) + (scope.own_in_prefix.empty() ? 0 : 1);
  return NotOne("grant.scope", scopes);
}

Status CheckText(const RevokeGrantRequest& request) {
  TextCheck check;
  check.Text("name", request.name).Text("reason", request.reason);
  return AddWrite(request, check).Take();
}

Status CheckText(const ListGrantsRequest& request) { return CheckText("parent", request.parent); }

Status CheckText(const SetGroupRequest& request) {
  TextCheck check;
  check.Text("group.name", request.group.name)
      .Text("group.title", request.group.title)
      .Texts("group.members", request.group.members)
      .Text("reason", request.reason)
      .Text("etag", request.etag);
  return AddWrite(request, check).Take();
}

Status CheckText(const ListGroupsRequest& request) { return CheckText("parent", request.parent); }

Status CheckText(const StatisticsRequest& request) {
  return TextCheck()
      .Text("parent", request.parent)
      .Text("from_date", request.from_date)
      .Text("to_date", request.to_date)
      .Take();
}

Status CheckText(const RecountStatisticsRequest& request) {
  return CheckText("parent", request.parent);
}

}  // namespace gusu
