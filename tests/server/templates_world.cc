#include "tests/server/templates_world.h"

#include "proto/text.h"

namespace gusu::server {
namespace {

std::string Show(const v1::Template::Attribute& attribute) {
  std::string shown = Concat(" ", attribute.index(), ":", attribute.name(), " ",
                             v1::Template::AttributeType_Name(attribute.type()));
  if (!attribute.unit().empty()) shown += Concat(" ", attribute.unit());
  for (const std::string& choice : attribute.choices()) shown += Concat("/", choice);
  if (attribute.default_tier() != v1::PUBLIC) {
    shown += Concat(" ", v1::Tier_Name(attribute.default_tier()));
  }
  if (attribute.required()) shown += "!";
  if (attribute.indexed()) shown += "#";
  if (attribute.unique()) shown += "=";
  if (attribute.disabled()) shown += "-";
  return shown;
}

}  // namespace

Caller TemplatesWorld::Admin(const std::string& registrant) const {
  Caller caller = Writer(registrant);
  caller.role = Role::kRegistrantAdmin;
  return caller;
}

void TemplatesWorld::MakePump(const std::string& attributes) {
  const std::string created =
      Create(Concat("template_id: '88.118.8/PUMP' template { ", attributes, " }"));
  INFO(created);
  REQUIRE(created.starts_with("DRAFT 0"));
  const std::string published = Publish("name: 'templates/88.118.8%2FPUMP'");
  INFO(published);
  REQUIRE(published.starts_with("PUBLISHED 1"));
}

std::string TemplatesWorld::Get(const std::string& request, const Caller& caller) {
  v1::Template response;
  const absl::Status status =
      templates_.GetTemplate(FromText<v1::GetTemplateRequest>(request), caller, &response);
  return status.ok() ? Show(response) : ShowError(status);
}

std::string TemplatesWorld::OwnerOf(const std::string& request, const Caller& caller) {
  v1::Template response;
  const absl::Status status =
      templates_.GetTemplate(FromText<v1::GetTemplateRequest>(request), caller, &response);
  return status.ok() ? response.owner() : ShowError(status);
}

std::string TemplatesWorld::List(const std::string& request, const Caller& caller,
                                 std::string* token) {
  v1::ListTemplatesResponse response;
  auto asked = FromText<v1::ListTemplatesRequest>(request);
  if (token != nullptr) asked.set_page_token(*token);
  const absl::Status status = templates_.ListTemplates(asked, caller, &response);
  if (!status.ok()) return ShowError(status);
  std::string shown;
  for (const v1::Template& each : response.templates()) shown += each.name() + " ";
  if (token != nullptr) *token = response.next_page_token();
  return shown + (response.next_page_token().empty() ? "" : "+");
}

std::string TemplatesWorld::Show(const v1::Template& shown) {
  std::string text = Concat(v1::Template::State_Name(shown.state()), " ", shown.version());
  for (const auto& attribute : shown.attributes()) text += server::Show(attribute);
  if (shown.draft_attributes().empty()) return text;
  text += " |";
  for (const auto& attribute : shown.draft_attributes()) text += server::Show(attribute);
  return text;
}

std::string TemplatesWorld::Show(const absl::StatusOr<v1::TemplateResponse>& response) {
  return response.ok() ? Show(response->template_()) : ShowError(response.status());
}

}  // namespace gusu::server
