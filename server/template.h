// The templates that every registry has: `product` and `equipment`.
//
// An attribute's index and type never change. Values of a record with a template are checked on
// every write; see record_rules.h. May be called from any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace gusu::v1 {
class Template;
}

namespace gusu::server {

// Numbers as in gusu.v1.Template.AttributeType.
enum class AttributeType : uint32_t {
  kString = 1,
  kInteger,
  kDecimal,
  kBoolean,
  kDate,
  kTime,
  kUrl,
  kIdentifier,
  kEnumeration,
};

// Numbers as in gusu.v1.Tier.
inline constexpr uint32_t kTierPublic = 1;
inline constexpr uint32_t kTierPartner = 2;
inline constexpr uint32_t kTierOwner = 3;

// Attributes stand from this index on.
inline constexpr uint32_t kAttributeIndexMin = 2000;

struct Attribute {
  uint32_t index;
  std::string_view name;
  std::string_view english_name;
  std::string_view chinese_name;
  AttributeType type = AttributeType::kString;
  uint32_t default_tier = kTierPublic;
  bool required = false;
  bool indexed = false;
};

struct Template {
  std::string_view id;
  uint32_t version;
  std::string_view english_name;
  std::string_view chinese_name;
  absl::Span<const Attribute> attributes;

  // nullptr when there is none.
  const Attribute* FindByName(std::string_view name) const;
  const Attribute* FindByIndex(uint32_t index) const;
};

absl::Span<const Template> BuiltInTemplates();
// By id, `product`, or by name, `templates/product`; nullptr when there is none.
const Template* FindTemplate(std::string_view id_or_name);
// kNotFound / TEMPLATE_NOT_FOUND.
absl::Status TemplateNotFound(std::string_view id_or_name);

void FillTemplate(const Template& from, v1::Template* message);

}  // namespace gusu::server
