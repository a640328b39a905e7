#include "server/templates/template_message.h"

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "server/resource_fields.h"
#include "server/template.h"

namespace gusu::server {
namespace {

void FillAttribute(const storage::v1::AttributeRow& row, v1::Template::Attribute* message) {
  message->set_index(row.index());
  message->set_name(row.name());
  message->set_type(static_cast<v1::Template::AttributeType>(row.type()));
  message->set_required(row.required());
  message->set_indexed(row.indexed());
  message->set_unique(row.unique());
  message->set_disabled(row.disabled());
  message->set_default_tier(static_cast<v1::Tier>(row.default_tier()));
  message->set_unit(row.unit());
  *message->mutable_choices() = row.choices();
  message->set_english_name(row.english_name());
  message->set_chinese_name(row.chinese_name());
}

}  // namespace

void FillTemplate(const Template& from, v1::Template* message) {
  message->set_name(TemplateName(from.id));
  message->set_version(from.version);
  message->set_english_name(from.english_name);
  message->set_chinese_name(from.chinese_name);
  message->set_state(v1::Template::PUBLISHED);
  for (const Attribute& attribute : from.attributes) {
    v1::Template::Attribute* filled = message->add_attributes();
    filled->set_index(attribute.index);
    filled->set_name(attribute.name);
    filled->set_type(static_cast<v1::Template::AttributeType>(attribute.type));
    filled->set_required(attribute.required);
    filled->set_indexed(attribute.indexed);
    filled->set_default_tier(static_cast<v1::Tier>(attribute.default_tier));
    filled->set_english_name(attribute.english_name);
    filled->set_chinese_name(attribute.chinese_name);
  }
}

void FillTemplate(const storage::v1::TemplateRow& row, const std::string& owner, uint64_t revision,
                  bool with_draft, v1::Template* message) {
  message->set_name(TemplateName(row.id()));
  message->set_version(row.version());
  message->set_english_name(row.english_name());
  message->set_chinese_name(row.chinese_name());
  for (const auto& attribute : row.attributes()) {
    FillAttribute(attribute, message->add_attributes());
  }
  message->set_state(static_cast<v1::Template::State>(row.state()));
  message->set_owner(RegistrantName(owner));
  if (with_draft) {
    for (const auto& attribute : row.draft_attributes()) {
      FillAttribute(attribute, message->add_draft_attributes());
    }
  }
  FillTime(row.create_revision() != 0 ? row.create_revision() : revision,
           message->mutable_create_time());
  FillTime(revision, message->mutable_update_time());
  message->set_etag(EtagOf(revision));
}

}  // namespace gusu::server
