// What a registrant asks a template's next version to be: checked by itself, and against what was
// published before.
//
// What was published stays: no attribute is left out, and its name, type, unit and whether records
// are found by it never change; an enumeration keeps its choices and may get more. So records of
// every version can be read by the latest, and an index over an attribute is never half a one.
#pragma once

#include <cstddef>

#include "absl/status/status.h"

namespace gusu::storage::v1 {
class TemplateRow;
}
namespace gusu::v1 {
class Template;
}

namespace gusu::server {

inline constexpr int kTemplateAttributesMax = 200;
inline constexpr int kAttributeChoicesMax = 200;
inline constexpr size_t kAttributeNameCharactersMax = 63;
inline constexpr size_t kTemplateTextCharactersMax = 100;
inline constexpr size_t kTemplateBytesMax = 64 * 1024;
// Attributes stand from kAttributeIndexMin up to this index.
inline constexpr uint32_t kAttributeIndexMax = 9999;

// A template as it is asked for: names, and draft attributes in the order and with the indexes of
// the request. A unique attribute is indexed, too. kInvalidArgument / FIELD_INVALID, FIELD_MISSING.
absl::Status ReadAsked(const v1::Template& message, storage::v1::TemplateRow* asked);

// Gives the row the names and the draft of `asked`, in the order of indexes; no draft when that is
// what is published. Indexes that are not given are: that of the attribute of the same name, else
// the next free one. kInvalidArgument / FIELD_INVALID, kFailedPrecondition /
// TEMPLATE_ATTRIBUTE_FIXED.
absl::Status TakeDraft(const storage::v1::TemplateRow& asked, storage::v1::TemplateRow* row);

}  // namespace gusu::server
