#include "client/cli/grant_text.h"

#include <vector>

#include "client/cli/table.h"
#include "client/cli/time_text.h"

namespace gusu::cli {
namespace {

std::string Prefixless(const std::string& name) {
  static constexpr char kCollection[] = "prefixes/";
  return name.starts_with(kCollection) ? name.substr(sizeof kCollection - 1) : name;
}

}  // namespace

std::string WithParent(const std::string& collection, const std::string& name) {
  if (name.starts_with("registrants/")) return name;
  const size_t slash = name.find('/');
  if (slash == std::string::npos) return name;
  return "registrants/" + name.substr(0, slash) + "/" + collection + "/" + name.substr(slash + 1);
}

std::string ToGranteeText(const Grantee& grantee) {
  if (!grantee.group.empty()) return "group " + grantee.group;
  if (!grantee.organization_code) return grantee.registrant;
  const OrganizationCode& code = *grantee.organization_code;
  return "code " + code.value + " (" + std::string(ToText(code.scheme)) +
         (code.authority.empty() ? "" : ", " + code.authority) + ")";
}

std::string ToScopeText(const GrantScope& scope) {
  if (!scope.template_name.empty()) {
    return scope.template_name + " in " + Prefixless(scope.prefix);
  }
  if (!scope.identifier_beginning.empty()) return scope.identifier_beginning + "…";
  if (!scope.own_in_prefix.empty()) return "its own in " + Prefixless(scope.own_in_prefix);
  if (scope.identifiers.empty()) return Prefixless(scope.prefix);
  std::string text = scope.identifiers.front();
  if (scope.identifiers.size() > 1) {
    text += " and " + std::to_string(scope.identifiers.size() - 1) + " more";
  }
  return text;
}

std::string ToRightsText(const Rights& rights) {
  std::string text;
  const auto add = [&text](const std::string& right) {
    text += (text.empty() ? "" : ", ") + right;
  };
  if (rights.read_tier != Tier::kUnspecified) add("read " + std::string(ToText(rights.read_tier)));
  std::string attributes;
  for (const std::string& attribute : rights.write_attributes) {
    attributes += (attributes.empty() ? "" : " ") + attribute;
  }
  if (!attributes.empty()) add("write " + attributes);
  if (rights.append_events) add("append events");
  return text;
}

void PrintGrant(Session& session, const Grant& grant) {
  Table table;
  const auto add = [&table](const std::string& name, const std::string& value) {
    if (!value.empty()) table.AddRow({name, value});
  };
  add("Grant", grant.name);
  add("State", std::string(ToText(grant.state)));
  add("To", ToGranteeText(grant.grantee));
  add("On", ToScopeText(grant.scope));
  for (size_t i = 1; i < grant.scope.identifiers.size(); ++i)
    add("And", grant.scope.identifiers[i]);
  add("Rights", ToRightsText(grant.rights));
  add("Title", grant.title);
  add("Given", ToLocalText(grant.create_time));
  add("Expires", ToLocalText(grant.expire_time));
  add("Revoked", ToLocalText(grant.revoke_time));
  table.Print(session.out(), false);
}

}  // namespace gusu::cli
