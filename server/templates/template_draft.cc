#include "server/templates/template_draft.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "gusu/storage/v1/storage.pb.h"
#include "gusu/v1/resources.pb.h"
#include "proto/error.h"
#include "proto/status_macros.h"
#include "proto/text.h"
#include "server/resource_fields.h"
#include "server/template.h"
#include "server/text_field.h"

namespace gusu::server {
namespace {

using storage::v1::AttributeRow;
using storage::v1::TemplateRow;
using Attributes = google::protobuf::RepeatedPtrField<AttributeRow>;

constexpr std::string_view kNameRule = "1 to 63 of a-z, 0-9 and \"_\", beginning with a letter";

std::string Where(int place, std::string_view field) {
  return Concat("template.attributes[", place, "]", field.empty() ? "" : ".", field);
}

bool IsAttributeName(std::string_view name) {
  return !name.empty() && name.size() <= kAttributeNameCharactersMax && name.front() >= 'a' &&
         name.front() <= 'z' && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

const AttributeRow* FindByName(const Attributes& attributes, std::string_view name) {
  for (const AttributeRow& attribute : attributes) {
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

const AttributeRow* FindByIndex(const Attributes& attributes, uint32_t index) {
  for (const AttributeRow& attribute : attributes) {
    if (attribute.index() == index) return &attribute;
  }
  return nullptr;
}

absl::Status ReadChoices(const v1::Template::Attribute& asked, int place, AttributeRow* row) {
  const bool is_enumeration = asked.type() == v1::Template::ENUMERATION;
  const std::string field = Where(place, "choices");
  if (is_enumeration != !asked.choices().empty()) {
    return FieldInvalid(field, std::to_string(asked.choices_size()),
                        "an ENUMERATION has choices, and nothing else does");
  }
  if (asked.choices_size() > kAttributeChoicesMax) {
    return FieldInvalid(field, std::to_string(asked.choices_size()),
                        Concat("at most ", kAttributeChoicesMax));
  }
  std::set<std::string_view> seen;
  for (const std::string& choice : asked.choices()) {
    if (choice.empty()) return FieldInvalid(field, "", "a choice is not empty");
    GUSU_RETURN_IF_ERROR(CheckText(choice, kTemplateTextCharactersMax, field));
    if (!seen.insert(choice).second) return FieldInvalid(field, choice, "it stands there twice");
    row->add_choices(choice);
  }
  return absl::OkStatus();
}

absl::Status ReadAttribute(const v1::Template::Attribute& asked, int place, AttributeRow* row) {
  if (!IsAttributeName(asked.name())) {
    return FieldInvalid(Where(place, "name"), asked.name(), kNameRule);
  }
  if (asked.type() <= v1::Template::ATTRIBUTE_TYPE_UNSPECIFIED ||
      asked.type() > v1::Template::DOCUMENT) {
    return FieldInvalid(Where(place, "type"), std::to_string(asked.type()), "STRING to DOCUMENT");
  }
  if (asked.default_tier() < v1::TIER_UNSPECIFIED || asked.default_tier() > v1::OWNER) {
    return FieldInvalid(Where(place, "default_tier"), std::to_string(asked.default_tier()),
                        "PUBLIC, PARTNER or OWNER");
  }
  if (asked.index() != 0 &&
      (asked.index() < kAttributeIndexMin || asked.index() > kAttributeIndexMax)) {
    return FieldInvalid(Where(place, "index"), std::to_string(asked.index()),
                        Concat(kAttributeIndexMin, " to ", kAttributeIndexMax));
  }
  const bool is_number =
      asked.type() == v1::Template::INTEGER || asked.type() == v1::Template::DECIMAL;
  if (!asked.unit().empty() && !is_number) {
    return FieldInvalid(Where(place, "unit"), asked.unit(), "only numbers have a unit");
  }
  const bool is_indexed = asked.indexed() || asked.unique();
  if (is_indexed && asked.type() == v1::Template::DOCUMENT) {
    return FieldInvalid(Where(place, asked.unique() ? "unique" : "indexed"), "true",
                        "records are not found by a DOCUMENT");
  }
  if (asked.required() && asked.disabled()) {
    return FieldInvalid(Where(place, "disabled"), "true", "a required attribute is not disabled");
  }
  const auto check_text = [&](const std::string& text, std::string_view field) {
    return CheckText(text, kTemplateTextCharactersMax, Where(place, field));
  };
  GUSU_RETURN_IF_ERROR(check_text(asked.unit(), "unit"));
  GUSU_RETURN_IF_ERROR(check_text(asked.english_name(), "english_name"));
  GUSU_RETURN_IF_ERROR(check_text(asked.chinese_name(), "chinese_name"));
  row->set_index(asked.index());
  row->set_name(asked.name());
  row->set_type(asked.type());
  row->set_required(asked.required());
  row->set_indexed(is_indexed);
  row->set_unique(asked.unique());
  row->set_disabled(asked.disabled());
  row->set_default_tier(asked.default_tier() == 0 ? v1::PUBLIC : asked.default_tier());
  row->set_unit(asked.unit());
  row->set_english_name(asked.english_name());
  row->set_chinese_name(asked.chinese_name());
  return ReadChoices(asked, place, row);
}

absl::Status Fixed(const TemplateRow& row, const AttributeRow& published, std::string_view field,
                   std::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "TEMPLATE_ATTRIBUTE_FIXED",
               Concat("attribute ", published.index(), " ", published.name(), " of template ",
                      row.id(), " ", what),
               {{"template", row.id()},
                {"attribute", published.name()},
                {"index", std::to_string(published.index())},
                {"field", std::string(field)}});
}

absl::Status CheckKeeps(const TemplateRow& row, const AttributeRow& published,
                        const AttributeRow& draft) {
  const auto fixed = [&](std::string_view field) {
    return Fixed(row, published, field, Concat("is published; its ", field, " never changes"));
  };
  if (draft.name() != published.name()) return fixed("name");
  if (draft.type() != published.type()) return fixed("type");
  if (draft.unit() != published.unit()) return fixed("unit");
  if (draft.unique() != published.unique()) return fixed("unique");
  if (draft.indexed() != published.indexed()) return fixed("indexed");
  for (const std::string& choice : published.choices()) {
    if (std::find(draft.choices().begin(), draft.choices().end(), choice) ==
        draft.choices().end()) {
      return Fixed(row, published, "choices",
                   Concat("is published with choice ", Quote(choice), ", which it keeps"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckKeepsAll(const TemplateRow& row, const Attributes& draft) {
  for (const AttributeRow& published : row.attributes()) {
    const AttributeRow* kept = FindByIndex(draft, published.index());
    if (kept == nullptr) {
      return Fixed(row, published, "attributes",
                   "is published and cannot be left out; disable it instead");
    }
    GUSU_RETURN_IF_ERROR(CheckKeeps(row, published, *kept));
  }
  return absl::OkStatus();
}

// Those without an index get that of their name, or the next one after all that were ever used.
absl::Status CompleteIndexes(const TemplateRow& row, Attributes* draft) {
  uint32_t last = kAttributeIndexMin - 1;
  const Attributes* const all[] = {&row.attributes(), &row.draft_attributes(), draft};
  for (const Attributes* used : all) {
    for (const AttributeRow& attribute : *used) last = std::max(last, attribute.index());
  }
  for (AttributeRow& attribute : *draft) {
    if (attribute.index() != 0) continue;
    const AttributeRow* known = FindByName(row.attributes(), attribute.name());
    if (known == nullptr) known = FindByName(row.draft_attributes(), attribute.name());
    attribute.set_index(known != nullptr ? known->index() : ++last);
  }
  if (last > kAttributeIndexMax) {
    return FieldInvalid("template.attributes", std::to_string(last),
                        Concat("indexes end at ", kAttributeIndexMax));
  }
  return absl::OkStatus();
}

absl::Status CheckDistinct(const Attributes& draft) {
  std::set<std::string_view> names;
  std::set<uint32_t> indexes;
  for (int i = 0; i < draft.size(); ++i) {
    if (!names.insert(draft[i].name()).second) {
      return FieldInvalid(Where(i, "name"), draft[i].name(), "another attribute has it");
    }
    if (!indexes.insert(draft[i].index()).second) {
      return FieldInvalid(Where(i, "index"), std::to_string(draft[i].index()),
                          "another attribute has it");
    }
  }
  return absl::OkStatus();
}

bool AreSame(const Attributes& a, const Attributes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const AttributeRow& x, const AttributeRow& y) {
                      return x.SerializeAsString() == y.SerializeAsString();
                    });
}

}  // namespace

absl::Status ReadAsked(const v1::Template& message, TemplateRow* asked) {
  GUSU_RETURN_IF_ERROR(
      CheckText(message.english_name(), kTemplateTextCharactersMax, "template.english_name"));
  GUSU_RETURN_IF_ERROR(
      CheckText(message.chinese_name(), kTemplateTextCharactersMax, "template.chinese_name"));
  if (message.attributes().empty()) return FieldMissing("template.attributes");
  if (message.attributes_size() > kTemplateAttributesMax) {
    return FieldInvalid("template.attributes", std::to_string(message.attributes_size()),
                        Concat("at most ", kTemplateAttributesMax));
  }
  asked->set_english_name(message.english_name());
  asked->set_chinese_name(message.chinese_name());
  size_t bytes = 0;
  for (int i = 0; i < message.attributes_size(); ++i) {
    AttributeRow* attribute = asked->add_draft_attributes();
    GUSU_RETURN_IF_ERROR(ReadAttribute(message.attributes(i), i, attribute));
    bytes += attribute->ByteSizeLong();
  }
  if (bytes <= kTemplateBytesMax) return absl::OkStatus();
  return FieldInvalid("template.attributes", Concat(bytes, " bytes"),
                      Concat("at most ", kTemplateBytesMax, " bytes"));
}

absl::Status TakeDraft(const TemplateRow& asked, TemplateRow* row) {
  Attributes draft = asked.draft_attributes();
  GUSU_RETURN_IF_ERROR(CompleteIndexes(*row, &draft));
  GUSU_RETURN_IF_ERROR(CheckDistinct(draft));
  std::sort(draft.begin(), draft.end(),
            [](const AttributeRow& a, const AttributeRow& b) { return a.index() < b.index(); });
  GUSU_RETURN_IF_ERROR(CheckKeepsAll(*row, draft));
  row->set_english_name(asked.english_name());
  row->set_chinese_name(asked.chinese_name());
  if (AreSame(draft, row->attributes())) draft.Clear();
  *row->mutable_draft_attributes() = std::move(draft);
  return absl::OkStatus();
}

}  // namespace gusu::server
