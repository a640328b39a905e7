#include "server/template.h"

#include <string>

#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/text.h"

namespace gusu::server {
namespace {

constexpr auto kDate = AttributeType::kDate;
constexpr auto kTime = AttributeType::kTime;

constexpr Attribute kProductAttributes[] = {
    {.index = 2000,
     .name = "name",
     .english_name = "Name",
     .chinese_name = "名称",
     .required = true},
    {.index = 2001,
     .name = "product_type",
     .english_name = "Product type",
     .chinese_name = "产品类型"},
    {.index = 2002,
     .name = "model",
     .english_name = "Model",
     .chinese_name = "型号",
     .indexed = true},
    {.index = 2003, .name = "brand", .english_name = "Brand", .chinese_name = "品牌"},
    {.index = 2004,
     .name = "manufacturer",
     .english_name = "Manufacturer",
     .chinese_name = "生产企业"},
    {.index = 2005,
     .name = "manufacturer_code",
     .english_name = "Manufacturer's code",
     .chinese_name = "生产企业代码"},
    {.index = 2006,
     .name = "gtin",
     .english_name = "GTIN",
     .chinese_name = "全球贸易项目代码",
     .indexed = true},
    {.index = 2007,
     .name = "batch",
     .english_name = "Batch",
     .chinese_name = "批号",
     .indexed = true},
    {.index = 2008,
     .name = "serial",
     .english_name = "Serial number",
     .chinese_name = "序列号",
     .indexed = true},
    {.index = 2009,
     .name = "production_time",
     .english_name = "Production time",
     .chinese_name = "生产时间",
     .type = kTime},
    {.index = 2010,
     .name = "expiry_time",
     .english_name = "Expiry time",
     .chinese_name = "失效时间",
     .type = kTime},
    {.index = 2011,
     .name = "country_of_origin",
     .english_name = "Country of origin",
     .chinese_name = "原产国"},
    {.index = 2012, .name = "unit", .english_name = "Unit", .chinese_name = "计量单位"},
    {.index = 2013,
     .name = "external_id",
     .english_name = "External id",
     .chinese_name = "外部编号",
     .default_tier = kTierOwner,
     .indexed = true},
};

constexpr Attribute kEquipmentAttributes[] = {
    {.index = 2000,
     .name = "name",
     .english_name = "Name",
     .chinese_name = "名称",
     .required = true},
    {.index = 2001,
     .name = "model",
     .english_name = "Model",
     .chinese_name = "型号",
     .indexed = true},
    {.index = 2002,
     .name = "manufacturer",
     .english_name = "Manufacturer",
     .chinese_name = "制造单位"},
    {.index = 2003,
     .name = "manufacturer_code",
     .english_name = "Manufacturer's code",
     .chinese_name = "制造单位代码"},
    {.index = 2004,
     .name = "serial",
     .english_name = "Serial number",
     .chinese_name = "出厂编号",
     .indexed = true},
    {.index = 2005,
     .name = "asset_number",
     .english_name = "Asset number",
     .chinese_name = "资产编号",
     .default_tier = kTierOwner},
    {.index = 2006,
     .name = "special_equipment_code",
     .english_name = "Special equipment code",
     .chinese_name = "特种设备代码"},
    {.index = 2007,
     .name = "site",
     .english_name = "Site",
     .chinese_name = "使用地点",
     .default_tier = kTierOwner},
    {.index = 2008,
     .name = "commissioned_on",
     .english_name = "Commissioned on",
     .chinese_name = "投用日期",
     .type = kDate},
    {.index = 2009,
     .name = "warranty_until",
     .english_name = "Warranty until",
     .chinese_name = "保修截止日期",
     .type = kDate},
    {.index = 2010,
     .name = "last_inspection_on",
     .english_name = "Last inspection on",
     .chinese_name = "上次检验日期",
     .type = kDate,
     .default_tier = kTierOwner},
    {.index = 2011,
     .name = "next_inspection_on",
     .english_name = "Next inspection on",
     .chinese_name = "下次检验日期",
     .type = kDate,
     .default_tier = kTierOwner},
    {.index = 2012,
     .name = "inspection_body",
     .english_name = "Inspection body",
     .chinese_name = "检验机构"},
};

constexpr Template kTemplates[] = {
    {"equipment", 1, "Equipment", "设备", kEquipmentAttributes},
    {"product", 1, "Product", "产品", kProductAttributes},
};

constexpr std::string_view kNameBeginning = "templates/";

}  // namespace

const Attribute* Template::FindByName(std::string_view name) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

const Attribute* Template::FindByIndex(uint32_t index) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.index == index) return &attribute;
  }
  return nullptr;
}

absl::Span<const Template> BuiltInTemplates() { return kTemplates; }

const Template* FindTemplate(std::string_view id_or_name) {
  if (id_or_name.starts_with(kNameBeginning)) id_or_name.remove_prefix(kNameBeginning.size());
  for (const Template& found : kTemplates) {
    if (found.id == id_or_name) return &found;
  }
  return nullptr;
}

absl::Status TemplateNotFound(std::string_view id_or_name) {
  return Error(absl::StatusCode::kNotFound, "TEMPLATE_NOT_FOUND",
               Concat("template ", id_or_name, " does not exist"),
               {{"template", std::string(id_or_name)}});
}

void FillTemplate(const Template& from, v1::Template* message) {
  message->set_name(Concat(kNameBeginning, from.id));
  message->set_version(from.version);
  message->set_english_name(std::string(from.english_name));
  message->set_chinese_name(std::string(from.chinese_name));
  for (const Attribute& attribute : from.attributes) {
    v1::Template::Attribute* filled = message->add_attributes();
    filled->set_index(attribute.index);
    filled->set_name(std::string(attribute.name));
    filled->set_type(static_cast<v1::Template::AttributeType>(attribute.type));
    filled->set_required(attribute.required);
    filled->set_indexed(attribute.indexed);
    filled->set_default_tier(static_cast<v1::Tier>(attribute.default_tier));
    filled->set_english_name(std::string(attribute.english_name));
    filled->set_chinese_name(std::string(attribute.chinese_name));
  }
}

}  // namespace gusu::server
