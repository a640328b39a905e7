// Templates: what attributes a kind of record has; and what is asked about them.
//
// A built-in one has a short id (`product`), others an identifier below a prefix of their owner;
// the resource name has the id percent-encoded: templates/88.118.8%2FMETA_PUMP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gusu/resources.h"

namespace gusu {

// DRAFT: only its owner sees it. WITHDRAWN: records keep it, no new one takes it.
enum class TemplateState { kUnspecified, kDraft, kPublished, kWithdrawn };

GUSU_EXPORT std::string_view ToText(TemplateState value);
template <>
GUSU_EXPORT std::optional<TemplateState> FromText(std::string_view text);

struct Attribute {
  uint32_t index = 0;  // from 2000 on; 0 on input: the next free
  std::string name;
  AttributeType type = AttributeType::kUnspecified;
  bool required = false;
  bool indexed = false;   // records can be found by it
  bool unique = false;    // among the records of a prefix that are not retired
  bool disabled = false;  // new values of it are refused
  Tier default_tier = Tier::kUnspecified;
  std::string unit;
  std::vector<std::string> choices;  // of an ENUMERATION
  std::string english_name;
  std::string chinese_name;
};

struct Template {
  std::string name;      // templates/{id, percent-encoded}
  uint32_t version = 0;  // 0: never published
  std::string english_name;
  std::string chinese_name;
  std::vector<Attribute> attributes;
  // Output only from here on.
  TemplateState state = TemplateState::kUnspecified;
  std::string owner;                        // registrants/{id}; empty for a built-in one
  std::vector<Attribute> draft_attributes;  // as the next publication makes them; none: no draft
  std::optional<Timestamp> create_time;
  std::optional<Timestamp> update_time;
  std::string etag;
};

struct CreateTemplateRequest {
  std::string template_id;  // `88.118.8/META_PUMP`
  Template definition;      // names and attributes count
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// Names count at once, attributes as a draft until they are published. None is left out, and none
// changes its index or type.
struct UpdateTemplateRequest {
  std::string name;  // templates/{id}
  Template definition;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

// Makes the draft the next version; brings a withdrawn template back.
struct PublishTemplateRequest {
  std::string name;  // templates/{id}
  std::string reason;
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct WithdrawTemplateRequest {
  std::string name;    // templates/{id}
  std::string reason;  // required
  std::string etag;
  std::string request_id;
  std::optional<OnBehalfOf> on_behalf_of;
  bool include_proof = false;
};

struct TemplateAnswer {
  Template definition;
  Receipt receipt;
};

struct ListTemplatesRequest {
  std::string owner;  // registrants/{id}: only its own
  uint32_t page_size = 0;
};

}  // namespace gusu
