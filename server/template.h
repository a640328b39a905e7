// What attributes a kind of record has: the built-in templates and the registrants' own.
//
// An attribute's index and type never change. Values of a record with a template are checked on
// every write; see record_rules.h. May be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/directory.h"

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
  kDocument,
};

// Numbers as in gusu.v1.Template.State.
enum class TemplateState : uint32_t { kDraft = 1, kPublished, kWithdrawn };

// Numbers as in gusu.v1.Tier.
inline constexpr uint32_t kTierPublic = 1;
inline constexpr uint32_t kTierPartner = 2;
inline constexpr uint32_t kTierOwner = 3;

// Attributes stand from this index on.
inline constexpr uint32_t kAttributeIndexMin = 2000;

struct Attribute {
  uint32_t index = 0;
  std::string name;
  std::string english_name;
  std::string chinese_name;
  AttributeType type = AttributeType::kString;
  uint32_t default_tier = kTierPublic;
  bool required = false;
  bool indexed = false;
  bool unique = false;
  bool disabled = false;
  std::string unit = {};
  std::vector<std::string> choices = {};
};

// As it was last published.
struct Template {
  std::string id;  // as written: `product`, `88.118.8/META_PUMP`
  uint32_t version = 1;
  std::string english_name;
  std::string chinese_name;
  std::vector<Attribute> attributes = {};  // in the order of indexes
  TemplateState state = TemplateState::kPublished;
  // Of its row, which a registration rests on; 0: built in.
  uint64_t revision = 0;

  // nullptr when there is none.
  const Attribute* FindByName(std::string_view name) const;
  const Attribute* FindByIndex(uint32_t index) const;
};

// In the order of ids.
const std::vector<Template>& BuiltInTemplates();

// By id in any case, `product` or `88.118.8/META_PUMP`, or by name, `templates/product` or
// `templates/88.118.8%2FMETA_PUMP`. One that was published once is found, WITHDRAWN too; nullptr
// for all else. Outlives the directory.
std::shared_ptr<const Template> FindTemplate(const storage::Directory& directory,
                                             std::string_view id_or_name);

// What a new record takes. kNotFound / TEMPLATE_NOT_FOUND; kFailedPrecondition /
// TEMPLATE_NOT_PUBLISHED for one that is withdrawn, or that is `registrant`'s own draft.
absl::StatusOr<std::shared_ptr<const Template>> FindPublishedTemplate(
    const storage::Directory& directory, std::string_view id_or_name, std::string_view registrant);

// kNotFound / TEMPLATE_NOT_FOUND.
absl::Status TemplateNotFound(std::string_view id_or_name);

// The id in a name or an id, as written; empty when it is neither.
std::string TemplateIdOf(std::string_view id_or_name);
// templates/{id, percent-encoded}.
std::string TemplateName(std::string_view id);

}  // namespace gusu::server
