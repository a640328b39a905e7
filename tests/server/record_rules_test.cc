#include "server/record_rules.h"

#include <catch2/catch.hpp>
#include <string>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "server/attribute_text.h"
#include "server/template.h"
#include "server/templates/template_message.h"

namespace gusu::server {
namespace {

namespace stored = storage::v1;

stored::RecordRow RowWith(const std::string& type, const std::string& data, uint32_t index = 0) {
  stored::RecordRow row;
  stored::ValueRow* value = row.add_values();
  value->set_type(type);
  value->set_data(data);
  value->set_index(index);
  return row;
}

// The reason, the attribute or type, and the value that an error names.
std::string Fault(const Template* templ, stored::RecordRow row) {
  const absl::Status status = CompleteValues(templ, &row);
  std::string told = ErrorReason(status);
  for (const char* key : {"attribute", "type", "value", "index"}) {
    const std::string value = ErrorMetadataValue(status, key);
    if (!value.empty()) told += " " + std::string(key) + "=" + value;
  }
  return told;
}

TEST_CASE("the built-in templates have the attributes of the data model, for ever the same") {
  std::string shown;
  for (const Template& templ : BuiltInTemplates()) {
    v1::Template message;
    FillTemplate(templ, &message);
    shown += message.name() + " " + std::to_string(message.version());
    for (const auto& attribute : message.attributes()) {
      CHECK_FALSE(attribute.english_name().empty());
      CHECK_FALSE(attribute.chinese_name().empty());
      shown += " " + std::to_string(attribute.index()) + ":" + attribute.name();
      if (attribute.required()) shown += "!";
      if (attribute.indexed()) shown += "#";
      if (attribute.default_tier() == v1::OWNER) shown += "(OWNER)";
      if (attribute.type() == v1::Template::DATE) shown += "(date)";
      if (attribute.type() == v1::Template::TIME) shown += "(time)";
    }
    shown += "\n";
  }
  CHECK(shown ==
        "templates/equipment 1 2000:name! 2001:model# 2002:manufacturer 2003:manufacturer_code "
        "2004:serial# 2005:asset_number(OWNER) 2006:special_equipment_code 2007:site(OWNER) "
        "2008:commissioned_on(date) 2009:warranty_until(date) "
        "2010:last_inspection_on(OWNER)(date) 2011:next_inspection_on(OWNER)(date) "
        "2012:inspection_body\n"
        "templates/product 1 2000:name! 2001:product_type 2002:model# 2003:brand "
        "2004:manufacturer 2005:manufacturer_code 2006:gtin# 2007:batch# 2008:serial# "
        "2009:production_time(time) 2010:expiry_time(time) 2011:country_of_origin 2012:unit "
        "2013:external_id#(OWNER)\n");
}

TEST_CASE("a template violation names the attribute and the value") {
  const auto found = FindTemplate(storage::Directory(), "templates/equipment");
  const Template* equipment = found.get();
  REQUIRE(equipment != nullptr);
  CHECK(Fault(equipment, RowWith("commissioned_on", "2026-02-30")) ==
        "TEMPLATE_VIOLATED attribute=commissioned_on value=2026-02-30");
  CHECK(Fault(equipment, RowWith("commissioned_on", "2026-02-28")).empty());
  CHECK(Fault(equipment, RowWith("nmae", "Pump")) == "TEMPLATE_VIOLATED attribute=nmae value=Pump");
  CHECK(Fault(equipment, RowWith("name", "Pump", 7)) ==
        "TEMPLATE_VIOLATED attribute=name value=Pump");
  CHECK(Fault(equipment, RowWith("NOTE", "x", 2001)) ==
        "TEMPLATE_VIOLATED attribute=model value=x");
  CHECK(Fault(equipment, RowWith("name", "")) == "TEMPLATE_VIOLATED attribute=name");
  CHECK(Fault(nullptr, RowWith("nmae", "Pump")).empty());
}

TEST_CASE("texts of attributes are checked by type") {
  const auto is = [](AttributeType type, const char* text) {
    Attribute attribute;
    attribute.type = type;
    return FaultOfAttributeText(attribute, text).empty();
  };
  CHECK(is(AttributeType::kTime, "2026-03-01T08:00:00+08:00"));
  CHECK(is(AttributeType::kTime, "2026-03-01T08:00:00.25Z"));
  CHECK_FALSE(is(AttributeType::kTime, "2026-03-01T08:00:00"));
  CHECK_FALSE(is(AttributeType::kTime, "2026-03-01"));
  CHECK(is(AttributeType::kDate, "2024-02-29"));
  CHECK_FALSE(is(AttributeType::kDate, "2023-02-29"));
  CHECK_FALSE(is(AttributeType::kDate, "2023-2-9"));
  CHECK(is(AttributeType::kInteger, "-12"));
  CHECK_FALSE(is(AttributeType::kInteger, "1.5"));
  CHECK(is(AttributeType::kDecimal, "+1.50"));
  CHECK_FALSE(is(AttributeType::kDecimal, "1."));
  CHECK_FALSE(is(AttributeType::kDecimal, "1.5.2"));
  CHECK(is(AttributeType::kBoolean, "true"));
  CHECK_FALSE(is(AttributeType::kBoolean, "yes"));
  CHECK(is(AttributeType::kUrl, "https://example.com/a?b=c"));
  CHECK_FALSE(is(AttributeType::kUrl, "ftp://example.com/"));
  CHECK_FALSE(is(AttributeType::kUrl, "http:///x"));
  CHECK(is(AttributeType::kIdentifier, "88.118.8/HP-1"));
  CHECK_FALSE(is(AttributeType::kIdentifier, "HP-1"));
  CHECK_FALSE(is(AttributeType::kString, "a\x01"));
  CHECK_FALSE(is(AttributeType::kString, "\xC0\xAF"));
  CHECK(is(AttributeType::kString, std::string(4000, 'x').c_str()));
  CHECK_FALSE(is(AttributeType::kString, std::string(4001, 'x').c_str()));
}

TEST_CASE("secrets and the server's own values are refused") {
  CHECK(Fault(nullptr, RowWith("HS_SECKEY", "x")) == "VALUE_TYPE_REFUSED type=HS_SECKEY");
  CHECK(Fault(nullptr, RowWith("hs_seckey", "x")) == "VALUE_TYPE_REFUSED type=hs_seckey");
  CHECK(Fault(nullptr, RowWith("GUSU.STATE", "x")) == "VALUE_TYPE_REFUSED type=GUSU.STATE");
  CHECK(Fault(nullptr, RowWith("NOTE", "x", 1000)) == "VALUE_INDEX_RESERVED type=NOTE index=1000");
  CHECK(Fault(nullptr, RowWith("NOTE", "x", 1999)) == "VALUE_INDEX_RESERVED type=NOTE index=1999");
  CHECK(Fault(nullptr, RowWith("NOTE", "x", 2000)).empty());
}

TEST_CASE("types, languages and references have a form") {
  CHECK(Fault(nullptr, RowWith("", "x")) == "FIELD_MISSING");
  CHECK(Fault(nullptr, RowWith(std::string(255, 'T'), "x")).empty());
  CHECK(Fault(nullptr, RowWith(std::string(256, 'T'), "x")).starts_with("FIELD_INVALID"));
  stored::RecordRow row = RowWith("NOTE", "x");
  row.mutable_values(0)->set_language("zh-Hans-CN");
  CHECK(Fault(nullptr, row).empty());
  row.mutable_values(0)->set_language("z");
  CHECK(Fault(nullptr, row) == "FIELD_INVALID value=z");
  row.mutable_values(0)->clear_language();
  row.mutable_values(0)->add_references()->set_identifier("nowhere");
  CHECK(Fault(nullptr, row).starts_with("IDENTIFIER_MALFORMED"));
}

TEST_CASE("free values get the lowest free index, URL 1 and HS_ADMIN 100") {
  stored::RecordRow row;
  for (const char* type : {"NOTE", "URL", "HS_ADMIN", "URL", "NOTE"}) {
    row.add_values()->set_type(type);
  }
  row.mutable_values(4)->set_index(3);
  REQUIRE(CompleteValues(nullptr, &row).ok());
  std::string indexes;
  for (const auto& value : row.values()) indexes += std::to_string(value.index()) + " ";
  CHECK(indexes == "2 1 100 4 3 ");
  row.mutable_values(0)->set_index(3);
  CHECK(Fault(nullptr, row) == "VALUE_INDEX_DUPLICATE type=NOTE index=3");
}

TEST_CASE("a record is bounded in values and bytes, and the largest value is named") {
  stored::RecordRow row;
  for (int i = 0; i < 257; ++i) row.add_values()->set_type("N");
  CHECK(Fault(nullptr, row) == "RECORD_TOO_LARGE");
  CHECK(Fault(nullptr, RowWith("NOTE", std::string(65536, 'x'))).empty());
  CHECK(Fault(nullptr, RowWith("NOTE", std::string(65537, 'x')))
            .starts_with("RECORD_TOO_LARGE type=NOTE"));
  stored::RecordRow large = RowWith("A", std::string(60000, 'x'));
  for (const char* type : {"B", "C", "D"}) {
    *large.add_values() = large.values(0);
    large.mutable_values()->rbegin()->set_type(type);
  }
  large.mutable_values(2)->set_data(std::string(65000, 'x'));
  REQUIRE(CompleteValues(nullptr, &large).ok());
  const absl::Status status = CheckRecordBytes(large);
  CHECK(ErrorReason(status) == "RECORD_TOO_LARGE");
  CHECK(ErrorMetadataValue(status, "type") == "C");
  CHECK(ErrorMetadataValue(status, "value_bytes") == "65000");
  large.mutable_values()->RemoveLast();
  CHECK(CheckRecordBytes(large).ok());
}

}  // namespace
}  // namespace gusu::server
