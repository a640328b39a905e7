// Templates, as messages and back.
#include "client/connection/convert_parts.h"

namespace gusu {
namespace {

using Attributes = google::protobuf::RepeatedPtrField<v1::Template::Attribute>;

// Names and attributes; what is output only is not sent.
void Fill(const Template& definition, v1::Template* out) {
  out->set_english_name(definition.english_name);
  out->set_chinese_name(definition.chinese_name);
  for (const Attribute& attribute : definition.attributes) {
    v1::Template::Attribute* to = out->add_attributes();
    to->set_index(attribute.index);
    to->set_name(attribute.name);
    to->set_type(Same<v1::Template::AttributeType>(attribute.type));
    to->set_required(attribute.required);
    to->set_indexed(attribute.indexed);
    to->set_unique(attribute.unique);
    to->set_disabled(attribute.disabled);
    to->set_default_tier(Same<v1::Tier>(attribute.default_tier));
    to->set_unit(attribute.unit);
    FillStrings(attribute.choices, to->mutable_choices());
    to->set_english_name(attribute.english_name);
    to->set_chinese_name(attribute.chinese_name);
  }
}

std::vector<Attribute> AttributesFrom(const Attributes& attributes) {
  std::vector<Attribute> out;
  for (const v1::Template::Attribute& attribute : attributes) {
    Attribute& to = out.emplace_back();
    to.index = attribute.index();
    to.name = attribute.name();
    to.type = Same<AttributeType>(attribute.type());
    to.required = attribute.required();
    to.indexed = attribute.indexed();
    to.unique = attribute.unique();
    to.disabled = attribute.disabled();
    to.default_tier = Same<Tier>(attribute.default_tier());
    to.unit = attribute.unit();
    to.choices = StringsFrom(attribute.choices());
    to.english_name = attribute.english_name();
    to.chinese_name = attribute.chinese_name();
  }
  return out;
}

// What all changes of a template have.
template <typename Message, typename Request>
Message ChangeToProto(const Request& request) {
  Message out;
  out.set_name(request.name);
  out.set_etag(request.etag);
  FillWrite(request, &out);
  return out;
}

}  // namespace

v1::CreateTemplateRequest ToProto(const CreateTemplateRequest& request) {
  v1::CreateTemplateRequest out;
  out.set_template_id(request.template_id);
  Fill(request.definition, out.mutable_template_());
  FillWrite(request, &out);
  return out;
}

v1::UpdateTemplateRequest ToProto(const UpdateTemplateRequest& request) {
  auto out = ChangeToProto<v1::UpdateTemplateRequest>(request);
  Fill(request.definition, out.mutable_template_());
  return out;
}

v1::PublishTemplateRequest ToProto(const PublishTemplateRequest& request) {
  auto out = ChangeToProto<v1::PublishTemplateRequest>(request);
  out.set_reason(request.reason);
  return out;
}

v1::WithdrawTemplateRequest ToProto(const WithdrawTemplateRequest& request) {
  auto out = ChangeToProto<v1::WithdrawTemplateRequest>(request);
  out.set_reason(request.reason);
  return out;
}

v1::ListTemplatesRequest ToProto(const ListTemplatesRequest& request) {
  v1::ListTemplatesRequest out;
  out.set_owner(request.owner);
  out.set_page_size(request.page_size);
  return out;
}

Template FromProto(const v1::Template& definition) {
  Template out;
  out.name = definition.name();
  out.version = definition.version();
  out.english_name = definition.english_name();
  out.chinese_name = definition.chinese_name();
  out.attributes = AttributesFrom(definition.attributes());
  out.state = Same<TemplateState>(definition.state());
  out.owner = definition.owner();
  out.draft_attributes = AttributesFrom(definition.draft_attributes());
  out.create_time = TimeFrom(definition.has_create_time(), definition.create_time());
  out.update_time = TimeFrom(definition.has_update_time(), definition.update_time());
  out.etag = definition.etag();
  return out;
}

TemplateAnswer FromProto(const v1::TemplateResponse& response) {
  return {FromProto(response.template_()), FromProto(response.receipt())};
}

}  // namespace gusu
