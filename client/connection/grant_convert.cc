// Grants and groups, as messages and back.
#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

// Of what is given twice, the message keeps the last: text_check refuses that before.
void FillGrantee(const Grantee& grantee, v1::Grant* out) {
  if (!grantee.registrant.empty()) out->set_registrant(grantee.registrant);
  if (!grantee.group.empty()) out->set_group(grantee.group);
  if (grantee.organization_code) {
    *out->mutable_organization_code() = ToProto(*grantee.organization_code);
  }
}

void FillScope(const GrantScope& scope, v1::Grant* out) {
  if (!scope.template_name.empty()) {
    out->mutable_template_scope()->set_prefix(scope.prefix);
    out->mutable_template_scope()->set_template_(scope.template_name);
  } else if (!scope.prefix.empty()) {
    out->set_prefix(scope.prefix);
  }
  if (!scope.identifier_beginning.empty()) {
    out->set_identifier_beginning(scope.identifier_beginning);
  }
  if (!scope.identifiers.empty()) {
    FillStrings(scope.identifiers, out->mutable_identifiers()->mutable_identifiers());
  }
  if (!scope.own_in_prefix.empty()) out->set_own_in_prefix(scope.own_in_prefix);
}

Grantee GranteeFrom(const v1::Grant& grant) {
  Grantee out;
  out.registrant = grant.registrant();
  out.group = grant.group();
  if (grant.has_organization_code()) out.organization_code = FromProto(grant.organization_code());
  return out;
}

GrantScope ScopeFrom(const v1::Grant& grant) {
  GrantScope out;
  out.prefix = grant.has_template_scope() ? grant.template_scope().prefix() : grant.prefix();
  out.template_name = grant.template_scope().template_();
  out.identifier_beginning = grant.identifier_beginning();
  out.identifiers = StringsFrom(grant.identifiers().identifiers());
  out.own_in_prefix = grant.own_in_prefix();
  return out;
}

}  // namespace

v1::CreateGrantRequest ToProto(const CreateGrantRequest& request) {
  v1::CreateGrantRequest out;
  out.set_parent(request.parent);
  v1::Grant* grant = out.mutable_grant();
  FillGrantee(request.grant.grantee, grant);
  FillScope(request.grant.scope, grant);
  const Rights& rights = request.grant.rights;
  grant->mutable_rights()->set_read_tier(Same<v1::Tier>(rights.read_tier));
  FillStrings(rights.write_attributes, grant->mutable_rights()->mutable_write_attributes());
  grant->mutable_rights()->set_append_events(rights.append_events);
  if (request.grant.expire_time) {
    FillTime(*request.grant.expire_time, grant->mutable_expire_time());
  }
  grant->set_title(request.grant.title);
  FillWrite(request, &out);
  return out;
}

v1::RevokeGrantRequest ToProto(const RevokeGrantRequest& request) {
  v1::RevokeGrantRequest out;
  out.set_name(request.name);
  out.set_reason(request.reason);
  FillWrite(request, &out);
  return out;
}

v1::ListGrantsRequest ToProto(const ListGrantsRequest& request) {
  v1::ListGrantsRequest out;
  out.set_parent(request.parent);
  out.set_page_size(request.page_size);
  return out;
}

v1::SetGroupRequest ToProto(const SetGroupRequest& request) {
  v1::SetGroupRequest out;
  out.mutable_group()->set_name(request.group.name);
  out.mutable_group()->set_title(request.group.title);
  FillStrings(request.group.members, out.mutable_group()->mutable_members());
  out.set_reason(request.reason);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

v1::ListGroupsRequest ToProto(const ListGroupsRequest& request) {
  v1::ListGroupsRequest out;
  out.set_parent(request.parent);
  out.set_page_size(request.page_size);
  return out;
}

Grant FromProto(const v1::Grant& grant) {
  Grant out;
  out.name = grant.name();
  out.grantee = GranteeFrom(grant);
  out.scope = ScopeFrom(grant);
  out.rights = {Same<Tier>(grant.rights().read_tier()),
                StringsFrom(grant.rights().write_attributes()), grant.rights().append_events()};
  out.expire_time = TimeFrom(grant.has_expire_time(), grant.expire_time());
  out.title = grant.title();
  out.state = Same<GrantState>(grant.state());
  out.create_time = TimeFrom(grant.has_create_time(), grant.create_time());
  out.revoke_time = TimeFrom(grant.has_revoke_time(), grant.revoke_time());
  return out;
}

Group FromProto(const v1::Group& group) {
  return {group.name(), group.title(), StringsFrom(group.members()), group.etag()};
}

GrantAnswer FromProto(const v1::GrantResponse& response) {
  return {FromProto(response.grant()), FromProto(response.receipt())};
}

GroupAnswer FromProto(const v1::GroupResponse& response) {
  return {FromProto(response.group()), FromProto(response.receipt())};
}

}  // namespace gusu
